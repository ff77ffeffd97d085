"""A publication of generated submissions."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pandas as pd
import pytest

from naome_assets import __version__
from naome_assets.assets.case_mix import adjust
from naome_assets.assets.prevalence_projection import projections
from naome_assets.assets.recurrence_capture import captures
from naome_assets.assets.survival import curves
from naome_assets.assets.treatment_curve import incidence_curves
from naome_assets.publication.published import Publication, Statement
from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit

FIRST, LAST = Quarter(2020, 1), Quarter(2022, 4)
#: A stand-in for disclosure control, for tests of what writers do with withheld numbers: rows of
#: places below the nations with so few people lose all their numbers.
FEW = 7
PEOPLE = {
    "prevalence": "people",
    "cns_access": "patients",
    "time_to_treatment": "patients",
    "indicator": "denominator",
    "data_quality": "records",
    "case_mix_value": "people",
    "survival_curve": "at_risk",
    "treatment_curve": "at_risk",
    "prevalence_projection": "counted",
    "recurrence_capture": "found",
}


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    landing = tmp_path_factory.mktemp("landing")
    generate(landing, FIRST, LAST, scale=0.01, seed=3)
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, FIRST, LAST)
    warehouse.replace_table("case_mix_value", adjust(warehouse)[1])
    warehouse.replace_table("survival_curve", curves(warehouse))
    warehouse.replace_table("treatment_curve", incidence_curves(warehouse))
    warehouse.replace_table("prevalence_projection", projections(warehouse))
    warehouse.replace_table("recurrence_capture", captures(warehouse))
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def publication(audited: DuckDBWarehouse) -> Publication:
    statement = Statement(
        profile="nhs_england_hes",
        profile_words="Counts from 1 to 7 are hidden.",
        vintage="2022-Q4",
        quarter=str(LAST),
        first_quarter=str(FIRST),
        method_version="1",
        code_version=__version__,
    )
    return Publication(
        {name: _without_few(audited.query(f"select * from {name}"), name) for name in PEOPLE},
        statement,
    )


def _without_few(table: pd.DataFrame, name: str) -> pd.DataFrame:
    is_place = table["geography_type"].isin(["cancer_alliance", "provider"])
    few = is_place & table[PEOPLE[name]].fillna(0).astype(int).between(1, FEW)
    for column in table.select_dtypes("number").columns:
        table[column] = table[column].mask(few)
    return table.assign(suppressed=few)
