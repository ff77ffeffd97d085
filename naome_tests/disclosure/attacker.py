"""A reader who wants the hidden counts, with nothing but published tables and a linear programme.

It shares no code with disclosure control. Every published count of people is a sum of the people of
one provider, presentation and quarter: those are its unknowns. A published count bounds its sum (as
it stands for nations, by the rounding rule for places), a missing row is nobody, and a hidden count
says nothing. Parts are among their wholes. It then asks for the least and the largest value of
each hidden count, over all quarters, presentations, places and tables at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

LENGTH = {"quarter": 1, "rolling_12m": 4, "rolling_36m": 12}
#: Status of scipy's milp.
_INFEASIBLE = 2
LOCAL = ("cancer_alliance", "provider")

Cell = tuple[str, str, str, str, str]  # column, place, presentation, quarter, period


@dataclass(frozen=True)
class Rounding:
    """What a profile says of itself in print."""

    small_to: int
    round_to: int

    def between(self, published: float) -> tuple[float, float]:
        if published == 0:
            return 0, 0
        half = self.round_to // 2
        return max(published - half, self.small_to + 1), published + half


@dataclass
class Attacker:
    """Unknowns and what is known of them.

    Args:
        providers: every provider with the places above it (alliance and nation).
        quarters: every quarter of the data, in order.
        rounding: the printed rule.
        linked: (part, whole) columns; ``table.column``.
    """

    providers: Mapping[str, Sequence[str]]
    quarters: Sequence[str]
    rounding: Rounding
    linked: Sequence[tuple[str, str]] = ()
    columns: list[str] = field(default_factory=list)
    known: list[tuple[Cell, float, float]] = field(default_factory=list)
    hidden: dict[Cell, None] = field(default_factory=dict)

    def read(
        self,
        name: str,
        frame: pd.DataFrame,
        columns: Iterable[str],
        rounding: Rounding | None = None,
    ) -> None:
        """Take in a published table (one kind of it, where it has modalities or indicators).

        Args:
            name: table and kind.
            frame: the rows.
            columns: their counts.
            rounding: the rule printed on this publication, where there are several.
        """
        rounding = rounding or self.rounding
        places = {place for own in self.providers.values() for place in own} | set(self.providers)
        for column in columns:
            own = f"{name}.{column}"
            if own not in self.columns:
                self.columns.append(own)
            seen: set[Cell] = set()
            for row in frame.to_dict("records"):
                if row["geography_code"] not in places:
                    continue
                cell = (
                    own,
                    row["geography_code"],
                    row["presentation"],
                    row["quarter"],
                    row["period"],
                )
                seen.add(cell)
                if pd.isna(row[column]):
                    self.hidden[cell] = None
                elif row["geography_type"] in LOCAL:
                    self.known.append((cell, *rounding.between(float(row[column]))))
                else:
                    self.known.append((cell, float(row[column]), float(row[column])))
            self._missing_rows(own, frame, seen, places)

    def _missing_rows(
        self, own: str, frame: pd.DataFrame, seen: set[Cell], places: set[str]
    ) -> None:
        """A place that has no row in a published window has nobody there."""
        local = frame[frame["geography_type"].isin(LOCAL)]
        windows = local[["quarter", "period"]].drop_duplicates()
        types = frame.drop_duplicates("geography_code").set_index("geography_code")[
            "geography_type"
        ]
        published = set(zip(local["geography_type"], local["presentation"], strict=True))
        for quarter, period in windows.itertuples(index=False, name=None):
            for place in places:
                for presentation in ("all", "de_novo", "recurrent"):
                    cell = (own, place, presentation, quarter, period)
                    if cell not in seen and (types.get(place), presentation) in published:
                        self.known.append((cell, 0.0, 0.0))

    def atoms(self, cell: Cell) -> list[int]:
        """Numbers of the unknowns that a cell is the sum of."""
        column, place, presentation, quarter, period = cell
        n_quarters, n_providers = len(self.quarters), len(self.providers)
        last = self.quarters.index(quarter)
        first = max(0, last - LENGTH[period] + 1)
        base = self.columns.index(column) * n_providers * 2 * n_quarters
        return [
            base + (provider * 2 + kind) * n_quarters + at
            for provider, (code, above) in enumerate(self.providers.items())
            if place == code or place in above
            for kind in range(2)
            if presentation == "all" or kind == ("de_novo", "recurrent").index(presentation)
            for at in range(first, last + 1)
        ]

    def _matrix(self) -> LinearConstraint:
        rows = [(self.atoms(cell), 1.0, low, high) for cell, low, high in self.known]
        size = len(self.providers) * 2 * len(self.quarters)
        data, at, start, low, high = [], [], [0], [], []
        for cells, value, least, most in rows:
            data += [value] * len(cells)
            at += cells
            start.append(len(at))
            low.append(least)
            high.append(most)
        for part, whole in self.linked:
            first, second = (self.columns.index(name) * size for name in (part, whole))
            for unknown in range(size):
                data += [1.0, -1.0]
                at += [first + unknown, second + unknown]
                start.append(len(at))
                low.append(-np.inf)
                high.append(0.0)
        width = size * len(self.columns)
        matrix = csr_array((data, at, start), shape=(len(start) - 1, width))
        return LinearConstraint(matrix, low, high)

    def intervals(
        self, cells: Iterable[Cell], *, whole_numbers: bool
    ) -> dict[Cell, tuple[int, int | None]]:
        """Least and largest value of each cell; None is no largest value."""
        constraint = self._matrix()
        width = constraint.A.shape[1]
        integrality = np.full(width, int(whole_numbers))
        found: dict[Cell, tuple[int, int | None]] = {}
        for cell in cells:
            direction = np.zeros(width)
            direction[self.atoms(cell)] = 1.0
            ends: list[float | None] = []
            for sign in (1.0, -1.0):
                # Presolve has called programmes infeasible that have a solution.
                for presolve in (True, False):
                    answer = milp(
                        sign * direction,
                        constraints=constraint,
                        integrality=integrality,
                        bounds=Bounds(0, np.inf),
                        # Without it HiGHS may stop at a value that is 1 off.
                        options={"presolve": presolve, "mip_rel_gap": 0},
                    )
                    if answer.status != _INFEASIBLE:
                        break
                if answer.status in (3, 4) or answer.fun is None:
                    # Unbounded; HiGHS can say no more than "unbounded or infeasible".
                    ends.append(None)
                else:
                    ends.append(sign * answer.fun)
            if ends[0] is None:
                raise AssertionError(f"what is published cannot be true: {cell}")
            most = None if ends[1] is None else int(np.floor(ends[1] + 1e-6))
            found[cell] = (int(np.ceil(ends[0] - 1e-6)), most)
        return found
