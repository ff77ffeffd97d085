"""A generated registry extract against figures that pandas works out from its files alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from naome_assets.quarters import Quarter, quarter_range
from naome_assets.synthetic.registry_extract import registry_extract, write_registry_extract
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse

from .audit import audit

DAY = dt.date(2022, 12, 31)
FIRST, LAST = Quarter(2019, 1), Quarter(2022, 4)
NATIONAL = "geography_code = 'K04000001' and presentation = 'all'"
SETTINGS = load_project().variables


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    write_registry_extract(folder, DAY, tumours=40_000, seed=4)
    return folder


@pytest.fixture(scope="module")
def warehouse(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    opened = DuckDBWarehouse.connect(tmp_path_factory.mktemp("warehouse") / "w.duckdb")
    audit(opened, landing, FIRST, LAST)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def files(landing: Path) -> dict[str, pd.DataFrame]:
    dates = {
        "sim_av_patient": ["VITALSTATUSDATE"],
        "sim_av_tumour": ["DIAGNOSISDATEBEST", "DATE_FIRST_SURGERY"],
        "sim_sact_regimen": ["START_DATE_OF_REGIMEN"],
        "sim_rtds_episode": ["APPTDATE"],
    }
    return {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False).assign(
            **{
                column: lambda frame, c=column: pd.to_datetime(frame[c])
                for column in dates.get(path.stem, [])
            }
        )
        for path in landing.rglob("*.csv")
    }


@pytest.fixture(scope="module")
def people(files: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """People with MBC by their number: MBC date, which is that of the tumour, and death."""
    tumour, patient = files["sim_av_tumour"], files["sim_av_patient"].set_index("PATIENTID")
    breast = tumour[tumour["SITE_ICD10_O2_3CHAR"] == "C50"]
    shows = breast["STAGE_BEST"].str.startswith("4") | breast["M_BEST"].str.startswith("1")
    found = breast[shows].groupby("PATIENTID")["DIAGNOSISDATEBEST"].min().to_frame("mbc_date")
    died = patient["VITALSTATUS"].eq("D")
    found["death"] = patient["VITALSTATUSDATE"].where(died)
    return found


def test_everyone_with_evidence_is_in_the_cohort(
    warehouse: DuckDBWarehouse, people: pd.DataFrame
) -> None:
    counted = warehouse.query("select presentation, count(*) as n from mbc_cohort group by 1")
    assert counted.to_dict("records") == [{"presentation": "de_novo", "n": len(people)}]
    assert len(people) > 100
    assert warehouse.query("select distinct nation from mbc_cohort")["nation"].tolist() == [
        "England"
    ]


def test_prevalence_counts_the_living(warehouse: DuckDBWarehouse, people: pd.DataFrame) -> None:
    found = warehouse.query(
        f"select quarter, people from prevalence where {NATIONAL} and sex = 'all' "
        "and age_band = 'all' and years_since_mbc = 'all' order by quarter"
    )
    expected = {}
    for quarter in quarter_range(FIRST, LAST):
        day = pd.Timestamp(quarter.last_day)
        lives = people["death"].isna() | (people["death"] > day)
        expected[str(quarter)] = int(((people["mbc_date"] <= day) & lives).sum())
    assert dict(zip(found["quarter"], found["people"], strict=True)) == expected


def test_the_treated_are_those_with_a_treatment(
    warehouse: DuckDBWarehouse, people: pd.DataFrame, files: dict[str, pd.DataFrame]
) -> None:
    breast = files["sim_av_tumour"][lambda frame: frame["SITE_ICD10_O2_3CHAR"].isin(["C50", "D05"])]
    # Of the catalogue's regimens, two hold supportive drugs only (ruling F5).
    regimen = files["sim_sact_regimen"][
        lambda frame: ~frame["MAPPED_REGIMEN"].isin(["ZOLEDRONIC ACID", "DENOSUMAB"])
    ]
    given = pd.concat(
        [
            breast[["PATIENTID", "DATE_FIRST_SURGERY"]].set_axis(["person", "day"], axis=1),
            regimen[["ENCORE_PATIENT_ID", "START_DATE_OF_REGIMEN"]].set_axis(
                ["person", "day"], axis=1
            ),
            files["sim_rtds_episode"][["PATIENTID", "APPTDATE"]].set_axis(
                ["person", "day"], axis=1
            ),
        ]
    ).dropna()
    joined = given.merge(people, left_on="person", right_index=True)
    joined["days"] = (joined["day"] - joined["mbc_date"]).dt.days
    counts = (joined["days"] >= -SETTINGS["treatment_lookback_days"]) & ~(
        joined["day"] > joined["death"]
    )
    first = joined[counts].groupby("person")["days"].min().clip(lower=0)
    days = people.index.to_series().map(first)
    quarter = people["mbc_date"].dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    expected = {
        str(name): (len(part), part.notna().sum(), (part <= SETTINGS["short_wait_days"]).sum())
        for name, part in days.groupby(quarter)
    }
    found = warehouse.query(
        "select quarter, patients, treated, within_31d from time_to_treatment "
        f"where {NATIONAL} and modality = 'any' and period = 'quarter' and quarter < '2022-Q4'"
    )
    assert len(found) == 15
    for row in found.itertuples():
        assert (row.patients, row.treated, row.within_31d) == expected[str(row.quarter)]


def test_what_an_extract_does_not_tell_has_no_rows(warehouse: DuckDBWarehouse) -> None:
    assert warehouse.rows("cns_access") == 0
    local = "select count(*) as n from prevalence where geography_type = 'provider'"
    assert warehouse.query(local)["n"].tolist() == [0]


def test_every_row_is_accounted_for(
    warehouse: DuckDBWarehouse, files: dict[str, pd.DataFrame]
) -> None:
    ledger = warehouse.query(
        "select file, received, accepted + superseded + out_of_scope + quarantined as accounted, "
        "quarantined from ledger"
    )
    assert len(ledger) == len(files)
    for row in ledger.itertuples():
        assert row.received == row.accounted == len(files[Path(str(row.file)).stem])
        assert row.quarantined == 0


def test_the_same_seed_gives_the_same_rows() -> None:
    once, again, other = (registry_extract(DAY, tumours=500, seed=seed) for seed in (1, 1, 2))
    for name, frame in once.items():
        pd.testing.assert_frame_equal(frame, again[name])
    assert not once["sim_av_tumour"].equals(other["sim_av_tumour"])
