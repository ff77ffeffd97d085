"""The windows of time that counts are of, and how they make one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from naome_assets.quarters import Quarter
from naome_assets.statistics.disclosure import Flags, Integers

PERIODS = ("quarter", "rolling_12m", "rolling_36m")


@dataclass(frozen=True)
class Windows:
    """Every period of every quarter: a place in an axis, and whether places publish it.

    A window that begins before the data is published for nations only: it would tell single
    quarters, and what it counts is not what its name says.
    """

    quarters: tuple[str, ...]
    complete: Flags
    reported: Flags

    @classmethod
    def of(cls, frames: Sequence[pd.DataFrame]) -> Windows:
        """The windows of tables with quarter, period and complete."""
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
        return windows

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
        return self.quarters[quarter], PERIODS[period]

    def sums(self) -> tuple[Integers, Integers]:
        """Twelve months as four quarters; 36 months as three times twelve."""
        n = len(self.quarters)
        years = [[n + t, *(t - back for back in range(4))] for t in range(3, n)]
        triples = [[2 * n + t, n + t, n + t - 4, n + t - 8] for t in range(11, n)]
        return (
            np.array(years, dtype=np.int64).reshape(-1, 5),
            np.array(triples, dtype=np.int64).reshape(-1, 4),
        )
