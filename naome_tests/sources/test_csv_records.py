"""Quotation marks, headings and characters in CSV files as people write them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from naome_assets.sources import csv_records

from .support import NHS_NUMBER, Landed, put, read

SACT = "england/sact/2024-02/a.csv"
HEADER = (
    "NHS_Number,Local_Patient_Identifier,Person_Family_Name,Primary_Diagnosis,Regimen,"
    "Start_Date_Of_Regimen,Cycle_Number,Drug_Name,Notes\n"
)
KEPT = "kept"


def row(number: int, *, name: str = "Family", drug: str = "CAPECITABINE", note: str = "") -> str:
    return f"{NHS_NUMBER},L{number},{name},C509,AC,2024-02-10,{number},{drug},{note}\n"


def fates(landed: Landed) -> list[str]:
    """What became of each row of the file, in its order."""
    told = {fault["position"]: fault["rule"] for fault in landed.rows("submission_fault")}
    told |= {stored["position"]: KEPT for stored in landed.rows("sact_administration")}
    assert sorted(told) == list(range(1, landed.submission["received"] + 1))
    assert landed.submission["unreadable_records"] == len(landed.rows("submission_fault"))
    return [told[position] for position in sorted(told)]


STRAY, CONTROL, RAGGED = "stray_quote", "control_character", "ragged_row"
D = '"'
#: Rows, and what becomes of each.
MARKS: dict[str, tuple[list[str], list[str]]] = {
    "dittos in following rows": (
        [row(1), row(2, drug=D), row(3, drug=D), row(4)],
        [KEPT, STRAY, STRAY, KEPT],
    ),
    "dittos with rows between": (
        [row(1, drug=D), row(2), row(3), row(4, drug=D), row(5)],
        [STRAY, KEPT, KEPT, STRAY, KEPT],
    ),
    "dittos where nobody reads": (
        [row(1), row(2, name=D), row(3, name=D), row(4)],
        [KEPT, STRAY, STRAY, KEPT],
    ),
    "dittos in the last column": (
        [row(1, note=D), row(2, note=D), row(3)],
        [STRAY, STRAY, KEPT],
    ),
    "dittos in different columns": (
        [row(1, name=D), row(2, drug=D), row(3)],
        [STRAY, STRAY, KEPT],
    ),
    "one ditto": ([row(1), row(2, drug=D), row(3)], [KEPT, STRAY, KEPT]),
    "one ditto beside a comma between marks": (
        [row(1, name='"Smith, Jr"', drug=D), row(2)],
        [STRAY, KEPT],
    ),
    "a ditto in every column": ([row(1, name=D, drug=D, note=D), row(2)], [STRAY, KEPT]),
    "a ditto in the last row, without line end": (
        [row(1), row(2, drug=D).rstrip()],
        [KEPT, STRAY],
    ),
    "inches": ([row(1, drug='5" x', note='2" and 3"'), row(2)], [KEPT, KEPT]),
    "marks inside marks": ([row(1, note='"so "called" drug"'), row(2)], [KEPT, KEPT]),
    "marks inside marks, and a comma": (
        [row(1, note='"so "called, yes" drug"'), row(2)],
        [STRAY, KEPT],
    ),
    "escaped by a backslash": ([row(1, note='"a \\"b, c\\" d"'), row(2)], [STRAY, KEPT]),
    "a line break where nobody reads": (
        [row(1, note='"two\nlines, ""x"""'), row(2, name='"a\r\nb\r\n\r\nc"'), row(3)],
        [KEPT, KEPT, KEPT],
    ),
    "a line break and a ditto": (
        [row(1, note='"two\nlines"'), row(2, drug=D), row(3, note='"x\ny"')],
        [KEPT, STRAY, KEPT],
    ),
    "a line break in what is read": (
        [row(1, drug='"AB\nC"'), row(2, drug='"AB\n"')],
        [CONTROL, KEPT],
    ),
    "blanks beside marks": ([row(1, note=' "a, b" '), row(2)], [KEPT, KEPT]),
    "NUL": ([row(1, drug="A\0"), row(2, note="\0"), row(3)], [CONTROL, KEPT, KEPT]),
    "vertical tab": ([row(1, drug="A\x0bB"), row(2, drug="A\x0b"), row(3)], [CONTROL, KEPT, KEPT]),
    "ragged": ([row(1), "x\n", row(2).replace("\n", ",,\n")], [KEPT, RAGGED, RAGGED]),
    "a header in the middle": ([row(1), HEADER, "x\n", row(2)], [KEPT, RAGGED, KEPT]),
    "the end of a file of DOS": ([row(1), "\x1a"], [KEPT]),
}


@pytest.mark.parametrize(("rows", "expected"), MARKS.values(), ids=MARKS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_the_rows_are_distinguished(
    tmp_path: Path, rows: list[str], expected: list[str], line_end: str
) -> None:
    put(tmp_path, SACT, (HEADER + "".join(rows)).replace("\n", line_end))
    assert fates(read(tmp_path)) == expected


def test_blocks_of_any_size_give_the_same(tmp_path: Path) -> None:
    """A record goes on in the next block."""
    text = "".join("".join(rows).rstrip("\x1a") + "\n" for rows, _ in MARKS.values()).encode()
    grammar = csv_records.Grammar(b",")

    def lines(size: int) -> bytes:
        chunks = (text[at : at + size] for at in range(0, len(text), size))
        records = csv_records.Records(grammar, 9, [True] * 8 + [False])
        return b"".join(records.lines(b"", chunks)).replace(b"\n\n", b"\n").replace(b'"', b"")

    whole = lines(len(text))
    assert whole.count(b"stray_quote") > 10
    for size in (7, 100, 1_000):
        assert lines(size) == whole


@pytest.mark.parametrize(
    "rows",
    [
        [row(1, note='"first "x"\nand, more"'), row(2)],
        [row(1, note='"first"x\nsecond'), row(2)],
        [row(1, drug=D)[:-2] + "\n", "x\n", row(3)],
    ],
    ids=["broken marks and a line break", "text goes on", "nothing is a row"],
)
def test_a_file_whose_rows_cannot_be_distinguished_is_refused(
    tmp_path: Path, rows: list[str]
) -> None:
    put(tmp_path, SACT, HEADER + "".join(rows))
    submission = read(tmp_path).submission
    assert (submission["status"], submission["received"]) == ("rejected", 0)
    assert submission["reason"].startswith("quotes_unbalanced: ")


PLANTED = ("9434765919", "Q7Z00431", "Featherstonehaugh")
FILES = {
    SACT: "NHS_Number,Local_Patient_Identifier,Person_Family_Name,Primary_Diagnosis,Regimen,"
    "Start_Date_Of_Regimen,Cycle_Number,Intent_Of_Treatment,Drug_Name,Notes",
    "deaths/2024-03/a.csv": "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH,"
    "S_UNDERLYING_COD_ICD10,S_COD_CODE_1,Notes",
    "wales/registry/2024-Q1/7A1_treatment.csv": "record_id,nhs_number,local_patient_identifier,"
    "provider,start_date,modality,intent,Notes",
    "england/registry/2024-02-15/av_tumour.csv": "TUMOURID,PATIENTID,DIAGNOSISDATEBEST,"
    "SITE_ICD10_O2_3CHAR,STAGE_BEST,LATERALITY,Notes",
}
#: Columns of identifiers and names, which are pseudonymised or not read.
HOLDING = ("number", "identifier", "name", "id", "notes")


@pytest.mark.parametrize("name", FILES)
def test_stray_marks_show_nobody_and_lose_no_row(tmp_path: Path, name: str) -> None:
    """Marks at random places of files whose every row holds a person."""
    draw = random.Random(name)  # noqa: S311
    headings = FILES[name].split(",")
    for trial in range(40):
        rows = []
        for _ in range(draw.randint(1, 8)):
            cells = [
                draw.choice(PLANTED)
                if heading.lower().endswith(HOLDING)
                and heading not in ("Drug_Name", "Cycle_Number")
                else "01"
                for heading in headings
            ]
            if draw.random() < 0.3:
                cells[-1] = '"a comment\nof two lines, with ""marks"""'
            for _ in range(draw.choice([0, 0, 1, 1, 2, 3])):
                at = draw.randrange(len(cells))
                cell = cells[at]
                where = draw.choice([0, len(cell), draw.randint(0, len(cell))])
                if "\n" not in cell:  # a comment's own marks stay as they are
                    cells[at] = draw.choice([D, cell[:where] + D + cell[where:]])
            rows.append(",".join(cells))
        landing = tmp_path / str(trial)
        put(landing, name, "\n".join([FILES[name], *rows]) + "\n")
        landed = read(landing)
        told = landed.parquet + repr((landed.submissions, landed.tables)).encode()
        for planted in PLANTED:
            assert planted.encode() not in told, rows
        submission = landed.submission
        if submission["status"] == "loaded":
            assert submission["received"] == len(rows), rows
        else:
            assert submission["reason"].startswith("quotes_unbalanced"), submission["reason"]
            assert submission["received"] == 0


@pytest.mark.parametrize(
    "typed",
    [
        "NHS number,Organisation_Identifier_(Code_Of_Provider),PRIMARY-DIAGNOSIS,"
        "Start_Date_Of_Regimen ,Performance_Status_At_Start_Of_Regimen_-_Adult",
        '"NHS\nNumber",Organisation identifier: code of provider,primary.diagnosis,'
        '"Start Date\r\nOf Regimen",performancestatusatstartofregimenadult',
    ],
)
def test_letters_and_digits_of_a_heading_decide(tmp_path: Path, typed: str) -> None:
    put(tmp_path, SACT, f"{typed}\n{NHS_NUMBER},R0A02,C509,2024-02-10,2\n")
    (stored,) = read(tmp_path).rows("sact_administration")
    assert (stored["provider"], stored["performance_status"]) == ("R0A", "2")
    assert (stored["primary_diagnosis"], stored["nhs_number_status"]) == ("C509", "valid")


def test_columns_that_are_not_found_or_not_taken_are_named(tmp_path: Path) -> None:
    header = HEADER.replace("Drug_Name", "Drug_Nme").replace("Cycle_Number", "Featherstonehaugh")
    put(tmp_path, SACT, header + row(1))
    reason = read(tmp_path).submission["reason"]
    absent, left = reason.split("; ")
    assert absent.startswith("columns_not_found: ") and left.startswith("columns_not_taken: ")
    assert {"Drug_Name", "Cycle_Number"} <= set(absent.replace(",", "").split())
    assert left.endswith("takes column 7, Drug_Nme, Notes")


def test_headings_that_are_data_are_never_quoted(tmp_path: Path) -> None:
    """A line break was lost after the header: the first patient stands among the headings."""
    put(tmp_path, SACT, f"{HEADER.rstrip()},{NHS_NUMBER},Person,Hospital,1960-01-02\n{row(1)}")
    landed = read(tmp_path)
    assert "column 10, column 11" in landed.submission["reason"]
    for word in (NHS_NUMBER, "Person", "Hospital", "1960"):
        assert word not in landed.submission["reason"]
    put(tmp_path, SACT, row(1) + row(2))
    reason = read(tmp_path).submission["reason"]
    assert reason == (
        "columns_missing: columns are missing: NHS_Number, Start_Date_Of_Regimen, Primary_Diagnosis"
    )


@pytest.mark.parametrize(
    ("separator", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
def test_other_separators_are_read_and_told(tmp_path: Path, separator: str, word: str) -> None:
    text = HEADER + row(1, drug=D) + row(2, note='"a, b"')
    put(tmp_path, SACT, text.replace(",", separator))
    landed = read(tmp_path)
    assert fates(landed) == [STRAY, KEPT]
    assert landed.submission["reason"].startswith(f"separator: read as separated by {word}; ")


def test_what_is_in_the_middle_is_reported(tmp_path: Path) -> None:
    put(tmp_path, SACT, HEADER + row(1) + HEADER + row(2))
    assert "header_repeated: the header row stands 2 times" in read(tmp_path).submission["reason"]


def test_headings_without_a_name_at_the_end_are_no_columns(tmp_path: Path) -> None:
    """Sheets are saved with separators after the last column."""
    for header, rows in (
        (HEADER.replace("\n", ",,\n"), row(1)),
        (HEADER.replace("\n", ",,\n"), row(1).replace("\n", ",,\n")),
    ):
        put(tmp_path, SACT, header + rows)
        assert fates(read(tmp_path)) == [KEPT]
