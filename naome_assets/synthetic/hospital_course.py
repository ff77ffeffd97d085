"""What happens to the people of the world in hospital: admissions, radiotherapy, notifications.

Drawn from streams of its own, after the world, so that no other file changes. Rates are those that
``docs/hospital.md`` names: they follow published counts, and none was chosen to make a rule look
good. ``Truth`` says what is so, whatever the files say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from naome_assets.synthetic.randomness import array_stream
from naome_assets.synthetic.world import DE_NOVO, NEVER, NOT_MBC, PRIMARY, Days, World, day_number

ADMITTED_AT_DIAGNOSIS: Final = 0.85
"""Primary cancers with an admission for surgery or diagnosis [ours]."""
METASTASIS_CODED: Final = 0.65
"""People with MBC of whom an admission ever names it [so that hospital data find 63 % of those whom
the registry does not know: New South Wales, 17.8 of 28.2]."""
CODED_AT_ONCE: Final = 0.45
DAYS_AT_ONCE: Final = 15.0
DAYS_LATER: Final = 220.0
DAYS_BETWEEN: Final = 130.0
"""Of those, the ones whose first coded admission is part of the diagnosis; mean days to it, for the
others too, and from one to the next [ours]."""
BREAST_CODED: Final = 0.82
HISTORY_CODED: Final = 0.08
"""Admissions with a secondary that name breast cancer, or a history of it [ours]."""
CODED_BY_MISTAKE: Final = 0.008
"""Primary cancers with one admission that names a secondary that is not there [ours]."""
OTHER_PRIMARY: Final = 0.04
OTHER_PRIMARY_SPREADS: Final = 0.35
"""People with another invasive cancer in the years of the data, and those whom it spreads in
[ours]."""
RADIOTHERAPY_METASTASIS: Final = 0.45
RADIOTHERAPY_EARLY: Final = 0.55
REGION_GIVEN: Final = 0.85
REGION_BY_MISTAKE: Final = 0.003
"""People with MBC, and primary cancers, with radiotherapy; courses of metastases whose region says
so, and adjuvant courses that look palliative because theirs does [ours]."""
NOTIFIED: Final = 0.81
"""Treated recurrences in cancer waiting times [source: NCIN pilot 2011, 81 %]."""
NOTIFIED_PRIMARY: Final = 0.95
NOTIFIED_BY_MISTAKE: Final = 0.004
ACROSS_THE_BORDER: Final = {"England": 0.01, "Wales": 0.05}
"""Admissions in the other nation [ours]."""
OTHER_CANCERS: Final = 1.0
OTHER_EPISODES: Final = 3.0
"""Episodes of other people with cancer, and without, for each episode of the world [ours: a
national file has about nine of the latter]."""

_SECONDARIES: Final = (
    "C795",
    "C787",
    "C780",
    "C782",
    "C793",
    "C798",
    "C786",
    "C772",
    "C779",
    "C792",
)
_WEIGHTS: Final = (0.36, 0.19, 0.14, 0.07, 0.06, 0.06, 0.03, 0.03, 0.04, 0.02)
_BREAST: Final = ("C509", "C504", "C508", "C502")
_OTHERS: Final = ("C189", "C349", "C679", "C443", "C20X", "C859")
_COMORBID: Final = ("I10X", "E119", "J449", "I489", "F329", "M199", "Z921", "N183", "E780", "K219")


@dataclass(frozen=True)
class Course:
    """What happens in hospital.

    Attributes:
        truth: one row a person of the world: nhs_number, presentation, primary, mbc, death,
            other_primary, coded (first admission that names the metastasis), mistaken (day of an
            admission that names one that is not there); days, ``NEVER`` for what is not.
        admissions: person (-1 outside the world), day, length, provider, codes; sorted by day.
        radiotherapy: person, day, provider, diagnosis, region, fractions.
        notified: person, day, provider, event, icd.
    """

    truth: pd.DataFrame
    admissions: pd.DataFrame
    radiotherapy: pd.DataFrame
    notified: pd.DataFrame


def plan(world: World, seed: int) -> Course:
    """Draw it all."""
    rng = array_stream(seed, 40)
    people = _people(world, rng)
    admissions = _admissions(people, world, rng)
    radiotherapy = _radiotherapy(people, rng)
    notified = _notified(people, world, rng)
    coded = admissions[admissions["kind"] == "metastasis"].groupby("person")["day"].min()
    mistaken = admissions[admissions["kind"] == "mistake"].groupby("person")["day"].min()
    truth = people.assign(
        coded=coded.reindex(people.index, fill_value=NEVER),
        mistaken=mistaken.reindex(people.index, fill_value=NEVER),
    )
    return Course(truth, admissions, radiotherapy, notified)


def _people(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Each person's home, first primary cancer and other cancer; the end of what can happen."""
    events = world.events.sort_values("date", kind="stable")
    size = len(world.people)
    first = events.drop_duplicates("person").set_index("person")["provider"]
    volume = np.array([provider.volume for provider in world.providers])
    drawn = pd.Series(rng.choice(len(volume), size, p=volume / volume.sum()))
    primaries = events[(events["pathway"] == PRIMARY) & ~events["in_situ"].astype(bool)]
    primary = primaries.groupby("person")["date"].min()
    begin, end = day_number(world.first_day), day_number(world.last_day)
    other = rng.random(size) < OTHER_PRIMARY
    death = world.people["death"].to_numpy()
    day = rng.integers(begin, end + 1, size)
    return pd.DataFrame(
        {
            "nhs_number": world.people["nhs_number"],
            "birth": world.people["birth"],
            "sex": world.people["sex"],
            "presentation": world.people["presentation"],
            "mbc": np.where(
                world.people["presentation"] != NOT_MBC, world.people["mbc"].to_numpy(), NEVER
            ),
            "primary": primary.reindex(range(size), fill_value=NEVER).to_numpy(),
            "death": death,
            "end": np.minimum(death, end),
            "other_primary": np.where(other & (day < death), day, NEVER),
            "home": first.reindex(range(size)).fillna(drawn).astype(np.int64).to_numpy(),
        }
    )


def _admissions(people: pd.DataFrame, world: World, rng: np.random.Generator) -> pd.DataFrame:
    begin = day_number(world.first_day)
    parts = [
        _at_diagnosis(people, rng),
        _with_metastases(people, begin, rng),
        _by_mistake(people, rng),
        _of_other_cancers(people, rng),
    ]
    own = pd.concat(parts, ignore_index=True)
    end = people["end"].to_numpy()[own["person"]]
    own = own[(own["day"] >= begin - 120) & (own["day"] <= end)]
    own = own.drop_duplicates(["person", "day"])
    own["provider"] = _where(people["home"].to_numpy()[own["person"]], world, rng)
    outside = _outside(len(own), world, rng)
    admissions = pd.concat([own, outside], ignore_index=True)
    extra = rng.integers(0, len(_COMORBID), len(admissions))
    has_extra = rng.random(len(admissions)) < 0.6
    admissions["codes"] = [
        f"{codes};{_COMORBID[number]}" if has else codes
        for codes, number, has in zip(admissions["codes"], extra, has_extra, strict=True)
    ]
    admissions["length"] = np.minimum(
        rng.geometric(0.4, len(admissions)) - 1,
        np.where(
            admissions["person"] >= 0,
            people["end"].to_numpy()[admissions["person"]] - admissions["day"],
            day_number(world.last_day) - admissions["day"],
        ),
    )
    return admissions.sort_values(["day", "person"], ignore_index=True, kind="stable")


def _frame(person: Days, day: Days, codes: list[str], kind: str) -> pd.DataFrame:
    return pd.DataFrame({"person": person, "day": day, "codes": codes, "kind": kind})


def _breast(size: int, rng: np.random.Generator) -> list[str]:
    return list(rng.choice(_BREAST, size))


def _at_diagnosis(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    some = people[people["primary"] < NEVER]
    some = some[rng.random(len(some)) < ADMITTED_AT_DIAGNOSIS]
    nodes = rng.random(len(some)) < 0.2
    codes = [
        f"{icd};C773" if has else icd
        for icd, has in zip(_breast(len(some), rng), nodes, strict=True)
    ]
    day = some["primary"].to_numpy() + rng.gamma(2.0, 15.0, len(some)).astype(np.int64)
    return _frame(some.index.to_numpy(), day, codes, "diagnosis")


def _with_metastases(people: pd.DataFrame, begin: int, rng: np.random.Generator) -> pd.DataFrame:
    some = people[people["mbc"] < NEVER]
    coded = rng.random(len(some)) < METASTASIS_CODED
    some = some[coded]
    at_once = (rng.random(len(some)) < CODED_AT_ONCE) | (some["presentation"] == DE_NOVO)
    wait = np.where(
        at_once,
        rng.exponential(DAYS_AT_ONCE, len(some)),
        rng.exponential(DAYS_LATER, len(some)),
    ).astype(np.int64)
    day = some["mbc"].to_numpy() + wait
    end = some["end"].to_numpy()
    # Of disease that is older than the data only what happens in their time is drawn.
    early = day < begin - 120
    day = np.where(early, begin - 120 + rng.integers(0, 200, len(some)), day)
    person = some.index.to_numpy()
    parts = []
    for _ in range(14):
        alive = day <= end
        person, day, end = person[alive], day[alive], end[alive]
        parts.append(_frame(person, day, _secondary(len(person), rng), "metastasis"))
        day = day + 1 + rng.exponential(DAYS_BETWEEN, len(day)).astype(np.int64)
    return pd.concat(parts, ignore_index=True)


def _secondary(size: int, rng: np.random.Generator) -> list[str]:
    """Codes of an admission that names a metastasis."""
    named = rng.choice(_SECONDARIES, size, p=_WEIGHTS)
    draw = rng.random(size)
    breast = _breast(size, rng)
    treated = rng.random(size) < 0.4
    made = []
    for code, share, icd, is_treated in zip(named, draw, breast, treated, strict=True):
        codes = ["Z511"] if is_treated else []
        codes.append(str(code))
        if share < BREAST_CODED:
            codes.append(icd)
        elif share < BREAST_CODED + HISTORY_CODED:
            codes.append("Z853")
        made.append(";".join(codes))
    return made


def _by_mistake(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    some = people[(people["primary"] < NEVER) & (people["presentation"] == NOT_MBC)]
    some = some[rng.random(len(some)) < CODED_BY_MISTAKE]
    day = some["primary"].to_numpy() + rng.integers(5, 1_200, len(some))
    with_breast = rng.random(len(some)) < 0.5
    codes = [
        f"{code};C509" if has else str(code)
        for code, has in zip(
            rng.choice(_SECONDARIES, len(some), p=_WEIGHTS), with_breast, strict=True
        )
    ]
    return _frame(some.index.to_numpy(), day, codes, "mistake")


def _of_other_cancers(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    some = people[people["other_primary"] < NEVER]
    spreads = rng.random(len(some)) < OTHER_PRIMARY_SPREADS
    own = rng.choice(_OTHERS[:3], len(some))
    parts = []
    for turn in range(3):
        gap = rng.integers(0, 50, len(some)) + 70 * turn
        day = some["other_primary"].to_numpy() + gap
        codes = [
            f"C787;{code}" if spread and turn else str(code)
            for code, spread in zip(own, spreads, strict=True)
        ]
        parts.append(_frame(some.index.to_numpy(), day, codes, "other"))
    return pd.concat(parts, ignore_index=True)


def _outside(size: int, world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Episodes of people outside the world: with another cancer, and without any."""
    cancers, others = round(size * OTHER_CANCERS), round(size * OTHER_EPISODES)
    begin, end = day_number(world.first_day), day_number(world.last_day)
    spreads = rng.random(cancers) < 0.25
    codes = [
        f"{code};C787" if spread else str(code)
        for code, spread in zip(rng.choice(_OTHERS, cancers), spreads, strict=True)
    ]
    codes += list(rng.choice(_COMORBID, others))
    total = cancers + others
    volume = np.array([provider.volume for provider in world.providers])
    return pd.DataFrame(
        {
            "person": -1,
            "day": rng.integers(begin, end + 1, total),
            "codes": codes,
            "kind": ["outside"] * cancers + ["none"] * others,
            "provider": rng.choice(len(volume), total, p=volume / volume.sum()),
        }
    )


def _where(home: Days, world: World, rng: np.random.Generator) -> Days:
    """The provider of each admission: at home, or across the border."""
    boards = np.array([provider.is_board for provider in world.providers])
    share = np.where(boards[home], ACROSS_THE_BORDER["Wales"], ACROSS_THE_BORDER["England"])
    crosses = rng.random(len(home)) < share
    places = home.copy()
    for is_board in (False, True):
        others = np.flatnonzero(boards != is_board)
        some = crosses & (boards[home] == is_board)
        if len(others):
            places[some] = rng.choice(others, int(some.sum()))
    return places


def _radiotherapy(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    with_mbc = people[people["mbc"] < NEVER]
    with_mbc = with_mbc[rng.random(len(with_mbc)) < RADIOTHERAPY_METASTASIS]
    late = with_mbc["mbc"].to_numpy() + rng.exponential(200.0, len(with_mbc)).astype(np.int64)
    early = people[(people["primary"] < NEVER) & (people["presentation"] == NOT_MBC)]
    early = early[rng.random(len(early)) < RADIOTHERAPY_EARLY]
    after = early["primary"].to_numpy() + rng.gamma(6.0, 20.0, len(early)).astype(np.int64)
    regions = np.where(rng.random(len(with_mbc)) < REGION_GIVEN, "M", "P")
    own = np.where(
        rng.random(len(early)) < REGION_BY_MISTAKE, "M", rng.choice(("P", "PR"), len(early))
    )
    courses = pd.concat(
        [
            pd.DataFrame(
                {
                    "person": with_mbc.index,
                    "day": late,
                    "diagnosis": rng.choice(("C509", "C50", ""), len(with_mbc), p=(0.7, 0.2, 0.1)),
                    "region": regions,
                    "fractions": rng.choice((1, 5), len(with_mbc)),
                }
            ),
            pd.DataFrame(
                {
                    "person": early.index,
                    "day": after,
                    "diagnosis": "C509",
                    "region": own,
                    "fractions": rng.choice((5, 15), len(early)),
                }
            ),
        ],
        ignore_index=True,
    )
    courses["provider"] = people["home"].to_numpy()[courses["person"]]
    within = courses["day"].to_numpy() <= people["end"].to_numpy()[courses["person"]]
    return courses[within].sort_values(["day", "person"], ignore_index=True, kind="stable")


def _notified(people: pd.DataFrame, world: World, rng: np.random.Generator) -> pd.DataFrame:
    first = people[people["primary"] < NEVER]
    first = first[rng.random(len(first)) < NOTIFIED_PRIMARY]
    wrong = rng.random(len(first)) < NOTIFIED_BY_MISTAKE
    again = people[(people["mbc"] < NEVER) & (people["presentation"] != DE_NOVO)]
    # Those who are not treated are not notified.
    again = again[rng.random(len(again)) < NOTIFIED * 0.88]
    notified = pd.concat(
        [
            pd.DataFrame(
                {
                    "person": first.index,
                    "day": first["primary"].to_numpy() + rng.integers(7, 60, len(first)),
                    "event": np.where(wrong, "05", "01"),
                    "icd": "C509",
                }
            ),
            pd.DataFrame(
                {
                    "person": again.index,
                    "day": again["mbc"].to_numpy() + rng.integers(5, 60, len(again)),
                    "event": rng.choice(
                        ("05", "12", "06", "02"), len(again), p=(0.6, 0.25, 0.05, 0.1)
                    ),
                    "icd": rng.choice(("C509", "C795", ""), len(again), p=(0.8, 0.1, 0.1)),
                }
            ),
        ],
        ignore_index=True,
    )
    notified["provider"] = people["home"].to_numpy()[notified["person"]]
    boards = np.array([provider.is_board for provider in world.providers])
    within = notified["day"].to_numpy() <= people["end"].to_numpy()[notified["person"]]
    kept = within & ~boards[notified["provider"].to_numpy()]
    told: pd.DataFrame = notified[kept]
    return told.sort_values(["day", "person"], ignore_index=True, kind="stable")
