"""Indicators worked out by hand, from submissions of a few people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import pytest

from naome_assets.quarters import Quarter, quarter_range
from naome_assets.transform.project import Model, Target, load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.tables import metadata

FIRST = date(2023, 1, 10)
LAST_DAY = date(2024, 12, 31)
SOURCES = ("cosd", "pathology", "wales_tumour", "wales_treatment", "sact", "deaths")


def _upstream(name: str) -> set[str]:
    """A model and all that it is built from."""
    models = load_project().models
    refs = models[name].refs if name in models else ()
    return {name}.union(*(_upstream(ref) for ref in refs))


_NEEDED = _upstream("indicator")


@cache
def _rendered() -> tuple[tuple[Model, str], ...]:
    """The models that are needed, in order, with their SQL: the same for every test."""
    project = load_project()
    return tuple(
        (model, project.render(model, Target()))
        for model in project.ordered_models()
        if model.name in _NEEDED
    )


class Few:
    """A warehouse of few people: each method sends one row."""

    def __init__(self, warehouse: DuckDBWarehouse) -> None:
        self.warehouse = warehouse
        self.position = 0
        warehouse.create_submission_tables()
        # Both nations sent something for every quarter asked for, or it would not be reported.
        for quarter in quarter_range(Quarter(2023, 1), Quarter(2024, 4)):
            is_last = quarter == Quarter(2024, 4)
            for source in SOURCES if is_last else ("cosd", "wales_tumour"):
                self._insert(
                    "submission",
                    file=source if is_last else f"{source} {quarter}",
                    sha256=f"{source} {quarter}",
                    source=source,
                    quarter=str(quarter),
                    folder=quarter.months[2],
                    status="loaded",
                    created_at=datetime(2025, 1, 1),
                    period_end=quarter.last_day,
                    extract_date=quarter.last_day,
                    received=0,
                    other_tumour_groups=0,
                    unreadable_records=0,
                    ignored_elements=0,
                    bytes=1,
                )
        self._insert("audit_run", number=1, from_quarter="2023-Q1", to_quarter="2024-Q4")

    def _insert(self, table: str, **row: Any) -> None:
        self.warehouse.insert(metadata.tables[table], [row])

    def _at(self, file: str) -> dict[str, Any]:
        self.position += 1
        return {"file": file, "position": self.position, "quarter": "2024-Q4"}

    def _who(self, person: str) -> dict[str, Any]:
        return {"nhs_person_id": person, "nhs_number_status": "valid"}

    def england(self, person: str, day: date = FIRST, **items: Any) -> int:
        given = {"stage_integrated": "4", "basis_of_diagnosis": "7"} | items
        self._insert(
            "cosd_record",
            **self._at("cosd"),
            **self._who(person),
            version="9.0.1",
            provider="RTH",
            pathway="primary",
            event_date=day,
            icd10="C509",
            **given,
        )
        return self.position

    def wales(self, person: str, day: date = FIRST, **items: Any) -> None:
        given = {"stage": "4", "basis_of_diagnosis": "7"} | items
        self._insert(
            "wales_tumour",
            **self._at("wales_tumour"),
            **self._who(person),
            health_board="7A4",
            record_id=person,
            provider="7A4",
            pathway="primary",
            icd10="C509",
            event_date=day,
            **given,
        )

    def welsh_treatment(self, person: str, day: date, modality: str, intent: str) -> None:
        self._insert(
            "wales_treatment",
            **self._at("wales_treatment"),
            **self._who(person),
            health_board="7A4",
            record_id=person,
            provider="7A4",
            start_date=day,
            modality=modality,
            intent=intent,
        )

    def treatment(self, position: int, day: date, modality: str, intent: str = "02") -> None:
        self._insert(
            "cosd_treatment",
            file="cosd",
            position=position,
            quarter="2024-Q4",
            number=1,
            start_date=day,
            modality=modality,
            intent=intent,
        )

    def sact(
        self, person: str, day: date, drug: str, intent: str = "02", *, regimen: date | None = None
    ) -> None:
        """A cycle on a day; the regimen began on that day, or on the one given."""
        self._insert(
            "sact_administration",
            **self._at("sact"),
            **self._who(person),
            provider="RTH",
            primary_diagnosis="C50",
            regimen=drug,
            regimen_start_date=regimen or day,
            cycle_start_date=day,
            cycle_number="1",
            drug_name=drug,
            administration_date=day,
            intent=intent,
        )

    def report(self, person: str, day: date = FIRST, **receptors: str) -> None:
        """A pathology report of the primary tumour."""
        self._insert(
            "pathology_report",
            **self._at("pathology"),
            **self._who(person),
            provider="RTH",
            report_date=day,
            report_status="1",
            specimen_nature="1",
            icd10="C509",
            is_breast_section=True,
            **receptors,
        )

    def death(self, person: str, day: date) -> None:
        self._insert(
            "death_registration",
            **self._at("deaths"),
            **self._who(person),
            death_date=day,
            registration_date=day,
        )

    def figures(self, indicator: str, quarter: str = "2023-Q1") -> tuple[Any, ...] | None:
        """Numerator and denominator of England and Wales in a quarter; none without a row."""
        if not self.warehouse.has_table("provider"):
            for seed in load_project().seeds.values():
                self.warehouse.build_seed(seed)
            for model, sql in _rendered():
                self.warehouse.build_model(model, sql)
        return self.warehouse.connection.execute(
            "select numerator, denominator from indicator where indicator = ? and quarter = ? "
            "and period = 'quarter' and presentation = 'all' "
            "and geography_type = 'england_and_wales'",
            [indicator, quarter],
        ).fetchone()


@pytest.fixture
def few() -> Iterator[Few]:
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    yield Few(warehouse)
    warehouse.close()


def after(days: int) -> date:
    return FIRST + timedelta(days=days)


def test_care_on_the_records_of_the_event(few: Few) -> None:
    few.england("a", mdt_meetings=1, palliative_specialist_seen="Y", cns_indication="Y1")
    few.england("b", mdt_date=FIRST, palliative_specialist_seen="N", basis_of_diagnosis="6")
    few.wales("c", palliative_specialist_seen="9", performance_status="1", ethnic_category="Z")
    few.england("v10", basis_of_diagnosis="7.2")
    few.england("d", basis_of_diagnosis="0", mdt_meetings=1)  # D10: in no indicator of care
    assert few.figures("mdt_discussed") == (2, 4)
    # Wales sends no pathology reports, so an indicator made of them cannot see its people (G3).
    assert few.figures("biopsy_of_metastasis") == (2, 3)
    assert few.figures("palliative_care_seen") == (1, 2)
    assert few.figures("completeness_palliative_care") == (2, 4)
    assert few.figures("completeness_cns") == (1, 4)
    assert few.figures("completeness_performance_status") == (1, 4)
    assert few.figures("completeness_ethnicity") == (0, 4)
    assert few.figures("completeness_stage") == (4, 4)
    assert few.figures("completeness_t_category") == (0, 4)
    assert few.figures("completeness_recurrence_date") is None
    assert few.figures("death_certificate_only") == (1, 5)
    assert few.figures("incidence") == (5, None)
    assert few.figures("recurrent_share") == (0, 5)


def test_histology_of_a_metastasis_in_each_version(few: Few) -> None:
    """A person a quarter: each figure is of one code."""
    expected = {"6": 1, "7": 0, "7.1": 0, "7.2": 1}
    for month, basis in zip((1, 4, 7, 10), expected, strict=True):
        few.england(basis, date(2023, month, 10), basis_of_diagnosis=basis)
    for number, people in enumerate(expected.values(), start=1):
        assert few.figures("biopsy_of_metastasis", f"2023-Q{number}") == (people, 1)


def test_sact_within_six_months(few: Few) -> None:
    few.treatment(few.england("first day"), after(-31), "02")
    few.treatment(few.england("too early"), after(-32), "02")
    few.england("last day")
    few.sact("last day", after(183), "PACLITAXEL")
    few.england("too late")
    few.sact("too late", after(184), "PACLITAXEL")
    few.treatment(few.england("endocrine alone"), after(5), "03")
    few.england("dead before")
    few.sact("dead before", after(20), "PACLITAXEL")
    few.death("dead before", after(10))
    few.wales("c", er_status="P", her2_status="N")
    few.welsh_treatment("c", after(9), "14", "02")
    few.wales("unknown", er_status="P", her2_status="X")
    # A progesterone receptor alone makes the cancer hormone-receptor positive.
    few.england("pr alone")
    few.report("pr alone", er_status="N", pr_status="P", her2_status="N1")
    assert few.figures("sact_within_6_months") == (3, 9)
    assert few.figures("sact_within_6_months_hr_positive_her2_negative") == (1, 2)
    assert few.figures("completeness_treatment") == (6, 9)
    # No Welsh source names the drugs.
    assert few.figures("cdk4_6_inhibitor") is None


def test_follow_up_must_reach_six_months(few: Few) -> None:
    few.england("reached", date(2024, 7, 1))  # 2024-12-31 is day 183
    few.england("not reached", date(2024, 7, 2))
    assert few.figures("sact_within_6_months", "2024-Q3") == (0, 1)
    assert few.figures("mdt_discussed", "2024-Q3") == (0, 2)


def test_cdk4_6_inhibitor(few: Few) -> None:
    for person in ("given", "late", "not given"):
        few.england(person)
        # Receptor status is held for the person, whichever nation sent it.
        few.wales(person, after(30), er_status="P", her2_status="N")
    few.sact("given", after(183), "PALBOCICLIB")
    few.sact("late", after(184), "PALBOCICLIB")
    few.sact("not given", after(5), "LETROZOLE")
    # A drug noted after the death was not given (ruling F8).
    few.england("dead before")
    few.wales("dead before", after(30), er_status="P", her2_status="N")
    few.sact("dead before", after(60), "PALBOCICLIB")
    few.death("dead before", after(50))
    assert few.figures("cdk4_6_inhibitor") == (1, 4)


def test_palliative_radiotherapy(few: Few) -> None:
    few.treatment(few.england("in time"), after(365), "05", "02")
    few.treatment(few.england("late"), after(366), "05")
    few.treatment(few.england("curative"), after(9), "05", "01")
    few.treatment(few.england("no radiotherapy"), after(9), "02")
    few.wales("c")
    few.welsh_treatment("c", after(9), "06", "02")
    # What is dated after the death was not given (ruling F8).
    few.treatment(few.england("dead before"), after(20), "05")
    few.death("dead before", after(10))
    assert few.figures("palliative_radiotherapy") == (2, 6)


def test_mortality_after_the_last_palliative_cycle(few: Few) -> None:
    for person, cycles, died in (
        ("within", (0, 60), 90),
        ("later", (0, 60), 91),
        ("alive", (0,), None),
        ("same day", (7,), 7),
    ):
        few.england(person)
        for day in cycles:
            few.sact(person, after(day), "PACLITAXEL")
        if died is not None:
            few.death(person, after(died))
    # Days count from the cycle, not from the start of its regimen.
    few.england("long regimen")
    few.sact("long regimen", after(60), "PACLITAXEL", regimen=after(0))
    few.death("long regimen", after(90))
    few.england("curative")
    few.sact("curative", after(3), "PACLITAXEL", "01")
    # Bone protection is no anti-cancer treatment (ruling F5): neither a last cycle nor one alone.
    few.england("bone protection later")
    few.sact("bone protection later", after(0), "PACLITAXEL")
    few.sact("bone protection later", after(60), "ZOLEDRONIC ACID")
    few.death("bone protection later", after(80))
    few.england("bone protection alone")
    few.sact("bone protection alone", after(5), "DENOSUMAB")
    assert few.figures("mortality_30d_after_sact") == (3, 6)


def test_survival_by_hand(few: Few) -> None:
    # Of four, one dies on day 100 and one on day 400; the others are followed to the end.
    for person in "abcd":
        few.england(person)
    few.death("a", after(100))
    few.death("b", after(400))
    assert few.figures("survival_1y") == (1, 4)
    row = few.warehouse.connection.execute(
        "select value, at_risk from indicator where indicator = 'survival_1y' "
        "and quarter = '2023-Q1' and period = 'quarter' and presentation = 'all' "
        "and geography_type = 'nation'"
    ).fetchone()
    assert row == (pytest.approx(75), 3)
