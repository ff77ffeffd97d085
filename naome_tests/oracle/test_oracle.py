"""Cases small enough to work out by hand; each names the ruling it is worked out from."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from naome_assets.quarters import Quarter

from . import Oracle, compute, figures, places
from .cohort import distant, m1, stage_4
from .read import File, Metastases, Record, read_cosd
from .strategies import World, landings
from .submissions import (
    LUNG,
    NHS_NUMBERS,
    Administration,
    Death,
    Event,
    WelshTreatment,
    cosd_v8,
    cosd_v9,
    cosd_v10,
    deaths,
    no_pathway,
    primary,
    progression,
    recurrence,
    sact,
    transformation,
    wales_treatment,
    wales_tumour,
)
from .values import (
    code,
    compact_day,
    completed_years,
    icd3,
    iso_day,
    local_identifier,
    nhs_number,
    one_digit,
    organisation,
    passes_modulus_11,
    sact_day,
    two_digits,
)

ANN, BEA, CAT, DOT = NHS_NUMBERS[:4]
BONE = [("03", "02")]


def audit(landing: Path, first: str = "2024-Q1", last: str | None = None, **more: Any) -> Oracle:
    return compute(landing, Quarter.parse(first), Quarter.parse(last or first), **more)


def england(landing: Path, *events: Event | str, **how: Any) -> str:
    return cosd_v9(landing, "RHU", "2024-01", *events, **how)


def only(rows: list[dict[str, Any]], **where: Any) -> dict[str, Any]:
    (row,) = (row for row in rows if all(row[name] == value for name, value in where.items()))
    return row


def rules(oracle: Oracle) -> list[str]:
    return sorted(row["rule"] for row in oracle.quarantine)


def national(rows: list[dict[str, Any]], **where: Any) -> dict[str, Any]:
    everyone = {"geography_type": "england_and_wales", "presentation": "all"}
    return only(rows, **{**everyone, **where})


def to_treatment(oracle: Oracle, modality: str = "any") -> dict[str, Any]:
    return national(oracle.time_to_treatment, period="rolling_36m", modality=modality)


def event_date(oracle: Oracle) -> tuple[str, str]:
    person = only(oracle.mbc_cohort)
    return person["mbc_date"].isoformat(), person["presentation"]


# Section 8, and single values


def test_worked_values() -> None:
    assert figures.percent(81, 263) == pytest.approx(30.7985, abs=5e-5)
    assert figures.wilson(81, 263) == pytest.approx((25.5289, 36.6210), abs=5e-5)
    assert passes_modulus_11("9434765919")
    assert not passes_modulus_11("9434765910")
    assert passes_modulus_11("1111111111")
    assert completed_years(dt.date(2000, 2, 29), dt.date(2024, 2, 28)) == 23
    assert completed_years(dt.date(2000, 2, 29), dt.date(2024, 2, 29)) == 24


def test_c5_leap_day_birthday_is_1_march_in_common_years() -> None:
    assert completed_years(dt.date(2000, 2, 29), dt.date(2023, 2, 28)) == 22
    assert completed_years(dt.date(2000, 2, 29), dt.date(2023, 3, 1)) == 23


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("943 476-5919", "valid"),
        ("0000000000", "missing"),
        ("9999999999", "missing"),
        ("1111111111", "valid"),
        ("943476591", "invalid"),
        (None, "missing"),
    ],
)
def test_c3_placeholders(text: str | None, status: str) -> None:
    assert nhs_number(text)[1] == status


@pytest.mark.parametrize("text", ["NULL", " n/k ", "#N/A", "(Not known)", "-", "?", "None", "NaN"])
def test_i2_words_for_nothing(text: str) -> None:
    assert code(text) == local_identifier(text) == organisation(text) == icd3(text) == ""
    assert nhs_number(text) == ("", "missing")
    assert compact_day(text) == iso_day(text) == sact_day(text) == iso_day(None)


def test_zeros_that_were_lost_and_numbers_that_became_fractions() -> None:
    assert [two_digits(text) for text in ("3", "3.0", "'3", "03", "P")] == ["03"] * 4 + ["P"]
    assert [one_digit(text) for text in ("07", "7.0", "0.0", "7.1")] == ["7", "7", "0", "7.1"]
    assert nhs_number("9434765919.0") == ("9434765919", "valid")
    assert local_identifier("0012.0") == "0012"
    assert compact_day("20240131.0").date == dt.date(2024, 1, 31)


def test_f2_byar() -> None:
    # 10 (1 - 1/90 - 0.206598)^3 and 11 (1 - 1/99 + 0.196984)^3
    assert figures.byar(10) == pytest.approx((4.7874, 18.3915), abs=1e-4)
    assert figures.byar(0)[0] == 0


def test_f3_control_limits_and_outliers() -> None:
    # n = 10, p = 0.5: (10 + z^2 -/+ z sqrt(z^2 + 10)) / (2 (10 + z^2))
    lower, upper = figures.control_limits(50, 10, figures.Z95)
    assert (lower, upper) == pytest.approx((23.6593, 76.3407), abs=1e-4)
    wide = figures.control_limits(50, 10, figures.Z998)
    assert figures.outlier(20, 10, (lower, upper), wide) == "alert_low"
    assert figures.outlier(10, 10, (lower, upper), wide) == "alarm_low"
    assert figures.outlier(50, 10, (lower, upper), wide) == "within"
    assert figures.outlier(100, 10, (lower, upper), wide) == "alarm_high"
    assert figures.outlier(0, 9, (lower, upper), wide) is None


@pytest.mark.parametrize("target", [0, 100])
@pytest.mark.parametrize("n", [10, 59, 511, 1000])  # from 508 on, floats err here
def test_f3_everyone_alike_is_within(target: int, n: int) -> None:
    limits = [figures.control_limits(target, n, z) for z in (figures.Z95, figures.Z998)]
    assert figures.outlier(target, n, *limits) == "within"


def test_a9_quartiles_and_competing_death() -> None:
    each = [(10, "treated"), (20, "treated"), (30, "treated"), (40, "treated")]
    assert [figures.quantile_day(each, q) for q in (0.25, 0.5, 0.75)] == [10, 20, 30]
    # 4 at risk, one dies: 3/4 x 1/3, then 1/2 x 1/2, then the last is censored: 0.5 in all.
    death = [(5, "died"), (10, "treated"), (20, "treated"), (30, "censored")]
    assert [figures.quantile_day(death, q) for q in (0.25, 0.5, 0.75)] == [10, 20, None]
    # Censored on the day is still at risk on it: 1/2, not 1/1.
    tie = [(10, "treated"), (10, "censored")]
    assert [figures.quantile_day(tie, q) for q in (0.5, 0.75)] == [10, None]
    assert figures.quantile_day([(0, "treated"), (9, "died")], 0.5) == 0


@pytest.mark.parametrize(
    ("mets", "version", "expected"),
    [
        (Metastases(True, pairs=[("03", "12")]), "v9", True),  # D1: the type decides
        (Metastases(True, pairs=[("01", "98")]), "v9", False),
        (Metastases(True, pairs=[("", "11")]), "v9", True),
        (Metastases(True, pairs=[("", "12")]), "v9", False),
        (Metastases(True, pairs=[("", "97")]), "v9", False),
        (Metastases(True, pairs=[("02", "08"), ("", "04")]), "v9", True),  # D2: each pair alone
        (Metastases(False, types=["02"], sites=["08"]), "v8", False),
        (Metastases(False, types=["02", "03"], sites=["12"]), "v8", True),
        (Metastases(False, types=["", "7"], sites=["12", "08"]), "v8", True),
        (Metastases(False, types=[], sites=["01"]), "v8", True),  # D3: retired
        (Metastases(False, types=[""], sites=["06"]), "wales", False),
        (Metastases(True, pairs=[("", "06")]), "v9", False),
    ],
)
def test_d1_d2_d3_distant(mets: Metastases, version: str, expected: bool) -> None:
    assert distant(mets, version) is expected


def staged(**items: str) -> Record:
    file = File("a.xml", "cosd", Quarter(2024, 1), "2024-01", "a.xml", b"")
    return Record(file, 1, **items)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1", "1a", "M1", "pM1", "cM1", " m 1b", "ypM1"])
def test_d5_m1(text: str) -> None:
    assert m1(staged(m_integrated=text))


@pytest.mark.parametrize("text", ["0", "0(i+)", "cM0(i+)", "MX", "X1"])
def test_d5_not_m1(text: str) -> None:
    assert not m1(staged(m_integrated=text))


def test_d4_integrated_wins_unless_empty_or_x() -> None:
    assert not m1(staged(m_integrated="0", m_pretreatment="1"))
    assert m1(staged(m_integrated="X", m_pretreatment="1"))
    assert m1(staged(m_integrated=" ", m_pretreatment="1"))


def test_d6_stage_4() -> None:
    assert all(stage_4(staged(stage_integrated=text)) for text in ("4", "4B", "stage iv", "IVA"))
    assert not any(stage_4(staged(stage_integrated=text)) for text in ("3C", "III", "STAGE 3"))
    assert stage_4(staged(stage_integrated="U", stage_pretreatment="4"))
    assert not stage_4(staged(stage_integrated="2", stage_pretreatment="4"))


# A1, A2, D: who, since when


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2023-05-01", ("2023-01-01", "de_novo")),  # 120 days later
        ("2023-05-02", ("2023-05-02", "recurrent")),  # 121
    ],
)
def test_a1_evidence_after_a_primary(tmp_path: Path, date: str, expected: tuple[str, str]) -> None:
    england(tmp_path, primary(ANN, date="2023-01-01"), recurrence(ANN, date=date, mets=BONE))
    assert event_date(audit(tmp_path)) == expected


def test_a1_the_latest_primary_counts(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary(ANN, date="2015-01-01"),
        primary(ANN, date="2023-01-01"),
        recurrence(ANN, date="2023-03-01", mets=BONE),
    )
    assert event_date(audit(tmp_path)) == ("2023-01-01", "de_novo")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2023-05-01", ("2023-05-01", "de_novo")),
        ("2023-05-02", ("2023-01-01", "recurrent")),
    ],
)
def test_a1_d9_metastatic_primary_after_the_first_evidence(
    tmp_path: Path, date: str, expected: tuple[str, str]
) -> None:
    england(tmp_path, recurrence(ANN, date="2023-01-01", mets=BONE), primary(ANN, date=date, m="1"))
    assert event_date(audit(tmp_path)) == expected


@pytest.mark.parametrize("icd", ["D05.1", None])
def test_a2_neither_d05_nor_missing_is_a_primary_c50(tmp_path: Path, icd: str | None) -> None:
    england(
        tmp_path,
        primary(ANN, date="2023-01-01", icd=icd, m="1"),
        recurrence(ANN, date="2023-02-01", mets=BONE),
    )
    assert event_date(audit(tmp_path)) == ("2023-02-01", "recurrent")


def test_d8_each_progression_is_evidence_of_its_own(tmp_path: Path) -> None:
    path = england(
        tmp_path,
        primary(
            ANN,
            date="2020-01-01",
            progressions=[
                ("2019-12-31", BONE),
                ("2021-01-01", [(None, "12")]),
                ("2022-01-01", BONE),
                ("2023-01-01", BONE),
            ],
        ),
    )
    oracle = audit(tmp_path)
    person = only(oracle.mbc_cohort)
    assert (person["mbc_date"], person["evidence_rule"]) == (dt.date(2022, 1, 1), 2)
    assert only(oracle.quarantine)["rule"] == "progression_before_diagnosis"
    assert only(oracle.ledger)["accepted"] == 1
    assert only(oracle.ledger)["file"] == path


@pytest.mark.parametrize(
    ("icd", "people", "out_of_scope"),
    [("C50.9", 1, 0), ("C78.7", 1, 0), (None, 1, 0), ("D05.0", 0, 0), ("C34.1", 0, 1)],
)
def test_b2_d7_progression_icd(
    tmp_path: Path, icd: str | None, people: int, out_of_scope: int
) -> None:
    england(tmp_path, progression(ANN, date="2023-01-01", icd=icd, mets=BONE))
    oracle = audit(tmp_path)
    assert len(oracle.mbc_cohort) == people
    assert only(oracle.ledger)["out_of_scope"] == out_of_scope


def test_b2_recurrence_icd_of_a_secondary_site(tmp_path: Path) -> None:
    england(tmp_path, recurrence(ANN, date="2023-01-01", icd="C79.5", mets=BONE))
    wales_tumour(
        tmp_path, "7A4", "2024-Q1", recurrence(BEA, date="2023-01-01", icd="C79.5", mets=BONE)
    )
    oracle = audit(tmp_path)
    assert only(oracle.mbc_cohort)["person_id"] == ("nhs", BEA)
    assert only(oracle.ledger, source="cosd")["out_of_scope"] == 1


def test_d12_d14_v8_example_is_a_recurrence_but_not_distant() -> None:
    example = Path(__file__).parents[1] / "sources" / "examples" / "cosd-v8-2-breast.xml"
    file = File("a.xml", "cosd", Quarter(2018, 1), "2018-03", "a.xml", example.read_bytes())
    (record,) = read_cosd(file)
    assert (record.pathway, record.icd, record.event.date) == (
        "recurrence",
        "C50",
        dt.date(2017, 1, 1),
    )
    assert not distant(record.metastases, record.version)


def test_every_version_says_the_same(tmp_path: Path) -> None:
    events = (
        primary(ANN, date="2024-01-05", m_pre="1", cns="Y1", site="RHU02", basis="7"),
        primary(BEA, date="2023-01-05", icd="c50 4", treatments=[("2024-01-20", "03")]),
        recurrence(BEA, date="2024-01-06", mets=BONE, treatments=[("2024-01-30", "02")]),
        progression(CAT, date="2024-01-07", mets=[(None, "98")], icd="C79.5", birth=None),
        transformation(DOT, date="2024-01-08", icd=None),
        recurrence(DOT, date=None, mets=BONE),
    )
    writers: dict[str, Callable[[Path], str]] = {
        "v9": lambda landing: cosd_v9(landing, "RHU", "2024-01", *events),
        "v9-0": lambda landing: cosd_v9(landing, "RHU", "2024-01", *events, version="v9-0"),
        "v10": lambda landing: cosd_v10(landing, "RHU", "2024-01", *events),
        "v8": lambda landing: cosd_v8(landing, "RHU", "2024-01", *events),
        "core": lambda landing: cosd_v8(
            landing, "RHU", "2024-01", *events, version="v8-1", breast_core=True
        ),
    }
    results = []
    for name, write in writers.items():
        write(tmp_path / name)
        oracle = audit(tmp_path / name)
        fates = [
            {key: row[key] for key in ("received", "accepted", "quarantined")}
            for row in oracle.ledger
        ]
        results.append((fates, oracle.quarantine, oracle.mbc_cohort, oracle.time_to_treatment))
    assert results[0][0] == [{"received": 6, "accepted": 5, "quarantined": 1}]
    assert len(results[0][2]) == 3
    assert all(result == results[0] for result in results)


# B: scope, order, supersession


def test_b17_other_tumour_groups_are_counted(tmp_path: Path) -> None:
    england(tmp_path, LUNG, "<CoreRecord/>", "<Unknown/>", primary(ANN, date="2024-01-01", m="1"))
    row = only(audit(tmp_path).ledger)
    assert (row["received"], row["out_of_scope"], row["accepted"]) == (3, 2, 1)


def test_b20_malformed_xml_is_rejected_whole(tmp_path: Path) -> None:
    england(tmp_path, primary(ANN, date="2024-01-01", m="1"), "<BreastRecord>")
    row = only(audit(tmp_path).ledger)
    assert (row["status"], row["received"]) == ("rejected", 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"created": "2024-06-02T00:00:00"}, {"created": "2024-06-01T23:59:59"}),
        ({"created": "2024-06-01T00:30:00"}, {"created": "2024-06-01T01:00:00+01:00"}),
        ({"created": "2024-06-01T00:00:00"}, {"created": None}),
        ({"name": "a.xml"}, {"name": "B.xml"}),
        ({"name": "b.zip!a.xml"}, {"name": "a.zip!b.xml"}),
        ({"name": "a.xml", "period_end": "2024-01-31"}, {"name": "b.xml.gz"}),
    ],
)
def test_b6_the_later_submission_wins(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    wins = england(tmp_path, primary(ANN, date="2024-01-01", m="1"), **first)
    loses = england(tmp_path, primary(ANN, date="2024-01-01", m="0"), **second)
    oracle = audit(tmp_path)
    assert only(oracle.ledger, file=wins)["accepted"] == 1
    assert only(oracle.ledger, file=loses)["superseded"] == 1
    assert len(oracle.mbc_cohort) == 1


def test_b3_b4_a_changed_date_or_icd_is_another_event(tmp_path: Path) -> None:
    england(
        tmp_path,
        recurrence(ANN, date="2024-01-01", icd="C50.1"),
        recurrence(ANN, date="2024-01-01", icd="C50.9"),
        recurrence(ANN, date="2024-01-01", icd=None),
        recurrence(ANN, date="2024-01-02"),
        recurrence(ANN, date="2024-01-02", provider="RHU02"),
    )
    row = only(audit(tmp_path).ledger)
    assert (row["accepted"], row["superseded"]) == (3, 2)


def test_b8_a_superseded_record_takes_its_treatments_along(tmp_path: Path) -> None:
    event = primary(ANN, date="2024-01-01", m="1", treatments=[("2024-01-05", "01")])
    england(tmp_path, event, primary(ANN, date="2024-01-01", m="1"))
    assert to_treatment(audit(tmp_path))["treated"] == 0


def test_b15_only_folders_of_the_run_are_read(tmp_path: Path) -> None:
    for month in ("2023-12", "2024-03", "2024-04"):
        cosd_v9(tmp_path, "RHU", month, primary(ANN, date="2023-11-01", m="1"))
    assert [row["file"] for row in audit(tmp_path).ledger] == ["england/cosd/RHU/2024-03/01.xml"]
    both = audit(tmp_path, earlier_from=Quarter(2023, 4))
    assert [row["superseded"] for row in both.ledger] == [1, 0]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (primary(None, date="2024-01-01"), "no_person_identifier"),
        (primary("9434765910", date="2024-01-01"), "no_person_identifier"),
        (primary(ANN, date="2024-01-01", provider=""), "no_provider"),
        (primary(ANN, date=None), "event_date_missing"),
        (primary(ANN, date="2023-02-29"), "event_date_unreadable"),
        (primary(ANN, date="1899-12-31", birth=None), "event_date_before_1900"),
        (primary(ANN, date="2024-05-02"), "event_date_after_extract"),
        (primary(ANN, date="2024-01-01", birth="2024-01-02"), "birth_after_event"),
    ],
)
def test_a6_errors(tmp_path: Path, event: Event, expected: str) -> None:
    england(tmp_path, event, created="2024-05-01T23:59:00")
    oracle = audit(tmp_path)
    errors = [row["rule"] for row in oracle.quarantine if row["severity"] == "error"]
    assert errors == [expected]
    assert only(oracle.ledger)["quarantined"] == 1


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (primary("9434765910", date="2024-01-01", local="a1"), "nhs_number_invalid"),
        (primary(ANN, date="2024-01-01", birth=None), "birth_date_missing"),
        (primary(ANN, date="2024-01-01", sex=None), "sex_missing"),
        (
            primary(ANN, date="2024-02-02", treatments=[("2024-01-01", "01")]),
            "treatment_long_before_event",
        ),
        (
            primary(ANN, date="2024-01-01", treatments=[("2024-05-02", "01")]),
            "treatment_date_impossible",
        ),
        (primary(BEA, date="2024-01-02"), "death_before_diagnosis"),
    ],
)
def test_a6_warnings_leave_the_record_accepted(tmp_path: Path, event: Event, expected: str) -> None:
    england(tmp_path, event, created="2024-05-01T00:00:00")
    deaths(tmp_path, "2024-01", Death(BEA, "2024-01-01"))
    oracle = audit(tmp_path)
    assert only(oracle.quarantine) | {"severity": "warning", "rule": expected} == only(
        oracle.quarantine
    )
    assert only(oracle.ledger, source="cosd")["accepted"] == 1


def test_a6_a_treatment_31_days_before_is_no_fault(tmp_path: Path) -> None:
    england(tmp_path, primary(ANN, date="2024-02-01", treatments=[("2024-01-01", "01")]))
    assert audit(tmp_path).quarantine == []


def test_a7_a_quarantined_record_supersedes_nothing(tmp_path: Path) -> None:
    england(tmp_path, primary(ANN, date="2024-01-01", m="1"), name="a.xml")
    england(tmp_path, primary(ANN, date="2024-01-01", birth="2025-01-01"), name="b.xml")
    england(tmp_path, primary(ANN, date="2024-01-01", icd="C34.1"), name="c.xml")
    fates = {row["file"][-5:]: row for row in audit(tmp_path).ledger}
    assert fates["a.xml"]["accepted"] == 1
    assert fates["b.xml"]["quarantined"] == 1
    assert fates["c.xml"]["out_of_scope"] == 1


def test_b21_no_pathway(tmp_path: Path) -> None:
    england(tmp_path, no_pathway(ANN))
    assert "pathway_missing" in rules(audit(tmp_path))
    assert only(audit(tmp_path).ledger)["quarantined"] == 1


def test_wales_unknown_pathway(tmp_path: Path) -> None:
    wales_tumour(tmp_path, "7A4", "2024-Q1", Event("relapse", ANN, "2024-01-01"))
    assert rules(audit(tmp_path)) == ["pathway_unknown"]


def test_b18_welsh_metastases_belong_to_the_progression_if_there_is_one(tmp_path: Path) -> None:
    wales_tumour(
        tmp_path,
        "7A4",
        "2024-Q1",
        primary(ANN, date="2020-01-01", progressions=[("2022-01-01", BONE)]),
        primary(BEA, date="2020-01-01", mets=BONE),
        primary(CAT, date="2020-01-01", m="1", progressions=[("2022-01-01", BONE)]),
    )
    cohort = {
        row["person_id"][1]: (row["mbc_date"].year, row["evidence_rule"])
        for row in audit(tmp_path).mbc_cohort
    }
    assert cohort == {ANN: (2022, 2), BEA: (2020, 1), CAT: (2020, 1)}


def test_b9_whose_a_welsh_treatment_is(tmp_path: Path) -> None:
    wales_tumour(
        tmp_path,
        "7A4",
        "2024-Q1",
        primary(ANN, date="2024-01-01", m="1", record_id="1"),
        primary(None, local="x7", date="2024-01-01", m="1", record_id="2"),
    )
    wales_treatment(
        tmp_path,
        "7A4",
        "2024-Q1",
        WelshTreatment(None, "2024-01-11", "01", record_id="1"),
        WelshTreatment(None, "2024-01-21", "03", record_id="9", local=" X7"),
        WelshTreatment(None, "2024-01-21", "03", record_id="9"),
        WelshTreatment(ANN, "2024-01-05", "05", record_id="2"),
    )
    oracle = audit(tmp_path)
    assert rules(oracle) == ["treatment_without_person"]
    assert to_treatment(oracle)["treated"] == 2
    assert to_treatment(oracle, "radiotherapy")["median_days"] == 4
    assert to_treatment(oracle, "endocrine")["median_days"] == 20


def test_b9_a_later_file_replaces_the_rows_of_its_tumours(tmp_path: Path) -> None:
    wales_tumour(tmp_path, "7A4", "2024-Q1", primary(ANN, date="2024-01-01", m="1"))
    rows = [WelshTreatment(ANN, f"2024-01-0{day}", "01", record_id="1") for day in (2, 3)]
    wales_treatment(tmp_path, "7A4", "2024-Q1", *rows, WelshTreatment(ANN, "2024-01-04"))
    wales_treatment(tmp_path, "7A4", "2024-Q2", WelshTreatment(ANN, "2024-01-05", record_id="1"))
    wales_treatment(tmp_path, "7A3", "2024-Q2", WelshTreatment(ANN, "2024-01-06", record_id="1"))
    oracle = audit(tmp_path, "2024-Q1", "2024-Q2")
    fates = {
        row["file"]: (row["accepted"], row["superseded"])
        for row in oracle.ledger
        if row["source"] == "wales_treatment"
    }
    assert list(fates.values()) == [(0, 3), (1, 0), (1, 0)]


@pytest.mark.parametrize(
    ("death", "rule"),
    [
        (Death("9434765910", "2024-01-01"), "nhs_number_missing_or_invalid"),
        (Death(ANN, None), "death_date_missing"),
        (Death(ANN, "20241301"), "death_date_unreadable"),
        (Death(ANN, "1899-12-31"), "death_date_before_1900"),
        (Death(ANN, "2024-01-03", "2024-01-02"), "death_after_registration"),
    ],
)
def test_b11_deaths_in_quarantine(tmp_path: Path, death: Death, rule: str) -> None:
    deaths(tmp_path, "2024-01", death)
    oracle = audit(tmp_path)
    assert rules(oracle) == [rule]
    assert only(oracle.ledger)["quarantined"] == 1


def test_b11_the_last_registration_wins(tmp_path: Path) -> None:
    england(tmp_path, primary(ANN, date="2024-01-01", m="1"))
    deaths(
        tmp_path,
        "2024-01",
        Death(ANN, "2024-01-05", "2024-02-02"),
        Death(ANN, "2024-01-06", "2024-02-01"),
        Death(ANN, "2024-01-07", "2024-01-01"),  # in quarantine: no rival
        Death(ANN, "2024-01-07", None),
    )
    oracle = audit(tmp_path)
    assert only(oracle.mbc_cohort)["death_date"] == dt.date(2024, 1, 5)
    row = only(oracle.ledger, source="deaths")
    assert (row["accepted"], row["superseded"], row["quarantined"]) == (1, 2, 1)


@pytest.mark.parametrize(
    ("text", "date"), [("20240100", dt.date(2024, 1, 15)), ("20240000", dt.date(2024, 7, 1))]
)
def test_b12_partial_dates_are_not_judged_against_registration(
    tmp_path: Path, text: str, date: dt.date
) -> None:
    england(tmp_path, primary(ANN, date="2024-01-01", m="1"))
    deaths(tmp_path, "2024-01", Death(ANN, text, "2024-01-10"))
    oracle = audit(tmp_path)
    assert oracle.quarantine == []
    assert only(oracle.mbc_cohort)["death_date"] == date


def test_b10_b13_b19_sact(tmp_path: Path) -> None:
    rows = [
        Administration(ANN, "2024-01-01"),
        Administration(ANN, "01/01/2024"),  # the same again: supersedes
        Administration(ANN, "2024-01-01", cycle="2"),
        Administration(ANN, "2024-01-01", icd="C79.5"),  # the same key: supersedes again
        Administration(ANN, "2024-01-01", icd="C34.1"),
        Administration(ANN, "2024-01-01", icd=None),
        Administration(ANN, "-4714-12-31"),
        Administration(ANN, "2024-04-01"),
        Administration("9434765910", "2024-01-01", local="a"),
        Administration(None, "2024-01-01"),
    ]
    sact(tmp_path, "2024-01", *rows)
    oracle = audit(tmp_path)
    row = only(oracle.ledger)
    fates = [row[key] for key in ("accepted", "superseded", "out_of_scope", "quarantined")]
    assert fates == [3, 2, 1, 4]
    assert rules(oracle) == [
        "nhs_number_invalid",
        "no_person_identifier",
        "primary_diagnosis_missing",
        "regimen_start_after_run",
        "regimen_start_missing",
    ]


# C: people


def test_c1_c2_c6_persons(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary("9434765910", local=" ab01", date="2024-01-01", m="1"),
        recurrence(None, local="AB01 ", date="2024-01-05", mets=BONE),
        recurrence(ANN, local="AB01", date="2024-01-06", mets=BONE),
    )
    people = [row["person_id"] for row in audit(tmp_path).mbc_cohort]
    assert people == [("local", "RHU", "AB01"), ("nhs", ANN)]


def test_c4_latest_known_demographics(tmp_path: Path) -> None:
    records = [
        primary(ANN, date="2023-01-01", birth="1950-01-01", sex="male"),
        primary(ANN, date="2024-01-01", m="1", birth="1951-01-02", sex="female"),
        recurrence(ANN, date="2024-02-01", birth=None, sex="9"),
    ]
    for record, name in zip(records, ("a.xml", "b.xml", "c.xml"), strict=True):
        england(tmp_path, record, name=name)
    person = only(audit(tmp_path).mbc_cohort)
    assert (person["sex"], person["age_at_mbc"]) == ("female", 72)


# E: places and windows


def test_e1_e2_e3_e5_provider_of_diagnosis(tmp_path: Path) -> None:
    cosd_v9(
        tmp_path,
        "RW3",
        "2024-01",
        primary(ANN, date="2024-01-01", m="1", site="RHU02"),
        primary(BEA, date="2024-01-01", m="1", site="QQQ01"),
        primary(CAT, date="2024-01-01", m="1", provider="zz9"),
        primary(DOT, date="2024-01-01", provider="A99"),
        primary(DOT, date="2024-01-01", provider="RHU", m="1"),
    )
    cohort = {row["person_id"][1]: row["provider_code"] for row in audit(tmp_path).mbc_cohort}
    assert cohort == {ANN: "RHU", BEA: "R0A", CAT: "ZZ9", DOT: "RHU"}


def test_e2_lower_rule_then_provider(tmp_path: Path) -> None:
    england(
        tmp_path,
        recurrence(ANN, date="2024-01-01", mets=BONE, provider="RTG"),
        progression(ANN, date="2024-01-01", mets=BONE, provider="RHU"),
        primary(ANN, date="2020-01-01", progressions=[("2024-01-01", BONE)], provider="RYR"),
        recurrence(BEA, date="2024-01-01", mets=BONE, provider="RTG"),
        progression(BEA, date="2024-01-01", mets=BONE, provider="RHU"),
    )
    cohort = {row["person_id"][1]: row["provider_code"] for row in audit(tmp_path).mbc_cohort}
    assert cohort == {ANN: "RYR", BEA: "RHU"}


def test_a10_e4_geographies() -> None:
    assert places.geographies("Wales", "7A4") == (
        ("england_and_wales", "K04000001", "England and Wales"),
        ("nation", "W92000004", "Wales"),
        ("provider", "7A4", "Cardiff and Vale University Health Board"),
    )
    kinds = [kind for kind, _, _ in places.geographies("England", "RHU")]
    assert kinds == ["england_and_wales", "nation", "cancer_alliance", "provider"]
    assert places.geographies("England", "ZZ9")[2:] == (("provider", "ZZ9", "ZZ9"),)


def test_e6_e7_e8_windows(tmp_path: Path) -> None:
    cosd_v9(tmp_path, "RHU", "2023-04")
    england(tmp_path, primary(ANN, date="2023-04-01", m="1"))
    cosd_v9(tmp_path, "RHU", "2024-06")
    oracle = audit(tmp_path, "2024-Q1", "2024-Q2", earlier_from=Quarter(2023, 2))
    rows = [
        (row["quarter"], row["period"], row["complete"])
        for row in oracle.cns_access
        if row["geography_type"] == "provider" and row["presentation"] == "all"
    ]
    assert rows == [
        ("2024-Q1", "rolling_12m", True),
        ("2024-Q1", "rolling_36m", False),
        ("2024-Q2", "rolling_36m", False),
    ]


def test_g5_a_nation_is_reported_where_it_sent(tmp_path: Path) -> None:
    england(tmp_path, primary(ANN, date="2024-01-01", m="1"))
    england(tmp_path, "<BreastRecord>", name="z.xml")
    cosd_v9(tmp_path, "RHU", "2024-04", "<BreastRecord>")  # rejected: not sent
    wales_tumour(tmp_path, "7A4", "2024-Q2", primary(BEA, date="2024-01-02", m="1"))
    wales_tumour(tmp_path, "7A4", "2024-Q3")  # empty, and sent
    sact(tmp_path, "2024-10", Administration(ANN, "2024-02-01"))  # of no tumour
    oracle = audit(tmp_path, "2024-Q1", "2024-Q4")
    living = {
        (row["quarter"], row["geography_name"]): (row["people"], row["population"] is None)
        for row in oracle.prevalence
        if (row["sex"], row["age_band"], row["presentation"]) == ("all", "all", "all")
        and row["years_since_mbc"] == "all"
        and row["geography_type"] in figures.NATIONAL
    }
    assert living == {
        ("2024-Q1", "England and Wales"): (1, True),
        ("2024-Q1", "England"): (1, False),
        ("2024-Q2", "England and Wales"): (1, True),
        ("2024-Q2", "Wales"): (1, False),
        ("2024-Q3", "England and Wales"): (1, True),
        ("2024-Q3", "Wales"): (1, False),
    }


# A3, F3, F4, D10: cns_access


@pytest.mark.parametrize(("date", "seen"), [("2024-03-03", 1), ("2024-03-04", 0)])
def test_a3_the_event_window_is_62_days(tmp_path: Path, date: str, seen: int) -> None:
    england(
        tmp_path,
        recurrence(ANN, date="2024-01-01", mets=BONE, cns="NN"),
        recurrence(ANN, date=date, mets=BONE, cns="Y1"),
    )
    row = national(audit(tmp_path).cns_access, period="quarter")
    assert (row["patients"], row["recorded"], row["seen"]) == (1, 1, seen)


def test_a3_the_primary_record_of_a_de_novo_person_counts(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary(ANN, date="2024-01-01", cns="Y3"),
        recurrence(ANN, date="2024-03-31", mets=BONE, cns="99"),
    )
    assert national(audit(tmp_path).cns_access, period="quarter")["seen"] == 1


def test_f4_nothing_recorded(tmp_path: Path) -> None:
    england(tmp_path, primary(ANN, date="2024-01-01", m="1", cns="99"))
    row = only(
        audit(tmp_path).cns_access,
        geography_type="provider",
        period="rolling_12m",
        presentation="all",
    )
    assert (row["completeness_pct"], row["seen_pct_of_patients"]) == (0, 0)
    nulls = ("seen_pct_of_recorded", "lower_95", "limit_lower_95", "outlier", "target_pct")
    assert [row[name] for name in nulls] == [None] * 5


def test_d10_death_certificate_only(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary(ANN, date="2024-01-01", m="1", basis="0"),
        primary(BEA, date="2024-01-01", m="1", basis="0"),
        recurrence(BEA, date="2024-01-09", mets=BONE),
        primary(CAT, date="2024-01-01", m="1", basis="0"),
        primary(CAT, date="2024-01-01", m="1", basis="7", provider="RTG"),
    )
    oracle = audit(tmp_path)
    assert len(oracle.mbc_cohort) == 3
    assert national(oracle.cns_access, period="quarter")["patients"] == 1
    assert to_treatment(oracle)["patients"] == 1


# A12, F1: prevalence


def test_prevalence_cube_and_rates(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary(ANN, date="2023-03-31", m="1", birth="1944-03-31"),
        primary(BEA, date="2023-04-01", m="1", birth="1944-04-01", sex="9"),
        primary(CAT, date="2024-01-01", m="1"),
        primary(DOT, date="2024-04-01", m="1"),
    )
    deaths(tmp_path, "2024-01", Death(CAT, "2024-03-31"))
    oracle = audit(tmp_path)
    england_only = {"geography_code": "E92000001", "presentation": "all"}
    rows = [
        row
        for row in oracle.prevalence
        if all(row[name] == value for name, value in england_only.items())
    ]
    anns = only(rows, sex="female", age_band="80+", years_since_mbc="1-<3")
    beas = only(rows, sex="unknown", age_band="70-79", years_since_mbc="<1")
    everyone = only(rows, sex="all", age_band="all", years_since_mbc="all")
    assert (anns["people"], beas["people"], everyone["people"]) == (1, 1, 2)
    with (places.SEEDS / "population.csv").open(newline="") as lines:
        women = sum(
            int(row["population"])
            for row in csv.DictReader(lines)
            if row["nation"] == "England" and row["sex"] == "female" and int(row["age"]) >= 80
        )
    assert anns["population"] == women
    assert anns["rate_per_100k"] == pytest.approx(100_000 / women)
    assert (beas["population"], beas["rate_per_100k"]) == (None, None)
    assert len({tuple(row.items()) for row in oracle.prevalence}) == len(oracle.prevalence)


# A4, A5, F5-F10: time_to_treatment


def given_treatments(landing: Path, *treatments: tuple[str, str], died: str | None = None) -> Any:
    england(landing, primary(ANN, date="2024-02-01", m="1", treatments=list(treatments)))
    if died:
        deaths(landing, "2024-01", Death(ANN, died))
    return audit(landing, "2024-Q1", "2024-Q2").time_to_treatment


@pytest.mark.parametrize(
    ("treatments", "died", "expected"),
    [
        ([("2024-02-10", "1")], None, ("surgery", 9)),  # F7: one digit is padded
        ([("2024-02-10", "")], None, ("other", 9)),
        ([("2024-02-10", "07"), ("2024-02-11", "98")], None, ("censored", None)),
        ([("2024-02-10", "03"), ("2024-02-10", "05"), ("2024-02-10", "04")], None,
         ("chemotherapy", 9)),  # F6: priority on one day
        ([("2024-01-02", "03"), ("2024-01-31", "01")], None, ("endocrine", 0)),  # F6: earliest
        ([("2024-01-01", "01")], None, ("surgery", 0)),  # 31 days before
        ([("2023-12-31", "01")], None, ("censored", None)),  # 32 days before
        ([("2024-02-10", "01")], "2024-02-10", ("surgery", 9)),  # F8
        ([("2024-02-10", "01")], "2024-02-09", ("died", None)),
        ([("2024-01-10", "01")], "2024-01-20", ("surgery", 0)),
        ([("2024-03-31", "01")], None, ("surgery", 59)),  # A5: the horizon is 31 March
        ([("2024-04-01", "01")], None, ("censored", None)),
        ([], "2024-04-01", ("censored", None)),
    ],
)  # fmt: skip
def test_first_treatment(
    tmp_path: Path,
    treatments: list[tuple[str, str]],
    died: str | None,
    expected: tuple[str, int | None],
) -> None:
    rows = [
        row
        for row in given_treatments(tmp_path, *treatments, died=died)
        if row["quarter"] == "2024-Q1"
        and row["period"] == "quarter"
        and row["geography_type"] == "nation"
        and row["presentation"] == "all"
    ]
    outcome, days = expected
    everyone = only(rows, modality="any")
    assert everyone["median_days"] == days
    if days is None:
        counts = {"died": everyone["died_untreated"], "censored": everyone["censored"]}
        assert (len(rows), counts[outcome]) == (1, 1)
    else:
        assert only(rows, modality=outcome)["median_days"] == days


def test_a4_f9_rows_by_modality_and_eligibility(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary(ANN, date="2024-01-01", m="1", treatments=[("2024-02-01", "01")]),  # day 31
        primary(BEA, date="2024-01-29", m="1", treatments=[("2024-03-01", "01")]),  # day 32
        primary(CAT, date="2024-01-30", m="1", treatments=[("2024-01-30", "03")]),  # +62 = 1 April
        primary(DOT, date="2024-02-29", m="1"),  # +31 = 31 March
    )
    deaths(tmp_path, "2024-01", Death(DOT, "2024-03-01"))
    oracle = audit(tmp_path)
    everyone, surgery = to_treatment(oracle), to_treatment(oracle, "surgery")
    counts = ("patients", "treated", "died_untreated", "eligible_31d", "within_31d")
    assert [everyone[name] for name in counts] == [4, 3, 1, 4, 2]
    assert [surgery[name] for name in counts] == [2, 2, 0, 2, 1]
    assert (everyone["eligible_62d"], everyone["within_62d"]) == (2, 2)
    assert surgery["within_31d_pct"] == 50


@pytest.mark.parametrize(
    ("drugs", "group"),
    [
        ({"PACLITAXEL", "TRASTUZUMAB"}, "chemotherapy"),
        ({"LETROZOLE", "PALBOCICLIB"}, "other_systemic"),
        ({"LETROZOLE", "SOMETHING NEW"}, "chemotherapy"),
        ({"FULVESTRANT 500MG", "DENOSUMAB"}, "endocrine"),
        ({"ZOLEDRONIC ACID", "DEXAMETHASONE"}, None),
        ({"LETROZOLE", "BSA CALCULATION"}, "endocrine"),
        ({""}, "other"),
    ],
)
def test_f5_regimens(drugs: set[str], group: str | None) -> None:
    assert figures.regimen_group(drugs) == group


def test_f5_f10_sact_is_a_treatment_by_regimen(tmp_path: Path) -> None:
    england(
        tmp_path,
        primary(ANN, date="2024-01-01", m="1"),
        primary(BEA, date="2024-01-01", m="1"),
        transformation(BEA, date="2024-01-01", icd=None, treatments=[("2024-01-03", "05")]),
    )
    rows = [
        Administration(ANN, "2024-01-11", drug=drug, regimen="LETRO")
        for drug in ("letrozole", "palbociclib")
    ]
    sact(tmp_path, "2024-01", *rows, Administration(ANN, "2024-01-05", drug="DENOSUMAB"))
    oracle = audit(tmp_path)
    assert to_treatment(oracle, "other_systemic")["median_days"] == 10
    assert to_treatment(oracle, "radiotherapy")["median_days"] == 2


def test_a5_mbc_after_the_horizon_lies_in_no_reported_quarter(tmp_path: Path) -> None:
    """The horizon ends with the last quarter that the nation sent, and so do its rows (G5)."""
    england(tmp_path, primary(ANN, date="2024-04-02", m="1", treatments=[("2024-03-30", "01")]))
    oracle = audit(tmp_path, "2024-Q1", "2024-Q2")
    assert len(oracle.mbc_cohort) == 1
    assert oracle.time_to_treatment == []


def test_a5_each_nation_has_its_horizon(tmp_path: Path) -> None:
    cosd_v9(tmp_path, "RHU", "2024-04")
    england(tmp_path, primary(ANN, date="2024-02-01", m="1", treatments=[("2024-04-05", "01")]))
    wales_tumour(tmp_path, "7A4", "2024-Q1", primary(BEA, date="2024-02-01", m="1"))
    wales_treatment(tmp_path, "7A4", "2024-Q2", WelshTreatment(BEA, "2024-04-05"))
    rows = {
        row["geography_name"]: row["treated"]
        for row in audit(tmp_path, "2024-Q1", "2024-Q2").time_to_treatment
        if row["geography_type"] == "nation"
        and (row["quarter"], row["period"]) == ("2024-Q1", "quarter")
        and (row["presentation"], row["modality"]) == ("all", "any")
    }
    assert rows == {"England": 1, "Wales": 0}


# Random worlds


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(world=landings(max_people=10))
def test_books_balance_in_random_worlds(
    tmp_path_factory: pytest.TempPathFactory, world: World
) -> None:
    landing = tmp_path_factory.mktemp("world")
    world.write(landing)
    oracle = compute(landing, world.first, world.last)
    fates = ("accepted", "superseded", "out_of_scope", "quarantined")
    assert all(row["received"] == sum(row[fate] for fate in fates) for row in oracle.ledger)
    people = [row["person_id"] for row in oracle.mbc_cohort]
    assert len(people) == len(set(people))
    for row in oracle.time_to_treatment:
        assert row["patients"] == row["treated"] + row["died_untreated"] + row["censored"]
        assert row["within_31d"] <= row["eligible_31d"] >= row["eligible_62d"]
