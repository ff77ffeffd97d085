"""How places compare, without charts: measures of a place, places of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.measures import (
    counted,
    is_comparison_withheld,
    outlier_cell,
    percent_cells,
)
from naome_assets.publication.report.figures import ENGLAND_AND_WALES
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.measures import CNS, WITHIN_31_DAYS, Measure
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, Words, number


def with_larger(edition: Edition, place: Place) -> list[Place]:
    """The place, its alliance or nation, and England and Wales."""
    places = edition.places
    above = (places.alliance_of(place), places.nation_of(place), places.get(ENGLAND_AND_WALES))
    return [place, *(other for other in above if other is not None and other is not place)]


def in_short(edition: Edition, place: Place) -> list[dict[str, Any]]:
    """How a place compares in each measure, the far ones first: name, direction, section."""
    words = edition.words
    groups: dict[str, list[dict[str, str]]] = {"alarm": [], "alert": [], "within": []}
    shown = with_larger(edition, place)
    withheld = others = 0
    for measure in edition.measures:
        row = edition.compared(place, measure)
        outlier = (row or {}).get(measure.outlier)
        if not isinstance(outlier, str):
            # Those that the table of measures does not list are not counted.
            if is_comparison_withheld(measure, row):
                withheld += 1
            elif any(measure.of(edition.compared(other, measure)) is not None for other in shown):
                others += 1
            continue
        group, _, side = outlier.partition("_")
        adjusted = (_adjusted(edition, place, measure) or {}).get("outlier")
        differs = isinstance(adjusted, str) and adjusted != outlier
        groups[group].append(
            {
                "key": measure.key,
                "title": edition.title(measure),
                "side": words(f"in_short.{side}") if side else "",
                "adjusted": words("in_short.adjusted", outlier=words(f"outlier.{adjusted}"))
                if differs
                else "",
            }
        )
    found: list[dict[str, Any]] = [
        {
            "words": words(f"in_short.{group}"),
            "measures": measures,
            "text": "" if measures else words("in_short.none"),
        }
        for group, measures in groups.items()
    ]
    for key, why, count in (
        ("withheld", "why_withheld", withheld),
        ("not_compared", "why_not", others),
    ):
        if count:
            text = words(f"in_short.{why}", number=str(count))
            found.append({"words": words(f"in_short.{key}"), "measures": [], "text": text})
    return found


def measure_table(edition: Edition, measures: Sequence[Measure], place: Place) -> Table:
    """Measures of a place, with the percentages of its larger places in further columns."""
    words = edition.words
    shown = with_larger(edition, place)
    compares = place.type in ("cancer_alliance", "provider")
    names = ("measure", "numerator", "denominator", "percent", "interval")
    head = [*(words(f"table.{name}") for name in names), words("table.grade")]
    head += map(edition.name, shown[1:])
    if compares:
        head.append(words("table.compared"))
    body = []
    for measure in measures:
        row, *larger = (edition.compared(other, measure) for other in shown)
        if all(measure.of(own) is None for own in (row, *larger)):
            continue
        # A place has a section of what England and Wales has a figure of.
        national = measure.row(edition.figures, ENGLAND_AND_WALES, COMPARED_PERIOD)
        has_section = compares and row is not None and measure.of(national) is not None
        href = f"#{measure.key}" if has_section else ""
        cells = [
            Cell(edition.title(measure), href),
            Cell(counted(words, measure, row)),
            Cell(words.cell(row, measure.denominator)),
            *map(Cell, percent_cells(words, measure, row)),
            Cell(edition.grade(place, measure)),
            *(Cell(words.percent(other, measure.value)) for other in larger),
        ]
        if compares:
            cells.append(outlier_cell(words, row, measure))
        body.append(cells)
    left = (len(head) - 1,) if compares else ()
    caption = words("place_page.glance" if compares else "national.others")
    return Table(caption, head, body, left=left)


def place_table(edition: Edition, places: Sequence[Place], here: str, caption: str = "") -> Table:
    """One row a place: the few figures by which it is found and read; links lead from ``here``."""
    words = edition.words
    head = [words("table.place"), words("table.people"), edition.title(CNS)]
    head += [words(f"table.{name}") for name in ("interval", "recorded", "compared")]
    head += [edition.title(WITHIN_31_DAYS), words("treatment.columns.median_days")]
    body = []
    for place in places:
        cns, treated = (edition.compared(place, measure) for measure in (CNS, WITHIN_31_DAYS))
        body.append(
            [
                Cell(edition.name(place), relative(place.path, here)),
                Cell(words.cell(treated, "patients")),
                *map(Cell, percent_cells(words, CNS, cns)),
                Cell(words.percent(cns, "completeness_pct")),
                outlier_cell(words, cns, CNS),
                Cell(words.percent(treated, WITHIN_31_DAYS.value)),
                Cell(words.cell(treated, "median_days")),
            ]
        )
    return Table(caption or words("overview.list"), head, body, left=(5,))


def case_mix_table(edition: Edition, place: Place) -> Table | None:
    """The measures of a place that are adjusted for case mix: crude and adjusted, both compared."""
    words = edition.words
    body = []
    for measure in edition.measures:
        row = _adjusted(edition, place, measure)
        if row is None:
            continue
        crude = edition.compared(place, measure)
        body.append(
            [
                Cell(edition.title(measure)),
                Cell(words.cell(row, "people")),
                Cell(words.cell(row, "observed")),
                Cell(words.cell(row, "expected", 1)),
                Cell(words.percent(crude, measure.value)),
                outlier_cell(words, crude, measure),
                Cell(words.percent(row, "adjusted_value")),
                Cell(words.interval(row, "lower_95", "upper_95")),
                Cell(_limits(words, row, "95")),
                Cell(_limits(words, row, "998")),
                adjusted_outlier_cell(words, row),
            ]
        )
    if not body:
        return None
    head = [words("table.measure"), words("table.denominator")]
    names = ("observed", "expected", "crude", "crude_compared", "adjusted")
    head += [words(f"place_page.{name}") for name in names]
    head += [words("table.interval"), words("funnel.limits_95"), words("funnel.limits_998")]
    head.append(words("place_page.adjusted_compared"))
    left = (head.index(words("place_page.crude_compared")), len(head) - 1)
    return Table(words("place_page.case_mix"), head, body, left=left)


def _adjusted(edition: Edition, place: Place, measure: Measure) -> Row | None:
    """The adjusted figure of a measure; None of one that is not adjusted."""
    if not measure.case_mix:
        return None
    return edition.figures.row(
        "case_mix_value", place.key, period=COMPARED_PERIOD, indicator=measure.case_mix
    )


def _limits(words: Words, row: Row, tail: str) -> str:
    return words.interval(row, f"limit_lower_{tail}", f"limit_upper_{tail}", decimals=1)


def adjusted_outlier_cell(words: Words, row: Row) -> Cell:
    """How an adjusted figure compares; why not, where nothing is published."""
    outlier = row.get("outlier")
    if isinstance(outlier, str):
        return Cell(words(f"outlier.{outlier}"), tag=outlier)
    is_withheld = number(row, "limit_lower_95") is not None
    return Cell(words("outlier.not_told" if is_withheld else "outlier.none"))
