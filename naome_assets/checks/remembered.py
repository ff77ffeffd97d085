"""Rules are judged when their rows or they themselves changed; else what they found last holds.

The rows of a rule are known by the versions of every table that its SELECT names. A rule that
holds publication back and did not pass is judged again by every run, as is one that could not be
judged: what a run knows to be wrong it looks at itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

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
    held = _held(memory, f"where asset = '{asset}'")
    standing = _standing(rules, memory, held)
    asked = [rule for rule in rules if rule.name not in standing]
    now = {outcome.rule.name: outcome for outcome in evaluate(asked, memory.warehouse.query)}
    if now:
        rows = {name: row for (_, name), row in held.items()}
        for rule in asked:
            rows[rule.name] = {
                "asset": asset,
                "rule": rule.name,
                "made_of": json.dumps(_made_of(rule, memory), sort_keys=True),
                "outcome": _text(now[rule.name]),
                "run": memory.run,
            }
        with memory.warehouse.transaction():
            memory.warehouse.delete_where(_CHECK_OUTCOME, asset=asset)
            memory.warehouse.insert(_CHECK_OUTCOME, list(rows.values()))
    return [standing.get(rule.name) or Judged(now[rule.name]) for rule in rules]


def to_be_judged(rules: Sequence[Rule], memory: Memory) -> list[str]:
    """The rules of any tables whose last outcome does not hold any more."""
    held = _held(memory, "")
    by_asset: dict[str, list[Rule]] = {}
    for rule in rules:
        by_asset.setdefault(rule.asset, []).append(rule)
    return [
        rule.key
        for of_asset in by_asset.values()
        for standing in [_standing(of_asset, memory, held)]
        for rule in of_asset
        if rule.name not in standing
    ]


def warnings_held(memory: Memory) -> int:
    """How many rules failed that hold nothing back."""
    return sum(
        json.loads(row["outcome"])["status"] in ("failed", "errored")
        for row in _held(memory, "").values()
    )


def _held(memory: Memory, where: str) -> dict[tuple[str, str], dict[str, Any]]:
    rows = memory.warehouse.arrow(f"select * from check_outcome {where}")  # noqa: S608
    return {(row["asset"], row["rule"]): row for row in rows.to_pylist()}


def _standing(
    rules: Sequence[Rule], memory: Memory, held: Mapping[tuple[str, str], dict[str, Any]]
) -> dict[str, Judged]:
    """Rules of one table whose last outcome holds, by name."""
    standing: dict[str, Judged] = {}
    for rule in [] if memory.is_full else rules:
        row = held.get((rule.asset, rule.name))
        if row is None:
            continue
        made_of = _made_of(rule, memory)
        if json.loads(row["made_of"]) != made_of or not all(made_of.values()):
            continue
        outcome = _outcome(rule, row["outcome"])
        if _holds(outcome):
            standing[rule.name] = Judged(outcome, row["run"] or "outside Dagster")
    return standing


def _holds(outcome: Outcome) -> bool:
    """Whether what was found need not be found again."""
    return outcome.passed or (outcome.status is Status.FAILED and not outcome.rule.is_critical)


def _made_of(rule: Rule, memory: Memory) -> dict[str, str]:
    own = {
        "its SELECT and threshold": digest(repr(replace(rule, description="", action=""))),
        "its code": code_of("naome_assets.checks.great_expectations_adapter"),
        "libraries": libraries(),
    }
    # A table of no known version, as one that naome did not make, is judged by every run.
    return own | memory.inputs({rule.asset, *rule.after} | tables_in(rule.select, _tables()))


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
