"""The worked cases of section 9 by number, and the bounds of the rulings, worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from naome_assets.quarters import Quarter

from ..submissions import (
    NHS_NUMBERS,
    Administration,
    Death,
    Event,
    cosd_v9,
    cosd_v10,
    deaths,
    primary,
    progression,
    recurrence,
    sact,
    transformation,
    wales_tumour,
)
from . import Methods, compute
from .read import icd, period_of, strength
from .strategies import World as Drawn
from .strategies import hospital_worlds
from .submissions import (
    Row,
    cwt,
    hes,
    link,
    pedw_wide,
    rtds_episode,
    rtds_prescription,
    sheet,
)

ANN, BEA, CAT = NHS_NUMBERS[:3]
FIRST, LAST = Quarter(2024, 1), Quarter(2024, 1)
P = "2018-03-01"
BONE = [("03", "02")]
H = "2021-05-10"
#: Presentation and MBC date, and nothing where the method does not find the person.
Found = tuple[str, str] | None


class World:
    """A landing folder to which rows are added, and what the oracle makes of it."""

    def __init__(self, landing: Path) -> None:
        self.landing = landing
        self.first = FIRST
        self.episodes: list[Row] = []

    def diagnosed(self, *records: Event | str, **items: Any) -> None:
        """ANN's primary of stage 2 and other records, in one COSD file."""
        first = primary(ANN, date=items.pop("date", P), **{"stage": "2", **items})
        cosd_v9(self.landing, "RHU", "2024-01", first, *records)

    def admitted(self, day: str | None, *codes: str, **more: Any) -> None:
        self.episodes.append(hes(more.pop("who", ANN), day, *codes, **more))

    def file(self, path: str, *rows: Row, **how: Any) -> None:
        sheet(self.landing, path, rows, **how)

    def irradiated(self, day: str, icd: str = "C509", *, course: str = "1") -> None:
        folder = "england/rtds/2024-01"
        self.file(f"{folder}/rtds_combined_{course}.csv", {
            **rtds_episode("R1", course, day, icd), **rtds_prescription("R1", course),
        })  # fmt: skip
        self.file("england/keys/2024-01-31/rtds.csv", link("rtds", "R1", ANN))

    def methods(self, **how: Any) -> Methods:
        if self.episodes:
            self.file("england/hes_apc/2023-2024/hes.csv", *self.episodes)
            self.episodes = []
        # The nation has to have hospital data that are linked to somebody (H28).
        self.file("england/hes_apc/2024-01/other.csv", hes(CAT, "2024-01-02", "C189", FYEAR="1011"))
        return compute(self.landing, self.first, LAST, **how)

    def found(self, **how: Any) -> tuple[Found, Found]:
        """By registry_hospital and by the broad method."""
        rows = {row["method"]: row for row in self.methods(**how).mbc_cohort}
        return tuple(
            (rows[method]["presentation"], rows[method]["mbc_date"].isoformat())
            if method in rows
            else None
            for method in ("registry_hospital", "registry_hospital_broad")
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def days(day: str, more: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=more)).isoformat()


RECURRENT = ("recurrent", H)


def lung(kind: str, day: str, nhs: str = ANN, record: str = "LungRecord") -> str:
    """A primary of another tumour group, as v9 sends it."""
    return (
        f'<{record}><LinkagePatientId><NhsNumber extension="{nhs}"/>'
        '<OrganisationIdentifierCodeOfProvider extension="RHU"/></LinkagePatientId>'
        f'<PrimaryPathway><LinkageDiagnosticDetails><PrimaryDiagnosisIcd code="{kind}"/>'
        f"<DateOfPrimaryDiagnosisClinicallyAgreed>{day}</DateOfPrimaryDiagnosisClinicallyAgreed>"
        f"</LinkageDiagnosticDetails></PrimaryPathway></{record}>"
    )


# The worked cases


def case_1(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C780", "C509")


def case_2(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C795")


def case_3(world: World) -> None:
    case_2(world)
    world.admitted("2021-09-01", "C795")


def case_4(world: World) -> None:
    case_2(world)
    world.admitted("2022-06-01", "C795")


def case_5(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C773", "C509")


def case_6(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C779", "C509")
    world.irradiated("2021-06-01")


def case_7(world: World) -> None:
    world.diagnosed(lung("C18.9", "2021-04-20", record="ColorectalRecord"))
    world.admitted(H, "C787", "C189")
    world.admitted("2021-06-09", "C787", "C189")


def case_8(world: World) -> None:
    case_7(world)
    deaths(world.landing, "2024-01", Death(ANN, "2021-12-01"))


def case_9(world: World) -> None:
    world.diagnosed()
    world.admitted("2018-04-15", "C780", "C509")


def case_10(world: World) -> None:
    world.diagnosed(stage=None)
    world.admitted("2018-04-15", "C780", "C509")


def case_11(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C780", "C509", EPISTAT="1")


def case_13(world: World) -> None:
    world.diagnosed()
    world.admitted("1801-01-01", "C780", "C509", EPISTART=H)


def case_14(world: World) -> None:
    world.diagnosed(stage=None)
    world.admitted("2018-02-28", "C780", "C509")


def case_14_stage_2(world: World) -> None:
    world.diagnosed()
    world.admitted("2018-02-28", "C780", "C509")


def case_15(world: World) -> None:
    world.diagnosed()
    world.admitted("2018-01-20", "C780", "C509")


def case_16(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C792", "C509")


DE_NOVO = ("de_novo", P)


@pytest.mark.parametrize(
    ("case", "by_hospital", "broad"),
    [
        (case_1, RECURRENT, RECURRENT),
        (case_2, None, RECURRENT),
        (case_3, RECURRENT, RECURRENT),
        (case_4, None, RECURRENT),
        (case_5, None, None),
        (case_6, ("recurrent", "2021-06-01"), ("recurrent", "2021-06-01")),
        (case_7, None, RECURRENT),
        (case_8, RECURRENT, RECURRENT),
        (case_9, None, DE_NOVO),
        (case_10, DE_NOVO, DE_NOVO),
        (case_11, None, None),
        (case_13, RECURRENT, RECURRENT),
        (case_14, DE_NOVO, DE_NOVO),
        (case_14_stage_2, None, DE_NOVO),
        (case_15, None, None),
        (case_16, None, None),
    ],
)
def test_worked_case(
    world: World, case: Callable[[World], None], by_hospital: Found, broad: Found
) -> None:
    case(world)
    assert world.found() == (by_hospital, broad)


def test_worked_case_12() -> None:
    assert [icd(text) for text in ("C795D", "c79.5", "C795 ")] == ["C795"] * 3


@pytest.mark.parametrize(
    ("case", "statuses"),
    [
        (case_1, {H: ("confirmed", "b")}),
        (case_3, {H: ("confirmed", "a"), "2021-09-01": ("unconfirmed", "")}),
        (case_4, {H: ("unconfirmed", ""), "2022-06-01": ("unconfirmed", "")}),
        (case_7, {H: ("unattributed", ""), "2021-06-09": ("unattributed", "")}),
        (case_8, {H: ("confirmed", "af"), "2021-06-09": ("confirmed", "f")}),
        (case_9, {"2018-04-15": ("early_stage", "")}),
        (case_15, {"2018-01-20": ("before_primary", "")}),
    ],
)
def test_worked_case_says_why(
    world: World, case: Callable[[World], None], statuses: dict[str, tuple[str, str]]
) -> None:
    case(world)
    assert {
        row["day"].isoformat(): (row["status"], row["confirmed_by"])
        for row in world.methods().candidate
    } == statuses


# Codes


@pytest.mark.parametrize(
    ("text", "read", "kind"),
    [
        ("C79A", "", None),
        ("C79X", "C79", "strong"),
        ("C79-", "C79", "strong"),
        ("c 77", "C77", "weak"),
        ("C78.9", "C789", None),
        ("C788", "C788", "strong"),
        ("C776", "C776", None),
        ("C772", "C772", "strong"),
        ("C773", "C773", None),
        ("C792", "C792", "weak"),
        ("7999", "", None),
        ("-", "", None),
        ("R69X6", "", None),
    ],
)
def test_h14_codes(text: str, read: str, kind: str | None) -> None:
    assert (icd(text), strength(read)) == (read, kind)


def test_h14_weak_codes_do_not_confirm(world: World) -> None:
    case_2(world)
    world.admitted("2021-09-01", "C792")
    assert world.found()[0] is None


# Windows


@pytest.mark.parametrize(
    ("more", "is_confirmed"), [(0, False), (1, True), (365, True), (366, False)]
)
def test_h19_a(world: World, more: int, is_confirmed: bool) -> None:
    case_2(world)
    world.admitted(days(H, more), "C787", provider="R0A")
    assert world.found() == (RECURRENT if is_confirmed else None, RECURRENT)


def test_h15_another_episode_of_the_spell_does_not_confirm(world: World) -> None:
    """One admission: its episodes have one date of admission."""
    case_2(world)
    world.admitted(H, "C795", EPISTART=days(H, 9), EPIORDER="2")
    assert world.found()[0] is None
    assert world.found(hospital_date="episode")[0] is None


def test_h18_an_early_candidate_confirms_no_other(world: World) -> None:
    world.diagnosed()
    world.admitted("2018-06-29", "C795")
    world.admitted("2018-06-30", "C795")
    assert world.found() == (None, ("de_novo", P))
    assert {row["status"] for row in world.methods().candidate} == {"early_stage", "unconfirmed"}


@pytest.mark.parametrize(
    ("before", "is_confirmed"), [(-93, False), (-92, True), (92, True), (93, False)]
)
@pytest.mark.parametrize("icd10", ["C509", ""])
def test_h19_c(world: World, before: int, icd10: str, is_confirmed: bool) -> None:
    """An O leaves the empty one no evidence of its own, and it confirms still (H22)."""
    case_2(world)
    cosd_v9(world.landing, "RHU", "2024-02", lung("C34.1", "2010-01-01"))
    world.irradiated(days(H, before), icd10)
    statuses = {row["status"] for row in world.methods().candidate}
    assert statuses == {"confirmed" if is_confirmed else "unconfirmed"}
    rules = {row["method"]: row["evidence_rule"] for row in world.methods().mbc_cohort}
    assert rules.get("registry_hospital") == (
        7 if icd10 and before < 0 else 6 if is_confirmed else 7 if icd10 else None
    )


@pytest.mark.parametrize(
    ("days_after", "intent", "drug", "is_confirmed"),
    [
        (-32, "02", "PACLITAXEL", False),
        (-31, "2", "PACLITAXEL", True),
        (183, "P", "LETROZOLE", True),
        (184, "02", "PACLITAXEL", False),
        (0, "01", "PACLITAXEL", False),
        (0, "A", "PACLITAXEL", False),
        (0, None, "PACLITAXEL", False),
        (0, "02", "ZOLEDRONIC ACID", False),
    ],
)
def test_h20_d(world: World, days_after: int, intent: str, drug: str, is_confirmed: bool) -> None:
    case_2(world)
    given = Administration(ANN, days(H, days_after), drug, intent=intent)
    sact(world.landing, "2024-01", given)
    assert world.found()[0] == (RECURRENT if is_confirmed else None)


def test_h20_d_one_curative_row_of_a_regimen_is_enough_against_it(world: World) -> None:
    case_2(world)
    rows = (Administration(ANN, H, intent=intent, cycle=intent) for intent in ("02", "C"))
    sact(world.landing, "2024-01", *rows)
    assert world.found()[0] is None


@pytest.mark.parametrize(
    ("record", "is_confirmed"),
    [
        (recurrence(ANN, date=days(H, 183)), True),
        (recurrence(ANN, date=days(H, 184)), False),
        (progression(ANN, date=days(H, -183), icd="C78.7"), True),
        (recurrence(ANN, date=H, icd="D05.1"), False),
        (transformation(ANN, date=H), False),
    ],
)
def test_h20_e(world: World, record: Event, is_confirmed: bool) -> None:
    world.diagnosed(record)
    world.admitted(H, "C795")
    assert world.found()[0] == (RECURRENT if is_confirmed else None)


@pytest.mark.parametrize(
    ("died", "underlying", "causes", "is_confirmed"),
    [
        (H, "C509", (), True),
        (days(H, -1), "C509", (), False),
        (days(H, 365), "I219", ("c50.9",), True),
        (days(H, 366), "C509", (), False),
        (H, "C349", ("C349",), False),
    ],
)
def test_h19_f(
    world: World, died: str, underlying: str, causes: tuple[str, ...], is_confirmed: bool
) -> None:
    case_2(world)
    deaths(world.landing, "2024-01", Death(ANN, died, underlying=underlying, causes=causes))
    assert world.found()[0] == (RECURRENT if is_confirmed else None)


# P, stage, other cancers


@pytest.mark.parametrize(
    ("before", "expected"),
    [(31, ("de_novo", P)), (32, None)],
)
def test_h16_p_may_be_a_month_after(world: World, before: int, expected: Found) -> None:
    world.diagnosed(stage="4")
    world.episodes.append(hes(ANN, days(P, -before), "C780", "C509"))
    rows = {row["method"]: row for row in world.methods().mbc_cohort}
    assert rows["registry"]["mbc_date"].isoformat() == P
    status = {row["status"] for row in world.methods().candidate}
    assert status == {"confirmed" if expected else "before_primary"}


@pytest.mark.parametrize(
    ("stage", "more", "expected"),
    [
        ("2", 120, None),
        ("2", 121, ("recurrent", days(P, 121))),
        ("stage iiia", 120, None),
        ("IV", 120, DE_NOVO),
        ("X", 120, DE_NOVO),
        ("0", 120, None),
    ],
)
def test_h17_stage(world: World, stage: str, more: int, expected: Found) -> None:
    # Stage IV in the registry is evidence of its own.
    world.diagnosed(stage=stage)
    world.admitted(days(P, more), "C780", "C509")
    assert world.found()[0] == expected


@pytest.mark.parametrize(
    ("other", "is_attributed"),
    [
        (P, True),
        (days(P, 1), False),
        (days(H, 56), False),
        (days(H, 57), True),
    ],
)
def test_h4_bounds(world: World, other: str, is_attributed: bool) -> None:
    world.diagnosed(lung("C34.1", other), recurrence(ANN, date=H))
    world.admitted(H, "C795")
    assert world.found()[0] == (RECURRENT if is_attributed else None)


@pytest.mark.parametrize("kind", ["C44.1", "C80.9", "D48.0", "C50.1"])
def test_h32_no_other_cancer(world: World, kind: str) -> None:
    world.diagnosed(lung(kind, H), recurrence(ANN, date=H))
    world.admitted(H, "C795")
    assert world.found()[0] == RECURRENT


def test_h32_wales_and_v10_tell_of_others(world: World) -> None:
    for write in (
        lambda: wales_tumour(world.landing, "7A4", "2024-Q1", primary(ANN, date=H, icd="C34.1")),
        lambda: cosd_v10(world.landing, "RHU", "2024-02", primary(ANN, date=H, icd="C34.1")),
    ):
        write()
        world.diagnosed(recurrence(ANN, date=H))
        world.admitted(H, "C795")
        assert world.found()[0] is None
        for file in (*world.landing.rglob("*.csv"), *world.landing.rglob("*.xml")):
            file.unlink()


@pytest.mark.parametrize(
    ("episodes", "is_attributed"),
    [
        ([(H, "C187")], True),
        ([(H, "C187"), (H, "C189")], False),
        ([(H, "C187"), (days(H, 999), "C189")], False),
        ([(H, "C187"), (days(H, 9), "C191")], True),
        ([(H, "C187 C509"), (days(H, 9), "C189")], True),
        ([(H, "C187 Z853"), (days(H, 9), "C189 Z853")], False),
    ],
)
def test_h32_two_episodes(
    world: World, episodes: list[tuple[str, str]], is_attributed: bool
) -> None:
    world.diagnosed(recurrence(ANN, date=H))
    world.admitted(H, "C795")
    for place, (day, codes) in enumerate(episodes):
        world.admitted(day, *codes.split(), EPIORDER=str(place + 2))
    assert world.found()[0] == (RECURRENT if is_attributed else None)


def test_h32_hes_and_pedw_tell_of_one_episode(world: World) -> None:
    world.diagnosed(recurrence(ANN, date=H))
    world.admitted(H, "C795")
    world.admitted(H, "C189", EPIORDER="2")
    world.file("wales/pedw/2024-01/pedw.csv", pedw_wide(ANN, H, "7", "C189"))
    assert world.found()[0] == RECURRENT


# Rules 7, 8 and 9, and what is never later


@pytest.mark.parametrize(("other", "is_found"), [(days(H, 56), False), (days(H, 57), True)])
def test_h22_empty_diagnosis(world: World, other: str, is_found: bool) -> None:
    world.diagnosed(lung("C34.1", other))
    world.irradiated(H, "")
    assert world.found() == (RECURRENT if is_found else None,) * 2


@pytest.mark.parametrize(
    ("kind", "icd10", "is_found"),
    [
        *(("5", "C509", True), ("06", "", True), ("12", "C79.5", True), ("01", "C509", False)),
        *(("05", "C349", False), ("05", "D051", False)),
    ],
)
def test_h23_waiting_times(world: World, kind: str, icd10: str, is_found: bool) -> None:
    world.diagnosed()
    world.file("england/cwt/2024-01/cwt.csv", cwt(ANN, kind, H, icd10))
    assert world.found() == (RECURRENT if is_found else None,) * 2


def test_h23_an_other_cancer_leaves_the_confirmation(world: World) -> None:
    """An O long before P: no rule 9 with a secondary, but e."""
    world.diagnosed(lung("C34.1", "2010-01-01"))
    world.file("england/cwt/2024-01/cwt.csv", cwt(ANN, "05", days(H, 5), "C795"))
    assert world.found() == (None, None)
    world.admitted(H, "C795")
    assert world.found() == (RECURRENT, RECURRENT)


@pytest.mark.parametrize(
    ("died", "causes", "expected"),
    [
        (H, ("C795",), ("recurrent", H)),
        (H, ("C792",), ("recurrent", H)),
        (H, ("C770",), None),
        (days(P, 120), ("C78",), ("de_novo", days(P, 120))),
        (days(P, 121), ("C78",), ("recurrent", days(P, 121))),
        (days(P, -1), ("C78",), None),
    ],
)
def test_h24_death(world: World, died: str, causes: tuple[str, ...], expected: Found) -> None:
    world.diagnosed()
    deaths(world.landing, "2024-01", Death(ANN, died, causes=causes))
    assert world.found() == (expected, None)


def test_h26_more_evidence_never_makes_it_later(world: World) -> None:
    """Of radiotherapy before the registry's P: 87 days from a metastatic primary after it.

    The registry: evidence of 2021-06-01, 31 days after a primary, so de novo on 2021-05-01.
    """
    world.diagnosed(
        primary(ANN, date="2021-05-01", stage="2"),
        recurrence(ANN, date="2021-06-01", mets=BONE),
        primary(ANN, date="2021-06-15", m="1"),
    )
    world.irradiated("2021-03-20")
    assert {row["evidence_rule"] for row in world.methods().mbc_cohort} == {3, 7}
    assert world.found() == (("de_novo", "2021-05-01"),) * 2


def test_a1_earlier_evidence_makes_it_recurrent(world: World) -> None:
    """119 days before a metastatic primary it is de novo then; with evidence before that, not."""
    world.diagnosed(
        recurrence(ANN, date="2021-03-01", mets=BONE), primary(ANN, date="2021-06-28", m="1")
    )
    world.irradiated("2021-02-20")
    assert world.found() == (("recurrent", "2021-02-20"),) * 2


# Files


def test_periods() -> None:
    year, quarter = period_of("2022-2023"), period_of("2023-Q1")
    assert year.last_day == dt.date(2023, 3, 31) == quarter.last_day
    assert period_of("2023-02").last_day == dt.date(2023, 2, 28)
    assert [period_of(name).nhs_year for name in ("2022-2023", "2022-03", "2022-04")] == [
        *("2223", "2122", "2223")
    ]
    assert period_of("latest") is None


def fates(world: World, **where: str) -> dict[str, tuple[int, ...]]:
    names = ("received", "accepted", "superseded", "out_of_scope", "quarantined")
    return {
        row["file"].rpartition("/")[2]: tuple(row[name] for name in names)
        for row in world.methods().ledger
        if "other.csv" not in row["file"]
    }


def test_h6_a_year_replaces_its_months_whole(world: World) -> None:
    world.diagnosed()
    world.first = Quarter(2022, 1)
    row = hes(ANN, "2022-05-10", "C780", "C509", FYEAR="2223")
    world.file("england/hes_apc/2023-03/m.csv", row)
    world.file("england/hes_apc/2022-2023/y.csv", {**row, "NEWNHSNO": "0", "FYEAR": "2223"})
    world.file("england/hes_apc/2022-12/d.csv", {**row, "ADMIDATE": "2022-06-01"})
    assert world.found() == (None, None)
    assert fates(world) == {
        "m.csv": (1, 0, 1, 0, 0),
        "y.csv": (1, 0, 0, 0, 1),
        "d.csv": (1, 0, 1, 0, 0),
    }


def test_h6_partyear_and_path(world: World) -> None:
    world.diagnosed()
    world.first = Quarter(2022, 1)
    for name, part, code in (("b", "202211", "C780"), ("a", "202212", "C790"), ("c", "", "C787")):
        row = hes(ANN, "2022-05-10", code, "C509", FYEAR="2223", PARTYEAR=part)
        world.file(f"england/hes_apc/2022-12/{name}.csv", row)
    assert {name: row[1] for name, row in fates(world).items()} == {
        "a.csv": 1,
        "b.csv": 0,
        "c.csv": 0,
    }


def test_h10_h11_dates_and_lines(world: World) -> None:
    world.diagnosed()
    rows = [
        hes(ANN, "", "Z853"),
        hes(ANN, "10/05/2021", "C780", "C509", EPISTART="2021-06-01 00:00:00"),
        hes(ANN, "2020-05-10", "C787", "C509", EPISTART="2021-07-01T10:00:00"),
    ]
    world.file(
        "england/hes_apc/2023-2024/a.txt.gz",
        *rows,
        separator="|",
        quoted=True,
        newline="\r\n",
        mark="\ufeff",
        broken=['"2122"|"unbalanced', "2122|2"],
    )
    assert world.found()[0] == ("recurrent", H)
    # The first row has no date at all.
    assert fates(world) == {"a.txt.gz": (5, 2, 0, 0, 3)}
    assert {row["day"].isoformat() for row in world.methods().candidate} == {H, "2021-07-01"}


def test_h12_finished(world: World) -> None:
    world.diagnosed()
    for status in ("3", "3.0", "03", "", "1", "9"):
        world.admitted(H, "C780", EPISTAT=status, EPIORDER=status)
    assert world.methods() and fates(world) == {"hes.csv": (6, 4, 0, 2, 0)}


def test_duplicates_of_2_5(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C780", EPIKEY="1")
    world.admitted(H, "C780", EPIKEY="2")
    world.admitted(H, "C780", EPIKEY="2", EPIEND=H)
    world.methods()
    assert fates(world) == {"hes.csv": (3, 2, 1, 0, 0)}


def test_scope(world: World) -> None:
    """A person with C50 on file, wanted codes, and others."""
    world.diagnosed()
    world.admitted(H, "I219")
    for code in ("I219", "Z512", "Z513", "D489", "D50", "Z853"):
        world.admitted(H, code, who=BEA)
    assert world.methods() and fates(world) == {"hes.csv": (7, 4, 0, 3, 0)}


@pytest.mark.parametrize(
    "columns",
    [
        ("EPISTART", "DIAG_01"),
        ("NEWNHSNO", "DIAG_01", "FYEAR"),
        ("NEWNHSNO", "ADMIDATE", "OPERTN_01"),
    ],
)
def test_files_that_are_refused(world: World, columns: tuple[str, ...]) -> None:
    world.diagnosed()
    world.file("england/hes_apc/2023-2024/a.csv", columns=columns)
    (status,) = {row["status"] for row in world.methods().ledger if row["file"].endswith("a.csv")}
    assert status == "rejected"


def test_h13_columns(world: World) -> None:
    """DIAG_nn before DIAG_4_nn before the CONCAT, once for the file; gaps are no end."""
    world.diagnosed()
    both = {"DIAG_4_01": "C780", "DIAG_01": "I10", "DIAG_02": "-", "DIAG_20": "C509"}
    row = {key: value for key, value in hes(ANN, H).items() if not key.startswith("DIAG")}
    world.file("england/hes_apc/2023-2024/a.csv", {**row, **both})
    assert world.found() == (None, None)
    concat = {"DIAG_4_CONCAT": "C509,-,C780", "DIAG_3_CONCAT": "I10"}
    world.file("england/hes_apc/2023-2024/a.csv", {**row, **concat})
    assert world.found() == (RECURRENT, RECURRENT)


# Keys


def test_h8_keys(world: World) -> None:
    """The newest folder that names an id decides, also when it says nothing that counts."""
    world.diagnosed()
    world.admitted(H, "C780", "C509", who="T1", key="TOKEN_PERSON_ID")
    assert world.found() == (None, None)
    world.file("england/keys/2024-01-01/k.csv", link("HES_APC", "T1.0", ANN))
    assert world.found()[0] is None
    world.file("england/keys/2024-01-01/k.csv", link("HES_APC", "T1", ANN))
    assert world.found()[0] == RECURRENT
    world.file("england/keys/2024-01-02/k.csv", link("hes_apc", "T1", "9434765910"))
    assert world.found()[0] is None
    both = link("hes_apc", "T1", ANN), link("hes_apc", "T1", BEA)
    world.file("england/keys/2024-01-03/k.csv", *both)
    assert world.found()[0] is None
    world.file("england/keys/2024-01-04/k.csv", link("hes_apc", "T1", ANN), both[0])
    assert world.found()[0] == RECURRENT


def test_h8_keys_of_another_source_do_not_count(world: World) -> None:
    world.diagnosed()
    world.admitted(H, "C780", "C509", who="T1", key="TOKEN_PERSON_ID")
    world.file("england/keys/2024-01-01/k.csv", link("rtds", "T1", ANN))
    assert world.found()[0] is None


@pytest.mark.parametrize(("status", "is_found"), [("4", True), ("", True), ("35", False)])
def test_h8_alf(world: World, status: str, is_found: bool) -> None:
    wales_tumour(world.landing, "7A4", "2024-Q1", primary(ANN, date=P, stage="2"))
    row = pedw_wide("77.0", H, "S1", "C780", "C509", key="ALF_PE", ALF_STS_CD=status)
    other = pedw_wide(BEA, H, "S2", "C189", key="ALF_PE")
    world.file("wales/pedw/2024-Q1/pedw.csv", row, other)
    world.file("england/keys/2024-01-01/k.csv", link("pedw", "77", ANN), link("pedw", BEA, BEA))
    assert world.found()[0] == (RECURRENT if is_found else None)


# PEDW and RTDS


def spell(number: str, who: str = ANN, day: str = H) -> Row:
    return {
        "PROV_UNIT_CD": "7A4",
        "SPELL_NUM_E": number,
        "NHS_NUMBER": who,
        "ADMIS_DT": day.replace("-", ""),
    }


def episode(number: str, code: str = "") -> Row:
    return {
        "PROV_UNIT_CD": "7A4",
        "SPELL_NUM": number,
        "EPI_NUM": "1",
        "EPI_STR_DT": "",
        "DIAG_CD_1234": code,
    }


def diagnosis(number: str, *codes: str) -> Iterable[Row]:
    for place, code in enumerate(codes, start=1):
        yield {
            "PROV_UNIT_CD": "7A4",
            "SPELL_NUM": number,
            "EPI_NUM": "1",
            "DIAG_NUM": str(place),
            "DIAG_CD": "",
            "DIAG_CD_1234": code,
        }


def test_pedw_tables(world: World) -> None:
    """Joined inside one folder; a later folder replaces a spell whole (H7)."""
    wales_tumour(world.landing, "7A4", "2024-Q1", primary(ANN, date=P, stage="2"))
    folder = "wales/pedw/2024-01"
    world.file(f"{folder}/PEDW_SPELL.csv", spell("1"), spell("2", CAT))
    world.file(f"{folder}/PEDW_EPISODE.csv", episode("1", "C509"), episode("2", "C189"))
    world.file(f"{folder}/PEDW_DIAG.csv", *diagnosis("1", "C780X"), *diagnosis("9", "C780"))
    assert world.found() == (RECURRENT, RECURRENT)
    (row,) = (r for r in world.methods().mbc_cohort if r["method"] == "registry_hospital")
    assert (row["nation"], row["provider_code"], row["source"]) == ("Wales", "7A4", "pedw")
    assert world.methods().errors == {(f"{folder}/PEDW_DIAG.csv", 2)}
    later = "wales/pedw/2024-02"
    world.file(f"{later}/PEDW_SPELL.csv", spell("1"))
    world.file(f"{later}/PEDW_EPISODE.csv", episode("1", "C509"))
    assert world.found() == (None, None)


def test_h21_courses(world: World) -> None:
    world.diagnosed()
    folder = "england/rtds/2024-01"
    keys = (link("rtds", "12345", ANN), link("rtds", "2", BEA))
    world.file("england/keys/2024-01-31/rtds.csv", *keys)
    world.file(
        f"{folder}/rtds_episodes.csv",
        rtds_episode("12345.0", "7", None, "", APPTDATE="10/05/2021"),
        rtds_episode("12345.0", "7", None, "C509", APPTDATE="09/05/2021"),
        # The same number of another patient's.
        rtds_episode("2", "7", None, APPTDATE="01/05/2021"),
    )
    world.file(
        f"{folder}/rtds_prescriptions.csv",
        rtds_prescription("12345", "7", "P", RTTREATMENTANATOMICALSITE="Z01"),
        rtds_prescription("12345", "7", " m"),
        rtds_prescription("12345", "8", "M"),
    )
    assert world.found() == (("recurrent", "2021-05-09"),) * 2
    courses = world.methods().hospital.courses
    assert sorted((one.key, one.is_metastasis, one.day) for one in courses if one.day) == [
        ("12345", True, dt.date(2021, 5, 9)),
        ("2", False, dt.date(2021, 5, 1)),
    ]
    later = "england/rtds/2024-02"
    world.file(f"{later}/rtds_episodes.csv", rtds_episode("12345", "7", "2021-05-09"))
    assert world.found() == (None, None)


# Tables


def test_h28_without_links_the_methods_are_absent(world: World) -> None:
    world.diagnosed(recurrence(ANN, date=H, mets=BONE))
    world.admitted(H, "C780", "C509", who="T1", key="TOKEN_PERSON_ID")
    world.file("england/hes_apc/2023-2024/hes.csv", *world.episodes)
    methods = compute(world.landing, FIRST, LAST)
    assert {row["method"] for row in methods.mbc_cohort} == {"registry"}
    assert methods.method_comparison == []
    assert {row["method"] for row in methods.prevalence} == {"registry"}


def test_h27_place_and_h29_comparison(world: World) -> None:
    """Added, moved and earlier people; the difference is their sum."""
    cosd_v9(
        world.landing,
        "RHU",
        "2024-01",
        primary(ANN, date=P, stage="2"),
        primary(BEA, date=P, stage="2"),
        recurrence(BEA, date="2021-06-10", mets=BONE),
        primary(CAT, date=P, stage="2"),
        primary(NHS_NUMBERS[3], date=P, stage="2"),
    )
    # RW3 became R0A.
    world.admitted(H, "C780", "C509", provider="RW3")
    world.admitted(H, "C780", "C509", who=BEA, provider="R0A")
    world.admitted(H, "C780", who=NHS_NUMBERS[3])
    world.admitted(H, "C780", "C509", who=NHS_NUMBERS[4])
    world.admitted(H, "C780", "C509", who="9434765910")
    methods = world.methods()
    places = {
        (row["person_id"][1], row["method"]): row["provider_code"] for row in methods.mbc_cohort
    }
    assert places[ANN, "registry_hospital"] == "R0A"
    assert places[BEA, "registry_hospital"] == "RHU"
    (row,) = (
        row
        for row in methods.method_comparison
        if row["nation"] == "England"
        and row["sex"] == row["age_band"] == row["presentation"] == "all"
    )
    assert row == {
        "look_back_start": dt.date(2010, 4, 1),
        "quarter": "2024-Q1",
        "nation": "England",
        **dict.fromkeys(("sex", "age_band", "presentation"), "all"),
        "people_registry": 1,
        "people_registry_hospital": 2,
        "people_broad": 3,
        "added_hes": 1,
        "added_pedw": 0,
        "added_rtds": 0,
        "added_cwt": 0,
        "moved_earlier": 0,
        "reclassified": 0,
        "median_days_earlier": 31,
        "unconfirmed": 1,
        "unattributed": 0,
        "no_primary_on_file": 1,
        "unlinked_people": 1,
    }
    national = {
        row["method"]: row["people"]
        for row in methods.prevalence
        if row["geography_type"] == "nation"
        and {row[name] for name in ("sex", "age_band", "presentation", "years_since_mbc")}
        == {"all"}
    }
    assert national == {"registry": 1, "registry_hospital": 2, "registry_hospital_broad": 3}
    assert not any(
        row["method"] != "registry" and row["geography_type"] == "england_and_wales"
        for row in (*methods.prevalence, *methods.indicator)
    )


# Random worlds


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(world=hospital_worlds(max_people=10))
def test_books_balance_in_random_worlds(
    tmp_path_factory: pytest.TempPathFactory, world: Drawn
) -> None:
    landing = tmp_path_factory.mktemp("world")
    world.write(landing)
    methods = compute(landing, world.first, world.last)
    fates = ("accepted", "superseded", "out_of_scope", "quarantined")
    assert all(row["received"] == sum(row[fate] for fate in fates) for row in methods.ledger)
    people = [(row["person_id"], row["method"]) for row in methods.mbc_cohort]
    assert len(people) == len(set(people))
    for row in methods.method_comparison:
        if row["presentation"] == "all":
            one, two, three = (
                row[f"people_{name}"] for name in ("registry", "registry_hospital", "broad")
            )
            assert one <= two
            # The broad method may place somebody in the other nation (H27).
            assert two <= three or row["nation"] != "all"
            added = sum(value for name, value in row.items() if name.startswith("added_"))
            assert two - one == added + row["moved_earlier"]
