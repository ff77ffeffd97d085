"""Judges rules with Great Expectations: their counts against their thresholds.

The engine of the warehouse counts (``counting``); Great Expectations gets a frame with one row a
rule, and says which shares of sound rows are under what is asked for. It is imported only when
something is judged: the import takes about five seconds, which the UI and the command line must
not pay.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from naome_assets.checks.counting import Counts, Fetch, count
from naome_assets.checks.outcome import Outcome, Status
from naome_assets.checks.rule import FILE_COLUMN, MINIMUM_GROUP, Rule

#: Failing providers named in an outcome, the worst first.
GROUPS_NAMED = 10


def evaluate(rules: Sequence[Rule], fetch: Fetch) -> list[Outcome]:
    """Judge rules, in their order.

    Args:
        rules: the rules to judge.
        fetch: runs a SELECT. When it raises, its rules end as errors, not as failures.
    """
    counted = {rule.key: counts for rule, counts in count(rules, fetch)}
    judged = {
        rule.key: (counts, rule.expectation.arguments["mostly"])
        for rule in rules
        if isinstance(counts := counted[rule.key], Counts) and counts.rows
    }
    failed = _failed(judged)
    return [_outcome(rule, counted[rule.key], failed) for rule in rules]


def _failed(counted: Mapping[str, tuple[Counts, float]]) -> frozenset[str] | None:
    """The rules of which fewer rows are sound than must be; None when they cannot be judged."""
    if not counted:
        return frozenset()
    from great_expectations.expectations.core import (
        expect_column_pair_values_a_to_be_greater_than_b as compared,
    )

    shares = [
        (rule, (counts.judged - counts.failing) / counts.judged if counts.judged else None, mostly)
        for rule, (counts, mostly) in counted.items()
    ]
    frame = pd.DataFrame(shares, columns=["rule", "sound_share", "least_share"])
    validated = (
        _any_rows()
        .get_batch(batch_parameters={"dataframe": frame})
        .validate(
            compared.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="sound_share",
                column_B="least_share",
                or_equal=True,
                # Where no row has a value, none fails.
                ignore_row_if="either_value_is_missing",
            ),
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["rule"],
            },
        )
    )
    # A crash inside Great Expectations comes back as a failure; it must not look like one.
    if validated.exception_info.get("raised_exception") is not False:
        return None
    return frozenset(row["rule"] for row in validated.result.get("unexpected_index_list") or [])


@cache
def _any_rows() -> Any:
    """A batch definition that takes any frame, in a context without files or usage statistics.

    One serves all frames of a process: Great Expectations writes its whole configuration again for
    each, which takes as long as judging.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_pandas("warehouse")
    return source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")


def _outcome(rule: Rule, counts: Counts | str, failed: frozenset[str] | None) -> Outcome:
    if isinstance(counts, str):
        return Outcome(rule, Status.ERRORED, error=counts)
    if not counts.rows:
        return Outcome(rule, Status.NOTHING_TO_CHECK)
    if failed is None:
        return Outcome(rule, Status.ERRORED, error="Great Expectations raised an exception")
    lowest, highest = _range(counts.groups, rule)
    return Outcome(
        rule,
        Status.FAILED if rule.key in failed else Status.PASSED,
        rows=counts.rows,
        failing_rows=counts.failing,
        missing_rows=counts.missing,
        failing_percentage=100 * counts.failing / counts.judged if counts.judged else None,
        lowest=lowest,
        highest=highest,
        failing_groups=_failing_groups(counts.failing_groups, rule),
    )


def _range(groups: pd.DataFrame, rule: Rule) -> tuple[float | None, float | None]:
    """Lowest and highest figure of the groups that are large enough to be shown."""
    if not rule.groups or rule.names_files:
        return None, None
    shown = groups if rule.size is None else groups[groups[rule.size] >= MINIMUM_GROUP]
    figures = pd.to_numeric(shown[rule.expectation.columns[0]], errors="coerce").dropna()
    if figures.empty:
        return None, None
    lowest, highest = float(figures.min()), float(figures.max())
    # All digits of a share tell the counts that it is made of.
    return (lowest, highest) if rule.size is None else (float(round(lowest)), float(round(highest)))


def _failing_groups(failing: pd.DataFrame, rule: Rule) -> tuple[str, ...]:
    """The failing groups in words, the lowest figures first."""
    if not rule.groups:
        return ()
    if rule.names_files:
        return tuple(sorted(failing[FILE_COLUMN])[:GROUPS_NAMED])
    column = rule.expectation.columns[0]
    rows = sorted(
        failing.to_dict("records"),
        key=lambda row: (row[column], *(str(row[name]) for name in rule.groups)),
    )
    return tuple(_group_in_words(row, rule, column) for row in rows[:GROUPS_NAMED])


def _group_in_words(row: Mapping[Any, Any], rule: Rule, column: str) -> str:
    name = " ".join(str(row[group]) for group in rule.groups)
    if rule.size is None:
        return f"{name}: {row[column]:g}"
    size = int(row[rule.size])
    if size < MINIMUM_GROUP:
        return f"{name}: fewer than {MINIMUM_GROUP}"
    # A share and its size would together tell a small count (method book, section 7).
    return f"{name}: about {5 * round(row[column] / 5)}"
