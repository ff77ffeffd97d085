"""The contract for Scotland and Northern Ireland: one sound row, and each way to break it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from naome_assets.sources.uk_contract import Breach, breaches, main, schema

SOUND = {
    "person_id": "a1b2c3d4e5",
    "nation": "Scotland",
    "board": "S08000031",
    "sex": "female",
    "birth_month": "1960-02",
    "diagnosis_date": "2021-03-05",
    "icd10": "C504",
    "stage": "4",
    "m_category": "1",
    "basis_of_diagnosis": "7",
    "mbc_date": "2021-03-05",
    "mbc_evidence": "stage_at_diagnosis",
    "cns_contact": "seen",
    "first_treatment_date": "2021-03-20",
    "first_treatment": "endocrine",
    "death_date": "",
    "followed_to": "2023-12-31",
}
NORTHERN_IRELAND = {
    **SOUND,
    "person_id": "0f9e8d7c6b",
    "nation": "Northern Ireland",
    "board": "ZT001",
    "mbc_evidence": "hospital",
    "mbc_date": "2022-07-01",
    "stage": "2",
    "m_category": "0",
    "first_treatment_date": "",
    "first_treatment": "",
    "death_date": "2022-12-24",
}


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_sound_rows_of_both_nations_keep_the_contract(tmp_path: Path) -> None:
    assert set(SOUND) == set(schema()["properties"])
    file = write(tmp_path / "sound.csv", SOUND, NORTHERN_IRELAND)
    assert list(breaches(file)) == []
    assert CliRunner().invoke(main, [str(file)]).exit_code == 0


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"person_id": "9434765919"}, "person_id: not broken"),
        ({"person_id": ""}, "person_id: missing"),
        ({"nation": "Wales", "board": "ZT001"}, "nation: enum broken"),
        ({"board": "ZT001"}, "board: pattern broken"),
        ({"sex": "F"}, "sex: enum broken"),
        ({"icd10": "D051"}, "icd10: pattern broken"),
        ({"mbc_date": "2021-02-30"}, "mbc_date: format broken"),
        ({"mbc_date": "05/03/2021"}, "mbc_date: pattern broken"),
        ({"mbc_date": ""}, "mbc_date: missing"),
        (
            {"stage": "2", "m_category": "0"},
            "mbc_evidence: stage_at_diagnosis without stage 4 or M 1",
        ),
        ({"first_treatment": ""}, "first_treatment and its date: one without the other"),
        ({"mbc_date": "2021-03-04"}, "diagnosis_date: later than mbc_date"),
        ({"death_date": "2020-01-01"}, "mbc_date: later than death_date"),
        ({"death_date": "2024-01-01"}, "death_date: later than followed_to"),
        ({"birth_month": "2021-04"}, "birth_month: later than diagnosis_date"),
        (
            {"first_treatment_date": "2021-02-01"},
            "first_treatment_date: over 31 days before mbc_date",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_breach_is_named(tmp_path: Path, change: dict[str, str], rule: str) -> None:
    file = write(tmp_path / "broken.csv", NORTHERN_IRELAND, {**SOUND, **change})
    assert Breach(2, rule) in list(breaches(file))
    told = CliRunner().invoke(main, [str(file)])
    assert told.exit_code == 1
    assert f"row 2: {rule}" in told.output
    # Rules are named, never the values that break them.
    assert not [value for value in change.values() if len(value) > 5 and value in told.output]


def test_the_same_person_twice(tmp_path: Path) -> None:
    file = write(tmp_path / "twice.csv", SOUND, SOUND)
    assert list(breaches(file)) == [Breach(2, "person_id: is in an earlier row too")]


def test_a_column_too_few(tmp_path: Path) -> None:
    short = {name: value for name, value in SOUND.items() if name != "sex"}
    [breach] = breaches(write(tmp_path / "short.csv", short))
    assert breach.row == 0


def test_a_ragged_row(tmp_path: Path) -> None:
    file = write(tmp_path / "ragged.csv", SOUND)
    file.write_text(file.read_text("utf-8") + "a1b2c3d4e6,Scotland\n", encoding="utf-8")
    assert list(breaches(file)) == [Breach(2, "the row has more or fewer cells than the head")]
