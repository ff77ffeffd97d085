"""The page that follows one figure by hand: its arithmetic, its links, and that it is of today."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.warehouse.duckdb import DuckDBWarehouse

ROOT = Path(__file__).resolve().parents[2]
#: The page as the demonstration made it.
KEPT = ROOT / "docs" / "worked-example.md"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts" / "worked_example.py"
    spec = importlib.util.spec_from_file_location("worked_example", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(
    script: ModuleType,
    audited: DuckDBWarehouse,
    publication: Publication,
    landing: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    report = tmp_path_factory.mktemp("report")
    write_report(publication, report)
    return str(script.worked_example(audited, landing, report))


@pytest.fixture(params=["made now", "kept"])
def text(request: pytest.FixtureRequest, page: str) -> str:
    return page if request.param == "made now" else KEPT.read_text("utf-8")


def tables(page: str) -> list[list[dict[str, str]]]:
    """Rows of each Markdown table by column."""
    found = []
    for block in re.findall(r"(?:^\|.*\|$\n?)+", page, re.MULTILINE):
        lines = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        ]
        found.append([dict(zip(lines[0], line, strict=True)) for line in lines[2:]])
    return found


def test_each_step_leads_to_the_next(text: str) -> None:
    sent, staged, registry, evidence, cohort, window, true, published, shown = tables(text)
    code = re.search(r'IndicationCode code="(\w\w)"', text)
    assert code is not None and sent[0]["cns_indication"] == code[1]
    assert sent[0]["person"] == staged[0]["person"] == cohort[0]["person"]
    assert len(sent[0]["person"]) == 8
    standing = {
        (row["file"], row["position"]) for row in registry if row["disposition"] == "accepted"
    }
    assert {(row["file"], row["position"]) for row in [*evidence, *cohort]} <= standing
    assert staged[0]["cns_contact"] == cohort[0]["cns_contact"] == "seen"
    people = {row["cns_contact"]: int(row["people"]) for row in window}
    assert sum(people.values()) == int(true[0]["patients"])
    assert people["seen"] == int(true[0]["seen"])
    assert people["seen"] + people["not_seen"] == int(true[0]["recorded"])
    for column in ("patients", "recorded", "seen"):
        assert int(published[0][column]) % 5 == 0
        assert abs(int(published[0][column]) - int(true[0][column])) <= 2
    assert shown[0]["Counted"] == published[0]["seen"]
    assert shown[0]["Percent"] == f"{float(published[0]['seen_pct_of_recorded']):.0f}%"


def test_the_limits_by_hand_are_those_of_the_table(text: str) -> None:
    true = tables(text)[6][0]
    by_hand = dict(re.findall(r"(lower|upper) = 100 .* = ([\d.]+)%", text))
    assert by_hand == {"lower": true["lower_95"], "upper": true["upper_95"]}
    limits = re.search(
        r"around the figure of England and Wales.*?([\d.]+)% to ([\d.]+)%", text, re.S
    )
    assert limits is not None
    assert limits.groups() == (true["limit_lower_95"], true["limit_upper_95"])


def test_no_identifier_is_printed(text: str) -> None:
    linking = re.search(r"<(?:LinkagePatientId|PatientIdentityDetails)>.*?</", text, re.S)
    assert linking is not None
    # Each version of the standard writes them in its own way.
    names = r"<((?:NhsNumber|NHSNumber|LocalPatientId|PersonBirth|Birth)\w*)"
    found = dict(re.findall(rf"{names}[^>]*?(?:extension=\"|>)([^\"<]+)", text))
    assert len(found) == 3, found
    assert set(found.values()) == {"..."}, found
    assert not re.search(r"\b\d{10}\b|[0-9a-f]{9}", text)
    assert "FamilyName" not in text and "Postcode" not in text


def test_the_page_in_the_docs_has_the_steps_of_today(page: str) -> None:
    """Its figures are the demonstration's; its SQL, but for what it looks for, is this page's."""
    kept = KEPT.read_text("utf-8")

    def steps(text: str) -> list[str]:
        found = re.findall(r"^## [^\n]*|```sql\n.*?```", text, re.MULTILINE | re.DOTALL)
        return [re.sub(r"'[^']*'|position = \d+", "?", step) for step in found]

    assert steps(kept) == steps(page)
