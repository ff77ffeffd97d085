"""Each convention does what its words say, and what is counted and refused is told."""

from __future__ import annotations

import csv

import pytest

from naome_assets.reference import sql_project_path
from naome_assets.sources.conventions import (
    CONVENTIONS,
    KINDS,
    Kind,
    Read,
    Reading,
    Tally,
    comparable,
)
from naome_assets.sources.nothing import is_nothing
from naome_assets.sources.shapes import SHAPES
from naome_assets.sources.timestamps import read_timestamp
from naome_assets.sources.values import read_date

CODE = "[0-9A-Z]{1,2}"


def reading(kind: Kind, width: str = "", shape: str = "") -> Reading:
    """Of an item of this kind, with the shape of most codes where the kind has none."""
    needs = kind in ("code", "metastasis", "word", "rank")
    return Reading("X", kind, width, shape or (CODE if needs else ""))


@pytest.mark.parametrize("name", list(CONVENTIONS))
def test_the_example_of_a_convention_holds(name: str) -> None:
    convention = CONVENTIONS[name]
    if convention.step is not None:
        assert convention.step(convention.typed) == convention.read
        return
    read = {
        "timestamp_form": reading("timestamp"),
        "leading_zeros": reading("code", "2"),
        "label": reading("icd"),
        "date_form": reading("date"),
        "unknown_day": reading("date"),
    }[name].of(convention.typed)
    assert read.broken[-1] == name
    day, moment = read_date(convention.typed).value, read_timestamp(convention.typed).value
    read_as = moment if name == "timestamp_form" else day
    assert (read_as.isoformat() if read_as else read.value) == convention.read


def test_every_kind_takes_known_conventions_and_every_convention_is_used() -> None:
    assert {name for names in KINDS.values() for name in names} == set(CONVENTIONS)
    assert all(names[0] == "end_blanks" and "nothing" in names for names in KINDS.values())
    assert set(SHAPES) <= set(KINDS)


WORDS = (
    *(
        "NULL",
        "null",
        "<NULL>",
        "(null)",
        "NK",
        "n/k",
        "N.K.",
        "N/A",
        "n.a.",
        "NA",
        "#N/A",
        "#REF!",
    ),
    *("-", "--", "---", ".", "...", "?", "??", "*", "/", "\u2013", "Unknown", "UNKNOWN.", "unk"),
    *("Not known", "not-known", "NOT_KNOWN", "Not  Known", "none recorded", "None", "nil", "NaN"),
    *("NaT", "(blank)", "[blank]", "Not applicable", "Not recorded", "Not given", "'NULL'", "TBC"),
    *('"NULL"', "\\N", "undefined", "missing", "not available", "Not stated", "\u00a0", '=""'),
)


@pytest.mark.parametrize("kind", list(KINDS))
def test_words_for_nothing_are_nothing_in_every_kind_of_item(kind: Kind) -> None:
    """Ruling I2; the identifiers too."""
    for word in WORDS:
        read = reading(kind).of(f" {word}")
        assert (read.value, read.fault) == (None, None), word
        assert comparable(kind, word) == "", word


def test_no_code_of_a_standard_is_a_word_for_nothing() -> None:
    read = 0
    for name, column in (
        ("cosd_code", "code"),
        ("provider", "code"),
        ("provider_succession", "code"),
        ("item_value", "value"),
        ("drug_group", "drug"),
    ):
        with (sql_project_path() / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
            for line in csv.DictReader(file):
                value = line.get(column) or next(iter(line.values()))
                assert not is_nothing(value), (name, value)
                read += 1
    assert read > 900
    for code in ("NI", "NN", "N", "N1", "X", "U", "Z", "99", "Y", "A", "0", "9", "GX", "+"):
        assert not is_nothing(code)


@pytest.mark.parametrize(
    ("kind", "width", "sent", "read"),
    [
        ("code", "2", "3", "03"),
        ("code", "2", "3.0", "03"),
        ("code", "2", "003", "03"),
        ("code", "2", "'3", "03"),
        ("code", "2", '="03"', "03"),
        ("code", "2", "P", "P"),
        ("code", "1", "02", "2"),
        ("code", "1", "0", "0"),
        ("code", "", "02", "02"),
        ("metastasis", "2", "No metastases", None),
        ("metastasis", "2", "nil", None),
        ("number", "", "61.0", "61"),
        ("number", "", "0.0", "0"),
        # TNM and ICD are no numbers with a width.
        ("tnm_category", "", "1", "1"),
        ("tnm_category", "", "1.0", "1"),
        ("tnm_category", "", "pTX", None),
        ("stage_group", "", "4.0", "4"),
        ("stage_group", "", "Stage IIIc", "IIIC"),
        ("icd", "", "C50.0", "C500"),
        ("icd", "", "C50.4 - Upper outer quadrant", "C504"),
        ("icd", "", "C50.9, C79.5", "C509"),
        ("organisation", "", "R0A02", "R0A"),
        ("organisation", "", "RVVKC", "RVV"),
        ("organisation", "", "7A1A1", "7A1"),
        ("organisation", "", "NVC", "NVC"),
        ("organisation", "", "r0a (a trust)", "R0A"),
        ("nhs_number", "", "9434765919.0", "9434765919"),
        ("nhs_number", "", "9.434765919E+09", "9434765919"),
        ("local_identifier", "", "0012.0", "0012"),
        ("local_identifier", "", "'0012", "0012"),
        ("local_identifier", "", "12E34567", "12E34567"),
        ("date", "", "20240131.0", "20240131"),
        ("date", "", "00000000", None),
        ("date", "", "0000-00-00", None),
        ("date", "", "00/01/1900", None),
        ("date", "", "9999-12-31T00:00:00", None),
        ("date", "", "31/12/9999", None),
        ("compact_date", "", "99991231", None),
        ("date", "", "1900-01-00", None),
        ("date", "", "1899-12-31", "1899-12-31"),
    ],
)
def test_zeros_fractions_and_marks_of_spreadsheets(
    kind: Kind, width: str, sent: str, read: str | None
) -> None:
    found = reading(kind, width).of(sent)
    assert (found.value, found.fault) == (read, None)


@pytest.mark.parametrize(
    ("kind", "width", "sent", "read"),
    [
        # How a category or a stage begins decides (D5, D6); UICC says where a metastasis is.
        ("tnm_category", "", "M1 OSS", "M1"),
        ("tnm_category", "", "pM1HEP", "PM1"),
        ("tnm_category", "", "M1 (lung, liver)", "M1"),
        ("tnm_category", "", "1 - distant", "1"),
        ("tnm_category", "", "M0 - none seen", "M0"),
        ("tnm_category", "", "T2 (multi focal)", "T2"),
        ("tnm_category", "", "pN1a sn", "PN1A"),
        ("stage_group", "", "Stage IV disease", "IV"),
        ("stage_group", "", "STAGE: 4", "4"),
        ("stage_group", "", "4 - Metastatic", "4"),
        ("stage_group", "", "IV (any T, any N, M1)", "IV"),
        ("stage_group", "", "Stage IIIA (clinical)", "IIIA"),
        # The first letter of a side does (B4).
        ("laterality", "1", "Left breast", "LEFT"),
        ("laterality", "1", "Right - upper", "RIGHT"),
        ("laterality", "1", "L - Left", "L"),
        ("laterality", "1", "R.", "R"),
        ("code", "2", "2 - Palliative", "02"),
        ("code", "1", "1: restricted", "1"),
        ("code", "", "Y1 (seen)", "Y1"),
        ("metastasis", "2", "3-Distant", "03"),
        ("icd", "", "C50.-", "C50"),
        ("icd", "", "C79.5\u2020", "C795"),
    ],
)
def test_of_a_code_and_words_the_code_is_kept(kind: Kind, width: str, sent: str, read: str) -> None:
    found = reading(kind, width).of(sent)
    assert (found.value, found.fault) == (read, None)
    assert "label" in found.broken


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        # Of two values nobody can say which is meant; a spreadsheet makes 1-Feb of 1-2.
        ("tnm_category", "T1-2"),
        ("tnm_category", "M0/M1"),
        ("tnm_category", "1 High Street"),
        ("tnm_category", "PARIS (a town)"),
        ("stage_group", "4 High Street"),
        ("stage_group", "I Featherstonehaugh"),
        ("stage_group", "IIA/IIB"),
        ("stage_group", "T4 N0"),
        # A town or a surname is no code of three letters and more.
        ("organisation", "Cardiff"),
        ("organisation", "Velindre"),
        ("organisation", "Smith"),
        ("laterality", "L/R"),
        ("laterality", "L Featherstonehaugh"),
        ("code", "1-Feb"),
        ("code", "1-2"),
        ("code", "12 High Street"),
        ("code", "J - Featherstonehaugh"),
        ("metastasis", "02,03"),
    ],
)
def test_of_words_that_tell_no_one_code_none_is_kept(kind: Kind, sent: str) -> None:
    assert reading(kind, "1").of(sent) == Read(None, (), "not_a_code")


def test_codes_that_are_together_are_read_one_by_one() -> None:
    joined = reading("metastasis", "2", f"{CODE};")
    assert joined.of("3; 4.0;NULL;10") == Read(
        "03;04;10", ("leading_zeros", "float", "nothing"), None
    )
    assert joined.of("3;Featherstonehaugh") == Read("03", ("leading_zeros",), "not_a_code")


@pytest.mark.parametrize("kind", ["local_identifier", "record_identifier"])
@pytest.mark.parametrize("cut", ["7.00001E+07", "7e+07", "1.234E+12"])
def test_a_number_that_a_spreadsheet_cut_is_nobodys(kind: Kind, cut: str) -> None:
    """Two people must not meet under what is left of their numbers."""
    assert reading(kind).of(cut) == Read(None, (), "digits_lost")
    assert comparable(kind, cut) == ""
    # Whether it passes its check digit by chance or not, no NHS number is made up of it.
    assert reading("nhs_number").of(cut).value == cut


NO_CODES = (
    *("9434765919", "943 476 5919", "1960-02-29", "29/02/1960", "19600229", "29 Feb 1960"),
    *("Featherstonehaugh", "Jane Featherstonehaugh", "M1 1AA", "SW1A 1AA", "jane@example.org"),
    *("Q7Z00431", "07700 900123", "+44 7700 900123", "seen by Dr Featherstonehaugh"),
    *("C50\nC51", "C\x0050", "see letter", "9434765918"),
)


@pytest.mark.parametrize("kind", [*SHAPES, "code", "metastasis", "word"])
def test_what_can_be_no_code_is_refused(kind: Kind) -> None:
    for sent in NO_CODES:
        if kind == "name" and sent in ("Featherstonehaugh", "Jane Featherstonehaugh", "see letter"):
            continue  # no shape tells a name from a new drug's
        if kind == "name" and sent in ("Q7Z00431", "C50\nC51"):
            continue  # of a trial; blanks are folded
        if kind == "icd" and sent == "C50\nC51":
            continue  # two codes, of which the first is read
        found = reading(kind).of(sent)
        allowed = sent[:3].upper() if kind == "organisation" and sent == "Q7Z00431" else None
        assert found.value == allowed, (kind, sent)
        # Of a pathway that is none of the four a rule of its own tells.
        told = found.fault == "not_a_code" or kind == "word"
        assert allowed or told, (kind, sent)


@pytest.mark.parametrize(
    "number",
    ["943 476 5919", "943.476.5919", "943/476/5918", "943\u2013476\u20135919", "94347 65919",
     "9 4 3 4 7 6 5 9 1 9", "9-4-3-4-7-6-5-9-1-9", "94 - 347 - 65919"],
)  # fmt: skip
def test_names_with_a_number_of_a_person_are_not_kept(number: str) -> None:
    assert reading("name").of(f"LETROZOLE {number}").value is None


@pytest.mark.parametrize(
    "name",
    [
        "5 FU",
        "CMF 600/40/600/14",
        "TRASTUZUMAB 8MG/KG (LOADING) D1/8/15",
        "FEC 500/75/500",
        "AC X4 3WKLY + T",
        "PACLITAXEL X6 2ND LINE",
        "Zoledronic acid 4 mg/100 ml",
        "NCT0123",
        "LY283521",
        "Kadcyla\u2019",
    ],
)
def test_names_of_drugs_and_regimens_are_kept(name: str) -> None:
    assert reading("name").of(name).value == name.upper()


@pytest.mark.parametrize(
    ("kind", "sent", "read", "conventions"),
    [
        ("nhs_number", " 943 476-5919 ", "9434765919", {"end_blanks", "blanks", "hyphens"}),
        ("nhs_number", "9434765919", "9434765919", set()),
        ("nhs_number", "999 999 9999", "", {"blanks", "placeholder"}),
        ("nhs_number", "943\u2013476\u20115919\u200b", "9434765919", {"blanks", "hyphens"}),
        ("icd", "\ufeffC50.4", "C504", {"blanks", "dots"}),
        ("local_identifier", "ab01 ", "AB01", {"end_blanks", "lower_case"}),
        # A record's Id has no case (ruling B3): compared, and not counted.
        ("record_identifier", "ab01", "AB01", set()),
        # Names have no standard way of writing: compared, and not counted.
        ("link_key", "O'Neill", "ONEILL", set()),
        ("code", "y 1", "Y1", {"blanks", "lower_case"}),
        ("code", "1.0", "1", {"float"}),
        ("nhs_number", "9434765919.0", "9434765919", {"float"}),
        ("date", "2024-01-31", None, set()),
        ("date", "2024-01-31T00:00:00", None, {"date_form"}),
        ("date", "2024-01-31Z", None, {"date_form"}),
        ("date", " 31/01/2024", None, {"end_blanks", "date_form"}),
        ("date", "20240131", None, {"date_form"}),
        ("date", "20240100", None, {"date_form", "unknown_day"}),
        ("date", "-4714-12-31", None, {"no_date"}),
        # What cannot be read is a fault, and is made nothing of.
        ("date", "31.01.2024", None, set()),
        ("compact_date", "20240131", None, set()),
        ("compact_date", "20240100", None, {"unknown_day"}),
        ("compact_date", "2024-01-31", None, {"date_form"}),
        ("compact_date", "20240131T101500", None, {"date_form"}),
        ("icd", " c50.4", "C504", {"end_blanks", "lower_case", "dots"}),
        (
            "name",
            "Trastuzumab  emtansine",
            "TRASTUZUMAB EMTANSINE",
            {"lower_case", "folded_blanks"},
        ),
        ("name", "NAB-PACLITAXEL", "NAB-PACLITAXEL", set()),
    ],
)
def test_what_the_reader_makes_of_a_value_and_counts(
    kind: Kind, sent: str, read: str | None, conventions: set[str]
) -> None:
    tally = Tally()
    tally.read(reading(kind), sent)
    assert list(tally.rows()) == [
        {"item": "X", "convention": name, "given": 1, "changed": 1} for name in sorted(conventions)
    ]
    assert tally.refused == []
    if read is not None:
        assert comparable(kind, sent) == read
