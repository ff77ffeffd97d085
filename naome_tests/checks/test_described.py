"""Rules made of the YAML files: each promise is judged, and each is broken here and found out."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from naome_assets.checks.counting import Counts, count
from naome_assets.checks.described import NAMES, VALUES, described_rules, failure
from naome_assets.checks.great_expectations_adapter import evaluate
from naome_assets.checks.outcome import Outcome, Status
from naome_assets.checks.rule import Rule
from naome_assets.checks.suites import RULES
from naome_assets.contract.published_tables import PUBLISHED_TABLES
from naome_assets.transform.data_tests import DataTest
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse

PROJECT = load_project()
TABLES = [table for table, promises in PROJECT.data_tests.items() if promises]
DESCRIBED = [rule for rule in RULES if rule.name in NAMES]

#: A value that no list has, by the type of its column.
_FOREIGN = {"INTEGER": "999", "BIGINT": "999"}
#: A value that may be where nothing else is said.
_SOUND = {
    "VARCHAR": "'x'",
    "DATE": "date '2024-01-01'",
    "TIMESTAMP": "timestamp '2024-01-01'",
    "BOOLEAN": "true",
}


@pytest.fixture(scope="module")
def outcomes(audit: DuckDBWarehouse) -> dict[str, Outcome]:
    return {outcome.rule.key: outcome for outcome in evaluate(DESCRIBED, audit.query)}


@pytest.mark.parametrize("rule", DESCRIBED, ids=lambda rule: rule.key)
def test_holds_in_the_small_audit(
    rule: Rule, outcomes: dict[str, Outcome], audit: DuckDBWarehouse
) -> None:
    expected = Status.PASSED if audit.rows(rule.asset) else Status.NOTHING_TO_CHECK
    assert outcomes[rule.key].status is expected, outcomes[rule.key]


@pytest.mark.parametrize("table", TABLES)
def test_every_promise_that_is_broken_is_named(table: str, audit: DuckDBWarehouse) -> None:
    rules = described_rules([table])
    promises = PROJECT.data_tests[table]
    for promise in promises:
        copied(audit, table, promises)
        try:
            audit.connection.execute(statement(audit, table, promise))
            found = {rule.name: named(rule, audit) for rule in rules}
        finally:
            audit.connection.execute(f"drop table temp.{table}")
        broken = set().union(*found.values())
        assert failure(promise) in broken
        if promise.kind != "unique":
            # A row that appears twice breaks every key; a value breaks its own promise alone.
            assert found.get(VALUES, set()) <= {failure(promise)}


def copied(audit: DuckDBWarehouse, table: str, promises: tuple[DataTest, ...]) -> None:
    """The table again, before the one that stands: without constraints, and with a row at least."""
    sound = [value(column, type_, promises) for column, type_ in audit.columns(table)]
    audit.connection.execute(f"create temp table {table} as from main.{table}")
    if audit.rows(table):
        return
    audit.connection.execute(f"insert into {table} values ({', '.join(sound)})")


def value(column: str, type_: str, promises: tuple[DataTest, ...]) -> str:
    own = [promise for promise in promises if promise.columns == (column,)]
    for promise in own:
        if promise.values:
            return repr(promise.values[0])
        if promise.to:
            return f"(select min({promise.to[1]}) from {promise.to[0]})"
    return _SOUND.get(type_, "1")


def statement(audit: DuckDBWarehouse, table: str, promise: DataTest) -> str:
    """What breaks a promise in one row."""
    column = promise.columns[0]
    about = promise.where or "true"
    if promise.kind == "unique":
        given = " and ".join(f"{name} is not null" for name in promise.columns)
        return f"insert into {table} from {table} where {about} and {given} limit 1"
    new = "null"
    if promise.kind != "not_null":
        new = _FOREIGN.get(dict(audit.columns(table))[column], "'unheard of'")
    return f"update {table} set {column} = {new} where rowid = (select min(rowid) from {table})"


def named(rule: Rule, audit: DuckDBWarehouse) -> set[str]:
    [(_, counts)] = count([rule], audit.query)
    assert isinstance(counts, Counts), counts
    return set(counts.failing_groups["item"])


def test_a_broken_promise_fails_its_rule_and_says_in_how_many_rows(
    changeable: DuckDBWarehouse,
) -> None:
    changeable.connection.execute("update mbc_cohort set mbc_date = null where sex = 'male'")
    changeable.connection.execute("insert into mbc_cohort from mbc_cohort where nation = 'Wales'")
    [keys, values] = evaluate(described_rules(["mbc_cohort"]), changeable.query)
    assert (keys.status, values.status) == (Status.FAILED, Status.FAILED)
    welsh = changeable.query("select count(*) as n from mbc_cohort where nation = 'Wales'")["n"][0]
    men = changeable.query("select count(*) as n from mbc_cohort where mbc_date is null")["n"][0]
    assert keys.failing_groups == (f"method, person_id repeated: {welsh}",)
    assert values.failing_groups == (f"mbc_date not given: {men}",)
    assert keys.rule.is_critical
    assert values.rule.is_critical


def test_every_data_test_of_the_files_is_a_promise() -> None:
    found = 0
    for file in [*PROJECT.path.glob("models/**/*.yml"), *PROJECT.path.glob("seeds/*.yml")]:
        content = yaml.safe_load(file.read_text())
        found += sum(len(tests) for tests in every("data_tests", content))
    assert sum(map(len, PROJECT.data_tests.values())) == found > 700
    judged = {(rule.asset, rule.name) for rule in DESCRIBED}
    assert {table for table, _ in judged} == set(TABLES)


def every(key: str, content: Any) -> list[Any]:
    """Everything under a key, however deep."""
    if isinstance(content, list):
        return [found for part in content for found in every(key, part)]
    if not isinstance(content, dict):
        return []
    below = [found for name, part in content.items() if name != key for found in every(key, part)]
    return below + ([content[key]] if key in content else [])


def test_only_what_no_figure_is_made_from_blocks_nothing() -> None:
    experimental = {"prevalence_projection", "recurrence_capture"}
    above: set[str] = set()
    waiting = [table for table in PUBLISHED_TABLES if table not in experimental] + ["ledger"]
    while waiting:
        table = waiting.pop()
        if table not in above:
            above.add(table)
            model = PROJECT.models.get(table)
            waiting += [*model.refs, *model.sources] if model else []
    assert PROJECT.not_blocking
    assert not PROJECT.not_blocking & above
    warned = {rule.asset for rule in DESCRIBED if not rule.is_critical}
    assert warned == PROJECT.not_blocking
