"""How well the pipeline finds the defects that were put into a synthetic landing.

``python -m naome_assets.synthetic.score --landing DIR [--warehouse URL]`` compares the quarantine
and the ledger of a run with ``synthetic-manifest.csv``, and prints precision and recall by rule.
It reads only; the pipeline itself knows nothing of the manifest.

A defect can break further rules (an event in 1823 lies before the birth): a fault found in a
record with a known defect is a consequence, listed apart, and neither found nor invented. Files
are compared by their status and their reason.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
import pandas as pd

from naome_assets.publication.markdown import markdown_table
from naome_assets.settings import Settings
from naome_assets.synthetic.manifest import FILE_NAME, ManifestRow
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse, WarehouseError

#: What the manifest expects of a defect that the pipeline must name.
NAMED_EFFECTS: Final = ("error", "warning", "rejected")
#: What it expects of a record that another one replaces.
SUPERSEDED: Final = "superseded"

#: A fault: file, position (0 for the file as a whole) and rule.
Fault = tuple[str, int, str]


@dataclass(frozen=True)
class RuleScore:
    """The faults of one rule.

    Attributes:
        rule: as in quarantine_rule, or the reason of the ledger.
        injected: put there by the generator.
        found: of these, named by the pipeline.
        consequences: named in a record (or file) into which another defect was put.
        invented: named where nothing was put.
    """

    rule: str
    injected: int
    found: int
    consequences: int
    invented: int

    @property
    def recall(self) -> float | None:
        """Share of the injected that were found, 0 to 1; None when nothing was injected."""
        return self.found / self.injected if self.injected else None

    @property
    def precision(self) -> float | None:
        """Share of the named that were put there, consequences apart; None when none was named."""
        named = self.found + self.invented
        return self.found / named if named else None


@dataclass(frozen=True)
class Score:
    """A whole landing.

    Attributes:
        rules: by rule, and ``superseded`` for records that another replaces.
        missed: faults that were put there and not named.
        invented: faults that were named where nothing was put.
        normalised: defects that must be read as if they were clean.
        accused: of these, those in records that were named nevertheless.
        files: files in the ledger.
        records: records received.
    """

    rules: tuple[RuleScore, ...]
    missed: frozenset[Fault]
    invented: frozenset[Fault]
    normalised: int
    accused: int
    files: int
    records: int

    @property
    def total(self) -> RuleScore:
        """All rules together."""
        return RuleScore(
            "all",
            sum(rule.injected for rule in self.rules),
            sum(rule.found for rule in self.rules),
            sum(rule.consequences for rule in self.rules),
            sum(rule.invented for rule in self.rules),
        )


def read_manifest(landing: Path) -> list[ManifestRow]:
    """The manifest of a landing folder.

    Raises:
        FileNotFoundError: when the landing was not generated.
    """
    with (landing / FILE_NAME).open(encoding="utf-8", newline="") as file:
        return [
            ManifestRow(
                row["file"], int(row["position"]), row["defect"], row["expected"], row["rule"]
            )
            for row in csv.DictReader(file)
        ]


def score(warehouse: Warehouse, landing: Path) -> Score:
    """Compare what a run found with what was put into its landing."""
    manifest = read_manifest(landing)
    injected = {
        (row.file, row.position, row.rule) for row in manifest if row.expected in NAMED_EFFECTS
    }
    normalised = {(row.file, row.position) for row in manifest if row.expected == "normalised"}
    found = _found(warehouse)
    touched = {fault[:2] for fault in injected}
    missed = injected - found
    extra = found - injected
    invented = {fault for fault in extra if fault[:2] not in touched}
    counts = {
        name: Counter(rule for _, _, rule in faults)
        for name, faults in (
            ("injected", injected),
            ("found", injected & found),
            ("consequences", extra - invented),
            ("invented", invented),
        )
    }
    rules = [
        RuleScore(rule, *(counts[name][rule] for name in counts))
        for rule in sorted({rule for _, _, rule in injected | found})
    ]
    ((files, records),) = warehouse.query(
        "select count(*) as files, cast(sum(received) as bigint) as records from ledger"
    ).itertuples(index=False)
    return Score(
        (*rules, _superseded(warehouse, manifest)),
        frozenset(missed),
        frozenset(invented),
        len(normalised),
        len(normalised & {fault[:2] for fault in invented}),
        int(files),
        int(records),
    )


def _found(warehouse: Warehouse) -> set[Fault]:
    """What the quarantine and the ledger name; a reason of the ledger begins with its rule."""
    rows = warehouse.query("select file, position, rule from quarantine")
    found = {(str(file), int(place), str(rule)) for file, place, rule in rows.to_numpy()}
    reasons = warehouse.query("select file, reason from ledger where reason is not null")
    for file, reason in reasons.to_numpy():
        found |= {(str(file), 0, rule) for rule in _rules_of(str(reason))}
    return found


def _rules_of(reason: str) -> Iterable[str]:
    """The rules of a ledger's reason; the same content twice is judged by its records."""
    rules = (part.split(":")[0].strip() for part in reason.split("; "))
    return (rule for rule in rules if rule != "same_content")


def _superseded(warehouse: Warehouse, manifest: Iterable[ManifestRow]) -> RuleScore:
    """Records replaced: the ledger has them by file, so that counts are compared."""
    expected: dict[str, int] = defaultdict(int)
    for row in manifest:
        if row.expected == SUPERSEDED and row.position > 0:
            expected[row.file] += 1
    ledger = warehouse.query("select file, superseded from ledger")
    observed = {str(file): int(count) for file, count in ledger.to_numpy()}
    files = expected.keys() | observed.keys()
    found = sum(min(expected.get(file, 0), observed.get(file, 0)) for file in files)
    return RuleScore(SUPERSEDED, sum(expected.values()), found, 0, sum(observed.values()) - found)


def report(scored: Score) -> str:
    """The score as Markdown: a sentence, then a row a rule."""
    frame = pd.DataFrame(
        [
            {
                "rule": rule.rule,
                "put in": rule.injected,
                "found": rule.found,
                "missed": rule.injected - rule.found,
                "invented": rule.invented,
                "consequences": rule.consequences,
                "recall": _percentage(rule.recall),
                "precision": _percentage(rule.precision),
            }
            for rule in (*scored.rules, scored.total)
        ]
    )
    return (
        f"{scored.files:,} files with {scored.records:,} records. Of {scored.normalised:,} records "
        f"and files with a defect that must be read as if it were clean, {scored.accused:,} were "
        f"named.\n\n{markdown_table(frame)}\n"
    )


def _percentage(share: float | None) -> str:
    """Cut, not rounded: 100 % says that not one is wrong."""
    return "" if share is None else f"{math.floor(share * 1e4) / 100:.2f} %"


@click.command()
@click.option("--landing", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--warehouse", help="SQLAlchemy URL (NAOME_WAREHOUSE).")
def main(landing: Path | None, warehouse: str | None) -> None:
    """Print precision and recall by rule; ends with 1 where a fault was missed or invented."""
    settings = Settings.from_environment()
    try:
        opened = open_warehouse(warehouse or settings.warehouse, read_only=True)
        try:
            scored = score(opened, landing or settings.landing)
        finally:
            opened.close()
    except (WarehouseError, FileNotFoundError) as error:
        raise click.UsageError(str(error)) from error
    click.echo(report(scored))
    total = scored.total
    sys.exit(int(total.injected != total.found or total.invented > 0))


if __name__ == "__main__":
    main()
