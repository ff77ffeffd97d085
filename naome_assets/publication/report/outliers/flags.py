"""The flags that are published: which places lie beyond the limits, crude and adjusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from naome_assets.contract.dimensions import COMPARED_PERIOD, LOCAL, OUTLIERS, REGISTRY
from naome_assets.publication.published import Publication
from naome_assets.publication.report.measures import MEASURES, Measure

#: The figure that lies beyond the limits.
CRUDE, ADJUSTED = FIGURES = ("crude", "adjusted")
_FLAGS = tuple(outlier for outlier in OUTLIERS if outlier != "within")


@dataclass(frozen=True, order=True)
class FlagKey:
    """What names a flag: quarter, code of the place, key of the indicator, which figure."""

    quarter: str
    place: str
    indicator: str
    figure: str


@dataclass(frozen=True)
class Flag:
    """A published flag, with the columns of its figure."""

    key: FlagKey
    geography_type: str
    measure: Measure
    outlier: str
    row: Mapping[str, Any]
    value: str
    people: str
    #: End of the names of its limits, as of its outlier.
    end: str

    @property
    def is_alarm(self) -> bool:
        """Whether it is beyond the outer limits."""
        return self.outlier.startswith("alarm")

    def limit(self, side: str, tail: str) -> str:
        """The column of a control limit: ``lower`` or ``upper``, ``95`` or ``998``."""
        return f"limit_{side}_{tail}{self.end}"


def published_flags(publication: Publication) -> dict[FlagKey, Flag]:
    """Every flag of the published quarter, as places are compared.

    The tables went through disclosure control: a comparison that is withheld is not among them.
    """
    found = {}
    for measure in MEASURES:
        for figure in FIGURES:
            for flag in _of(publication, measure, figure):
                found[flag.key] = flag
    return found


def _of(publication: Publication, measure: Measure, figure: str) -> Iterator[Flag]:
    if figure == CRUDE:
        table, outlier, where = measure.table, measure.outlier, dict(measure.where)
        value, people = measure.value, measure.denominator
    elif measure.case_mix:
        table, outlier, where = "case_mix_value", "outlier", {"indicator": measure.case_mix}
        value, people = "adjusted_value", "people"
    else:
        return
    frame = publication.tables.get(table)
    if frame is None or outlier not in frame:
        return
    where |= {
        "quarter": publication.statement.quarter,
        "period": COMPARED_PERIOD,
        "presentation": "all",
        "method": REGISTRY,
    }
    chosen = frame[outlier].isin(_FLAGS) & frame["geography_type"].isin(LOCAL)
    for column, wanted in where.items():
        if column in frame:
            chosen &= frame[column] == wanted
    for row in _rows(frame[chosen]):
        key = FlagKey(str(row["quarter"]), str(row["geography_code"]), measure.key, figure)
        yield Flag(
            key=key,
            geography_type=str(row["geography_type"]),
            measure=measure,
            outlier=str(row[outlier]),
            row=row,
            value=value,
            people=people,
            end=outlier.removeprefix("outlier"),
        )


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    columns = [str(column) for column in frame.columns]
    for values in zip(*(frame[column].tolist() for column in columns), strict=True):
        yield dict(zip(columns, values, strict=True))
