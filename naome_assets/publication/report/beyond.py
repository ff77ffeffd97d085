"""Experimental exhibits: what lies beyond the audit. Method in docs/beyond.md."""

from __future__ import annotations

from naome_assets.contract.dimensions import EVERYBODY
from naome_assets.publication import charts
from naome_assets.publication.report.exhibits import Exhibit
from naome_assets.publication.report.figures import NATIONS, Figures, unbroken
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.tables import Cell, Table
from naome_assets.publication.report.words import Row, Words, number

#: Projections are held against what was counted so many quarters later.
_TESTED_AHEAD = (2, 4, 8)
#: In the order of the table: people by the sources that name them.
_PATTERNS = (
    "cosd_only",
    "sact_only",
    "certificate_only",
    "cosd_and_sact",
    "cosd_and_certificate",
    "sact_and_certificate",
    "all_three",
)


def projection(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """People counted at the end of each quarter, and projected from the last complete one."""
    rows = {
        str(row["quarter"]): row
        for row in figures.rows("prevalence_projection", place.key, presentation="all")
        if not row["is_back_test"]
    }
    if not rows:
        return None
    counted = {
        str(row["quarter"]): number(row, "people")
        for row in figures.rows("prevalence", place.key, presentation="all", **EVERYBODY)
    }
    quarters = unbroken({*counted, *rows})
    title = words("beyond.projection.title")
    name = words.place(place.code, place.name)
    chart = charts.trend(
        charts.Heading(
            f"projection-{place.code}", f"{title}: {name}", words("beyond.projection.describe")
        ),
        quarters,
        [
            charts.Series(
                words("beyond.counted"),
                [(counted.get(quarter), None, None) for quarter in quarters],
            ),
            charts.Series(words("beyond.projected"), [_limited(rows.get(q)) for q in quarters]),
        ],
        words("prevalence.people"),
        is_percent=False,
    )
    head = [words("table.quarter"), words("beyond.projected"), words("table.interval")]
    head.append(words("beyond.counted"))
    body = [
        [
            Cell(quarter),
            Cell(words.cell(row, "people")),
            Cell(words.interval(row, "lower_95", "upper_95", 0)),
            Cell(words.cell(row, "counted")),
        ]
        for quarter, row in sorted(rows.items())
    ]
    start = str(next(iter(rows.values()))["from_quarter"])
    return Exhibit(
        f"projection-{place.code}",
        f"{title}: {name}",
        chart,
        Table(f"{title}: {name}", head, body),
        notes=[words("beyond.projection.start", quarter=start)],
    )


def _limited(row: Row | None) -> tuple[float | None, float | None, float | None]:
    return number(row, "people"), number(row, "lower_95"), number(row, "upper_95")


def back_tests(figures: Figures, words: Words, places: list[Place]) -> Table | None:
    """How far earlier projections were from what was counted, by place and quarters ahead."""
    body = []
    for place in places:
        rows = [
            row
            for row in figures.rows("prevalence_projection", place.key, presentation="all")
            if row["is_back_test"]
        ]
        for ahead in _TESTED_AHEAD:
            tested = [
                (*_limited(row), counted)
                for row in rows
                if number(row, "quarters_ahead") == ahead
                and (counted := number(row, "counted")) is not None
            ]
            if not tested:
                continue
            errors = [100 * ((people or 0.0) - n) / n for people, _, _, n in tested if n]
            held = [(low or 0.0) <= n <= (high or 0.0) for _, low, high, n in tested]
            cells = [words.place(place.code, place.name), str(ahead), str(len(tested))]
            if not errors:
                continue
            cells.append(f"{sum(errors) / len(errors):+.1f}%")
            cells.append(f"{sum(map(abs, errors)) / len(errors):.1f}%")
            cells.append(f"{100 * sum(held) / len(held):.0f}%")
            body.append([Cell(text) for text in cells])
    if not body:
        return None
    columns = ("ahead", "tests", "bias", "error", "held")
    head = [words("table.place"), *(words(f"beyond.tests.{column}") for column in columns)]
    return Table(words("beyond.tests.title"), head, body)


def capture(figures: Figures, words: Words) -> dict[str, object] | None:
    """People with recurrent disease by source, and how many all sources may miss, in England."""
    row = figures.row("recurrence_capture", NATIONS[0])
    if row is None:
        return None
    sources = [
        [Cell(words(f"beyond.capture.{pattern}")), Cell(words.cell(row, pattern))]
        for pattern in (*_PATTERNS, "found")
    ]
    estimates = [
        _estimate(words, row, "estimate", ("lower_95", "upper_95")),
        [Cell(words("beyond.capture.chao")), Cell(words.cell(row, "chao_lower_bound")), Cell("")],
        _estimate(words, row, "cosd_pct", ("cosd_pct_lower_95", "cosd_pct_upper_95"), 1),
        [Cell(words("beyond.capture.prevalence")), Cell(words.cell(row, "prevalence")), Cell("")],
        _estimate(
            words, row, "prevalence_corrected", ("prevalence_lower_95", "prevalence_upper_95")
        ),
    ]
    model = row.get("model")
    return {
        "window": words.window(figures.quarter, "rolling_36m"),
        "incomplete": not bool(row.get("complete", True)),
        "model": model_words(words, model)
        if isinstance(model, str)
        else words("beyond.capture.none"),
        "sources": Table(
            words("beyond.capture.sources"),
            [words("beyond.capture.source"), words("prevalence.people")],
            sources,
        ),
        "estimates": Table(
            words("beyond.capture.estimates"),
            [words("table.measure"), words("beyond.capture.value"), words("table.interval")],
            estimates,
        ),
    }


def _estimate(
    words: Words, row: Row, column: str, limits: tuple[str, str], decimals: int = 0
) -> list[Cell]:
    return [
        Cell(words(f"beyond.capture.{column}")),
        Cell(words.cell(row, column, decimals)),
        Cell(words.interval(row, *limits, decimals)),
    ]


def model_words(words: Words, model: str) -> str:
    """Which model of the sources was chosen, as a sentence."""
    if model == "independent":
        return words("beyond.capture.independent")
    pairs = [pair.split(" with ") for pair in model.split(", ")]
    shown = [
        " + ".join(words(f"beyond.capture.names.{source}") for source in pair) for pair in pairs
    ]
    return words("beyond.capture.dependent", pairs="; ".join(shown))
