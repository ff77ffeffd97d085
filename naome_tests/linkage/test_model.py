"""Whom linkage links: by rule on a few people, and how often it is right on many."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from scipy.stats import binom

from naome_assets.linkage.model import link, link_at_each
from naome_assets.linkage.rows import COLUMNS
from naome_assets.synthetic.linkage_truth import Figures, Truth, describe, measure, report
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
def described(world: World) -> tuple[pa.Table, Truth]:
    pytest.importorskip("splink")
    return describe(world, 3, 0.2)


def test_links_are_right(described: tuple[pa.Table, Truth]) -> None:
    strict, loose = 0.999, 0.5
    figures = {
        (one.threshold, one.kind): one for one in measure(*described, [loose, THRESHOLD, strict])
    }
    for kind in ("local_identifier", "probabilistic"):
        one = figures[THRESHOLD, kind]
        assert one.linkable >= 50, "too few to say anything"
        assert one.right >= 0.97 * one.linked
        assert one.right >= 0.8 * one.linkable
        assert one.wrong <= 0.02 * one.candidates
    # What a threshold buys: fewer links. Those by local identifier know none.
    by_probability = [figures[at, "probabilistic"].linked for at in (loose, THRESHOLD, strict)]
    assert by_probability == sorted(by_probability, reverse=True)
    assert by_probability[0] > by_probability[-1]
    assert len({figures[at, "local_identifier"].linked for at in (loose, THRESHOLD, strict)}) == 1
    for (at, kind), one in figures.items():
        if kind == "all":
            parts = [figures[at, part] for part in ("local_identifier", "probabilistic")]
            assert one.linked == sum(part.linked for part in parts)
            assert one.right == sum(part.right for part in parts)
            assert one.candidates == sum(part.candidates for part in parts)


def test_one_model_serves_every_threshold(described: tuple[pa.Table, Truth]) -> None:
    rows, _ = described
    at_each = link_at_each(rows, [0.5, THRESHOLD])
    assert at_each[THRESHOLD].links.equals(link(rows, THRESHOLD).links)


def test_a_wrong_link_is_counted_as_one_by_its_kind() -> None:
    """Of four linked by their local identifier one is another person and one is two people."""
    rows = [
        sent
        for number in range(4)
        for sent in (row(f"n{number}", f"l{number}"), row(None, f"l{number}"))
    ]
    sent = pa.Table.from_pylist([*rows, row(None, "l9"), row("n9", "other")], COLUMNS)
    truth = {f"l{number}": frozenset({f"n{number}"}) for number in (0, 1, 9)}
    truth |= {"l2": frozenset({"nobody's"}), "l3": frozenset({"n3", "n0"})}
    local, probabilistic, both = measure(sent, truth, [THRESHOLD])
    assert (local.candidates, local.linkable, local.linked, local.right) == (4, 2, 4, 2)
    assert (local.precision, local.recall, local.false_match_rate) == (0.5, 1, 0.5)
    assert (probabilistic.candidates, probabilistic.linkable, probabilistic.linked) == (1, 1, 0)
    assert (probabilistic.precision, probabilistic.recall) == (None, 0)
    assert probabilistic.wrong_share_upper_95 is None
    assert (both.linkable, both.linked, both.recall) == (3, 4, pytest.approx(2 / 3))
    assert report([local, probabilistic, both]).count("\n") == 4


@pytest.mark.parametrize("wrong", [0, 2])
def test_the_upper_limit_is_exact(wrong: int) -> None:
    """At the limit, so few wrong links or fewer have a chance of 5 %."""
    figures = Figures(THRESHOLD, "all", 5000, 1600, 1545, 1545 - wrong)
    limit = figures.wrong_share_upper_95
    assert limit is not None
    assert binom.cdf(wrong, 1545, limit) == pytest.approx(0.05)


def test_the_order_of_rows_is_of_no_consequence(
    described: tuple[pa.Table, Truth],
) -> None:
    rows, _ = described
    backwards = rows.take(list(range(rows.num_rows))[::-1])
    assert link(rows, THRESHOLD).links.equals(link(backwards, THRESHOLD).links)


def test_two_people_equally_good_link_nobody(
    described: tuple[pa.Table, Truth],
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
    described: tuple[pa.Table, Truth],
) -> None:
    weights = link(described[0], THRESHOLD).weights
    equal = {one["comparison"]: one["weight"] for one in weights if one["weight"] > 0}
    assert {"birth_date", "surname", "forename", "postcode"} <= set(equal)
