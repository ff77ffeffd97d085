"""Counts of a few places in two quarters, for tests that follow a decision step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from naome_assets.contract.published_tables import STATED
from naome_assets.disclosure.places import Places
from naome_assets.disclosure.prevalence_counts import LivingDecisions, decide_living
from naome_assets.disclosure.slices import Component, Decisions
from naome_assets.disclosure.suppression import EXACT, OPEN, load_profile
from naome_assets.disclosure.windows import Windows

ENGLAND, WALES = "E92000001", "W92000004"
HES = load_profile("nhs_england_hes")
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
CNS = STATED[0]
MARGINS = ("sex", "age_band", "presentation", "years_since_mbc")


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
