"""The measures by which places are compared: where each stands in the published tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from naome_assets.publication.report.figures import Figures, Key
from naome_assets.publication.report.words import Row, number

#: Places are compared over this window, and followed over the shorter one (method book section 3).
COMPARED_PERIOD = "rolling_36m"
FOLLOWED_PERIOD = "rolling_12m"


@dataclass(frozen=True)
class Measure:
    """A percentage of people, with its columns; ``key`` names its words."""

    key: str
    table: str
    value: str = "value"
    lower: str = "lower_95"
    upper: str = "upper_95"
    numerator: str = "numerator"
    denominator: str = "denominator"
    where: Mapping[str, str] = field(default_factory=dict)
    #: Key in ``case_mix_value``, when adjusted.
    case_mix: str = ""
    outlier: str = "outlier"
    #: A proportion of people, so that control limits hold; a Kaplan-Meier estimate is none.
    is_proportion: bool = True

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


def _of_indicator(name: str, *, case_mix: str = "", is_proportion: bool = True) -> Measure:
    return Measure(
        name,
        "indicator",
        where={"indicator": name},
        case_mix=case_mix,
        is_proportion=is_proportion,
    )


CNS = Measure(
    "cns_access",
    "cns_access",
    value="seen_pct_of_recorded",
    numerator="seen",
    denominator="recorded",
    case_mix="cns_access",
)
WITHIN_31_DAYS = Measure(
    "within_31d",
    "time_to_treatment",
    value="within_31d_pct",
    lower="lower_95_31d",
    upper="upper_95_31d",
    numerator="within_31d",
    denominator="eligible_31d",
    outlier="outlier_31d",
    where={"modality": "any"},
    case_mix="within_31d",
)
WITHIN_62_DAYS = Measure(
    "within_62d",
    "time_to_treatment",
    value="within_62d_pct",
    lower="lower_95_62d",
    upper="upper_95_62d",
    numerator="within_62d",
    denominator="eligible_62d",
    outlier="outlier_62d",
    where={"modality": "any"},
)
MDT = _of_indicator("mdt_discussed", case_mix="mdt_discussed")
SURVIVAL_1Y = _of_indicator("survival_1y", case_mix="survival_1y", is_proportion=False)
SURVIVAL_3Y = _of_indicator("survival_3y", is_proportion=False)
RECURRENT_SHARE = _of_indicator("recurrent_share")

#: In the order of the pathway, as on every page.
MEASURES = (
    CNS,
    MDT,
    _of_indicator("biopsy_of_metastasis"),
    WITHIN_31_DAYS,
    WITHIN_62_DAYS,
    _of_indicator("sact_within_6_months", case_mix="sact_within_6_months"),
    _of_indicator("cdk4_6_inhibitor"),
    _of_indicator("palliative_radiotherapy"),
    _of_indicator("palliative_care_seen"),
    _of_indicator("mortality_30d_after_sact"),
    SURVIVAL_1Y,
    SURVIVAL_3Y,
)


def available(figures: Figures) -> list[Measure]:
    """The measures that this publication holds."""
    return [measure for measure in MEASURES if figures.has(measure.table)]
