"""Key findings in words, from published figures by rules that can be read (docs/report.md).

Each rule looks at rows that stand on pages: of England and Wales, and the published comparisons of
trusts and health boards. A finding says no number that is not published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from naome_assets.contract.dimensions import COMPARED_PERIOD, FOLLOWED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.annual import difference, few_people
from naome_assets.publication.report.exhibits.exhibit import Estimate
from naome_assets.publication.report.exhibits.measures import limited
from naome_assets.publication.report.exhibits.quality import item_codes, items_of
from naome_assets.publication.report.figures import ENGLAND_AND_WALES
from naome_assets.publication.report.measures import Measure
from naome_assets.publication.report.words import Row, number, signed
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project

#: Variation is looked for among measures by which so many places are compared [ours].
LEAST_COMPARED = 5


@dataclass(frozen=True)
class Change:
    """A measure of two windows of twelve months, a year apart, with 99.8 % limits of the change."""

    measure: Measure
    before: Row
    now: Row
    change: float
    lower: float
    upper: float

    @property
    def is_sure(self) -> bool:
        """Whether the limits leave out no change."""
        return self.lower > 0 or self.upper < 0


def findings(edition: Edition) -> list[str]:
    """The findings in order; each rule that finds nothing says so."""
    return [_largest_change(edition), _widest_variation(edition), *_worst_recorded(edition)]


def changes(edition: Edition) -> Iterator[Change]:
    """Each measure of England and Wales: the last twelve months followed in full, a year before."""
    variables, figures = load_project().variables, edition.figures
    wider = float(variables["z_998"]) / float(variables["z_95"])
    for measure in edition.measures:
        end = figures.quarter.last_day - timedelta(days=measure.followed_days)
        rows = {
            Quarter.parse(str(row["quarter"])): row
            for row in measure.rows(figures, ENGLAND_AND_WALES, FOLLOWED_PERIOD)
            if row.get("complete", True)
            and (number(row, measure.denominator) or 0) >= few_people()
            and figures.is_comparable(ENGLAND_AND_WALES, str(row["quarter"]))
        }
        known = [quarter for quarter in rows if quarter.last_day <= end]
        if not known or max(known) + -4 not in rows:
            continue
        before, now = rows[max(known) + -4], rows[max(known)]
        found = difference(*(_wider(limited(measure, row), wider) for row in (before, now)))
        if found is not None:
            yield Change(measure, before, now, *found)


def _wider(own: Estimate, factor: float) -> Estimate:
    """Limits so many times as far from the value."""
    value, lower, upper = own
    if value is None or lower is None or upper is None:
        return own
    return value, value - factor * (value - lower), value + factor * (upper - value)


def _largest_change(edition: Edition) -> str:
    words = edition.words
    sure = [found for found in changes(edition) if found.is_sure]
    if not sure:
        return words("findings.no_change")
    found = max(sure, key=lambda own: abs(own.change))
    return words(
        "findings.rose" if found.change > 0 else "findings.fell",
        measure=edition.title(found.measure),
        before=words.percent(found.before, found.measure.value),
        now=words.percent(found.now, found.measure.value),
        month_before=words.last_month(str(found.before["quarter"])),
        month=words.last_month(str(found.now["quarter"])),
        change=signed(f"{found.change:.1f}"),
        lower=signed(f"{found.lower:.1f}"),
        upper=signed(f"{found.upper:.1f}"),
    )


def _widest_variation(edition: Edition) -> str:
    words = edition.words
    best: tuple[float, float] = (0.0, 0.0)
    text = words("findings.no_variation")
    for measure in edition.measures:
        rows = [
            measure.row(edition.figures, place.key, COMPARED_PERIOD)
            for place in edition.places.providers
        ]
        flags = [own for row in rows if isinstance(own := (row or {}).get(measure.outlier), str)]
        if len(flags) < LEAST_COMPARED:
            continue
        counts = {name: flags.count(name) for name in set(flags)}
        low, high = counts.get("alarm_low", 0), counts.get("alarm_high", 0)
        share = (low + high) / len(flags), 1 - counts.get("within", 0) / len(flags)
        if low + high and share > best:
            best = share
            text = words(
                "findings.variation",
                measure=edition.title(measure),
                compared=str(len(flags)),
                low=str(low),
                high=str(high),
            )
    return text


def _worst_recorded(edition: Edition) -> list[str]:
    words = edition.words
    known = {
        item: row
        for item, row in items_of(edition, ENGLAND_AND_WALES).items()
        if number(row, "completeness_pct") is not None
    }
    if not known:
        return []
    item = min(known, key=lambda own: number(known[own], "completeness_pct") or 0.0)
    row = known[item]
    return [
        words(
            "findings.recorded",
            item=words(f"items.{item}"),
            codes=item_codes(item),
            percent=words.percent(row, "completeness_pct"),
            records=words.cell(row, "records"),
        )
    ]
