"""Welsh registry, SACT and deaths: CSV rows become table rows."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from naome_assets.sources import csv_table

from .support import FAMILY_NAME, LOCAL_IDENTIFIER, NHS_NUMBER, PSEUDONYMISER, Landed, put, read

SACT = "england/sact/2024-02/a.csv"
DEATHS = "deaths/2024-03/a.csv"
TUMOURS = "wales/registry/2024-Q1/7A1_tumour.csv"
TREATMENTS = "wales/registry/2024-Q1/7A1_treatment.csv"
SACT_HEADER = (
    "NHS_Number,Local_Patient_Identifier,Person_Family_Name,"
    "Organisation_Identifier_Code_Of_Provider,Primary_Diagnosis,Regimen,Start_Date_Of_Regimen,"
    "Cycle_Number,Start_Date_Of_Cycle,Drug_Name,Administration_Date,Intent_Of_Treatment,"
    "Performance_Status_At_Start_Of_Regimen_Adult\n"
)
SACT_ROW = (
    f'{NHS_NUMBER},{LOCAL_IDENTIFIER},{FAMILY_NAME},r0a02, C50.9 ,"Palbociclib  +\tletrozole",'
    "2024-02-01,1,01/02/2024,palbociclib ,20240202,01,1\n"
)
DEATHS_HEADER = "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH,S_UNDERLYING_COD_ICD10" + "".join(
    f",S_COD_CODE_{number}" for number in range(1, 16)
)


def read_one(landing: Path, name: str, content: str | bytes) -> Landed:
    put(landing, name, content)
    return read(landing)


def test_sact_row(tmp_path: Path) -> None:
    landed = read_one(tmp_path, SACT, SACT_HEADER + SACT_ROW)
    (row,) = landed.rows("sact_administration")
    assert row == {
        "file": SACT,
        "position": 1,
        "quarter": "2024-Q1",
        "nhs_person_id": PSEUDONYMISER.nhs_person(NHS_NUMBER)[0],
        "nhs_number_status": "valid",
        "local_person_id": PSEUDONYMISER.local_person("R0A", LOCAL_IDENTIFIER),
        "provider": "r0a02",
        "primary_diagnosis": "C50.9",
        "regimen": "PALBOCICLIB + LETROZOLE",
        "regimen_start_date": dt.date(2024, 2, 1),
        "regimen_start_date_fault": None,
        "cycle_number": "1",
        "cycle_start_date": dt.date(2024, 2, 1),
        "cycle_start_date_fault": None,
        "drug_name": "PALBOCICLIB",
        "administration_date": dt.date(2024, 2, 2),
        "administration_date_fault": None,
        "intent": "01",
        "performance_status": "1",
    }
    submission = landed.submission
    assert (submission["source"], submission["folder"], submission["received"]) == (
        "sact",
        "2024-02",
        1,
    )


@pytest.mark.parametrize(
    ("date", "expected", "fault"),
    [
        ("-4714-12-31", None, None),
        ("", None, None),
        ("2024-02-30", None, "unreadable"),
        ("2024-02-01 00:00:00", dt.date(2024, 2, 1), None),
        ("0001-01-01", dt.date(1, 1, 1), None),
        ("31/12/1899", dt.date(1899, 12, 31), None),
    ],
)
def test_sact_dates(tmp_path: Path, date: str, expected: dt.date | None, fault: str | None) -> None:
    row = SACT_ROW.replace("20240202", date)
    (row_read,) = read_one(tmp_path, SACT, SACT_HEADER + row).rows("sact_administration")
    assert (row_read["administration_date"], row_read["administration_date_fault"]) == (
        expected,
        fault,
    )


@pytest.mark.parametrize(
    ("date", "expected", "fault"),
    [
        ("20240131", dt.date(2024, 1, 31), None),
        ("20240200", dt.date(2024, 2, 15), "partial"),
        ("20240000", dt.date(2024, 7, 1), "partial"),
        ("20241300", None, "unreadable"),
        ("00000000", None, "unreadable"),
        ("", None, None),
    ],
)
def test_death_dates(
    tmp_path: Path, date: str, expected: dt.date | None, fault: str | None
) -> None:
    """Ruling B12."""
    causes = "C509,C795,," + "," * 11 + "J189"
    content = f"{DEATHS_HEADER}\n943-476-5919,20240301,{date},C509,{causes}\n"
    landed = read_one(tmp_path, DEATHS, content)
    assert landed.rows("death_registration") == [
        {
            "file": DEATHS,
            "position": 1,
            "quarter": "2024-Q1",
            "nhs_person_id": PSEUDONYMISER.nhs_person(NHS_NUMBER)[0],
            "nhs_number_status": "valid",
            "registration_date": dt.date(2024, 3, 1),
            "registration_date_fault": None,
            "death_date": expected,
            "death_date_fault": fault,
            "underlying_cause": "C509",
            "causes": "C509;C795;J189",
        }
    ]


def test_a_death_without_a_cause(tmp_path: Path) -> None:
    """Columns of causes can be absent, or empty in every row."""
    row = f"{NHS_NUMBER},20240301,20240201"
    content = f"{DEATHS_HEADER}\n{row}{',' * 16}\n"
    short = f"DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH\n{row}\n"
    for folder, given in (("long", content), ("short", short)):
        (death,) = read_one(tmp_path / folder, DEATHS, given).rows("death_registration")
        assert (death["underlying_cause"], death["causes"]) == (None, None)
        assert death["death_date"] == dt.date(2024, 2, 1)


def test_welsh_tumour_row(tmp_path: Path) -> None:
    given = {
        "record_id": "r-1",
        "extract_created": "20240405T101500",
        "nhs_number": "",
        "local_patient_identifier": " q7z00431 ",
        "birth_date": "19600229",
        "sex": "F",
        "ethnic_category": "A",
        "postcode": "LL11 1AA",
        "provider": "7a1a1",
        "site_of_diagnosis": "7A1A4",
        "pathway": "Primary",
        "icd10": "C504",
        "event_date": "20240110",
        "progression_date": "soon",
        "laterality": "L",
        "basis_of_diagnosis": "7",
        "t_category": "2",
        "n_category": "1",
        "m_category": "1a",
        "tnm_stage_group": "4",
        "metastatic_type": "03",
        "metastatic_sites": "02;04",
        "performance_status": "1",
        "er_status": "P",
        "her2_status": "N",
        "cns_indication": "Y1",
        "mdt_date": "20240112",
        "point_of_suspicion_date": "20240101",
        "palliative_specialist_seen": "N",
    }
    # Columns come in any order, in any case, with others among them.
    content = "note," + ",".join(reversed(list(given))).upper() + "\nx,"
    content += ",".join(reversed(list(given.values()))) + "\n"
    landed = read_one(tmp_path, TUMOURS, content)
    (row,) = landed.rows("wales_tumour")
    renamed = {"diagnosis_site": "7A1A4", "stage": "4"}
    dates = {
        "birth_date": dt.date(1960, 2, 29),
        "event_date": dt.date(2024, 1, 10),
        "progression_date": None,
        "progression_date_fault": "unreadable",
        "mdt_date": dt.date(2024, 1, 12),
        "point_of_suspicion_date": dt.date(2024, 1, 1),
        "created_at": dt.datetime(2024, 4, 5, 10, 15),
    }
    person = {
        "nhs_person_id": None,
        "nhs_number_status": "missing",
        "local_person_id": PSEUDONYMISER.local_person("7A1", LOCAL_IDENTIFIER),
        "record_id": PSEUDONYMISER.record("7A1", "r-1"),
        "health_board": "7A1",
    }
    expected = {name: value for name, value in given.items() if name in row}
    expected |= renamed | dates | person  # type: ignore[assignment]
    assert {name: row[name] for name in expected} == expected
    assert landed.submission["period_end"] == dt.date(2024, 3, 31), "ruling B7"
    assert landed.submission["provider"] == "7A1"


def test_welsh_treatment_row(tmp_path: Path) -> None:
    landed = read_one(
        tmp_path,
        TREATMENTS,
        "record_id,nhs_number,local_patient_identifier,provider,start_date,modality,intent\n"
        f"r-1,{NHS_NUMBER},,7A1,20240301,02,02\n",
    )
    (row,) = landed.rows("wales_treatment")
    assert (row["start_date"], row["modality"], row["intent"]) == (dt.date(2024, 3, 1), "02", "02")
    assert row["record_id"] == PSEUDONYMISER.record("7A1", "r-1")
    assert row["local_person_id"] is None


SAME = {
    "byte-order mark": b"\xef\xbb\xbf" + (SACT_HEADER + SACT_ROW).encode(),
    "utf-16": (SACT_HEADER + SACT_ROW).encode("utf-16"),
    "carriage returns": (SACT_HEADER + SACT_ROW).replace("\n", "\r\n").encode(),
    "no last line end": (SACT_HEADER + SACT_ROW).rstrip().encode(),
    "blank lines": (SACT_HEADER + "\n" + SACT_ROW + "\n\n").encode(),
    "lower case": (SACT_HEADER.lower() + SACT_ROW).encode(),
    "blanks in the header": (SACT_HEADER.replace(",", " , ") + SACT_ROW).encode(),
    "quotes": (SACT_HEADER.replace(",Regimen,", ',"Regimen",') + SACT_ROW).encode(),
    "line break in a field": (
        SACT_HEADER + SACT_ROW.replace(FAMILY_NAME, '"two\nlines, ""quoted"""')
    ).encode(),
    "a name in windows-1252": (SACT_HEADER + SACT_ROW.replace(FAMILY_NAME, "Zoë")).encode("cp1252"),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_the_same_row_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    plain = read_one(tmp_path / "plain", SACT, SACT_HEADER + SACT_ROW)
    other = read_one(tmp_path / "other", SACT, content)
    assert other.submission["reason"] is None
    assert other.rows("sact_administration") == plain.rows("sact_administration")


def test_gzip_and_zip(tmp_path: Path) -> None:
    content = (SACT_HEADER + SACT_ROW).encode()
    assert (
        len(read_one(tmp_path, f"{SACT}.gz", gzip.compress(content)).rows("sact_administration"))
        == 1
    )


def test_ragged_rows_are_refused_one_by_one(tmp_path: Path) -> None:
    rows = [SACT_ROW] * 7
    rows[1] = rows[1].replace("\n", ",extra\n")
    rows[4] = "only,three,fields\n"
    landed = read_one(tmp_path, SACT, SACT_HEADER + "".join(rows))
    assert [row["position"] for row in landed.rows("sact_administration")] == [1, 3, 4, 6, 7]
    assert [
        (row["position"], row["rule"], row["severity"]) for row in landed.rows("submission_fault")
    ] == [(2, "ragged_row", "error"), (5, "ragged_row", "error")]
    assert (landed.submission["received"], landed.submission["unreadable_records"]) == (7, 2)


def test_positions_hold_across_blocks_and_blank_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank lines are no rows; refused rows keep their number."""
    monkeypatch.setattr(csv_table, "_BLOCK", 700)
    rows = [SACT_ROW.replace(",1,01/02", f",{number},01/02") for number in range(1, 61)]
    for number in (3, 20, 21, 59):
        rows[number - 1] = "ragged\n"
    rows[9] += "\n\r\n"
    landed = read_one(tmp_path, SACT, SACT_HEADER + "".join(rows))
    kept = landed.rows("sact_administration")
    assert [row["position"] for row in kept] == [int(row["cycle_number"]) for row in kept]
    assert len(kept) == 56
    assert [row["position"] for row in landed.rows("submission_fault")] == [3, 20, 21, 59]


def test_header_alone_is_an_empty_file(tmp_path: Path) -> None:
    landed = read_one(tmp_path, SACT, SACT_HEADER)
    assert (landed.submission["status"], landed.submission["received"]) == ("loaded", 0)


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        (SACT, "NHS_Number,Regimen\n1,2\n", "columns_missing"),
        (DEATHS, "DEC_CONF_NHS_NUMBER,REG_DATE\n1,2\n", "columns_missing"),
        (TUMOURS, "record_id\n1\n", "columns_missing"),
        (SACT, SACT_HEADER.replace(",Regimen,", ",nhs_number,") + SACT_ROW, "columns_repeated"),
        (SACT, "", "not_csv"),
        (SACT, b"\x00\xff\xfe\x03\n\n", "encoding"),
        (SACT, (SACT_HEADER + SACT_ROW.replace("letrozole", "é")).encode("latin-1"), "encoding"),
    ],
)
def test_a_file_is_refused_whole(
    tmp_path: Path, name: str, content: str | bytes, rule: str
) -> None:
    landed = read_one(tmp_path, name, content)
    assert landed.submission["status"] == "rejected"
    assert landed.submission["reason"].startswith(f"{rule}: ")
    assert landed.tables == {}


def test_missing_columns_are_named(tmp_path: Path) -> None:
    """Ruling B19."""
    reason = read_one(tmp_path, SACT, "NHS_Number,Regimen\n1,2\n").submission["reason"]
    assert "Start_Date_Of_Regimen, Primary_Diagnosis" in reason


def test_identifiers_stay_in_the_reading_process(tmp_path: Path) -> None:
    put(tmp_path, SACT, SACT_HEADER + SACT_ROW + SACT_ROW.replace("\n", ",x\n"))
    put(tmp_path, DEATHS, f"{DEATHS_HEADER}\n{NHS_NUMBER},20240301,20240201" + "," * 16 + "\n")
    landed = read(tmp_path)
    told = landed.parquet + repr(landed.submissions).encode()
    for identifier in (NHS_NUMBER, LOCAL_IDENTIFIER, FAMILY_NAME):
        assert identifier.encode() not in told
    assert landed.rows("sact_administration") and landed.rows("death_registration")
