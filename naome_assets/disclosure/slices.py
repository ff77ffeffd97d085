"""The counts of all tables, each once, with what is decided of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from naome_assets.contract.indicators import Series
from naome_assets.disclosure.bounds import Cells
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.suppression import (
    LATENT,
    OPEN,
    REST,
    UNBOUNDED,
    Flags,
    Integers,
)
from naome_assets.disclosure.windows import Windows

Roles = NDArray[np.int8]


@dataclass
class Decisions:
    """What is hidden, by series, presentation, place and window.

    A withheld series is not published at all for a place, neither what is small nor what is not.
    Slices are numbered; ``known`` tells where the true count of a slice is in a table.
    """

    places: Places
    windows: Windows
    slices: dict[tuple[Series, int], int] = field(default_factory=dict)
    true: list[Integers] = field(default_factory=list)
    hidden: list[Flags] = field(default_factory=list)
    #: What readers have seen before.
    shown: list[Flags] = field(default_factory=list)
    #: By slice, least and largest value for readers who saw counts before late records came.
    seen: dict[int, tuple[Cells, Cells]] = field(default_factory=dict)
    withheld: list[Flags] = field(default_factory=list)
    known: list[Flags] = field(default_factory=list)
    roles: list[Roles] = field(default_factory=list)
    #: Whole, parts and rest, as numbers of slices.
    splits: list[tuple[int, ...]] = field(default_factory=list)
    unprotected: int = 0

    def add(self, true: Integers, role: Roles, known: Flags, withheld: Flags) -> int:
        """A new slice; its number."""
        self.true.append(true)
        self.hidden.append(np.zeros(true.shape, bool))
        self.shown.append(np.zeros(true.shape, bool))
        self.withheld.append(withheld)
        self.known.append(known)
        self.roles.append(np.where(withheld[:, None] & (role == OPEN), LATENT, role))
        return len(self.true) - 1

    def of(self, series: Series, presentation: int) -> tuple[Flags, Flags] | None:
        """Hidden [place, window] and withheld [place] of a series; None when it is not stated."""
        number = self.slices.get((series, presentation))
        return None if number is None else (self.hidden[number], self.withheld[number])


@dataclass
class Component:
    """Slices that are linked by sums or as part and whole, and so are decided at once.

    Arrays are [slice, place, window]; other numbers of slices are places in them.

    Attributes:
        numbers: the slices, as ``Decisions`` numbers them.
        true: their counts.
        role: what a reader has of each; see ``disclosure.suppression``.
        known: whether a table states the count.
        hidden: what is hidden so far.
        shown: what readers have seen before.
        seen: least and largest value for readers who saw counts before late records came.
        withheld: [slice, place], series that are not published at all.
        parts: part and whole.
        of_presentations: `all`, de novo and recurrent, which make it.
        added: a whole and the parts that make it.
        splits: a whole, parts that are among it, and the rest.
    """

    places: Places
    windows: Windows
    numbers: Sequence[int]
    true: Integers
    role: Roles
    known: Flags
    hidden: Flags
    shown: Flags
    seen: tuple[Cells, Cells] | None
    withheld: Flags
    parts: Sequence[Sequence[int]]
    of_presentations: Sequence[Sequence[int]]
    added: Sequence[Sequence[int]]
    splits: Sequence[Sequence[int]]

    @property
    def cells(self) -> Cells:
        """A number for each count."""
        return np.arange(self.true.size, dtype=np.int32).reshape(self.true.shape)

    @property
    def has_shared(self) -> bool:
        """Whether the months that windows share stand after the windows."""
        return bool(self.true.shape[-1] > len(self.windows.complete))

    def with_shared(self) -> Component:
        """With the nine months that windows of a year share, where places publish quarters.

        Nobody publishes them, and everybody can work with them: a window less the one before it is
        the quarter that came less the one that went, which neither of the two says alone.
        """
        quarters = slice(len(self.windows.quarters))
        nines, _ = self.windows.shared()
        is_open = (self.role[:, ~self.places.is_national, quarters] == OPEN).any()
        if not len(nines) or not is_open:
            return self
        none = np.zeros((*self.true.shape[:2], len(nines)), np.int8)

        def longer(values: NDArray[Any], shared: NDArray[Any] = none) -> NDArray[Any]:
            return np.concatenate([values, shared.astype(values.dtype)], axis=-1)

        seen = self.seen
        if seen is not None:
            seen = longer(seen[0]), longer(seen[1], np.full(none.shape, UNBOUNDED))
        return replace(
            self,
            true=longer(self.true),
            role=longer(self.role, none + REST),
            known=longer(self.known),
            hidden=longer(self.hidden),
            shown=longer(self.shown),
            seen=seen,
        )
