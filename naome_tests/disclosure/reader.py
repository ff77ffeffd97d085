"""A reader of everything that publications of one audit say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from naome_assets.disclosure.suppression import Profile
from naome_tests.disclosure.attacker import LOCAL, Rounding
from naome_tests.disclosure.case_mix_reader import read_case_mix
from naome_tests.disclosure.count_reader import GROUPS, MBC, CountReader
from naome_tests.disclosure.flag_reader import lines_around
from naome_tests.disclosure.full_world import QUARTILES
from naome_tests.disclosure.living_reader import EVERYBODY, OF_LIVING, RECURRENT, LivingReader
from naome_tests.disclosure.survival_reader import read_estimates, read_survival
from naome_tests.disclosure.world import PROVIDERS, Providers

#: Table, numerator, denominator, and the end of the names of what compares them.
_COMPARED = (
    ("cns_access", "seen", "recorded", ""),
    ("indicator", "numerator", "denominator", ""),
    ("time_to_treatment", "within_31d", "eligible_31d", "_31d"),
    ("time_to_treatment", "within_62d", "eligible_62d", "_62d"),
)


class Reader(CountReader):
    """Everything that publications of one audit say, each by a profile, as one programme."""

    def __init__(
        self,
        names: Sequence[str],
        published: Sequence[tuple[Profile, Mapping[str, pd.DataFrame]]],
        providers: Providers = PROVIDERS,
        *,
        nurses: bool = False,
    ) -> None:
        super().__init__(names, published, providers)
        roundings = [Rounding(own.small_to, own.round_to) for own, _ in published]
        publications = [tables for _, tables in published]
        read_survival(self, len(names) - 1)
        if nurses:
            self._nurses()
        self.living = self._living(list(zip(publications, roundings, strict=True)))
        for tables, rounding in zip(publications, roundings, strict=True):
            self.rounding = rounding
            self._quartiles(tables["time_to_treatment"])
            self._flags(tables)
            read_estimates(self, tables["survival"])
            read_case_mix(self, tables, rounding)

    def _living(
        self, publications: Sequence[tuple[Mapping[str, pd.DataFrame], Rounding]]
    ) -> LivingReader:
        """People living with MBC in every quarter, and the new people whom they are among."""
        names = self.attacker.quarters
        living = LivingReader(self.programme, names, self.providers)

        def of(column: str, provider: int, kind: int, quarter: int) -> int:
            within = (provider * 2 + kind) * len(names) + quarter
            return self.number[column] * self.size + within

        for tables, rounding in publications:
            living.read(tables, rounding)
            living.link(names.index(tables["prevalence"]["quarter"].max()), of)
        living.write()
        return living

    def same_as(self, other: Reader) -> Iterator[tuple[int, int]]:
        """Unknowns of this and of another reader of the same quarters that count the same."""
        for name in self.names:
            if name in other.number:
                starts = self.number[name] * self.size, other.number[name] * other.size
                yield from zip(*(range(start, start + self.size) for start in starts), strict=True)
        yield from zip(self.living.number.flat, other.living.number.flat, strict=True)

    def _nurses(self) -> None:
        """Every patient has a record in the quarter of the MBC date, as recorded as they are.

        So it usually is; nothing published says that it must.
        """
        records, given, valid = (
            f"data_quality.cns.{name}" for name in ("records", "given", "valid")
        )
        patients, recorded = MBC, "cns_access..recorded"
        if not {records, given, valid} <= set(self.number):
            return
        quarters = len(self.attacker.quarters)
        for provider, quarter in np.ndindex(len(self.providers), quarters):
            atoms = [(provider * 2 + kind) * quarters + quarter for kind in range(2)]
            for weights in (
                {records: 1.0, patients: -1.0},
                {valid: 1.0, recorded: -1.0},
                {records: 1.0, given: -1.0, patients: -1.0, recorded: 1.0},
            ):
                terms = {
                    self.number[name] * self.size + atom: weight
                    for name, weight in weights.items()
                    for atom in atoms
                }
                self.programme.add(terms, 0.0, np.inf)

    def _quartiles(self, frame: pd.DataFrame) -> None:
        """A quartile on a day says how many had been treated by then, counting the censored or not.

        By day 31: those within it among the eligible, and the treated who were followed for less.
        A quartile that is not in a row that is published whole was not reached.
        """
        local = frame[frame["geography_type"].isin(LOCAL)]
        columns = list(QUARTILES)
        given = local[columns].notna().any(axis=1)
        counts = ["patients", "treated", "within_31d", "within_62d"]
        given |= local[counts].notna().all(axis=1) & (local["patients"] > 0)
        for row in local[given].to_dict("records"):
            name = f"time_to_treatment.{row['modality']}"
            groups = GROUPS if row["modality"] == "any" else (str(row["modality"]),)
            treated = {365.0: {f"{name}.treated": 1.0}}
            for days in (31, 62):
                treated[float(days)] = {f"{name}.within_{days}d": 1.0}
                for group in groups:
                    own = f"time_to_treatment.{group}"
                    treated[float(days)] |= {
                        f"{own}.patients": 1.0,
                        f"{own}.eligible_{days}d": -1.0,
                    }
            for column, share in QUARTILES.items():
                day = np.inf if pd.isna(row[column]) else row[column]
                for until, people in treated.items():
                    people = dict(people)
                    if not set(people) <= set(self.number):
                        continue
                    whole = f"{name}.patients"
                    people[whole] = people.get(whole, 0.0) - share
                    if day <= until:
                        people[f"{name}.censored"] = share
                        self.programme.add(self.terms(row, people), -1e-6, np.inf)
                    else:
                        self.programme.add(self.terms(row, people), -np.inf, -1e-6)

    def _flags(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Outliers, judged on true counts: which of those that round to the published ones."""
        for table, numerator, denominator, end in _COMPARED:
            frame = tables[table]
            name = f"outlier{end}"
            if name not in frame:
                continue
            flagged = frame[frame[name].notna()]
            for row in flagged.to_dict("records"):
                kind = row.get("indicator") or row.get("modality") or ""
                columns = [f"{table}.{kind}.{n}" for n in (denominator, numerator)]
                bounds = [
                    int(end)
                    for n in (denominator, numerator)
                    for end in self.rounding.between(row[n])
                ]
                if kind == OF_LIVING:
                    keys = [
                        (row["geography_code"], *values, row["quarter"])
                        for values in (EVERYBODY, RECURRENT)
                    ]
                    whole, part = (dict.fromkeys(self.living.atoms(key), 1.0) for key in keys)
                else:
                    whole, part = (self.terms(row, {column: 1.0}) for column in columns)
                for a, b, c in lines_around(row[name], row[f"target_pct{end}"], *bounds):
                    terms = {atom: a for atom in whole if a}
                    for atom in part:
                        terms[atom] = terms.get(atom, 0.0) + b
                    self.programme.add(terms, -np.inf, c + 1e-6)
                    self.lines += 1
