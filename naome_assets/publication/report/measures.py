"""The measures by which places are compared: where each is in the published tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from naome_assets.contract.indicators import INDICATORS, Indicator
from naome_assets.publication.report.figures import Figures, Key
from naome_assets.publication.report.words import Row, number
from naome_assets.transform.project import load_project


@dataclass(frozen=True)
class Measure:
    """A percentage of people, with its columns; ``key`` names its words."""

    key: str
    table: str
    value: str
    lower: str
    upper: str
    numerator: str
    denominator: str
    outlier: str
    where: Mapping[str, str]
    #: Key in ``case_mix_value``, when adjusted.
    case_mix: str
    #: A proportion of people, so that control limits hold; a Kaplan-Meier estimate is none.
    is_proportion: bool
    #: Days after the MBC date for which its people are followed.
    followed_days: int = 0

    @classmethod
    def of_indicator(cls, own: Indicator) -> Measure:
        """The measure of an indicator."""
        share = own.share
        lower, upper = share.limits
        return cls(
            key=own.key,
            table=own.table,
            value=share.value,
            lower=lower,
            upper=upper,
            numerator=share.part,
            denominator=share.whole,
            outlier=f"outlier{share.end}",
            where=own.rows,
            case_mix=own.key if own.case_mix else "",
            is_proportion=own.estimate == "proportion",
            followed_days=int(load_project().variables[own.followed]) if own.followed else 0,
        )

    def row(
        self, figures: Figures, place: Key, period: str, presentation: str = "all"
    ) -> Row | None:
        """The row of the published quarter."""
        where = {"period": period, "presentation": presentation, **self.where}
        return figures.row(self.table, place, **where)

    def rows(
        self, figures: Figures, place: Key, period: str, presentation: str = "all"
    ) -> list[Row]:
        """The rows of every quarter."""
        where = {"period": period, "presentation": presentation, **self.where}
        return figures.rows(self.table, place, **where)

    def of(self, row: Row | None) -> float | None:
        """The percentage."""
        return number(row, self.value)


_BY_KEY = {own.key: Measure.of_indicator(own) for own in INDICATORS}
CNS = _BY_KEY["cns_access"]
WITHIN_31_DAYS = _BY_KEY["within_31d"]
WITHIN_62_DAYS = _BY_KEY["within_62d"]
MDT = _BY_KEY["mdt_discussed"]
SURVIVAL_1Y = _BY_KEY["survival_1y"]
RECURRENT_SHARE = _BY_KEY["recurrent_share"]

#: In the order of the pathway, as on every page.
MEASURES = tuple(_BY_KEY[own.key] for own in INDICATORS if own.is_on_pages)


def available(figures: Figures) -> list[Measure]:
    """The measures that this publication holds."""
    return [measure for measure in MEASURES if figures.has(measure.table)]
