"""Exhibits: a chart, the table behind it, and the notes that belong to both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from naome_assets.contract.dimensions import (
    AGE_BANDS,
    COMPARED_PERIOD,
    EVERYBODY,
    FOLLOWED_PERIOD,
    MODALITIES,
    NATIONAL,
    PRESENTATIONS,
    YEARS_SINCE,
    day_of,
)
from naome_assets.publication import charts
from naome_assets.publication.decimals import decimals_of
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, Figures, Key, unbroken
from naome_assets.publication.report.measures import (
    CNS,
    WITHIN_31_DAYS,
    WITHIN_62_DAYS,
    Measure,
)
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.tables import Cell, Table
from naome_assets.publication.report.words import Row, Words, number, signed
from naome_assets.transform.project import load_project

#: A recurrent share of the living below this warns about the data (method book, facts).
RECURRENT_SHARE_MINIMUM = float(load_project().variables["recurrent_share_minimum"])


@dataclass(frozen=True)
class Exhibit:
    """A chart with its table; ``chart`` is SVG, or empty when nothing can be drawn."""

    key: str
    title: str
    chart: str
    table: Table
    notes: Sequence[str] = field(default_factory=tuple)


def prevalence_trend(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """People living with MBC at the end of each quarter, by presentation."""
    rows = {
        kind: {
            str(row["quarter"]): row
            for row in figures.rows("prevalence", place.key, presentation=kind, **EVERYBODY)
        }
        for kind in PRESENTATIONS
    }
    quarters = sorted(rows["all"])
    if not quarters:
        return None
    times = unbroken(quarters)
    title = words("prevalence.trend")
    has_rate = number(rows["all"][quarters[-1]], "rate_per_100k") is not None
    lines = [
        charts.Series(
            words(f"presentation.{kind}"),
            [
                (number(rows[kind].get(quarter), "people"), None, None)
                if figures.is_comparable(place.key, quarter)
                else (None, None, None)
                for quarter in times
            ],
        )
        for kind in PRESENTATIONS
    ]
    chart = charts.trend(
        _heading(words, "prevalence-trend", title, place, "describe.trend"),
        times,
        lines,
        words("prevalence.people"),
        is_percent=False,
    )
    head = [words("table.quarter"), *(words(f"presentation.{kind}") for kind in PRESENTATIONS)]
    if has_rate:
        head += [words("prevalence.rate"), words("table.interval")]
    body = []
    for quarter in reversed(quarters):
        cells = [
            words.lacking(quarter, figures.missing_nation(place.key, quarter)),
            *(words.cell(rows[kind].get(quarter), "people") for kind in PRESENTATIONS),
        ]
        if has_rate:
            whole = rows["all"][quarter]
            cells.append(words.cell(whole, "rate_per_100k", 2))
            cells.append(words.interval(whole, "rate_lower_95", "rate_upper_95", 2))
        body.append(_cells(cells))
    notes = [
        words("prevalence.lookback", first=words.date(figures.first_quarter.first_day)),
        words("prevalence.never_die"),
    ]
    if place.type in NATIONAL:
        notes.append(words("prevalence.comparisons"))
    notes += _lacking_note(figures, words, place.key, quarters)
    return Exhibit("prevalence-trend", title, chart, Table(title, head, body), notes=notes)


def prevalence_by_age(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """People living with MBC on the index date by age and presentation."""

    def count(band: str, kind: str) -> Row | None:
        return figures.row(
            "prevalence", place.key, sex="all", years_since_mbc="all", age_band=band,
            presentation=kind,
        )  # fmt: skip

    bands = [band for band in AGE_BANDS if count(band, "all") is not None]
    if not bands:
        return None
    return _prevalence_by(figures, words, place, "age", bands, count)


def prevalence_by_years(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """People living with MBC on the index date by years since the MBC date."""

    def count(band: str, kind: str) -> Row | None:
        return figures.row(
            "prevalence", place.key, sex="all", age_band="all", years_since_mbc=band,
            presentation=kind,
        )  # fmt: skip

    bands = [band for band in YEARS_SINCE if count(band, "all") is not None]
    if not bands:
        return None
    return _prevalence_by(figures, words, place, "years", bands, count)


def _prevalence_by(
    figures: Figures,
    words: Words,
    place: Place,
    dimension: str,
    bands: Sequence[str],
    count: Callable[[str, str], Row | None],
) -> Exhibit:
    title = words(f"prevalence.by_{dimension}", date=words.date(figures.quarter.last_day))
    kinds = ("recurrent", "de_novo")
    names = [words.group("bands").get(band, band) for band in bands]
    chart = charts.stacked_bars(
        _heading(words, f"prevalence-{dimension}", title, place, "describe.stacked"),
        names,
        [
            charts.Layer(
                words(f"presentation.{kind}"),
                [number(count(band, kind), "people") for band in bands],
            )
            for kind in kinds
        ],
        words("prevalence.people"),
    )
    has_rate = any(number(count(band, "all"), "rate_per_100k") is not None for band in bands)
    head = [words(f"table.{dimension}")]
    head += [words(f"presentation.{kind}") for kind in ("all", *kinds)]
    if has_rate:
        head += [words("prevalence.rate"), words("table.interval")]
    body = []
    for band, name in zip(bands, names, strict=True):
        cells = [name, *(words.cell(count(band, kind), "people") for kind in ("all", *kinds))]
        if has_rate:
            whole = count(band, "all")
            cells.append(words.cell(whole, "rate_per_100k", 2))
            cells.append(words.interval(whole, "rate_lower_95", "rate_upper_95", 2))
        body.append(_cells(cells))
    return Exhibit(f"prevalence-{dimension}", title, chart, Table(title, head, body))


def measure_trend(
    figures: Figures, words: Words, place: Place, measure: Measure, compare: bool
) -> Exhibit | None:
    """A percentage over the windows of twelve months, with its limits.

    Args:
        figures: Published figures.
        words: The language.
        place: The place.
        measure: What is shown.
        compare: Draw England and Wales beside it; otherwise presentations beside each other.
    """
    lines: list[tuple[str, dict[str, Row]]] = []
    # Whose quarters can lack a nation.
    whole = ENGLAND_AND_WALES if compare else place.key
    if compare:
        for name, key in (
            (words.place(place.code, place.name), place.key),
            (_england_and_wales(words), ENGLAND_AND_WALES),
        ):
            found = measure.rows(figures, key, FOLLOWED_PERIOD)
            lines.append((name, {str(row["quarter"]): row for row in found}))
    else:
        for kind in PRESENTATIONS:
            found = measure.rows(figures, place.key, FOLLOWED_PERIOD, kind)
            lines.append((words(f"presentation.{kind}"), {str(r["quarter"]): r for r in found}))
    # Windows that begin before the data would show the beginning of the data, not of the care.
    quarters = sorted(
        {quarter for _, rows in lines for quarter, row in rows.items() if row.get("complete", True)}
    )
    if not quarters or not lines[0][1]:
        return None
    times = unbroken(quarters)
    drawn = [
        {
            quarter: row
            for quarter, row in rows.items()
            if (compare and at == 0) or figures.is_comparable(whole, quarter)
        }
        for at, (_, rows) in enumerate(lines)
    ]
    title = words("measure.trend", measure=words(f"measures.{measure.key}.title"))
    chart = charts.trend(
        _heading(words, f"{measure.key}-trend", title, place, "describe.trend"),
        times,
        [
            charts.Series(
                name,
                [
                    (
                        measure.of(rows.get(quarter)),
                        number(rows.get(quarter), measure.lower),
                        number(rows.get(quarter), measure.upper),
                    )
                    for quarter in times
                ],
            )
            for (name, _), rows in zip(lines, drawn, strict=True)
        ],
        words("axis.percent_of", people=words(f"measures.{measure.key}.people")),
    )
    head = [words("table.year_to")]
    for name, _ in lines:
        head += [name, words("table.interval")]
    body = [
        _cells(
            [words.lacking(quarter, figures.missing_nation(whole, quarter))]
            + [
                text
                for _, rows in lines
                for text in (
                    words.percent(rows.get(quarter), measure.value),
                    words.interval(rows.get(quarter), measure.lower, measure.upper),
                )
            ]
        )
        for quarter in reversed(quarters)
    ]
    if all(measure.of(row) is None for row in lines[0][1].values()):
        chart = ""
    return Exhibit(
        f"{measure.key}-trend",
        title,
        chart,
        Table(title, head, body),
        notes=[*measure_notes(words, measure), *_lacking_note(figures, words, whole, quarters)],
    )


def _england_and_wales(words: Words) -> str:
    return words.place(ENGLAND_AND_WALES[1], words("place.england_and_wales"))


def _lacking_note(figures: Figures, words: Words, key: Key, quarters: Sequence[str]) -> list[str]:
    """What marked quarters are, where there are any."""
    is_marked = any(figures.missing_nation(key, quarter) for quarter in quarters)
    return [words("not_reported.note")] if is_marked else []


def measure_comparison(
    figures: Figures, words: Words, places: Sequence[Place], own: Place, measure: Measure
) -> Exhibit | None:
    """One percentage of a place beside those of the larger places that hold it."""
    rows = [(place, measure.row(figures, place.key, COMPARED_PERIOD)) for place in places]
    national = measure.of(measure.row(figures, ENGLAND_AND_WALES, COMPARED_PERIOD))
    if national is None:
        return None
    title = words("place_page.beside_larger")
    chart = charts.interval_plot(
        _heading(words, f"{measure.key}-compared", title, own, "describe.interval"),
        [
            charts.Interval(
                words.place(place.code, place.name),
                words.percent(row, measure.value),
                measure.of(row),
                number(row, measure.lower),
                number(row, measure.upper),
                is_own=place is own,
            )
            for place, row in rows
        ],
        words("axis.percent_of", people=words(f"measures.{measure.key}.people")),
        reference=national,
        reference_label=_england_and_wales(words),
    )
    table = Table(
        title, _measure_head(words, measure, words("table.place")),
        [_measure_cells(words, measure, words.place(place.code, place.name), row)
         for place, row in rows],
    )  # fmt: skip
    return Exhibit(f"{measure.key}-compared", title, chart, table)


def measure_by_presentation(
    figures: Figures, words: Words, place: Place, measure: Measure
) -> Exhibit | None:
    """One percentage by presentation."""
    rows = [
        (words(f"presentation.{kind}"), measure.row(figures, place.key, COMPARED_PERIOD, kind))
        for kind in PRESENTATIONS
    ]
    if all(row is None for _, row in rows):
        return None
    title = words(f"measures.{measure.key}.title")
    chart = charts.interval_plot(
        _heading(words, f"{measure.key}-kinds", title, place, "describe.interval"),
        [
            charts.Interval(
                name,
                words.percent(row, measure.value),
                measure.of(row),
                number(row, measure.lower),
                number(row, measure.upper),
            )
            for name, row in rows
        ],
        words("axis.percent_of", people=words(f"measures.{measure.key}.people")),
    )
    table = Table(
        title,
        _measure_head(words, measure, words("table.presentation")),
        [_measure_cells(words, measure, name, row) for name, row in rows],
    )
    return Exhibit(f"{measure.key}-kinds", title, chart, table, notes=measure_notes(words, measure))


def measure_notes(words: Words, measure: Measure) -> list[str]:
    """The notes that the method book demands beside a measure."""
    key = f"measures.{measure.key}.note"
    return [words(key)] if words.has(key) else []


def counted(words: Words, measure: Measure, row: Row | None) -> str:
    """The people counted; of survival those are the dead, so it says so."""
    text = words.cell(row, measure.numerator)
    is_survival = not measure.is_proportion and number(row, measure.numerator) is not None
    return words("headline.deaths", number=text) if is_survival else text


def _measure_head(words: Words, measure: Measure, first: str) -> list[str]:
    head = [first, words("table.numerator"), words("table.denominator"), words("table.percent")]
    head.append(words("table.interval"))
    if measure is CNS:
        head.append(words("table.recorded"))
    return head


def _measure_cells(words: Words, measure: Measure, name: str, row: Row | None) -> list[Cell]:
    cells = [
        name,
        counted(words, measure, row),
        words.cell(row, measure.denominator),
        words.percent(row, measure.value),
        words.interval(row, measure.lower, measure.upper),
    ]
    if measure is CNS:
        cells.append(words.percent(row, "completeness_pct"))
    return _cells(cells)


def first_treatment_days(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """Quartiles of the days to the first treatment, by presentation."""
    rows = [
        (
            words(f"presentation.{kind}"),
            figures.row(
                "time_to_treatment", place.key, period=COMPARED_PERIOD, modality="any",
                presentation=kind,
            ),
        )
        for kind in PRESENTATIONS
    ]  # fmt: skip
    if rows[0][1] is None:
        return None
    title = words("treatment.days")
    chart = charts.spread_plot(
        _heading(words, "treatment-days", title, place, "describe.spread"),
        [
            charts.Spread(
                name,
                words("treatment.median_days", days=words.cell(row, "median_days")),
                number(row, "lower_quartile_days"),
                number(row, "median_days"),
                number(row, "upper_quartile_days"),
            )
            for name, row in rows
        ],
        words("axis.days_from_mbc"),
    )
    if all(number(row, "lower_quartile_days") is None for _, row in rows):
        chart = ""
    columns = (
        "patients", "treated", "died_untreated", "censored", "lower_quartile_days", "median_days",
        "upper_quartile_days",
    )  # fmt: skip
    head = [words("table.presentation"), *(words(f"treatment.columns.{c}") for c in columns)]
    body = [_cells([name, *(words.cell(row, column) for column in columns)]) for name, row in rows]
    notes = [*measure_notes(words, WITHIN_31_DAYS), words("treatment.late")]
    return Exhibit("treatment-days", title, chart, Table(title, head, body), notes=notes)


def first_treatments(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """What the first treatment was, by presentation."""
    kinds = ("recurrent", "de_novo")
    rows = {
        (modality, kind): figures.row(
            "time_to_treatment", place.key, period=COMPARED_PERIOD, modality=modality,
            presentation=kind,
        )
        for modality in MODALITIES
        for kind in ("all", *kinds)
    }  # fmt: skip
    shown = [modality for modality in MODALITIES if rows[modality, "all"] is not None]
    if not shown:
        return None
    title = words("treatment.first")
    names = [words(f"modality.{modality}") for modality in shown]
    chart = charts.stacked_bars(
        _heading(words, "first-treatment", title, place, "describe.stacked"),
        names,
        [
            charts.Layer(
                words(f"presentation.{kind}"),
                [number(rows[modality, kind], "treated") for modality in shown],
            )
            for kind in kinds
        ],
        words("treatment.people"),
    )
    if all(number(rows[modality, kind], "treated") is None for modality in shown for kind in kinds):
        chart = ""
    head = [words("table.modality"), *(words(f"presentation.{kind}") for kind in ("all", *kinds))]
    head.append(words("treatment.columns.median_days"))
    body = [
        _cells(
            [name]
            + [words.cell(rows[modality, kind], "treated") for kind in ("all", *kinds)]
            + [words.cell(rows[modality, "all"], "median_days")]
        )
        for modality, name in zip(shown, names, strict=True)
    ]
    return Exhibit(
        "first-treatment",
        title,
        chart,
        Table(title, head, body),
        notes=measure_notes(words, WITHIN_31_DAYS),
    )


def treatment_shares(figures: Figures, words: Words, place: Place) -> list[Exhibit]:
    """Treated within 31 and within 62 days, by presentation."""
    found = [
        measure_by_presentation(figures, words, place, measure)
        for measure in (WITHIN_31_DAYS, WITHIN_62_DAYS)
    ]
    return [exhibit for exhibit in found if exhibit is not None]


def treatment_curve(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """Cumulative incidence of the first treatment and of death before it, by day.

    From the optional table ``treatment_curve``.
    """
    rows = sorted(
        figures.rows(
            "treatment_curve",
            place.key,
            quarter=str(figures.quarter),
            period=COMPARED_PERIOD,
            presentation="all",
        ),
        key=lambda row: number(row, "day") or 0.0,
    )
    if not rows:
        return None
    days = [number(row, "day") or 0.0 for row in rows]
    curves = [
        charts.Curve(
            words(f"treatment.{name}"),
            days,
            [number(row, column) or 0.0 for row in rows],
            [number(row, lower) for row in rows],
            [number(row, upper) for row in rows],
            [int(number(row, "at_risk") or 0) for row in rows],
        )
        for name, column, lower, upper in (
            ("treated", "treated_pct", "lower_95", "upper_95"),
            ("died", "died_untreated_pct", "", ""),
        )
    ]
    ticks = [(float(day), str(day)) for day in map(day_of, (0, 1, 2, 4, 6, 9, 12))]
    title = words("treatment.curve")
    chart = charts.survival(
        _heading(words, "treatment-curve", title, place, "describe.incidence"),
        curves,
        ticks,
        words("treatment.curve_axis"),
        words("axis.days_from_mbc"),
    )
    head = [words("axis.days_from_mbc"), words("treatment.treated"), words("table.interval")]
    head += [words("treatment.died"), words("treatment.waiting")]
    body = []
    for day, name in ticks:
        (treated, lower, upper, at_risk), (died, *_) = [_at(curve, day) for curve in curves]
        cells = [
            name,
            _percent(words, treated),
            _limits(words, lower, upper),
            _percent(words, died),
            at_risk or words("none.short"),
        ]
        body.append(_cells(cells))
    notes = [*measure_notes(words, WITHIN_31_DAYS), words("treatment.competing")]
    return Exhibit("treatment-curve", title, chart, Table(title, head, body), notes=notes)


def survival_curves(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """Kaplan-Meier curves of a nation, by presentation."""
    quarter = str(figures.quarter)
    curves = []
    for kind in PRESENTATIONS:
        rows = sorted(
            figures.rows("survival_curve", place.key, quarter=quarter, presentation=kind),
            key=lambda row: number(row, "day") or 0.0,
        )
        if rows:
            curves.append(
                charts.Curve(
                    words(f"presentation.{kind}"),
                    [number(row, "day") or 0.0 for row in rows],
                    [number(row, "survival") or 0.0 for row in rows],
                    [number(row, "lower_95") for row in rows],
                    [number(row, "upper_95") for row in rows],
                    [int(number(row, "at_risk") or 0) for row in rows],
                )
            )
    if not curves:
        return None
    ticks = [
        (float(day_of(6 * half)), words("axis.years", years=f"{half / 2:g}")) for half in range(7)
    ]
    title = words("survival.title")
    chart = charts.survival(
        _heading(words, "survival-curves", title, place, "describe.survival"),
        curves,
        ticks,
        words("survival.axis"),
        words("axis.years_from_mbc"),
        words("survival.at_risk"),
    )
    head = [words("table.time")]
    for curve in curves:
        head += [curve.name, words("table.interval"), words("survival.at_risk")]
    body = []
    for day, name in ticks:
        cells = [name]
        for curve in curves:
            value, lower, upper, at_risk = _at(curve, day)
            cells += [_percent(words, value), _limits(words, lower, upper)]
            cells.append(at_risk or words("none.short"))
        body.append(_cells(cells))
    notes = [words("survival.never_die"), words("survival.kaplan_meier")]
    return Exhibit("survival-curves", title, chart, Table(title, head, body), notes=notes)


def _percent(words: Words, value: float | None) -> str:
    return words("none.short") if value is None else f"{value:.1f}%"


def _limits(words: Words, lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None:
        return words("none.short")
    return words("interval", lower=f"{lower:.1f}", upper=f"{upper:.1f}")


def _at(curve: charts.Curve, day: float) -> tuple[float | None, float | None, float | None, str]:
    """Value and limits on a day, and those followed to it; none where no point is published."""
    if day not in curve.days:
        return None, None, None, ""
    point = curve.days.index(day)
    if curve.at_risk[point] == 0:
        return None, None, None, "0"
    return curve.values[point], curve.lower[point], curve.upper[point], f"{curve.at_risk[point]:,}"


def items_by_name(words: Words) -> list[str]:
    """The items whose completeness pages show."""
    return sorted(words.group("items"), key=lambda item: words(f"items.{item}"))


def quality(figures: Figures, words: Words, place: Place) -> Exhibit | None:
    """How well each key item is recorded, over twelve months of submissions."""
    items = items_by_name(words)
    rows = {
        item: figures.row("data_quality", place.key, period=FOLLOWED_PERIOD, item=item)
        for item in items
    }
    items = [item for item in items if rows[item] is not None]
    if not items:
        return None
    national = {
        item: figures.row("data_quality", ENGLAND_AND_WALES, period=FOLLOWED_PERIOD, item=item)
        for item in items
    }
    title = words("quality.title")
    chart = charts.interval_plot(
        _heading(words, f"quality-{place.code}", title, place, "describe.interval"),
        [
            charts.Interval(
                words(f"items.{item}"),
                words.percent(rows[item], "completeness_pct"),
                number(rows[item], "completeness_pct"),
                number(rows[item], "lower_95"),
                number(rows[item], "upper_95"),
            )
            for item in items
        ],
        words("quality.axis"),
    )
    if all(number(rows[item], "completeness_pct") is None for item in items):
        chart = ""
    head = [words("quality.item"), words("quality.records"), words("quality.given")]
    head += [words("quality.recorded"), words("table.interval"), words("quality.valid")]
    head.append(words("quality.change"))
    is_national = place.key == ENGLAND_AND_WALES
    if not is_national:
        head.append(_england_and_wales(words))
    body = []
    for item in items:
        row = rows[item]
        cells = [
            words(f"items.{item}"),
            words.cell(row, "records"),
            words.cell(row, "given"),
            words.percent(row, "completeness_pct"),
            words.interval(row, "lower_95", "upper_95"),
            words.percent(row, "validity_pct"),
            signed(_change_of(words, row)),
        ]
        if not is_national:
            cells.append(words.percent(national[item], "completeness_pct"))
        body.append(_cells(cells))
    return Exhibit(
        f"quality-{place.code}",
        title,
        chart,
        Table(title, head, body),
        notes=[words("quality.counted")],
    )


def _change_of(words: Words, row: Row | None) -> str:
    column = "change_since_year_before"
    return words.cell(row, column, 1 if row is None else decimals_of(row, column))


class Funnel:
    """Funnel plots of one measure: of all places together, and of each place's own."""

    def __init__(
        self, figures: Figures, words: Words, measure: Measure, places: Sequence[Place]
    ) -> None:
        """Draw the places once."""
        self._words = words
        self._measure = measure
        self.key = f"funnel-{measure.key}"
        self._rows = [(place, measure.row(figures, place.key, COMPARED_PERIOD)) for place in places]
        self._points: dict[str, charts.FunnelPoint] = {}
        for place, row in self._rows:
            value, size = measure.of(row), number(row, measure.denominator)
            if row is None or value is None or not size:
                continue
            outlier = row.get(measure.outlier)
            self._points[place.code] = charts.FunnelPoint(
                words.place(place.code, place.name),
                size,
                value,
                outlier if isinstance(outlier, str) else None,
            )
        self._target = measure.of(measure.row(figures, ENGLAND_AND_WALES, COMPARED_PERIOD))
        self._small: charts.FunnelPlot | None = None

    def all(self, link: Callable[[str], str]) -> Exhibit | None:
        """All places, named in the table."""
        if self._target is None or not self._points:
            return None
        body = [self._cells(place, row, link(place.path)) for place, row in self._rows]
        title = self._words(f"measures.{self._measure.key}.title")
        chart = self._plot(self._target, title, has_tips=True).all()
        notes = measure_notes(self._words, self._measure)
        if self._measure.is_proportion:
            notes.append(self._words("funnel.judged"))
        return Exhibit(self.key, title, chart, self._table(body), notes=notes)

    def own(self, own: Place) -> Exhibit | None:
        """One place among the others; the table has its row, the others' are in that of all."""
        if self._target is None or own.code not in self._points:
            return None
        title = self._words("place_page.beside_all")
        if self._small is None:
            self._small = self._plot(self._target, title, has_tips=False)
        body = [self._cells(place, row, "") for place, row in self._rows if place is own]
        return Exhibit(self.key, title, self._small.own(self._points[own.code]), self._table(body))

    def _plot(self, target: float, title: str, *, has_tips: bool) -> charts.FunnelPlot:
        words, measure = self._words, self._measure
        description = words(
            "describe.funnel", places=str(len(self._points)), target=f"{target:.1f}"
        )
        return charts.FunnelPlot(
            charts.Heading(self.key, title, description),
            list(self._points.values()),
            target,
            charts.FunnelWords(
                denominator=words("axis.people", people=words(f"measures.{measure.key}.people")),
                value=words("axis.percent"),
                target=words("funnel.target", target=f"{target:.1f}"),
                limits_95=words("funnel.limits_95"),
                limits_998=words("funnel.limits_998"),
                alert=words("funnel.alert"),
                alarm=words("funnel.alarm"),
            ),
            has_tips=has_tips,
        )

    def _table(self, body: Sequence[Sequence[Cell]]) -> Table:
        words, measure = self._words, self._measure
        head = [*_measure_head(words, measure, words("table.place")), words("table.compared")]
        title = words(f"measures.{measure.key}.title")
        return Table(title, head, body, left=(len(head) - 1,))

    def _cells(self, place: Place, row: Row | None, href: str) -> list[Cell]:
        name = self._words.place(place.code, place.name)
        cells = _measure_cells(self._words, self._measure, name, row)
        outlier = outlier_cell(self._words, row, self._measure)
        return [Cell(name, href), *cells[1:], outlier]


def outlier_cell(words: Words, row: Row | None, measure: Measure) -> Cell:
    """How a place compares, in words and as a tag; why not, where nothing is published."""
    outlier = None if row is None else row.get(measure.outlier)
    if isinstance(outlier, str):
        return Cell(words(f"outlier.{outlier}"), tag=outlier)
    is_told = measure.is_proportion and measure.of(row) is not None
    return Cell(words("outlier.not_told" if is_told else "outlier.none"))


def _heading(words: Words, name: str, title: str, place: Place, description: str) -> charts.Heading:
    shown = words.place(place.code, place.name)
    return charts.Heading(name, f"{title}: {shown}", words(description))


def _cells(texts: Sequence[str]) -> list[Cell]:
    return [Cell(text) for text in texts]
