"""An edition: the published figures in one language, as exhibits and pages take them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from naome_assets.contract.dimensions import COMPARED_PERIOD
from naome_assets.publication.report.figures import ENGLAND_AND_WALES, Figures
from naome_assets.publication.report.grades import grade
from naome_assets.publication.report.measures import Measure, available
from naome_assets.publication.report.places import Place, Places
from naome_assets.publication.report.standards import Standard, read_standards
from naome_assets.publication.report.words import Row, Words, number
from naome_assets.publication.team_files import team_file


@dataclass(frozen=True)
class Edition:
    """Figures, their places and the words of a language; what every page says in the same way."""

    figures: Figures
    places: Places
    words: Words

    @cached_property
    def measures(self) -> list[Measure]:
        """The measures that this publication holds, in the order of the pathway."""
        return available(self.figures)

    @cached_property
    def standards(self) -> dict[str, Standard]:
        """The standards by measure.

        Raises:
            StandardsError: when the file breaks a rule.
        """
        return read_standards(team_file("NAOME_STANDARDS"))

    def name(self, place: Place) -> str:
        """Name of a place."""
        return self.words.place(place.code, place.name)

    def england_and_wales(self) -> str:
        """Name of the place that the others are compared with."""
        return self.words.place(ENGLAND_AND_WALES[1], self.words("place.england_and_wales"))

    def title(self, measure: Measure) -> str:
        """Name of a measure."""
        return self.words(f"measures.{measure.key}.title")

    def percent_of(self, measure: Measure) -> str:
        """Whom a measure is a percentage of, as the label of an axis."""
        return self.words("axis.percent_of", people=self.words(f"measures.{measure.key}.people"))

    def notes(self, measure: Measure) -> list[str]:
        """The notes that the method book demands beside a measure."""
        key = f"measures.{measure.key}.note"
        return [self.words(key)] if self.words.has(key) else []

    def held_against(self, place: Place, measure: Measure) -> str:
        """The figure of a place against its standard; empty without a standard or figure."""
        standard, row = self.standards.get(measure.key), self.compared(place, measure)
        lower, upper = number(row, measure.lower), number(row, measure.upper)
        if standard is None or lower is None or upper is None:
            return ""
        words, percent = self.words, f"{standard.percent:g}"
        if not standard.is_same:
            return words("standards.other", percent=percent)
        return words(
            f"standards.{standard.achieved(lower, upper)}",
            percent=percent,
            figure=words.percent(row, measure.value),
            interval=words.interval(row, measure.lower, measure.upper),
        )

    def grade(self, place: Place, measure: Measure) -> str:
        """The grade of the data of a measure at a place, or that there is none."""
        return grade(self.figures, place.key, measure) or self.words("none.short")

    def compared(self, place: Place, measure: Measure) -> Row | None:
        """A measure of a place over the window in which places are compared."""
        return measure.row(self.figures, place.key, COMPARED_PERIOD)
