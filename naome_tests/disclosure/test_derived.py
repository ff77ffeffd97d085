"""Figures worked out from published counts are the SQL models' figures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from naome_assets.contract.published_tables import STATED, TABLE
from naome_assets.disclosure.derived import Method, derive, wilson
from naome_assets.disclosure.suppression import load_profile
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse

#: What the national rows of each table are worked out to again.
FIGURES = {
    own.name: tuple(name for share in own.shares for name in (share.value, *share.limits))
    for own in STATED
    if own.shares
}
#: Fractions of published tables that are no shares of their counts: targets and control limits,
#: which are of the true target and published denominators, Kaplan-Meier estimates, which are
#: published in whole percents, and changes of a share.
NO_SHARES = {
    *("target_pct", "limit_lower_95", "limit_upper_95", "limit_lower_998", "limit_upper_998"),
    *("change_since_quarter_before", "change_since_year_before"),
}


def test_every_fraction_is_worked_out_from_published_counts(audited: DuckDBWarehouse) -> None:
    """A percentage that is added to a table is one of its shares, or it would be published true."""
    for own in STATED:
        fractions = {name for name, type_ in audited.columns(own.name) if type_ == "DOUBLE"}
        shares = set(FIGURES.get(own.name, ("value", "lower_95", "upper_95")))
        assert fractions - NO_SHARES == shares, own.name


@pytest.mark.parametrize("table", sorted(FIGURES))
def test_national_figures_are_those_of_the_models(audited: DuckDBWarehouse, table: str) -> None:
    rows = audited.query(
        f"select * from {table} where geography_type in ('england_and_wales', 'nation')"
    )
    if table == "data_quality":
        rows = rows[rows["source"] == "all"].reset_index(drop=True)
    if table == "indicator":
        # Rates are published for nations only; Kaplan-Meier estimates cannot be worked out.
        told = (rows["unit"] != "per_100k_person_years") & rows["at_risk"].isna()
        rows = rows[told].reset_index(drop=True).assign(at_risk_stated=False)
    again = rows.assign(true_people=0.0)
    again[list(FIGURES[table])] = np.nan
    method = Method.of(load_project().variables)
    # Nothing is rounded, so that each count stands for itself.
    exact = dataclasses.replace(load_profile("nhs_england_hes"), small_to=0, round_to=1)
    again[[f"target_pct{end}" for end in ("_31d", "_62d")]] = np.nan
    again[[f"outlier{end}" for end in ("_31d", "_62d")]] = None
    again = derive(TABLE[table], again, exact, method)
    for name in FIGURES[table]:
        assert rows[name].notna().sum() > 10
        pd.testing.assert_series_equal(
            again[name], rows[name], check_dtype=False, rtol=0, atol=1e-7
        )


def test_intervals_hold_those_of_every_count_that_rounds_to_the_published_ones() -> None:
    """Ruling G2, by working out each of them."""
    profile, z = load_profile("nhs_england_hes"), Method.of(load_project().variables).z_95
    pairs = [(part, whole) for whole in (10, 15, 40, 120) for part in range(10, whole + 1, 5)]
    pairs += [(0, 10), (0, 40)]
    part, whole = (pd.Series(own, dtype="Int64") for own in zip(*pairs, strict=True))
    lower, upper = wilson(part, whole, z, profile)
    for row, (x, n) in enumerate(pairs):
        behind = [
            proportion_confint(a, b, method="wilson")
            for b in range(max(8, n - 2), n + 3)
            for a in (range(max(8, x - 2), x + 3) if x else [0])
            if a <= b
        ]
        assert lower[row] == pytest.approx(100 * min(low for low, _ in behind), abs=1e-9)
        assert upper[row] == pytest.approx(100 * max(high for _, high in behind), abs=1e-9)


@pytest.mark.parametrize(("change", "quarters"), [("quarter_before", 1), ("year_before", 4)])
def test_changes_of_data_quality_look_back_as_far_as_they_say(
    audited: DuckDBWarehouse, change: str, quarters: int
) -> None:
    """The model and the published figures, each against the same row so many quarters before."""
    key = ["period", "geography_type", "geography_code", "item"]
    rows = audited.query("select * from data_quality where source = 'all'")
    shown = derive(
        TABLE["data_quality"],
        rows.copy(),
        load_profile("nhs_england_hes"),
        Method.of(load_project().variables),
    )
    held = rows.set_index(["quarter", *key])["completeness_pct"]
    before = [str(Quarter.parse(quarter) + -quarters) for quarter in rows["quarter"]]
    earlier = held.reindex(pd.MultiIndex.from_arrays([before, *(rows[name] for name in key)]))
    expected = pd.Series(rows["completeness_pct"].to_numpy() - earlier.to_numpy())
    assert (expected.abs() > 1).sum() > 10
    for sent in (rows, shown):
        found = sent[f"change_since_{change}"].reset_index(drop=True)
        pd.testing.assert_series_equal(found, expected, check_names=False, check_dtype=False)
