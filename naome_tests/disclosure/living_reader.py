"""A reader of ``prevalence`` of all quarters, who holds it against the tables of new people.

Unknowns are people alive at the end of a quarter by provider, quarter of the MBC date, sex, age
band and presentation. Each relation below follows from the definitions of the method book.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from naome_tests.disclosure.attacker import LOCAL, Rounding
from naome_tests.disclosure.full_world import Hospitals
from naome_tests.disclosure.living_world import (
    DIMENSIONS,
    LONG_AGO,
    VALUES,
    cohorts,
    years_since,
)
from naome_tests.disclosure.programme import Programme
from naome_tests.disclosure.world import BOTH, Providers

#: Place, the value of each dimension, and quarter.
Key = tuple[str, ...]

#: The indicator that states people living with MBC once more.
OF_LIVING = "recurrent_share_of_living"
EVERYBODY = ("all",) * len(DIMENSIONS)
RECURRENT = tuple("recurrent" if name == "presentation" else "all" for name in DIMENSIONS)


class LivingReader:
    """Adds to a programme what publications say of people living with MBC."""

    def __init__(self, programme: Programme, names: Sequence[str], providers: Providers) -> None:
        self.programme, self.names, self.providers = programme, names, providers
        self.places = Hospitals(providers).places
        self.pairs = cohorts(len(names))
        self.base = programme.whole
        shape = (len(self.providers), len(self.pairs), 2, 2, 2)
        self.number = self.base + np.arange(np.prod(shape)).reshape(shape)
        programme.whole += self.number.size
        self.hidden: dict[Key, None] = {}
        self.known: dict[Key, tuple[float, float]] = {}
        self._survival()

    def atoms(self, key: Key) -> list[int]:
        """Unknowns that a count is the sum of."""
        code, sex, age, presentation, years, quarter = key
        members = [code in (BOTH, own) or code in above for own, above in self.providers.items()]
        at = self.names.index(quarter)
        own = [
            last == at and years in ("all", VALUES[3][years_since(new, last)])
            for new, last in self.pairs
        ]
        chosen = [
            [name in ("all", value) for value in values]
            for name, values in zip((sex, age, presentation), VALUES[:3], strict=True)
        ]
        return list(self.number[np.ix_(members, own, *chosen)].ravel())

    def read(self, tables: Mapping[str, pd.DataFrame], rounding: Rounding) -> None:
        """Take in a publication: its rows, and of places and quarters those that are not there."""
        places = {code for _, code in self.places}
        frame = tables["prevalence"]
        frame = frame[frame["geography_code"].isin(places)]
        seen = set()
        for row in frame.to_dict("records"):
            key = (row["geography_code"], *(row[name] for name in DIMENSIONS), row["quarter"])
            seen.add(key)
            self._take(key, row["people"], rounding if row["geography_type"] in LOCAL else None)
        for type_, code in self.places:
            for given in np.ndindex(*(len(values) + 1 for values in VALUES)):
                names = [
                    "all" if g == 0 else own[g - 1] for g, own in zip(given, VALUES, strict=True)
                ]
                # Crossed rows are published for nations only.
                if type_ in LOCAL and np.count_nonzero(given) > 1:
                    continue
                for quarter in frame["quarter"].unique():
                    if (code, *names, quarter) not in seen:
                        self._take((code, *names, quarter), 0.0, None)
        shares = tables["indicator"]
        shares = shares[shares["indicator"] == OF_LIVING]
        for row in shares[shares["geography_code"].isin(places)].to_dict("records"):
            for values, name in ((EVERYBODY, "denominator"), (RECURRENT, "numerator")):
                key = (row["geography_code"], *values, row["quarter"])
                self._take(key, row[name], rounding if row["geography_type"] in LOCAL else None)

    def _take(self, key: Key, people: float, rounding: Rounding | None) -> None:
        if pd.isna(people):
            self.hidden[key] = None
            return
        low, high = rounding.between(people) if rounding else (people, people)
        least, most = self.known.get(key, (0.0, np.inf))
        self.known[key] = max(low, least), min(high, most)

    def write(self) -> None:
        """Add the counts that were read to the programme."""
        for key, (low, high) in self.known.items():
            self.hidden.pop(key, None)
            self.programme.add(dict.fromkeys(self.atoms(key), 1.0), low, high)

    def _survival(self) -> None:
        """Nobody joins the people of one quarter's MBC dates later: they die, and grow older."""
        place = {pair: index for index, pair in enumerate(self.pairs)}
        for new, at in self.pairs:
            if at == max(new, 0):
                continue
            now, before = self.number[:, place[new, at]], self.number[:, place[new, at - 1]]
            for provider, sex, presentation in np.ndindex(len(self.providers), 2, 2):
                own = provider, sex, slice(None), presentation
                for ages in (slice(None), slice(0, 1)):
                    self.programme.add(
                        dict.fromkeys(now[own][ages], 1.0) | dict.fromkeys(before[own][ages], -1.0),
                        -np.inf,
                        0.0,
                    )

    def link(self, last: int, of: Callable[[str, int, int, int], int]) -> None:
        """Hold the living against the new people of a publication.

        Args:
            last: its last quarter, with which follow-up ends.
            of: the unknown of a column, provider, presentation and quarter of the MBC date.
        """
        for new, at in self.pairs:
            if new == LONG_AGO or at > last:
                continue
            for provider, kind in np.ndindex(len(self.providers), 2):
                alive = dict.fromkeys(
                    self.number[provider, self.pairs.index((new, at)), :, :, kind].ravel(), 1.0
                )

                def column(name: str, own: tuple[int, int, int] = (provider, kind, new)) -> int:
                    return of(name, *own)

                # Whoever is known by death certificate only was never alive.
                everybody = {column("cns_access..patients"): -1.0}
                if at == new:
                    # Whoever is alive at the end of the quarter of the MBC date is new in it.
                    self.programme.add(alive | everybody, -np.inf, 0.0)
                if at == last:
                    # So are those who are dead by then, and who waits for treatment is alive.
                    dead = {column("time_to_treatment.any.died_untreated"): 1.0}
                    self.programme.add(alive | everybody | dead, -np.inf, 0.0)
                    waiting = {column("time_to_treatment.any.censored"): -1.0}
                    self.programme.add(alive | waiting, 0.0, np.inf)
                if at == last or last >= at >= new + 3:
                    self._hold_against_survival((new, at, last), alive, everybody, column)

    def _hold_against_survival(
        self,
        when: tuple[int, int, int],
        alive: Mapping[int, float],
        everybody: Mapping[int, float],
        column: Callable[[str], int],
    ) -> None:
        """People of one quarter, alive at the end of another, against deaths within years."""
        new, at, last = when
        for years in (1, 3):
            deaths, stay = (
                column(f"survival.survival_{years}y.{name}") for name in ("deaths", "at_risk")
            )
            # So many years are over by the end of the last quarter of them.
            if at == min(new + 4 * years, last):
                self.programme.add({**alive, **everybody, deaths: 1.0}, -np.inf, 0.0)
            # Whoever is followed for them has lived to the end of the quarter before.
            if at == new + 4 * years - 1 and new + 4 * years <= last:
                self.programme.add({**alive, stay: -1.0}, 0.0, np.inf)
