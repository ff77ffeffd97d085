"""Made-up audits with every published table of counts, for attacks that use them all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from naome_tests.disclosure.flag_reader import with_flags
from naome_tests.disclosure.living_world import (
    DIMENSIONS,
    VALUES,
    cohorts,
    draw_living,
    years_since,
)
from naome_tests.disclosure.world import BOTH, ENGLAND, PROVIDERS, WALES, Providers, quarters

Numbers = np.ndarray
MODALITIES = ("surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other")
SUBTYPES = ("her2_positive", "triple_negative", "hr_positive_her2_negative")
PERIODS = {"quarter": 1, "rolling_12m": 4, "rolling_36m": 12}
PRESENTATIONS = ("all", "de_novo", "recurrent")
QUARTILES = {"lower_quartile_days": 0.25, "median_days": 0.5, "upper_quartile_days": 0.75}
Z = 1.959963984540054


@dataclass(frozen=True)
class Hospitals:
    """Providers with the places above them, and the part of each that its people make."""

    providers: Providers

    @property
    def places(self) -> list[tuple[str, str]]:
        """Type and code of every place."""
        above = sorted({place for own in self.providers.values() for place in own})
        return [
            ("england_and_wales", BOTH),
            *(("nation" if c in (ENGLAND, WALES) else "cancer_alliance", c) for c in above),
            *(("provider", code) for code in self.providers),
        ]

    def membership(self) -> Numbers:
        """[place, provider]: 1 where people of the provider are people of the place."""
        return np.array(
            [
                [code in (BOTH, own) or code in above for own, above in self.providers.items()]
                for _, code in self.places
            ],
            np.int64,
        )


def many(number: int) -> Providers:
    """So many providers: nine Welsh, the others in 21 alliances."""
    english = {f"R{n:02}": (f"E560000{n % 21:02}", ENGLAND) for n in range(number - 9)}
    return {**english, **{f"7A{n}": (WALES,) for n in range(1, 10)}}


class Audit:
    """One made-up audit: people drawn once, tables of its first quarters made as often as asked."""

    def __init__(
        self,
        seed: int,
        rates: tuple[float, ...],
        number: int,
        providers: Providers = PROVIDERS,
        extra: int = 0,
    ) -> None:
        self.hospitals = Hospitals(providers)
        self.number = number
        draw = np.random.default_rng(seed)
        rate = np.resize(np.array(rates), len(providers))[:, None, None]
        share = draw.choice([0.5, 0.8, 0.95, 1.0], size=12)
        part = draw.binomial
        patients = draw.poisson(
            rate * np.array([1 / 3, 2 / 3])[:, None], (len(providers), 2, number)
        )
        recorded = part(patients, share[0])
        self.cns = {"patients": patients, "recorded": recorded, "seen": part(recorded, share[1])}
        treated = part(patients, share[2])
        died = part(patients - treated, 0.5)
        groups = np.moveaxis(draw.multinomial(treated, (0.1, 0.3, 0.1, 0.1, 0.35, 0.05)), -1, 0)
        of = {"treated": treated, "died_untreated": died, "censored": patients - treated - died}
        self.treatment = {"any": {"patients": patients, **of}}
        left = patients - treated
        sooner = [(own, own, 0 * own) for own in groups], left
        for days, at in ((31, 3), (62, 4)):
            eligible = [part(own, share[at]) for own in groups]
            within = [part(own, share[at + 2]) for own in eligible]
            # Who is followed for 62 days is for 31; who is treated by then stays treated.
            eligible = [
                np.minimum(e, e31) for e, (e31, _, _) in zip(eligible, sooner[0], strict=True)
            ]
            least = [w31 - (e31 - e) for e, (e31, w31, _) in zip(eligible, sooner[0], strict=True)]
            if days == 62:
                within = [
                    np.clip(w, own, e) for w, own, e in zip(within, least, eligible, strict=True)
                ]
            else:
                within = [np.minimum(w, e) for w, e in zip(within, eligible, strict=True)]
            waiting = np.minimum(part(left, share[at]), sooner[1])
            self.treatment["any"] |= {
                f"eligible_{days}d": sum(eligible) + waiting,
                f"within_{days}d": sum(within),
                # Whoever is followed for less time and treated was treated in that time.
                f"by_{days}d": sum(within) + treated - sum(eligible),
            }
            for name, own, e, w in zip(MODALITIES, groups, eligible, within, strict=True):
                zero = np.zeros_like(own)
                self.treatment.setdefault(
                    name,
                    {"patients": own, "treated": own, "died_untreated": zero, "censored": zero},
                )
                self.treatment[name] |= {
                    f"eligible_{days}d": e,
                    f"within_{days}d": w,
                    f"by_{days}d": w + own - e,
                }
            sooner = [(e, w, e) for e, w in zip(eligible, within, strict=True)], waiting
        certificate = draw.poisson(rate * 0.03, patients.shape)
        sact = part(patients, share[7])
        within_six = part(sact, share[8])
        kinds = np.moveaxis(draw.multinomial(sact, (0.1, 0.1, 0.5, 0.3)), -1, 0)
        self.indicators = {
            "incidence": (None, patients + certificate),
            "death_certificate_only": (patients + certificate, certificate),
            "mdt_discussed": (patients, part(patients, share[9])),
            "completeness_cns": (patients, recorded),
            "sact_within_6_months": (sact, within_six),
        }
        remaining, done = sact.copy(), within_six.copy()
        for name, own in zip(SUBTYPES, kinds, strict=False):
            hit = np.minimum(draw.hypergeometric(done, remaining - done, own), own)
            remaining, done = remaining - own, done - hit
            self.indicators[f"sact_within_6_months_{name}"] = (own, hit)
        self.survival = _survival(draw, patients, self.treatment["any"], share[10])
        records = draw.poisson(rate * 1.5, patients.shape)
        records[:, 1] = 0
        self.quality = {}
        for item in ("stage", "sex"):
            given = part(records, share[11])
            self.quality[item] = {"records": records, "given": given, "valid": part(given, 0.97)}
        self.quality["cns"] = self._records_of_nurses(seed, rate, share[11])
        self.living = draw_living(
            draw,
            rate[..., 0] * [1 / 3, 2 / 3],
            {
                "new": patients,
                "untreated": died,
                "waiting": of["censored"],
                **{
                    f"{name}_{years}y": self.survival[f"survival_{years}y"][name]
                    for name in ("deaths", "at_risk")
                    for years in (1, 3)
                },
            },
        )
        self.shares = draw.uniform(0.3, 0.95, (4, len(providers)))
        self.spread = draw.uniform(0, 1, (len(self.hospitals.places), 3, 3 * number))
        self.spread[draw.uniform(size=self.spread.shape) < 0.4] = 1.0

    def add(self, late: Audit) -> None:
        """Take in people of whom records came late: another audit's, of the same providers."""
        for mine, others in (
            (self.cns, late.cns),
            *((own, late.treatment[name]) for name, own in self.treatment.items()),
            *((own, late.survival[name]) for name, own in self.survival.items()),
            *((own, late.quality[name]) for name, own in self.quality.items()),
        ):
            mine |= {name: own + others[name] for name, own in mine.items()}
        self.indicators = {
            name: (None if people is None else people + late.indicators[name][0], hits + more)
            for name, (people, hits) in self.indicators.items()
            for more in [late.indicators[name][1]]
        }
        self.living = self.living + late.living

    def atoms(self, column: str) -> Numbers:
        """[provider, presentation, quarter] behind ``table.kind.column``."""
        table, kind, name = column.split(".")
        if table == "cns_access":
            return self.cns[name]
        if table == "time_to_treatment":
            return self.treatment[kind][name]
        if table == "data_quality":
            return self.quality[kind][name]
        if kind in self.survival:
            return self.survival[kind]["deaths" if name == "numerator" else name]
        people, hits = self.indicators[kind]
        found = hits if name == "numerator" else people
        assert found is not None
        return found

    def tables(self, until: int | None = None) -> dict[str, pd.DataFrame]:
        """True tables as they stand after so many quarters."""
        n = until or self.number
        named = [
            self._windowed(
                {"numerator": hits}
                if people is None
                else {"numerator": hits, "denominator": people},
                n,
                indicator=name,
                unit="people" if people is None else "percent",
            )
            for name, (people, hits) in self.indicators.items()
        ]
        first, third = (
            self._windowed(own, n, indicator=name) for name, own in self.survival.items()
        )
        survival = pd.concat(_with_estimates(first, third), ignore_index=True)
        as_indicator = survival.rename(columns={"deaths": "numerator"}).assign(unit="percent")
        cns = self._windowed(self.cns, n)
        treatment = self._with_quartiles(
            pd.concat(
                [self._windowed(own, n, modality=name) for name, own in self.treatment.items()],
                ignore_index=True,
            )
        )
        quality = pd.concat(
            [
                self._windowed(own, n, local_quarters=True, item=name)
                for name, own in self.quality.items()
            ],
            ignore_index=True,
        )
        quality = quality[quality["presentation"] == "all"].drop(columns="presentation")
        prevalence = self._prevalence(n)
        of_living = self._share_of_living(prevalence, as_indicator)
        indicator = pd.concat([*named, as_indicator, of_living], ignore_index=True)
        indicator = with_flags(indicator, "numerator", "denominator")
        no_share = indicator["indicator"].isin(["incidence", *self.survival])
        indicator.loc[no_share, "outlier"] = None
        tables = {
            "prevalence": prevalence,
            "cns_access": with_flags(cns, "seen", "recorded"),
            "time_to_treatment": treatment,
            "indicator": indicator,
            "survival": survival,
            "case_mix_value": self._case_mix(n),
            "data_quality": quality.reset_index(drop=True),
        }
        return {
            name: frame.drop(columns="spread", errors="ignore") for name, frame in tables.items()
        }

    def _windowed(
        self,
        columns: Mapping[str, Numbers],
        n: int,
        *,
        local_quarters: bool = False,
        **constants: object,
    ) -> pd.DataFrame:
        """Rows as a table with windows has them; without anybody there is none."""
        names = quarters(self.number)[:n]
        member = self.hospitals.membership()
        types = np.array([type_ for type_, _ in self.hospitals.places])
        codes = np.array([code for _, code in self.hospitals.places])
        is_local = ~np.isin(types, ("england_and_wales", "nation"))
        counts = {}
        for name, atoms in columns.items():
            at_place = np.tensordot(member, atoms[..., :n], axes=1)
            split = np.stack([at_place.sum(axis=1), at_place[:, 0], at_place[:, 1]], axis=1)
            run = np.concatenate([np.zeros((*split.shape[:2], 1), np.int64), split], axis=2)
            run = run.cumsum(axis=2)
            counts[name] = np.concatenate(
                [
                    run[..., 1:] - run[..., np.maximum(0, np.arange(n) + 1 - length)]
                    for length in PERIODS.values()
                ],
                axis=2,
            )
        stands = sum(counts.values()) > 0
        if not local_quarters:
            stands[is_local, :, :n] = False
        place, presentation, window = np.nonzero(stands)
        period, quarter = np.divmod(window, n)
        lengths = np.array(list(PERIODS.values()))
        return pd.DataFrame(
            {
                "quarter": np.array(names)[quarter],
                "period": np.array(list(PERIODS))[period],
                "complete": quarter + 1 >= lengths[period],
                "geography_type": types[place],
                "geography_code": codes[place],
                "geography_name": codes[place],
                "presentation": np.array(PRESENTATIONS)[presentation],
                **constants,
                **{name: own[stands] for name, own in counts.items()},
                "spread": self.spread[place, presentation, period * self.number + quarter],
            }
        )

    def _with_quartiles(self, rows: pd.DataFrame) -> pd.DataFrame:
        followed = rows["patients"] - rows["spread"] * rows["censored"]
        reached = {
            day: rows[name] / followed.where(followed > 0)
            for day, name in ((100.0, "treated"), (45.0, "by_62d"), (20.0, "by_31d"))
        }
        for name, share in QUARTILES.items():
            rows[name] = np.nan
            for day, own in reached.items():
                rows.loc[own >= share, name] = day
        return rows.drop(columns=["by_31d", "by_62d"])

    def _records_of_nurses(self, seed: int, rate: Numbers, share: float) -> dict[str, Numbers]:
        """Records that are asked for the nurse: one a patient, and those of other people."""
        draw = np.random.default_rng([seed, 1])
        own = {name: counts.sum(axis=1) for name, counts in self.cns.items()}
        others = draw.poisson(rate[:, 0] * draw.choice([0.0, 0.1, 1.0]), own["patients"].shape)
        given = draw.binomial(others, share)
        counts = {
            "records": own["patients"] + others,
            "given": own["recorded"] + given,
            "valid": own["recorded"] + draw.binomial(given, 0.97),
        }
        # Records have no presentation: they stand as if all were of one.
        return {name: np.stack([a, 0 * a], axis=1) for name, a in counts.items()}

    def _prevalence(self, n: int) -> pd.DataFrame:
        member = self.hospitals.membership()
        cubes = np.zeros((*member.shape[:1], n, 2, 2, 2, len(VALUES[3])), np.int64)
        for index, (new, at) in enumerate(cohorts(self.number)):
            if at < n:
                own = np.tensordot(member, self.living[:, index], axes=1)
                cubes[:, at, ..., years_since(new, at)] += own
        rows = []
        for (number, (type_, code)), (at, quarter) in product(
            enumerate(self.hospitals.places), enumerate(quarters(n))
        ):
            for given in np.ndindex(*(len(values) + 1 for values in VALUES)):
                index = tuple(slice(None) if g == 0 else g - 1 for g in given)
                people = int(cubes[number, at][index].sum())
                if people:
                    names = [
                        "all" if g == 0 else own[g - 1]
                        for g, own in zip(given, VALUES, strict=True)
                    ]
                    rows.append((quarter, "", type_, code, code, *names, people, ""))
        return pd.DataFrame(
            rows,
            columns=[
                *("quarter", "index_date", "geography_type", "geography_code", "geography_name"),
                *DIMENSIONS,
                *("people", "notes"),
            ],
        )

    @staticmethod
    def _share_of_living(prevalence: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
        """The share of recurrent among the living at the end of each window."""
        one_way = (
            prevalence[[name for name in DIMENSIONS if name != "presentation"]] == "all"
        ).all(axis=1)
        keys = ["quarter", "geography_type", "geography_code", "geography_name"]
        counts = (
            prevalence[one_way]
            .pivot_table(index=keys, columns="presentation", values="people", fill_value=0)
            .reindex(columns=["all", "recurrent"], fill_value=0)
            .astype(np.int64)
            .set_axis(["denominator", "numerator"], axis=1)
            .reset_index()
        )
        is_local = ~counts["geography_type"].isin(["england_and_wales", "nation"])
        counts = counts.assign(is_local=is_local).merge(
            windows[["quarter", "period", "complete"]].drop_duplicates(), on="quarter"
        )
        counts = counts[~counts["is_local"] | (counts["period"] != "quarter")]
        return counts.drop(columns="is_local").assign(
            presentation="all", indicator="recurrent_share_of_living", unit="percent"
        )

    def _case_mix(self, n: int) -> pd.DataFrame:
        frames = []
        for number, (kind, people, observed) in enumerate(
            (
                ("cns_access", self.cns["recorded"], self.cns["seen"]),
                ("mdt_discussed", *self.indicators["mdt_discussed"]),
                # Alive after a year, of those followed for it or dead by then.
                (
                    "survival_1y",
                    self.survival["survival_1y"]["deaths"]
                    + self.survival["survival_1y"]["at_risk"],
                    self.survival["survival_1y"]["at_risk"],
                ),
                (
                    "within_31d",
                    self.treatment["any"]["eligible_31d"],
                    self.treatment["any"]["within_31d"],
                ),
            )
        ):
            rows = self._windowed({"people": people, "observed": observed}, n, indicator=kind)
            rows = rows[
                (rows["period"] == "rolling_36m")
                & (rows["presentation"] == "all")
                & rows["geography_type"].isin(["cancer_alliance", "provider"])
            ]
            member = dict(
                zip([c for _, c in self.hospitals.places], self.hospitals.membership(), strict=True)
            )
            for quarter, own in rows.groupby("quarter"):
                last = quarters(self.number).index(str(quarter)) + 1
                window = slice(max(0, last - 12), last)
                at_provider = people[..., window].sum(axis=(1, 2))
                expected = at_provider * self.shares[number]
                hits = observed[..., window].sum()
                # A fit leaves as many expected as are observed; nobody is expected twice.
                expected *= hits / max(expected.sum(), 1e-9)
                if (expected > at_provider).any():
                    expected = at_provider * hits / at_provider.sum()
                total = np.array([member[c] @ expected for c in own["geography_code"]])
                overall = 100 * hits / at_provider.sum()
                frames.append(
                    own.assign(
                        expected=total,
                        adjusted_value=own["observed"] / np.where(total > 0, total, 1) * overall,
                    )
                )
        columns = [
            *("quarter", "period", "indicator", "geography_type", "geography_code"),
            *("presentation", "people", "observed", "expected", "adjusted_value"),
        ]
        return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame()


def _survival(
    draw: np.random.Generator, patients: Numbers, treated: Mapping[str, Numbers], share: float
) -> dict[str, dict[str, Numbers]]:
    """Deaths within a year and three, and people followed for so long.

    Whoever is new a year before the end of the data is dead within the year or followed for it.
    """
    number = patients.shape[2]
    new = np.arange(number)
    # Who still waits for treatment is alive, and whoever dies untreated does so within a year.
    alive = patients - treated["censored"]
    deaths = np.clip(draw.binomial(patients, 0.3), treated["died_untreated"], alive)
    stay = draw.binomial(patients - deaths, share)
    stay = np.where(new + 4 < number, patients - deaths, stay)
    later = draw.binomial(np.minimum(stay, alive - deaths), 0.3)
    later = np.where(new + 5 < number, later, 0)
    third = draw.binomial(stay - later, 0.6)
    return {
        "survival_1y": {"denominator": patients, "deaths": deaths, "at_risk": stay},
        "survival_3y": {
            "denominator": patients,
            "deaths": deaths + later,
            "at_risk": np.where(new + 12 < number, stay - later, third),
        },
    }


def _with_estimates(first: pd.DataFrame, third: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As if all who are censored were so on the first day, or the last, or between."""
    keys = [*("quarter", "period", "geography_code", "presentation")]
    first = first.assign(value=_of_a_year(first["deaths"], first["at_risk"], first, first))
    year = third[keys].merge(first, how="left", on=keys)
    later = _of_a_year(third["deaths"] - year["deaths"], third["at_risk"], year, third)
    third = third.assign(value=year["value"].to_numpy() * later.to_numpy())
    return _with_limits(first), _with_limits(third)


def _of_a_year(
    deaths: pd.Series, stay: pd.Series, before: pd.DataFrame, rows: pd.DataFrame
) -> pd.Series:
    """Part of those alive who stay so; ``before`` has how many they were."""
    were = before["denominator" if before is rows else "at_risk"].to_numpy()
    people = stay + deaths + rows["spread"] * (were - stay - deaths)
    return (1 - deaths / people.where(people > 0)).fillna(1.0 if before is not rows else 0.0)


def _with_limits(rows: pd.DataFrame) -> pd.DataFrame:
    stay = rows["at_risk"] + rows["deaths"]
    people = stay + rows["spread"] * (rows["denominator"] - stay)
    value = rows["value"].to_numpy()
    inside = (value > 0) & (value < 1)
    safe = np.where(inside, value, 0.5)
    error = np.sqrt((1 - safe) / safe / people.where(people > 0, 1).to_numpy()) / np.abs(
        np.log(safe)
    )
    limits = {
        name: 100 * np.where(inside, safe ** np.exp(sign * Z * error), value)
        for name, sign in (("lower_95", 1), ("upper_95", -1))
    }
    return rows.assign(value=100 * value, **limits)
