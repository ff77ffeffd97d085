"""Submissions of a few people, small enough to work their figures out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from naome_assets.quarters import Quarter, quarter_range
from naome_assets.transform.project import Target, load_project
from naome_assets.warehouse.declared_tables import metadata

FIRST = date(2023, 1, 10)
LAST_DAY = date(2024, 12, 31)
SOURCES = ("cosd", "pathology", "wales_tumour", "wales_treatment", "sact", "deaths")


def upstream(name: str) -> set[str]:
    """A model and all that it is built from."""
    models = load_project().models
    refs = models[name].refs if name in models else ()
    return {name}.union(*(upstream(ref) for ref in refs))


@cache
def _rendered(name: str) -> str:
    """A model's SQL: the same for every test."""
    project = load_project()
    return project.render(project.models[name], Target())


class Few:
    """A warehouse of few people: each method sends one row."""

    def __init__(self, warehouse: Any) -> None:
        self.warehouse = warehouse
        self.position = 0
        self._built: set[str] = set()
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
        self.run(1, "2023-Q1", "2024-Q4")

    def run(self, number: int, first: str, last: str) -> None:
        """Quarters were asked for."""
        self._insert("audit_run", number=number, from_quarter=first, to_quarter=last)

    def _insert(self, table: str, **row: Any) -> None:
        self.warehouse.insert(metadata.tables[table], [row])

    def _at(self, file: str) -> dict[str, Any]:
        self.position += 1
        return {"file": file, "position": self.position, "quarter": "2024-Q4"}

    def _who(self, person: str) -> dict[str, Any]:
        return {"nhs_person_id": person, "nhs_number_status": "valid"}

    def england(self, person: str, day: date = FIRST, file: str = "cosd", **items: Any) -> int:
        given = {"stage_integrated": "4", "basis_of_diagnosis": "7"} | items
        return self.cosd(person, day, "C509", "primary", file=file, **given)

    def cosd(
        self, person: str, day: date, icd: str, pathway: str, *, file: str = "cosd", **items: Any
    ) -> int:
        """A COSD record of any cancer and pathway; its position."""
        given = {"provider": "RTH"} | items
        self._insert(
            "cosd_record",
            **self._at(file),
            **self._who(person),
            version="9.0.1",
            pathway=pathway,
            event_date=day,
            icd10=icd,
            **given,
        )
        return self.position

    def metastasis(self, type_: str, part: str = "non_primary") -> None:
        """A metastatic type of the record sent last."""
        self._insert(
            "cosd_metastasis",
            file="cosd",
            position=self.position,
            quarter="2024-Q4",
            part=part,
            paired=True,
            metastatic_type=type_,
        )

    def wales(
        self, person: str, day: date = FIRST, file: str = "wales_tumour", **items: Any
    ) -> None:
        given = {"stage": "4", "basis_of_diagnosis": "7"} | items
        self._insert(
            "wales_tumour",
            **self._at(file),
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

    def treatment(
        self, position: int, day: date, modality: str, intent: str = "02", *, number: int = 1
    ) -> None:
        self._insert(
            "cosd_treatment",
            file="cosd",
            position=position,
            quarter="2024-Q4",
            number=number,
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

    def death(
        self, person: str, day: date, *, registered: date | None = None, **causes: str | None
    ) -> None:
        self._insert(
            "death_registration",
            **self._at("deaths"),
            **self._who(person),
            death_date=day,
            registration_date=registered or day,
            **causes,
        )

    def withdraw(self, source: str, quarter: str) -> None:
        """The file of a quarter was never sent."""
        self.warehouse.connection.execute(
            "delete from submission where source = ? and quarter = ?", [source, quarter]
        )

    def rows(self, model: str, columns: str, **where: str) -> list[tuple[Any, ...]]:
        """Columns of the rows of a model in which other columns hold what is asked for.

        Nothing may be sent once a model is built.
        """
        self._build(model)
        asked = " and ".join(f"{name} = ?" for name in where)
        return self.warehouse.connection.execute(
            f"select {columns} from {model} where {asked} order by all", [*where.values()]
        ).fetchall()

    def figures(self, indicator: str, quarter: str = "2023-Q1") -> tuple[Any, ...] | None:
        """Numerator and denominator of England and Wales in a quarter; none without a row."""
        rows = self.rows(
            "indicator",
            "numerator, denominator",
            indicator=indicator,
            quarter=quarter,
            period="quarter",
            presentation="all",
            geography_type="england_and_wales",
        )
        return rows[0] if rows else None

    def _build(self, name: str) -> None:
        """A model and all that it is built from, unless it stands."""
        project = load_project()
        if not self._built:
            for seed in project.seeds.values():
                self.warehouse.build_seed(seed)
        needed = upstream(name) - self._built
        for model in project.ordered_models():
            if model.name in needed:
                self.warehouse.build_model(model, _rendered(model.name))
        self._built |= needed


def after(days: int) -> date:
    return FIRST + timedelta(days=days)
