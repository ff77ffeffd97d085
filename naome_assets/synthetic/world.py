"""The synthetic world: people diagnosed, treated, recurring, moving and dying, as columns.

Everything that an indicator measures is drawn here, vectorised, before any file is written; the
writers only add what no indicator reads. Days are whole numbers since 1970-01-01, ``NEVER`` for
what does not happen. Rates and their sources are in ``calibration``.

The world begins ``RUN_UP`` days before the first folder month, so that records sent late arrive in
the first months too, and it holds people whose first cancer, or whose metastatic disease, is older
than the data: their earlier records are nowhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from naome_assets.synthetic import calibration as rates
from naome_assets.synthetic import nhs_numbers
from naome_assets.synthetic.providers import Provider, choose
from naome_assets.synthetic.randomness import array_stream
from naome_assets.synthetic.regimens import CATALOGUE, indices

NEVER: Final = 1_000_000
RUN_UP: Final = 200
PRIMARY, RECURRENCE, PROGRESSION, TRANSFORMATION = range(4)
PATHWAYS: Final = ("primary", "recurrence", "progression", "transformation")
NOT_MBC, DE_NOVO, RECURRENT = range(3)
SUBTYPES: Final = ("ER+ HER2-", "HER2+", "triple negative")

_EPOCH = dt.date(1970, 1, 1)
_YEAR = 365.25
_QUARTER = _YEAR / 4

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """All that happens, one frame a kind of thing; each frame's index is the thing's number.

    Attributes:
        providers: Who sends; ``provider`` columns are positions in this list.
        people: nhs_number, birth, sex (COSD code), ethnicity, subtype, presentation (``NOT_MBC``,
            ``DE_NOVO``, ``RECURRENT``), mbc (day), death, registration (days).
        events: person, provider, pathway, date, in_situ, distant, m_recorded, stage_recorded,
            metastasis_recorded, mdt, cns (COSD code, empty when missing), progression (day of a
            progression told in a primary record).
        treatments: event, start, modality, intent; sorted by event.
        regimens: person, provider, start, regimen (of the catalogue), cycles, intent, end.
        sendings: event, month (months since year 0), incomplete (an early version that lacks
            items which a later one has); sorted by month.
        first_day: First day of the folder months.
        last_day: Last day of the folder months.
    """

    providers: list[Provider]
    people: pd.DataFrame
    events: pd.DataFrame
    treatments: pd.DataFrame
    regimens: pd.DataFrame
    sendings: pd.DataFrame
    first_day: dt.date
    last_day: dt.date


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def date_of(number: int) -> dt.date:
    """The date of a day number."""
    return _EPOCH + dt.timedelta(days=int(number))


def month_numbers(days: Days) -> Days:
    """Months since year 0 of day numbers."""
    months: Days = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months + 1970 * 12


def simulate(
    first_day: dt.date, last_day: dt.date, *, scale: float, seed: int, defects: bool = True
) -> World:
    """Draw a world.

    Args:
        first_day: First day of the first folder month.
        last_day: Last day of the last folder month.
        scale: 1.0 is England and Wales.
        seed: The same seed gives the same world.
        defects: Whether senders have habits that make files harder to read.
    """
    providers = choose(first_day, last_day, scale, array_stream(seed, 0), defects)
    people = _People(providers, first_day, last_day, scale, array_stream(seed, 1)).draw()
    events = _events(people, providers, last_day, array_stream(seed, 2))
    treatments = _treatments(events, people, providers, array_stream(seed, 3))
    regimens = _regimens(events, treatments, people, last_day, array_stream(seed, 4))
    sendings = _sendings(events, providers, first_day, last_day, array_stream(seed, 5))
    people = people.drop(columns=["home", "place", "primary"])
    return World(providers, people, events, treatments, regimens, sendings, first_day, last_day)


class _People:
    """Draws the people: who, where, and the course of their disease."""

    def __init__(
        self,
        providers: list[Provider],
        first_day: dt.date,
        last_day: dt.date,
        scale: float,
        rng: np.random.Generator,
    ) -> None:
        self.providers = providers
        self.first = day_number(first_day) - RUN_UP
        self.last = day_number(last_day)
        self.scale = scale
        self.rng = rng

    def draw(self) -> pd.DataFrame:
        groups = []
        for nation, primaries in rates.PRIMARIES.items():
            volume = np.array([p.volume if p.nation == nation else 0.0 for p in self.providers])
            rate = primaries * self.scale / _QUARTER
            for group in (
                self._primaries(rate),
                self._recurrences_of_earlier_primaries(rate),
                self._earlier_mbc(rate),
                self._other_events(rate * rates.LOCAL_RECURRENCES, RECURRENCE),
                self._other_events(rate * rates.TRANSFORMATIONS, TRANSFORMATION),
            ):
                group["home"] = self.rng.choice(
                    len(volume), size=len(group), p=volume / volume.sum()
                )
                groups.append(group)
        people = pd.concat(groups, ignore_index=True)
        return self._complete(people)

    def _uniform(self, rate: float, first: int, last: int) -> Days:
        count = self.rng.poisson(rate * (last - first + 1))
        return np.sort(self.rng.integers(first, last + 1, size=count))

    def _years_to_recurrence(self, size: int) -> NDArray[np.float64]:
        return np.minimum(
            self.rng.lognormal(
                np.log(rates.YEARS_TO_RECURRENCE_MEDIAN), rates.YEARS_TO_RECURRENCE_SIGMA, size
            ),
            25.0,
        )

    def _primaries(self, rate: float) -> pd.DataFrame:
        primary = self._uniform(rate, self.first, self.last)
        size = len(primary)
        draw = self.rng.random(size)
        de_novo = draw < rates.DE_NOVO
        in_situ = draw > 1.0 - rates.SHARE_IN_SITU
        recurs = self._recurs(size) & ~de_novo & ~in_situ
        recurrence = primary + (self._years_to_recurrence(size) * _YEAR).astype(np.int64)
        recurs &= recurrence <= self.last
        return pd.DataFrame(
            {
                "primary": primary,
                "in_situ": in_situ,
                "presentation": np.where(de_novo, DE_NOVO, np.where(recurs, RECURRENT, NOT_MBC)),
                "mbc": np.where(de_novo, primary, np.where(recurs, recurrence, NEVER)),
                "role": PRIMARY,
                "reference": primary,
            }
        )

    def _recurs(self, size: int) -> Flags:
        """Chosen so that recurrences hold their share of new MBC in the steady state."""
        recurrences = rates.DE_NOVO * rates.RECURRENT_SHARE / (1.0 - rates.RECURRENT_SHARE)
        candidates = 1.0 - rates.DE_NOVO - rates.SHARE_IN_SITU
        return np.asarray(self.rng.random(size) < recurrences / candidates)

    def _recurrences_of_earlier_primaries(self, rate: float) -> pd.DataFrame:
        recurrences = rate * rates.DE_NOVO * rates.RECURRENT_SHARE / (1.0 - rates.RECURRENT_SHARE)
        mbc = self._uniform(recurrences, self.first, self.last)
        primary = mbc - (self._years_to_recurrence(len(mbc)) * _YEAR).astype(np.int64)
        earlier = primary < self.first  # the others are drawn forwards, from their primary
        return self._history(primary[earlier], mbc[earlier], RECURRENT)

    def _earlier_mbc(self, rate: float) -> pd.DataFrame:
        since = self.first - int(rates.YEARS_OF_EARLIER_MBC * _YEAR)
        mbc = self._uniform(
            rate * rates.DE_NOVO / (1.0 - rates.RECURRENT_SHARE), since, self.first - 1
        )
        recurrent = self.rng.random(len(mbc)) < rates.RECURRENT_SHARE
        years = np.where(recurrent, self._years_to_recurrence(len(mbc)), 0.0)
        primary = mbc - (years * _YEAR).astype(np.int64)
        return self._history(primary, mbc, np.where(recurrent, RECURRENT, DE_NOVO))

    def _history(self, primary: Days, mbc: Days, presentation: int | Days) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "primary": primary,
                "in_situ": False,
                "presentation": presentation,
                "mbc": mbc,
                "role": -1,
                "reference": mbc,
            }
        )

    def _other_events(self, rate: float, pathway: int) -> pd.DataFrame:
        """People of an earlier primary who have one non-primary event without distant spread."""
        reference = self._uniform(rate, self.first, self.last)
        primary = reference - (self._years_to_recurrence(len(reference)) * _YEAR).astype(np.int64)
        return pd.DataFrame(
            {
                "primary": primary,
                "in_situ": False,
                "presentation": NOT_MBC,
                "mbc": NEVER,
                "role": pathway,
                "reference": reference,
            }
        )

    def _complete(self, people: pd.DataFrame) -> pd.DataFrame:
        rng, size = self.rng, len(people)
        man = rng.random(size) < rates.MEN
        presentation = people["presentation"].to_numpy()
        age = rng.normal(np.where(presentation == DE_NOVO, 67.0, 62.5), 13.5)
        screening = (rng.random(size) < 0.2) & (presentation == NOT_MBC)
        age = np.where(screening, rng.uniform(50.0, 71.0, size), age) + np.where(man, 6.0, 0.0)
        age = np.where((age < 22.0) | (age > 98.0), rng.uniform(35.0, 85.0, size), age)
        people["birth"] = people["primary"].to_numpy() - (age * _YEAR).astype(np.int64)
        people["sex"] = np.where(man, "1", "2")
        people["ethnicity"] = rng.choice(
            list(rates.ETHNICITY), size, p=_shares(rates.ETHNICITY.values())
        )
        people["subtype"] = rng.choice(3, size, p=[0.72, 0.15, 0.13])
        people["death"] = self._deaths(people)
        # A recurrence after death never happens; MBC that ended before the data is never seen.
        never = (people["presentation"] == RECURRENT) & (people["death"] <= people["mbc"])
        people.loc[never, ["presentation", "mbc"]] = [NOT_MBC, NEVER]
        people = people[people["death"] >= self.first].reset_index(drop=True)
        people["place"] = self._place_of_mbc(people)
        days = rng.lognormal(np.log(rates.REGISTRATION_DAYS_MEDIAN), 0.5, len(people))
        inquest = rng.random(len(people)) < rates.INQUESTS
        days = np.where(inquest, days + rng.uniform(60, 300, len(people)), days)
        people["registration"] = np.minimum(people["death"] + days.astype(np.int64), NEVER)
        people["nhs_number"] = nhs_numbers.for_people(len(people), rng)
        return people

    def _deaths(self, people: pd.DataFrame) -> Days:
        """Weibull after MBC through the two published survival figures; Gompertz otherwise."""
        rng, size = self.rng, len(people)
        mbc, reference = people["mbc"].to_numpy(), people["reference"].to_numpy()
        shape = np.log(np.log(rates.SURVIVAL_3Y) / np.log(rates.SURVIVAL_1Y)) / np.log(3.0)
        age = (mbc - people["birth"].to_numpy()) / _YEAR
        hazard = -np.log(rates.SURVIVAL_1Y) * np.exp(0.012 * (age - 66.0))
        years = (rng.exponential(1.0, size) / hazard) ** (1.0 / shape)
        after_mbc = mbc + (np.minimum(years, 60.0) * _YEAR).astype(np.int64)
        age = (reference - people["birth"].to_numpy()) / _YEAR
        ageing = 0.09
        hazard = 0.0012 * np.exp(ageing * (age - 50.0))
        years = np.log1p(ageing * rng.exponential(1.0, size) / hazard) / ageing
        otherwise = reference + (years * _YEAR).astype(np.int64) + 1
        death = np.where(mbc == NEVER, otherwise, after_mbc)
        # Before a later recurrence a person of the window lives under the general hazard.
        died_first = (people["role"] == PRIMARY) & (mbc > reference) & (otherwise < mbc)
        return np.asarray(np.where(died_first, otherwise, death))

    def _place_of_mbc(self, people: pd.DataFrame) -> Days:
        rng, size = self.rng, len(people)
        home = people["home"].to_numpy()
        place = home.copy()
        draw = rng.random(size)
        chance = np.array([rates.MBC_FAR_AWAY[provider.nation] for provider in self.providers])
        far = draw < chance[home]
        place[far] = _anywhere(int(far.sum()), self.providers, rng)
        near = ~far & (draw < chance[home] + rates.MBC_ELSEWHERE_IN_ALLIANCE)
        place[near] = _neighbours(home[near], self.providers, rng)
        return np.asarray(np.where(people["presentation"] == DE_NOVO, home, place))


def _shares(values: Any) -> NDArray[np.float64]:
    array = np.array(list(values), dtype=float)
    return np.asarray(array / array.sum())


def _anywhere(size: int, providers: list[Provider], rng: np.random.Generator) -> Days:
    """Providers of either nation, by the cases they see."""
    national = {
        nation: primaries / sum(p.volume for p in providers if p.nation == nation)
        for nation, primaries in rates.PRIMARIES.items()
    }
    cases = [provider.volume * national[provider.nation] for provider in providers]
    return np.asarray(rng.choice(len(providers), size=size, p=_shares(cases)))


def _neighbours(home: Days, providers: list[Provider], rng: np.random.Generator) -> Days:
    """Another provider of the same alliance (Wales: another board), or home where there is none."""
    others = [
        [n for n, o in enumerate(providers) if o.alliance == p.alliance and o.volume and o is not p]
        or [number]
        for number, p in enumerate(providers)
    ]
    draw = rng.random(len(home))
    return np.array(
        [others[h][int(d * len(others[h]))] for h, d in zip(home, draw, strict=True)],
        dtype=np.int64,
    )


def _events(
    people: pd.DataFrame, providers: list[Provider], last_day: dt.date, rng: np.random.Generator
) -> pd.DataFrame:
    """The clinical events that reach a record."""
    last = day_number(last_day)
    primary = people[people["role"] == PRIMARY]
    twice = primary[rng.random(len(primary)) < rates.SECOND_PROVIDER]
    first = people["reference"].loc[people["role"] == PRIMARY].min()
    recurrent = people[(people["presentation"] == RECURRENT) & people["mbc"].between(first, last)]
    completeness = np.array([provider.completeness for provider in providers])
    recorded = rng.random(len(recurrent)) < _probability(
        rates.RECURRENCE_RECORDED, completeness[recurrent["place"]]
    )
    other = people[people["role"] > PRIMARY]
    neighbour = np.where(
        rng.random(len(twice)) < rates.SECOND_PROVIDER_FAR_AWAY,
        _anywhere(len(twice), providers, rng),
        _neighbours(twice["home"].to_numpy(), providers, rng),
    )
    later = rng.integers(0, 11, len(twice))
    frames = [
        _frame(primary, "home", PRIMARY, primary["primary"]),
        _frame(twice, neighbour, PRIMARY, twice["primary"] + later),
        _frame(recurrent[recorded], "place", RECURRENCE, recurrent[recorded]["mbc"]),
        _frame(other, "home", other["role"], other["reference"]),
        _progressions(people, last, rng),
    ]
    events = pd.concat(frames, ignore_index=True)
    events["in_situ"] = people["in_situ"].to_numpy()[events["person"]] & (
        events["pathway"] == PRIMARY
    )
    alive = events["date"].to_numpy() <= people["death"].to_numpy()[events["person"]]
    events = events[alive & (events["date"] <= last)]
    events = _successors(events, providers)
    events = events.drop_duplicates(["person", "provider", "pathway", "date"])
    events = events.sort_values(["date", "person", "pathway", "provider"], ignore_index=True)
    unrecorded = recurrent.index[~recorded]
    told = unrecorded[rng.random(len(unrecorded)) < rates.PROGRESSION_IN_PRIMARY_RECORD]
    return _recorded_items(events, people, providers, told, rng)


def _frame(people: pd.DataFrame, provider: str | Days, pathway: Any, date: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": people.index.to_numpy(),
            "provider": people[provider].to_numpy() if isinstance(provider, str) else provider,
            "pathway": pathway,
            "date": np.asarray(date),
        }
    )


def _progressions(people: pd.DataFrame, last: int, rng: np.random.Generator) -> pd.DataFrame:
    mbc = people[(people["mbc"] < last - 60)]
    begin = mbc["mbc"].to_numpy() + 60
    end = np.minimum(mbc["death"].to_numpy(), last)
    years = np.maximum(end - begin, 0) / _YEAR
    count = rng.poisson(years * rates.PROGRESSIONS_A_YEAR)
    again = mbc.loc[np.repeat(mbc.index.to_numpy(), count)]
    span = np.repeat(np.maximum(end - begin, 1), count)
    date = np.repeat(begin, count) + (rng.random(len(again)) * span).astype(np.int64)
    return _frame(again, "place", PROGRESSION, date)


def _successors(events: pd.DataFrame, providers: list[Provider]) -> pd.DataFrame:
    """After a merger the successor reports."""
    position = {provider.code: number for number, provider in enumerate(providers)}
    successor = np.array([position.get(p.successor, n) for n, p in enumerate(providers)])
    closed = np.array([min(day_number(provider.closed), NEVER) for provider in providers])
    provider = events["provider"].to_numpy()
    events["provider"] = np.where(
        events["date"].to_numpy() > closed[provider], successor[provider], provider
    )
    return events


def _probability(base: float | NDArray[np.float64], effect: Any) -> NDArray[np.float64]:
    odds = np.log(base / (1.0 - np.asarray(base))) + np.asarray(effect)
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _recorded_items(
    events: pd.DataFrame,
    people: pd.DataFrame,
    providers: list[Provider],
    told: Any,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """What the records of each event hold, by the provider's effects."""
    size, provider = len(events), events["provider"].to_numpy()
    person, pathway = events["person"].to_numpy(), events["pathway"].to_numpy()
    completeness = np.array([p.completeness for p in providers])[provider]
    de_novo = people["presentation"].to_numpy()[person] == DE_NOVO
    mbc = people["mbc"].to_numpy()[person]
    events["distant"] = np.where(pathway == PRIMARY, de_novo, mbc <= events["date"])
    for column, base in (
        ("m_recorded", rates.M_RECORDED),
        ("stage_recorded", rates.STAGE_RECORDED),
        ("metastasis_recorded", rates.METASTASIS_RECORDED),
    ):
        chance = _probability(base, completeness)
        events[column] = (rng.random(size) < chance) & (pathway == PRIMARY)
    events["metastasis_recorded"] |= np.isin(pathway, (RECURRENCE, PROGRESSION))
    nation = np.array([p.nation for p in providers])[provider]
    documented = np.where(
        events["distant"],
        np.where(nation == "Wales", rates.MDT_DOCUMENTED["Wales"], rates.MDT_DOCUMENTED["England"]),
        rates.MDT_DOCUMENTED_EARLY,
    )
    effect = np.array([p.mdt for p in providers])[provider]
    events["mdt"] = rng.random(size) < _probability(documented, effect)
    recorded = rng.random(size) < _probability(rates.CNS_RECORDED, completeness)
    effect = np.array([p.cns for p in providers])[provider]
    seen = rng.random(size) < _probability(rates.CNS_SEEN, effect)
    yes = rng.choice(["Y1", "Y3", "Y4", "Y5"], size, p=[0.72, 0.1, 0.08, 0.1])
    no = rng.choice(["NI", "NN"], size, p=[0.3, 0.7])
    unknown = rng.choice(["99", ""], size, p=[0.35, 0.65])
    events["cns"] = np.where(recorded, np.where(seen, yes, no), unknown)
    first = ~events.duplicated(["person", "pathway"])
    progression = np.where(np.isin(person, told) & (pathway == PRIMARY) & first, mbc, NEVER)
    events["progression"] = progression
    return events


_EARLY = (("01", 0.62), ("02", 0.20), ("03", 0.15), ("05", 0.03))
_METASTATIC = (
    ("03", 0.38), ("02", 0.25), ("14", 0.04), ("15", 0.03), ("21", 0.12), ("05", 0.10),
    ("01", 0.03), ("07", 0.03), ("08", 0.01), ("98", 0.01),
)  # fmt: skip
_SECOND = (("05", 0.45), ("03", 0.35), ("02", 0.20))
_SECOND_METASTATIC = (("05", 0.35), ("03", 0.25), ("02", 0.20), ("21", 0.15), ("07", 0.05))


def _draw(choices: tuple[tuple[str, float], ...], size: int, rng: np.random.Generator) -> Any:
    return rng.choice(
        [code for code, _ in choices], size, p=_shares([share for _, share in choices])
    )


def _treatments(
    events: pd.DataFrame,
    people: pd.DataFrame,
    providers: list[Provider],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """COSD treatments (CR1370, CR2040, CR0680) of each event, up to three."""
    treated = events[~events.duplicated(["person", "pathway", "date"])]
    treated = treated[treated["pathway"] != TRANSFORMATION]
    size = len(treated)
    distant = treated["distant"].to_numpy()
    speed = np.array([provider.speed for provider in providers])[treated["provider"]]
    days = rng.lognormal(
        np.log(rates.DAYS_TO_TREATMENT_MEDIAN) + speed, rates.DAYS_TO_TREATMENT_SIGMA, size
    ).astype(np.int64)
    early_start = rng.random(size) < 0.03
    days = np.where(early_start, -rng.integers(0, 25, size), days)
    untreated = rng.random(size) < np.where(
        distant, rates.UNTREATED["mbc"], rates.UNTREATED["early"]
    )
    first = np.where(distant, _draw(_METASTATIC, size, rng), _draw(_EARLY, size, rng))
    first = np.where(treated["in_situ"], "01", first)
    second = np.where(distant, _draw(_SECOND_METASTATIC, size, rng), _draw(_SECOND, size, rng))
    second = np.where(first == "02", np.where(distant, second, "01"), second)
    third = np.where(distant, "05", "03")
    start = treated["date"].to_numpy() + days
    frames = []
    for number, (modality, share) in enumerate(((first, 1.0), (second, 0.55), (third, 0.3))):
        if number:
            start = start + rng.integers(21, 120, size)
        given = ~untreated & (rng.random(size) < share)
        frames.append(
            pd.DataFrame(
                {
                    "event": treated.index.to_numpy()[given],
                    "start": start[given],
                    "modality": modality[given],
                    "intent": np.where(distant, "02", "01")[given],
                }
            )
        )
    treatments = pd.concat(frames, ignore_index=True)
    person = events["person"].to_numpy()[treatments["event"]]
    alive = treatments["start"].to_numpy() <= people["death"].to_numpy()[person]
    treatments = pd.DataFrame(treatments[alive])
    return treatments.sort_values(["event", "start"], kind="stable", ignore_index=True)


def _regimens(
    events: pd.DataFrame,
    treatments: pd.DataFrame,
    people: pd.DataFrame,
    last_day: dt.date,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """SACT regimens.

    Those of COSD's systemic treatments, those of some people whom COSD calls untreated, and the
    later lines of people who live with MBC.
    """
    of_event = events.loc[treatments["event"]].reset_index(drop=True)
    modality = treatments["modality"].to_numpy()
    hospital = np.isin(modality, ("02", "04", "14", "15", "21")) | (
        (modality == "03") & of_event["distant"].to_numpy() & (rng.random(len(modality)) < 0.6)
    )
    first = of_event[hospital].assign(
        start=treatments["start"].to_numpy()[hospital], modality=modality[hospital]
    )
    missed = events[
        events["distant"]
        & ~events.index.isin(treatments["event"])
        & (rng.random(len(events)) < 0.2)
    ]
    wait = rng.lognormal(np.log(35.0), 0.5, len(missed)).astype(np.int64)
    missed = missed.assign(start=missed["date"] + wait, modality="02")
    lines = [pd.concat([first, missed], ignore_index=True)]
    for _ in range(3):
        again = lines[-1][lines[-1]["distant"].to_numpy()]
        again = again[rng.random(len(again)) < 0.6]
        gap = rng.gamma(2.0, 150.0, len(again)).astype(np.int64) + 60
        lines.append(again.assign(start=again["start"] + gap, modality="02"))
    regimens = pd.concat(lines, ignore_index=True)
    death = people["death"].to_numpy()[regimens["person"]]
    within = (regimens["start"].to_numpy() < death) & (
        regimens["start"].to_numpy() <= day_number(last_day)
    )
    regimens = regimens[within].drop_duplicates(["person", "start"])
    regimens = regimens.sort_values(["start", "person"], ignore_index=True)
    subtype = people["subtype"].to_numpy()[regimens["person"]]
    chosen = np.zeros(len(regimens), dtype=np.int64)
    for distant in (False, True):
        for number, name in enumerate(SUBTYPES):
            some = (subtype == number) & (regimens["distant"].to_numpy() == distant)
            options, weights = indices(name, distant)
            chosen[some] = rng.choice(options, int(some.sum()), p=_shares(weights))
    cycles = np.array([regimen.cycles for regimen in CATALOGUE])[chosen]
    share = np.where(regimens["distant"], rng.uniform(0.3, 1.0, len(regimens)), 1.0)
    following = regimens.groupby("person")["start"].shift(-1).fillna(NEVER).to_numpy()
    return pd.DataFrame(
        {
            "person": regimens["person"],
            "provider": regimens["provider"],
            "start": regimens["start"],
            "regimen": chosen,
            "cycles": np.maximum(1, np.ceil(cycles * share)).astype(np.int64),
            "curative": ~regimens["distant"],
            "end": np.minimum(people["death"].to_numpy()[regimens["person"]], following).astype(
                np.int64
            ),
            "sent_again": rng.random(len(regimens)) < 0.02,
        }
    )


def _sendings(
    events: pd.DataFrame,
    providers: list[Provider],
    first_day: dt.date,
    last_day: dt.date,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """In which reporting month each event's record is sent, and sent again."""
    size = len(events)
    month = month_numbers(events["date"].to_numpy())
    primary = events["pathway"].to_numpy() == PRIMARY
    lag = np.where(
        primary,
        rng.choice(len(rates.SENT_LATE), size, p=rates.SENT_LATE),
        rng.choice(len(rates.RECURRENCE_SENT_LATE), size, p=rates.RECURRENCE_SENT_LATE),
    )
    first = month + lag
    again = rng.random(size) < rates.SENT_AGAIN
    later = first + rng.integers(1, 6, size)
    incomplete = again & (rng.random(size) < rates.CHANGED_WHEN_SENT_AGAIN)
    progression = events["progression"].to_numpy()
    told = progression < NEVER
    numbers = np.arange(size)
    columns = ("event", "month", "incomplete")
    update = month_numbers(progression[told]) + rng.integers(0, 4, int(told.sum()))
    parts = [
        (numbers, first, incomplete),
        (numbers[again], later[again], np.zeros(int(again.sum()), dtype=bool)),
        (numbers[told], update, np.zeros(len(update), dtype=bool)),
    ]
    sendings = pd.concat(
        [pd.DataFrame(dict(zip(columns, part, strict=True))) for part in parts], ignore_index=True
    ).drop_duplicates(["event", "month"])
    closing = month_numbers(np.array([min(day_number(p.closed), NEVER) for p in providers]))
    closing = closing[events["provider"].to_numpy()[sendings["event"]]]
    # A trust that closes sends what is outstanding with its last file.
    first_sent = sendings.groupby("event")["month"].transform("min") == sendings["month"]
    sendings["month"] = np.where(
        first_sent, np.minimum(sendings["month"], closing), sendings["month"]
    )
    window = month_numbers(np.array([day_number(first_day), day_number(last_day)]))
    kept = (
        (sendings["month"] <= closing)
        & (sendings["month"] >= window[0])
        & (sendings["month"] <= window[1])
    )
    sendings = pd.DataFrame(sendings[kept]).drop_duplicates(["event", "month"])
    return sendings.sort_values(["month", "event"], ignore_index=True)
