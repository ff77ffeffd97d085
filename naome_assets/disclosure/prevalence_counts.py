"""Which counts of people living with MBC are published below national level, and hidden.

One dimension at a time: sex, age band, presentation or years since MBC of a place, each against its
total. The full cube of a provider holds hundreds of counts under 8 that add up in every direction;
hiding enough of them would leave little, so crossed rows are published for nations only [ours].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from naome_assets.contract.dimensions import LIVING, TOGETHER
from naome_assets.disclosure import caution
from naome_assets.disclosure.bounds import Cells
from naome_assets.disclosure.decide import came_late, seen_before
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.slices import Decisions
from naome_assets.disclosure.sums import of_families
from naome_assets.disclosure.suppression import (
    EXACT,
    OPEN,
    Counts,
    Flags,
    Integers,
    Profile,
    Sums,
    suppress,
)

#: Counts that are hidden anyway protect others first of all.
_HIDDEN_ANYWAY = -1e12


@dataclass(frozen=True)
class LivingDecisions:
    """What is hidden of ``prevalence``, [category, place, quarter].

    A category is a value of each of ``LIVING``; the first is `all` of everything.
    """

    categories: tuple[tuple[str, ...], ...]
    quarters: tuple[str, ...]
    places: Places
    hidden: Flags
    unprotected: int

    def at(self, rows: pd.DataFrame) -> tuple[Integers, Integers, Integers]:
        """Category, place and quarter of rows that are published for places."""
        category = {values: index for index, values in enumerate(self.categories)}
        quarter = {name: index for index, name in enumerate(self.quarters)}
        return (
            np.array([category[values] for values in _values(rows)], np.int64),
            np.asarray(rows["geography_code"].map(self.places.number), np.int64),
            np.asarray(rows["quarter"].map(quarter), np.int64),
        )


def is_margin(rows: pd.DataFrame) -> Flags:
    """Whether a row gives at most one dimension."""
    given = sum((rows[name] != "all").astype(int) for name in LIVING)
    return np.asarray(given <= 1)


def decide_living(
    prevalence: pd.DataFrame,
    decisions: Decisions,
    profile: Profile,
    before: pd.DataFrame | None = None,
) -> LivingDecisions:
    """Decide which counts of ``prevalence`` are hidden.

    Args:
        prevalence: the true table.
        decisions: on the tables that count new people, with their places.
        profile: the rules.
        before: as in ``decide``.
    """
    places = decisions.places
    rows = prevalence[is_margin(prevalence) & (prevalence["geography_type"] != TOGETHER)]
    everyone = ("all",) * len(LIVING)
    categories = (everyone, *sorted(set(_values(rows)) - {everyone}))
    quarters = tuple(sorted(rows["quarter"].unique()))
    shape = (len(categories), len(places.codes), len(quarters))
    empty = LivingDecisions(categories, quarters, places, np.zeros(shape, bool), 0)
    true = np.zeros(shape, np.int64)
    true[empty.at(rows)] = rows["people"].to_numpy(np.int64)
    role = np.full(shape, OPEN, np.int8)
    role[:, places.is_national] = EXACT
    hidden, shown = np.zeros(shape, bool), np.zeros(shape, bool)
    seen = None
    if before is not None:
        past = before[
            before["geography_code"].isin(places.codes) & before["quarter"].isin(quarters)
        ]
        # As an array: an empty list would be a choice of no columns.
        known = set(categories)
        past = past[np.array([values in known for values in _values(past)], bool)]
        hidden[empty.at(past)] = past["people"].isna().to_numpy(bool)
        # A row that was not there has told that nobody was.
        people = np.where(np.isin(quarters, past["quarter"]), np.zeros(shape, np.int64), -1)
        people[empty.at(past)] = past["people"].fillna(0).to_numpy(np.int64)
        people[hidden] = -1
        more = came_late(true, people, places.nations())
        shown = (people >= 0) & profile.is_as_shown(people, true) & (more == 0)
        seen = seen_before(profile, people, more, role)
    # Nobody living at a place says that nobody is new there, either, in any table: hidden like few
    # people, but without hiding others for it, which the rounding of others makes needless.
    hidden |= (role == OPEN) & caution.beside_hidden_new_people(decisions)[:, None]
    nobody = (true[:1] == 0) & (role == OPEN) & ~shown
    hidden &= ~nobody
    size = true[0].sum(axis=1).argsort().argsort().astype(float)
    order = size[None, :, None] + np.minimum(true, 10**5) / 10**6
    order = np.where(nobody, _HIDDEN_ANYWAY, order)
    follows = [_with_their_total(role), _nobody_ever((true == 0) & (role == OPEN) & ~shown)]
    decision = suppress(
        Counts.of(
            true,
            role,
            order,
            _sums(categories, true, places),
            np.concatenate(follows, axis=1),
            seen=seen,
        ),
        profile,
        np.append(hidden.ravel(), False),
        np.append(shown.ravel(), False),
    )
    return LivingDecisions(
        categories,
        quarters,
        places,
        decision.hidden[:-1].reshape(shape) | nobody,
        int(decision.unprotected.sum()),
    )


def _values(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(rows[list(LIVING)].itertuples(index=False, name=None))


def _with_their_total(role: NDArray[np.int8]) -> Cells:
    """Where the people of a place are hidden, so is everything about them, 0 as well.

    The crossed figures of nations are exact and say more than margins add up to. Nothing is said of
    two places of one family then, and each of their people could as well be of the other place.
    """
    cells = np.arange(role.size, dtype=np.int32).reshape(role.shape)
    totals, parts = np.broadcast_arrays(cells[:1], cells[1:])
    is_open = role[1:] == OPEN
    return np.stack([totals[is_open], parts[is_open]])


def _nobody_ever(nobody: Flags) -> Cells:
    """Where a count is 0 in several quarters, it is hidden in all of them or in none.

    People live on from quarter to quarter. A 0 that could be one of the nation's people protects a
    small count of another place only where it is hidden as long as that person lives.
    """
    found = [np.zeros((2, 0), np.int32)]
    by_place = (nobody.shape[0] * nobody.shape[1], nobody.shape[2])  # also of no place, no quarter
    cells = np.arange(nobody.size, dtype=np.int32).reshape(by_place)
    for own, given in zip(cells, nobody.reshape(cells.shape), strict=True):
        zeros = own[given]
        found.append(np.stack([zeros, np.roll(zeros, -1)]))
    return np.concatenate(found, axis=1)


def _sums(categories: tuple[tuple[str, ...], ...], true: Integers, places: Places) -> list[Sums]:
    cells = np.arange(true.size, dtype=np.int32).reshape(true.shape)
    families = places.families()
    found = [of_families(own, families, true.size) for own in cells]
    for dimension in range(len(LIVING)):
        parts = [n for n, values in enumerate(categories) if values[dimension] != "all"]
        if parts:
            found.append(cells[[0, *parts]].reshape(len(parts) + 1, -1).T)
    values = np.append(true.ravel(), 0)
    return [
        Sums(rows[values[rows[:, 0]] == values[rows[:, 1:]].sum(axis=1)], True) for rows in found
    ]
