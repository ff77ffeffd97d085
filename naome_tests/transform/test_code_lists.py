"""Codes are held against the list that their item has in the version of the file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit, rows
from naome_tests.sources.support import V9_BREAST, V9_PERSON, cosd, put
from naome_tests.sources.test_pathology import REPORT, pathology, record

QUARTER = Quarter(2024, 1)
TREATMENT = (
    '<Treatment>{date}<CancerTreatmentIntent code="{intent}"/>{modality}</Treatment></BreastRecord>'
)
V9 = V9_BREAST.replace(
    "</BreastRecord>",
    TREATMENT.replace(
        "{date}", "<TreatmentStartDateCancer>2024-01-12</TreatmentStartDateCancer>"
    ).replace("{modality}", '<CancerTreatmentModalityRegistration code="{modality}"/>'),
)
V10 = V9.replace("LinkagePatientId", "PatientIdentityDetails").replace(
    "LinkageDiagnosticDetails", "PrimaryCancerPathwayDetails"
)
V8 = (
    f"<BreastRecord>{V9_PERSON.replace('NhsNumber', 'NHSNumber')}<LinkageDiagnosticDetails>"
    '<PrimaryDiagnosis code="C504"/><ClinicalDateCancerDiagnosis>2017-01-02'
    "</ClinicalDateCancerDiagnosis></LinkageDiagnosticDetails>"
    + TREATMENT.replace(
        "{date}", "<CancerTreatmentStartDate>2017-01-12</CancerTreatmentStartDate>"
    ).replace("{modality}", '<CancerTreatmentModality code="{modality}"/>')
)
TUMOURS = "wales/registry/2024-Q1/7A1_tumour.csv"
WELSH_TUMOUR = (
    "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,icd10,"
    "event_date,birth_date,sex,cns_indication,metastatic_type,metastatic_sites\n"
    "1,20240401T090000,9434765919,A1,7A1,primary,C50.9,20240102,19600229,F,{cns},{type},{sites}\n"
)
WALES = "wales/registry/2024-Q1/7A1_treatment.csv"
WELSH = (
    "record_id,nhs_number,local_patient_identifier,provider,start_date,modality,intent\n"
    "1,9434765919,A1,7A1,20240105,{modality},{intent}\n"
)


def listed(tmp_path: Path, name: str, content: str) -> set[tuple[str, str]]:
    """Rule and item of every code that is listed; the row itself counts."""
    landing = tmp_path / "landing"
    put(landing, name, content)
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    (ledger,) = rows(warehouse, "ledger")
    assert (ledger["received"], ledger["accepted"]) == (1, 1)
    return {
        (row["rule"], row["message"].rpartition("(")[2].removesuffix(")."))
        for row in rows(warehouse, "quarantine")
        if row["rule"].endswith("_code")
    }


UNKNOWN_MODALITY = ("unknown_code", "CR2040")
UNKNOWN_INTENT = ("unknown_code", "CR0680")


@pytest.mark.parametrize(
    ("version", "record", "intent", "expected"),
    [
        ("v9-0-1", V9, "02", set()),
        ("v9-0-1", V9, "2", set()),
        ("v9-0-1", V9, "07", {UNKNOWN_INTENT}),
        ("v9-0", V9, "P", {UNKNOWN_INTENT}),
        ("v10-0-1", V10, "07", {UNKNOWN_INTENT}),
        ("v8-2", V8, "07", {UNKNOWN_INTENT}),
        ("v8-2", V8, "08", set()),
        ("v9-0-1", V9, "08", {("retired_code", "CR0680")}),
    ],
)
def test_the_list_of_treatment_intent(
    tmp_path: Path, version: str, record: str, intent: str, expected: set[tuple[str, str]]
) -> None:
    content = cosd(record.format(intent=intent, modality="01"), version=version)
    assert listed(tmp_path, "england/cosd/R0A/2024-01/a.xml", content) == expected


PRIMARY = V9_BREAST.replace(
    "</PrimaryPathway>",
    '<Diagnosis><BasisOfDiagnosisCancer code="{basis}"/></Diagnosis></PrimaryPathway>'
    '<{cns}><ClinicalNurseSpecialistIndicationCode code="{contact}"/></{cns}>',
)
PRIMARY_V10 = PRIMARY.replace("LinkagePatientId", "PatientIdentityDetails").replace(
    "LinkageDiagnosticDetails", "PrimaryCancerPathwayDetails"
)
PRIMARY_V8 = (
    f"<BreastRecord>{V9_PERSON.replace('NhsNumber', 'NHSNumber')}<LinkageDiagnosticDetails>"
    '<PrimaryDiagnosis code="C504"/><ClinicalDateCancerDiagnosis>2017-01-02'
    "</ClinicalDateCancerDiagnosis></LinkageDiagnosticDetails>"
    '<Diagnosis><BasisOfCancerDiagnosis code="{basis}"/></Diagnosis>'
    '<{cns}><ClinicalNurseSpecialistIndicationCode code="{contact}"/></{cns}>'
    "</BreastRecord>"
)
CNS = "ClinicalNurseSpecialistAndRiskFactorAssessments"
UNKNOWN_BASIS = ("unknown_code", "CR0390")
RETIRED_CONTACT = ("retired_code", "CR2050")


@pytest.mark.parametrize(
    ("version", "record", "basis", "contact", "expected"),
    [
        ("v9-0-1", PRIMARY, "7", "Y1", set()),
        # These come with v10.
        ("v9-0-1", PRIMARY, "7.1", "Y1", {UNKNOWN_BASIS}),
        ("v9-0", PRIMARY, "8", "Y1", {UNKNOWN_BASIS}),
        ("v10-0-1", PRIMARY_V10, "7.1", "Y1", set()),
        ("v10-2-0", PRIMARY_V10, "7", "Y1", set()),
        ("v10-2-0", PRIMARY_V10, "3", "Y1", {UNKNOWN_BASIS}),
        ("v8-2", PRIMARY_V8, "7.2", "Y1", {UNKNOWN_BASIS}),
        # This went with v9.
        ("v8-2", PRIMARY_V8, "7", "Y2", set()),
        ("v9-0-1", PRIMARY, "7", "Y2", {RETIRED_CONTACT}),
        ("v10-0-1", PRIMARY_V10, "7", "Y2", {RETIRED_CONTACT}),
    ],
)
def test_a_code_is_judged_by_the_list_of_its_version(
    tmp_path: Path,
    version: str,
    record: str,
    basis: str,
    contact: str,
    expected: set[tuple[str, str]],
) -> None:
    cns = CNS if not version.startswith("v10") else CNS.removesuffix("s")
    content = cosd(record.format(basis=basis, contact=contact, cns=cns), version=version)
    assert listed(tmp_path, "england/cosd/R0A/2024-01/a.xml", content) == expected


def test_codes_of_metastases_are_named_by_the_item_they_were_sent_in(tmp_path: Path) -> None:
    recurrence = (
        f"<BreastRecord>{V9_PERSON}<NonPrimaryPathway>"
        "<DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2024-01-15"
        "</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed><Recurrence>"
        '<MetastaticTypeAndSiteRecurrence><MetastaticType code="9"/><MetastaticSite code="01"/>'
        "</MetastaticTypeAndSiteRecurrence></Recurrence></NonPrimaryPathway></BreastRecord>"
    )
    found = listed(tmp_path, "england/cosd/R0A/2024-01/a.xml", cosd(recurrence))
    assert found == {("unknown_code", "CR6520"), ("retired_code", "CR1590")}


@pytest.mark.parametrize(("version", "expected"), [("v4-1-1", 1), ("v5-0-1", 0)])
def test_codes_of_a_version_without_a_list_are_not_judged(
    tmp_path: Path, version: str, expected: int
) -> None:
    content = pathology(record(REPORT.replace('<ErStatus code="P"/>', '<ErStatus code="Q"/>')))
    content = content.replace("v4-1-1", version)
    assert 'ErStatus code="Q"' in content
    found = listed(tmp_path, "england/pathology/R0A/2024-01/a.xml", content)
    assert found == {("unknown_code", "pBR4220")} if expected else not found


def test_the_list_of_modalities_holds_in_v8_too(tmp_path: Path) -> None:
    content = cosd(V8.format(intent="02", modality="99"), version="v8-2")
    assert listed(tmp_path, "england/cosd/R0A/2024-01/a.xml", content) == {UNKNOWN_MODALITY}


@pytest.mark.parametrize(
    ("modality", "intent", "expected"),
    [
        ("2", "2", set()),
        ("", "", set()),
        ("99", "07", {UNKNOWN_MODALITY, UNKNOWN_INTENT}),
    ],
)
def test_codes_of_welsh_treatments(
    tmp_path: Path, modality: str, intent: str, expected: set[tuple[str, str]]
) -> None:
    content = WELSH.format(modality=modality, intent=intent)
    assert listed(tmp_path, WALES, content) == expected


@pytest.mark.parametrize(
    ("cns", "kind", "sites", "expected"),
    [
        ("Y1", "03", "02;07;", set()),
        ("", "", "", set()),
        (
            "Y2",
            "4",
            "2; 1.0",
            {("retired_code", "CR2050"), ("retired_code", "CR6970"), ("unknown_code", "CR6960")},
        ),
        ("Y9", "03", "02;55", {("unknown_code", "CR2050"), ("unknown_code", "CR6970")}),
    ],
)
def test_codes_of_welsh_tumours(
    tmp_path: Path, cns: str, kind: str, sites: str, expected: set[tuple[str, str]]
) -> None:
    content = WELSH_TUMOUR.format(cns=cns, type=kind, sites=sites)
    assert listed(tmp_path, TUMOURS, content) == expected
