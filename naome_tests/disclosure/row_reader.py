"""A reader of one row of ``time_to_treatment``, who holds its quartiles against its counts.

Weaker than the programme of ``attack`` and quick: what a row tells alone, it tells everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from naome_tests.disclosure.attacker import LOCAL, Rounding
from naome_tests.disclosure.full_world import QUARTILES

_COUNTS = (
    *("patients", "treated", "died_untreated", "censored"),
    *("eligible_31d", "within_31d", "eligible_62d", "within_62d"),
)


def hidden_counts(table: pd.DataFrame, true: pd.DataFrame, small_to: int) -> Iterator[
    tuple[Mapping[str, object], str, int]
]:  # fmt: skip
    """Rows of places that state a quartile, with each small ``within_*`` hidden beside it."""
    key = ["quarter", "period", "geography_code", "presentation", "modality"]
    both = table.merge(true[[*key, *_COUNTS]], on=key, suffixes=("", "_true"))
    both = both[both["geography_type"].isin(LOCAL)]
    both = both[both[list(QUARTILES)].notna().any(axis=1)]
    for row in both.to_dict("records"):
        for days in (31, 62):
            count = int(row[f"within_{days}d_true"])
            if pd.isna(row[f"within_{days}d"]) and 1 <= count <= small_to:
                yield row, f"within_{days}d", count


def values_left(  # noqa: C901 - one relation after the other
    row: Mapping[str, object], asked: str, rounding: Rounding, *, is_followed: bool
) -> tuple[int, int]:
    """Least and largest value of a count that the row leaves possible.

    Args:
        row: as published.
        asked: the column of the count.
        rounding: the printed rule.
        is_followed: whether the window ends a quarter before follow-up does, so that everybody in
            it is followed for 62 days.
    """
    number = {name: index for index, name in enumerate(_COUNTS)}
    low, high = np.zeros(len(_COUNTS)), np.full(len(_COUNTS), np.inf)
    for name, index in number.items():
        if not pd.isna(row[name]):
            low[index], high[index] = rounding.between(float(row[name]))  # type: ignore[arg-type]
    rows: list[np.ndarray] = []
    least: list[float] = []
    most: list[float] = []

    def add(terms: Mapping[str, float], lowest: float, highest: float) -> None:
        own = np.zeros(len(_COUNTS))
        for name, weight in terms.items():
            own[number[name]] += weight
        rows.append(own)
        least.append(lowest)
        most.append(highest)

    add({"patients": 1, "treated": -1, "died_untreated": -1, "censored": -1}, 0, 0)
    if is_followed:
        add({"patients": 1, "eligible_62d": -1}, 0, 0)
    for whole, part in (
        *(("patients", "eligible_31d"), ("eligible_31d", "eligible_62d")),
        *(("eligible_31d", "within_31d"), ("eligible_62d", "within_62d")),
    ):
        add({whole: 1, part: -1}, 0, np.inf)
    add({"within_62d": 1, "eligible_62d": -1, "within_31d": -1, "eligible_31d": 1}, 0, np.inf)
    for column, share in QUARTILES.items():
        day = np.inf if pd.isna(row[column]) else float(row[column])  # type: ignore[arg-type]
        for days in (31, 62):
            if day <= days:
                # Treated by then: those within it, and at most all who are followed for less.
                terms = {f"within_{days}d": 1.0, f"eligible_{days}d": -1.0}
                add(terms | {"patients": 1.0 - share, "censored": share}, -1e-6, np.inf)
            else:
                add({f"within_{days}d": 1.0, "patients": -share}, -np.inf, -1e-6)
    ends = []
    for sign in (1.0, -1.0):
        direction = np.zeros(len(_COUNTS))
        direction[number[asked]] = sign
        answer = milp(
            direction,
            constraints=LinearConstraint(np.array(rows), least, most),
            integrality=np.ones(len(_COUNTS)),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": 0},
        )
        assert answer.x is not None, "what is published cannot be true"
        ends.append(round(answer.x[number[asked]]))
    return ends[0], ends[1]
