"""People living with MBC by the methods beside ``registry``, published below national level.

Two methods of one place share most of their people, so the difference of their counts is a count
too: of people whom the wider one adds. Differences are published of nations alone, exactly, and
every sum that a reader can make of the rounded counts of places must leave a small one several
values [ours]. Places have their totals alone. What ``registry`` publishes is decided before, and
not touched here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import EVERYBODY, METHODS, REGISTRY
from naome_assets.disclosure.bounds import Cells
from naome_assets.disclosure.decide import came_late, seen_before
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.prevalence_counts import LivingDecisions
from naome_assets.disclosure.rows import (
    in_order,
    is_national,
    publish_counts,
    put_together,
)
from naome_assets.disclosure.sums import of_families
from naome_assets.disclosure.suppression import (
    EXACT,
    LATENT,
    OPEN,
    Counts,
    Flags,
    Integers,
    Profile,
    Sums,
    suppress,
)

#: What is decided on, by number: the total of each method, narrower first, then each difference of
#: two of them, as the numbers of the wider and the narrower.
_DIFFERENCES = ((1, 0), (2, 1), (2, 0))
_KINDS = len(METHODS) + len(_DIFFERENCES)
#: The least and largest values of a count that readers saw before.
Seen = tuple[Cells, Cells]


@dataclass(frozen=True)
class MethodDecisions:
    """What is hidden of the totals, [method, place, quarter], and where there are any."""

    quarters: tuple[str, ...]
    places: Places
    hidden: Flags
    is_given: Flags
    unprotected: int


def of_method(prevalence: pd.DataFrame, *methods: str) -> pd.DataFrame:
    """The rows of some methods; a table without the column is of ``registry`` alone."""
    if "method" not in prevalence:
        return prevalence if REGISTRY in methods else prevalence.iloc[:0]
    return prevalence[prevalence["method"].isin(methods)]


def decide_methods(
    prevalence: pd.DataFrame,
    living: LivingDecisions,
    profile: Profile,
    before: pd.DataFrame | None = None,
) -> MethodDecisions:
    """Decide which totals of places by the methods beside ``registry`` are hidden.

    Args:
        prevalence: the true table, of every method.
        living: on the counts of ``registry``, which are as published.
        profile: the rules.
        before: the table as it was published last.
    """
    places, quarters = living.places, living.quarters
    shape = (_KINDS, len(places.codes), len(quarters))
    true, is_row = np.zeros(shape, np.int64), np.zeros(shape, bool)
    rows = _totals(prevalence, living)
    at = _at(rows, living)
    true[at], is_row[at] = rows["people"].to_numpy(np.int64), True
    for number, (wider, narrower) in enumerate(_DIFFERENCES, len(METHODS)):
        true[number] = true[wider] - true[narrower]
    is_given = _given(is_row, places)
    true[1:, ~is_given] = 0
    role = np.full(shape, EXACT, np.int8)
    is_open = is_given & ~places.is_national[:, None]
    role[0, ~places.is_national] = OPEN
    role[1 : len(METHODS), is_open] = OPEN
    role[len(METHODS) :, is_open] = LATENT
    hidden, shown = np.zeros(shape, bool), np.zeros(shape, bool)
    # As the tables of the registry stand: nothing of them can be hidden any more.
    hidden[0] = living.hidden[0] & (role[0] == OPEN)
    shown[0] = ~living.hidden[0] & (role[0] == OPEN)
    # Nobody says that nobody is there by any table (see ``prevalence_counts``).
    nobody = (true == 0) & (role == OPEN)
    nobody[0] = False
    hidden |= nobody
    seen = None
    if before is not None:
        seen = _look_back(before, living, profile, true, role, hidden, shown)
    size = true[1].sum(axis=1).argsort().argsort().astype(float)
    order = np.where(nobody, -1e12, size[None, :, None] + np.minimum(true, 10**5) / 10**6)
    decision = suppress(
        Counts.of(
            true, role, order, _sums(true, is_given, places), _with_the_narrower(role), seen=seen
        ),
        profile,
        np.append(hidden.ravel(), False),
        np.append(shown.ravel(), False),
    )
    told = decision.unprotected[:-1].reshape(shape)
    # A small count of the registry alone is counted with its own table.
    return MethodDecisions(
        quarters,
        places,
        (decision.hidden[:-1].reshape(shape) | nobody)[1 : len(METHODS)],
        is_open,
        int(told[1:].sum()),
    )


def publish_methods(
    frame: pd.DataFrame, decisions: MethodDecisions, profile: Profile
) -> pd.DataFrame:
    """Rows of the methods beside ``registry``: nations as they are, places by their totals."""
    rows = of_method(frame, *METHODS[1:])
    local = rows[~is_national(rows)]
    number = decisions.places.number
    stand = set(zip(local["method"], local["geography_code"], local["quarter"], strict=True))
    dates = frame.drop_duplicates("quarter").set_index("quarter")
    added = [
        {
            **EVERYBODY,
            "quarter": decisions.quarters[quarter],
            "index_date": dates["index_date"][decisions.quarters[quarter]],
            "geography_type": decisions.places.types[place],
            "geography_code": decisions.places.codes[place],
            "geography_name": decisions.places.names[place],
            "method": method,
            "presentation": "all",
            "people": 0,
            "notes": dates["notes"][decisions.quarters[quarter]].split(";")[0],
        }
        for method in METHODS[1:]
        for place, quarter in np.argwhere(decisions.is_given).tolist()
        if (method, decisions.places.codes[place], decisions.quarters[quarter]) not in stand
    ]
    if added:
        zero = pd.DataFrame(added, columns=frame.columns)
        local = pd.concat([local, zero.astype(frame.dtypes.to_dict(), errors="ignore")])
    local = in_order(local, frame)
    quarter = {name: index for index, name in enumerate(decisions.quarters)}
    method = {name: index for index, name in enumerate(METHODS[1:])}
    hidden = decisions.hidden[
        np.asarray(local["method"].map(method), np.int64),
        np.asarray(local["geography_code"].map(number), np.int64),
        np.asarray(local["quarter"].map(quarter), np.int64),
    ]
    publish_counts(local, {"people": hidden}, profile)
    return put_together(rows, local, hidden)


def _totals(prevalence: pd.DataFrame, living: LivingDecisions) -> pd.DataFrame:
    """Rows of everybody at places that are published, in quarters that are."""
    is_total = (prevalence["geography_type"] != "england_and_wales") & (
        prevalence["presentation"] == "all"
    )
    for column, value in EVERYBODY.items():
        is_total &= prevalence[column] == value
    is_total &= prevalence["quarter"].isin(living.quarters)
    is_total &= prevalence["geography_code"].isin(living.places.codes)
    return prevalence[is_total]


def _at(rows: pd.DataFrame, living: LivingDecisions) -> tuple[Integers, Integers, Integers]:
    """Number of method, place and quarter of rows."""
    quarter = {name: index for index, name in enumerate(living.quarters)}
    method = {name: index for index, name in enumerate(METHODS)}
    given = rows["method"] if "method" in rows else pd.Series(REGISTRY, index=rows.index)
    return (
        np.asarray(given.map(method), np.int64),
        np.asarray(rows["geography_code"].map(living.places.number), np.int64),
        np.asarray(rows["quarter"].map(quarter), np.int64),
    )


def _given(is_row: Flags, places: Places) -> Flags:
    """Places and quarters of nations that have the methods at all (ruling H28)."""
    nations = places.nations()
    has_rows: Flags = np.asarray(is_row[1 : len(METHODS)].any(axis=0))
    given: Flags = has_rows[nations]
    given[nations < 0] = False
    return given


def _look_back(
    before: pd.DataFrame,
    living: LivingDecisions,
    profile: Profile,
    true: Integers,
    role: np.ndarray,
    hidden: Flags,
    shown: Flags,
) -> Seen | None:
    """Take in what was published before, as for ``registry``."""
    past = _totals(of_method(before, *METHODS[1:]), living)
    people = np.full(true.shape, -1, np.int64)
    at = _at(past, living)
    was_hidden = np.zeros(true.shape, bool)
    was_hidden[at] = past["people"].isna().to_numpy(bool)
    people[at] = past["people"].fillna(0).to_numpy(np.int64)
    people[was_hidden] = -1
    hidden |= was_hidden & (role == OPEN)
    more = came_late(true, people, living.places.nations())
    known = (people >= 0) & profile.is_as_shown(people, true) & (more == 0)
    shown[1:] |= (known & (role == OPEN))[1:]
    return seen_before(profile, people, more, role)


def _with_the_narrower(role: np.ndarray) -> Cells:
    """Where the people of a place are hidden by a method, they are by every wider one."""
    cells = np.arange(role.size, dtype=np.int32).reshape(role.shape)
    pairs = [np.zeros((2, 0), np.int32)]
    for narrower in range(len(METHODS) - 1):
        both = (role[narrower] == OPEN) & (role[narrower + 1] == OPEN)
        pairs.append(np.stack([cells[narrower][both], cells[narrower + 1][both]]))
    return np.concatenate(pairs, axis=1)


def _sums(true: Integers, is_given: Flags, places: Places) -> list[Sums]:
    cells = np.arange(true.size, dtype=np.int32).reshape(true.shape)
    families = places.families()
    values = np.append(true.ravel(), 0)
    found = []
    for number, own in enumerate(cells):
        rows = of_families(own, families, true.size)
        holds = values[rows[:, 0]] == values[rows[:, 1:]].sum(axis=1)
        found.append(Sums(rows[holds], number < len(METHODS)))
    for number, (wider, narrower) in enumerate(_DIFFERENCES, len(METHODS)):
        parts = [cells[wider], cells[narrower], cells[number]]
        found.append(Sums(np.stack([part[is_given] for part in parts], axis=1), False))
    both, *parts = (cells[len(METHODS) + number] for number in (2, 0, 1))
    found.append(Sums(np.stack([part[is_given] for part in (both, *parts)], axis=1), False))
    return [own for own in found if len(own.cells)]
