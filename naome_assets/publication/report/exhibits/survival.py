"""Survival from the MBC date."""

from __future__ import annotations

from naome_assets.contract.dimensions import PRESENTATIONS, day_of
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.curves import curve, followed_by_enough, point_cells
from naome_assets.publication.report.exhibits.exhibit import (
    Exhibit,
    heading,
    present,
    text_table,
)
from naome_assets.publication.report.places import Place


def of_nation(edition: Edition, place: Place) -> list[Exhibit]:
    """What the page of a nation shows."""
    return present([kaplan_meier(edition, place)])


def kaplan_meier(edition: Edition, place: Place) -> Exhibit | None:
    """Kaplan-Meier curves of a nation, by presentation."""
    figures, words = edition.figures, edition.words
    curves = []
    for kind in PRESENTATIONS:
        rows = followed_by_enough(
            figures.rows(
                "survival_curve", place.key, quarter=str(figures.quarter), presentation=kind
            )
        )
        if rows:
            name = words(f"presentation.{kind}")
            curves.append(curve(name, rows, "survival", "lower_95", "upper_95"))
    if not curves:
        return None
    ticks = [
        (float(day_of(6 * half)), words("axis.years", years=f"{half / 2:g}")) for half in range(7)
    ]
    title = words("survival.title")
    chart = charts.survival(
        heading(edition, "survival-curves", title, place, "describe.survival"),
        curves,
        ticks,
        words("survival.axis"),
        words("axis.years_from_mbc"),
        words("survival.at_risk"),
    )
    head = [words("table.time")]
    for drawn in curves:
        head += [drawn.name, words("table.interval"), words("survival.at_risk")]
    body = [
        [name, *(text for drawn in curves for text in point_cells(words, drawn, day))]
        for day, name in ticks
    ]
    notes = [words("survival.never_die"), words("survival.kaplan_meier")]
    return Exhibit("survival-curves", title, chart, text_table(title, head, body), notes=notes)
