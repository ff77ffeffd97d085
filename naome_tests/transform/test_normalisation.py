"""Values that were not written as in the standard: counted by convention, and read all the same."""

from __future__ import annotations

from pathlib import Path

import duckdb

from naome_assets.quarters import Quarter
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.pipeline.audit import audit, rows
from naome_tests.sources.support import (
    LOCAL_IDENTIFIER,
    NHS_NUMBER,
    V9_BREAST,
    V9_PERSON,
    cosd,
    put,
)

QUARTER = Quarter(2024, 1)
TYPED = (
    V9_BREAST.replace('"C50.4"', '" c50.4"')
    .replace('"L"', '"l"')
    .replace("</PrimaryPathway>", "{stage}</PrimaryPathway>")
    .replace("</BreastRecord>", "{treatment}</BreastRecord>")
    .format(
        stage=(
            "<Staging><MCategoryIntegratedStage>M1 a</MCategoryIntegratedStage>"
            "<TnmStageGroupingIntegrated>stage 4 b</TnmStageGroupingIntegrated></Staging>"
        ),
        treatment=(
            "<Treatment><TreatmentStartDateCancer>2024-01-12</TreatmentStartDateCancer>"
            '<CancerTreatmentModalityRegistration code="1"/></Treatment>'
        ),
    )
)


def normalised(tmp_path: Path, files: dict[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """Given and changed values by the file's name and item, by convention, after a run."""
    landing = tmp_path / "landing"
    for name, content in files.items():
        put(landing, name, content)
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows(warehouse, "normalisation"):
        assert row["quarter"] == str(QUARTER)
        item = found.setdefault((row["file"].rpartition("/")[2], row["item"]), {})
        assert row["convention"] not in item
        item[row["convention"]] = f"{row['changed']} of {row['given']}"
    return found


def test_a_cosd_file_by_hand(tmp_path: Path) -> None:
    other = (
        V9_BREAST.replace("22222222", "44444444")
        .replace("2024-01-10", "11/01/2024")
        .replace("1960-02-29", "1960-02-29T00:00:00")
        .replace(NHS_NUMBER, " 943 476-5919")
        .replace(LOCAL_IDENTIFIER.lower(), LOCAL_IDENTIFIER)
    )
    found = normalised(
        tmp_path,
        {
            "england/cosd/R0A/2024-01/a.xml": cosd(TYPED, other),
            "england/cosd/R0A/2024-02/b.xml": cosd(other),
        },
    )
    b = {
        ("b.xml", "CR0010"): {
            "blanks": "1 of 1",
            "end_blanks": "1 of 1",
            "hyphens": "1 of 1",
        },
        ("b.xml", "CR0020"): {"end_blanks": "1 of 1"},
        ("b.xml", "CR0100"): {"date_form": "1 of 1"},
        ("b.xml", "CR0370"): {"dots": "1 of 1"},
        ("b.xml", "CR2030"): {"date_form": "1 of 1"},
    }
    assert {key: value for key, value in found.items() if key[0] == "b.xml"} == b
    assert {item: value for (name, item), value in found.items() if name == "a.xml"} == {
        "CR0010": {"blanks": "1 of 2", "end_blanks": "1 of 2", "hyphens": "1 of 2"},
        "CR0020": {"end_blanks": "2 of 2", "lower_case": "1 of 2"},
        "CR0100": {"date_form": "1 of 2"},
        "CR0370": {"dots": "2 of 2", "end_blanks": "1 of 2", "lower_case": "1 of 2"},
        "CR0380": {"lower_case": "1 of 2"},
        # TNM itself has small letters.
        "CR0640": {"blanks": "1 of 1"},
        "CR0610": {"blanks": "1 of 1", "lower_case": "1 of 1", "stage_word": "1 of 1"},
        "CR2030": {"date_form": "1 of 2"},
        "CR2040": {"leading_zeros": "1 of 1"},
    }


def metastasis(name: str, type_: str, site: str) -> str:
    return f'<{name}><MetastaticType code="{type_}"/><MetastaticSite code="{site}"/></{name}>'


def non_primary(kind: str, icd: str) -> str:
    inside = metastasis(f"MetastaticTypeAndSite{kind}", "0 3", "0 3")
    return (
        f"<BreastRecord>{V9_PERSON}<NonPrimaryPathway>"
        "<DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2024-01-15"
        f"</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed><{kind}>{icd}{inside}</{kind}>"
        "</NonPrimaryPathway></BreastRecord>"
    )


def test_items_that_share_a_column_are_counted_each_under_its_own_number(tmp_path: Path) -> None:
    primary = V9_BREAST.replace(
        "</PrimaryPathway>",
        "<Diagnosis>"
        + metastasis("MetastaticTypeAndSiteDiagnosis", "03", "08 ")
        + "<DiagnosisProgression><ProgressionDatePrimaryPathway>2024-01-20"
        "</ProgressionDatePrimaryPathway>"
        + metastasis("MetastaticTypeAndSiteDiagnosisProgression", "03", "0 9")
        + "</DiagnosisProgression></Diagnosis></PrimaryPathway>",
    )
    found = normalised(
        tmp_path,
        {
            "england/cosd/R0A/2024-01/v9.xml": cosd(
                primary,
                non_primary("Recurrence", '<OriginalPrimaryDiagnosisIcd code="c504"/>'),
                non_primary("Progression", '<ProgressionIcd code="C50.4"/>'),
            ),
            # A v8 record keeps one of its codes; both were sent.
            "england/cosd/R0A/2024-02/v8.xml": cosd(
                f"<BreastRecord>{V9_PERSON}<LinkageDiagnosticDetails>"
                '<PrimaryDiagnosis code="C504"/></LinkageDiagnosticDetails>'
                '<NonPrimaryCancerPathwayRoute><CancerProgressionICD code="c79.5"/>'
                "</NonPrimaryCancerPathwayRoute></BreastRecord>",
                version="v8-2",
            ),
        },
    )
    shared = {"CR0370", "CR7100", "CR6900", "CR6960", "CR6520", "CR6970", "CR1590"}
    assert {key: value for key, value in found.items() if key[1] in shared} == {
        ("v9.xml", "CR0370"): {"dots": "1 of 1"},
        ("v9.xml", "CR7100"): {"lower_case": "1 of 1"},
        ("v9.xml", "CR6900"): {"dots": "1 of 1"},
        ("v9.xml", "CR6520"): {"blanks": "2 of 2"},
        ("v9.xml", "CR6970"): {"blanks": "1 of 2", "end_blanks": "1 of 2"},
        ("v9.xml", "CR1590"): {"blanks": "2 of 2"},
        ("v8.xml", "CR6900"): {"dots": "1 of 1", "lower_case": "1 of 1"},
    }


def test_what_is_counted_changes_nothing_else(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    put(landing, "england/cosd/R0A/2024-01/a.xml", cosd(TYPED))
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    assert {row["rule"] for row in rows(warehouse, "quarantine")} == {"sex_missing"}
    (event,) = rows(warehouse, "mbc_event")
    assert event["evidence_rule"] == 1


def test_a_v8_pathway_by_hand(tmp_path: Path) -> None:
    record = (
        f"<BreastRecord>{V9_PERSON.replace('NhsNumber', 'NHSNumber')}<LinkageDiagnosticDetails>"
        '<PrimaryDiagnosis code="C504"/><DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2017-01-02'
        "</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed></LinkageDiagnosticDetails>"
        '<NonPrimaryCancerPathwayRoute><NonPrimaryCancerPathwayType code="2"/>'
        "</NonPrimaryCancerPathwayRoute></BreastRecord>"
    )
    found = normalised(tmp_path, {"england/cosd/R0A/2024-01/a.xml": cosd(record, version="v8-2")})
    assert found["a.xml", "CR6510"] == {"leading_zeros": "1 of 1"}


def test_csv_files_by_hand(tmp_path: Path) -> None:
    found = normalised(
        tmp_path,
        {
            "deaths/2024-01/deaths.csv": (
                "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH,S_UNDERLYING_COD_ICD10,"
                "S_COD_CODE_1,S_COD_CODE_2\n"
                "943 476 5919,20240105,20240100,C50.9,C795,C50.9\n"
                "0000000000, 20240105 ,2024-01-02,c509,c795,\n"
                ",20240105,unknown,,,\n"
            ),
            "england/sact/2024-01/sact.csv": (
                "NHS_Number,Local_Patient_Identifier,Organisation_Identifier_Code_Of_Provider,"
                "Primary_Diagnosis,Start_Date_Of_Regimen,Administration_Date,Intent_Of_Treatment,"
                "Regimen,Drug_Name\n"
                "943-476-5919,a1,r0a,C50.9,2024-01-05,05/01/2024,2,T-DM1,TRASTUZUMAB  EMTANSINE\n"
                "943-476-5919,a1,r0a,C509,2024-01-05,-4714-12-31,02,T-dm1,Trastuzumab Emtansine\n"
            ),
            "wales/registry/2024-Q1/7A1_tumour.csv": (
                "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,"
                "icd10,event_date,cns_indication\n"
                "1,20240401T090000,9434765919,A1,7A1,Primary,C50.9,02/01/2024,y1\n"
                " 2,20240401T090000,9434765919,A1,7A1,primary,C509,20240102,Y 1\n"
            ),
        },
    )
    assert found == {
        ("deaths.csv", "DEC_CONF_NHS_NUMBER"): {"blanks": "1 of 2", "placeholder": "1 of 2"},
        ("deaths.csv", "REG_DATE"): {"end_blanks": "1 of 3"},
        ("deaths.csv", "REG_DATE_OF_DEATH"): {
            "date_form": "1 of 3",
            "nothing": "1 of 3",
            "unknown_day": "1 of 3",
        },
        ("deaths.csv", "S_UNDERLYING_COD_ICD10"): {"dots": "1 of 2", "lower_case": "1 of 2"},
        ("deaths.csv", "S_COD_CODE_1"): {"lower_case": "1 of 2"},
        ("deaths.csv", "S_COD_CODE_2"): {"dots": "1 of 1"},
        ("sact.csv", "Regimen"): {"lower_case": "1 of 2"},
        ("sact.csv", "Drug_Name"): {"folded_blanks": "1 of 2", "lower_case": "1 of 2"},
        ("sact.csv", "NHS_Number"): {"hyphens": "2 of 2"},
        ("sact.csv", "Local_Patient_Identifier"): {"lower_case": "2 of 2"},
        ("sact.csv", "Organisation_Identifier_Code_Of_Provider"): {"lower_case": "2 of 2"},
        ("sact.csv", "Primary_Diagnosis"): {"dots": "1 of 2"},
        ("sact.csv", "Administration_Date"): {"date_form": "1 of 2", "no_date": "1 of 2"},
        ("sact.csv", "Intent_Of_Treatment"): {"leading_zeros": "1 of 2"},
        ("7A1_tumour.csv", "record_id"): {"end_blanks": "1 of 2"},
        ("7A1_tumour.csv", "pathway"): {"capitals": "1 of 2"},
        ("7A1_tumour.csv", "icd10"): {"dots": "1 of 2"},
        ("7A1_tumour.csv", "event_date"): {"date_form": "1 of 2"},
        ("7A1_tumour.csv", "cns_indication"): {"blanks": "1 of 2", "lower_case": "1 of 2"},
    }


def test_a_quarter_read_again_replaces_its_counts(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    file = put(landing, "england/cosd/R0A/2024-01/a.xml", cosd(TYPED))
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    before = rows(warehouse, "normalisation")
    audit(warehouse, landing, QUARTER, QUARTER)
    assert sorted(rows(warehouse, "normalisation"), key=str) == sorted(before, key=str)
    file.write_text(cosd(TYPED)[:-40])  # cut short: the whole file is refused
    audit(warehouse, landing, QUARTER, QUARTER)
    assert before
    assert rows(warehouse, "normalisation") == []
    assert rows(warehouse, "submission_convention") == []


WALES = (
    "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,icd10,"
    "event_date,progression_date,m_category,metastatic_type,metastatic_sites,cns_indication\n"
)
EXTRACT = "england/registry/2024-03-31"


def test_words_for_nothing_lost_zeros_and_fractions_lose_nobody(tmp_path: Path) -> None:
    """Ruling I2 and F7, in both nations and in a registry extract."""
    staged = V9_BREAST.replace("</PrimaryPathway>", "<Staging>{}</Staging></PrimaryPathway>")
    pre = "<MCategoryFinalPretreatment>{}</MCategoryFinalPretreatment>"
    integrated = "<MCategoryIntegratedStage>{}</MCategoryIntegratedStage>"
    people = ("9600001006", "9600002002", "9600003009", "9600004005")
    sites = (
        "<Diagnosis>" + metastasis("MetastaticTypeAndSiteDiagnosis", "3", "nil") + "</Diagnosis>"
    )
    records = [
        staged.format(pre.format("1.0") + integrated.format("NULL")),
        staged.format(pre.format("M1") + integrated.format("n/k")),
        # Not distant: no metastases is nothing given, and a type decides.
        V9_BREAST.replace(
            "</PrimaryPathway>",
            sites.replace('"3"', '"No mets"') + "</PrimaryPathway>",
        ),
        V9_BREAST.replace("</PrimaryPathway>", sites + "</PrimaryPathway>"),
    ]
    landing = tmp_path / "landing"
    put(
        landing,
        "england/cosd/R0A/2024-01/a.xml",
        cosd(*(r.replace(NHS_NUMBER, n) for r, n in zip(records, people, strict=True))),
    )
    put(
        landing,
        "wales/registry/2024-Q1/7A1_tumour.csv",
        WALES
        + "W1,20240430T120000,9600005001.0,1,7A1,recurrence,NULL,20240110,,,3,,Y1\n"
        + "W2,20240430T120000,NA,2.0,7A1,recurrence,,20240110.0,,,,3;4,N/A\n"
        # A date that is a word leaves the metastasis to the diagnosis (ruling B18).
        + "W3,20240430T120000,9.600007004E+09,3,7A1,primary,C504,20240110,Unknown,-,03,none,Y1\n"
        # Whose it is cannot be told any more: not another person's with the same first digits.
        + "W4,20240430T120000,NULL,1.23457E+09,7A1,primary,C504,20240110,,1,,,Y1\n",
    )
    put(
        landing,
        f"{EXTRACT}/av_tumour.csv",
        "TUMOURID,PATIENTID,DIAGNOSISDATEBEST,SITE_ICD10_O2_3CHAR,STAGE_BEST,GENDER,AGE\n"
        "80000001,70000001.0,2024-01-05,C50,4.0,2.0,61.0\n",
    )
    put(
        landing,
        f"{EXTRACT}/sim_sact_regimen.csv",
        "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,START_DATE_OF_REGIMEN,MAPPED_REGIMEN\n"
        "70000001,90000001.0,2024-02-01,PACLITAXEL\n",
    )
    warehouse = DuckDBWarehouse(duckdb.connect(":memory:"))
    audit(warehouse, landing, QUARTER, QUARTER)
    cohort = rows(warehouse, "mbc_cohort")
    assert sorted((row["source"], row["evidence_rule"]) for row in cohort) == [
        *([("cosd", 1)] * 3),
        ("registry", 5),
        *([("wales", 1), ("wales", 3), ("wales", 3)]),
    ]
    (extracted,) = (row for row in cohort if row["source"] == "registry")
    assert (extracted["sex"], extracted["age_at_mbc"]) == ("female", 61)
    assert [
        row["outcome"]
        for row in rows(warehouse, "follow_up")
        if row["person_id"] == extracted["person_id"]
    ] == ["treated"]
    listed = [(row["position"], row["rule"]) for row in rows(warehouse, "quarantine")]
    assert (4, "digits_lost") in listed and (4, "no_person_identifier") in listed
    (told,) = (row for row in rows(warehouse, "quarantine") if row["rule"] == "digits_lost")
    assert "(local_patient_identifier, hash " in told["message"]
    assert "1.23457" not in told["message"]
