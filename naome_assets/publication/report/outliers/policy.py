"""What is done about an outlier, stage by stage: a file that the audit team edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from naome_assets.publication.report.team_toml import read_listed, text_faults

LEVELS = ("alert", "alarm")


class PolicyError(ValueError):
    """A file that cannot be taken: it names the file, the stage and the rule."""


@dataclass(frozen=True)
class Stage:
    """A stage: who does what, by language; for which levels; in how many working days, if any."""

    who: Mapping[str, str]
    what: Mapping[str, str]
    levels: tuple[str, ...]
    days: int = 0


@dataclass(frozen=True)
class Policy:
    """The stages in their order; an example is said to be one."""

    is_example: bool
    stages: tuple[Stage, ...]


def read_policy(path: Path) -> Policy:
    """Read and check a file.

    Raises:
        PolicyError: when it cannot be read, or a stage breaks a rule.
    """
    held, listed = read_listed(path, "stage", PolicyError)
    stages = []
    for number, own in enumerate(listed, 1):
        for fault in _faults(own):
            raise PolicyError(f"{path}: stage {number}: {fault}")
        stages.append(Stage(own["who"], own["what"], tuple(own["levels"]), own.get("days", 0)))
    return Policy(held.get("is_example") is True, tuple(stages))


def _faults(own: Mapping[str, Any]) -> Iterator[str]:
    unknown = set(own) - {field.name for field in fields(Stage)}
    if unknown:
        yield f"'{min(unknown)}' is not known"
    for name in ("who", "what"):
        yield from text_faults(name, own.get(name))
    levels = own.get("levels")
    if not isinstance(levels, list) or not levels or any(one not in LEVELS for one in levels):
        yield f"levels are of {', '.join(LEVELS)}"
    days = own.get("days", 0)
    if type(days) is not int or days < 0:
        yield "days is a number of working days"
