"""Receptors and biopsies of people with MBC, from pathology reports and Welsh records, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit, rows
from naome_tests.sources.support import NHS_NUMBER, V9_PERSON, cosd, put

#: De novo on 10 January 2024; the horizon is 31 March 2024.
MBC = (
    "<PrimaryPathway><LinkageDiagnosticDetails><PrimaryDiagnosisIcd code='C504'/>"
    "<DateOfPrimaryDiagnosisClinicallyAgreed>2024-01-10</DateOfPrimaryDiagnosisClinicallyAgreed>"
    "</LinkageDiagnosticDetails><Staging><TnmStageGroupingFinalPretreatment>4"
    "</TnmStageGroupingFinalPretreatment></Staging></PrimaryPathway>"
)
FOLDER = "england/pathology/R0A/2024-01"


def report(
    date: str,
    *,
    specimen: str = "1",
    status: str = "1",
    number: str = "",
    icd: str = "C509",
    sampled: str = "",
    person: str = NHS_NUMBER,
    **breast: str,
) -> str:
    """A record of one report; breast items by element name."""
    items = "".join(f'<{name} code="{value}"/>' for name, value in breast.items())
    return (
        f'<Record><LinkagePatientId><NhsNumber extension="{person}"/>'
        '<OrganisationIdentifierCodeOfProvider extension="R0A"/></LinkagePatientId><Pathology>'
        f"<InvestigationResultDate>{date}</InvestigationResultDate>"
        f'<ServiceReportIdentifier extension="{number}"/><ServiceReportStatus code="{status}"/>'
        f"<SampleCollectionDate>{sampled}</SampleCollectionDate>"
        f'<SpecimenNature code="{specimen}"/><DiagnosisIcdPathological code="{icd}"/>'
        + (f"<PathologyBreast>{items}</PathologyBreast>" if items else "")
        + "</Pathology></Record>"
    )


def document(*reports: str, created: str = "2024-06-20T10:00:00") -> str:
    namespace = "http://www.datadictionary.nhs.uk/messages/COSD_Pathology-v4-1-1"
    return (
        f'<p:COSD_Pathology xmlns:p="{namespace}"><RecordCount value="{len(reports)}"/>'
        f"<ReportingPeriodEndDate>2024-01-31</ReportingPeriodEndDate>"
        f"<FileCreationDateTime>{created}</FileCreationDateTime>"
        + "".join(reports)
        + "</p:COSD_Pathology>"
    )


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    opened = DuckDBWarehouse(duckdb.connect(":memory:"))
    yield opened
    opened.close()


def built(warehouse: DuckDBWarehouse, landing: Path, *documents: str) -> dict[str, Any]:
    """The receptors of the one person with MBC."""
    put(
        landing,
        "england/cosd/R0A/2024-01/a.xml",
        cosd(f"<BreastRecord>{V9_PERSON}{MBC}</BreastRecord>"),
    )
    for number, content in enumerate(documents):
        put(landing, f"{FOLDER}/{number}.xml", content)
    audit(warehouse, landing, Quarter(2024, 1), Quarter(2024, 1))
    (row,) = rows(warehouse, "receptor_status")
    return row


NAMES = ("er_status", "pr_status", "her2_status")
CASES: dict[str, tuple[list[str], tuple[str, str, str]]] = {
    "nothing known": ([], ("unknown", "unknown", "unknown")),
    "not performed": (
        [report("2024-01-12", ErStatus="X", PrStatus="X", Her2Status="X")],
        ("unknown", "unknown", "unknown"),
    ),
    "said outright": (
        [report("2024-01-12", ErStatus="P", PrStatus="N", Her2Status="P")],
        ("positive", "negative", "positive"),
    ),
    "Allred score alone": (
        [report("2024-01-12", ErAllredScore="3", PrAllredScore="2")],
        ("positive", "negative", "unknown"),
    ),
    "status beats Allred score": (
        [report("2024-01-12", ErStatus="N", ErAllredScore="8")],
        ("negative", "unknown", "unknown"),
    ),
    "HER2 0 and 1+": ([report("2024-01-12", Her2Status="N1")], ("unknown", "unknown", "negative")),
    "HER2 1+": ([report("2024-01-12", Her2Status="N2")], ("unknown", "unknown", "negative")),
    "borderline, amplified": (
        [report("2024-01-12", Her2Status="B", Her2IshStatus="P")],
        ("unknown", "unknown", "positive"),
    ),
    "borderline, not amplified": (
        [report("2024-01-12", Her2Status="b ", Her2IshStatus="n")],
        ("unknown", "unknown", "negative"),
    ),
    "borderline twice": (
        [report("2024-01-12", Her2Status="B", Her2IshStatus="B")],
        ("unknown", "unknown", "unknown"),
    ),
    "hybridisation in a later report": (
        [
            report("2024-01-12", number="1", ErStatus="P", Her2Status="B", Her2IshStatus="X"),
            report("2024-01-20", number="2", status="5", Her2IshStatus="P"),
        ],
        ("positive", "unknown", "positive"),
    ),
    "latest of the primary": (
        [report("2024-01-14", ErStatus="N"), report("2024-01-12", ErStatus="P")],
        ("negative", "unknown", "unknown"),
    ),
    "metastasis beats a later primary": (
        [report("2024-02-14", ErStatus="N"), report("2024-01-12", specimen="5", ErStatus="P")],
        ("positive", "unknown", "unknown"),
    ),
    "a metastasis of years before does not": (
        [report("2024-01-12", ErStatus="N"), report("2019-01-12", specimen="5", ErStatus="P")],
        ("negative", "unknown", "unknown"),
    ),
    "primary before beats primary long after": (
        [report("2024-03-30", ErStatus="N"), report("2024-01-12", ErStatus="P")],
        ("positive", "unknown", "unknown"),
    ),
    "after the horizon": (
        [report("2024-04-01", specimen="5", ErStatus="P")],
        ("unknown", "unknown", "unknown"),
    ),
    "known after the horizon": (
        [report("2024-04-02", sampled="2024-03-20", specimen="5", ErStatus="P")],
        ("unknown", "unknown", "unknown"),
    ),
    "of somebody else": (
        [report("2024-01-12", person="9434765870", ErStatus="P")],
        ("unknown", "unknown", "unknown"),
    ),
    "deleted": (
        [
            report("2024-01-12", number="1", ErStatus="P"),
            report("2024-01-12", number="1", status="6", ErStatus="P"),
        ],
        ("unknown", "unknown", "unknown"),
    ),
}


@pytest.mark.parametrize(("reports", "expected"), CASES.values(), ids=CASES)
def test_receptors(
    warehouse: DuckDBWarehouse,
    tmp_path: Path,
    reports: list[str],
    expected: tuple[str, str, str],
) -> None:
    row = built(warehouse, tmp_path, document(*reports))
    assert tuple(row[name] for name in NAMES) == expected
    assert (row["er_source"] is None) == (row["er_status"] == "unknown")


#: MBC date 10 January 2024, 62 days before and after: 9 November and 12 March.
BIOPSIES = {
    "of a metastasis": (report("2024-01-20", specimen="5", sampled="2024-01-09"), "2024-01-09"),
    "the first day": (report("2023-11-09", specimen="5"), "2023-11-09"),
    "a day too early": (report("2023-11-08", specimen="5"), None),
    "the last day": (report("2024-03-12", specimen="5"), "2024-03-12"),
    "a day too late": (report("2024-03-13", specimen="5"), None),
    "of the primary": (report("2024-01-20", specimen="1"), None),
    "of regional nodes": (report("2024-01-20", specimen="4"), None),
    "of another tumour": (report("2024-01-20", specimen="5", icd="C349"), None),
    "sampled after its result": (
        report("2024-03-01", specimen="5", sampled="2024-04-01"),
        "2024-03-01",
    ),
}


@pytest.mark.parametrize(("sent", "expected"), BIOPSIES.values(), ids=BIOPSIES)
def test_a_biopsy_of_a_metastasis(
    warehouse: DuckDBWarehouse, tmp_path: Path, sent: str, expected: str | None
) -> None:
    row = built(warehouse, tmp_path, document(sent))
    found = row["metastasis_biopsy_date"]
    assert (found and found.isoformat()) == expected
    assert row["is_metastasis_biopsied"] == (expected is not None)


def fates(warehouse: DuckDBWarehouse) -> list[tuple[str, int, str]]:
    names = ("file", "position", "disposition")
    found = rows(warehouse, "judged_pathology", names)
    return sorted((Path(row["file"]).name, row["position"], row["disposition"]) for row in found)


def test_what_replaces_what(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    """By identifier and provider whoever is named, else by person, dates, specimen and side."""
    row = built(
        warehouse,
        tmp_path,
        document(
            report("2024-01-12", number="1", ErStatus="P"),
            report("2024-01-12", ErStatus="P"),
            report("2024-01-13", ErStatus="P"),
            report("2024-01-12", icd="C349"),
            report("2024-13-12"),
        ),
        document(
            report("2024-01-14", number="1", ErStatus="N", person="9434765870"),
            report("2024-01-12", ErStatus="N"),
            created="2024-05-01T10:00:00",
        ),
    )
    # The second file is the older one.
    assert fates(warehouse) == [
        ("0.xml", 1, "accepted"),
        ("0.xml", 2, "accepted"),
        ("0.xml", 3, "accepted"),
        ("0.xml", 4, "out_of_scope"),
        ("0.xml", 5, "quarantined"),
        ("1.xml", 1, "superseded"),
        ("1.xml", 2, "superseded"),
    ]
    assert row["er_status"] == "positive"
    ledger = {Path(line["file"]).name: line for line in rows(warehouse, "ledger")}
    counts = ("received", "accepted", "superseded", "out_of_scope", "quarantined")
    assert [ledger["0.xml"][name] for name in counts] == [5, 3, 0, 1, 1]
    assert [ledger["1.xml"][name] for name in counts] == [2, 0, 2, 0, 0]
    faults = [(fault["position"], fault["rule"]) for fault in rows(warehouse, "quarantine")]
    assert (5, "report_date_unreadable") in faults


@pytest.mark.parametrize(
    ("er", "her2", "expected"),
    [
        ("P", "N", ("positive", "unknown", "negative")),
        ("n", " P", ("negative", "unknown", "positive")),
        ("X", "B", ("unknown", "unknown", "unknown")),
        ("", "U", ("unknown", "unknown", "unknown")),
    ],
)
def test_welsh_records(
    warehouse: DuckDBWarehouse,
    tmp_path: Path,
    er: str,
    her2: str,
    expected: tuple[str, str, str],
) -> None:
    put(
        tmp_path,
        "wales/registry/2024-Q1/7A4_tumour.csv",
        "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,icd10,"
        "event_date,tnm_stage_group,er_status,her2_status\n"
        f"1,20240405T101500,{NHS_NUMBER},,7A4,primary,C509,20240110,4,{er},{her2}\n",
    )
    audit(warehouse, tmp_path, Quarter(2024, 1), Quarter(2024, 1))
    (row,) = rows(warehouse, "receptor_status")
    assert tuple(row[name] for name in NAMES) == expected
    assert row["er_source"] == (None if expected[0] == "unknown" else "wales_tumour")
    assert not row["is_metastasis_biopsied"]
