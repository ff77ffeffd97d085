"""Adjusted values of an audit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from naome_assets.figures.case_mix import adjust
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.checks.small_audit import open_audit

INDICATORS = {
    "cns_access",
    "mdt_discussed",
    "sact_within_6_months",
    "within_31d",
    "survival_1y",
}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    path = tmp_path_factory.mktemp("audit") / "audit.duckdb"
    warehouse = open_audit(path, filled=True)
    yield warehouse
    warehouse.close()


def test_every_indicator_is_adjusted(audited: DuckDBWarehouse) -> None:
    models, values = (table.to_pandas() for table in adjust(audited))
    assert set(models["indicator"]) == set(values["indicator"]) == INDICATORS
    assert models["dropped"].str.contains("deprivation_quintile: constant").all()
    assert models["dropped"].str.contains("performance_status: constant").any()


def test_counts_are_those_of_the_crude_figures(audited: DuckDBWarehouse) -> None:
    values = adjust(audited)[1].to_pandas()
    crude = audited.query(
        "select quarter, indicator, geography_type, geography_code, numerator, denominator "
        "from indicator where period = 'rolling_36m' and presentation = 'all' "
        "and indicator in ('mdt_discussed', 'sact_within_6_months') "
        "union all select quarter, 'cns_access', geography_type, geography_code, seen, recorded "
        "from cns_access where period = 'rolling_36m' and presentation = 'all' and recorded > 0 "
        "union all select quarter, 'within_31d', geography_type, geography_code, within_31d, "
        "eligible_31d from time_to_treatment where period = 'rolling_36m' "
        "and presentation = 'all' and modality = 'any' and eligible_31d > 0"
    )
    key = ["quarter", "indicator", "geography_type", "geography_code"]
    crude = crude[~crude["geography_type"].isin(["england_and_wales", "nation"])]
    both = crude.merge(values[values["indicator"] != "survival_1y"], on=key, how="outer")
    assert len(both) > 20
    assert (both["numerator"] == both["observed"]).all()
    assert (both["denominator"] == both["people"]).all()


def test_the_same_data_give_the_same_bits(audited: DuckDBWarehouse) -> None:
    assert adjust(audited) == adjust(audited)


def test_an_audit_of_nothing(tmp_path: Path) -> None:
    warehouse = open_audit(tmp_path / "empty.duckdb", filled=False)
    models, values = adjust(warehouse)
    warehouse.close()
    assert models.schema == COMPUTED["case_mix_model"]
    assert values.schema == COMPUTED["case_mix_value"]
    assert (models.num_rows, values.num_rows) == (0, 0)
