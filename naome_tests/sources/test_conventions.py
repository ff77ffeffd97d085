"""Each convention does what its words say: in Python, in SQL, and in what is counted."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naome_assets.sources.conventions import (
    CONVENTIONS,
    KINDS,
    SQL_KINDS,
    Kind,
    Tally,
    broken_by,
    comparable,
)
from naome_assets.sources.timestamps import read_timestamp
from naome_assets.sources.values import read_date

DATES: tuple[Kind, ...] = ("date", "compact_date")
TIMESTAMPS: tuple[Kind, ...] = ("timestamp", "compact_timestamp")
TYPED = st.text("aZ09 .-?X/+iII\tSTAGEstage", max_size=12)


def by_sql(sql: str, value: str) -> str | None:
    """Value of an SQL expression of the column ``value``."""
    query = f"select {sql} from (select $1 as value)"
    ((made,),) = duckdb.connect(":memory:").execute(query, [value]).fetchall()
    return None if made is None else str(made)


@pytest.mark.parametrize("name", list(CONVENTIONS))
def test_the_example_of_a_convention_holds(name: str) -> None:
    convention = CONVENTIONS[name]
    ways = 0
    if convention.step is not None:
        ways += 1
        assert convention.step(convention.typed) == convention.read
    if convention.sql:
        ways += 1
        assert (by_sql(convention.sql.format(value="value"), convention.typed) or "") == (
            convention.read
        )
    if not ways and name in KINDS["timestamp"]:
        moment = read_timestamp(convention.typed).value
        assert moment is not None
        assert moment.isoformat() == convention.read
        assert broken_by("timestamp", convention.typed)[-1] == name
    elif not ways:
        assert name in KINDS["date"]
        read = read_date(convention.typed).value
        assert (read.isoformat() if read else "") == convention.read
        assert broken_by("date", convention.typed)[-1] == name


BOTH = [name for name, rule in CONVENTIONS.items() if rule.step is not None and rule.sql]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(BOTH), TYPED)
def test_python_and_sql_of_a_convention_agree(name: str, typed: str) -> None:
    # Stored values have no blanks but the space: the reader drops those at the ends.
    value = " ".join(typed.split())
    convention = CONVENTIONS[name]
    assert convention.step is not None
    if value:
        assert convention.step(value) == by_sql(convention.sql.format(value="value"), value)


def test_every_kind_takes_known_conventions_and_every_convention_is_used() -> None:
    assert {name for names in KINDS.values() for name in names} == set(CONVENTIONS)
    assert all(names[0] == "end_blanks" for names in KINDS.values())
    for kind in SQL_KINDS:
        assert all(CONVENTIONS[name].sql for name in KINDS[kind][1:])
    for kind in set(KINDS) - set(SQL_KINDS) - set(DATES) - set(TIMESTAMPS) | {"icd"}:
        assert all(CONVENTIONS[name].step for name in KINDS[kind])


@pytest.mark.parametrize(
    ("kind", "sent", "read", "conventions"),
    [
        ("nhs_number", " 943 476-5919 ", "9434765919", {"end_blanks", "blanks", "hyphens"}),
        ("nhs_number", "9434765919", "9434765919", set()),
        ("nhs_number", "999 999 9999", "", {"blanks", "placeholder"}),
        ("local_identifier", "ab01 ", "AB01", {"end_blanks", "lower_case"}),
        # A record's Id has no case (ruling B3): compared, and not counted.
        ("record_identifier", "ab01", "AB01", set()),
        # Names have no standard way of writing: compared, and not counted.
        ("link_key", "O'Neill", "ONEILL", set()),
        ("pathway_type", "1", "01", {"leading_zero"}),
        ("date", "2024-01-31", None, set()),
        ("date", "2024-01-31T00:00:00", None, {"date_form"}),
        ("date", "2024-01-31Z", None, {"date_form"}),
        ("date", " 31/01/2024", None, {"end_blanks", "date_form"}),
        ("date", "20240131", None, {"date_form"}),
        ("date", "20240100", None, {"date_form", "unknown_day"}),
        ("date", "-4714-12-31", None, {"no_date"}),
        # What cannot be read is a fault, and is made nothing of.
        ("date", "31.01.2024", None, set()),
        ("compact_date", "20240131", None, set()),
        ("compact_date", "20240100", None, {"unknown_day"}),
        ("compact_date", "2024-01-31", None, {"date_form"}),
        # Several items stand in one column: only the reader can tell which was which.
        ("icd", " c50.4", "C504", {"end_blanks", "lower_case", "dots"}),
        (
            "name",
            "Trastuzumab  emtansine",
            "TRASTUZUMAB EMTANSINE",
            {"lower_case", "folded_blanks"},
        ),
        ("name", "NAB-PACLITAXEL", "NAB-PACLITAXEL", set()),
        # The models count these.
        ("code", "y 1", None, set()),
        ("code", " y 1", None, {"end_blanks"}),
    ],
)
def test_what_the_reader_makes_of_a_value_and_counts(
    kind: Kind, sent: str, read: str | None, conventions: set[str]
) -> None:
    tally = Tally()
    tally.add("X", kind, sent, sent.strip())
    assert list(tally.rows()) == [
        {"item": "X", "convention": name, "given": 1, "changed": 1} for name in sorted(conventions)
    ]
    if read is not None:
        assert comparable(kind, sent) == read
