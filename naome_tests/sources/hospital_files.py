"""Small files of hospital data in their real layouts, and the registry models that they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from naome_assets.loading.load import load_quarters
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.transform.project import Target, load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse

from .support import PSEUDONYMISER, put

FIRST, LAST = Quarter(2022, 1), Quarter(2024, 4)
HES = "england/hes_apc/2021-2022/hes.csv"
NUMBERS = ("9434765919", "9434765870", "9990000018")
_WIDE = [f"DIAG_{number:02d}" for number in range(1, 21)]


def lines(headings: Sequence[str], *rows: Mapping[str, str], separator: str = ",") -> str:
    """A file with these headings; what a row does not name is empty."""
    held = [separator.join(headings)]
    held += [separator.join(row.get(name, "") for name in headings) for row in rows]
    return "\n".join(held) + "\n"


def episode(*codes: str, **items: str) -> dict[str, str]:
    """A finished episode of HES with these diagnoses."""
    given = {
        "FYEAR": "2122",
        "PARTYEAR": "202199",
        "EPIKEY": "5897810072329512345",
        "TOKEN_PERSON_ID": "TESTabc123",
        "ADMIDATE": "2021-05-10",
        "EPISTART": "2021-05-10",
        "EPIEND": "2021-05-12",
        "DISDATE": "2021-05-12",
        "EPISTAT": "3",
        "CLASSPAT": "1",
        "PROCODE3": "RTH",
        "SEX": "2",
        "MYDOB": "071950",
    }
    return given | dict(zip(_WIDE, codes, strict=False)) | items


HES_HEADINGS = (*episode(), "EPIORDER", "PROCODE5", "STARTAGE", "OPERTN_01", *_WIDE)


def hes(*rows: Mapping[str, str], headings: Sequence[str] = HES_HEADINGS) -> str:
    """A DARS extract: vertical bars, DIAG_01 to DIAG_20."""
    return lines(headings, *rows, separator="|")


def key(*rows: tuple[str, str, str]) -> str:
    """A key file of (source, number, NHS number)."""
    return "source,source_person_id,nhs_number\n" + "".join(",".join(row) + "\n" for row in rows)


@cache
def _rendered(name: str) -> str:
    project = load_project()
    return project.render(project.models[name], Target())


def _upstream(name: str) -> set[str]:
    models = load_project().models
    refs = models[name].refs if name in models else ()
    return {name}.union(*(_upstream(ref) for ref in refs))


class Audit:
    """A landing folder, loaded for some quarters, and the models that are asked for."""

    def __init__(self, landing: Path) -> None:
        self.landing = landing
        self.warehouse: DuckDBWarehouse | None = None

    def put(self, name: str, content: str | bytes) -> None:
        """Lay a file into the landing folder."""
        put(self.landing, name, content)

    def rows(self, model: str, columns: str = "*", where: str = "true") -> list[tuple[Any, ...]]:
        """Rows of a model, in the order of its columns."""
        if self.warehouse is None:
            self.warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
            self.warehouse.create_submission_tables()
            self.landing.mkdir(exist_ok=True)
            quarters = list(quarter_range(FIRST, LAST))
            load_quarters(
                self.warehouse, self.landing, quarters, pseudonymiser=PSEUDONYMISER, workers=1
            )
            for seed in load_project().seeds.values():
                self.warehouse.build_seed(seed)
            self.built: set[str] = set()
        # Of tables that are joined, each word may be a model.
        needed = set().union(*map(_upstream, model.split())) - self.built
        for each in load_project().ordered_models():
            if each.name in needed:
                self.warehouse.build_model(each, _rendered(each.name))
        self.built |= needed
        return self.warehouse.connection.execute(
            f"select {columns} from {model} where {where} order by all"
        ).fetchall()

    def rules(self) -> list[tuple[int, str, str]]:
        """Position, rule and severity of each fault."""
        return self.rows("quarantine", "position, rule, severity")

    def ledger(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Received, accepted, superseded, out of scope and quarantined rows of each file."""
        counted = self.rows(
            "ledger", "file, received, accepted, superseded, out_of_scope, quarantined"
        )
        return {row[0]: row[1:] for row in counted}
