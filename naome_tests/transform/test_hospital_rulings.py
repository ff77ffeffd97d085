"""Bounds of the rulings on hospital data (H14 to H28): a day inside each, and one outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import duckdb
import pytest

from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.engines import open_warehouse
from naome_tests.conftest import empty_database
from naome_tests.transform.hospital_rows import BROAD, HOSPITAL, PRIMARY, Found, Hospital, Someone

#: The admission of most cases.
D = date(2021, 5, 10)
RECURRENT: Found = ("recurrent", D)
Send = Callable[[Someone], None]
BREAST = ("C795", "C509")


def days(number: int, since: date = D) -> date:
    return since + timedelta(days=number)


def both(*sent: Send) -> Send:
    def send(person: Someone) -> None:
        for one in sent:
            one(person)

    return send


def admitted(*codes: str, on: date = D, **items: str | None) -> Send:
    return lambda person: person.episode(on, *(codes or ("C795",)), **items)


def again(number: int, **items: str) -> Send:
    return admitted(on=days(number), **items)


def treated(number: int, diagnosis: str | None = "C509", **items: bool) -> Send:
    return lambda person: person.course(days(number), diagnosis, **items)


def given(number: int, drug: str = "CAPECITABINE", intent: str = "02", cycle: int = 0) -> Send:
    """A cycle so many days after the regimen began."""
    return lambda person: person.sact(days(number), drug, intent, days(number + cycle))


def recurred(number: int, icd: str = "C509", pathway: str = "recurrence") -> Send:
    """Of local type: no evidence by itself."""
    return lambda person: person.record(days(number), icd, pathway, "01")


def waited(number: int, type_: str = "05", icd: str | None = "C509") -> Send:
    return lambda person: person.waiting(days(number), type_, icd)


def died(number: int, underlying: str = "C509", causes: str = "") -> Send:
    return lambda person: person.death(days(number), underlying, causes)


def other(on: date, icd: str = "C189") -> Send:
    return lambda person: person.record(on, icd)


SINCE = PRIMARY + timedelta(days=1)
#: What is sent beside a primary, its stage, and status and confirmations of each candidate by day.
CANDIDATES: dict[str, tuple[Send, str | None, list[tuple[str, str | None]]]] = {
    "H14 a code that is neither": (admitted("C789", "C509"), "2", []),
    "H15 one of two of a day is confirmed": (
        both(admitted("C780", "C509"), admitted()),
        "2",
        [("evidence", "b"), ("unconfirmed", None)],
    ),
    "H16 31 days before": (admitted(*BREAST, on=days(-31, PRIMARY)), None, [("evidence", "b")]),
    "H16 32 days before": (
        admitted(*BREAST, on=days(-32, PRIMARY)),
        None,
        [("before_primary", "b")],
    ),
    "H17 day 120": (admitted(*BREAST, on=days(120, PRIMARY)), "2", [("early_stage", "b")]),
    "H17 day 121": (admitted(*BREAST, on=days(121, PRIMARY)), "2", [("evidence", "b")]),
    "H17 stage 0": (admitted(*BREAST, on=PRIMARY), "0", [("early_stage", "b")]),
    "H17 stage IIIA": (admitted(*BREAST, on=PRIMARY), "IIIA", [("early_stage", "b")]),
    "H17 stage IV": (admitted(*BREAST, on=PRIMARY), "IV", [("evidence", "b")]),
    "H17 no stage": (admitted(*BREAST, on=PRIMARY), None, [("evidence", "b")]),
    "H17 stage 4 beside 2": (
        both(admitted(*BREAST, on=PRIMARY), lambda own: own.primary(stage="4", provider="R0A")),
        "2",
        [("evidence", "b")],
    ),
    "H19a 365 days": (
        both(admitted(), again(365)),
        "2",
        [("evidence", "a"), ("unconfirmed", None)],
    ),
    "H19a 366 days": (both(admitted(), again(366)), "2", [("unconfirmed", None)] * 2),
    "H19a the same day": (both(admitted(), again(0)), "2", [("unconfirmed", None)] * 2),
    "H19a the same spell": (
        both(admitted(spell="s"), again(9, spell="s")),
        "2",
        [("unconfirmed", None)] * 2,
    ),
    "H19a the next day elsewhere": (
        both(admitted(spell="s"), again(1, spell="t")),
        "2",
        [("evidence", "a"), ("unconfirmed", None)],
    ),
    "H19b history": (admitted("C795", "Z853"), "2", [("evidence", "b")]),
    "H19c 92 days before": (both(admitted(), treated(-92, None)), "2", [("evidence", "c")]),
    "H19c 93 days before": (both(admitted(), treated(-93, None)), "2", [("unconfirmed", None)]),
    "H19c 92 days after": (both(admitted(), treated(92)), "2", [("evidence", "c")]),
    "H19c 93 days after": (both(admitted(), treated(93)), "2", [("unconfirmed", None)]),
    "H19c not of a metastasis": (
        both(admitted(), treated(1, is_metastasis=False)),
        "2",
        [("unconfirmed", None)],
    ),
    "H19c of another cancer": (both(admitted(), treated(1, "C349")), "2", [("unconfirmed", None)]),
    "H19d 31 days before": (both(admitted(), given(-31)), "2", [("evidence", "d")]),
    "H19d 32 days before": (both(admitted(), given(-32)), "2", [("unconfirmed", None)]),
    "H19d 183 days after": (both(admitted(), given(183)), "2", [("evidence", "d")]),
    "H19d 184 days after": (both(admitted(), given(184)), "2", [("unconfirmed", None)]),
    "H20d supportive only": (
        both(admitted(), given(1, "ZOLEDRONIC ACID")),
        "2",
        [("unconfirmed", None)],
    ),
    "H20d curative": (both(admitted(), given(1, intent="01")), "2", [("unconfirmed", None)]),
    "H20d curative beside palliative": (
        both(admitted(), given(1), given(1, intent="C", cycle=21)),
        "2",
        [("unconfirmed", None)],
    ),
    "H20d not known beside palliative": (
        both(admitted(), given(1), given(1, intent="99", cycle=21)),
        "2",
        [("evidence", "d")],
    ),
    "H20d not known": (both(admitted(), given(1, intent="98")), "2", [("unconfirmed", None)]),
    "H19e 183 days before": (both(admitted(), recurred(-183)), "2", [("evidence", "e")]),
    "H19e 184 days before": (both(admitted(), recurred(-184)), "2", [("unconfirmed", None)]),
    "H19e 183 days after": (both(admitted(), recurred(183)), "2", [("evidence", "e")]),
    "H19e 184 days after": (both(admitted(), recurred(184)), "2", [("unconfirmed", None)]),
    "H20e a transformation": (
        both(admitted(), recurred(1, pathway="transformation")),
        "2",
        [("unconfirmed", None)],
    ),
    "H20e of D05": (both(admitted(), recurred(1, "D051")), "2", [("unconfirmed", None)]),
    "H23e a local recurrence treated": (
        both(admitted(), waited(1, "03")),
        "2",
        [("unconfirmed", None)],
    ),
    "H23e of another cancer": (
        both(admitted(), waited(1, "05", "C349")),
        "2",
        [("unconfirmed", None)],
    ),
    "H19f the same day": (both(admitted(), died(0, "I219", "C509")), "2", [("evidence", "f")]),
    "H19f 365 days": (both(admitted(), died(365, "I219", "J189;C509")), "2", [("evidence", "f")]),
    "H19f 366 days": (both(admitted(), died(366)), "2", [("unconfirmed", None)]),
    "H19f admitted after death": (both(admitted(), died(-1)), "2", [("unconfirmed", None)]),
    "H20f of something else": (
        both(admitted(), died(9, "I219", "D500")),
        "2",
        [("unconfirmed", None)],
    ),
    "H4 56 days after": (
        both(admitted(), again(9), other(days(56))),
        "2",
        [("unattributed", None)] * 2,
    ),
    "H4 57 days after": (
        both(admitted(), again(9), other(days(57, days(9)))),
        "2",
        [("evidence", "a"), ("unconfirmed", None)],
    ),
    "H32 a day after the primary": (
        both(admitted(), given(999), other(SINCE)),
        "2",
        [("unattributed", None)],
    ),
    "H32 on the primary": (
        both(admitted(), again(9), other(PRIMARY)),
        "2",
        [
            ("evidence", "a"),
            ("unconfirmed", None),
        ],
    ),
    "H32 skin": (both(admitted(), other(SINCE, "C449")), "2", [("unconfirmed", None)]),
    "H32 unknown primary": (both(admitted(), other(SINCE, "C809")), "2", [("unconfirmed", None)]),
    "H32 after C97": (both(admitted(), other(SINCE, "D471")), "2", [("unconfirmed", None)]),
    "H32 a recurrence of it": (
        both(admitted(), lambda own: own.record(SINCE, "C189", "recurrence")),
        "2",
        [("unconfirmed", None)],
    ),
    "H32 one episode": (both(admitted(), admitted("C189", on=SINCE)), "2", [("unconfirmed", None)]),
    "H32 two episodes": (
        both(admitted(), admitted("C189", on=SINCE), admitted("C187", on=days(-1))),
        "2",
        [("unattributed", None)],
    ),
    "H32 one of them with breast": (
        both(admitted(), admitted("C189", on=SINCE), admitted("C187", "C509", on=days(-1))),
        "2",
        [("unconfirmed", None)],
    ),
    "H32 English and Welsh of one day": (
        both(admitted(), admitted("C189", on=SINCE), admitted("C187", on=SINCE, source="pedw")),
        "2",
        [("unconfirmed", None)],
    ),
    "H4 unless b": (both(admitted(*BREAST), other(SINCE)), "2", [("evidence", "b")]),
    "H4 unless c with breast": (
        both(admitted(), treated(1), other(SINCE)),
        "2",
        [("evidence", "c")],
    ),
    "H4 not by c without": (
        both(admitted(), treated(1, None), other(SINCE)),
        "2",
        [("unattributed", "c")],
    ),
    "H4 unless d": (both(admitted(), given(1), other(SINCE)), "2", [("evidence", "d")]),
    "H32 a death of breast cancer, whenever": (
        both(admitted(), again(9), other(SINCE), died(900)),
        "2",
        [("evidence", "a"), ("unconfirmed", None)],
    ),
    "H32 a death with breast cancer beside": (
        both(admitted(), other(SINCE), died(9, "I219", "C509")),
        "2",
        [("unattributed", "f")],
    ),
    "H18 what is unattributed confirms no other": (
        both(admitted(), other(days(90)), again(99)),
        "2",
        [("unconfirmed", None), ("unattributed", None)],
    ),
    "H18 what is early confirms no other": (
        # The second primary makes the later admission early.
        both(
            admitted(),
            lambda own: own.primary(days(40), "1"),
            again(50),
        ),
        "2",
        [("unconfirmed", None), ("early_stage", None)],
    ),
}

#: What is sent beside a primary of stage 2, and what the two methods make of it.
EVIDENCE: dict[str, tuple[Send, Found, Found]] = {
    "H22 of breast": (treated(0), RECURRENT, RECURRENT),
    "H22 without diagnosis": (treated(0, None), RECURRENT, RECURRENT),
    "H22 of another cancer": (treated(0, "C349"), None, None),
    "H22 not of a metastasis": (treated(0, is_metastasis=False), None, None),
    "H22 56 days later another": (both(treated(0, None), other(days(56))), None, None),
    "H22 57 days later another": (both(treated(0, None), other(days(57))), RECURRENT, RECURRENT),
    "H22 another before the primary": (both(treated(0, None), other(date(2010, 1, 1))), None, None),
    "H22 another, but of breast": (both(treated(0), other(SINCE)), RECURRENT, RECURRENT),
    "H22 before the primary": (
        lambda own: own.course(days(-31, PRIMARY)),
        ("de_novo", PRIMARY),
        ("de_novo", PRIMARY),
    ),
    "H22 long before it": (lambda own: own.course(days(-32, PRIMARY)), None, None),
    "H23 type 05": (waited(0, "05", None), RECURRENT, RECURRENT),
    "H23 type 06": (waited(0, "06", "C787"), RECURRENT, RECURRENT),
    "H23 type 12": (waited(0, "12"), RECURRENT, RECURRENT),
    "H23 type 04": (waited(0, "04"), None, None),
    "H23 of another cancer": (waited(0, "05", "C349"), None, None),
    "H23 empty, and another cancer": (both(waited(0, "05", None), other(days(56))), None, None),
    "H23 empty, and another later": (
        both(waited(0, "05", None), other(days(57))),
        RECURRENT,
        RECURRENT,
    ),
    "H23 confirms all the same": (
        both(waited(100, "05", None), admitted(), other(days(57))),
        RECURRENT,
        RECURRENT,
    ),
    "H24 a metastasis among the causes": (died(0, "C509", "C787"), RECURRENT, None),
    "H24 C79.2 is one": (died(0, "C509", "I219;C792"), RECURRENT, None),
    "H24 nodes are none": (died(0, "C509", "C779"), None, None),
    "H24 of something else": (died(0, "I219", "C509;C787"), None, None),
    "H24 with other evidence": (both(died(9, "C509", "C787"), treated(0)), RECURRENT, RECURRENT),
    "H24 day 120": (
        lambda own: own.death(days(120, PRIMARY), "C509", "C787"),
        ("de_novo", days(120, PRIMARY)),
        None,
    ),
    "H24 day 121": (
        lambda own: own.death(days(121, PRIMARY), "C509", "C787"),
        ("recurrent", days(121, PRIMARY)),
        None,
    ),
    "H24 before the primary": (
        lambda own: own.death(days(-1, PRIMARY), "C509", "C787"),
        None,
        None,
    ),
    "H25 in spite of another cancer": (both(admitted(), other(SINCE)), None, RECURRENT),
    "H26 never later than the registry": (
        both(
            admitted(*BREAST, on=date(2020, 6, 1)),
            lambda own: own.primary(date(2020, 7, 20), None),
            lambda own: own.record(date(2020, 8, 1), "C509", "recurrence", "03"),
            lambda own: own.primary(date(2020, 9, 15), "4"),
        ),
        ("de_novo", date(2020, 7, 20)),
        ("de_novo", date(2020, 7, 20)),
    ),
    "A1 earlier than the registry": (
        both(admitted(*BREAST), lambda own: own.record(days(90), "C509", "recurrence", "03")),
        RECURRENT,
        RECURRENT,
    ),
    "H2 the first after day 120": (
        both(admitted(*BREAST, on=days(50, PRIMARY)), admitted(*BREAST)),
        RECURRENT,
        ("de_novo", PRIMARY),
    ),
}


#: Codes of a person known by hospital data alone, and the place they make (ruling H27).
PLACES: dict[str, tuple[Send, tuple[str, str, str]]] = {
    "three characters": (admitted(*BREAST, provider="R0A02"), ("England", "R0A", "R0A")),
    "an independent one whole": (
        admitted(*BREAST, provider="89997"),
        ("England", "89997", "89997"),
    ),
    "its successor": (admitted(*BREAST, provider="RW3"), ("England", "RW3", "R0A")),
    "none: that of the primary": (admitted(*BREAST, provider=None), ("England", "RTH", "RTH")),
    "a death: that of the primary": (died(0, "C509", "C787"), ("England", "RTH", "RTH")),
    "hospital before radiotherapy": (
        both(lambda own: own.course(D, provider="RJ1"), admitted(*BREAST, provider="R0A")),
        ("England", "R0A", "R0A"),
    ),
    "the first code of a day": (
        both(admitted(*BREAST, provider="RJ1"), admitted(*BREAST, provider="R0A")),
        ("England", "R0A", "R0A"),
    ),
    "as the registry has it": (
        both(
            admitted(*BREAST, provider="R0A"),
            lambda own: own.record(days(90), "C509", "recurrence", "03"),
        ),
        ("England", "RTH", "RTH"),
    ),
}


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def few(request: pytest.FixtureRequest) -> Iterator[Hospital]:
    """Every case as a person of its own; England alone has hospital data."""
    if request.param == "duckdb":
        opened: object = DuckDBWarehouse(duckdb.connect(":memory:"))
    else:
        server = request.getfixturevalue("postgres_server")
        opened = open_warehouse(empty_database(server, "naome_rulings"))
    few = Hospital(opened)
    for name, (send, stage, _) in CANDIDATES.items():
        send(few.someone(name, stage=stage))
    for cases in (EVIDENCE, PLACES):
        for name, (send, *_) in cases.items():
            send(few.someone(name))
    admitted(*BREAST)(few.someone("no primary", primary=False))
    admitted(*BREAST, provider="7A3")(few.someone("in Wales"))
    few.wales("Welsh")
    few._build("mbc_cohort")
    yield few
    few.warehouse.close()


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_candidate(few: Hospital, name: str) -> None:
    assert sorted(Someone(few, name).statuses(), key=str) == sorted(CANDIDATES[name][2], key=str)


@pytest.mark.parametrize("name", EVIDENCE)
def test_evidence_of_other_rules(few: Hospital, name: str) -> None:
    _, hospital, broad = EVIDENCE[name]
    assert (Someone(few, name).found(), Someone(few, name).found(BROAD)) == (hospital, broad)


@pytest.mark.parametrize("name", PLACES)
def test_the_place_of_a_person(few: Hospital, name: str) -> None:
    where = {"method": HOSPITAL, "person_id": name}
    columns = "nation, diagnosis_code, provider_code"
    assert few.rows("mbc_cohort", columns, **where) == [PLACES[name][1]]


def test_another_cancer_on_the_primary_is_flagged(few: Hospital) -> None:
    person = Someone(few, "H32 on the primary")
    assert person.statuses("is_prior_cancer") == [(True,), (True,)]


def test_without_a_primary_nothing_is_evidence(few: Hospital) -> None:
    person = Someone(few, "no primary")
    assert person.statuses("status") == [("no_primary_on_file",)]
    assert (person.found(), person.found(BROAD)) == (None, None)


def test_a_nation_without_hospital_data_has_the_registry_alone(few: Hospital) -> None:
    """Ruling H28, of people of its registry and of people whom English data place there."""
    assert Someone(few, "Welsh").found("registry") is not None
    assert Someone(few, "Welsh").found() is None
    assert Someone(few, "in Wales").statuses("status") == [("evidence",)]
    assert Someone(few, "in Wales").found() is None
