"""Counts, the four ways a check can end, and nothing of a record in any of them."""

import dataclasses
import json
from functools import cache
from typing import Any

import great_expectations as gx
import numpy as np
import pandas as pd
import pytest

from naome_assets.checks.great_expectations_adapter import GROUPS_NAMED, evaluate
from naome_assets.checks.outcome import Outcome, Status
from naome_assets.checks.rule import (
    Expectation,
    Rule,
    at_least,
    between,
    critical,
    equal,
    in_set,
    not_null,
    unique,
    warning,
)
from naome_assets.checks.suites import RULES
from naome_assets.orchestration.assets import checks as asset_checks
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.checks.engine import engine_with

#: A number of the shape of an NHS number (a published example, nobody's).
NHS_NUMBER = "9434765919"


def judge(frame: pd.DataFrame, expectation: Expectation) -> Outcome:
    [outcome] = evaluate([rule_with(expectation)], engine_with(sent=frame))
    return outcome


def rule_with(expectation: Expectation, select: str = "select * from sent") -> Rule:
    return critical("table", expectation.type, "", select, expectation, "")


@pytest.mark.parametrize(
    ("expectation", "passing", "failing"),
    [
        (in_set("a", ["x"]), {"a": ["x", None]}, {"a": ["x", "y"]}),
        (not_null("a"), {"a": ["x"]}, {"a": ["x", None]}),
        (unique("a"), {"a": ["x", "y"]}, {"a": ["x", "x"]}),
        (between("a", 0, 2), {"a": [0, 2]}, {"a": [0, 3]}),
        (between("a", None, 2), {"a": [-9, 2]}, {"a": [3]}),
        (equal("a", "b"), {"a": [1], "b": [1]}, {"a": [1], "b": [2]}),
        (at_least("a", "b"), {"a": [1, 2, None], "b": [1, 1, 9]}, {"a": [1], "b": [2]}),
        (in_set("a", ["x"], mostly=0.5), {"a": ["x", "y"]}, {"a": ["x", "y", "y"]}),
    ],
    ids=lambda value: value.words if isinstance(value, Expectation) else "",
)
def test_expectations_pass_and_fail(
    expectation: Expectation, passing: dict[str, list[object]], failing: dict[str, list[object]]
) -> None:
    assert judge(pd.DataFrame(passing), expectation).status is Status.PASSED
    assert judge(pd.DataFrame(failing), expectation).status is Status.FAILED


def test_counts_leave_missing_values_apart() -> None:
    outcome = judge(pd.DataFrame({"a": ["x", "y", "x", None]}), in_set("a", ["x"]))
    assert (outcome.rows, outcome.failing_rows, outcome.missing_rows) == (4, 1, 1)
    assert outcome.failing_percentage == pytest.approx(100 / 3)
    assert outcome.observed == "1 of 4 rows fail, 1 without a value"


EXPECTATIONS = (
    in_set("a", [-1, 0, 1], mostly=0.5),
    not_null("a", mostly=0.8),
    unique("a", mostly=0.5),
    between("a", -1, 1),
    between("a", None, 0, mostly=2 / 3),
    between("a", 0, None),
    equal("a", "b", mostly=0.5),
    at_least("a", "b", mostly=0.9),
)


@cache
def any_rows() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_pandas("rows")
    return source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")


@pytest.mark.parametrize("seed", range(6))
def test_the_engine_counts_as_great_expectations_does(seed: int) -> None:
    """The rows themselves, judged by the expectation that each condition stands for."""
    rows = np.random.default_rng(seed).choice([np.nan, -2, -1, 0, 1, 2], (2 * seed + 1, 2))
    frame = pd.DataFrame(rows, columns=["a", "b"])
    batch = any_rows().get_batch(batch_parameters={"dataframe": frame})
    for expectation in EXPECTATIONS:
        validated = batch.validate(
            getattr(gx.expectations, expectation.type)(**expectation.arguments)
        )
        outcome = judge(frame.astype("Int64"), expectation)
        assert (outcome.status is Status.PASSED) == validated.success, expectation
        assert outcome.rows == validated.result["element_count"]
        assert outcome.failing_rows == validated.result["unexpected_count"]
        assert outcome.missing_rows == validated.result.get("missing_count", 0)
        assert outcome.failing_percentage == pytest.approx(validated.result["unexpected_percent"])


def test_rules_on_the_same_rows_are_counted_at_once_and_no_row_is_fetched() -> None:
    fetch = engine_with(
        first=pd.DataFrame({"a": [1, 2], "b": [1, None]}), second=pd.DataFrame({"a": [1, 1]})
    )
    fetched: list[pd.DataFrame] = []

    def listening(select: str) -> pd.DataFrame:
        fetched.append(fetch(select))
        return fetched[-1]

    first, second = "select * from first", "select a from second"
    rules = [
        rule_with(between("a", 2, 2), first),
        dataclasses.replace(rule_with(unique("a"), second), name="on_other_rows"),
        rule_with(not_null("b"), first),
    ]
    outcomes = evaluate(rules, listening)
    assert [outcome.rule for outcome in outcomes] == rules
    assert [outcome.failing_rows for outcome in outcomes] == [1, 2, 1]
    assert [len(frame) for frame in fetched] == [1, 1]
    assert not {"a", "b"} & {name for frame in fetched for name in frame.columns}


def test_a_rule_that_cannot_be_counted_leaves_the_others_their_counts() -> None:
    rules = [rule_with(not_null("b")), rule_with(between("a", 0, 1))]
    lost, judged = evaluate(rules, engine_with(sent=pd.DataFrame({"a": [2]})))
    assert (lost.status, judged.status) == (Status.ERRORED, Status.FAILED)


def test_rows_without_any_value_fail_in_nothing() -> None:
    frame = pd.DataFrame({"a": pd.array([None, None], dtype="Int64")})
    outcome = judge(frame, between("a", 0, 1))
    assert (outcome.status, outcome.missing_rows) == (Status.PASSED, 2)
    assert outcome.failing_percentage is None


def test_no_rows_is_nothing_to_check() -> None:
    outcome = judge(pd.DataFrame({"a": []}), not_null("a"))
    assert outcome.status is Status.NOTHING_TO_CHECK
    assert outcome.passed


def test_a_missing_column_is_an_error_and_not_a_failure() -> None:
    outcome = judge(pd.DataFrame({"b": [1]}), not_null("a"))
    assert outcome.status is Status.ERRORED
    assert not outcome.passed
    assert outcome.observed == "could not be judged: the SELECT lacks the column a"


def test_values_that_cannot_be_compared_are_an_error_without_the_values() -> None:
    outcome = judge(pd.DataFrame({"a": [f"{NHS_NUMBER}x", "1"]}), between("a", 0, 1))
    assert outcome.status is Status.ERRORED
    assert NHS_NUMBER not in str(outcome)


def test_an_exception_inside_great_expectations_is_an_error() -> None:
    # A share that is no number, which counting never gives: the comparison itself raises.
    broken = dataclasses.replace(not_null("a"), arguments={"column": "a", "mostly": "all"})
    outcome = judge(pd.DataFrame({"a": [1]}), broken)
    assert outcome.status is Status.ERRORED
    assert outcome.observed == "could not be judged: Great Expectations raised an exception"


def test_a_select_that_fails_is_an_error_without_its_message() -> None:
    def fetch(_: str) -> pd.DataFrame:
        raise ValueError(f"could not convert '{NHS_NUMBER}'")

    [outcome] = evaluate([rule_with(not_null("a"))], fetch)
    assert outcome.status is Status.ERRORED
    assert outcome.error == "the SELECT failed (ValueError)"


GROUPED = warning(
    "table",
    "complete",
    "",
    "select * from sent",
    between("percentage", 90, None),
    "",
    groups=("provider", "quarter"),
    size="records",
    action="",
)


def test_failing_providers_are_named_and_small_ones_without_their_figure() -> None:
    frame = pd.DataFrame(
        {
            "provider": ["RAA", "RBB", "RCC", "RDD"],
            "quarter": ["2024-Q1"] * 4,
            "records": [50, 9, 20, 10],
            "percentage": [75.3, 11.1, 95.2, 40.2],
        }
    )
    [outcome] = evaluate([GROUPED], engine_with(sent=frame))
    assert outcome.failing_groups == (
        "RBB 2024-Q1: fewer than 10",
        "RDD 2024-Q1: about 40",
        "RAA 2024-Q1: about 75",
    )
    assert (outcome.lowest, outcome.highest) == (40.0, 95.0)


def test_only_the_worst_providers_are_named() -> None:
    frame = pd.DataFrame(
        {
            "provider": [f"R{number:02d}" for number in range(30)],
            "quarter": "2024-Q1",
            "records": 100,
            "percentage": [80.0 - number for number in range(30)],
        }
    )
    [outcome] = evaluate([GROUPED], engine_with(sent=frame))
    assert len(outcome.failing_groups) == GROUPS_NAMED
    assert outcome.failing_groups[0] == "R29 2024-Q1: about 50"
    assert outcome.failing_rows == 30


def test_no_value_of_a_record_reaches_the_event_log(changeable: DuckDBWarehouse) -> None:
    codes = ("nhs_person_id", "record_id", "sex", "ethnic_category", "provider", "cns_indication")
    assignments = ", ".join(f"{column} = '{NHS_NUMBER}'" for column in codes)
    changeable.connection.execute(
        f"update cosd_record set nhs_number_status = 'invalid', {assignments}"
    )
    for table in ("registry_record", "person", "mbc_cohort"):
        changeable.connection.execute(f"update {table} set person_id = '{NHS_NUMBER}'")
    touched = ("cosd_record", "registry_record", "person", "mbc_cohort")
    outcomes = evaluate([rule for rule in RULES if rule.asset in touched], changeable.query)
    logged = json.dumps(
        [
            {name: value.value for name, value in asset_checks.result(outcome).metadata.items()}
            for outcome in outcomes
        ]
    )
    failed = {outcome.rule.key for outcome in outcomes if outcome.status is Status.FAILED}
    assert {"cosd_record:sex_listed", "mbc_cohort:keys_hold"} <= failed
    assert "rows fail" in logged
    assert NHS_NUMBER not in logged
