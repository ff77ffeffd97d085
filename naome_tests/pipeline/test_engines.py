"""Every engine gives the same tables."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import re
import tempfile
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import psycopg
from hypothesis import HealthCheck, Phase, given, settings

from naome_assets.checks.counting import Counts, count
from naome_assets.checks.suites import RULES
from naome_assets.figures.case_mix import adjust
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.figures.prevalence_projection import projections
from naome_assets.figures.recurrence_capture import captures
from naome_assets.figures.survival import curves
from naome_assets.figures.treatment_curve import incidence_curves
from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.synthetic.registry_extract import write_registry_extract
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.oracle.strategies import World, landings
from naome_tests.pipeline.audit import PROJECT, audit, rows
from naome_tests.pipeline.comparison import same
from naome_tests.spark_server import SparkServer

FIRST, LAST = Quarter(2023, 1), Quarter(2023, 4)


def differing(one: Warehouse, other: Warehouse) -> list[str]:
    """Tables that are not the same, whatever the order of their rows."""
    return [
        model.name
        for model in PROJECT.ordered_models()
        if not same_rows(rows(one, model.name), rows(other, model.name))
    ]


def differing_checks(one: Warehouse, other: Warehouse) -> list[str]:
    """SELECTs of checks that do not give the same rows, by their first rule."""
    first_rule = {
        rule.select: rule for rule in reversed(RULES) if not rule.asset.startswith("published_")
    }
    return [
        rule.key
        for select, rule in first_rule.items()
        if not same_rows(records(one.query(select)), records(other.query(select)))
    ]


def differing_counts(one: Warehouse, other: Warehouse) -> list[str]:
    """Checks that are not counted alike in both."""
    rules = [rule for rule in RULES if not rule.asset.startswith("published_")]
    left, right = (
        {rule.key: counted(counts) for rule, counts in count(rules, warehouse.query)}
        for warehouse in (one, other)
    )
    return [key for key in left if left[key] != right[key]]


def counted(counts: Counts | str) -> tuple[int, ...]:
    assert isinstance(counts, Counts), counts
    return counts.rows, counts.failing, counts.missing


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as every engine has them: numbers as floats, nothing as None."""
    return [
        {
            str(name): None
            if pd.isna(value)
            else float(value)
            if isinstance(value, (int, float, Decimal, np.number)) and not isinstance(value, bool)
            else str(value)
            for name, value in row.items()
        }
        for row in frame.to_dict("records")
    ]


def differing_computed(one: Warehouse, other: Warehouse) -> list[str]:
    """Tables that Python computes and stores: the same, computed from and stored in each."""
    for warehouse in (one, other):
        models, values = adjust(warehouse)
        warehouse.replace_table("case_mix_model", models)
        warehouse.replace_table("case_mix_value", values)
        warehouse.replace_table("survival_curve", curves(warehouse))
        warehouse.replace_table("treatment_curve", incidence_curves(warehouse))
        # Four quarters are too few for the settings of the method.
        few = {"projection_lag_quarters": 1, "projection_minimum_quarters": 2}
        projected = projections(warehouse, {**PROJECT.variables, **few})
        warehouse.replace_table("prevalence_projection", projected)
        warehouse.replace_table("recurrence_capture", captures(warehouse))
        # A second time over what stands.
        warehouse.replace_table("case_mix_value", values)
    return [
        table
        for table in COMPUTED
        if not rows(one, table) or not same_rows(rows(one, table), rows(other, table))
    ]


def same_rows(left: Sequence[dict[str, Any]], right: Sequence[dict[str, Any]]) -> bool:
    pairs = zip(sorted(left, key=_order), sorted(right, key=_order), strict=False)
    return len(left) == len(right) and all(
        one.keys() == other.keys() and all(same(one[c], other[c]) for c in one)
        for one, other in pairs
    )


def _order(row: dict[str, Any]) -> list[str]:
    """Numbers last and rounded: two engines may differ in the last digit."""
    exact = [str(value) for value in row.values() if not isinstance(value, float)]
    return exact + [f"{value:.6e}" for value in row.values() if isinstance(value, float)]


def compare(
    landing: Path, first: Quarter, last: Quarter, other_url: str, *, computed: bool = False
) -> list[str]:
    """Tables in which the warehouse of a URL, which is empty, differs from DuckDB."""
    embedded = DuckDBWarehouse(duckdb.connect(":memory:"))
    other = open_warehouse(other_url)
    try:
        for warehouse in (embedded, other):
            audit(warehouse, landing, first, last)
        found = differing(embedded, other)
        if computed:
            # Where nothing stands, nothing is compared. The random worlds share numbers.
            rare = {"shared_number", "same_diagnosis"}
            found += [
                model.name
                for model in PROJECT.ordered_models()
                if model.name not in rare and not embedded.rows(model.name)
            ]
            found += differing_computed(embedded, other)
            found += differing_checks(embedded, other)
            found += differing_counts(embedded, other)
        return found
    finally:
        embedded.close()
        other.close()


def same_in_every_world(empty_url: Callable[[], str], worlds: int) -> None:
    """Random submissions give the same tables in DuckDB and in each empty warehouse."""

    @settings(
        max_examples=worlds,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(landings())
    def every_world(world: World) -> None:
        with tempfile.TemporaryDirectory() as folder:
            world.write(Path(folder))
            found = compare(Path(folder), world.first, world.last, empty_url())
        assert found == []

    every_world()


def emptied(postgres_url: str) -> str:
    """The same database without its tables."""
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("drop schema public cascade; create schema public")
    return postgres_url


def every_source(landing: Path) -> None:
    """Generated submissions of 2023 of every kind that is read: no table stays empty."""
    generate(landing, FIRST, LAST, scale=0.01, seed=5, hospital_data=True)
    day = dt.date(2023, 11, 15)
    write_registry_extract(landing, day, tumours=2_000, seed=5)
    extract = landing / "england" / "registry" / day.isoformat()
    tumours = extract / "sim_av_tumour.csv"
    rows = pd.read_csv(tumours, dtype=str, keep_default_na=False)
    rows.loc[:40, "DIAGNOSISDATEBEST"] = "32/01/2023"
    rows.to_csv(tumours, index=False)
    drugs = extract / "sim_sact_drug_detail.csv"
    given = pd.read_csv(drugs, dtype=str, keep_default_na=False)
    given.loc[:30, "DRUG_GROUP"] = "Newmab"
    given.to_csv(drugs, index=False)
    # People of the extract are people of COSD.
    numbers = sorted(
        {
            number
            for file in (landing / "england" / "cosd").rglob("*.xml")
            for number in re.findall(r"\b\d{10}\b", file.read_text(errors="replace"))
        }
    )
    pairs = [
        f"{who},{number}"
        for who, number in zip(rows["PATIENTID"].unique(), itertools.cycle(numbers), strict=False)
    ]
    (extract / "key.csv").write_text("\n".join(["PATIENTID,NHS_NUMBER", *pairs]) + "\n")
    # A trust became part of a new one that no shipped list has.
    lists = landing / "reference"
    lists.mkdir(exist_ok=True)
    middle = ",".join(["X"] * 6)
    (lists / "etr.csv").write_text(f'"R9Z","NEW TRUST","Y63","QXX",{middle},"20231001",""\n')
    (lists / "succ.csv").write_text('"RGT","R9Z","1","20231001",""\n')


def test_generated_submissions(postgres_url: str, tmp_path: Path) -> None:
    every_source(tmp_path)
    assert compare(tmp_path, FIRST, LAST, postgres_url, computed=True) == []


def test_generated_submissions_on_spark(spark_server: SparkServer, tmp_path: Path) -> None:
    every_source(tmp_path / "landing")
    url = spark_server.url(tmp_path / "warehouse")
    assert compare(tmp_path / "landing", FIRST, LAST, url, computed=True) == []


def test_random_submissions(postgres_url: str) -> None:
    same_in_every_world(lambda: emptied(postgres_url), worlds=6)


def test_random_submissions_on_spark(spark_server: SparkServer, tmp_path: Path) -> None:
    # A world takes Spark more than a minute, whatever its size.
    worlds = int(os.environ.get("NAOME_SPARK_WORLDS", "2"))
    same_in_every_world(lambda: spark_server.url(tmp_path / uuid.uuid4().hex), worlds)
