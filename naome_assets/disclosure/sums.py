"""What counts add up to: the sums that a reader can work with.

Places make a nation, windows make a longer one, presentations make `all`, and parts of different
people are together at most their whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from naome_assets.contract.dimensions import PRESENTATIONS
from naome_assets.contract.indicators import Series
from naome_assets.disclosure.bounds import Cells
from naome_assets.disclosure.slices import Component, Decisions
from naome_assets.disclosure.stated_counts import ADDED, AMONG
from naome_assets.disclosure.suppression import EXACT, OPEN, REST, Flags, Integers, Sums


def add_rests(decisions: Decisions, parts: Sequence[tuple[int, int, Series, int]]) -> None:
    """Add the rest of each whole: nobody publishes it, and everybody can work with it.

    A part is at most its whole, everywhere and in every sum: where all patients of a nation are
    recorded, nobody is left over at any place.
    """
    groups: list[tuple[tuple[int, ...], Series, int]] = [
        ((whole, part), series, presentation) for part, whole, series, presentation in parts
    ]
    for whole, among in AMONG:
        for presentation in range(len(PRESENTATIONS)):
            numbers = [decisions.slices.get((series, presentation)) for series in (whole, *among)]
            stated = tuple(number for number in numbers if number is not None)
            if numbers[0] is not None and len(stated) > 1 and stated[0] not in stated[1:]:
                name = ("rest", "|".join(whole), " ".join("|".join(series) for series in among))
                groups.append((stated, name, presentation))
    rests: dict[tuple[int, ...], int] = {}
    for stated, series, presentation in groups:
        if stated not in rests:
            roles = np.stack([decisions.roles[number] for number in stated])
            known = np.all([decisions.known[number] for number in stated], axis=0)
            true = [decisions.true[number] for number in stated]
            rest = np.where(known, true[0] - np.sum(true[1:], axis=0), 0)
            if (rest < 0).any():
                continue  # Parts that are no parts tell nobody anything.
            role = np.where((roles == EXACT).all(axis=0), EXACT, REST).astype(np.int8)
            rests[stated] = decisions.add(rest, role, known, decisions.withheld[stated[0]])
            decisions.splits.append((*stated, rests[stated]))
        decisions.slices[series, presentation] = rests[stated]


def presentation_sums(decisions: Decisions) -> list[tuple[int, ...]]:
    """Slices of `all`, de novo and recurrent of each series that has the three."""
    series = dict.fromkeys(series for series, _ in decisions.slices)
    numbers = {
        tuple(decisions.slices.get((own, p), -1) for p in range(len(PRESENTATIONS)))
        for own in series
    }
    return _of_others([own for own in numbers if -1 not in own])


def added_sums(decisions: Decisions) -> list[tuple[int, ...]]:
    """Slices of each whole of ``ADDED`` and of the parts that make it."""
    found = []
    for whole, parts in ADDED:
        for presentation in range(len(PRESENTATIONS)):
            numbers = [decisions.slices.get((series, presentation)) for series in (whole, *parts)]
            stated = tuple(number for number in numbers if number is not None)
            if numbers[0] is not None and len(stated) > 1:
                found.append(stated)
    return _of_others(found)


def _of_others(sums: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Sums that say something: where one part is everything they do not."""
    return sorted({own for own in sums if own[0] not in own[1:]})


def sums_of(component: Component, small: Flags) -> list[Sums]:
    """Every sum of the counts of a component; a last count beyond its own pads short ones.

    Args:
        component: the counts, with the months that windows share where those are worked with.
        small: which of the counts must be hidden. What windows share is worked with for series
            that have such a quarter: it says nothing that matters of others, and costs as much.
    """
    cells, true, known = component.cells, component.true, component.known
    families = component.places.families()
    years, triples = component.windows.sums()
    tested = years[component.windows.whole[years].all(axis=1)]
    nations = component.places.is_national
    values, stated = np.append(true.ravel(), 0), np.append(known.ravel(), True)
    sums: list[Sums] = []
    published = cells[..., : len(component.windows.complete)]
    quarters = slice(len(component.windows.quarters))
    is_open = component.role[..., quarters] == OPEN
    small_quarters = (is_open & small[..., quarters]).any(axis=-1)
    for own, stands, counts, has_small in zip(cells, published, true, small_quarters, strict=True):
        sums += _true_sums(of_families(stands, families, true.size), values, stated, True)
        exact = counts[nations]
        adds_up = exact[:, tested[:, 0]] == exact[:, tested[:, 1:]].sum(axis=2)
        # A stock, or followed up otherwise in each quarter: windows do not add up. What cannot be
        # tested, for gaps between the quarters, is not held for a sum.
        if not adds_up.all() or (len(years) and not len(tested)):
            continue
        local = own[~nations]
        sums += [Sums(local[:, years].reshape(-1, 5), False)]
        sums += _true_sums(local[:, triples].reshape(-1, 4), values, stated, False)
        if component.has_shared:
            few = own[~nations & has_small]
            for shared in component.windows.shared():
                sums += [Sums(few[:, shared].reshape(-1, shared.shape[1]), False)]
    for numbers in (*component.of_presentations, *component.added):
        sums += _true_sums(_across(published, numbers), values, stated, True)
    sums += [Sums(_across(published, numbers), False) for numbers in component.splits]
    return [own for own in sums if len(own.cells)]


def of_families(cells: Cells, families: Integers, pad: int) -> Cells:
    """A parent and its children, a row a family and time; ``cells`` are [place, time]."""
    rows = np.where(families[:, :, None] >= 0, cells[families], pad)
    return np.moveaxis(rows, 1, 2).reshape(-1, families.shape[1])


def _across(cells: Cells, numbers: Sequence[int]) -> Cells:
    """The same place and window of several slices, a row each."""
    return cells[list(numbers)].reshape(len(numbers), -1).T


def _true_sums(rows: Cells, true: Integers, known: Flags, paired: bool) -> list[Sums]:
    """Sums that hold; those of counts that no table states hold when all the stated ones do."""
    values = true[rows]
    is_stated = known[rows].all(axis=1)
    holds = values[:, 0] == values[:, 1:].sum(axis=1)
    all_hold = bool(holds[is_stated].all())
    return [Sums(rows[(is_stated & holds) | (~is_stated & all_hold)], paired)]
