"""What is said once in the contract is what stands everywhere else."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from pathlib import Path

import pytest

from naome_assets.contract import dimensions
from naome_assets.contract.generate_pages import pages
from naome_assets.contract.indicators import INDICATOR, INDICATORS
from naome_assets.contract.published_tables import (
    PUBLISHED_TABLES,
    TABLE,
    TABLES,
    VINTAGE_KEY,
    PublishedTable,
)
from naome_assets.publication.published import Publication
from naome_assets.reference import seed_path
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse

ROOM = Path("naome_assets/contract")
SETTINGS = load_project().variables
ORACLE = Path("naome_tests/oracle/indicators.py")


@pytest.mark.parametrize("file", sorted(ROOM.glob("*.py")), ids=lambda file: file.name)
def test_the_contract_imports_no_other_part_of_naome(file: Path) -> None:
    found = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    imported = {node.module or "" for node in found if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in found if isinstance(node, ast.Import) for name in node.names}
    ours = {name for name in imported if name.startswith("naome")}
    assert {name for name in ours if not name.startswith("naome_assets.contract")} == set()
    assert not any(node.level for node in found if isinstance(node, ast.ImportFrom))


def test_the_page_of_indicators_is_up_to_date() -> None:
    stale = [path.name for path, text in pages().items() if path.read_text("utf-8") != text]
    assert stale == [], "run: python -m naome_assets.contract.generate_pages"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_as_its_record_says(table: PublishedTable, audited: DuckDBWarehouse) -> None:
    columns = {name for name, _ in audited.columns(table.name)}
    added = {own.name for own in table.added}
    named = {*table.key, *table.counts, *table.vintage_rows, *(set(table.people_of) - added)}
    named |= {name for own in table.shares for name in (own.value, *own.limits)}
    assert named <= columns
    assert not added & columns
    assert {*table.vintage, *table.shown_where} <= columns | added
    held, keys = audited.query(
        f"select count(*), count(distinct ({', '.join(table.key)})) from {table.name}"
    ).iloc[0]
    # Generated submissions without hospital data leave nothing to compare.
    assert held == keys
    assert held > 0 or table.name == "method_comparison"
    assert {above for above in table.counts.values() if above} <= set(table.counts)


def test_the_key_of_a_kept_figure_tells_it_from_every_other(publication: Publication) -> None:
    """Among the rows that are kept by vintage, of one quarter."""
    for table in TABLES:
        if table.vintage:
            rows = publication.tables[table.name]
            for column, values in table.vintage_rows.items():
                rows = rows[rows[column].isin(values)]
            key = ["quarter", *(name for name in VINTAGE_KEY if name in table.key)]
            # A projection made from more recent data takes the place of the one before.
            assert not rows.duplicated(key).any() or table.name == "prevalence_projection"


def test_indicators_of_the_warehouse_and_of_the_contract_are_the_same(
    audited: DuckDBWarehouse,
) -> None:
    held = audited.query("select distinct indicator, unit, at_risk is null as share from indicator")
    units = dict(zip(held["indicator"], held["unit"], strict=True))
    assert units == {own.key: own.unit for own in INDICATORS if own.table == "indicator"}
    survival = set(held["indicator"][~held["share"].astype(bool)])
    assert survival == {own.key for own in INDICATORS if own.estimate == "kaplan_meier"}
    of_own_tables = {own.table for own in INDICATORS} - {"indicator"}
    assert of_own_tables <= set(PUBLISHED_TABLES)


def test_adjusted_for_case_mix_is_what_the_contract_says(audited: DuckDBWarehouse) -> None:
    adjusted = set(audited.query("select distinct indicator from case_mix_value")["indicator"])
    assert adjusted == {own.key for own in INDICATORS if own.case_mix}


def test_who_is_asked_is_a_setting_and_is_noted(publication: Publication) -> None:
    asked = {own.item_sent for own in INDICATORS if own.item_sent}
    assert asked <= set(SETTINGS["items_sent"])
    table = publication.tables["indicator"]
    noted = set(table["indicator"][table["notes"].notna()])
    assert noted == {own.key for own in INDICATORS if own.item_sent or own.nations}
    for own in INDICATORS:
        assert own.among in {"", *INDICATOR}
        named = set(re.findall(r"`(\w+_\w+)`", own.numerator))
        assert named <= {*SETTINGS, *load_project().models}, own.key


def test_every_proportion_is_worked_out_by_the_reference_too() -> None:
    """The independent implementation names each, so that random worlds compare it."""
    told = ORACLE.read_text("utf-8")
    for own in INDICATORS:
        if own.table == "indicator":
            name = own.key if not own.among else f"{own.among}_{{kind}}"
            assert f'"{name}"' in told, own.key


def test_dimensions_are_those_of_the_models() -> None:
    with seed_path("nation").open(newline="", encoding="utf-8") as lines:
        codes = {row["name"]: row["code"] for row in csv.DictReader(lines)}
    assert {code: name for name, code in codes.items()} == dimensions.NATION_NAMES
    assert list(SETTINGS["nations"]) == list(dimensions.NATIONS)
    assert dimensions.WITHOUT_ALLIANCES == (dimensions.WALES,)
    assert SETTINGS["national_geographies"] == list(dimensions.NATIONAL)
    assert SETTINGS["local_geographies"] == list(dimensions.LOCAL)
    assert SETTINGS["periods"] == dict(dimensions.PERIODS)
    assert list(SETTINGS["periods"]) == list(dimensions.PERIODS)
    assert SETTINGS["followed_period"] == dimensions.FOLLOWED_PERIOD
    assert SETTINGS["compared_period"] == dimensions.COMPARED_PERIOD
    assert set(SETTINGS["treatment_modalities"]) | {"other"} == set(dimensions.MODALITIES)


def test_values_that_files_list_are_codes_of_the_contract() -> None:
    """In the descriptions of the published tables, and in the layout of the workbook."""
    promised = {
        (name, test.columns[0]): set(test.values)
        for name in PUBLISHED_TABLES
        for test in load_project().data_tests.get(name, ())
        if test.kind == "accepted_values" and test.columns[0] in dimensions.CODES
    }
    assert len(promised) >= 16
    # Data quality has no window of 36 months.
    assert promised.pop(("data_quality", "period")) < set(dimensions.PERIODS)
    assert promised == {(name, column): set(dimensions.CODES[column]) for name, column in promised}
    layout = tomllib.loads(Path("naome_assets/publication/workbook.toml").read_text("utf-8"))
    for sheet in layout["sheets"]:
        for column, values in sheet["rows"].items():
            assert set(values) <= set(dimensions.CODES.get(column, values)), sheet["name"]


def test_sheets_of_the_workbook_follow_the_order_of_the_tables() -> None:
    layout = tomllib.loads(Path("naome_assets/publication/workbook.toml").read_text("utf-8"))
    sheets = [sheet["table"] for sheet in layout["sheets"]]
    assert list(dict.fromkeys(sheets)) == sorted(set(sheets), key=PUBLISHED_TABLES.index)
    for sheet in layout["sheets"]:
        table = load_project().models.get(sheet["table"])
        if table is not None:
            added = {own.name for own in TABLE[sheet["table"]].added}
            assert set(sheet["columns"]) <= set(table.described) | added


PERIOD_NAME = re.compile("|".join(name for name in dimensions.PERIODS if "_" in name))
#: A quantile with all its digits can be nothing but the setting.
LONG = [str(value) for value in SETTINGS.values() if isinstance(value, float) and value > 1]


def test_settings_of_the_method_are_nowhere_else() -> None:
    files = [*Path("naome_assets").rglob("*.py"), *Path("dbt_like_sql").rglob("*.sql")]
    assert len(LONG) == 2
    for file in files:
        text = file.read_text("utf-8")
        assert not any(number[:7] in text for number in LONG), file
        assert "ppf(0.9" not in text and "inv_cdf(0.9" not in text, file
        assert file.is_relative_to(ROOM) or not PERIOD_NAME.search(text), file
    # Which providers are a nation's is asked in one macro.
    asked = re.compile(r"own\[['\"]providers['\"]\]")
    asking = {file.name for file in files if asked.search(file.read_text("utf-8"))}
    assert asking == {"nations.sql", "control.py"}
