"""Attack made-up audits with everything that is published, and print what is found.

``python -m naome_tests.publication.attack --profile nhs_england_hes --audits 20``
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from naome_assets.disclosure.control import control
from naome_assets.disclosure.suppression import Profile, load_profile, load_profiles
from naome_tests.publication.attacker import LOCAL, Attacker, Cell, Rounding
from naome_tests.publication.flag_reader import lines_around
from naome_tests.publication.full_world import QUARTILES, Audit, Hospitals, Z
from naome_tests.publication.living_reader import EVERYBODY, OF_LIVING, RECURRENT, LivingReader
from naome_tests.publication.living_world import DIMENSIONS
from naome_tests.publication.programme import Programme
from naome_tests.publication.search import Search
from naome_tests.publication.world import (
    BOTH,
    ENGLAND,
    PROVIDERS,
    WALES,
    Providers,
    listed,
    quarters,
    with_boards,
)

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
    (_MBC, ("survival.survival_1y.denominator",), True),
    (
        "survival.survival_1y.denominator",
        ("survival.survival_1y.deaths", "survival.survival_1y.at_risk"),
        False,
    ),
    *(
        (f"survival.survival_1y.{name}", (f"indicator.survival_1y.{same}",), True)
        for name, same in (
            ("denominator", "denominator"),
            ("deaths", "numerator"),
            ("at_risk", "at_risk"),
        )
    ),
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
        elif name.startswith("indicator") and not name.endswith("survival_1y"):
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


def _rows(frame: pd.DataFrame, kind: str | None) -> Iterator[tuple[str, pd.DataFrame]]:
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
    ) -> None:
        self.providers = providers
        self.profile = published[-1][0]
        roundings = [Rounding(own.small_to, own.round_to) for own, _ in published]
        publications = [tables for _, tables in published]
        self.attacker = Attacker(providers, names, roundings[-1])
        for tables, rounding in zip(publications, roundings, strict=True):
            for table, (kind, columns) in COUNTS.items():
                for name, own in _rows(tables[table], kind):
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
        self.living = self._living(list(zip(publications, roundings, strict=True)))
        self.lines = 0
        for tables, rounding in zip(publications, roundings, strict=True):
            self.rounding = rounding
            self._quartiles(tables["time_to_treatment"])
            self._flags(tables)
            self._estimates(tables["survival"])
            self._case_mix(tables["case_mix_value"])

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

    def _terms(self, row: Mapping[str, object], weights: Mapping[str, float]) -> dict[int, float]:
        where = [str(row[name]) for name in ("geography_code", "presentation", "quarter", "period")]
        terms: dict[int, float] = {}
        for column, weight in weights.items():
            for atom in self.atoms((column, where[0], where[1], where[2], where[3])):
                terms[atom] = terms.get(atom, 0.0) + weight
        return terms

    def _quartiles(self, frame: pd.DataFrame) -> None:
        """A quartile on a day says how many had been treated by then, counting the censored or not.

        By day 31: those within it among the eligible, and the treated who were followed for less.
        A quartile that does not stand in a row that is published whole was not reached.
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
                        self.programme.add(self._terms(row, people), -1e-6, np.inf)
                    else:
                        self.programme.add(self._terms(row, people), -np.inf, -1e-6)

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
                    whole, part = (self._terms(row, {column: 1.0}) for column in columns)
                for a, b, c in lines_around(row[name], row[f"target_pct{end}"], *bounds):
                    terms = {atom: a for atom in whole if a}
                    for atom in part:
                        terms[atom] = terms.get(atom, 0.0) + b
                    self.programme.add(terms, -np.inf, c + 1e-6)
                    self.lines += 1

    def _estimates(self, frame: pd.DataFrame) -> None:
        """Survival lies between all censored at the start and all censored at the end."""
        local = frame[frame["geography_type"].isin(LOCAL) & frame["value"].notna()]
        people, dead, stay = (
            f"survival.survival_1y.{name}" for name in ("denominator", "deaths", "at_risk")
        )
        for row in local.to_dict("records"):
            low, high = max(0.0, row["value"] - 0.5) / 100, min(100.0, row["value"] + 0.5) / 100
            # stay / (stay + dead) <= value <= 1 - dead / people
            self.programme.add(self._terms(row, {stay: 1.0 - high, dead: -high}), -np.inf, 1e-6)
            self.programme.add(self._terms(row, {dead: 1.0, people: -(1.0 - low)}), -np.inf, 1e-6)
            least, most = _people_behind(row)
            self.programme.add(self._terms(row, {people: 1.0}), least - 1e-6, np.inf)
            self.programme.add(self._terms(row, {stay: 1.0, dead: 1.0}), 0.0, most + 1e-6)

    def _case_mix(self, frame: pd.DataFrame) -> None:
        """Expected counts add up: providers to their alliance, everybody to the observed."""
        columns = {
            "cns_access": ("cns_access..recorded", "cns_access..seen"),
            "mdt_discussed": tuple(
                f"indicator.mdt_discussed.{n}" for n in ("denominator", "numerator")
            ),
            "survival_1y": ("survival.survival_1y.denominator", "survival.survival_1y.deaths"),
            "within_31d": (f"{_ANY}.eligible_31d", f"{_ANY}.within_31d"),
        }
        places = Hospitals(self.providers).places
        for (kind, quarter), own in frame.groupby(["indicator", "quarter"]):
            people, observed = columns[str(kind)]
            base = self.programme.whole + self.programme.real
            self.programme.real += len(places)
            at = {code: base + number for number, (_, code) in enumerate(places)}
            shown = own.set_index("geography_code").to_dict("index")
            for code in (code for _, code in places if code != BOTH):
                row = {
                    "geography_code": code,
                    "presentation": "all",
                    "quarter": quarter,
                    "period": "rolling_36m",
                }
                low, high = 0.0, 1.0
                found = shown.get(code)
                if found and pd.notna(found["expected"]) and found["people"] > 0:
                    share = found["expected"] / found["people"]
                    low, high = max(0.0, share - 0.0005), share + 0.0005
                self.programme.add(
                    self._terms(row, {people: low}) | {at[code]: -1.0}, -np.inf, 1e-6
                )
                self.programme.add(
                    self._terms(row, {people: high}) | {at[code]: -1.0}, -1e-6, np.inf
                )
            for parent in {place for above in self.providers.values() for place in above}:
                children = {at[c]: -1.0 for c, above in self.providers.items() if parent in above}
                self.programme.add({at[parent]: 1.0} | children, -1e-6, 1e-6)
            self.programme.add({at[BOTH]: 1.0, at[ENGLAND]: -1.0, at[WALES]: -1.0}, -1e-6, 1e-6)
            self.programme.add(
                {
                    atom: 1.0
                    for code in (ENGLAND, WALES)
                    for atom in self.atoms((observed, code, "all", str(quarter), "rolling_36m"))
                }
                | {at[BOTH]: -1.0},
                -1e-6,
                1e-6,
            )


def _people_behind(row: Mapping[str, float]) -> tuple[float, float]:
    """People that the width of rounded log-log limits tells of, were all of them followed up."""
    least, most = 0.0, np.inf
    for name in ("lower_95", "upper_95"):
        found = []
        for value in np.linspace(row["value"] - 0.5, row["value"] + 0.5, 11):
            for limit in np.linspace(row[name] - 0.5, row[name] + 0.5, 11):
                if not (0.05 < value < 99.95 and 0.05 < limit < 99.95):
                    return 0.0, np.inf
                share, edge = value / 100, limit / 100
                error = abs(np.log(-np.log(edge)) - np.log(-np.log(share))) / Z
                variance = (share * np.log(share) * error) ** 2
                found.append(np.inf if variance < 1e-12 else share * (1 - share) / variance)
        # The grid is coarse: a little wider.
        least, most = max(least, 0.97 * min(found)), min(most, 1.03 * max(found))
    return least, most


@dataclass
class Findings:
    """What attacks on audits found."""

    audits: int = 0
    attacked: int = 0
    unprotected: int = 0
    told: list[str] = field(default_factory=list)

    def line(self, profile: str, seconds: float) -> str:
        """The figures so far."""
        return (
            f"{profile}: {self.audits} audits, {self.attacked} hidden small counts attacked, "
            f"{len(self.told)} told, {self.unprotected} reported as unprotected, {seconds:.0f} s"
        )


RATES = (0.0, 0.3, 1.0, 2.0, 3.0, 5.0, 9.0, 20.0)


_NATIONS = {"wales": (WALES,), "england": (ENGLAND,), "both": (WALES, ENGLAND)}


def attack_audit(
    profile: Profile,
    seed: int,
    findings: Findings,
    number: int = 13,
    nations: Sequence[str] = (WALES, ENGLAND),
    before: Profile | None = None,
    providers: Providers = PROVIDERS,
) -> None:
    """Publish an audit twice, a quarter apart, and attack every hidden small count of nations.

    Args:
        profile: the rules; what they call small is attacked.
        seed: of the audit.
        findings: added to.
        number: of quarters.
        nations: whose counts are attacked.
        before: the rules of the first publication, if others.
        providers: with the places above each.
    """
    before = before or profile
    draw = np.random.default_rng(seed)
    audit = Audit(seed, tuple(draw.choice(RATES, size=len(providers))), number, providers)
    first = control(audit.tables(number - 1), listed(providers), before)
    true = audit.tables()
    second = control(true, listed(providers), profile, first.tables)
    findings.audits += 1
    findings.unprotected += second.unprotected
    reader = Reader(quarters(number), [(before, first.tables), (profile, second.tables)], providers)
    places = {own for own, above in providers.items() if set(above) & set(nations)}
    places |= {place for own in places for place in providers[own]}
    small = {name: own for name, own in _small_hidden(reader, true).items() if name[1] in places}
    world = np.concatenate(
        [*(audit.atoms(name).ravel() for name in reader.names), audit.living.ravel()]
    )
    number_of = np.arange(len(providers))
    owners = np.concatenate(
        [
            np.tile(np.repeat(number_of, 2 * number), len(reader.names)),
            np.repeat(number_of, audit.living[0].size),
        ]
    )
    search = Search(reader.programme, [atoms for atoms, _ in small.values()], world, owners)
    # Nothing but the models of case mix joins the nations.
    for nation in nations:
        search.run([n for n, above in enumerate(providers.values()) if nation in above])
    findings.attacked += len(small)
    for (name, (_, count)), is_told in zip(small.items(), search.told(), strict=True):
        if is_told:
            findings.told.append(f"{seed}: {' '.join(name)} = {count}")


def _small_hidden(
    reader: Reader, true: Mapping[str, pd.DataFrame]
) -> dict[tuple[str, ...], tuple[list[int], int]]:
    """Small counts that no publication shows: the unknowns of each, and its true value.

    A name begins with the column and the place.
    """
    small: dict[tuple[str, ...], tuple[list[int], int]] = {}
    shown = {cell for cell, _, _ in reader.attacker.known}
    for table, (kind, columns) in COUNTS.items():
        for name, own in _rows(true[table], kind):
            for row in own[own["geography_type"].isin(LOCAL)].to_dict("records"):
                for column in columns:
                    cell = (
                        f"{table}.{name}.{column}",
                        *(row[n] for n in ("geography_code", "presentation", "quarter", "period")),
                    )
                    hides = cell in reader.attacker.hidden and cell not in shown
                    if hides and 1 <= row[column] <= reader.profile.small_to:
                        small[cell] = reader.atoms(cell), int(row[column])
    prevalence = true["prevalence"]
    keys = prevalence[["geography_code", *DIMENSIONS, "quarter"]]
    for key, people in zip(
        keys.itertuples(index=False, name=None), prevalence["people"], strict=True
    ):
        if key in reader.living.hidden and 1 <= people <= reader.profile.small_to:
            small["prevalence.people", *key] = reader.living.atoms(key), int(people)
    return small


def main() -> None:
    """Print a line for each count that is told, and the figures of the whole attack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", default="nhs_england_hes", choices=sorted(load_profiles()))
    parser.add_argument("--audits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument(
        "--nation", choices=sorted(_NATIONS), default="both", help="whose counts are attacked"
    )
    parser.add_argument(
        "--before", choices=sorted(load_profiles()), help="profile of the first publication"
    )
    parser.add_argument("--boards", type=int, default=3, help="boards of Wales, up to seven")
    asked = parser.parse_args()
    earlier = load_profile(asked.before) if asked.before else None
    profile, findings, began = load_profile(asked.profile), Findings(), time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.audits):
        told_before = len(findings.told)
        attack_audit(
            profile,
            seed,
            findings,
            nations=_NATIONS[asked.nation],
            before=earlier,
            providers=with_boards(asked.boards),
        )
        for told in findings.told[told_before:]:
            print(f"told: {told}", flush=True)
        print(findings.line(profile.name, time.monotonic() - began), flush=True)


if __name__ == "__main__":
    main()
