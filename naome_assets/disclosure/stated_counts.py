"""Which column of which table states which count, and what the counts add up to.

Several tables state the same count: patients of ``cns_access`` are those of ``time_to_treatment``
and the denominators of most indicators. Series of counts that are equal everywhere are one series
for ``decide`` and are decided once, so that no table tells what another hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from naome_assets.disclosure.declared import StatedCounts
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.suppression import Integers
from naome_assets.disclosure.windows import Windows
from naome_assets.publication.dimensions import MODALITIES, NATIONAL, PRESENTATIONS

#: The share of recurrent among the living is of prevalence, and decided with it.
OF_PREVALENCE = "recurrent_share_of_living"


Series = tuple[str, str, str]


def _treatment(modality: str, column: str) -> Series:
    return ("time_to_treatment", modality, column)


#: Counts that add up to another within one place, window and presentation. A sum that does not
#: hold (people of a registry extract are followed otherwise) tells nobody anything and is left out.
ADDED: tuple[tuple[Series, tuple[Series, ...]], ...] = (
    (
        _treatment("any", "patients"),
        tuple(_treatment("any", name) for name in ("treated", "died_untreated", "censored")),
    ),
    *(
        (
            _treatment("any", whole),
            tuple(_treatment(modality, part) for modality in MODALITIES),
        )
        for whole, part in (
            ("treated", "patients"),
            ("within_31d", "within_31d"),
            ("within_62d", "within_62d"),
        )
    ),
    (
        ("indicator", "incidence", "numerator"),
        (
            ("cns_access", "", "patients"),
            ("indicator", "death_certificate_only", "numerator"),
        ),
    ),
)

#: Counts of different people among those of another: more than its parts one by one, a reader
#: knows that together they are at most the whole.
AMONG: tuple[tuple[Series, tuple[Series, ...]], ...] = (
    *(
        (
            _treatment("any", f"eligible_{days}d"),
            tuple(_treatment(modality, f"eligible_{days}d") for modality in MODALITIES),
        )
        for days in (31, 62)
    ),
    *(
        ((table, name, "denominator"), ((table, name, dead), (table, name, "at_risk")))
        for table, dead in (("survival", "deaths"), ("indicator", "numerator"))
        for name in ("survival_1y", "survival_3y")
    ),
    *(
        (
            ("indicator", "sact_within_6_months", column),
            tuple(
                ("indicator", f"sact_within_6_months_{subtype}", column)
                for subtype in ("her2_positive", "triple_negative", "hr_positive_her2_negative")
            ),
        )
        for column in ("denominator", "numerator")
    ),
)


def presentation_of(rows: pd.DataFrame) -> Integers:
    """Number of each row's presentation; 0 (`all`) in a table without."""
    if "presentation" not in rows:
        return np.zeros(len(rows), np.int64)
    number = {name: index for index, name in enumerate(PRESENTATIONS)}
    return np.asarray(rows["presentation"].map(number).to_numpy(np.int64))


class StatedTable:
    """A table with the counts that it states."""

    def __init__(self, spec: StatedCounts, frame: pd.DataFrame) -> None:
        self.spec = spec
        self.frame = frame[frame["geography_type"] != "england_and_wales"]

    def kinds(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The rows of each kind of which places have any."""
        if self.spec.kind is None:
            yield "", self.frame
            return
        for kind, rows in self.frame.groupby(self.spec.kind, sort=True):
            is_local = ~rows["geography_type"].isin(NATIONAL)
            if kind != OF_PREVALENCE and is_local.any():
                yield str(kind), rows

    def arrays(self, places: Places, windows: Windows) -> Iterator[tuple[Series, int, Integers]]:
        """Series, presentation and counts [place, window], 0 where there is no row."""
        for kind, rows in self.kinds():
            at_place = rows["geography_code"].map(places.number).to_numpy(np.int64)
            at_window = windows.of_rows(rows)
            presentations = presentation_of(rows)
            for column in self.spec.wholes:
                if rows[column].isna().all():
                    continue
                counts = rows[column].fillna(0).to_numpy(np.int64)
                for presentation in np.unique(presentations):
                    own = presentations == presentation
                    array = np.zeros((len(places.codes), len(windows.complete)), np.int64)
                    array[at_place[own], at_window[own]] = counts[own]
                    yield (self.spec.table, kind, column), int(presentation), array

    def parts(
        self, slices: Mapping[tuple[Series, int], int]
    ) -> Iterator[tuple[int, int, Series, int]]:
        """Part and whole as numbers of slices, and what the rest of the whole is called."""
        for (series, presentation), part in slices.items():
            table, kind, column = series
            if table != self.spec.table:
                continue
            above = self.spec.wholes[column]
            whole = slices.get(((table, kind, above or ""), presentation))
            if whole is not None and whole != part:
                yield part, whole, (table, kind, f"{above} less {column}"), presentation
