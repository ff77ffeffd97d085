"""HiGHS asked for every hidden count of places, from the published CSV files and the docs alone.

Written apart from the attacks of the tests. It knows docs/disclosure.md (what is hidden and
rounded), and which trust belongs to which alliance and nation. Of `cns_access` and
`time_to_treatment` (any treatment) it takes the windows of twelve months, a quarter at a time:
presentations add up to all, places to what they lie in, parts are no more than their whole.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from naome_assets.reference import seed_path
from naome_tests.judges.result import Judgement, skipped

#: By the default profile: counts to this are hidden, others are rounded to the nearest five.
SMALL, BASE = 7, 5
#: The table, its counts from the whole to the part of a part, and which of its rows.
TABLES: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("cns_access", ("patients", "recorded", "seen"), {}),
    ("time_to_treatment", ("patients", "eligible_31d", "within_31d"), {"modality": "any"}),
)
#: Seconds for one question; who gets no answer in time counts as told.
SECONDS = 10.0
MOST = 100_000.0

Cell = tuple[str, str, str, str]


def judge(folder: Path | None, what: str) -> list[Judgement]:
    """Ask for the least and the largest value of each hidden count.

    Args:
        folder: the CSV files of a publication.
        what: which publication it is, for the table.
    """
    judged = f"hidden counts of places, {what}"
    if folder is None or not folder.is_dir():
        return [skipped("HiGHS", judged, "no published CSV files; run `make demo` first")]
    return [_attack(folder, *table, judged) for table in TABLES]


def _attack(
    folder: Path, table: str, counts: tuple[str, ...], wanted: dict[str, str], judged: str
) -> Judgement:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["period"] == "rolling_12m"
            and all(row[name] == value for name, value in wanted.items())
        ]
    tried = told = late = impossible = 0
    for quarter in sorted({row["quarter"] for row in rows}):
        own = [row for row in rows if row["quarter"] == quarter]
        programme = _Programme(own, counts)
        if programme.solve(np.zeros(len(programme.cells))) is None:
            # Somebody has no place: places then add up to no more than their whole.
            impossible += 1
            programme = _Programme(own, counts, everybody_has_a_place=False)
        for cell in programme.hidden:
            tried += 1
            least = programme.end(cell, 1)
            largest = programme.end(cell, -1)
            late += least is None or largest is None
            # Without an answer nothing is shown, so it counts as told.
            silent = least is None or largest is None
            told += silent or (least == largest and 1 <= (least or 0) <= SMALL)
    note = "; ".join(
        words
        for words in (
            f"{told - late} told, {late} without an answer in time",
            f"in {impossible} quarters places were taken to add up to no more than their whole"
            if impossible
            else "",
        )
        if words
    )
    return Judgement(
        "HiGHS (scipy)", version("scipy"), f"{table}: {judged}", tried, tried - told, note
    )


class _Programme:
    """The counts of one quarter's window as an integer programme."""

    def __init__(
        self,
        rows: list[dict[str, str]],
        counts: tuple[str, ...],
        *,
        everybody_has_a_place: bool = True,
    ) -> None:
        self.cells: dict[Cell, int] = {}
        self.hidden: list[Cell] = []
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._sums: list[tuple[dict[int, float], float, float]] = []
        for row in rows:
            for count in counts:
                self._add(row, count)
        places = {(cell[0], cell[1]) for cell in self.cells}
        shares = {cell[2] for cell in self.cells} - {"all"}
        for kind, code in places:
            for count in counts:
                parts = [self.cells.get((kind, code, share, count)) for share in shares]
                self._total(self.cells.get((kind, code, "all", count)), parts, True)
            for share in ("all", *shares):
                for whole, part in pairwise(counts):
                    large = self.cells.get((kind, code, share, whole))
                    self._total(large, [self.cells.get((kind, code, share, part))], False)
        for whole, parts_of in _inside(places).items():
            for share in ("all", *shares):
                for count in counts:
                    inner = [self.cells.get((*part, share, count)) for part in parts_of]
                    total = self.cells.get((*whole, share, count))
                    self._total(total, inner, everybody_has_a_place)
        self._matrix = self._constraints()

    def _add(self, row: dict[str, str], count: str) -> None:
        cell = (row["geography_type"], row["geography_code"], row["presentation"], count)
        given, exact = row[count], row["geography_type"] in ("nation", "england_and_wales")
        self.cells[cell] = len(self.cells)
        if given in ("*", ""):
            low, high = 0.0, MOST
            if given == "*" and not exact:
                self.hidden.append(cell)
        elif exact or given == "0":
            low = high = float(given)
        else:
            low = max(SMALL + 1.0, float(given) - BASE // 2)
            high = float(given) + BASE // 2
        self._lower.append(low)
        self._upper.append(high)

    def _total(self, whole: int | None, parts: Iterable[int | None], equal: bool) -> None:
        known = [part for part in parts if part is not None]
        if whole is not None and known:
            terms = {whole: 1.0} | dict.fromkeys(known, -1.0)
            self._sums.append((terms, 0.0, 0.0 if equal else np.inf))

    def _constraints(self) -> LinearConstraint:
        matrix = sparse.lil_matrix((len(self._sums), len(self.cells)))
        for number, (terms, _, _) in enumerate(self._sums):
            for column, factor in terms.items():
                matrix[number, column] = factor
        ends = [(low, high) for _, low, high in self._sums]
        return LinearConstraint(matrix.tocsr(), [e[0] for e in ends], [e[1] for e in ends])

    def solve(self, cost: np.ndarray) -> int | None:
        """The least cost; null where there is no answer, or none in time."""
        found = milp(
            cost,
            constraints=self._matrix,
            bounds=Bounds(self._lower, self._upper),
            integrality=np.ones(len(cost)),
            options={"time_limit": SECONDS, "mip_rel_gap": 0},
        )
        return round(found.fun) if found.status == 0 else None

    def end(self, cell: Cell, sign: int) -> int | None:
        """The least (sign 1) or largest (-1) value that a cell can have."""
        cost = np.zeros(len(self.cells))
        cost[self.cells[cell]] = sign
        value = self.solve(cost)
        return None if value is None else sign * value


def _inside(places: set[tuple[str, str]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Which published places lie in which."""
    with seed_path("provider").open(encoding="utf-8", newline="") as file:
        providers = {row["code"]: row for row in csv.DictReader(file)}
    with seed_path("nation").open(encoding="utf-8", newline="") as file:
        nations = {
            row["name"].lower(): row["code"]
            for row in csv.DictReader(file)
            if row["geography_type"] == "nation"
        }
    inside: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for kind, code in sorted(places):
        if kind == "provider" and code in providers:
            own = providers[code]
            outer = [
                ("cancer_alliance", own["cancer_alliance_code"]),
                ("nation", nations.get(own["nation"].lower(), "")),
            ]
            for place in outer:
                if place in places:
                    inside.setdefault(place, []).append((kind, code))
    return inside
