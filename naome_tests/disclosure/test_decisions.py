"""How decisions are made and carried out, step by step on a few places."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from naome_assets.contract.published_tables import STATED, TABLE
from naome_assets.disclosure import caution, decide, sums
from naome_assets.disclosure.case_mix import publish_case_mix
from naome_assets.disclosure.derived import Method
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.prevalence import hidden_shares, hide_as_living, publish_prevalence
from naome_assets.disclosure.prevalence_counts import LivingDecisions, decide_living, is_margin
from naome_assets.disclosure.slices import Component, Decisions
from naome_assets.disclosure.stated_counts import StatedTable, presentation_of
from naome_assets.disclosure.suppression import EXACT, LATENT, OPEN, REST, load_profile
from naome_assets.disclosure.windowed import publish_windowed
from naome_assets.disclosure.windows import Windows

ENGLAND, WALES = "E92000001", "W92000004"
HES = load_profile("nhs_england_hes")
#: What the crude figures of the model are held against.
CRUDE = {("within_31d", "2023-Q2"): 60.0}
#: One alliance of two trusts, a trust of no alliance, and two boards.
PLACES = Places(
    codes=("E56", ENGLAND, WALES, "RA1", "RA2", "RX1", "7A1", "7A2"),
    types=("cancer_alliance", "nation", "nation", *("provider",) * 5),
    names=("Alliance", "England", "Wales", "A", "B", "X", "Board 1", "Board 2"),
    parents=(1, -1, -1, 0, 0, 1, 2, 2),
    has_rows=np.array([True] * 7 + [False]),
)
ALLIANCE, E, W, RA1, RA2, RX1, B1, B2 = range(8)
QUARTERS = ("2023-Q1", "2023-Q2")
#: Two quarters: [quarter, quarter, 12 months, 12 months, 36 months, 36 months].
WINDOWS = Windows(
    QUARTERS, np.array([True, True, False, True, False, False]), np.ones(6, bool)
)  # fmt: skip


def decisions_of(
    counts: Mapping[tuple[tuple[str, str, str], int], Sequence[Sequence[int]]],
) -> Decisions:
    """Decisions on counts by place and window, national ones exact and others open."""
    found = Decisions(PLACES, WINDOWS)
    for key, rows in counts.items():
        true = np.array(rows, np.int64)
        role = np.full(true.shape, OPEN, np.int8)
        role[[E, W]] = EXACT
        found.slices[key] = found.add(
            true, role, np.ones(true.shape, bool), np.zeros(len(true), bool)
        )
    return found


def component_of(
    true: Sequence[Sequence[Sequence[int]]], **links: Sequence[Sequence[int]]
) -> Component:
    counts = np.array(true, np.int64)
    role = np.full(counts.shape, OPEN, np.int8)
    role[:, [E, W]] = EXACT
    empty = {"parts": [], "of_presentations": [], "added": [], "splits": []}
    return Component(
        places=PLACES,
        windows=WINDOWS,
        numbers=range(len(counts)),
        true=counts,
        role=role,
        known=np.ones(counts.shape, bool),
        hidden=np.zeros(counts.shape, bool),
        shown=np.zeros(counts.shape, bool),
        seen=None,
        withheld=np.zeros(counts.shape[:2], bool),
        **(empty | links),
    )


def same(value: int, **others: int) -> list[list[int]]:
    """The same count in every window, by place."""
    number = {"E": E, "W": W, "ALLIANCE": ALLIANCE, "RA1": RA1, "RA2": RA2, "RX1": RX1, "B1": B1,
              "B2": B2}  # fmt: skip
    rows = [[value] * 6 for _ in PLACES.codes]
    for name, own in others.items():
        rows[number[name]] = [own] * 6
    return rows


def test_what_nobody_publishes_counts_as_never_shown() -> None:
    decisions = Decisions(PLACES, WINDOWS)
    true = np.array(same(9))
    role = np.full(true.shape, OPEN, np.int8)
    role[E] = EXACT
    withheld = np.array([False, True, False, True, False, False, False, False])
    assert decisions.add(true, role, role == OPEN, withheld) == 0
    assert decisions.add(true, role, role == OPEN, ~withheld) == 1
    assert (decisions.roles[0][RA1] == LATENT).all()
    assert (decisions.roles[0][E] == EXACT).all(), "what everybody knows stays known"
    assert (decisions.roles[0][RA2] == OPEN).all()
    for flags in (decisions.hidden[0], decisions.shown[0]):
        assert flags.shape == true.shape
        assert not flags.any()


def test_windows_of_places_are_open_when_complete_and_nations_are_exact() -> None:
    role = decide._role(PLACES, WINDOWS, has_quarters=True)
    assert (role[[E, W]] == EXACT).all()
    for place in (ALLIANCE, RA1, B1):
        assert role[place].tolist() == [OPEN, OPEN, LATENT, OPEN, LATENT, LATENT]
    assert decide._role(PLACES, WINDOWS, has_quarters=False)[RA1].tolist() == [
        *(LATENT, LATENT, LATENT, OPEN, LATENT, LATENT)
    ]
    silent = np.array([True, False] * 3)
    lacking = dataclasses.replace(WINDOWS, missing={WALES: silent})
    role = decide._role(PLACES, lacking, has_quarters=True)
    assert role[W].tolist() == [LATENT, EXACT] * 3
    assert role[B1].tolist() == [LATENT, OPEN, LATENT, OPEN, LATENT, LATENT]
    assert (role[E] == EXACT).all()


def test_a_series_is_withheld_of_a_type_of_places_when_too_many_are_small() -> None:
    role = np.full((8, 6), OPEN, np.int8)
    half = dataclasses.replace(HES, withhold_above=0.5)
    few = np.array(same(20, RA1=3, RA2=3, RX1=3))
    found = caution.withheld(few, role, PLACES, half)
    assert found.tolist() == [False] * 3 + [True] * 5
    few = np.array(same(20, RA1=3, RA2=3, B1=0, B2=0))  # 2 of 3 that are given
    assert caution.withheld(few, role, PLACES, half)[RA1]
    few = np.array(same(20, RA1=3, RA2=3, B2=0))  # 2 of 4: no more than half
    assert not caution.withheld(few, role, PLACES, half).any()
    few = np.array(same(3))  # alliances and providers
    assert caution.withheld(few, role, PLACES, half).tolist() == [True, *[False] * 2, *[True] * 5]
    few = np.array(same(20, ALLIANCE=7))
    assert caution.withheld(few, role, PLACES, half).tolist() == [True] + [False] * 7
    assert not caution.withheld(few * 0, role, PLACES, half).any()
    role[:, 3] = EXACT  # What is not open is not judged.
    few = np.array(same(20))
    few[RA1:, 3] = 1
    assert not caution.withheld(few, role, PLACES, dataclasses.replace(HES, withhold_above=0)).any()


def test_quarters_of_the_kin_of_a_small_place_are_hidden() -> None:
    component = component_of([same(20, RA1=3), same(20)])
    caution.hide_for_caution(component, HES)
    assert component.hidden[0, [RA1, RA2]].tolist() == [[True, True] + [False] * 4] * 2
    component.hidden[0, [RA1, RA2]] = False
    assert not component.hidden.any()
    # Half of the counts small is not mostly.
    rows = same(20)
    rows[RA1][0] = 3
    component = component_of([rows])
    caution.hide_for_caution(component, HES)
    assert not component.hidden.any()


def test_a_sum_with_a_rare_part_is_hidden_at_the_places_of_that_nation() -> None:
    """Incidence is patients and those known by certificate only, of whom Wales has few."""
    whole, patients, certificates = same(40), same(30), same(10, W=2)
    component = component_of([whole, patients, certificates], added=[[0, 1, 2]])
    caution.hide_for_caution(component, HES)
    is_hidden = component.hidden.all(axis=2)
    assert [*np.flatnonzero(is_hidden[0])] == [B1, B2]
    assert not component.hidden[1:].any()
    # Of more parts none tells the other.
    component = component_of([whole, patients, certificates, same(10)], added=[[0, 1, 2, 3]])
    caution.hide_for_caution(component, HES)
    assert not component.hidden.any()


def test_a_nation_is_judged_by_the_counts_that_it_publishes() -> None:
    """Half of its windows small is not mostly; what is not exact is not looked at."""
    rows_of_wales = same(30)
    rows_of_wales[W] = [3, 3, 3, 30, 30, 30]
    component = component_of([same(40), rows_of_wales, same(10)], added=[[0, 1, 2]])
    caution.hide_for_caution(component, HES)
    assert not component.hidden.any()
    rows_of_wales[W] = [3, 3, 3, 0, 0, 30]  # 3 of 4 that are given
    component = component_of([same(40), rows_of_wales, same(10)], added=[[0, 1, 2]])
    caution.hide_for_caution(component, HES)
    assert component.hidden[0, [B1, B2]].all()


def test_every_value_stays_possible_where_a_nation_has_few() -> None:
    component = component_of([same(30), same(30, W=2)])
    component.role[:, ALLIANCE:E, :2] = LATENT
    component.role[:, RA1:, :2] = LATENT
    found = caution.candidates(component, HES)
    assert (found[0] == HES.candidates).all()
    places = [W, B1, B2]
    assert (found[1, places] == HES.small_to + 1).all()
    assert (np.delete(found[1], places, axis=0) == HES.candidates).all()


def test_the_living_are_hidden_beside_hidden_new_people() -> None:
    new = ("indicator", "incidence", "numerator")
    decisions = decisions_of({(new, 0): same(20, RX1=0)})
    assert not caution.beside_hidden_new_people(decisions).any()
    decisions.hidden[0][RA1, 2:4] = True  # 2 of 4 windows of the two trusts
    assert not caution.beside_hidden_new_people(decisions).any()
    decisions.hidden[0][RA2, 3] = True
    beside = caution.beside_hidden_new_people(decisions)
    assert [*np.flatnonzero(beside)] == [RA1, RA2]
    decisions.hidden[0][:] = False
    decisions.hidden[0][[B1, B2], :2] = True  # Quarters are not looked at.
    assert not caution.beside_hidden_new_people(decisions).any()
    decisions.withheld[0][[B1, B2]] = True
    assert [*np.flatnonzero(caution.beside_hidden_new_people(decisions))] == [B1, B2]
    # Without incidence, the patients of the nurses' table are the new people.
    other = decisions_of({(("cns_access", "", "patients"), 0): same(20)})
    other.hidden[0][[B1, B2]] = True
    assert [*np.flatnonzero(caution.beside_hidden_new_people(other))] == [B1, B2]
    assert not caution.beside_hidden_new_people(decisions_of({})).any()


def rows(table: Sequence[tuple[object, ...]], *more: str) -> pd.DataFrame:
    columns = ["quarter", "period", "geography_code", "presentation", *more]
    frame = pd.DataFrame(table, columns=columns)
    types = dict(zip(PLACES.codes, PLACES.types, strict=True))
    names = dict(zip(PLACES.codes, PLACES.names, strict=True))
    code = frame["geography_code"]
    return frame.assign(
        geography_type=code.map(types).fillna("england_and_wales"),
        geography_name=code.map(names).fillna("England and Wales"),
        complete=True,
    )


CNS = STATED[0]


def test_counts_of_a_table_by_place_and_window() -> None:
    frame = rows(
        [
            ("2023-Q2", "rolling_12m", "RA1", "all", 12, 9, None),
            ("2023-Q2", "rolling_12m", "RA1", "recurrent", 8, 7, None),
            ("2023-Q1", "quarter", ENGLAND, "all", 50, 40, None),
            ("2023-Q1", "quarter", "K04000001", "all", 90, 80, None),
        ],
        "patients", "recorded", "seen",
    )  # fmt: skip
    arrays = StatedTable(CNS, frame).arrays(PLACES, WINDOWS)
    found = {(series, presentation): counts for series, presentation, counts in arrays}
    assert set(found) == {
        (("cns_access", "", name), number) for name in ("patients", "recorded") for number in (0, 2)
    }
    patients = found[("cns_access", "", "patients"), 0]
    assert patients[RA1].tolist() == [0, 0, 0, 12, 0, 0]
    assert patients[E].tolist() == [50, 0, 0, 0, 0, 0]
    assert patients.sum() == 62
    assert found[("cns_access", "", "recorded"), 2].sum() == 7
    assert presentation_of(frame).tolist() == [0, 2, 0, 0]
    assert presentation_of(frame[["quarter"]]).tolist() == [0] * 4


def test_kinds_are_those_that_places_have() -> None:
    spec = next(own for own in STATED if own.name == "indicator")
    frame = rows(
        [
            ("2023-Q2", "rolling_12m", "RA1", "all", "b", 1),
            ("2023-Q2", "rolling_12m", "RA1", "all", "a", 1),
            ("2023-Q2", "rolling_12m", ENGLAND, "all", "rate", 1),
            ("2023-Q2", "rolling_12m", "RA1", "all", "recurrent_share_of_living", 1),
        ],
        "indicator", "denominator",
    )  # fmt: skip
    assert [kind for kind, _ in StatedTable(spec, frame).kinds()] == ["a", "b"]


def test_parts_are_with_their_wholes() -> None:
    frame = rows([("2023-Q2", "rolling_12m", "RA1", "all", 1, 1, 1)], *CNS.counts)
    table = StatedTable(CNS, frame)
    slices = {
        (("cns_access", "", "patients"), 0): 0,
        (("cns_access", "", "recorded"), 0): 1,
        (("cns_access", "", "seen"), 0): 2,
        (("cns_access", "", "recorded"), 1): 3,
        (("other", "", "recorded"), 0): 4,
    }
    assert [*table.parts(slices)] == [
        (1, 0, ("cns_access", "", "patients less recorded"), 0),
        (2, 1, ("cns_access", "", "recorded less seen"), 0),
    ]
    # A part that is the whole everywhere has no rest.
    assert [*table.parts(slices | {(("cns_access", "", "seen"), 0): 1})] == [
        (1, 0, ("cns_access", "", "patients less recorded"), 0)
    ]


def test_presentations_and_parts_add_up() -> None:
    patients = ("cns_access", "", "patients")
    certificate = ("indicator", "death_certificate_only", "numerator")
    new = ("indicator", "incidence", "numerator")
    decisions = decisions_of(
        {
            (patients, 0): same(20),
            (patients, 1): same(8),
            (patients, 2): same(12),
            (certificate, 0): same(1),
            (new, 0): same(21),
            (new, 1): same(8),
        }
    )
    assert sums.presentation_sums(decisions) == [(0, 1, 2)]
    assert (4, 0, 3) in sums.added_sums(decisions)
    assert len(sums.added_sums(decisions)) == 2
    # Where all people are of one presentation the sum says nothing.
    decisions.slices[patients, 0] = decisions.slices[patients, 2]
    assert sums.presentation_sums(decisions) == []


def test_the_rest_of_a_whole_is_known_where_whole_and_part_are() -> None:
    whole, part = ("cns_access", "", "patients"), ("cns_access", "", "recorded")
    decisions = decisions_of({(whole, 0): same(20), (part, 0): same(15, RA1=20)})
    rest = ("cns_access", "", "patients less recorded")
    sums.add_rests(decisions, [(1, 0, rest, 0)])
    number = decisions.slices[rest, 0]
    assert decisions.splits == [(0, 1, number)]
    assert decisions.true[number].tolist() == same(5, RA1=0)
    assert (decisions.roles[number][[E, W]] == EXACT).all()
    assert (decisions.roles[number][[RA1, B1]] == REST).all()
    assert decisions.known[number].all()
    # A part that is larger than its whole is none, and tells nobody anything.
    decisions = decisions_of({(whole, 0): same(20), (part, 0): same(15, RA1=21)})
    sums.add_rests(decisions, [(1, 0, rest, 0)])
    assert decisions.splits == []


def test_different_people_among_others_leave_a_rest_together() -> None:
    whole = ("indicator", "survival_1y", "denominator")
    dead, followed = (("indicator", "survival_1y", name) for name in ("numerator", "at_risk"))
    decisions = decisions_of({(whole, 1): same(50), (dead, 1): same(9), (followed, 1): same(30)})
    sums.add_rests(decisions, [])
    ((*members, rest),) = decisions.splits
    assert members == [0, 1, 2]
    assert decisions.true[rest].tolist() == same(11)


def test_families_are_sums_at_each_time() -> None:
    cells = np.arange(16, dtype=np.int32).reshape(8, 2)
    found = sums.of_families(cells, PLACES.families(), 99).tolist()
    assert sorted(found) == sorted(
        [
            [cells[ALLIANCE, t], cells[RA1, t], cells[RA2, t]]
            for t in (0, 1)
        ]
        + [[cells[E, t], cells[ALLIANCE, t], cells[RX1, t]] for t in (0, 1)]
        + [[cells[W, t], cells[B1, t], cells[B2, t]] for t in (0, 1)]
    )  # fmt: skip


def test_a_place_without_a_row_is_known_to_have_nobody_where_others_of_its_type_have_one() -> None:
    told = decide._told_as_nobody(PLACES, np.array([RA1, RA1]), np.array([3, 1]), (8, 6))
    assert {tuple(at) for at in np.argwhere(told).tolist()} == {
        (place, window) for place in (RA2, RX1, B1, B2) for window in (1, 3)
    }


def test_decisions_look_back_at_what_each_presentation_showed() -> None:
    table = [
        ("2023-Q2", "rolling_12m", code, presentation, n, n, n)
        for code, counts in (("RA1", (60, 20)), ("RA2", (50, 22)), ("RX1", (40, 18)),
                             ("E56", (110, 42)), (ENGLAND, (150, 60)))
        for presentation, n in zip(("all", "de_novo"), counts, strict=True)
    ]  # fmt: skip
    frame = rows(table, *CNS.counts).assign(suppressed=False)
    before = frame.astype(dict.fromkeys(CNS.counts, "Int64"))
    was_hidden = (before["geography_code"] == "RA1") & (before["presentation"] == "de_novo")
    before.loc[was_hidden, [*CNS.counts]] = pd.NA
    before.loc[was_hidden, "suppressed"] = True
    decided = decide.decide({"cns_access": frame}, PLACES, WINDOWS, HES, {"cns_access": before})
    patients = ("cns_access", "", "patients")
    everyone, de_novo = (decided.slices[patients, n] for n in (0, 1))
    assert decided.hidden[de_novo][RA1, 3]
    assert not decided.hidden[everyone].any()
    assert decided.shown[everyone][[RA1, RA2, RX1], 3].all()
    assert decided.shown[de_novo][[RA2, RX1], 3].all()
    assert not decided.shown[de_novo][RA1, 3]
    # Boards had no row where other providers had one: nobody, as everybody knows.
    assert decided.shown[everyone][[B1, B2], 3].all()
    assert not decided.shown[everyone][:, :3].any()
    assert not decide.decide({"cns_access": frame}, PLACES, WINDOWS, HES).hidden[de_novo].any()
    # What is published now as 60 was not 60 before: nobody has seen the count of now.
    other = before.assign(patients=before["patients"] + 100)
    decided = decide.decide({"cns_access": frame}, PLACES, WINDOWS, HES, {"cns_access": other})
    few = decided.slices[patients, 0]
    assert decided.hidden[decided.slices[patients, 1]][RA1, 3]
    assert decided.true[few][RA1, 3] == 60


def test_a_part_of_nothing_is_known_with_its_whole() -> None:
    whole, part, deeper = same(20, B1=0, RA1=0), same(9, B1=0, RA1=0), same(4, B1=0, RA1=0)
    # From the last to the first: parts of parts follow whatever their order.
    component = component_of([whole, part, deeper], parts=[[2, 1], [1, 0]])
    component.shown[0, B1] = True
    decide._know_parts_of_nothing(component)
    assert (component.role[1:, B1] == EXACT).all()
    assert (component.role[0, B1] == OPEN).all()
    # Nobody has seen that RA1 has none.
    assert (component.role[:, RA1] == OPEN).all()
    assert (component.role[:, RA2] == OPEN).all()


def test_what_is_hidden_together() -> None:
    whole, part = same(20, B1=0), same(9, B1=0, RA1=0)
    component = component_of([whole, part], parts=[[1, 0]])
    cells = component.cells
    pairs = {tuple(pair) for pair in decide._hidden_together(component).T.tolist()}
    assert (cells[0, RA2, 0], cells[1, RA2, 0]) in pairs, "a part with its whole"
    assert (cells[1, RA2, 0], cells[0, RA2, 0]) not in pairs, "and not the other way"
    assert (cells[1, B1, 0], cells[0, B1, 0]) in pairs, "but for nothing of nothing"
    assert (cells[1, RA1, 0], cells[0, RA1, 0]) not in pairs
    assert not {cells[0, E, 0], cells[1, E, 0]} & {one for pair in pairs for one in pair}
    of_all = component_of([same(20), same(20, RA1=0), same(0, RA1=20)],
                          of_presentations=[[0, 1, 2]])  # fmt: skip
    cells = of_all.cells
    pairs = {tuple(pair) for pair in decide._hidden_together(of_all).T.tolist()}
    assert (cells[0, RA1, 3], cells[1, RA1, 3]) in pairs
    assert (cells[0, RA1, 3], cells[2, RA1, 3]) not in pairs
    assert (cells[0, RA2, 3], cells[2, RA2, 3]) in pairs
    assert len(pairs) == 6 * 6


MARGINS = ("sex", "age_band", "presentation", "years_since_mbc")


def living_rows(table: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    frame = rows(
        [
            (quarter, None, code, presentation, people)
            for quarter, code, presentation, people in table
        ],
        "people",
    )
    return frame.drop(columns=["period", "complete"]).assign(
        sex="all", age_band="all", years_since_mbc="all", notes="Data from 2023-01-01",
        index_date=frame["quarter"].map({"2023-Q1": "2023-03-31", "2023-Q2": "2023-06-30"}),
    )  # fmt: skip


def test_margins_give_one_dimension_at_most() -> None:
    frame = pd.DataFrame(
        [("all",) * 4, ("female", "all", "all", "all"), ("all", "80+", "all", "<1"),
         ("female", "80+", "de_novo", "<1"), ("all", "all", "all", "5+")],
        columns=list(MARGINS),
    )  # fmt: skip
    assert is_margin(frame).tolist() == [True, True, False, False, True]


def some_living() -> tuple[pd.DataFrame, LivingDecisions]:
    table = [
        (quarter, code, presentation, people)
        for quarter in QUARTERS
        for code, counts in (
            (WALES, (43, 30, 13)), ("7A1", (40, 30, 10)), ("7A2", (3, 0, 3)),
            (ENGLAND, (150, 90, 60)), ("E56", (100, 60, 40)), ("RX1", (50, 30, 20)),
            ("RA1", (60, 40, 20)), ("RA2", (40, 20, 20)),
        )
        for presentation, people in zip(("all", "recurrent", "de_novo"), counts, strict=True)
        if people
    ]  # fmt: skip
    frame = living_rows(table)
    return frame, decide_living(frame, decisions_of({}), HES)


def test_few_living_are_hidden_with_others_of_their_family() -> None:
    frame, living = some_living()
    assert living.categories[0] == ("all",) * 4
    assert living.quarters == QUARTERS
    assert living.unprotected == 0
    everyone, recurrent, de_novo = (
        living.categories.index(("all", "all", presentation, "all"))
        for presentation in ("all", "recurrent", "de_novo")
    )
    # 3 of 43 at one board: the other is hidden too, and what the 3 are with them.
    assert living.hidden[everyone, [B1, B2]].all()
    assert living.hidden[de_novo, [B1, B2]].all()
    assert living.hidden[recurrent, [B1, B2]].all()
    assert not living.hidden[:, [E, W, ALLIANCE, RA1, RA2, RX1]].any()
    published = publish_prevalence(frame, living, HES)
    wales = published[published["geography_code"].isin(["7A1", "7A2"])]
    assert len(wales) == 12, "nobody recurrent at a board stands too, hidden like the others"
    assert wales["people"].isna().all()
    assert wales["suppressed"].all()
    assert wales[["geography_name", "index_date", "notes"]].notna().all(axis=None)
    assert set(wales["index_date"]) == {"2023-03-31", "2023-06-30"}
    england = published[published["geography_code"] == "RA1"].set_index(["quarter", "presentation"])
    assert england["people"].to_dict() == {
        (quarter, name): count
        for quarter in QUARTERS
        for name, count in (("all", 60), ("recurrent", 40), ("de_novo", 20))
    }
    nations = published[published["geography_type"] == "nation"]
    assert nations["people"].sum() == 2 * (2 * 43 + 2 * 150)
    assert not nations["suppressed"].any()
    assert list(published) == [*frame, "suppressed"]


def test_what_was_hidden_or_shown_of_the_living_before_is_taken_in() -> None:
    """The board of 40 stood as 40: readers know it, and the few of the other with it."""
    frame, _ = some_living()
    code, presentation = frame["geography_code"], frame["presentation"]
    before = frame.assign(people=frame["people"].astype("Int64"), suppressed=False)
    before.loc[code.isin(["7A2"]), "people"] = pd.NA
    before.loc[(code == "RA1") & (presentation == "all"), "people"] = pd.NA
    living = decide_living(frame, decisions_of({}), HES, before)
    everyone = 0
    assert not living.hidden[everyone, B1].any(), "what everybody knows protects nobody"
    assert living.hidden[everyone, B2].all()
    assert living.hidden[everyone, RA1].all(), "what was hidden stays hidden"
    # Of another quarter alone it says nothing of this one.
    old = before[before["quarter"] == "2023-Q1"]
    living = decide_living(frame, decisions_of({}), HES, old)
    assert living.hidden[everyone, B1].tolist() == [False, True]
    # What is of no category any more, or of a nation, is not looked at.
    other = before.assign(sex="male", people=pd.array([pd.NA] * len(before), "Int64"))
    again = decide_living(frame, decisions_of({}), HES, other)
    assert (again.hidden == some_living()[1].hidden).all()
    # Nor are places that are no longer there, with nothing else in the publication before.
    again = decide_living(frame, decisions_of({}), HES, before.assign(geography_code="gone"))
    assert (again.hidden == some_living()[1].hidden).all()


def figures(**changes: Sequence[object]) -> pd.DataFrame:
    """Two indicators of three places and England in a window that is complete."""
    table = [
        ("2023-Q2", "rolling_12m", code, "all", indicator, numerator, denominator)
        for indicator, numerator, denominator in (("sact", 30, 60), ("mdt", 20, 40))
        for code in ("RA1", "RA2", "RX1", ENGLAND)
    ]
    frame = rows(table, "indicator", "numerator", "denominator").assign(
        at_risk=pd.array([pd.NA] * 8, "Int64"), unit="percent", value=50.0, lower_95=40.0,
        upper_95=60.0, target_pct=50.0, outlier="within",
        **{f"limit_{side}_{tail}": 1.0 for side in ("lower", "upper") for tail in ("95", "998")},
    )  # fmt: skip
    return frame.assign(**changes)


SPEC = next(own for own in STATED if own.name == "indicator")
METHOD = Method(10, 1e-9, 1.959963984540054, 3.090232306167813)


def counts_of_figures() -> Decisions:
    return decisions_of(
        {
            (("indicator", "sact", "denominator"), 0): same(60),
            (("indicator", "sact", "numerator"), 0): same(30),
            (("indicator", "mdt", "denominator"), 0): same(40),
            (("indicator", "mdt", "numerator"), 0): same(20),
        }
    )


def publish(
    frame: pd.DataFrame, decisions: Decisions, living: LivingDecisions | None = None
) -> pd.DataFrame:
    published = publish_windowed(frame, SPEC, decisions, living, HES, METHOD)
    return published.set_index(["indicator", "geography_code"])


def test_each_indicator_is_hidden_by_its_own_decisions() -> None:
    decisions = counts_of_figures()
    decisions.hidden[1][RA1, 3] = True
    decisions.hidden[2][[RA2, B1], 3] = True
    decisions.hidden[3][[RA2, B1], 3] = True
    published = publish(figures(), decisions)
    hidden = published["numerator"].isna()
    assert set(hidden[hidden].index) == {("sact", "RA1"), ("mdt", "RA2"), ("mdt", "7A1")}
    gone = published["denominator"].isna()
    assert set(gone[gone].index) == {("mdt", "RA2"), ("mdt", "7A1")}
    assert (published["suppressed"] == hidden).all()
    assert published.loc[("sact", "RA2"), "value"] == 50
    # The board has nobody: its row stands because it is hidden, and looks like the other.
    board, other = published.loc[("mdt", "7A1")], published.loc[("mdt", "RA2")]
    assert (board["geography_name"], board["geography_type"]) == ("Board 1", "provider")
    assert (board["quarter"], board["period"]) == ("2023-Q2", "rolling_12m")
    given = [name for name in published if name not in ("geography_name",)]
    assert board[given].isna().tolist() == other[given].isna().tolist()
    assert (board["unit"], board["target_pct"]) == ("percent", 50)
    assert len(published) == 9


def test_what_is_withheld_has_no_rows() -> None:
    decisions = counts_of_figures()
    decisions.withheld[0][RA1] = True
    decisions.withheld[3][RX1] = True
    published = publish(figures(), decisions)
    assert ("sact", "RA1") not in published.index
    assert ("mdt", "RA1") in published.index
    # A part alone that is withheld is hidden; its row stands.
    assert pd.isna(published.loc[("mdt", "RX1"), "numerator"])
    assert published.loc[("mdt", "RX1"), "denominator"] == 40
    assert len(published) == 7


def test_the_share_of_the_living_is_published_by_the_decisions_of_the_living() -> None:
    _, living = some_living()
    frame = figures(indicator=["recurrent_share_of_living"] * 4 + ["mdt"] * 4)
    living.hidden[0, RA1, 1] = True
    published = publish(frame, counts_of_figures(), living)
    name = "recurrent_share_of_living"
    assert published.loc[[(name, "RA1")], ["numerator", "denominator"]].isna().all(axis=None)
    assert published.loc[(name, "RA2"), "denominator"] == 60
    # The boards, hidden among the living, have rows that say so.
    assert published.loc[(name, "7A1"), "suppressed"]
    assert ("mdt", "7A1") not in published.index
    assert not publish(frame, counts_of_figures()).loc[(name, "RA1"), "suppressed"]


def test_windows_that_begin_before_the_data_are_published_of_nations_alone() -> None:
    frame = figures(complete=[True, False] * 4)
    published = publish(frame, counts_of_figures())
    assert {code for _, code in published.index} == {"RA1", "RX1", ENGLAND}


def test_crossed_rows_leave_of_nations_alone() -> None:
    frame, living = some_living()
    crossed = frame[frame["presentation"] != "all"].assign(sex="female")
    published = publish_prevalence(pd.concat([frame, crossed]), living, HES)
    crossed = published[(published["sex"] == "female") & (published["presentation"] != "all")]
    assert set(crossed["geography_type"]) == {"nation"}
    assert len(crossed) == 8


def test_the_share_of_the_living_takes_the_decisions_of_the_living() -> None:
    _, living = some_living()
    name = "recurrent_share_of_living"
    frame = rows(
        [("2023-Q2", "rolling_12m", code, "all", indicator, n, 40)
         for code in ("7A1", "RA1", "RX1") for indicator, n in ((name, 30), ("mdt", 12))],
        "indicator", "numerator", "denominator",
    )  # fmt: skip
    hidden = {column: np.zeros(6, bool) for column in ("numerator", "denominator")}
    hide_as_living(frame, hidden, living)
    for flags in hidden.values():
        assert flags.tolist() == [True, False, False, False, False, False]
    living.hidden[:] = False
    recurrent = living.categories.index(("all", "all", "recurrent", "all"))
    living.hidden[recurrent, RA1, 1] = True
    living.hidden[0, RX1, 1] = True
    hidden = {column: np.zeros(6, bool) for column in ("numerator", "denominator")}
    hide_as_living(frame, hidden, living)
    assert hidden["numerator"].tolist() == [False, False, True, False, True, False]
    assert hidden["denominator"].tolist() == [False, False, False, False, True, False]
    wanted = hidden_shares(living, frame, decisions_of({}))
    assert wanted == [(name, 0, RX1, 3)]


def fits(**changes: object) -> pd.DataFrame:
    """A model of 31 days: overall 60 %, at three trusts of the alliance and none of Wales."""
    table = [
        ("2023-Q2", "rolling_12m", "RA1", "all", "within_31d", 100, 54, 50.0, 64.8),
        ("2023-Q2", "rolling_12m", "RX1", "all", "within_31d", 40, 20, 25.0, 48.0),
        ("2023-Q2", "rolling_12m", ENGLAND, "all", "within_31d", 200, 120, 120.0, 60.0),
    ]
    frame = rows(table, "indicator", "people", "observed", "expected", "adjusted_value")
    return frame.drop(columns="complete").assign(**changes)


COMPARING = [own.name for own in TABLE["case_mix_value"].added]
PEOPLE, OBSERVED = (("time_to_treatment", "any", f"{name}_31d") for name in ("eligible", "within"))


def decided_fits() -> Decisions:
    return decisions_of(
        {(PEOPLE, 0): same(40, RA1=100, RA2=0), (OBSERVED, 0): same(20, RA1=54, RA2=0)}
    )


def test_adjusted_values_are_worked_out_from_published_counts() -> None:
    published = publish_case_mix(fits(), decided_fits(), HES, METHOD, CRUDE).set_index(
        "geography_code"
    )
    assert published.loc[ENGLAND, "adjusted_value"] == 60
    ra1 = published.loc["RA1"]
    assert (ra1["people"], ra1["observed"]) == (100, 55)
    # Each of 100 is expected with 0.5; 55 of 50, times 60 %.
    assert ra1["expected"] == pytest.approx(50)
    assert ra1["adjusted_value"] == pytest.approx(66)
    rx1 = published.loc["RX1"]
    assert (rx1["people"], rx1["observed"]) == (40, 20)
    assert rx1["expected"] == pytest.approx(25)
    assert rx1["adjusted_value"] == pytest.approx(48)
    assert not published["suppressed"].any()
    # A place that is expected to have half of its people is held against limits around 50 %,
    # which are of 60 % once its figure is adjusted.
    assert ra1["limit_lower_95"] == pytest.approx(48.46, abs=5e-3)
    assert ra1["limit_upper_95"] == pytest.approx(71.54, abs=5e-3)
    # Of 98 to 102 people 53 to 57 were observed.
    assert ra1["lower_95"] == pytest.approx(50.85, abs=5e-3)
    assert ra1["upper_95"] == pytest.approx(80.93, abs=5e-3)
    assert ra1["outlier"] == "within"
    # A low alert by both targets, 60 % and 62.5 %, would tell that 18 were observed, of 41 or 42.
    assert rx1["outlier"] is None
    # A mean share has three digits.
    third = publish_case_mix(fits(expected=[33.3333, 20, 120]), decided_fits(), HES, METHOD, CRUDE)
    assert third.set_index("geography_code").loc["RA1", "expected"] == pytest.approx(33.3)


def test_a_model_is_hidden_where_its_counts_are() -> None:
    decisions = decided_fits()
    decisions.hidden[1][RX1, 3] = True
    published = publish_case_mix(fits(), decisions, HES, METHOD, CRUDE).set_index("geography_code")
    assert published["suppressed"].to_dict() == {ENGLAND: False, "RA1": False, "RX1": True}
    rx1 = published.loc["RX1"]
    assert rx1["people"] == 40
    assert rx1[["observed", "expected", "adjusted_value", *COMPARING]].isna().all()
    decisions.hidden[0][RX1, 3] = True
    rx1 = (
        publish_case_mix(fits(), decisions, HES, METHOD, CRUDE)
        .set_index("geography_code")
        .loc["RX1"]
    )
    assert rx1[["people", "observed", "expected", "adjusted_value"]].isna().all()


def test_rows_without_people_are_where_the_people_of_a_model_are_hidden() -> None:
    decisions = decided_fits()
    decisions.hidden[0][[RA2, RX1], 3] = True
    decisions.hidden[0][ALLIANCE, 3] = True  # Nobody fits the model to alliances here.
    published = publish_case_mix(fits(), decisions, HES, METHOD, CRUDE).set_index("geography_code")
    assert list(published.index) == [ENGLAND, "RA1", "RA2", "RX1"]
    ra2, rx1 = published.loc["RA2"], published.loc["RX1"]
    assert (ra2["geography_name"], ra2["quarter"]) == ("B", "2023-Q2")
    columns = ["people", "observed", "expected", "adjusted_value", "suppressed"]
    assert ra2[columns].isna().tolist() == rx1[columns].isna().tolist()


def test_no_row_of_people_who_are_withheld() -> None:
    decisions = decided_fits()
    decisions.withheld[0][RX1] = True
    published = publish_case_mix(fits(), decisions, HES, METHOD, CRUDE)
    assert set(published["geography_code"]) == {ENGLAND, "RA1"}


def test_small_counts_of_a_model_that_no_table_decides_are_hidden() -> None:
    frame = fits(indicator="mdt_discussed", people=[100, 6, 200], observed=[5, 3, 120])
    published = publish_case_mix(frame, decisions_of({}), HES, METHOD, CRUDE).set_index(
        "geography_code"
    )
    assert published["observed"].isna().to_dict() == {ENGLAND: False, "RA1": True, "RX1": True}
    assert published["people"].isna().to_dict() == {ENGLAND: False, "RA1": False, "RX1": True}


def test_adjusted_survival_is_in_whole_percents_and_without_counts() -> None:
    published = publish_case_mix(
        fits(indicator="survival_1y"), decisions_of({}), HES, METHOD, CRUDE
    )
    ra1 = published.set_index("geography_code").loc["RA1"]
    assert ra1["adjusted_value"] == 66
    assert ra1[["people", "observed", "expected", *COMPARING]].isna().all()


def test_models_of_windows_that_places_do_not_publish_are_left_out() -> None:
    frame = fits(quarter=["2023-Q1", "2023-Q2", "2023-Q1"])  # 12 months that are not complete
    published = publish_case_mix(frame, decided_fits(), HES, METHOD, CRUDE)
    assert set(published["geography_code"]) == {ENGLAND, "RX1"}
