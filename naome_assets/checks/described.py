"""Rules made of the ``data_tests`` in ``dbt_like_sql``: what a table's description promises.

Two rules a table, so that its list of checks stays short: ``keys_hold`` (no key twice, no value
that leads nowhere) and ``values_as_described`` (given where a value must stand, one of those
listed). Each looks at the table once and names every column that breaks its promise.

Severity: critical, because models and readers are written so that the promises hold, and figures
rest on them. Tables marked ``blocks: false`` in their YAML only warn: no figure of the audit is
made from them.
"""

# The SQL is put together from the names in the YAML files only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Iterator, Sequence

from naome_assets.checks.literal import literal
from naome_assets.checks.rule import FAULT_OF_THE_PIPELINE, Rule, Severity, between
from naome_assets.transform.data_tests import DataTest
from naome_assets.transform.project import load_project

#: The names of the rules made here.
KEYS, VALUES = NAMES = ("keys_hold", "values_as_described")

#: What there is to do where nothing is blocked.
_REPORT = (
    "Nothing is to be sent again: this is a fault of naome. No figure of the audit is made from "
    "this table; leave it aside until the fault is mended, and report it."
)


def described_rules(tables: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of tables that have promises, in the order of the tables."""
    return tuple(rule for table in tables for rule in _rules(table))


def _rules(table: str) -> Iterator[Rule]:
    project = load_project()
    promises = project.data_tests.get(table, ())
    keys = [test for test in promises if test.kind in ("unique", "relationships")]
    values = [test for test in promises if test not in keys]
    blocks = table not in project.not_blocking
    if keys:
        yield _rule(
            table,
            KEYS,
            f"No key appears twice, and each value leads somewhere: {_listed(keys)}.",
            " union all ".join(_of_key(table, test) for test in keys),
            "A key that appears twice counts somebody or something twice; a value that leads "
            "nowhere loses its row in a join. Promised by the table's description in dbt_like_sql.",
            blocks=blocks,
            after=tuple(sorted({test.to[0] for test in keys if test.to})),
        )
    if values:
        yield _rule(
            table,
            VALUES,
            _values_in_words(values),
            _of_values(table, values),
            "Sums over kinds lose a row whose value is missing or another. Promised by the table's "
            "description in dbt_like_sql.",
            blocks=blocks,
        )


def _rule(
    table: str,
    name: str,
    description: str,
    select: str,
    reason: str,
    *,
    blocks: bool,
    after: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        table,
        name,
        description,
        Severity.CRITICAL if blocks else Severity.WARNING,
        select,
        between("rows_failing", 0, 0),
        reason,
        FAULT_OF_THE_PIPELINE if blocks else _REPORT,
        groups=("item",),
        numerator="rows that break the promise",
        denominator="promises of the table's description",
        after=after,
    )


def _listed(tests: Sequence[DataTest]) -> str:
    """The promises on keys, in words."""
    return "; ".join(
        f"{test.columns[0]} in {test.to[0]}" if test.to else _key(test) for test in tests
    )


def _values_in_words(tests: Sequence[DataTest]) -> str:
    """The promises on values, in words."""
    given = [_key(test) for test in tests if test.kind == "not_null"]
    listed = [_key(test) for test in tests if test.kind == "accepted_values"]
    parts = ["Given in every row: " + ", ".join(given) + "."] if given else []
    return " ".join(parts + (["From a list: " + ", ".join(listed) + "."] if listed else []))


def _key(test: DataTest) -> str:
    return ", ".join(test.columns) + (f" where {test.where}" if test.where else "")


def failure(test: DataTest) -> str:
    """What a promise that is broken is called."""
    if test.to:
        return f"{test.columns[0]} not in {test.to[0]}"
    how = {"unique": "repeated", "not_null": "not given", "accepted_values": "not listed"}
    return f"{_key(test)} {how[test.kind]}"


def _of_key(table: str, test: DataTest) -> str:
    """One row with how many rows break the promise; none where the table is empty."""
    if test.to:
        return _of_reference(table, test.columns[0], test.to, failure(test))
    columns = ", ".join(test.columns)
    # A single column may be left out; the parts of a key are looked at as they are.
    is_given = f"{columns} is not null" if len(test.columns) == 1 else "true"
    where = f" where {test.where}" if test.where else ""
    return (
        f"select {literal(failure(test))} as item, "
        "cast(sum(case when times > 1 and is_given then times else 0 end) as bigint) "
        "as rows_failing "
        f"from (select {is_given} as is_given, count(*) as times from {table}{where} "
        f"group by {columns}) as counted having count(*) > 0"
    )


def _of_reference(table: str, column: str, to: tuple[str, str], failure: str) -> str:
    target, key = to
    return (
        f"select {literal(failure)} as item, "
        f"count(case when part.{column} is not null and whole.{key} is null then 1 end) "
        "as rows_failing "
        f"from {table} as part left join (select distinct {key} from {target}) as whole "
        f"on part.{column} = whole.{key} having count(*) > 0"
    )


def _of_values(table: str, tests: Sequence[DataTest]) -> str:
    """A row a promise with how many rows break it, all counted in one pass over the table."""
    counts = ", ".join(
        f"count(case when {_breaks(test)} then 1 end) as count_{number}"
        for number, test in enumerate(tests)
    )
    items = " union all ".join(
        f"select {number} as number, {literal(failure(test))} as item"
        for number, test in enumerate(tests)
    )
    picked = " ".join(f"when {number} then count_{number}" for number in range(len(tests)))
    return (
        f"select item, case number {picked} end as rows_failing "
        f"from (select count(*) as total, {counts} from {table}) as counted "
        f"cross join ({items}) as promised where total > 0"
    )


def _breaks(test: DataTest) -> str:
    column = test.columns[0]
    values = ", ".join(map(literal, test.values))
    broken = f"{column} is null" if test.kind == "not_null" else f"{column} not in ({values})"
    return f"{broken} and {test.where}" if test.where else broken
