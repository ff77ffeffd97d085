"""Each key item, sent three times: as it should be, as it cannot be, and not at all.

Every case has a provider of its own, so that the provider's row shows its three records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import PROJECT, audit, rows
from naome_tests.sources.support import NHS_NUMBER, cosd, put

QUARTER = Quarter(2024, 1)
WRONG_NUMBER = "9434765910"
Cells = dict[str, str]

WELSH = {
    "extract_created": "20240630T100000",
    "nhs_number": NHS_NUMBER,
    "birth_date": "19600101",
    "sex": "F",
    "ethnic_category": "A",
    "pathway": "primary",
    "icd10": "C504",
    "event_date": "20240110",
    "laterality": "L",
    "basis_of_diagnosis": "7",
    "t_category": "ypT1c(m)",
    "n_category": "N1mi(sn)",
    "m_category": "cM0(i+)",
    "tnm_stage_group": "Stage IIA",
    "metastatic_type": "",
    "metastatic_sites": "",
    "performance_status": "1",
    "cns_indication": "Y1",
    "mdt_date": "20240112",
    "palliative_specialist_seen": "",
}
RECURRENCE = {
    "pathway": "recurrence",
    "metastatic_type": "03",
    "metastatic_sites": "02;10",
    "palliative_specialist_seen": "N",
}
#: By item: what the good row has besides, what cannot be, what says nothing.
WELSH_CASES: dict[str, tuple[Cells, Cells, Cells]] = {
    "record": ({}, {"sex": ""}, {"event_date": ""}),
    "nhs_number": ({}, {"nhs_number": WRONG_NUMBER}, {"nhs_number": "0000000000"}),
    "birth_date": ({}, {"birth_date": "1960ABCD"}, {"birth_date": ""}),
    "sex": ({}, {"sex": "Q"}, {"sex": "Z"}),
    "ethnic_category": ({}, {"ethnic_category": "QQ"}, {"ethnic_category": "Z"}),
    "diagnosis_date": ({}, {"event_date": "20231345"}, {"event_date": ""}),
    "recurrence_date": (RECURRENCE, {"event_date": "18991231"}, {"event_date": ""}),
    "icd10": ({}, {"icd10": "C507"}, {"icd10": ""}),
    "laterality": ({}, {"laterality": "X"}, {"laterality": "9"}),
    "basis_of_diagnosis": ({}, {"basis_of_diagnosis": "44"}, {"basis_of_diagnosis": "9"}),
    "performance_status": ({}, {"performance_status": "7"}, {"performance_status": "9"}),
    "t_category": ({}, {"t_category": "T7"}, {"t_category": "TX"}),
    "n_category": ({}, {"n_category": "N7"}, {"n_category": "pNX"}),
    "m_category": ({}, {"m_category": "2"}, {"m_category": ""}),
    "stage": ({}, {"tnm_stage_group": "7"}, {"tnm_stage_group": "?"}),
    "stage_or_m": (
        {"m_category": ""},
        {"tnm_stage_group": "7"},
        {"tnm_stage_group": "X", "m_category": "MX"},
    ),
    "metastasis": (
        RECURRENCE,
        {"metastatic_type": "", "metastatic_sites": "77"},
        {"metastatic_type": "", "metastatic_sites": ""},
    ),
    "metastatic_type": (RECURRENCE, {"metastatic_type": "04"}, {"metastatic_type": ""}),
    "metastatic_site": (RECURRENCE, {"metastatic_sites": "02;77"}, {"metastatic_sites": "99"}),
    "cns_indication": ({}, {"cns_indication": "Y6"}, {"cns_indication": "99"}),
    "mdt": ({}, {"mdt_date": "soon"}, {"mdt_date": ""}),
    "treatment": ({}, {"modality": "ZZ"}, {"modality": ""}),
    "palliative_specialist_seen": (
        RECURRENCE,
        {"palliative_specialist_seen": "Q"},
        {"palliative_specialist_seen": "9"},
    ),
}
SACT = {
    "NHS_Number": NHS_NUMBER,
    "Start_Date_Of_Regimen": "2024-01-10",
    "Primary_Diagnosis": "C50.9",
    "Regimen": "PACLITAXEL",
    "Drug_Name": "Paclitaxel",
    "Administration_Date": "2024-01-10",
    "Intent_Of_Treatment": "2",
    "Performance_Status_At_Start_Of_Regimen_Adult": "1",
}
#: By item: what cannot be, what says nothing.
SACT_CASES: dict[str, tuple[Cells, Cells]] = {
    "sact_row": ({"NHS_Number": WRONG_NUMBER}, {"Primary_Diagnosis": ""}),
    "sact_nhs_number": ({"NHS_Number": WRONG_NUMBER}, {"NHS_Number": ""}),
    "sact_regimen_start": (
        {"Start_Date_Of_Regimen": "2031-01-01"},
        {"Start_Date_Of_Regimen": "-4714-12-31"},
    ),
    "sact_administration_date": (
        {"Administration_Date": "31/02/2024"},
        {"Administration_Date": ""},
    ),
    "sact_drug": ({"Drug_Name": "Moonshine"}, {"Drug_Name": ""}),
    "sact_intent": ({"Intent_Of_Treatment": "7"}, {"Intent_Of_Treatment": "99"}),
    "sact_performance_status": (
        {"Performance_Status_At_Start_Of_Regimen_Adult": "5"},
        {"Performance_Status_At_Start_Of_Regimen_Adult": "9"},
    ),
}
EXTRACT = {
    "DIAGNOSISDATEBEST": "2024-01-06",
    "SITE_ICD10_O2_3CHAR": "C50",
    "GENDER": "2",
    "STAGE_BEST": "2A",
    "T_BEST": "2",
    "LATERALITY": "R",
    "PERFORMANCESTATUS": "1",
    "BASISOFDIAGNOSIS": "7",
    "CNS": "Y1",
}
EXTRACT_CASES: dict[str, tuple[Cells, Cells]] = {
    "sex": ({"GENDER": "7"}, {"GENDER": "X"}),
    "stage": ({"STAGE_BEST": "9"}, {"STAGE_BEST": "U"}),
    "t_category": ({"T_BEST": "8"}, {"T_BEST": "X"}),
    "laterality": ({"LATERALITY": "Q"}, {"LATERALITY": "9"}),
    "performance_status": ({"PERFORMANCESTATUS": "7"}, {"PERFORMANCESTATUS": ""}),
    "basis_of_diagnosis": ({"BASISOFDIAGNOSIS": "X"}, {"BASISOFDIAGNOSIS": "9"}),
    "cns_indication": ({"CNS": "Y6"}, {"CNS": ""}),
    "diagnosis_date": (
        {"DIAGNOSISDATEBEST": "2024-02-31"},
        {"DIAGNOSISDATEBEST": ""},
    ),
}
#: What a COSD record says in another way than a Welsh row.
COSD_PERSON = (
    '<Id root="22222222-2222-2222-2222-{n:012}"/><LinkagePatientId>'
    "<LocalPatientIdentifier>L{n}</LocalPatientIdentifier>{birth}"
    '<OrganisationIdentifierCodeOfProvider extension="{provider}"/></LinkagePatientId>'
)
BIRTH = "<PersonBirthDate>{}</PersonBirthDate>"
TREATMENT = (
    "<Treatment><TreatmentStartDateCancer>{}</TreatmentStartDateCancer>"
    '<CancerTreatmentModalityRegistration code="{}"/></Treatment>'
)
METASTASIS = (
    "<MetastaticTypeAndSiteRecurrence>"
    '<MetastaticType code="{}"/><MetastaticSite code="{}"/></MetastaticTypeAndSiteRecurrence>'
)


def code_of(prefix: str, item: str, cases: dict[str, Any]) -> str:
    """The provider of a case, in no list."""
    return f"{prefix}{list(cases).index(item):02}"


def table(lines: list[Cells]) -> str:
    columns = list(dict.fromkeys(column for line in lines for column in line))
    return "\n".join(
        ",".join(line.get(column, "") for column in columns)
        for line in [dict(zip(columns, columns, strict=True)), *lines]
    )


def welsh_files() -> tuple[str, str]:
    """Tumour and treatment rows; the modality of a case decides whether it has a treatment."""
    tumours, treatments = [], []
    for item, (besides, impossible, absent) in WELSH_CASES.items():
        for number, cells in enumerate(({}, impossible, absent)):
            code = code_of("Y", item, WELSH_CASES)
            who = {"record_id": f"{item}{number}", "local_patient_identifier": f"{item}{number}"}
            number_sent = {"nhs_number": WELSH["nhs_number"] if item == "nhs_number" else ""}
            row = WELSH | number_sent | who | {"provider": code} | besides | cells
            modality = row.pop("modality", "01")
            tumours.append(row)
            if modality:
                treatments.append(
                    who
                    | {"nhs_number": "", "provider": code}
                    | {"start_date": "20240201", "modality": modality}
                )
    return table(tumours), table(treatments)


def cosd_record(number: int, provider: str, birth: str, treatment: str, metastasis: str) -> str:
    person = COSD_PERSON.format(n=number, provider=provider, birth=birth)
    return (
        f"<BreastRecord>{person}<NonPrimaryPathway>"
        "<DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2024-01-10"
        "</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>"
        f"<Recurrence>{metastasis}</Recurrence></NonPrimaryPathway>{treatment}</BreastRecord>"
    )


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, ...], Any]]:
    """Rows of the quarter by source, provider and item."""
    landing = tmp_path_factory.mktemp("landing")
    tumours, treatments = welsh_files()
    put(landing, "wales/registry/2024-Q1/7A1_tumour.csv", tumours)
    put(landing, "wales/registry/2024-Q1/7A1_treatment.csv", treatments)
    put(
        landing,
        "england/sact/2024-01/s.csv",
        table(
            [
                SACT
                | {
                    "Local_Patient_Identifier": f"{item}{number}",
                    "Organisation_Identifier_Code_Of_Provider": code_of("S", item, SACT_CASES),
                    "Cycle_Number": str(number),
                }
                | cells
                for item, (impossible, absent) in SACT_CASES.items()
                for number, cells in enumerate(({}, impossible, absent))
            ]
        ),
    )
    put(
        landing,
        "england/registry/2024-02-15/av_tumour.csv",
        table(
            [
                EXTRACT
                | {
                    "TUMOURID": f"{item}{number}",
                    "PATIENTID": f"{item}{number}",
                    "DIAG_TRUST": code_of("E", item, EXTRACT_CASES),
                }
                | cells
                for item, (impossible, absent) in EXTRACT_CASES.items()
                for number, cells in enumerate(({}, impossible, absent))
            ]
        ),
    )
    put(
        landing,
        "england/cosd/R0A/2024-01/a.xml",
        cosd(
            cosd_record(
                1,
                "C01",
                BIRTH.format("1960-02-29"),
                TREATMENT.format("2024-01-20", "01"),
                METASTASIS.format("03", "02") + METASTASIS.format("03", "10"),
            ),
            cosd_record(
                2,
                "C01",
                BIRTH.format("1960ABCD"),
                TREATMENT.format("2024-01-20", "01") + TREATMENT.format("1823-05-04", "02"),
                METASTASIS.format("03", "02") + METASTASIS.format("04", "77"),
            ),
            cosd_record(3, "C01", "", "", ""),
        ),
    )
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    yield {
        (row["source"], row["geography_code"], row["item"]): row
        for row in rows(warehouse, "data_quality")
        if row["period"] == "quarter" and row["geography_type"] == "provider"
    }
    warehouse.close()


def counts(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["records"], row["given"], row["valid"]


def test_every_item_has_a_case() -> None:
    assert set(WELSH_CASES) == set(PROJECT.variables["quality_items"])
    assert set(SACT_CASES) == set(PROJECT.variables["quality_sact_items"])


@pytest.mark.parametrize("item", WELSH_CASES)
def test_an_item_of_a_welsh_row(quality: dict[tuple[str, ...], Any], item: str) -> None:
    row = quality["wales", code_of("Y", item, WELSH_CASES), item]
    assert counts(row) == (3, 2, 1)
    assert row["validity_pct"] == 50
    assert row["completeness_pct"] == pytest.approx(200 / 3)


@pytest.mark.parametrize("item", SACT_CASES)
def test_an_item_of_a_sact_row(quality: dict[tuple[str, ...], Any], item: str) -> None:
    assert counts(quality["sact", code_of("S", item, SACT_CASES), item]) == (3, 2, 1)


@pytest.mark.parametrize("item", EXTRACT_CASES)
def test_an_item_of_a_registry_extract(quality: dict[tuple[str, ...], Any], item: str) -> None:
    code = code_of("E", item, EXTRACT_CASES)
    assert counts(quality["registry", code, item]) == (3, 2, 1)
    # An extract has no NHS numbers, and ages instead of birth dates.
    assert not {("registry", code, "nhs_number"), ("registry", code, "birth_date")} & set(quality)


@pytest.mark.parametrize("item", ["birth_date", "treatment", "metastatic_type", "metastatic_site"])
def test_an_item_of_a_cosd_record(quality: dict[tuple[str, ...], Any], item: str) -> None:
    assert counts(quality["cosd", "C01", item]) == (3, 2, 1)


def test_all_is_the_sum_of_the_sources(quality: dict[tuple[str, ...], Any]) -> None:
    for (source, code, item), row in quality.items():
        if source == "all":
            parts = [
                counts(quality[part, code, item])
                for part in ("cosd", "wales", "registry", "sact")
                if (part, code, item) in quality
            ]
            assert counts(row) == tuple(map(sum, zip(*parts, strict=True)))
