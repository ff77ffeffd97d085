"""The questions that Python asks in SQL: each can be asked, and each is asked somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import naome_assets
from naome_assets.transform.analyses import analysis, ask
from naome_assets.transform.project import Project, ProjectError, load_project
from naome_assets.warehouse.protocol import Warehouse

FILES = sorted(path.stem for path in (load_project().path / "analyses").glob("*.sql"))
#: Those of tables that are no models: of a publication, and of linkage's database.
ELSEWHERE = ("headline_cns_access", "headline_methods", "headline_prevalence",
             "headline_time_to_treatment", "headline_vintage", "linkage_choice", "linkage_people",
             "revised_figures")  # fmt: skip


@pytest.mark.parametrize("name", [name for name in FILES if name not in ELSEWHERE])
def test_it_can_be_asked(empty_warehouse: Warehouse, name: str) -> None:
    sql = analysis(name, empty_warehouse.target, files="?")
    found = empty_warehouse.query(sql, ["2024-Q1"] * sql.count("?"))
    assert len(found) == (1 if name == "headline_ledger" else 0)


def test_parameters_are_given_in_order(empty_warehouse: Warehouse) -> None:
    counted = ask(empty_warehouse, "headline_ledger", ["2024-Q1", "2024-Q4"])
    assert counted["files"].tolist() == [0]


def test_each_is_asked_somewhere() -> None:
    package = Path(naome_assets.__file__).parent
    python = "\n".join(path.read_text() for path in package.rglob("*.py"))
    assert [name for name in FILES if f'"{name}"' not in python] == []


def test_an_unknown_one_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match=re.escape("none_such.sql: there is no such analysis")):
        analysis("none_such")
