"""A reader of two publications of the same quarters, between which records came late.

One kind of row at a time, and people living with MBC one quarter at a time: weaker than the
programme of all tables, and quick. What the reader adds to each publication's sums is that
nobody has gone: every count behind the second is at least the one behind the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from naome_assets.disclosure.suppression import Profile
from naome_tests.disclosure.attacker import LOCAL, Attacker, Cell, Rounding
from naome_tests.disclosure.count_reader import COUNTS, defined, rows_of
from naome_tests.disclosure.full_world import Audit, Hospitals, Numbers
from naome_tests.disclosure.living_world import DIMENSIONS
from naome_tests.disclosure.programme import Programme
from naome_tests.disclosure.search import Search
from naome_tests.disclosure.world import BOTH, Providers, quarters

Tables = Mapping[str, pd.DataFrame]


class LateReader:
    """Two publications of one audit, in the order in which they came.

    Args:
        published: what was published.
        true: the tables behind.
        profile: the rules of both.
        providers: with the places above each.
        number: of quarters.
    """

    def __init__(
        self,
        published: Sequence[Tables],
        true: Sequence[Tables],
        profile: Profile,
        providers: Providers,
        number: int,
    ) -> None:
        self.published, self.true, self.profile = published, true, profile
        self.providers, self.names = providers, quarters(number)
        self.rounding = Rounding(profile.small_to, profile.round_to)

    def kinds(self, audits: Sequence[Mapping[str, Numbers]]) -> Iterator[tuple[str, Search]]:
        """A search for the counts of each kind of row; ``audits`` holds the true atoms of each."""
        for table, (kind, columns) in COUNTS.items():
            if table not in self.published[0]:
                continue
            frames = [dict(rows_of(tables[table], kind)) for tables in self.published]
            truths = [dict(rows_of(tables[table], kind)) for tables in self.true]
            for name in sorted(set(frames[0]) & set(frames[1])):
                own = [frame[name] for frame in frames]
                given = [n for n in columns if all(frame[n].notna().any() for frame in own)]
                rows = [frame[name] for frame in truths]
                yield f"{table}.{name}", self._search(f"{table}.{name}", given, own, rows, audits)

    def _search(
        self,
        kind: str,
        columns: Sequence[str],
        frames: Sequence[pd.DataFrame],
        truths: Sequence[pd.DataFrame],
        audits: Sequence[Mapping[str, Numbers]],
    ) -> Search:
        size = len(self.providers) * 2 * len(self.names)
        whole = size * len(columns)
        programme = Programme(whole=2 * whole)
        cells: list[list[int]] = []
        for shift, frame, true in zip((0, whole), frames, truths, strict=True):
            attacker = Attacker(self.providers, self.names, self.rounding)
            attacker.read(kind, frame, columns)
            for cell, low, high in dict.fromkeys(attacker.known):
                terms = dict.fromkeys((shift + atom for atom in attacker.atoms(cell)), 1.0)
                programme.add(terms, low, high)
            for whole_of, parts, is_all in defined(attacker.columns):
                starts = [attacker.columns.index(n) * size + shift for n in (whole_of, *parts)]
                for atom in range(size):
                    terms = {start + atom: -1.0 for start in starts[1:]}
                    programme.add(terms | {starts[0] + atom: 1.0}, 0.0, 0.0 if is_all else np.inf)
            cells += [
                [shift + atom for atom in attacker.atoms(cell)]
                for column in columns
                for cell in self._small(attacker, f"{kind}.{column}", column, true)
            ]
        for atom in range(whole):
            programme.add({whole + atom: 1.0, atom: -1.0}, 0.0, np.inf)
        world = np.concatenate(
            [atoms[f"{kind}.{column}"].ravel() for atoms in audits for column in columns]
        )
        owners = np.repeat(np.arange(len(self.providers)), 2 * len(self.names))
        return Search(programme, cells, world, np.tile(owners, 2 * len(columns)))

    def _small(
        self, attacker: Attacker, own: str, column: str, true: pd.DataFrame
    ) -> Iterator[Cell]:
        local = true[true["geography_type"].isin(LOCAL)]
        small = local[local[column].between(1, self.profile.small_to)]
        for row in small.to_dict("records"):
            place = str(row["geography_code"]), str(row["presentation"])
            cell = (own, *place, str(row["quarter"]), str(row["period"]))
            if cell in attacker.hidden:
                yield cell

    def living(self) -> Iterator[tuple[str, Search]]:
        """A search for each quarter of ``prevalence``: places and margins, at both times."""
        places = Hospitals(self.providers)
        codes = [code for _, code in places.places]
        member = dict(zip(codes, places.membership(), strict=True))
        for quarter in self.names:
            yield f"prevalence {quarter}", self._search_living(quarter, member)

    def _search_living(self, quarter: str, member: Mapping[str, Numbers]) -> Search:
        """Unknowns are people of a provider and a value of one dimension, or of all."""
        truths = [self._margins(tables, quarter) for tables in self.true]
        keys = sorted({key for own in truths for key in own.index.droplevel(0)})
        number = {
            (provider, key): n
            for n, (provider, key) in enumerate(
                (provider, key) for provider in self.providers for key in keys
            )
        }
        size = len(number)
        programme, cells = Programme(whole=2 * size), []
        worlds = []
        for shift, true, tables in zip((0, size), truths, self.published, strict=True):
            shown = self._margins(tables, quarter)
            types = tables["prevalence"].drop_duplicates("geography_code")
            types = types.set_index("geography_code")["geography_type"].to_dict()
            for code, members in member.items():
                for key in keys:
                    atoms = [
                        shift + number[provider, key]
                        for provider, is_in in zip(self.providers, members, strict=True)
                        if is_in
                    ]
                    people = shown.get((code, *key), 0)
                    if pd.isna(people):
                        count = true.get((code, *key), 0)
                        if 1 <= count <= self.profile.small_to:
                            cells.append(atoms)
                        continue
                    ends = (people, people)
                    if types.get(code, "provider") in LOCAL:
                        ends = self.rounding.between(people)
                    elif code == BOTH:
                        continue
                    programme.add(dict.fromkeys(atoms, 1.0), *ends)
            self._add_up(programme, number, keys, shift)
            worlds.append([true.get((own, *key), 0) for own, key in number])
        for atom in range(size):
            programme.add({size + atom: 1.0, atom: -1.0}, 0.0, np.inf)
        owners = np.repeat(np.arange(len(self.providers)), len(keys))
        return Search(programme, cells, np.concatenate(worlds), np.tile(owners, 2))

    def _add_up(
        self,
        programme: Programme,
        number: Mapping[tuple[str, tuple[str, ...]], int],
        keys: Sequence[tuple[str, ...]],
        shift: int,
    ) -> None:
        everybody = ("all",) * len(DIMENSIONS)
        for provider in self.providers:
            for dimension in range(len(DIMENSIONS)):
                parts = [key for key in keys if key[dimension] != "all"]
                terms = {shift + number[provider, key]: 1.0 for key in parts}
                if everybody in keys and parts:
                    terms[shift + number[provider, everybody]] = -1.0
                    programme.add(terms, 0.0, 0.0)

    def _margins(self, tables: Tables, quarter: str) -> pd.Series:
        rows = tables["prevalence"]
        given = (rows[list(DIMENSIONS)] != "all").sum(axis=1)
        rows = rows[(rows["quarter"] == quarter) & (given <= 1)]
        return rows.set_index(["geography_code", *DIMENSIONS])["people"]


def atoms_of(audit: Audit) -> dict[str, Numbers]:
    """True atoms of every column of an audit."""
    found: dict[str, Numbers] = {}
    for table, (kind, columns) in COUNTS.items():
        for name, own in rows_of(audit.tables()[table], kind):
            for column in columns:
                if own[column].notna().any():
                    found[f"{table}.{name}.{column}"] = audit.atoms(f"{table}.{name}.{column}")
    return found
