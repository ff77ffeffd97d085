"""Judges rules with Great Expectations, and turns its results into counts.

Great Expectations is imported only when something is judged: the import takes about five seconds,
which the UI and the command line must not pay. Rows are fetched first and judged as pandas frames,
the one engine of Great Expectations that works for every warehouse.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import pandas as pd

from naome_assets.checks.outcome import Outcome, Status
from naome_assets.checks.rule import MINIMUM_GROUP, Rule

#: Failing providers named in an outcome, the worst first.
GROUPS_NAMED = 10

Fetch = Callable[[str], pd.DataFrame]


def evaluate(rules: Sequence[Rule], fetch: Fetch) -> list[Outcome]:
    """Judge rules, in their order.

    Each SELECT is fetched once, judged and let go, so that memory holds one at a time.

    Args:
        rules: the rules to judge.
        fetch: runs a SELECT. When it raises, its rules end as errors, not as failures.
    """
    outcomes: dict[str, Outcome] = {}
    for select in dict.fromkeys(rule.select for rule in rules):
        sharing = [rule for rule in rules if rule.select == select]
        try:
            frame = fetch(select)
        # Whatever goes wrong in an engine, the other rules must still be judged.
        except Exception as error:
            for rule in sharing:
                # An engine's message can quote values; its type cannot.
                outcomes[rule.key] = _errored(rule, f"the SELECT failed ({type(error).__name__})")
            continue
        for outcome in _judge_all(frame, sharing):
            outcomes[outcome.rule.key] = outcome
    return [outcomes[rule.key] for rule in rules]


def _judge_all(frame: pd.DataFrame, rules: Sequence[Rule]) -> Iterator[Outcome]:
    """Judge rules that share their rows."""
    if frame.empty:
        yield from (Outcome(rule, Status.NOTHING_TO_CHECK) for rule in rules)
        return
    batch = _any_rows().get_batch(batch_parameters={"dataframe": frame})
    for rule in rules:
        missing = [name for name in rule.expectation.columns if name not in frame.columns]
        if missing:
            yield _errored(rule, f"the SELECT lacks the column {', '.join(missing)}")
        else:
            yield _judge(batch, frame, rule)


@cache
def _any_rows() -> Any:
    """A batch definition that takes any frame, in a context without files or usage statistics.

    One serves all frames of a process: Great Expectations writes its whole configuration anew for
    each, which takes as long as judging.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_pandas("warehouse")
    return source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")


def _judge(batch: Any, frame: pd.DataFrame, rule: Rule) -> Outcome:
    import great_expectations as gx

    expectation = getattr(gx.expectations, rule.expectation.type)(**rule.expectation.arguments)
    validated = batch.validate(expectation, result_format=_result_format(rule))
    # A crash inside Great Expectations comes back as a failure; it must not look like one.
    if validated.exception_info.get("raised_exception") is not False:
        return _errored(rule, f"{rule.expectation.type} raised an exception")
    result = validated.result
    rows = int(result["element_count"])
    failing = int(result["unexpected_count"])
    absent = int(result.get("missing_count") or 0)
    lowest, highest = _range(frame, rule)
    return Outcome(
        rule,
        Status.PASSED if validated.success else Status.FAILED,
        rows=rows,
        failing_rows=failing,
        missing_rows=absent,
        failing_percentage=100 * failing / (rows - absent) if rows > absent else None,
        lowest=lowest,
        highest=highest,
        failing_groups=_failing_groups(result, rule),
    )


def _result_format(rule: Rule) -> dict[str, Any]:
    """Counts only; for groups, whose rows are no people, also which of them fail."""
    if not rule.groups:
        return {"result_format": "BASIC", "partial_unexpected_count": 0}
    named = [*rule.groups, *([rule.size] if rule.size else [])]
    return {"result_format": "COMPLETE", "unexpected_index_column_names": named}


def _range(frame: pd.DataFrame, rule: Rule) -> tuple[float | None, float | None]:
    """Lowest and highest figure of the groups that are large enough to be shown."""
    if not rule.groups:
        return None, None
    shown = frame if rule.size is None else frame[frame[rule.size] >= MINIMUM_GROUP]
    figures = pd.to_numeric(shown[rule.expectation.columns[0]], errors="coerce").dropna()
    if figures.empty:
        return None, None
    lowest, highest = float(figures.min()), float(figures.max())
    # All digits of a share tell the counts that it is made of.
    return (lowest, highest) if rule.size is None else (float(round(lowest)), float(round(highest)))


def _failing_groups(result: dict[str, Any], rule: Rule) -> tuple[str, ...]:
    """The failing groups in words, the lowest figures first."""
    if not rule.groups:
        return ()
    column = rule.expectation.columns[0]
    failing = sorted(
        result.get("unexpected_index_list") or [],
        key=lambda row: (row[column], *(str(row[name]) for name in rule.groups)),
    )
    return tuple(_group_in_words(row, rule, column) for row in failing[:GROUPS_NAMED])


def _group_in_words(row: dict[str, Any], rule: Rule, column: str) -> str:
    name = " ".join(str(row[group]) for group in rule.groups)
    if rule.size is None:
        return f"{name}: {row[column]:g}"
    size = int(row[rule.size])
    if size < MINIMUM_GROUP:
        return f"{name}: fewer than {MINIMUM_GROUP}"
    # A share and its size would together tell a small count (method book, section 7).
    return f"{name}: about {5 * round(row[column] / 5)}"


def _errored(rule: Rule, error: str) -> Outcome:
    return Outcome(rule, Status.ERRORED, error=error)
