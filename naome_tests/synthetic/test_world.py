"""The world is calibrated to the published figures; no file is written here."""

from __future__ import annotations

import datetime as dt

import nhs_number
import numpy as np
import pytest

from naome_assets.synthetic import calibration
from naome_assets.synthetic.world import (
    DE_NOVO,
    NEVER,
    PRIMARY,
    RECURRENCE,
    RECURRENT,
    World,
    day_number,
    simulate,
)

SCALE = 0.3
QUARTERS = 8


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(dt.date(2022, 1, 1), dt.date(2023, 12, 31), scale=SCALE, seed=7)


@pytest.fixture(scope="module")
def real_size() -> World:
    """Two quarters of every provider, around the day on which Yeovil (RA4) joined Somerset."""
    return simulate(dt.date(2023, 1, 1), dt.date(2023, 6, 30), scale=1.0, seed=3)


def in_england(world: World) -> np.ndarray:
    england = np.array([provider.nation == "England" for provider in world.providers])
    window = world.events["date"] >= day_number(world.first_day)
    return england[world.events["provider"]] & window.to_numpy()


def test_de_novo_with_evidence_a_quarter(world: World) -> None:
    events = world.events[in_england(world)]
    recorded = events["m_recorded"] | events["stage_recorded"] | events["metastasis_recorded"]
    people = events[(events["pathway"] == PRIMARY) & events["distant"] & recorded]["person"]
    assert people.nunique() / QUARTERS / SCALE == pytest.approx(950, rel=0.08)


def test_primary_and_non_primary_records_a_quarter(world: World) -> None:
    events = world.events[in_england(world)]
    primary = (events["pathway"] == PRIMARY).sum() / QUARTERS / SCALE
    assert primary == pytest.approx(13_200 * 1.04, rel=0.03)
    other = (events["pathway"] != PRIMARY).sum() / QUARTERS / SCALE
    assert other == pytest.approx(3_000, rel=0.1)


def test_two_thirds_recurrent_in_truth_but_not_in_the_records(world: World) -> None:
    people = world.people
    new = people[people["mbc"].between(day_number(world.first_day), day_number(world.last_day))]
    assert (new["presentation"] == RECURRENT).mean() == pytest.approx(2 / 3, abs=0.03)
    recurrent = new.index[new["presentation"] == RECURRENT]
    events = world.events
    recorded = events[(events["pathway"] == RECURRENCE) & events["distant"]]["person"]
    share = recurrent.isin(recorded).mean()
    assert share == pytest.approx(calibration.RECURRENCE_RECORDED, abs=0.06)


def test_survival_after_mbc(world: World) -> None:
    people = world.people
    new = people[people["mbc"].between(day_number(world.first_day), day_number(world.last_day))]
    lived = new["death"] - new["mbc"]
    assert (lived > 365).mean() == pytest.approx(0.65, abs=0.03)
    assert (lived > 1096).mean() == pytest.approx(0.44, abs=0.03)


@pytest.mark.parametrize(("nation", "share"), [("England", 0.59), ("Wales", 0.70)])
def test_mdt_documented(real_size: World, nation: str, share: float) -> None:
    # Each provider has its own effect, so many providers, and not many people, make the mean.
    of_nation = np.array([provider.nation == nation for provider in real_size.providers])
    events = real_size.events
    events = events[of_nation[events["provider"]] & events["distant"]]
    assert events["mdt"].mean() == pytest.approx(share, abs=0.08)


def test_trusts_differ_more_than_chance_in_nurse_contact(world: World) -> None:
    events = world.events[in_england(world)]
    recorded = events[events["cns"].isin(["Y1", "Y3", "Y4", "Y5", "NI", "NN"])]
    seen = recorded["cns"].str.startswith("Y")
    by_trust = seen.groupby(recorded["provider"]).agg(["mean", "size"])
    overall = seen.mean()
    deviance = (by_trust["mean"] - overall) ** 2 * by_trust["size"] / (overall * (1 - overall))
    assert overall == pytest.approx(0.92, abs=0.03)
    assert deviance.sum() > 3 * len(by_trust)
    assert len(recorded) / len(events) == pytest.approx(calibration.CNS_RECORDED, abs=0.06)


def test_days_to_first_treatment(world: World) -> None:
    first = world.treatments.drop_duplicates("event").set_index("event")["start"]
    days = first - world.events["date"].loc[first.index]
    assert days.median() == pytest.approx(30, abs=3)


def test_people_are_coherent(world: World) -> None:
    people, events = world.people, world.events
    person = people.loc[events["person"]]
    assert (events["date"].to_numpy() > person["birth"].to_numpy()).all()
    assert (events["date"].to_numpy() <= person["death"].to_numpy()).all()
    assert (people["sex"] == "1").mean() == pytest.approx(0.007, abs=0.002)
    assert people["nhs_number"].is_unique
    assert people["nhs_number"].str.startswith("999").all()
    assert all(map(nhs_number.is_valid, people["nhs_number"].head(500)))
    key = ["person", "provider", "pathway", "date"]
    assert not events.duplicated(key).any()
    started = people[people["presentation"] != DE_NOVO]["mbc"]
    assert (started < NEVER).any()


def test_some_people_cross_the_border(world: World) -> None:
    nation = np.array([provider.nation for provider in world.providers])
    nations = world.events.assign(nation=nation[world.events["provider"]])
    assert (nations.groupby("person")["nation"].nunique() > 1).sum() > 0


@pytest.mark.parametrize("scale", [0.002, 0.05])
def test_few_providers_still_differ(scale: float) -> None:
    world = simulate(dt.date(2024, 1, 1), dt.date(2024, 3, 31), scale=scale, seed=1)
    trusts = [provider for provider in world.providers if not provider.is_board]
    assert len({trust.alliance for trust in trusts}) >= 3
    assert len(world.providers) - len(trusts) >= 2


def test_a_closed_trust_hands_over_to_its_successor(real_size: World) -> None:
    codes = [provider.code for provider in real_size.providers]
    events = real_size.events
    yeovil = events[events["provider"] == codes.index("RA4")]["date"]
    assert len(yeovil) > 0
    assert yeovil.max() <= day_number(dt.date(2023, 3, 31))
    assert "RH5" in codes
