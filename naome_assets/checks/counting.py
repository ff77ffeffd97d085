"""Counting in the engine: how many rows of a rule fail, and how many have no value.

Each expectation is put as a condition in SQL, so that no row of a person leaves the warehouse to be
judged. Only rules on groups (providers, columns) bring their few rows, each with what became of it.
What a condition means is what Great Expectations means by the expectation of that name; a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from naome_assets.checks.literal import literal
from naome_assets.checks.rule import Expectation, Rule

#: Runs a SELECT.
Fetch = Callable[[str], pd.DataFrame]

_FAILS = "row_fails"
_MISSING = "row_is_missing"


@dataclass(frozen=True)
class Counts:
    """What the engine counted for a rule.

    Attributes:
        rows: rows looked at.
        failing: rows that break the rule.
        missing: rows without a value, which are not judged.
        groups: of a rule on groups, its rows.
        failing_groups: those of them that break the rule.
    """

    rows: int
    failing: int
    missing: int
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    failing_groups: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def judged(self) -> int:
        """Rows that have a value."""
        return self.rows - self.missing


def count(rules: Sequence[Rule], fetch: Fetch) -> Iterator[tuple[Rule, Counts | str]]:
    """Count for each rule; one statement serves all that look at the same rows.

    Yields:
        Each rule with its counts, or with why it could not be counted.
    """
    for shared in _sharing(rules):
        try:
            frame = fetch(_statement(shared))
        # Whatever goes wrong in an engine, the other rules must still be judged.
        except Exception as error:
            if len(shared) > 1:
                for rule in shared:
                    yield from count([rule], fetch)
            else:
                yield shared[0], _why(shared[0], error, fetch)
        else:
            yield from _read(shared, frame)


def statements(rules: Sequence[Rule]) -> list[str]:
    """Every statement that counting sends to the engine."""
    return [_statement(shared) for shared in _sharing(rules)]


def _sharing(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules whose counts are columns of one row are grouped; each of the others is alone."""
    together: dict[object, list[Rule]] = {}
    for rule in rules:
        is_alone = rule.groups or rule.expectation.type == _UNIQUE
        together.setdefault(rule.key if is_alone else (rule.select,), []).append(rule)
    return list(together.values())


def _statement(shared: Sequence[Rule]) -> str:
    rule = shared[0]
    rows = f"({rule.select}) as judged"
    if rule.groups:
        condition = _condition(rule.expectation)
        return (
            f"select judged.*, case when {condition.fails} then 1 else 0 end as {_FAILS}, "  # noqa: S608
            f"case when {condition.is_missing} then 1 else 0 end as {_MISSING} from {rows}"
        )
    if rule.expectation.type == _UNIQUE:
        return _repeated(rule.expectation.columns[0], rows)
    counts = ", ".join(
        f"count(case when {condition.fails} then 1 end) as failing_{number}, "
        f"count(case when {condition.is_missing} then 1 end) as missing_{number}"
        for number, condition in enumerate(_condition(rule.expectation) for rule in shared)
    )
    return f"select count(*) as total, {counts} from {rows}"  # noqa: S608


def _repeated(column: str, rows: str) -> str:
    """Every row of a value that is in two fails."""
    return f"""
        select
            coalesce(sum(times), 0) as total,
            coalesce(sum(case when {column} is not null and times > 1 then times end), 0)
                as failing_0,
            coalesce(sum(case when {column} is null then times end), 0) as missing_0
        from (select {column}, count(*) as times from {rows} group by {column}) as counted
        """  # noqa: S608


def _read(shared: Sequence[Rule], frame: pd.DataFrame) -> Iterator[tuple[Rule, Counts]]:
    if shared[0].groups:
        failing = frame[frame[_FAILS] == 1]
        missing = int(frame[_MISSING].sum())
        yield shared[0], Counts(len(frame), len(failing), missing, frame, failing)
        return
    row = frame.iloc[0]
    for number, rule in enumerate(shared):
        failing_rows, missing_rows = row[f"failing_{number}"], row[f"missing_{number}"]
        yield rule, Counts(int(row["total"]), int(failing_rows), int(missing_rows))


def _why(rule: Rule, error: Exception, fetch: Fetch) -> str:
    """Why a rule was not counted: an engine's message can quote values, its type cannot."""
    try:
        standing = fetch(f"select * from ({rule.select}) as judged where false")  # noqa: S608
    except Exception:
        return f"the SELECT failed ({type(error).__name__})"
    lacking = [name for name in rule.expectation.columns if name not in standing.columns]
    if lacking:
        return f"the SELECT lacks the column {', '.join(lacking)}"
    return f"the SELECT could not be counted ({type(error).__name__})"


@dataclass(frozen=True)
class _Condition:
    """When a row fails, and when it has no value and is not judged."""

    fails: str
    is_missing: str


_UNIQUE = "ExpectColumnValuesToBeUnique"


def _condition(expectation: Expectation) -> _Condition:
    return _CONDITIONS[expectation.type](**expectation.arguments)


def _in_set(column: str, value_set: Sequence[Any], **_: Any) -> _Condition:
    return _Condition(
        f"{column} not in ({', '.join(map(literal, value_set))})", f"{column} is null"
    )


def _not_null(column: str, **_: Any) -> _Condition:
    return _Condition(f"{column} is null", "false")


def _between(column: str, min_value: float | None, max_value: float | None, **_: Any) -> _Condition:
    sides = [
        *([] if min_value is None else [f"{column} < {literal(min_value)}"]),
        *([] if max_value is None else [f"{column} > {literal(max_value)}"]),
    ]
    return _Condition(" or ".join(sides), f"{column} is null")


def _equal(column_A: str, column_B: str, **_: Any) -> _Condition:  # noqa: N803 - its names
    return _Condition(
        f"{column_A} is distinct from {column_B}", f"{column_A} is null and {column_B} is null"
    )


def _at_least(column_A: str, column_B: str, **_: Any) -> _Condition:  # noqa: N803 - its names
    return _Condition(f"{column_A} < {column_B}", f"{column_A} is null or {column_B} is null")


_CONDITIONS: Mapping[str, Callable[..., _Condition]] = {
    "ExpectColumnValuesToBeInSet": _in_set,
    "ExpectColumnValuesToNotBeNull": _not_null,
    "ExpectColumnValuesToBeBetween": _between,
    "ExpectColumnPairValuesToBeEqual": _equal,
    "ExpectColumnPairValuesAToBeGreaterThanB": _at_least,
}
