"""The first treatment: how soon it begins, what it is, and who died before it."""

from __future__ import annotations

from naome_assets.contract.dimensions import COMPARED_PERIOD, MODALITIES, PRESENTATIONS, day_of
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits import measures
from naome_assets.publication.report.exhibits.curves import by_day, curve, point_cells
from naome_assets.publication.report.exhibits.exhibit import (
    Exhibit,
    heading,
    present,
    text_table,
)
from naome_assets.publication.report.exhibits.prevalence import LAYERS
from naome_assets.publication.report.measures import WITHIN_31_DAYS, WITHIN_62_DAYS
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, number

#: Of so many months the measures have their own figures (31 and 62 days).
_MONTHS_OF_MEASURES = 2


def of_nation(edition: Edition, place: Place) -> list[Exhibit]:
    """What the page of a nation shows."""
    return present(
        [
            days(edition, place),
            cumulative_incidence(edition, place),
            measures.by_presentation(edition, place, WITHIN_31_DAYS),
            measures.by_presentation(edition, place, WITHIN_62_DAYS),
            measures.trend(edition, place, WITHIN_31_DAYS, compare=False),
            modalities(edition, place),
        ]
    )


def of_place(edition: Edition, place: Place) -> list[Exhibit]:
    """What the page of a place shows."""
    return present([days(edition, place), modalities(edition, place)])


def days(edition: Edition, place: Place) -> Exhibit | None:
    """Quartiles of the days to the first treatment, by presentation."""
    words = edition.words
    rows = {
        words(f"presentation.{kind}"): _row(edition, place, "any", kind) for kind in PRESENTATIONS
    }
    if rows[words("presentation.all")] is None:
        return None
    title = words("treatment.days")
    chart = charts.spread_plot(
        heading(edition, "treatment-days", title, place, "describe.spread"),
        [
            charts.Spread(
                name,
                words("treatment.median_days", days=words.cell(row, "median_days")),
                number(row, "lower_quartile_days"),
                number(row, "median_days"),
                number(row, "upper_quartile_days"),
            )
            for name, row in rows.items()
        ],
        words("axis.days_from_mbc"),
    )
    is_empty = all(number(row, "lower_quartile_days") is None for row in rows.values())
    columns = (
        "patients", "treated", "died_untreated", "censored", "lower_quartile_days", "median_days",
        "upper_quartile_days",
    )  # fmt: skip
    head = [words("table.presentation"), *(words(f"treatment.columns.{c}") for c in columns)]
    body = [[name, *(words.cell(row, column) for column in columns)] for name, row in rows.items()]
    return Exhibit(
        "treatment-days",
        title,
        "" if is_empty else chart,
        text_table(title, head, body),
        notes=[*edition.notes(WITHIN_31_DAYS), words("treatment.late")],
    )


def modalities(edition: Edition, place: Place) -> Exhibit | None:
    """What the first treatment was, by presentation."""
    words = edition.words
    kinds = ("all", *LAYERS)
    rows = {
        (modality, kind): _row(edition, place, modality, kind)
        for modality in MODALITIES
        for kind in kinds
    }
    shown = [modality for modality in MODALITIES if rows[modality, "all"] is not None]
    if not shown:
        return None
    title = words("treatment.first")
    names = [words(f"modality.{modality}") for modality in shown]
    layers = [
        charts.Layer(
            words(f"presentation.{kind}"),
            [number(rows[modality, kind], "treated") for modality in shown],
        )
        for kind in LAYERS
    ]
    chart = charts.stacked_bars(
        heading(edition, "first-treatment", title, place, "describe.stacked"),
        names,
        layers,
        words("treatment.people"),
    )
    is_empty = all(count is None for layer in layers for count in layer.counts)
    head = [words("table.modality"), *(words(f"presentation.{kind}") for kind in kinds)]
    head.append(words("treatment.columns.median_days"))
    body = [
        [
            name,
            *(words.cell(rows[modality, kind], "treated") for kind in kinds),
            words.cell(rows[modality, "all"], "median_days"),
        ]
        for modality, name in zip(shown, names, strict=True)
    ]
    return Exhibit(
        "first-treatment",
        title,
        "" if is_empty else chart,
        text_table(title, head, body),
        notes=edition.notes(WITHIN_31_DAYS),
    )


def cumulative_incidence(edition: Edition, place: Place) -> Exhibit | None:
    """Cumulative incidence of the first treatment and of death before it, by day.

    From the optional table ``treatment_curve``.
    """
    figures, words = edition.figures, edition.words
    rows = by_day(
        figures.rows(
            "treatment_curve",
            place.key,
            quarter=str(figures.quarter),
            period=COMPARED_PERIOD,
            presentation="all",
        )
    )
    if not rows:
        return None
    treated = curve(words("treatment.treated"), rows, "treated_pct", "lower_95", "upper_95")
    died = curve(words("treatment.died"), rows, "died_untreated_pct")
    ticks = [(float(day), str(day)) for day in map(day_of, (0, 1, 2, 4, 6, 9, 12))]
    title = words("treatment.curve")
    chart = charts.survival(
        heading(edition, "treatment-curve", title, place, "describe.incidence"),
        [treated, died],
        ticks,
        words("treatment.curve_axis"),
        words("axis.days_from_mbc"),
    )
    head = [words("axis.days_from_mbc"), words("treatment.treated"), words("table.interval")]
    head += [words("treatment.died"), words("treatment.waiting")]
    body = []
    # Within 31 and 62 days a page has one figure each, those of the measures; an estimate for one
    # and two months beside them would be a second figure of nearly the same name.
    for day, name in ticks:
        if 0 < day <= day_of(_MONTHS_OF_MEASURES):
            continue
        share, interval, waiting = point_cells(words, treated, day)
        body.append([name, share, interval, point_cells(words, died, day)[0], waiting])
    notes = [*edition.notes(WITHIN_31_DAYS), words("treatment.competing")]
    notes.append(words("treatment.curve_differs"))
    return Exhibit("treatment-curve", title, chart, text_table(title, head, body), notes=notes)


def _row(edition: Edition, place: Place, modality: str, kind: str) -> Row | None:
    return edition.figures.row(
        "time_to_treatment", place.key, period=COMPARED_PERIOD, modality=modality,
        presentation=kind,
    )  # fmt: skip
