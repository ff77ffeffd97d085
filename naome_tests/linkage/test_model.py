"""Whom linkage links: by rule on a few people, and how often it is right on many."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from naome_assets.linkage.model import link
from naome_assets.linkage.rows import COLUMNS
from naome_assets.synthetic.linkage_truth import describe, measure
from naome_assets.synthetic.world import World, simulate

THRESHOLD = 0.99


def row(nhs: str | None, local: str | None, **values: Any) -> dict[str, Any]:
    """A description; without more, of a woman whose names nobody else has."""
    return {
        "nhs_person_id": nhs,
        "local_person_id": local,
        "birth_date": dt.date(1951, 2, 3),
        "sex": "2",
        "surname": "a",
        "forename": "b",
        "postcode": "c",
        "provider": "RAA",
        "event_date": dt.date(2023, 5, 6),
    } | values


def linked(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    links = link(pa.Table.from_pylist(list(rows), COLUMNS), THRESHOLD).links
    return [(one["person_id"], one["linked_person_id"], one["how"]) for one in links.to_pylist()]


def test_the_same_local_identifier_links() -> None:
    assert linked(row("n1", "l1"), row(None, "l1", surname="z")) == [
        ("l1", "n1", "local_identifier")
    ]


def test_a_local_identifier_with_two_numbers_links_nobody() -> None:
    assert linked(row("n1", "l1"), row("n2", "l1"), row(None, "l1")) == []


def test_people_with_numbers_are_never_linked() -> None:
    assert linked(row("n1", "l1"), row("n2", "l2")) == []


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(dt.date(2020, 1, 1), dt.date(2024, 12, 31), scale=0.02, seed=3, defects=False)


@pytest.fixture(scope="module")
def described(world: World) -> tuple[pa.Table, dict[str, str]]:
    pytest.importorskip("splink")
    return describe(world, 3, 0.1)


def test_links_are_right(described: tuple[pa.Table, dict[str, str]]) -> None:
    figures = measure(*described, THRESHOLD)
    assert figures.linkable >= 50, "too few to say anything"
    assert figures.precision >= 0.99
    assert figures.recall >= 0.8
    assert figures.false_match_rate <= 0.005


def test_the_order_of_rows_is_of_no_consequence(
    described: tuple[pa.Table, dict[str, str]],
) -> None:
    rows, _ = described
    backwards = rows.take(list(range(rows.num_rows))[::-1])
    assert link(rows, THRESHOLD).links.equals(link(backwards, THRESHOLD).links)


def test_two_people_equally_good_link_nobody(
    described: tuple[pa.Table, dict[str, str]],
) -> None:
    rows, truth = described
    links = link(rows, THRESHOLD).links.to_pylist()
    one = next(one for one in links if one["how"] == "probabilistic")
    twin = [
        sent | {"nhs_person_id": "twin"}
        for sent in rows.to_pylist()
        if sent["nhs_person_id"] == one["linked_person_id"]
    ]
    with_twin = pa.concat_tables([rows, pa.Table.from_pylist(twin, COLUMNS)])
    people = link(with_twin, THRESHOLD).links["person_id"].to_pylist()
    assert one["person_id"] in truth
    assert one["person_id"] not in people


def test_the_model_says_what_speaks_for_a_match(
    described: tuple[pa.Table, dict[str, str]],
) -> None:
    weights = link(described[0], THRESHOLD).weights
    equal = {one["comparison"]: one["weight"] for one in weights if one["weight"] > 0}
    assert {"birth_date", "surname", "forename", "postcode"} <= set(equal)
