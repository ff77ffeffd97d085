"""Hospital, radiotherapy and waiting-times rows of a few people, beside their registry records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.transform.few import Few, upstream

#: The day of the primary of most people.
PRIMARY = date(2018, 3, 1)
HOSPITAL, BROAD = "registry_hospital", "registry_hospital_broad"
#: Presentation and MBC date.
Found = tuple[str, date] | None


class Hospital(Few):
    """A warehouse of few people, with hospital rows as the registry stage has them."""

    def __init__(self, warehouse: Warehouse, *, nations: tuple[str, ...] = ("England",)) -> None:
        super().__init__(warehouse)
        self.hospital_rows: dict[str, list[dict[str, Any]]] = {
            "hospital_episode": [],
            "hospital_diagnosis": [],
            "radiotherapy_course": [],
            "waiting_times_event": [],
            "hospital_look_back": [
                {"nation": nation, "look_back_start": date(2016, 4, 1), "positions": 20}
                for nation in nations
            ],
            "hospital_available": [{"nation": nation, "is_available": True} for nation in nations],
        }

    def someone(self, name: str, *, primary: bool = True, stage: str | None = "2") -> Someone:
        """A person, with a primary at RTH unless told otherwise."""
        person = Someone(self, name)
        if primary:
            person.primary(stage=stage)
        return person

    def add(self, table: str, person: str | None, **row: Any) -> int:
        """One more row; its position."""
        self.position += 1
        self.hospital_rows[table].append(
            {
                "file": table,
                "position": self.position,
                "quarter": "2024-Q4",
                "person_id": person,
                "source_person_id": f"id {person}",
                "provider": "RTH",
            }
            | row
        )
        return self.position

    def rows(self, model: str, columns: str, **where: str) -> list[tuple[Any, ...]]:
        """As of ``Few``, on any engine."""
        self._build(model)
        asked = " and ".join(f"{name} = '{value}'" for name, value in where.items()) or "true"
        table = self.warehouse.arrow(f"select {columns} from {model} where {asked}")
        found = [tuple(row.values()) for row in table.to_pylist()]
        return sorted(found, key=lambda row: [str(value) for value in row])

    def _build(self, name: str) -> None:
        project = load_project()
        if not self._built:
            for seed in project.seeds.values():
                self.warehouse.build_seed(seed)
        needed = upstream(name) - self._built
        for model in project.ordered_models():
            if model.name in needed:
                self.warehouse.build_model(model, project.render(model, self.warehouse.target))
                rows = self.hospital_rows.get(model.name)
                if rows is not None:
                    empty = self.warehouse.arrow(f"select * from {model.name} limit 0")
                    table = pa.Table.from_pylist(rows, schema=empty.schema)
                    self.warehouse.replace_table(model.name, table)
        self._built |= needed


@dataclass(frozen=True)
class Someone:
    """One person of the warehouse: each method sends one row."""

    few: Hospital
    name: str

    def primary(self, day: date = PRIMARY, stage: str | None = "2", **items: Any) -> None:
        """A primary breast cancer at RTH."""
        self.few.england(self.name, day, stage_integrated=stage, **items)

    def episode(
        self, day: date, *codes: str, source: str = "hes_apc", spell: str = "", **items: Any
    ) -> None:
        """A finished episode with codes in normal form; a spell of its own unless one is named."""
        given = {"spell_id": spell or f"{source} {day} {self.few.position}", "source": source}
        given |= {"hospital_date": day, "admission_date": day}
        position = self.few.add("hospital_episode", self.name, **given | items)
        self.few.hospital_rows["hospital_diagnosis"] += [
            {
                "file": "hospital_episode",
                "position": position,
                "icd": code,
                "icd3": code[:3],
                "strength": strength(code),
                "is_breast": code[:3] == "C50" or code == "Z853",
            }
            for code in codes
        ]

    def course(self, day: date, diagnosis: str | None = "C509", **items: Any) -> None:
        """A course of radiotherapy of a metastasis."""
        given = {"start_date": day, "diagnosis": diagnosis, "is_metastasis": True}
        given |= {"course_id": f"course {self.few.position}"}
        self.few.add("radiotherapy_course", self.name, **given | items)

    def waiting(self, day: date, type_: str = "05", icd: str | None = "C509", **items: Any) -> None:
        """A treatment event of cancer waiting times."""
        given = {"treatment_date": day, "event_type": type_, "icd": icd}
        self.few.add("waiting_times_event", self.name, **given | items)

    def record(
        self, day: date, icd: str, pathway: str = "primary", type_: str = "", **items: Any
    ) -> None:
        """A COSD record: of another cancer, or with a metastatic type."""
        self.few.cosd(self.name, day, icd, pathway, **items)
        if type_:
            self.few.metastasis(type_)

    def sact(self, day: date, drug: str, intent: str, cycle: date) -> None:
        """A cycle of the regimen that began on a day."""
        self.few.sact(self.name, cycle, drug, intent, regimen=day)

    def death(self, day: date, underlying: str = "C509", causes: str = "") -> None:
        """A death with its causes."""
        self.few.death(self.name, day, underlying_cause=underlying, causes=causes or None)

    def found(self, method: str = HOSPITAL) -> Found:
        """Presentation and MBC date by a method; none where it does not count the person."""
        where = {"method": method, "person_id": self.name}
        rows = self.few.rows("mbc_cohort", "presentation, mbc_date", **where)
        assert len(rows) <= 1
        return rows[0] if rows else None  # type: ignore[return-value] # two columns are asked for

    def statuses(self, columns: str = "status, confirmed_by") -> list[tuple[Any, ...]]:
        """The candidates by day."""
        asked = f"hospital_date, {columns}"
        found = self.few.rows("hospital_candidate", asked, person_id=self.name)
        return [row[1:] for row in found]


def strength(code: str) -> str | None:
    """Strong or weak by section 9 and ruling H14, for the codes that tests use."""
    third, fourth = code[:3], code[3:]
    if third in ("C78", "C79"):
        if code == "C792":
            return "weak"
        return "strong" if fourth == "" or code[:4] in _STRONG else None
    if third == "C77":
        return (
            "strong" if fourth in ("2", "4", "5") else "weak" if fourth in ("", *"0189") else None
        )
    return None


_STRONG = {f"C78{n}" for n in range(9)} | {f"C79{n}" for n in range(10) if n != 2}
