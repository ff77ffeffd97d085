"""A reader of everything that publications of one audit say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from naome_assets.disclosure.suppression import Profile
from naome_tests.disclosure.attacker import LOCAL, Attacker, Cell, Rounding
from naome_tests.disclosure.case_mix_reader import read_case_mix
from naome_tests.disclosure.flag_reader import lines_around
from naome_tests.disclosure.full_world import QUARTILES
from naome_tests.disclosure.living_reader import EVERYBODY, OF_LIVING, RECURRENT, LivingReader
from naome_tests.disclosure.programme import Programme
from naome_tests.disclosure.survival_reader import read_estimates, read_survival
from naome_tests.disclosure.world import PROVIDERS, Providers

#: Columns of counts of each table, and the column that splits its rows.
COUNTS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "cns_access": (None, ("patients", "recorded", "seen")),
    "time_to_treatment": (
        "modality",
        (
            *("patients", "treated", "died_untreated", "censored"),
            *("eligible_31d", "within_31d", "eligible_62d", "within_62d"),
        ),
    ),
    "indicator": ("indicator", ("denominator", "numerator", "at_risk")),
    "survival": ("indicator", ("denominator", "deaths", "at_risk")),
    "data_quality": ("item", ("records", "given", "valid")),
}
#: Table, numerator, denominator, and the end of the names of what compares them.
_COMPARED = (
    ("cns_access", "seen", "recorded", ""),
    ("indicator", "numerator", "denominator", ""),
    ("time_to_treatment", "within_31d", "eligible_31d", "_31d"),
    ("time_to_treatment", "within_62d", "eligible_62d", "_62d"),
)
_ANY = "time_to_treatment.any"
_MBC = "cns_access..patients"
#: (whole, parts, whether the parts are all of it): what the definitions say.
_DEFINED: list[tuple[str, tuple[str, ...], bool]] = [
    (_MBC, ("cns_access..recorded",), False),
    ("cns_access..recorded", ("cns_access..seen",), False),
    (_MBC, (f"{_ANY}.patients",), True),
    (_MBC, ("indicator.mdt_discussed.denominator",), True),
    (_MBC, ("indicator.completeness_cns.denominator",), True),
    ("cns_access..recorded", ("indicator.completeness_cns.numerator",), True),
    *(
        own
        for year in ("survival_1y", "survival_3y")
        for own in (
            (_MBC, (f"survival.{year}.denominator",), True),
            (
                f"survival.{year}.denominator",
                (f"survival.{year}.deaths", f"survival.{year}.at_risk"),
                False,
            ),
            (f"survival.{year}.denominator", (f"indicator.{year}.denominator",), True),
            (f"survival.{year}.deaths", (f"indicator.{year}.numerator",), True),
            (f"survival.{year}.at_risk", (f"indicator.{year}.at_risk",), True),
        )
    ),
    ("survival.survival_3y.deaths", ("survival.survival_1y.deaths",), False),
    ("survival.survival_1y.at_risk", ("survival.survival_3y.at_risk",), False),
    (
        f"{_ANY}.patients",
        tuple(f"{_ANY}.{part}" for part in ("treated", "died_untreated", "censored")),
        True,
    ),
    (
        "indicator.incidence.numerator",
        (_MBC, "indicator.death_certificate_only.numerator"),
        True,
    ),
    (
        "indicator.incidence.numerator",
        ("indicator.death_certificate_only.denominator",),
        True,
    ),
    (_MBC, ("indicator.sact_within_6_months.denominator",), False),
    *(
        (
            f"indicator.sact_within_6_months.{column}",
            tuple(
                f"indicator.sact_within_6_months_{name}.{column}"
                for name in ("her2_positive", "triple_negative", "hr_positive_her2_negative")
            ),
            False,
        )
        for column in ("denominator", "numerator")
    ),
]
_GROUPS = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")


def defined(columns: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """What is known of columns among one another."""
    own: list[tuple[str, tuple[str, ...], bool]] = list(_DEFINED)
    for name in (column.rsplit(".", 1)[0] for column in columns):
        if name.startswith("time_to_treatment"):
            own += [(f"{name}.patients", (f"{name}.eligible_{days}d",), False) for days in (31, 62)]
            own += [
                (f"{name}.eligible_{days}d", (f"{name}.within_{days}d",), False)
                for days in (31, 62)
            ]
            # Who is followed for 62 days is for 31, and who is treated by then stays treated.
            own.append((f"{name}.eligible_31d", (f"{name}.eligible_62d",), False))
            if name != _ANY:
                own.append((f"{name}.patients", (f"{name}.treated",), True))
        elif name.startswith("indicator") and ".survival_" not in name:
            own.append((f"{name}.denominator", (f"{name}.numerator",), False))
        elif name.startswith("data_quality"):
            own.append((f"{name}.records", (f"{name}.given",), False))
            own.append((f"{name}.given", (f"{name}.valid",), False))
    own += [
        (f"{_ANY}.{whole}", tuple(f"time_to_treatment.{name}.{part}" for name in _GROUPS), True)
        for whole, part in (
            ("treated", "patients"),
            ("within_31d", "within_31d"),
            ("within_62d", "within_62d"),
        )
    ]
    # Eligible of each group are among the eligible, who are not all treated.
    own += [
        (
            f"{_ANY}.eligible_{days}d",
            tuple(f"time_to_treatment.{name}.eligible_{days}d" for name in _GROUPS),
            False,
        )
        for days in (31, 62)
    ]
    known = set(columns)
    for whole, parts, is_all in dict.fromkeys(own):
        if whole in known and known.issuperset(parts):
            yield whole, parts, is_all


def rows_of(frame: pd.DataFrame, kind: str | None) -> Iterator[tuple[str, pd.DataFrame]]:
    if "presentation" not in frame:
        frame = frame.assign(presentation="all")
    if kind is None:
        yield "", frame
    else:
        for name, own in frame.groupby(kind, sort=True):
            # Not of people who are new in a window.
            if name != OF_LIVING:
                yield str(name), own


class Reader:
    """Everything that publications of one audit say, each by a profile, as one programme."""

    def __init__(
        self,
        names: Sequence[str],
        published: Sequence[tuple[Profile, Mapping[str, pd.DataFrame]]],
        providers: Providers = PROVIDERS,
        *,
        nurses: bool = False,
    ) -> None:
        self.providers = providers
        self.profile = published[-1][0]
        roundings = [Rounding(own.small_to, own.round_to) for own, _ in published]
        publications = [tables for _, tables in published]
        self.attacker = Attacker(providers, names, roundings[-1])
        for tables, rounding in zip(publications, roundings, strict=True):
            for table, (kind, columns) in COUNTS.items():
                for name, own in rows_of(tables[table], kind):
                    given = [column for column in columns if own[column].notna().any()]
                    self.attacker.read(f"{table}.{name}", own, given, rounding)
        self.size = len(providers) * 2 * len(names)
        # Columns that are one count are one column.
        same = {name: name for name in self.attacker.columns}
        self.links: list[tuple[str, tuple[str, ...], bool]] = []
        for whole, parts, is_all in defined(self.attacker.columns):
            if is_all and len(parts) == 1:
                gone, stays = same[parts[0]], same[whole]
                same = {name: stays if own == gone else own for name, own in same.items()}
            else:
                self.links.append((whole, parts, is_all))
        self.names = sorted(set(same.values()))
        self.number = {name: self.names.index(own) for name, own in same.items()}
        self.programme = Programme(whole=self.size * len(self.names))
        said: dict[tuple[int, ...], tuple[float, float]] = {}
        for cell, low, high in dict.fromkeys(self.attacker.known):
            terms = tuple(self.atoms(cell))
            least, most = said.get(terms, (0.0, np.inf))
            said[terms] = max(low, least), min(high, most)
        for terms, (low, high) in said.items():
            self.programme.add(dict.fromkeys(terms, 1.0), low, high)
        self._definitions()
        read_survival(self, len(names) - 1)
        if nurses:
            self._nurses()
        self.living = self._living(list(zip(publications, roundings, strict=True)))
        self.lines = 0
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

    def atoms(self, cell: Cell) -> list[int]:
        """Unknowns that a count is the sum of."""
        column = cell[0]
        shift = (self.number[column] - self.attacker.columns.index(column)) * self.size
        return [atom + shift for atom in self.attacker.atoms(cell)]

    def same_as(self, other: Reader) -> Iterator[tuple[int, int]]:
        """Unknowns of this and of another reader of the same quarters that count the same."""
        for name in self.names:
            if name in other.number:
                starts = self.number[name] * self.size, other.number[name] * other.size
                yield from zip(*(range(start, start + self.size) for start in starts), strict=True)
        yield from zip(self.living.number.flat, other.living.number.flat, strict=True)

    def _definitions(self) -> None:
        for whole, parts, is_all in self.links:
            bases = [self.number[part] * self.size for part in parts]
            for atom in range(self.size):
                self.programme.add(
                    {self.number[whole] * self.size + atom: 1.0}
                    | {base + atom: -1.0 for base in bases},
                    0.0,
                    0.0 if is_all else np.inf,
                )
        for name in (kind for kind in ("any", *_GROUPS)):
            own = {
                f"time_to_treatment.{name}.{column}": weight
                for column, weight in (
                    *(("within_62d", 1.0), ("eligible_62d", -1.0)),
                    *(("within_31d", -1.0), ("eligible_31d", 1.0)),
                )
            }
            if set(own) <= set(self.number):
                for atom in range(self.size):
                    terms = {self.number[c] * self.size + atom: w for c, w in own.items()}
                    self.programme.add(terms, 0.0, np.inf)

    def _nurses(self) -> None:
        """Every patient has a record in the quarter of the MBC date, as recorded as they are.

        So it usually is; nothing published says that it must.
        """
        records, given, valid = (
            f"data_quality.cns.{name}" for name in ("records", "given", "valid")
        )
        patients, recorded = _MBC, "cns_access..recorded"
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

    def terms(self, row: Mapping[str, object], weights: Mapping[str, float]) -> dict[int, float]:
        """Unknowns with their weights, of weighed counts of one place, presentation and window."""
        where = [str(row[name]) for name in ("geography_code", "presentation", "quarter", "period")]
        terms: dict[int, float] = {}
        for column, weight in weights.items():
            for atom in self.atoms((column, where[0], where[1], where[2], where[3])):
                terms[atom] = terms.get(atom, 0.0) + weight
        return terms

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
            groups = _GROUPS if row["modality"] == "any" else (str(row["modality"]),)
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
