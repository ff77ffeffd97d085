"""Checks a CSV file against what Scotland or Northern Ireland would have to send.

``python -m naome_assets.sources.uk_contract FILE`` prints what is wrong by row and rule, never a
value, and exits with 1. Nothing of such a file is loaded: neither nation sends one yet.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import click

#: Pairs of dates of which the first is never later.
_IN_ORDER = (
    ("birth_month", "diagnosis_date"),
    ("diagnosis_date", "mbc_date"),
    ("mbc_date", "death_date"),
    ("mbc_date", "followed_to"),
    ("death_date", "followed_to"),
    ("first_treatment_date", "followed_to"),
)
_LOOKBACK = dt.timedelta(days=31)


@dataclass(frozen=True)
class Breach:
    """A row that breaks the contract: its 1-based number (0 for the head), and the rule."""

    row: int
    rule: str


def schema() -> dict[str, Any]:
    """The contract of a row, as JSON Schema."""
    text = (resources.files("naome_assets.sources") / "uk_person.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def breaches(path: Path) -> Iterator[Breach]:
    """What in a file breaks the contract, in order of rows.

    Raises:
        UnicodeDecodeError: when the file is not UTF-8.
    """
    from jsonschema import Draft202012Validator, FormatChecker

    contract = schema()
    judge = Draft202012Validator(contract, format_checker=FormatChecker(["date"]))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        head = list(rows.fieldnames or [])
        if sorted(head) != sorted(contract["properties"]):
            yield Breach(0, "the head does not name every column of the contract exactly once")
            return
        seen: set[str] = set()
        for number, cells in enumerate(rows, start=1):
            if None in cells or None in cells.values():
                yield Breach(number, "the row has more or fewer cells than the head")
                continue
            row = {name: value for name, value in cells.items() if value != ""}
            rules = {_rule(error) for error in judge.iter_errors(row)}
            if not rules:
                rules = set(_out_of_order(row))
            if row.get("person_id", "") in seen:
                rules.add("person_id: is in an earlier row too")
            seen.add(row.get("person_id", ""))
            yield from (Breach(number, rule) for rule in sorted(rules))


def _rule(error: Any) -> str:
    """Where a row breaks which rule, without the value, which the library's message holds."""
    column = ".".join(map(str, error.absolute_path))
    if error.validator == "required":
        missing = sorted(set(error.validator_value) - set(error.instance))
        return f"{', '.join(missing)}: missing"
    if error.validator == "dependentRequired":
        return "first_treatment and its date: one without the other"
    if error.validator == "anyOf":
        return "mbc_evidence: stage_at_diagnosis without stage 4 or M 1"
    return f"{column}: {error.validator} broken"


def _out_of_order(row: Mapping[str, str]) -> Iterator[str]:
    for earlier, later in _IN_ORDER:
        if earlier in row and later in row and row[earlier] > row[later]:
            yield f"{earlier}: later than {later}"
    treated = row.get("first_treatment_date")
    if treated is not None:
        first = dt.date.fromisoformat(row["mbc_date"]) - _LOOKBACK
        if dt.date.fromisoformat(treated) < first:
            yield "first_treatment_date: over 31 days before mbc_date"


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(path: Path) -> None:
    """Check a CSV file of people with metastatic breast cancer against the contract."""
    found = 0
    for breach in breaches(path):
        click.echo(f"row {breach.row}: {breach.rule}")
        found += 1
    click.echo(f"{found} breaches" if found else "the file keeps the contract")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
