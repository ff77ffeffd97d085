"""What came of a rule: raw counts, judged against its threshold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from naome_assets.checks.rule import Rule


class Status(Enum):
    """The four ways in which a check can end."""

    PASSED = "passed"
    FAILED = "failed"
    #: The rule could not be judged: a table or column is missing. Never a statement on the data.
    ERRORED = "errored"
    #: No rows, such as a landing without SACT files.
    NOTHING_TO_CHECK = "nothing_to_check"


@dataclass(frozen=True)
class Outcome:
    """Counts and names of groups; no value of a record is ever in it.

    Attributes:
        rule: the rule that was judged.
        status: how it ended.
        rows: rows looked at.
        failing_rows: rows that break the rule.
        missing_rows: rows without a value, which are not judged.
        failing_percentage: of the rows that have a value; None when none has.
        lowest: of a group rule, the lowest figure of a group of ten or more; of a share, in whole
            percents.
        highest: of a group rule, the highest such figure.
        failing_groups: the worst groups, such as ``RJ1 2024-Q1: about 70``.
        error: why the rule could not be judged.
    """

    rule: Rule
    status: Status
    rows: int = 0
    failing_rows: int = 0
    missing_rows: int = 0
    failing_percentage: float | None = None
    lowest: float | None = None
    highest: float | None = None
    failing_groups: tuple[str, ...] = ()
    error: str | None = None

    @property
    def passed(self) -> bool:
        """Whether what is downstream may be built on it."""
        return self.status in (Status.PASSED, Status.NOTHING_TO_CHECK)

    @property
    def observed(self) -> str:
        """The counts in one sentence."""
        if self.status is Status.ERRORED:
            return f"could not be judged: {self.error}"
        if self.status is Status.NOTHING_TO_CHECK:
            return "nothing to check"
        missing = f", {self.missing_rows:,} without a value" if self.missing_rows else ""
        return f"{self.failing_rows:,} of {self.rows:,} rows fail{missing}"
