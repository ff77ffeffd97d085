"""A nation against itself: each quarter of a measure between process limits (XmR)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from naome_assets.contract.dimensions import QUARTER
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.annual import few_people
from naome_assets.publication.report.exhibits.exhibit import Exhibit, present, text_table
from naome_assets.publication.report.measures import Measure
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, number
from naome_assets.quarters import Quarter
from naome_assets.statistics.process import process

#: Fewer quarters have no limits (Making Data Count).
LEAST_QUARTERS = 12


def of_nation(edition: Edition, place: Place) -> list[Exhibit]:
    """The measures that have quarters enough."""
    return present(_chart(edition, place, measure) for measure in edition.measures)


def _quarters(edition: Edition, place: Place, measure: Measure) -> list[Row]:
    """The last quarters without a gap: followed in full, of the same nations, of people enough."""
    figures = edition.figures
    end = figures.quarter.last_day - timedelta(days=measure.followed_days)
    found: list[Row] = []
    for row in measure.rows(figures, place.key, QUARTER):
        quarter = Quarter.parse(str(row["quarter"]))
        if quarter.last_day > end:
            break
        is_shown = (
            measure.of(row) is not None
            and (number(row, measure.denominator) or 0) >= few_people()
            and figures.is_comparable(place.key, str(quarter))
        )
        is_next = not found or Quarter.parse(str(found[-1]["quarter"])).next == quarter
        # A quarter that is not shown, or not there, ends the row.
        kept = found if is_next else []
        found = [*kept, row] if is_shown else []
    return found


def _chart(edition: Edition, place: Place, measure: Measure) -> Exhibit | None:
    words = edition.words
    rows = _quarters(edition, place, measure)
    if len(rows) < LEAST_QUARTERS:
        return None
    values = [measure.of(row) or 0.0 for row in rows]
    found = process(values)
    causes = [
        "; ".join(words(f"process.causes.{cause}") for cause in sorted(own)) for own in found.causes
    ]
    title = edition.title(measure)
    key = f"process-{place.code}-{measure.key}"
    signals = sum(map(bool, causes))
    chart = charts.xmr(
        charts.Heading(
            key,
            f"{title}: {edition.name(place)}",
            words("process.describe", number=str(signals)),
        ),
        [
            charts.ProcessPoint(words.last_month_short(str(row["quarter"])), value, cause)
            for row, value, cause in zip(rows, values, causes, strict=True)
        ],
        charts.ProcessLimits(found.mean, found.lower, found.upper, found.range_limit),
        charts.ProcessWords(
            value=edition.percent_of(measure),
            moving_range=words("process.range"),
            mean=words("process.mean", mean=f"{found.mean:.1f}"),
            limits=words("process.limits"),
            high=words("process.high"),
            low=words("process.low"),
        ),
    )
    ranges = [words("none.short"), *(f"{own:.1f}" for own in found.ranges)]
    names = ("quarter", "people", "percent", "range", "cause")
    body = [
        [
            words.quarter(str(row["quarter"])),
            words.cell(row, measure.denominator),
            words.percent(row, measure.value),
            moved,
            cause or words("process.common"),
        ]
        for row, moved, cause in zip(rows, ranges, causes, strict=True)
    ]
    head = [words(f"process.columns.{name}") for name in names]
    table = replace(text_table(title, head, body[::-1]), left=(len(head) - 1,))
    limits = words.percent_limits(found.lower, found.upper)
    note = words("process.note", mean=f"{found.mean:.1f}", limits=limits)
    return Exhibit(key, title, chart, table, notes=[note])
