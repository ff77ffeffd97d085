"""A shape is wide enough for codes and too narrow for people."""

from __future__ import annotations

import pytest

from naome_assets.sources.shapes import SHAPES, labelled

CODES = {
    "icd": ("C50", "C509", "C50X", "C500D", "C78+", "174", "1749"),
    "organisation": ("RJ1", "RJ122", "7A4", "7A1BU", "RVVKC", "NTPH1", "RHU"),
    "laterality": ("L", "9", "LEFT", "BILATERAL"),
    "number": ("0", "27", "120"),
    "tnm_category": ("1", "T1C", "PT2", "YPN1A", "1MI", "0(I+)", "1(SN)", "M0(I+)", "TIS", "X"),
    "stage_group": ("1A", "IV", "IIIC", "2", "X", "U", "4B2"),
    "name": (
        *("PALBOCICLIB + LETROZOLE", "FEC 100", "DOCETAXEL 75 MG/M2", "TRIAL KRISTINE"),
        # Days of a cycle, and doses.
        *(
            "PACLITAXEL D1/8/15",
            "GEMCITABINE DAYS 1-8-15-22",
            "BORTEZOMIB 1.4.8.11",
            "FEC 75-100-50",
        ),
    ),
}
PEOPLE = {
    "icd": ("SMITH", "C5", "505090", "CC509"),
    # Towns, people and postcodes have letters alone, or are known by their last letters.
    "organisation": ("LEEDS", "SMITH", "9434765919", "M11AE", "LS29JT"),
    "laterality": ("ANN", "LEFTY"),
    "number": ("1950", "9434765919", "1A"),
    "tnm_category": ("SMITH", "T", "12", "01/02/1950"),
    "stage_group": ("VII", "STAGE", "1950", "ANN"),
    "name": (
        "9434765919",
        "943 476 5919",
        "MRS SMITH",
        "TAMOXIFEN 01/02/1950",
        "TAMOXIFEN 1950-02-01",
        "TAMOXIFEN 3 JAN 1950",
        "LETROZOLE 17.4.31",
        "LETROZOLE 7/12/31",
        "LETROZOLE 7-04-31 B",
        "TAMOXIFEN LS2 9JT",
        "DOB UNKNOWN",
        "ANN@EXAMPLE",
        "CALL 0113 243 2799",
        "TAMOXIFEN\nANN",
        "X" * 151,
    ),
}


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, own in CODES.items() for v in own])
def test_codes_can_be_values(kind: str, value: str) -> None:
    assert SHAPES[kind](value)


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, own in PEOPLE.items() for v in own])
def test_people_cannot(kind: str, value: str) -> None:
    assert not SHAPES[kind](value)


def test_every_shape_is_tried() -> None:
    assert set(CODES) == set(PEOPLE) == set(SHAPES)


@pytest.mark.parametrize(
    ("kind", "sent", "code"),
    [
        ("icd", "C50.9 Breast, unspecified", "C509"),
        ("icd", "c50.9: breast", "C509"),
        ("icd", "C509", None),
        ("organisation", "RJ1 - Guy's", "RJ1"),
        ("organisation", "RG1 4AA", None),
        ("tnm_category", "T2 (2 to 5 cm", None),
        ("tnm_category", "M1 OSS", "M1"),
        ("stage_group", "Stage IV", "IV"),
        ("stage_group", "IIIB - locally advanced", "IIIB"),
        ("laterality", "Left breast", "LEFT"),
        ("laterality", "L: left", "L"),
        ("code", "02 - Bone", "02"),
        ("code", "02 Bone", None),
        ("metastasis", "3 = lung", "3"),
        ("name", "TAMOXIFEN - TABLET", None),
    ],
)
def test_a_code_that_words_follow_is_the_code(kind: str, sent: str, code: str | None) -> None:
    assert labelled(kind, sent) == code
