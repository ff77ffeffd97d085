"""Indicators of people whom a registry extract names: their own horizon, and what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from naome_assets.figures.case_mix import adjust
from naome_tests.sources.support import V9_BREAST, cosd, put

from .audit import rows
from .test_registry_extract import FOLDER, PATIENT, TUMOUR, World

#: Known receptors, so that everybody has a subtype; no nurse contact is sent.
RECEPTORS = f"{TUMOUR},ER_STATUS,PR_STATUS,HER2_STATUS"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def figure(world: World, indicator: str) -> tuple[Any, ...] | None:
    """Numerator and denominator in England over the last twelve months; none without a row."""
    found = [
        (row["numerator"], row["denominator"])
        for row in rows(world.warehouse, "indicator")
        if (row["indicator"], row["quarter"], row["period"], row["geography_code"])
        == (indicator, "2024-Q1", "rolling_12m", "E92000001")
        and row["presentation"] == "all"
    ]
    return found[0] if found else None


def tumour(number: int, day: str) -> str:
    return f"t{number},2,p{number},{day},C50,4,1,61,,P,P,N"


def test_follow_up_ends_on_the_day_of_the_extract(world: World) -> None:
    """The extract is of 15 February: six months from 30 August are not over (ruling F13)."""
    world.put(
        f"{FOLDER}/sim_av_tumour.csv", RECEPTORS, tumour(1, "2023-08-15"), tumour(2, "2023-08-30")
    )
    world.run()
    assert figure(world, "sact_within_6_months") == (0, 1)


def test_an_extract_is_followed_beyond_the_files_of_hospitals(world: World) -> None:
    """COSD ends with 2023; the extract knows a death and a month of follow-up after that."""
    put(world.landing, "england/cosd/R0A/2023-11/a.xml", cosd(V9_BREAST))
    world.put(
        f"{FOLDER}/sim_av_tumour.csv", RECEPTORS, tumour(1, "2023-11-02"), tumour(2, "2023-12-20")
    )
    world.put(f"{FOLDER}/sim_av_patient.csv", PATIENT, "p1,2,A,D,2024-01-20", "p2,2,A,A,2024-02-15")
    world.run()
    assert figure(world, "survival_1y") == (1, 2)
    model, _ = adjust(world.warehouse)
    fitted = {
        row["indicator"]: row["n"] for row in model.to_pylist() if row["quarter"] == "2024-Q1"
    }
    assert fitted["within_31d"] == 2


def test_drugs_of_an_extract(world: World) -> None:
    """A CDK4/6 inhibitor by its drug; the last palliative cycle by its start."""
    world.put(
        f"{FOLDER}/sim_av_tumour.csv", RECEPTORS, tumour(1, "2023-08-01"), tumour(2, "2023-08-02")
    )
    world.put(f"{FOLDER}/sim_av_patient.csv", PATIENT, "p1,2,A,D,2023-10-01", "p2,2,A,A,2024-02-15")
    world.put(
        f"{FOLDER}/sim_sact_regimen.csv",
        "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN,BENCHMARK_GROUP,"
        "INTENT_OF_TREATMENT",
        "p1,r1,2023-08-20,,P",
        "p2,r2,2023-08-20,Letrozole,C",
        # Bone protection is no anti-cancer treatment (ruling F5): not the last cycle.
        "p1,r3,2023-08-25,Zoledronic acid,P",
    )
    world.put(
        f"{FOLDER}/sim_sact_cycle.csv",
        "MERGED_REGIMEN_ID,MERGED_CYCLE_ID,CYCLE_NUMBER,START_DATE_OF_CYCLE",
        "r1,c1,1,2023-08-20",
        "r1,c2,2,2023-08-31",
        "r3,c3,1,2023-09-20",
    )
    world.put(
        f"{FOLDER}/sim_sact_drug_detail.csv",
        "MERGED_CYCLE_ID,ADMINISTRATION_DATE,DRUG_GROUP",
        "c1,2023-08-20,PALBOCICLIB",
        "c2,,LETROZOLE",
    )
    world.run()
    assert figure(world, "cdk4_6_inhibitor") == (1, 2)
    # From 31 August to 1 October are 31 days.
    assert figure(world, "mortality_30d_after_sact") == (0, 1)


def test_what_an_extract_does_not_hold_is_not_counted_as_missing(world: World) -> None:
    """MDT meetings, nurses and metastases are not in its tables: no row, neither 0 nor 100 %."""
    world.put(f"{FOLDER}/sim_av_tumour.csv", RECEPTORS, tumour(1, "2023-11-02"))
    world.run()
    assert figure(world, "completeness_stage") == (1, 1)
    for absent in (
        "mdt_discussed",
        "palliative_radiotherapy",
        "completeness_mdt",
        "completeness_cns",
        "completeness_nhs_number",
        "completeness_metastatic_type",
        "completeness_metastatic_site",
        "completeness_palliative_care",
    ):
        assert figure(world, absent) is None, absent
