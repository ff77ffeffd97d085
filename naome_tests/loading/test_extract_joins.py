"""Tables of a registry extract whose rows belong to no row of the table beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from naome_assets.loading.extract_joins import Limits
from naome_assets.loading.load import load_quarters
from naome_assets.quarters import Quarter
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.spark_sql import spark_statement
from naome_tests.sources.support import put

FOLDER = "england/registry/2024-02-15"
PSEUDONYMISER = Pseudonymiser(b"test")
PATIENT = "PATIENTID,VITALSTATUS,VITALSTATUSDATE"
TUMOUR = "PATIENTID,TUMOURID,DIAGNOSISDATEBEST,SITE_ICD10_O2_3CHAR,STAGE_BEST"
V1_PATIENT = "PATIENTID,SEX,LINKNUMBER,NEWVITALSTATUS,VITALSTATUSDATE"
V1_REGIMEN = "MERGED_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN"
#: Two people, of whom each has the other's PATIENTID as the number of the SACT tables.
V1 = {
    "sim_av_patient": f"{V1_PATIENT}\n1,2,91,A,2024-02-01\n2,2,92,A,2024-02-01\n",
    "sim_av_tumour": f"{TUMOUR},LINKNUMBER\n1,t1,2024-01-05,C50,4,91\n2,t2,2024-01-06,C50,4,92\n",
    "sim_sact_patient": "MERGED_PATIENT_ID,LINK_NUMBER\n2,91\n1,92\n",
    "sim_sact_regimen": f"{V1_REGIMEN}\n2,r1,2024-01-25\n",
    "sim_sact_cycle": "MERGED_REGIMEN_ID,MERGED_CYCLE_ID,START_DATE_OF_CYCLE\nr1,c1,2024-01-25\n",
    "sim_sact_drug_detail": "MERGED_CYCLE_ID,DRUG_GROUP\nc1,PACLITAXEL\n",
    "sim_sact_outcome": "MERGED_REGIMEN_ID,DATE_OF_FINAL_TREATMENT\nr1,2024-02-01\n",
}
SACT = {"sim_sact_regimen", "sim_sact_cycle", "sim_sact_drug_detail", "sim_sact_outcome"}


def load(folder: Path, files: dict[str, str]) -> tuple[dict[str, dict[str, Any]], DuckDBWarehouse]:
    """Rows of ``submission`` by name of the file, after two runs of the quarter."""
    for name, text in files.items():
        put(folder / "landing", f"{FOLDER}/{name}.csv", text)
    warehouse = DuckDBWarehouse.connect(folder / "warehouse.duckdb")
    warehouse.create_submission_tables()
    quarters = [Quarter(2024, 1)]
    for _ in range(2):
        load_quarters(
            warehouse, folder / "landing", quarters, pseudonymiser=PSEUDONYMISER, workers=1
        )
    told = warehouse.arrow("select * from submission").to_pylist()
    return {Path(row["file"]).stem: row for row in told}, warehouse


def rejected(told: dict[str, dict[str, Any]]) -> set[str]:
    return {name for name, row in told.items() if row["status"] == "rejected"}


def test_the_sact_tables_of_v1_without_their_patients_are_refused(tmp_path: Path) -> None:
    told, warehouse = load(tmp_path, {n: text for n, text in V1.items() if n != "sim_sact_patient"})
    assert rejected(told) == SACT
    assert told["sim_sact_regimen"]["reason"].startswith("sact_patient_missing:")
    assert {told[name]["received"] for name in SACT} == {0}
    for table in ("regimen", "cycle", "drug", "outcome"):
        assert warehouse.rows(f"registry_{table}") == 0
    assert warehouse.rows("registry_tumour") == 2


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, set()),
        # The numbers of another release: none of them meets.
        ({"sim_sact_patient": "MERGED_PATIENT_ID,LINK_NUMBER\n2,81\n1,82\n"}, SACT),
        ({"sim_sact_patient": "MERGED_PATIENT_ID,LINK_NUMBER\n8,91\n9,92\n"}, SACT),
        ({"sim_sact_patient": "PATIENTID,LINK_NUMBER\n2,91\n"}, {*SACT, "sim_sact_patient"}),
        # One number of the SACT tables with two link numbers is nobody's.
        ({"sim_sact_patient": "MERGED_PATIENT_ID,LINK_NUMBER\n2,91\n2,92\n"}, SACT),
        # The extract tells link numbers of tumours only.
        ({"sim_av_patient": f"{PATIENT}\n1,A,2024-02-01\n2,A,2024-02-01\n"}, set()),
        # A number that SACT rows carry themselves needs no table between.
        (
            {
                "sim_sact_patient": "MERGED_PATIENT_ID,LINK_NUMBER\n",
                "sim_sact_regimen": "LINK_NUMBER,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN\n"
                "91,r1,2024-01-25\n",
            },
            set(),
        ),
        (
            {"sim_sact_cycle": "MERGED_REGIMEN_ID,MERGED_CYCLE_ID\nr7,c1\n"},
            SACT - {"sim_sact_regimen", "sim_sact_outcome"},
        ),
        ({"sim_sact_drug_detail": "MERGED_CYCLE_ID,DRUG_GROUP\n1,A\n"}, {"sim_sact_drug_detail"}),
        # RTDS and key files have no MERGED_PATIENT_ID: a heading is not guessed.
        ({"key": "MERGED_PATIENT_ID,NHS_NUMBER\n1,9434765919\n"}, {"key"}),
        (
            {
                "sim_rtds_episode": "MERGED_PATIENT_ID,RADIOTHERAPYEPISODEID,APPTDATE\n"
                "1,e,2024-02-01\n"
            },
            {"sim_rtds_episode"},
        ),
    ],
)
def test_the_tables_of_v1(tmp_path: Path, change: dict[str, str], refused: set[str]) -> None:
    told, _ = load(tmp_path, V1 | change)
    assert rejected(told) == refused


@pytest.mark.parametrize(
    ("name", "text", "refused"),
    [
        (
            "sact_regimen",
            "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN\n{k},{n},",
            "p",
        ),
        ("rtds_episode", "PATIENTID,RADIOTHERAPYEPISODEID,APPTDATE\n{k},{n},2024-01-09", "p"),
        ("key", "PATIENTID,NHS_NUMBER\n{k},", "p"),
        ("av_tumour", TUMOUR + "\n{k},{n},2024-01-05,C50,4", "p"),
        ("sact_cycle", "MERGED_REGIMEN_ID,MERGED_CYCLE_ID\n{k},{n}", "r"),
        ("sact_outcome", "MERGED_REGIMEN_ID\n{k}", "r"),
        ("rtds_prescription", "RADIOTHERAPYEPISODEID\n{k}", "e"),
    ],
)
def test_every_join_of_v2(tmp_path: Path, name: str, text: str, refused: str) -> None:
    """All but one of forty rows meet; then all but nine; the refused file alone is left out."""
    header, row = text.split("\n")
    regimen = "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN\n" + "".join(
        f"p{n},r{n},2024-01-25\n" for n in range(40)
    )
    episode = "PATIENTID,RADIOTHERAPYEPISODEID,APPTDATE\n" + "".join(
        f"p{n},e{n},2024-01-25\n" for n in range(40)
    )
    patient = f"{PATIENT}\n" + "".join(f"p{n},A,2024-02-01\n" for n in range(40))
    world = {"av_patient": patient, "sact_regimen": regimen, "rtds_episode": episode}

    def sent(strangers: int) -> str:
        keys = [f"{'x' if n < strangers else refused}{n}" for n in range(40)]
        return f"{header}\n" + "".join(row.format(k=key, n=key) + "\n" for key in keys)

    told, _ = load(tmp_path / "few", world | {name: sent(1)})
    assert rejected(told) == set()
    assert "without_partner: 1 of 40 rows" in told[name]["reason"]
    told, _ = load(tmp_path / "many", world | {name: sent(31)})
    assert rejected(told) == {name}
    assert "without_partner: 31 of 40 rows" in told[name]["reason"]


def test_limits() -> None:
    """A fifth, and half of a few rows, are not yet too many."""
    limits = Limits(share=20, few=10, share_of_few=50)
    assert not limits.exceeded(20, 100)
    assert limits.exceeded(21, 100)
    assert not limits.exceeded(2, 4)
    assert limits.exceeded(3, 4)
    assert not limits.exceeded(9, 20)
    assert limits.exceeded(1, 1)
    assert Limits.of_method() == limits


def test_what_is_asked_can_be_asked_of_spark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = DuckDBWarehouse.query

    def translated(warehouse: DuckDBWarehouse, sql: str, *given: Any) -> Any:
        asked.append(spark_statement(sql).sql)
        return query(warehouse, sql, *given)

    monkeypatch.setattr(DuckDBWarehouse, "query", translated)
    load(tmp_path, V1)
    assert any("registry_sact_patient" in sql for sql in asked)
