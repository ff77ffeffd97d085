"""Rules that experimental tables have in common."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    Expectation,
    Rule,
    warning,
)


def experimental(
    table: str,
    name: str,
    description: str,
    select: str,
    expectation: Expectation,
    reason: str,
    *,
    after: tuple[str, ...] = (),
) -> Rule:
    """A rule that holds by definition, of a table that never holds the audit back."""
    return warning(
        table,
        name,
        description,
        select,
        expectation,
        reason,
        action="Nothing is to be sent again: leave this experimental table aside until the fault "
        "is mended, and report it. The audit's own figures are not touched by it.",
        after=after,
    )
