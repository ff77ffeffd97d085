"""Which column of which table states which count, and what the counts add up to.

Several tables state the same count: patients of ``cns_access`` are those of ``time_to_treatment``
and the denominators of most indicators. Series of counts that are equal everywhere are one series
for ``decide`` and are decided once, so that no table tells what another hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import NATIONAL, PRESENTATIONS, TOGETHER
from naome_assets.contract.indicators import INDICATOR, INDICATORS, Series
from naome_assets.contract.published_tables import STATED, PublishedTable
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.suppression import Integers
from naome_assets.disclosure.windows import Windows

#: The share of recurrent among the living is of prevalence, and decided with it.
OF_PREVALENCE = "recurrent_share_of_living"
#: A whole and its parts.
Sum = tuple[Series, tuple[Series, ...]]


def _of_kinds(table: PublishedTable, counts: Mapping[str, str]) -> Iterator[Sum]:
    """Counts of the kind that has all people, each with those of the other kinds."""
    for whole, part in counts.items():
        yield (
            (table.name, table.whole_kind, whole),
            tuple((table.name, kind, part) for kind in table.kinds),
        )


def _added() -> Iterator[Sum]:
    for table in STATED:
        for whole, parts in table.adds_up.items():
            yield (
                (table.name, table.whole_kind, whole),
                tuple((table.name, table.whole_kind, part) for part in parts),
            )
        yield from _of_kinds(table, table.sums_of_kinds)
    for own in INDICATORS:
        if own.sum_of:
            yield own.series(own.share.part), own.sum_of


def _among() -> Iterator[Sum]:
    for table in STATED:
        yield from _of_kinds(table, table.among_kinds)
    # Who has died is not at risk any more.
    for name, dead in (("survival", "deaths"), ("indicator", "numerator")):
        for own in INDICATORS:
            if own.estimate == "kaplan_meier":
                died, at_risk = (name, own.key, dead), (name, own.key, "at_risk")
                yield (name, own.key, "denominator"), (died, at_risk)
    for whole in dict.fromkeys(own.among for own in INDICATORS if own.among):
        parts = [own for own in INDICATORS if own.among == whole]
        for column in ("denominator", "numerator"):
            yield (
                INDICATOR[whole].series(column),
                tuple(own.series(column) for own in parts),
            )


#: Counts that add up to another within one place, window and presentation. A sum that does not
#: hold (people of a registry extract are followed otherwise) tells nobody anything and is left out.
ADDED: tuple[Sum, ...] = tuple(_added())

#: Counts of different people among those of another: more than its parts one by one, a reader
#: knows that together they are at most the whole.
AMONG: tuple[Sum, ...] = tuple(_among())


def presentation_of(rows: pd.DataFrame) -> Integers:
    """Number of each row's presentation; 0 (`all`) in a table without."""
    if "presentation" not in rows:
        return np.zeros(len(rows), np.int64)
    number = {name: index for index, name in enumerate(PRESENTATIONS)}
    return np.asarray(rows["presentation"].map(number).to_numpy(np.int64))


class StatedTable:
    """A table with the counts that it states."""

    def __init__(self, spec: PublishedTable, frame: pd.DataFrame) -> None:
        self.spec = spec
        self.frame = frame[frame["geography_type"] != TOGETHER]

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
            for column in self.spec.counts:
                if rows[column].isna().all():
                    continue
                counts = rows[column].fillna(0).to_numpy(np.int64)
                for presentation in np.unique(presentations):
                    own = presentations == presentation
                    array = np.zeros((len(places.codes), len(windows.complete)), np.int64)
                    array[at_place[own], at_window[own]] = counts[own]
                    yield (self.spec.name, kind, column), int(presentation), array

    def parts(
        self, slices: Mapping[tuple[Series, int], int]
    ) -> Iterator[tuple[int, int, Series, int]]:
        """Part and whole as numbers of slices, and what the rest of the whole is called."""
        for (series, presentation), part in slices.items():
            table, kind, column = series
            if table != self.spec.name:
                continue
            above = self.spec.counts[column]
            whole = slices.get(((table, kind, above or ""), presentation))
            if whole is not None and whole != part:
                yield part, whole, (table, kind, f"{above} less {column}"), presentation
