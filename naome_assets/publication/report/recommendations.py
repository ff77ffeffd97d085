"""Recommendations and their status by year: a file that the audit team edits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path
from typing import Any

from naome_assets.contract.indicators import INDICATOR
from naome_assets.publication.report.team_toml import read_listed, text_faults
from naome_assets.transform.project import load_project

#: How far a recommendation is, as in the file.
STATUSES = ("open", "under_way", "met", "withdrawn")
_YEAR = re.compile(r"\d{4}")


class RecommendationsError(ValueError):
    """A file that cannot be taken: it names the file, the recommendation and the rule."""


@dataclass(frozen=True)
class Recommendation:
    """One recommendation: texts by language; the measure or key item that it is about, if any."""

    id: str
    first_year: int
    text: Mapping[str, str]
    to: Mapping[str, str]
    status: Mapping[int, str]
    measure: str = ""
    item: str = ""


@dataclass(frozen=True)
class Recommendations:
    """What is in the file; examples are said to be examples."""

    is_example: bool
    entries: tuple[Recommendation, ...]


def read_recommendations(path: Path) -> Recommendations:
    """Read and check a file.

    Raises:
        RecommendationsError: when it cannot be read, or a recommendation breaks a rule.
    """
    held, listed = read_listed(path, "recommendation", RecommendationsError)
    entries = tuple(_entry(path, at, own) for at, own in enumerate(listed, 1))
    twice = {own.id for own in entries if [other.id for other in entries].count(own.id) > 1}
    if twice:
        raise RecommendationsError(f"{path}: the id {min(twice)} is given twice")
    return Recommendations(held.get("is_example") is True, entries)


def _entry(path: Path, number: int, own: Mapping[str, Any]) -> Recommendation:
    for fault in chain(_faults(own), _status_faults(own)):
        raise RecommendationsError(f"{path}: recommendation {number}: {fault}")
    return Recommendation(
        id=own["id"],
        first_year=own["first_year"],
        text=own["text"],
        to=own["to"],
        status={int(year): said for year, said in own["status"].items()},
        measure=own.get("measure", ""),
        item=own.get("item", ""),
    )


def _faults(own: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a recommendation, its status aside."""
    unknown = set(own) - {field.name for field in fields(Recommendation)}
    if unknown:
        yield f"'{min(unknown)}' is not known"
    if not isinstance(own.get("id"), str) or not own["id"].strip():
        yield "id is a text"
    if type(own.get("first_year")) is not int:
        yield "first_year is a year, such as 2024"
    for name in ("text", "to"):
        yield from text_faults(name, own.get(name))
    if own.get("measure", "") not in {"", *INDICATOR}:
        yield f"measure '{own['measure']}' is no indicator"
    if own.get("item", "") not in {"", *load_project().variables["quality_items"]}:
        yield f"item '{own['item']}' is no key item"


def _status_faults(own: Mapping[str, Any]) -> Iterator[str]:
    status = own.get("status")
    if not isinstance(status, Mapping) or not status:
        yield "status has a line for each year"
        return
    for year, said in status.items():
        if _YEAR.fullmatch(year) is None or int(year) < own["first_year"]:
            yield f"status of '{year}': a year, not before first_year"
        if said not in STATUSES:
            yield f"status of {year}: one of {', '.join(STATUSES)}"
