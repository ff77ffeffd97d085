"""Funnel plots of a measure: of all places of a type, and of each place among the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication import charts
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.exhibit import Exhibit, present
from naome_assets.publication.report.exhibits.measures import (
    measure_cells,
    measure_head,
    outlier_cell,
)
from naome_assets.publication.report.figures import ENGLAND_AND_WALES
from naome_assets.publication.report.html_tables import Cell, Table
from naome_assets.publication.report.measures import Measure
from naome_assets.publication.report.places import Place
from naome_assets.publication.report.words import Row, number


class Funnels:
    """The funnels of an edition, each prepared once: a place is drawn in those of its type."""

    def __init__(self, edition: Edition) -> None:
        """Prepare those of alliances and of providers; nothing is drawn yet."""
        self._funnels = {
            (places[0].type, measure.key): Funnel(edition, measure, places)
            for places in (edition.places.alliances, edition.places.providers)
            if places
            for measure in edition.measures
            if measure.is_proportion
        }

    def all(self, type_: str, link: Callable[[str], str]) -> list[Exhibit]:
        """The funnel of each measure with all places of a type."""
        return present(
            funnel.all(link) for (own, _), funnel in self._funnels.items() if own == type_
        )

    def own(self, place: Place, measure: Measure) -> Exhibit | None:
        """A place in the funnel of a measure; None of a measure that is no proportion."""
        funnel = self._funnels.get((place.type, measure.key))
        return funnel.own(place) if funnel else None


class Funnel:
    """Funnel plots of one measure: of all places together, and of each place's own."""

    def __init__(self, edition: Edition, measure: Measure, places: Sequence[Place]) -> None:
        """Place the points once."""
        self._edition = edition
        self._measure = measure
        self.key = f"funnel-{measure.key}"
        self._rows = {place: edition.compared(place, measure) for place in places}
        self._points: dict[str, charts.FunnelPoint] = {}
        for place, row in self._rows.items():
            value, size = measure.of(row), number(row, measure.denominator)
            if row is None or value is None or not size:
                continue
            outlier = row.get(measure.outlier)
            self._points[place.code] = charts.FunnelPoint(
                edition.name(place), size, value, outlier if isinstance(outlier, str) else None
            )
        national = measure.row(edition.figures, ENGLAND_AND_WALES, COMPARED_PERIOD)
        self._target = measure.of(national)
        self._small: charts.FunnelPlot | None = None

    def all(self, link: Callable[[str], str]) -> Exhibit | None:
        """All places, named in the table."""
        if self._target is None or not self._points:
            return None
        body = [self._cells(place, row, link(place.path)) for place, row in self._rows.items()]
        title = self._edition.title(self._measure)
        chart = self._plot(self._target, title, has_tips=True).all()
        notes = self._edition.notes(self._measure)
        if self._measure.is_proportion:
            notes.append(self._edition.words("funnel.judged"))
        return Exhibit(self.key, title, chart, self._table(body), notes=notes)

    def own(self, own: Place) -> Exhibit | None:
        """One place among the others; the table has its row, the others' are in that of all."""
        if self._target is None or own.code not in self._points:
            return None
        title = self._edition.words("place_page.beside_all")
        if self._small is None:
            self._small = self._plot(self._target, title, has_tips=False)
        body = [self._cells(own, self._rows[own], "")]
        return Exhibit(self.key, title, self._small.own(self._points[own.code]), self._table(body))

    def _plot(self, target: float, title: str, *, has_tips: bool) -> charts.FunnelPlot:
        words, people = self._edition.words, f"measures.{self._measure.key}.people"
        description = words(
            "describe.funnel", places=str(len(self._points)), target=f"{target:.1f}"
        )
        return charts.FunnelPlot(
            charts.Heading(self.key, title, description),
            list(self._points.values()),
            target,
            charts.FunnelWords(
                denominator=words("axis.people", people=words(people)),
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
        words = self._edition.words
        head = measure_head(words, self._measure, words("table.place"))
        head.append(words("table.compared"))
        return Table(self._edition.title(self._measure), head, body, left=(len(head) - 1,))

    def _cells(self, place: Place, row: Row | None, href: str) -> list[Cell]:
        words, name = self._edition.words, self._edition.name(place)
        first, *texts = measure_cells(words, self._measure, name, row)
        outlier = outlier_cell(words, row, self._measure)
        return [Cell(first, href), *map(Cell, texts), outlier]
