"""Nobody finds a hidden count: not by subtraction, across tables, quarters or vintages."""

from __future__ import annotations

import dataclasses
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from naome_assets.disclosure.control import Controlled, control
from naome_assets.disclosure.suppression import Profile, load_profile, load_profiles
from naome_assets.publication.published import Publication
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.disclosure.attack import RATES as ALL_RATES
from naome_tests.disclosure.attack import Findings, attack_audit
from naome_tests.disclosure.attacker import LOCAL, Attacker, Cell, Rounding
from naome_tests.disclosure.full_world import QUARTILES, Audit
from naome_tests.disclosure.late_reader import LateReader, atoms_of
from naome_tests.disclosure.row_reader import hidden_counts, values_left
from naome_tests.disclosure.two_tables import attacker_of, sample, small_hidden, tables_of
from naome_tests.disclosure.world import (
    LISTED,
    PROVIDERS,
    WALES,
    cns_access,
    people,
    quarters,
)

HES = load_profile("nhs_england_hes")
#: ``NAOME_ATTACKS=50`` attacks more made-up audits than CI has time for.
SLOW = settings(
    max_examples=int(os.environ.get("NAOME_ATTACKS", "2")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    # Each step of shrinking is a hundred programmes.
    phases=[Phase.generate],
)
RATES = st.lists(st.sampled_from([0.3, 1.0, 2.0, 3.0, 5.0, 9.0, 20.0]), min_size=2, max_size=8).map(
    tuple
)


def assert_none_told(attacker: Attacker, cells: list[Cell], controlled: Controlled) -> None:
    found = attacker.intervals(cells, whole_numbers=True)
    told = [cell for cell, (least, most) in found.items() if most is not None and least >= most]
    assert controlled.unprotected == 0
    assert told == []


@SLOW
@given(seed=st.integers(0, 10**6), rates=RATES)
def test_no_small_count_is_reported(seed: int, rates: tuple[float, ...]) -> None:
    assert_none_told(*_attacked(seed, rates, HES, 10))


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        # Was told by rows that were not there, and by the crossed figures of Wales.
        *((name, 104) for name in sorted(load_profiles())),
        # Were told by what sums say together: of data quality twice (401 also by windows that
        # share months, once there was a third item), and of a rare series.
        ("under_5", 401),
        ("under_10", 403),
        # One person known by death certificate only, between two rounded numbers of their board.
        ("under_5", 504),
        # Was told by people living with MBC, held against new people (104 too).
        ("under_5", 501),
    ],
)
def test_no_table_tells_of_few_people(name: str, seed: int) -> None:
    """A few Welsh boards with few people in 13 quarters, and every table in two vintages.

    Every hidden small count of theirs must have a second value in a world that nothing published
    rules out.
    """
    findings = Findings()
    attack_audit(load_profile(name), seed, findings, nations=(WALES,))
    assert findings.attacked > 300
    assert findings.unprotected == 0
    assert findings.told == []


def test_late_records_tell_nothing() -> None:
    """A board that showed nobody has one record a quarter later, and Wales one more than before.

    What readers saw of the other boards cannot be that one: they may be hidden again.
    """
    profile, number = load_profile("under_5"), 13
    audit, late = _few_boards(501, number), Audit(502, (0.1,), number)
    true, atoms = [audit.tables()], [atoms_of(audit)]
    audit.add(late)
    true, atoms = [*true, audit.tables()], [*atoms, atoms_of(audit)]
    own = [{"data_quality": tables["data_quality"]} for tables in true]
    first = control(own[0], LISTED, profile)
    second = control(own[1], LISTED, profile, first.tables)
    assert second.unprotected == 0
    reader = LateReader([first.tables, second.tables], own, profile, PROVIDERS, number)
    attacked = told = 0
    for _, search in reader.kinds(atoms):
        search.run(range(5, 8))
        is_welsh = search.near[:, 5:].any(axis=1)
        attacked += int(is_welsh.sum())
        told += int((search.told() & is_welsh).sum())
    assert attacked > 100
    assert told == 0


def test_people_living_are_protected_from_late_records() -> None:
    """Thirteen of their counts were not, when what was shown before could not be hidden again."""
    profile = load_profile("under_10")
    audit = _few_boards(805, 13)
    first = control(audit.tables(), LISTED, profile)
    audit.add(Audit(806, (0.1,), 13))
    assert control(audit.tables(), LISTED, profile, first.tables).unprotected == 0


def _few_boards(seed: int, number: int) -> Audit:
    """The audit that the attack makes of a seed."""
    rates = np.random.default_rng(seed).choice(ALL_RATES, size=len(PROVIDERS))
    return Audit(seed, tuple(rates), number)


def test_the_only_board_of_a_nation_is_not_the_nation() -> None:
    """Nobody but 7A3 has people in Wales, whose figures are exact."""
    assert_none_told(
        *_attacked(0, (5.0, 3.0, 1.0, 1.0, 0.0, 0.0, 0.0), load_profile("under_10"), 12)
    )


def test_a_part_is_at_most_its_whole() -> None:
    """A board with 7 patients, all shown, has at most 7 recorded: the rest is another board's.

    Wales has 21 recorded: 4, 10 and 7 of 10, 10 and 7 patients. With 4 and 7 hidden a reader knows
    that they are 11 together, and that one is 7 at most; so the other is no 1, 2 or 3.
    """
    exact = dataclasses.replace(HES, small_to=4, round_to=1, candidates=2, withhold_above=1.0)
    patients = np.zeros((len(PROVIDERS), 2, 4), np.int64)
    patients[:5, :, 3] = 100
    patients[5:, 1, 3] = [10, 10, 7]
    recorded = patients.copy()
    recorded[5, 1, 3] = 4
    controlled = control({"cns_access": cns_access(patients, recorded, recorded)}, LISTED, exact)
    assert controlled.unprotected == 0
    published = controlled.tables["cns_access"]
    wales = published[published["geography_code"].isin(["7A1", "7A2", "7A3"])]
    everyone = wales[wales["presentation"] == "all"].set_index("geography_code")
    assert bool(everyone["recorded"].isna()["7A1"])
    most = everyone["patients"].where(everyone["recorded"].isna(), everyone["recorded"])
    # What the whole leaves when the others have as many recorded as they can have.
    assert 21 - most.drop("7A1").fillna(21).sum() < 4


def _attacked(
    seed: int, rates: tuple[float, ...], profile: Profile, size: int
) -> tuple[Attacker, list[Cell], Controlled]:
    tables = tables_of(seed, people(seed, 8, rates), 0.8, 0.7)
    controlled = control(tables, LISTED, profile)
    attacker = attacker_of(profile, 8, [dict(controlled.tables)])
    return attacker, sample(small_hidden(attacker, tables, profile), seed, size), controlled


@SLOW
@given(seed=st.integers(0, 10**6), rates=RATES)
def test_the_next_quarter_tells_nothing_of_the_one_before(
    seed: int, rates: tuple[float, ...]
) -> None:
    patients = people(seed, 9, rates)
    old, now = (cns_access(part, part, part) for part in (patients[:, :, :8], patients))
    first = control({"cns_access": old}, LISTED, HES)
    second = control({"cns_access": now}, LISTED, HES, first.tables)
    attacker = Attacker(PROVIDERS, quarters(9), Rounding(HES.small_to, HES.round_to))
    for controlled in (first, second):
        attacker.read("cns_access", controlled.tables["cns_access"], ["patients"])
    shown = {cell for cell, _, _ in attacker.known}
    hidden = small_hidden(attacker, {"cns_access": now}, HES)
    cells = {cell: value for cell, value in hidden.items() if cell not in shown}
    assert_none_told(attacker, sample(cells, seed, 10), second)


def test_the_attacker_finds_what_is_not_protected() -> None:
    """An attack that cannot succeed proves nothing: with primary hiding alone it does."""
    found = 0
    for seed in range(6):
        patients = people(seed, 5, (2.0, 3.0))
        table = cns_access(patients, patients, patients)
        local = table["geography_type"].isin(LOCAL)
        counts = table["patients"].where(table["complete"] | ~local).astype(float)
        small = local & table["patients"].between(1, 7)
        # Every other count as it is: a profile without rounding.
        table["patients"] = counts.mask(small)
        attacker = Attacker(PROVIDERS, quarters(5), Rounding(7, 1))
        attacker.read("cns_access", table[~local | table["complete"]], ["patients"])
        cells = dict.fromkeys((cell for cell in attacker.hidden if cell[4] == "rolling_12m"), 0)
        intervals = attacker.intervals(sample(cells, seed, 10), whole_numbers=True)
        found += sum(low == high for low, high in intervals.values())
    assert found > 5


def test_no_quartile_is_beside_a_hidden_count_that_it_tells(
    audited: DuckDBWarehouse, publication: Publication
) -> None:
    """A quartile up to day 31 bounds the count within 31 days, one after it too (ruling G4).

    The reader of one row alone has fewer values left with the quartiles than without them.
    """
    true = audited.query("select * from time_to_treatment")
    assert [*hidden_counts(publication.tables["time_to_treatment"], true, HES.small_to)] == []
    row = {
        "patients": 25,
        "treated": 25,
        "died_untreated": 0,
        "censored": 0,
        "eligible_31d": 25,
        "within_31d": np.nan,
        "eligible_62d": 25,
        "within_62d": 25,
        "lower_quartile_days": 28,
        "median_days": 35,
        "upper_quartile_days": 50,
    }
    rounding = Rounding(HES.small_to, HES.round_to)
    with_quartiles = values_left(row, "within_31d", rounding, is_followed=True)
    later = dict.fromkeys(QUARTILES, 40)
    silent = values_left(row | later, "within_31d", rounding, is_followed=True)
    assert with_quartiles == (6, 13)
    assert silent == (0, 6)


@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_published_again_is_published_the_same(name: str) -> None:
    profile = load_profile(name)
    tables = tables_of(3, people(3, 13, (1.0, 3.0, 8.0)), 0.8, 0.7)
    first = control(tables, LISTED, profile)
    again = control(tables, LISTED, profile, first.tables)
    for table, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[table])


@pytest.mark.parametrize("name", sorted(load_profiles()))
def test_places_show_no_small_and_no_exact_count(name: str) -> None:
    profile = load_profile(name)
    tables = tables_of(5, people(5, 13, (0.5, 3.0, 8.0, 20.0)), 0.8, 0.7)
    published = control(tables, LISTED, profile).tables["cns_access"]
    local = published[published["geography_type"].isin(LOCAL)]
    for column in ("patients", "recorded", "seen"):
        shown = local[column].dropna().astype(int)
        assert len(shown) > 20
        assert not shown.between(1, profile.small_to).any()
        assert (shown % profile.round_to == 0).all()
    assert local["patients"].isna().sum() > 20
    assert local.loc[local["patients"].isna(), "suppressed"].all()


def test_nations_are_unchanged() -> None:
    tables = tables_of(7, people(7, 13, (1.0, 4.0)), 0.8, 0.7)
    for name, frame in control(tables, LISTED, HES).tables.items():
        national = ["england_and_wales", "nation"]
        true = tables[name][tables[name]["geography_type"].isin(national)].reset_index(drop=True)
        own = frame[frame["geography_type"].isin(national)].reset_index(drop=True)
        pd.testing.assert_frame_equal(own[true.columns], true, check_dtype=False)
        assert not own["suppressed"].any()


def test_rows_without_people_look_like_others() -> None:
    """Nobody but 7A3 has people in Wales; rows of the other boards stand beside it, hidden."""
    tables = tables_of(0, people(0, 8, (5.0, 3.0, 1.0, 1.0, 0.0, 0.0, 0.0)), 0.8, 0.7)
    key = ["quarter", "period", "geography_type", "geography_code", "presentation"]
    for name, published in control(tables, LISTED, load_profile("under_10")).tables.items():
        local = published[published["geography_type"].isin(LOCAL)].reset_index(drop=True)
        people_of = tables[name].set_index(key).index
        is_of_nobody = ~local.set_index(key).index.isin(people_of)
        assert is_of_nobody.sum() >= 5
        base = "patients" if name == "cns_access" else "denominator"
        hidden = local[base].isna()
        assert hidden[is_of_nobody].all()
        columns = [column for column in local.columns if column not in key]
        given = local[columns].notna().apply(tuple, axis=1)
        assert set(given[is_of_nobody]) <= set(given[hidden & ~is_of_nobody])
        same = local.groupby(["quarter", "period", "presentation"])["target_pct"].nunique()
        assert (same == 1).all()
        pd.testing.assert_frame_equal(local, local.sort_values(key[:4], kind="stable"))


def test_case_mix_tells_no_more_than_the_tables_that_it_is_of() -> None:
    """No row of people who are withheld there."""
    audit = Audit(104, (5.0, 9.0, 1.0, 5.0, 1.0, 0.3, 0.3, 0.3), 13)
    published = control(audit.tables(), LISTED, load_profile("under_10")).tables
    providers = {
        name: frame[frame["geography_type"] == "provider"] for name, frame in published.items()
    }
    assert providers["cns_access"].empty
    fitted = providers["case_mix_value"]
    assert not fitted["indicator"].isin(["cns_access"]).any()


def test_adjusted_survival_of_places_stands_without_counts() -> None:
    """It counts people followed for a year, whom no other table counts."""
    audit = Audit(3, (20.0, 20.0, 20.0, 9.0, 20.0, 20.0, 9.0, 20.0), 13)
    survival = control(audit.tables(), LISTED, HES).tables["case_mix_value"]
    survival = survival[survival["indicator"] == "survival_1y"]
    assert (survival["adjusted_value"].dropna() % 1 == 0).sum() > 5
    assert (survival["adjusted_value"].dropna() % 1 == 0).all()
    assert survival[["people", "observed", "expected"]].isna().all(axis=None)


def test_rows_of_new_people_who_are_nobody_stand_too() -> None:
    """The first column of ``indicator`` is empty for new people: their rows go by the second."""
    audit = Audit(104, (5.0, 9.0, 1.0, 5.0, 1.0, 0.3, 0.3, 0.3), 13)
    true = audit.tables()["indicator"].query("indicator == 'incidence'")
    published = control(audit.tables(), LISTED, load_profile("under_10")).tables["indicator"]
    key = ["quarter", "period", "geography_code", "presentation"]
    boards = published[
        published["geography_code"].isin(["7A1", "7A2", "7A3"])
        & (published["indicator"] == "incidence")
        & (published["presentation"] == "all")
    ]
    assert boards["numerator"].isna().all()
    assert not boards.set_index(key).index.isin(true.set_index(key).index).all()


def test_a_quarter_is_not_told_by_two_windows_that_share_the_rest() -> None:
    """What 7A2 had in 2021-Q1 is the year that ends with it, less the year before, and 2020-Q1.

    Wales counts both exactly, so that the rounded years of two boards leave 13 and 18 alone, and
    the first quarter 7. Sum by sum the last quarter could be 0, 1 or 2.
    """
    audit = _few_boards(401, 13)
    quality = {"data_quality": audit.tables()["data_quality"].query("item == 'cns'")}
    controlled = control(quality, LISTED, load_profile("under_5"))
    rows = controlled.tables["data_quality"].query("geography_code == '7A2'")
    given = rows.set_index(["period", "quarter"])["given"]
    assert controlled.unprotected == 0
    assert pd.isna(given["quarter", "2021-Q1"])
    others = [("rolling_12m", "2021-Q1"), ("rolling_12m", "2020-Q4"), ("quarter", "2020-Q1")]
    assert any(pd.isna(given[other]) for other in others)
