"""Standards that measures are held against: a file that the audit team edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from naome_assets.publication.report.measures import MEASURES
from naome_assets.publication.report.team_toml import read_listed, text_faults


class StandardsError(ValueError):
    """A file that cannot be taken: it names the file, the standard and the rule."""


@dataclass(frozen=True)
class Standard:
    """A standard of a measure.

    Attributes:
        measure: its key.
        percent: of people, at least.
        is_same: whether the measure counts what the standard does; one that does not is no judge.
        source: who set it, and what it says, by language.
        url: where it stands.
    """

    measure: str
    percent: float
    is_same: bool
    source: Mapping[str, str]
    url: str

    def achieved(self, lower: float, upper: float) -> str:
        """Whether limits of a figure lie above the standard, below it, or on both sides."""
        if lower >= self.percent:
            return "met"
        return "not_met" if upper < self.percent else "not_sure"


def read_standards(path: Path) -> dict[str, Standard]:
    """Read and check a file.

    Returns:
        Standards by the key of their measure.

    Raises:
        StandardsError: when it cannot be read, or a standard breaks a rule.
    """
    _, listed = read_listed(path, "standard", StandardsError)
    found: dict[str, Standard] = {}
    for number, own in enumerate(listed, 1):
        for fault in _faults(own):
            raise StandardsError(f"{path}: standard {number}: {fault}")
        standard = Standard(**own)
        if standard.measure in found:
            raise StandardsError(f"{path}: standard {number}: {standard.measure} has one already")
        found[standard.measure] = standard
    return found


def _faults(own: Mapping[str, Any]) -> Iterator[str]:
    odd = set(own) ^ {field.name for field in fields(Standard)}
    if odd:
        yield f"'{min(odd)}' is missing or not known"
        return
    if own["measure"] not in {measure.key for measure in MEASURES}:
        yield f"measure '{own['measure']}' is none of the report"
    if type(own["percent"]) not in (int, float) or not 0 < own["percent"] <= 100:
        yield "percent is a number up to 100"
    if type(own["is_same"]) is not bool:
        yield "is_same is true or false"
    yield from text_faults("source", own["source"])
    if not isinstance(own["url"], str) or not own["url"].startswith("https://"):
        yield "url begins with https://"
