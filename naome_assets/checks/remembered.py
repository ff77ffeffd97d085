"""Rules are judged when their rows or they themselves changed; else what they found last holds.

The rows of a rule are known by the versions of every table that its SELECT names. A rule that
holds publication back and did not pass is judged again by every run, as is one that could not be
judged: what a run knows to be wrong it looks at itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from naome_assets.checks.great_expectations_adapter import evaluate
from naome_assets.checks.outcome import Outcome, Status
from naome_assets.checks.rule import Rule
from naome_assets.contract.published_tables import PUBLISHED_TABLES, published_name
from naome_assets.contract.submissions import TABLES
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.transform.project import load_project
from naome_assets.versions.code import code_of, digest, libraries, tables_in
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.declared_tables import metadata

_CHECK_OUTCOME = metadata.tables["check_outcome"]


@dataclass(frozen=True)
class Judged:
    """What came of a rule, and when.

    Attributes:
        outcome: what it found.
        since: the run that found it, where nothing of it changed since; empty when it was judged
            now.
    """

    outcome: Outcome
    since: str = ""


def judge(rules: Sequence[Rule], memory: Memory) -> list[Judged]:
    """Judge rules of one table, or take what they found last, in their order."""
    [asset] = {rule.asset for rule in rules}
    held = {
        row["rule"]: row
        for row in memory.warehouse.arrow(
            f"select * from check_outcome where asset = '{asset}'"  # noqa: S608
        ).to_pylist()
    }
    made_of = {rule.name: _made_of(rule, memory) for rule in rules}
    standing = {
        rule.name: Judged(_outcome(rule, held[rule.name]["outcome"]), held[rule.name]["run"] or "?")
        for rule in rules
        if rule.name in held
        and not memory.is_full
        and json.loads(held[rule.name]["made_of"]) == made_of[rule.name]
        and all(made_of[rule.name].values())
    }
    standing = {name: judged for name, judged in standing.items() if _holds(judged.outcome)}
    asked = [rule for rule in rules if rule.name not in standing]
    now = {outcome.rule.name: outcome for outcome in evaluate(asked, memory.warehouse.query)}
    if now:
        for name, outcome in now.items():
            held[name] = {
                "asset": asset,
                "rule": name,
                "made_of": json.dumps(made_of[name], sort_keys=True),
                "outcome": _text(outcome),
                "run": memory.run,
            }
        with memory.warehouse.transaction():
            memory.warehouse.delete_where(_CHECK_OUTCOME, asset=asset)
            memory.warehouse.insert(_CHECK_OUTCOME, list(held.values()))
    return [standing.get(rule.name) or Judged(now[rule.name]) for rule in rules]


def _holds(outcome: Outcome) -> bool:
    """Whether what was found need not be found again."""
    return outcome.passed or (outcome.status is Status.FAILED and not outcome.rule.is_critical)


def _made_of(rule: Rule, memory: Memory) -> dict[str, str]:
    own = {
        "its SELECT and threshold": digest(repr(replace(rule, description="", action=""))),
        "its code": code_of("naome_assets.checks.great_expectations_adapter"),
        "libraries": libraries(),
    }
    return own | memory.inputs(tables_in(rule.select, _tables()))


@cache
def _tables() -> frozenset[str]:
    project = load_project()
    published = {published_name(table) for table in PUBLISHED_TABLES}
    return frozenset(
        {
            *(table.name for table in TABLES),
            *project.models,
            *project.seeds,
            *COMPUTED,
            *published,
            "revision",
            "publication_vintage",
        }
    )


def _text(outcome: Outcome) -> str:
    return json.dumps(
        {
            "status": outcome.status.value,
            "rows": outcome.rows,
            "failing_rows": outcome.failing_rows,
            "missing_rows": outcome.missing_rows,
            "failing_percentage": outcome.failing_percentage,
            "lowest": outcome.lowest,
            "highest": outcome.highest,
            "failing_groups": outcome.failing_groups,
            "error": outcome.error,
        }
    )


def _outcome(rule: Rule, text: str) -> Outcome:
    told = json.loads(text)
    return Outcome(
        rule,
        **{
            **told,
            "status": Status(told["status"]),
            "failing_groups": tuple(told["failing_groups"]),
        },
    )
