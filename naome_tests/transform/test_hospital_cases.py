"""The sixteen worked cases of hospital data (section 9), by number, on DuckDB and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import duckdb
import pytest

from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_tests.conftest import empty_database
from naome_tests.transform.hospital_rows import BROAD, Found, Hospital, Someone

D = date(2021, 5, 10)
RECURRENT: Found = ("recurrent", D)
DE_NOVO: Found = ("de_novo", date(2018, 3, 1))


def explained(person: Someone) -> None:
    """Another cancer before the admission, which comes back within a month."""
    person.episode(D, "C787", "C189")
    person.record(date(2021, 4, 20), "C189")
    person.episode(date(2021, 6, 5), "C787")


def case_1(person: Someone) -> None:
    person.episode(D, "C780", "C509")


def case_2(person: Someone) -> None:
    person.episode(D, "C795")


def case_3(person: Someone) -> None:
    person.episode(D, "C795")
    person.episode(date(2021, 9, 1), "C795")


def case_4(person: Someone) -> None:
    person.episode(D, "C795")
    person.episode(date(2022, 6, 1), "C795")


def case_5(person: Someone) -> None:
    person.episode(D, "C773", "C509")


def case_6(person: Someone) -> None:
    person.episode(D, "C779", "C509")
    person.course(date(2021, 6, 1), "C50")


def case_8(person: Someone) -> None:
    explained(person)
    person.death(date(2021, 12, 1))


def case_9(person: Someone) -> None:
    person.episode(date(2018, 4, 15), "C780", "C509")


def case_13(person: Someone) -> None:
    """The registry stage gives the start of the episode as the date that counts (ruling H9)."""
    person.episode(D, "C780", "C509", admission_date=None, episode_start=D)


def case_14(person: Someone) -> None:
    person.episode(date(2018, 2, 28), "C780", "C509")


def case_15(person: Someone) -> None:
    person.episode(date(2018, 1, 20), "C780", "C509")


def case_16(person: Someone) -> None:
    person.episode(D, "C792", "C509")


#: What is sent, the stage, and what registry_hospital and the broad method make of it. Cases 11 and
#: 12 are of the reader: an unfinished episode reaches no model, and codes come in normal form.
CASES: dict[str, tuple[Callable[[Someone], None], str | None, Found, Found]] = {
    "1": (case_1, "2", RECURRENT, RECURRENT),
    "2": (case_2, "2", None, RECURRENT),
    "3": (case_3, "2", RECURRENT, RECURRENT),
    "4": (case_4, "2", None, RECURRENT),
    "5": (case_5, "2", None, None),
    "6": (case_6, "2", ("recurrent", date(2021, 6, 1)), ("recurrent", date(2021, 6, 1))),
    "7": (explained, "2", None, RECURRENT),
    "8": (case_8, "2", RECURRENT, RECURRENT),
    "9": (case_9, "2", None, DE_NOVO),
    "10": (case_9, None, DE_NOVO, DE_NOVO),
    "13": (case_13, "2", RECURRENT, RECURRENT),
    "14, no stage": (case_14, None, DE_NOVO, DE_NOVO),
    "14, stage 2": (case_14, "2", None, DE_NOVO),
    "15": (case_15, "2", None, None),
    "16": (case_16, "2", None, None),
}


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def few(request: pytest.FixtureRequest) -> Iterator[Hospital]:
    """Every case as a person of its own."""
    if request.param == "duckdb":
        opened: object = DuckDBWarehouse(duckdb.connect(":memory:"))
    else:
        server = request.getfixturevalue("postgres_server")
        opened = open_warehouse(empty_database(server, "naome_worked_cases"))
    few = Hospital(opened)
    for name, (send, stage, _, _) in CASES.items():
        send(few.someone(name, stage=stage))
    few._build("mbc_event")
    yield few
    few.warehouse.close()


@pytest.mark.parametrize("name", CASES)
def test_a_worked_case(few: Hospital, name: str) -> None:
    _, _, hospital, broad = CASES[name]
    person = Someone(few, name)
    assert (person.found(), person.found(BROAD)) == (hospital, broad)
    assert person.found("registry") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1", [("evidence", "b")]),
        ("2", [("unconfirmed", None)]),
        ("3", [("evidence", "a"), ("unconfirmed", None)]),
        ("4", [("unconfirmed", None), ("unconfirmed", None)]),
        ("7", [("unattributed", None), ("unattributed", None)]),
        ("8", [("evidence", "af"), ("evidence", "f")]),
        ("9", [("early_stage", "b")]),
        ("10", [("evidence", "b")]),
        ("15", [("before_primary", "b")]),
        ("16", []),
    ],
)
def test_what_became_of_its_candidates(
    few: Hospital, name: str, expected: list[tuple[str, str | None]]
) -> None:
    assert Someone(few, name).statuses() == expected


def test_events_name_their_rule_source_and_confirmation(few: Hospital) -> None:
    columns = "evidence_date, evidence_rule, source, confirmed_by"
    where = {"method": "registry_hospital"}
    assert few.rows("mbc_event", columns, person_id="1", **where) == [(D, 6, "hes_apc", "b")]
    assert few.rows("mbc_event", columns, person_id="6", **where) == [
        (date(2021, 6, 1), 7, "rtds", None)
    ]
