"""Decide which counts of the tables with windows are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import NATIONAL, TOGETHER
from naome_assets.contract.published_tables import STATED
from naome_assets.disclosure import caution
from naome_assets.disclosure.bounds import Cells
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.slices import Component, Decisions, Roles
from naome_assets.disclosure.stated_counts import StatedTable, presentation_of
from naome_assets.disclosure.sums import (
    add_rests,
    added_sums,
    presentation_sums,
    sums_of,
)
from naome_assets.disclosure.suppression import (
    EXACT,
    LATENT,
    OPEN,
    UNBOUNDED,
    Counts,
    Flags,
    Integers,
    Profile,
    suppress,
)
from naome_assets.disclosure.windows import Windows

#: A place of which readers never saw a row protects others last of all.
_NO_ROWS_LATER = 1e8
#: A count that readers saw before late records came protects others after those that they did not.
_SEEN_LATER = 1e5


def decide(
    tables: Mapping[str, pd.DataFrame],
    places: Places,
    windows: Windows,
    profile: Profile,
    before: Mapping[str, pd.DataFrame] | None = None,
) -> Decisions:
    """Decide which counts of the tables with windows are hidden.

    Args:
        tables: true tables by name; those that are not ``STATED`` are not looked at.
        places: their places.
        windows: their windows.
        profile: the rules.
        before: the same tables as they were published before: what was hidden stays hidden, and
            what was shown hides nothing new.
    """
    stated = [StatedTable(own, tables[own.name]) for own in STATED if own.name in tables]
    decisions = _slices(stated, Decisions(places, windows), profile)
    _look_back(stated, decisions, profile, before or {})
    split = [found for own in stated for found in own.parts(decisions.slices)]
    add_rests(decisions, split)
    parts = sorted({(part, whole) for part, whole, _, _ in split})
    for component in _components(decisions, parts):
        decisions.unprotected += _hide(component, profile)
        for number, hidden in zip(component.numbers, component.hidden, strict=True):
            decisions.hidden[number] = hidden
    return decisions


def _slices(stated: Sequence[StatedTable], decisions: Decisions, profile: Profile) -> Decisions:
    """Counts that are equal everywhere as one slice."""
    places, windows = decisions.places, decisions.windows
    seen: dict[bytes, int] = {}
    for own in stated:
        role = _role(places, windows, has_quarters=own.spec.has_quarters)
        for series, presentation, array in own.arrays(places, windows):
            true = np.where(role == LATENT, 0, array)
            key = true.tobytes() + bytes(own.spec.has_quarters)
            if key not in seen:
                withheld = caution.withheld(true, role, places, profile)
                seen[key] = decisions.add(true, role, role != LATENT, withheld)
            decisions.slices[series, presentation] = seen[key]
    return decisions


def _role(places: Places, windows: Windows, *, has_quarters: bool) -> np.ndarray:
    role = np.full((len(places.codes), len(windows.complete)), LATENT, np.int8)
    # Whose nation sent nothing for a quarter has people in it all the same: they are not counted.
    nations = places.nations()
    reported = np.array(
        [
            windows.reported_of(places.codes[nation]) if nation >= 0 else windows.reported
            for nation in nations
        ]
    ).reshape(role.shape)
    role[reported & windows.complete] = OPEN
    if not has_quarters:
        role[:, : len(windows.quarters)] = LATENT
    national = places.is_national
    role[national] = np.where(reported[national], EXACT, LATENT)
    return role


def _look_back(
    stated: Sequence[StatedTable],
    decisions: Decisions,
    profile: Profile,
    before: Mapping[str, pd.DataFrame],
) -> None:
    """Take in what was hidden and what was shown before."""
    places, windows = decisions.places, decisions.windows
    nations = places.nations()
    for own in stated:
        if own.spec.name not in before:
            continue
        published = before[own.spec.name]
        published = published[
            (published["geography_type"] != TOGETHER)
            & published["geography_code"].isin(places.codes)
            & published["quarter"].isin(windows.quarters)
        ]
        for kind, rows in StatedTable(own.spec, published).kinds():
            is_local = ~rows["geography_type"].isin(NATIONAL).to_numpy(bool)
            at_place = rows["geography_code"].map(places.number).to_numpy(np.int64)
            at_window = windows.of_rows(rows)
            presentations = presentation_of(rows)
            for column in own.spec.counts:
                was_hidden = (rows[column].isna() & rows["suppressed"]).to_numpy(bool)
                counts = rows[column].fillna(-1).to_numpy(np.int64)
                for presentation in np.unique(presentations):
                    number = decisions.slices.get(
                        ((own.spec.name, kind, column), int(presentation))
                    )
                    if number is None:
                        continue
                    mine = presentations == presentation
                    at = at_place[mine], at_window[mine]
                    true, hidden = decisions.true[number], decisions.hidden[number]
                    hidden[at] |= was_hidden[mine]
                    hidden &= decisions.roles[number] == OPEN
                    shown = np.full(true.shape, -1)
                    shown[at] = counts[mine]
                    local = mine & is_local
                    shown[
                        _told_as_nobody(places, at_place[local], at_window[local], true.shape)
                    ] = 0
                    more = came_late(true, shown, nations)
                    known = (shown >= 0) & profile.is_as_shown(shown, true)
                    decisions.shown[number] |= known & (more == 0)
                    _see(
                        decisions,
                        number,
                        seen_before(profile, shown, more, decisions.roles[number]),
                    )


def _see(decisions: Decisions, number: int, seen: tuple[Cells, Cells] | None) -> None:
    """Tables that state one count may each have shown it."""
    if seen is not None:
        least, most = decisions.seen.get(number, seen)
        decisions.seen[number] = np.maximum(least, seen[0]), np.minimum(most, seen[1])


def came_late(true: Integers, shown: Integers, nations: Integers) -> Integers:
    """People who came to a place's nation with late records, [.., place, time]; below 0 they left.

    Args:
        true: counts of now; nations stand exactly in both publications.
        shown: counts as published before, below 0 where none was.
        nations: of each place, -1 for none.
    """
    more = np.asarray((true - np.maximum(shown, 0))[..., nations, :])
    more[..., nations < 0, :] = 0
    return more


def seen_before(
    profile: Profile, shown: Integers, more: Integers, role: Roles
) -> tuple[Cells, Cells] | None:
    """Least and largest value of counts for readers who saw them before late records came.

    All of those who came to the nation can be of one place, or none. Nothing when none came.

    Args:
        profile: the rules.
        shown: counts as published before, below 0 where none was.
        more: people who came to the nation.
        role: which counts are open.
    """
    changed = (shown >= 0) & (more != 0) & (role == OPEN)
    if not changed.any():
        return None
    least = profile.lowest(shown) + np.minimum(more, 0)
    most = profile.highest(shown) + np.maximum(more, 0)
    return (
        np.where(changed, least, 0).astype(np.int32),
        np.where(changed, most, UNBOUNDED).astype(np.int32),
    )


def _told_as_nobody(
    places: Places, at_place: Integers, at_window: Integers, shape: tuple[int, ...]
) -> Flags:
    """Places without a row, in windows in which their type had rows: a reader knows them as 0."""
    types = np.array(places.types)
    has_row, told = np.zeros(shape, bool), np.zeros(shape, bool)
    has_row[at_place, at_window] = True
    for type_ in np.unique(types[at_place]):
        own = types == type_
        told[own] = has_row[own].any(axis=0)
    return told & ~has_row


def _components(decisions: Decisions, parts: Sequence[tuple[int, int]]) -> Iterator[Component]:
    """The slices, those together that sums or parts link."""
    group = list(range(len(decisions.true)))

    def root(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    of_presentations, added = presentation_sums(decisions), added_sums(decisions)
    for own in (*of_presentations, *added, *decisions.splits):
        for number in own[1:]:
            group[root(number)] = root(own[0])
    members: dict[int, list[int]] = {}
    for number in range(len(group)):
        members.setdefault(root(number), []).append(number)
    for _, numbers in sorted(members.items()):
        local = {number: index for index, number in enumerate(numbers)}

        def inside(
            sums: Sequence[tuple[int, ...]], local: Mapping[int, int] = local
        ) -> list[list[int]]:
            return [[local[number] for number in own] for own in sums if own[0] in local]

        yield Component(
            places=decisions.places,
            windows=decisions.windows,
            numbers=numbers,
            true=np.stack([decisions.true[number] for number in numbers]),
            role=np.stack([decisions.roles[number] for number in numbers]),
            known=np.stack([decisions.known[number] for number in numbers]),
            hidden=np.stack([decisions.hidden[number] for number in numbers]),
            shown=np.stack([decisions.shown[number] for number in numbers]),
            seen=_seen(decisions, numbers),
            withheld=np.stack([decisions.withheld[number] for number in numbers]),
            parts=inside(parts),
            of_presentations=inside(of_presentations),
            added=inside(added),
            splits=inside(decisions.splits),
        )


def _seen(decisions: Decisions, numbers: Sequence[int]) -> tuple[Cells, Cells] | None:
    """What readers saw of several slices before late records came; nothing of none."""
    if not any(number in decisions.seen for number in numbers):
        return None
    shape = (len(numbers), *decisions.true[numbers[0]].shape)
    least, most = np.zeros(shape, np.int32), np.full(shape, UNBOUNDED, np.int32)
    for index, number in enumerate(numbers):
        if number in decisions.seen:
            least[index], most[index] = decisions.seen[number]
    return least, most


def _hide(component: Component, profile: Profile) -> int:
    """Hide counts of a component; how many small ones could not be protected."""
    _know_parts_of_nothing(component)
    caution.hide_for_caution(component, profile)
    for part, whole in component.parts:
        is_open = component.role[part] == OPEN
        component.hidden[part] |= component.withheld[whole][:, None] & is_open
    wanted = caution.candidates(component, profile)
    held = component.with_shared()
    true, stated = held.true, component.true.shape[-1]
    size = component.true.sum(axis=(0, 2)).argsort().argsort().astype(float)
    size = size + np.where(component.places.has_rows, 0.0, _NO_ROWS_LATER)
    order = size[None, :, None] + np.minimum(true, 10**5) / 10**6
    if held.seen is not None:
        order = order + np.where(held.seen[1] < UNBOUNDED, _SEEN_LATER, 0.0)
    decision = suppress(
        Counts.of(
            true,
            held.role,
            order,
            sums_of(held, profile.is_small(true)),
            _hidden_together(held),
            np.pad(wanted, [(0, 0), (0, 0), (0, true.shape[-1] - stated)]),
            held.seen,
        ),
        profile,
        np.append(held.hidden.ravel(), False),
        np.append(held.shown.ravel(), False),
    )
    component.hidden = decision.hidden[:-1].reshape(true.shape)[..., :stated]
    return int(decision.unprotected.sum())


def _know_parts_of_nothing(component: Component) -> None:
    """A part of nothing is nothing: hidden with its whole, or known to everybody."""
    true, role, shown = component.true, component.role, component.shown
    changed = True
    while changed:  # From wholes to parts of parts, whatever their order.
        changed = False
        for part, whole in component.parts:
            is_known = (role[whole] == EXACT) | ((role[whole] == OPEN) & shown[whole])
            new = is_known & (true[whole] == 0) & (role[part] == OPEN)
            role[part][new] = EXACT
            changed |= bool(new.any())


def _hidden_together(component: Component) -> Cells:
    """Pairs of counts: where the first is hidden, the second is hidden too."""
    true, role, cells = component.true, component.role, component.cells
    pairs = [np.zeros((2, 0), np.int32)]
    for part, whole in component.parts:
        both = (role[whole] == OPEN) & (role[part] == OPEN)
        nothing = both & (true[whole] == 0)
        pairs.append(np.stack([cells[whole][both], cells[part][both]]))
        pairs.append(np.stack([cells[part][nothing], cells[whole][nothing]]))
    for whole, *presentations in component.of_presentations:
        for part in presentations:
            # Nobody of one presentation: said of hidden people, it says what all of them are.
            nobody = (role[whole] == OPEN) & (role[part] == OPEN) & (true[part] == 0)
            pairs.append(np.stack([cells[whole][nobody], cells[part][nobody]]))
    return np.concatenate(pairs, axis=1)
