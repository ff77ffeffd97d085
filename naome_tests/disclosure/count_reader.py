"""The counts of people that publications of one audit say, and what they are among one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from naome_assets.disclosure.suppression import Profile
from naome_tests.disclosure.attacker import Attacker, Cell, Rounding
from naome_tests.disclosure.living_reader import OF_LIVING
from naome_tests.disclosure.programme import Programme
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
ANY = "time_to_treatment.any"
MBC = "cns_access..patients"
#: (whole, parts, whether the parts are all of it): what the definitions say.
_DEFINED: list[tuple[str, tuple[str, ...], bool]] = [
    (MBC, ("cns_access..recorded",), False),
    ("cns_access..recorded", ("cns_access..seen",), False),
    (MBC, (f"{ANY}.patients",), True),
    (MBC, ("indicator.mdt_discussed.denominator",), True),
    (MBC, ("indicator.completeness_cns.denominator",), True),
    ("cns_access..recorded", ("indicator.completeness_cns.numerator",), True),
    *(
        own
        for year in ("survival_1y", "survival_3y")
        for own in (
            (MBC, (f"survival.{year}.denominator",), True),
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
        f"{ANY}.patients",
        tuple(f"{ANY}.{part}" for part in ("treated", "died_untreated", "censored")),
        True,
    ),
    (
        "indicator.incidence.numerator",
        (MBC, "indicator.death_certificate_only.numerator"),
        True,
    ),
    (
        "indicator.incidence.numerator",
        ("indicator.death_certificate_only.denominator",),
        True,
    ),
    (MBC, ("indicator.sact_within_6_months.denominator",), False),
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
GROUPS = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")


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
            if name != ANY:
                own.append((f"{name}.patients", (f"{name}.treated",), True))
        elif name.startswith("indicator") and ".survival_" not in name:
            own.append((f"{name}.denominator", (f"{name}.numerator",), False))
        elif name.startswith("data_quality"):
            own.append((f"{name}.records", (f"{name}.given",), False))
            own.append((f"{name}.given", (f"{name}.valid",), False))
    own += [
        (f"{ANY}.{whole}", tuple(f"time_to_treatment.{name}.{part}" for name in GROUPS), True)
        for whole, part in (
            ("treated", "patients"),
            ("within_31d", "within_31d"),
            ("within_62d", "within_62d"),
        )
    ]
    # Eligible of each group are among the eligible, who are not all treated.
    own += [
        (
            f"{ANY}.eligible_{days}d",
            tuple(f"time_to_treatment.{name}.eligible_{days}d" for name in GROUPS),
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


class CountReader:
    """Published counts as one programme: what readers of figures made from them add to."""

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
        self.lines = 0
        self._definitions()

    def atoms(self, cell: Cell) -> list[int]:
        """Unknowns that a count is the sum of."""
        column = cell[0]
        shift = (self.number[column] - self.attacker.columns.index(column)) * self.size
        return [atom + shift for atom in self.attacker.atoms(cell)]

    def terms(self, row: Mapping[str, object], weights: Mapping[str, float]) -> dict[int, float]:
        """Unknowns with their weights, of weighed counts of one place, presentation and window."""
        where = [str(row[name]) for name in ("geography_code", "presentation", "quarter", "period")]
        terms: dict[int, float] = {}
        for column, weight in weights.items():
            for atom in self.atoms((column, where[0], where[1], where[2], where[3])):
                terms[atom] = terms.get(atom, 0.0) + weight
        return terms

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
        for name in (kind for kind in ("any", *GROUPS)):
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
