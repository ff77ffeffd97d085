"""What a data-quality rule is: the rows it looks at, what is expected of them, and why.

Plain data: neither Great Expectations nor Dagster is imported here, because the first takes
seconds to import and the UI loads every rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

#: Columns whose values an outcome may name: places, times and kinds, never people.
NAMEABLE_COLUMNS = frozenset(
    {"provider", "quarter", "source", "geography", "period", "item", "fyear", "file"}
)
#: Those of them that name a place below the nations.
PLACE_COLUMNS = frozenset({"provider"})
#: Names a file; files of one hospital hold few records, so their figures are not told.
FILE_COLUMN = "file"
#: What there is to do about a failure that no sender caused.
FAULT_OF_THE_PIPELINE = (
    "Nothing is to be sent again: this is a fault of naome or of its warehouse. Do not use the "
    "figures of this run; keep its log and report the fault."
)
#: Groups smaller than this say nothing about a provider, and something about its patients.
MINIMUM_GROUP = 10


class Severity(Enum):
    """What a failure means."""

    #: The figures would be wrong: nothing downstream is built.
    CRITICAL = "critical"
    #: The data are poorer than they should be: somebody should ask the sender.
    WARNING = "warning"


@dataclass(frozen=True)
class Expectation:
    """An expectation of Great Expectations: its class, its arguments and both in words."""

    type: str
    arguments: Mapping[str, Any]
    words: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        return tuple(
            self.arguments[name]
            for name in ("column", "column_A", "column_B")
            if name in self.arguments
        )


def in_set(column: str, values: Sequence[Any], *, mostly: float = 1.0) -> Expectation:
    """Every given value is in a list; nulls are not judged."""
    shown = " or ".join(map(str, values)) if len(values) <= 8 else f"one of {len(values)} listed"
    return Expectation(
        "ExpectColumnValuesToBeInSet",
        {"column": column, "value_set": list(values), "mostly": mostly},
        f"{column} is {shown}{_share(mostly)}",
    )


def not_null(column: str, *, mostly: float = 1.0) -> Expectation:
    """A value is in every row."""
    return Expectation(
        "ExpectColumnValuesToNotBeNull",
        {"column": column, "mostly": mostly},
        f"{column} is given{_share(mostly)}",
    )


def unique(column: str, *, mostly: float = 1.0) -> Expectation:
    """No value is in two rows."""
    return Expectation(
        "ExpectColumnValuesToBeUnique",
        {"column": column, "mostly": mostly},
        f"{column} is not repeated{_share(mostly)}",
    )


def between(
    column: str, minimum: float | None, maximum: float | None, *, mostly: float = 1.0
) -> Expectation:
    """Every given value lies between two bounds, both included; None leaves a side open."""
    if maximum is None:
        bounds = f"at least {minimum:g}"
    elif minimum is None:
        bounds = f"at most {maximum:g}"
    else:
        bounds = f"from {minimum:g} to {maximum:g}" if minimum != maximum else f"{minimum:g}"
    return Expectation(
        "ExpectColumnValuesToBeBetween",
        {"column": column, "min_value": minimum, "max_value": maximum, "mostly": mostly},
        f"{column} is {bounds}{_share(mostly)}",
    )


def equal(column: str, other: str, *, mostly: float = 1.0) -> Expectation:
    """Two columns agree in every row."""
    return Expectation(
        "ExpectColumnPairValuesToBeEqual",
        {"column_A": column, "column_B": other, "mostly": mostly},
        f"{column} equals {other}{_share(mostly)}",
    )


def at_least(larger: str, smaller: str, *, mostly: float = 1.0) -> Expectation:
    """One column is never less (or earlier) than another; rows where one is null pass."""
    return Expectation(
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": larger,
            "column_B": smaller,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
            "mostly": mostly,
        },
        f"{larger} is not less than {smaller}{_share(mostly)}",
    )


def _share(mostly: float) -> str:
    return "" if mostly == 1 else f", in at least {100 * mostly:g} % of rows"


@dataclass(frozen=True)
class Rule:
    """One rule of one table.

    Attributes:
        asset: the table, which is also the Dagster asset.
        name: snake case, unique within the asset.
        description: for a data manager, in plain words.
        severity: whether a failure stops what is downstream.
        select: the rows to be judged, and only the columns needed; plain SQL that every engine
            reads. Checks on providers are summed up here.
        expectation: what must hold of these rows, with its threshold.
        reason: why the threshold is where it does.
        action: what a data manager should do when it fails.
        groups: columns that name a failing row when a row is a provider or the like.
        size: column with the people or records behind such a row.
        numerator: what is counted, in words; of a row rule, the rows that fail.
        denominator: among what, in words; of a row rule, the rows looked at.
        after: tables that the SELECT reads and the asset is not made from.
    """

    asset: str
    name: str
    description: str
    severity: Severity
    select: str
    expectation: Expectation
    reason: str
    action: str
    groups: tuple[str, ...] = ()
    size: str | None = None
    numerator: str = "rows that fail"
    denominator: str = "rows looked at that have a value"
    after: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Asset and name, such as ``ledger:adds_up``."""
        return f"{self.asset}:{self.name}"

    @property
    def page(self) -> str:
        """Where the rule is explained, within the repository (written by ``generate_pages``)."""
        return f"docs/rules/{self.asset}.md#{self.name}"

    @property
    def names_places(self) -> bool:
        """Whether its groups are places: their names and figures stay in the warehouse."""
        return not PLACE_COLUMNS.isdisjoint(self.groups)

    @property
    def names_files(self) -> bool:
        """Whether its groups are files: they are named without their figures."""
        return FILE_COLUMN in self.groups

    @property
    def is_critical(self) -> bool:
        """Whether a failure blocks what is downstream."""
        return self.severity is Severity.CRITICAL


def critical(
    asset: str,
    name: str,
    description: str,
    select: str,
    expectation: Expectation,
    reason: str,
    *,
    action: str = FAULT_OF_THE_PIPELINE,
    groups: tuple[str, ...] = (),
    numerator: str = "rows that fail",
    denominator: str = "rows looked at that have a value",
    after: tuple[str, ...] = (),
) -> Rule:
    """A rule whose failure blocks what is downstream."""
    return Rule(
        asset,
        name,
        description,
        Severity.CRITICAL,
        select,
        expectation,
        reason,
        action,
        groups=groups,
        numerator=numerator,
        denominator=denominator,
        after=after,
    )


def warning(
    asset: str,
    name: str,
    description: str,
    select: str,
    expectation: Expectation,
    reason: str,
    *,
    action: str,
    groups: tuple[str, ...] = (),
    size: str | None = None,
    numerator: str = "rows that fail",
    denominator: str = "rows looked at that have a value",
    after: tuple[str, ...] = (),
) -> Rule:
    """A rule whose failure is shown and blocks nothing."""
    return Rule(
        asset,
        name,
        description,
        Severity.WARNING,
        select,
        expectation,
        reason,
        action,
        groups=groups,
        size=size,
        numerator=numerator,
        denominator=denominator,
        after=after,
    )
