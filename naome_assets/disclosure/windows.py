"""The windows of time that counts are of, and how they make one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import PERIODS
from naome_assets.disclosure.suppression import Flags, Integers
from naome_assets.quarters import Quarter


@dataclass(frozen=True)
class Windows:
    """Every period of every quarter: a place in an axis, and whether places publish it.

    A window that begins before the data is published for nations only: it would tell single
    quarters, and what it counts is not what its name says.
    """

    quarters: tuple[str, ...]
    complete: Flags
    reported: Flags
    #: By code of a nation, the reported windows in which it has no rows, because it sent nothing.
    missing: Mapping[str, Flags] = field(default_factory=dict)

    @classmethod
    def of(cls, frames: Sequence[pd.DataFrame], missing: Mapping[str, str]) -> Windows:
        """The windows of tables with quarter, period and complete.

        Args:
            frames: the tables.
            missing: quarters with the code of the nation that is not reported in them.
        """
        rows = pd.concat([frame[["quarter", "period", "complete"]] for frame in frames])
        rows = rows.drop_duplicates()
        first, last = Quarter.parse(rows["quarter"].min()), Quarter.parse(rows["quarter"].max())
        quarters = []
        while first <= last:
            quarters.append(str(first))
            first = first.next
        windows = cls(
            tuple(quarters),
            np.zeros(3 * len(quarters), bool),
            np.zeros(3 * len(quarters), bool),
        )
        at = windows.of_rows(rows)
        windows.complete[at] = rows["complete"].to_numpy(bool)
        windows.reported[at] = True
        lacks = {
            code: np.array([missing.get(own) == code for own in quarters] * len(PERIODS), bool)
            for code in set(missing.values())
        }
        return replace(windows, missing=lacks)

    def reported_of(self, code: str) -> Flags:
        """The windows in which a nation, by its code, has its own rows."""
        lacks = self.missing.get(code)
        if lacks is None:
            return self.reported
        held: Flags = self.reported & ~lacks
        return held

    @property
    def whole(self) -> Flags:
        """The windows in which every nation has its rows: only these must add up."""
        whole = self.reported
        for lacks in self.missing.values():
            whole = whole & ~lacks
        return whole

    def of_rows(self, rows: pd.DataFrame) -> Integers:
        """The window of each row."""
        number = {quarter: index for index, quarter in enumerate(self.quarters)}
        period = rows["period"].map({name: index for index, name in enumerate(PERIODS)})
        return np.asarray(
            period.to_numpy(np.int64) * len(self.quarters)
            + rows["quarter"].map(number).to_numpy(np.int64)
        )

    def label(self, window: int) -> tuple[str, str]:
        """Quarter and period of a window."""
        period, quarter = divmod(window, len(self.quarters))
        return self.quarters[quarter], tuple(PERIODS)[period]

    def sums(self) -> tuple[Integers, Integers]:
        """Twelve months as four quarters; 36 months as three times twelve."""
        n = len(self.quarters)
        years = [[n + t, *(t - back for back in range(4))] for t in range(3, n)]
        triples = [[2 * n + t, n + t, n + t - 4, n + t - 8] for t in range(11, n)]
        return (
            np.array(years, dtype=np.int64).reshape(-1, 5),
            np.array(triples, dtype=np.int64).reshape(-1, 4),
        )

    def shared(self) -> tuple[Integers, Integers]:
        """The nine months that windows of a year share with the one before.

        Each as the quarter that it ends with and the three quarters that make it, and as what it
        makes with the quarter after it and with the one before it. They are numbered from the
        last window on.
        """
        n = len(self.quarters)
        shares = range(4, n)
        nines = [[3 * n + at, *(t - back for back in (1, 2, 3))] for at, t in enumerate(shares)]
        years = [
            own
            for at, t in enumerate(shares)
            for own in ([n + t, 3 * n + at, t], [n + t - 1, 3 * n + at, t - 4])
        ]
        return (
            np.array(nines, dtype=np.int64).reshape(-1, 4),
            np.array(years, dtype=np.int64).reshape(-1, 3),
        )
