"""What is hidden because sums taken together tell more than one by one.

``disclosure.suppression`` looks at sum after sum; a programme in whole numbers takes all at once.
These rules [ours] leave room for what it finds more. Each was found by an attack on made-up audits.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from naome_assets.disclosure.bounds import Cells
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.slices import Component, Decisions, Roles
from naome_assets.disclosure.suppression import EXACT, MOSTLY, OPEN, Flags, Integers, Profile

#: New people of a place, in the order of preference; both are in every audit.
_NEW_PEOPLE = (("indicator", "incidence", "numerator"), ("cns_access", "", "patients"))


def withheld(true: Integers, role: Roles, places: Places, profile: Profile) -> Flags:
    """Places of the types in which too many counts of a series are small."""
    types = np.array(places.types)
    withheld = np.zeros(len(types), bool)
    for type_ in ("cancer_alliance", "provider"):
        counts = true[(types == type_)[:, None] & (role == OPEN)]
        counts = counts[counts > 0]
        if len(counts) and profile.is_small(counts).mean() > profile.withhold_above:
            withheld |= types == type_
    return withheld


def hide_for_caution(component: Component, profile: Profile) -> None:
    """Hide what a rule of caution hides, whatever the sums say."""
    hidden = _quarters_beside_small_places(component, profile)
    hidden |= _sums_with_a_rare_part(component, profile)
    component.hidden |= hidden & (component.role == OPEN)


def _quarters_beside_small_places(component: Component, profile: Profile) -> Flags:
    """Single quarters of places one of whose kin has mostly small ones; their windows stand.

    The exact quarters of the nation, less the rounded ones of larger places, would tell of the
    small place what its own windows of 12 and 36 months leave open.
    """
    quarters = np.arange(len(component.windows.quarters))
    counts = component.true[:, :, quarters]
    given = (component.role[:, :, quarters] == OPEN) & (counts > 0)
    is_rare = (given & profile.is_small(counts)).sum(axis=2) > given.sum(axis=2) * MOSTLY
    hidden: Flags = np.zeros(component.true.shape, bool)
    for _, *own in component.places.families():
        members = np.array([place for place in own if place >= 0])
        slices = np.flatnonzero(is_rare[:, members].any(axis=1))
        hidden[np.ix_(slices, members, quarters)] = True
    return hidden


def _sums_with_a_rare_part(component: Component, profile: Profile) -> Flags:
    """Counts of places that are another count and a rare one; the other stands.

    Both of them, rounded, would tell at which place the few are whom the nation counts exactly.
    """
    hidden: Flags = np.zeros(component.true.shape, bool)
    for members, is_rare in _rare_in_nations(component, profile):
        for whole, *parts in component.added:
            if len(parts) == 2 and is_rare[parts].any():
                hidden[whole, members] = True
    return hidden


def candidates(component: Component, profile: Profile) -> Cells:
    """Values that should stay possible for each count, [slice, place, window].

    All of a small count where exact national figures say more together than sum by sum: where the
    nation's own count is mostly small.
    """
    every_value = profile.small_to + 1
    candidates = np.full(component.true.shape, profile.candidates, np.int32)
    for members, is_rare in _rare_in_nations(component, profile):
        candidates[np.ix_(is_rare, members)] = every_value
    return candidates


def _rare_in_nations(component: Component, profile: Profile) -> Iterator[tuple[Flags, Flags]]:
    """The places of each nation, and the slices whose counts there are mostly small."""
    nation_of = component.places.nations()
    for nation in np.flatnonzero(component.places.is_national):
        counts = component.true[:, nation]
        given = (component.role[:, nation] == EXACT) & (counts > 0)
        small = (given & profile.is_small(counts)).sum(axis=1)
        yield nation_of == nation, small > given.sum(axis=1) * MOSTLY


def beside_hidden_new_people(decisions: Decisions) -> Flags:
    """Places of families whose new people of twelve months are mostly hidden.

    Everybody who lives there came as one of those, whom the nation counts exactly quarter by
    quarter, and by year since: what is known of the living at every index date would tell whose
    they are. Hidden with them, the living tell nothing.
    """
    places, windows = decisions.places, decisions.windows
    number = next(
        (decisions.slices[own, 0] for own in _NEW_PEOPLE if (own, 0) in decisions.slices), None
    )
    beside = np.zeros(len(places.codes), bool)
    if number is None:
        return beside
    years = slice(len(windows.quarters), 2 * len(windows.quarters))
    given = (decisions.known[number] & (decisions.true[number] > 0))[:, years]
    given[places.is_national] = False
    is_hidden = decisions.hidden[number] | decisions.withheld[number][:, None]
    hidden = (given & is_hidden[:, years]).sum(axis=1)
    for _, *own in places.families():
        members = np.array([place for place in own if place >= 0])
        beside[members] = hidden[members].sum() > given[members].sum() * MOSTLY
    return beside
