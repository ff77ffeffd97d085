"""Rules are made of what they are given: expectations judge, words say so, pages are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from naome_assets.checks import generate_pages
from naome_assets.checks.great_expectations_adapter import evaluate
from naome_assets.checks.outcome import Status
from naome_assets.checks.rule import (
    FAULT_OF_THE_PIPELINE,
    Expectation,
    Rule,
    Severity,
    at_least,
    between,
    critical,
    equal,
    in_set,
    not_null,
    unique,
    warning,
)
from naome_tests.checks.engine import engine_with


@pytest.mark.parametrize(
    ("build", "words", "passing", "failing"),
    [
        (lambda: in_set("a", ["x", "y"]), "a is x or y", ["x", "y"], ["x", "z"]),
        (lambda: in_set("a", list("abcdefghi")), "a is one of 9 listed", ["i"], ["z"]),
        (lambda: in_set("a", list("abcdefgh")), f"a is {' or '.join('abcdefgh')}", ["h"], ["z"]),
        (lambda: not_null("a", mostly=0.5), "a is given, in at least 50 % of rows", ["x", None],
         ["x", None, None]),
        (lambda: unique("a", mostly=0.3), "a is not repeated, in at least 30 % of rows",
         ["x", "x", "y"], ["x", "x"]),
        (lambda: between("a", 1, 2), "a is from 1 to 2", [1, 2], [0]),
        (lambda: between("a", 2, None), "a is at least 2", [2, 99], [1]),
        (lambda: between("a", None, 2), "a is at most 2", [-99, 2], [3]),
        (lambda: between("a", 0, 0), "a is 0", [0], [1]),
        (lambda: between("a", 0, 1, mostly=0.9), "a is from 0 to 1, in at least 90 % of rows",
         [0] * 9 + [5], [0] * 8 + [5, 5]),
    ],
)  # fmt: skip
def test_an_expectation_judges_what_its_words_say(
    build: Callable[[], Expectation], words: str, passing: list[object], failing: list[object]
) -> None:
    expectation = build()
    assert expectation.words == words
    assert expectation.columns == ("a",)
    assert judged(expectation, {"a": passing}) is Status.PASSED
    assert judged(expectation, {"a": failing}) is Status.FAILED


def test_two_columns_are_compared_row_by_row() -> None:
    same, most = equal("a", "b"), equal("a", "b", mostly=0.5)
    assert (same.words, same.columns) == ("a equals b", ("a", "b"))
    assert most.words == "a equals b, in at least 50 % of rows"
    half = {"a": [1, 2], "b": [1, 3]}
    assert judged(same, half) is Status.FAILED
    assert judged(most, half) is Status.PASSED
    larger, mostly = at_least("a", "b"), at_least("a", "b", mostly=0.5)
    assert (larger.words, larger.columns) == ("a is not less than b", ("a", "b"))
    assert mostly.words == "a is not less than b, in at least 50 % of rows"
    assert judged(larger, {"a": [2, 2, None, 1], "b": [1, 2, 3, None]}) is Status.PASSED
    assert judged(larger, {"a": [2, 1], "b": [1, 2]}) is Status.FAILED
    assert judged(mostly, {"a": [2, 1], "b": [1, 2]}) is Status.PASSED


def judged(expectation: Expectation, columns: dict[str, list[object]]) -> Status:
    rule = critical("table", "name", "", "select * from sent", expectation, "")
    [outcome] = evaluate([rule], engine_with(sent=pd.DataFrame(columns)))
    return outcome.status


def test_a_rule_is_what_it_was_given() -> None:
    expectation = not_null("a")
    given = ("table", "name", "What it is.", "select a from table", expectation, "Why.")
    plain = critical(*given)
    assert plain == Rule(
        *given[:3], Severity.CRITICAL, *given[3:], FAULT_OF_THE_PIPELINE
    )  # fmt: skip
    assert critical(*given, action="Call.", after=("other",)) == Rule(
        *given[:3], Severity.CRITICAL, *given[3:], "Call.", after=("other",)
    )
    more = {
        "groups": ("provider",), "size": "records", "numerator": "those that fail",
        "denominator": "all of them", "after": ("other",),
    }  # fmt: skip
    assert warning(*given, action="Call.", **more) == Rule(
        *given[:3], Severity.WARNING, *given[3:], "Call.", **more
    )
    assert warning(*given, action="Call.") == Rule(
        *given[:3], Severity.WARNING, *given[3:], "Call."
    )


def test_groups_without_a_size_are_shown_as_they_are() -> None:
    rule = warning(
        "table",
        "name",
        "",
        "select * from sent",
        between("n", 5, None),
        "",
        action="",
        groups=("source",),
    )
    frame = pd.DataFrame({"source": ["cosd", "sact", "deaths"], "n": [3.5, 4.0, 12.25]})
    [outcome] = evaluate([rule], engine_with(sent=frame))
    assert outcome.failing_groups == ("cosd: 3.5", "sact: 4")
    assert (outcome.lowest, outcome.highest) == (3.5, 12.25)


def test_every_column_that_a_select_lacks_is_named() -> None:
    rule = critical("table", "name", "", "select * from sent", equal("a", "b"), "")
    [outcome] = evaluate([rule], engine_with(sent=pd.DataFrame({"c": [1]})))
    assert outcome.error == "the SELECT lacks the column a, b"


def test_pages_are_written_and_those_of_no_rule_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "docs" / "rules"
    written = {folder / "README.md": "All rules\n", folder / "ledger.md": "Größe\n"}
    monkeypatch.setattr(generate_pages, "pages", lambda: written)
    generate_pages.main()
    (folder / "gone.md").write_text("")
    (folder / "kept.txt").write_text("")
    generate_pages.main()
    assert {path.name for path in folder.iterdir()} == {"README.md", "ledger.md", "kept.txt"}
    assert (folder / "ledger.md").read_text("utf-8") == "Größe\n"
