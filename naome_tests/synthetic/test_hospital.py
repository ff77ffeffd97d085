"""Generated hospital data: other files stay as they are, defects are found, the truth is told."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.synthetic.hospital import TRUTH_NAME
from naome_assets.synthetic.manifest import FILE_NAME, Manifest
from naome_tests.sources.hospital_files import Audit
from naome_tests.sources.support import PSEUDONYMISER

SOURCES = ("hes_apc", "pedw", "rtds", "cwt", "source_key")
FOLDERS = ("england/hes_apc", "england/rtds", "england/cwt", "england/keys", "wales/pedw")
FIRST, LAST = Quarter(2022, 4), Quarter(2023, 2)
SCALE = 0.01


def written(landing: Path, *, hospital_data: bool, workers: int = 1) -> Manifest:
    return generate(
        landing,
        FIRST,
        LAST,
        scale=SCALE,
        seed=5,
        hospital_data=hospital_data,
        workers=workers,
    )


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    landing = tmp_path_factory.mktemp("hospital")
    written(landing, hospital_data=True)
    return Audit(landing)


def contents(landing: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(landing)): path.read_bytes()
        for path in landing.rglob("*")
        if path.is_file()
    }


def of_hospital(name: str) -> bool:
    return name.startswith(FOLDERS) or name == TRUTH_NAME


def manifest(audit: Audit) -> list[dict[str, str]]:
    with (audit.landing / FILE_NAME).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if of_hospital(row["file"])]


def truth(audit: Audit) -> list[dict[str, str]]:
    with (audit.landing / TRUTH_NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_other_files_are_the_same_with_them(audit: Audit, tmp_path: Path) -> None:
    told = written(tmp_path / "without", hospital_data=False, workers=2)
    without = contents(tmp_path / "without")
    held = {name: data for name, data in contents(audit.landing).items() if not of_hospital(name)}
    own = without.pop(FILE_NAME).decode().splitlines()
    of_others = held.pop(FILE_NAME).decode().splitlines()
    assert held == without
    assert [line for line in of_others if not line.startswith(FOLDERS)] == own
    assert not any(map(of_hospital, told.files))


def test_the_same_arguments_give_the_same_bytes(audit: Audit, tmp_path: Path) -> None:
    written(tmp_path / "again", hospital_data=True, workers=2)
    assert contents(tmp_path / "again") == contents(audit.landing)


def test_each_defect_is_found_and_no_row_accused_without_cause(audit: Audit) -> None:
    planted = {
        (row["file"], int(row["position"]), row["rule"]) for row in manifest(audit) if row["rule"]
    }
    told = audit.rows("quarantine", "file, position, rule")
    assert {fault for fault in told if of_hospital(fault[0])} == planted
    assert {row["expected"] for row in manifest(audit)} == {"error", "warning", "superseded"}


def test_every_row_ends_somewhere(audit: Audit) -> None:
    """And what is superseded is what the generator repeats."""
    ledger = audit.rows(
        "ledger",
        "source, received, accepted, superseded, out_of_scope, quarantined",
        f"source in {SOURCES}",
    )
    assert all(row[1] == sum(row[2:]) for row in ledger)
    assert {row[0] for row in ledger} == set(SOURCES)
    repeated = sum(row["expected"] == "superseded" for row in manifest(audit))
    assert sum(row[3] for row in ledger) == repeated > 0
    statuses = Counter(audit.rows("submission", "source, status", f"source in {SOURCES}"))
    assert {status for _, status in statuses} == {"loaded"}


def test_the_truth_leads_to_the_people_of_the_models(audit: Audit) -> None:
    """By NHS number: of whom an admission names a metastasis, and whom a key file links."""
    people = {PSEUDONYMISER.nhs_person(row["nhs_number"])[0]: row for row in truth(audit)}
    found = audit.rows(
        "hospital_episode as episode inner join hospital_diagnosis as diagnosis "
        "using (file, position)",
        "distinct episode.person_id",
        "episode.person_id is not null and icd3 in ('C77', 'C78', 'C79') and icd <> 'C773'",
    )
    coded = {
        person
        for person, row in people.items()
        if row["coded_date"] or row["mistaken_date"] or row["other_primary_date"]
    }
    assert {person for (person,) in found} <= coded
    unlinked = {person for person, row in people.items() if row["linked_hes_apc"] == "0"}
    linked = {person for (person,) in audit.rows("hospital_link", "person_id", "source='hes_apc'")}
    assert unlinked
    assert not linked & unlinked


def test_everything_is_planted(audit: Audit) -> None:
    rows = truth(audit)
    assert {row["presentation"] for row in rows} == {"not_mbc", "de_novo", "recurrent"}
    # Some whose primary no file has, some coded late, by mistake, or with another cancer.
    assert any(row["mbc_date"] and not row["primary_date"] for row in rows)
    assert any(row["mbc_date"] and row["coded_date"] > row["mbc_date"] for row in rows)
    assert any(row["mbc_date"] and not row["coded_date"] for row in rows)
    assert any(row["mistaken_date"] for row in rows)
    assert any(row["other_primary_date"] for row in rows)
    # And Welsh people in English hospitals, whom both nations have on the same day.
    both = audit.rows(
        "hospital_episode as hes inner join hospital_episode as pedw "
        "using (person_id, hospital_date)",
        "count(*)",
        "hes.source = 'hes_apc' and pedw.source = 'pedw'",
    )
    assert both[0][0] > 0
