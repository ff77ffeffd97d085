"""Identifiers planted in every position of every format: no row, reason or log holds one.

Of names of drugs and regimens no shape tells a person's bare name from a new drug's: those columns
are named in ``docs/data-protection.md``, and only what marks a person is looked for in them.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from naome_assets.contract.cosd_items import items
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.sact_xml import _ITEMS as SACT_ITEMS

from .support import COSD_FOLDER, Landed, cosd, put, read

SACT_FOLDER = "england/sact/2024-02"
REGISTRY = "england/registry/2024-02-15"
#: With link keys, so that names and postcodes are read as well.
LINKING = Pseudonymiser(b"a key that only the tests have", keeps_link_keys=True)
#: Columns of names; a bare word in one can be a drug.
NAMES = {
    ("sact_administration", "regimen"),
    ("sact_administration", "drug_name"),
    ("registry_regimen", "regimen"),
    ("registry_regimen", "benchmark_group"),
    ("registry_drug", "drug_group"),
    ("registry_outcome", "outcome"),
}
CSV_FILES = {
    f"{SACT_FOLDER}/sact.csv": (
        "NHS_Number,Local_Patient_Identifier,Person_Family_Name,Patient_Postcode,Date_Of_Birth,"
        "Organisation_Identifier_Code_Of_Provider,Primary_Diagnosis,Intent_Of_Treatment,Regimen,"
        "Performance_Status_At_Start_Of_Regimen_Adult,Start_Date_Of_Regimen,Cycle_Number,"
        "Start_Date_Of_Cycle,Drug_Name,Administration_Date,Unheard_Of",
        "9434765870,A1,X,LS1 4AP,1950-01-02,R0A,C509,02,EC,1,2024-02-01,1,2024-02-01,LETROZOLE,"
        "2024-02-01,x",
    ),
    "deaths/2024-02/deaths.csv": (
        "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH,S_UNDERLYING_COD_ICD10,"
        + ",".join(f"S_COD_CODE_{number}" for number in range(1, 16)),
        "9434765870,20240105,20240101,C509" + ",C795" * 15,
    ),
    "wales/registry/2024-Q1/7A1_tumour.csv": (
        "record_id,extract_created,nhs_number,local_patient_identifier,birth_date,sex,"
        "ethnic_category,postcode,provider,site_of_diagnosis,pathway,icd10,event_date,"
        "progression_date,laterality,basis_of_diagnosis,t_category,n_category,m_category,"
        "tnm_stage_group,metastatic_type,metastatic_sites,performance_status,er_status,her2_status,"
        "cns_indication,mdt_date,point_of_suspicion_date,palliative_specialist_seen",
        "1,20240405T101500,9434765870,A1,19500102,F,A,LL1 1AA,7A1,7A1A4,primary,C504,20240110,,L,7,"
        "2,1,0,2,03,02;04,1,P,N,Y1,20240112,20240101,N",
    ),
    "wales/registry/2024-Q1/7A1_treatment.csv": (
        "record_id,nhs_number,local_patient_identifier,provider,start_date,modality,intent",
        "1,9434765870,A1,7A1,20240120,02,01",
    ),
    f"{REGISTRY}/sim_av_patient.csv": (
        "PATIENTID,GENDER,ETHNICITY,DEATHCAUSECODE_UNDERLYING,VITALSTATUS,VITALSTATUSDATE,"
        "LINKNUMBER",
        "1,2,A,C509,D,2024-01-01,2",
    ),
    f"{REGISTRY}/av_tumour.csv": (
        "TUMOURID,GENDER,PATIENTID,DIAGNOSISDATEBEST,SITE_ICD10_O2_3CHAR,T_BEST,N_BEST,M_BEST,"
        "STAGE_BEST,AGE,LATERALITY,ER_STATUS,PR_STATUS,HER2_STATUS,QUINTILE_2019,"
        "DATE_FIRST_SURGERY,PERFORMANCESTATUS,CHRL_TOT_27_03,BASISOFDIAGNOSIS,DCO,CNS,DIAG_TRUST",
        "3,2,1,2024-01-05,C50,2,0,0,2,61,L,P,P,N,1 - most deprived,,1,0,7,N,Y1,R0A",
    ),
    f"{REGISTRY}/sim_sact_regimen.csv": (
        "ENCORE_PATIENT_ID,MERGED_REGIMEN_ID,INTENT_OF_TREATMENT,DATE_DECISION_TO_TREAT,"
        "START_DATE_OF_REGIMEN,MAPPED_REGIMEN,BENCHMARK_GROUP",
        "1,4,2,2024-01-30,2024-02-01,PACLITAXEL,PACLITAXEL",
    ),
    f"{REGISTRY}/sim_sact_cycle.csv": (
        "MERGED_REGIMEN_ID,MERGED_CYCLE_ID,CYCLE_NUMBER,START_DATE_OF_CYCLE",
        "4,5,1,2024-02-01",
    ),
    f"{REGISTRY}/sim_sact_drug_detail.csv": (
        "MERGED_CYCLE_ID,ADMINISTRATION_DATE,DRUG_GROUP",
        "5,2024-02-01,PACLITAXEL",
    ),
    f"{REGISTRY}/sim_sact_outcome.csv": (
        "MERGED_REGIMEN_ID,DATE_OF_FINAL_TREATMENT,REGIMEN_OUTCOME_SUMMARY",
        "4,2024-02-03,Completed",
    ),
    f"{REGISTRY}/sim_rtds_episode.csv": (
        "PATIENTID,RADIOTHERAPYEPISODEID,ATTENDID,APPTDATE,DECISIONTOTREATDATE,RADIOTHERAPYINTENT",
        "1,6,7,2024-02-09,2024-02-01,1",
    ),
    f"{REGISTRY}/sim_rtds_prescription.csv": (
        "RADIOTHERAPYEPISODEID,ATTENDID,RTTREATMENTMODALITY,PRESCRIBEDFRACTIONS,RTTREATMENTREGION",
        "6,7,05,5,M",
    ),
    f"{REGISTRY}/key.csv": ("PATIENTID,NHS_NUMBER", "1,9434765870"),
    "england/hes_apc/2023-2024/hes.csv": (
        "FYEAR,PARTYEAR,EPIKEY,NEWNHSNO,ADMIDATE,EPISTART,EPIEND,DISDATE,EPISTAT,CLASSPAT,SEX,"
        "MYDOB,DOB,STARTAGE,EPIORDER,PROCODE3,PROCODE5,PROCODET,DIAG_01,DIAG_02,DIAG_03,OPERTN_01,"
        "CAUSE,GPPRAC",
        "2324,202399,1,9434765870,2024-01-10,2024-01-10,2024-01-12,2024-01-12,3,1,2,071950,"
        "1950-07-01,73,1,R0A,R0A00,R0A,C780,C509,E119,B274,W19,x",
    ),
    "england/hes_apc/2024-02/hes.csv": (
        "PSEUDO_HESID,ADMIDATE,DIAG_4_CONCAT",
        "ABC1,2024-01-10,C780",
    ),
    "wales/pedw/2024-Q1/spell.csv": (
        "PROV_UNIT_CD,SPELL_NUM,ALF_PE,ALF_STS_CD,GNDR_CD,ADMIS_DT,DISCH_DT",
        "7A4,1,2,1,2,20240110,20240112",
    ),
    "wales/pedw/2024-Q1/episode.csv": (
        "PROV_UNIT_CD,SPELL_NUM,EPI_NUM,EPI_STR_DT,EPI_END_DT,DIAG_CD_1234",
        "7A4,1,1,20240110,20240112,C780",
    ),
    "wales/pedw/2024-Q1/diag.csv": (
        "PROV_UNIT_CD,SPELL_NUM,EPI_NUM,DIAG_NUM,DIAG_CD,DIAG_CD_123,DIAG_CD_1234",
        "7A4,1,1,2,C509,C50,C509",
    ),
    "england/rtds/2024-02/combined.csv": (
        "PATIENTID,ORGCODEPROVIDER,ATTENDID,RADIOTHERAPYEPISODEID,RADIOTHERAPYDIAGNOSISICD,"
        "TREATMENTSTARTDATE,APPTDATE,RTTREATMENTREGION",
        "1,R0A,1,1,C509,2024-01-10,2024-01-10,M",
    ),
    "england/cwt/2024-02/cwt.csv": (
        "NHS_NUMBER,CANCER_TREATMENT_EVENT_TYPE,TREATMENT_START_DATE,PRIMARY_DIAGNOSIS_ICD,"
        "ORGANISATION_CODE_PROVIDER",
        "9434765870,05,2024-01-10,C509,R0A",
    ),
    "england/keys/2024-02/keys.csv": (
        "source,source_person_id,nhs_number,PATIENTID",
        "rtds,1,9434765870,1",
    ),
    "england/rcrd/2024-02/rcrd.csv": ("DIAGNOSISDATE,TUMOUR_SITE,NHS_NUMBER", "2024-01-01,C50,1"),
}
#: Elements of a pathology report, section by section.
PATHOLOGY = {
    "LinkagePatientId": (
        *("NhsNumber", "LocalPatientIdentifier", "PersonBirthDate"),
        "OrganisationIdentifierCodeOfProvider",
    ),
    "Demographics": ("PersonFamilyName", "PersonStatedGenderCode"),
    "Pathology": (
        *("InvestigationResultDate", "SampleCollectionDate", "ServiceReportIdentifier"),
        *("PathologyObservationReportIdentifier", "ServiceReportStatus", "SpecimenNature"),
        *("TumourLateralityPathological", "PathologyInvestigationType", "DiagnosisIcdPathological"),
        *("GradeOfDifferentiationPathological", "Comment"),
    ),
    "Pathology/PathologyBreast": (
        *("ErStatus", "ErAllredScore", "PrStatus", "PrAllredScore", "Her2Status", "Her2IshStatus"),
    ),
}


def check_digit(nine: str) -> str:
    """An NHS number that begins so, and passes Modulus 11 where one can."""
    rest = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return nine + str(rest % 11 % 10)


IDENTIFIERS = st.one_of(
    st.from_regex(r"[1-9]\d{8}", fullmatch=True).filter(str.isascii).map(check_digit),
    st.from_regex(r"[4-7][0-9]{2}[ ./\u2013][0-9]{3}[ ./\u2013][0-9]{4}", fullmatch=True),
    st.from_regex(r"[4-7][0-9]{9}\.0", fullmatch=True),
    st.from_regex(r"(Mrs |Dr )?[A-Z][a-z]{5,9}(hurst|worth|ington)", fullmatch=True),
    st.from_regex(r"[QVZ][0-9][A-Z][0-9]{6}", fullmatch=True),
    st.from_regex(r"(M|B|LS|SW|NE)[1-9][0-9]? ?[1-9][ABDEFGHJ]{2}", fullmatch=True),
    st.dates(dt.date(1925, 1, 1), dt.date(1999, 12, 31)).flatmap(
        lambda day: st.sampled_from(
            [f"{day:{form}}" for form in ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d %b %Y", "%d.%m.%y")]
        )
    ),
    st.from_regex(r"[a-z]{3,8}\.[a-z]{3,8}@(nhs|example)\.(net|org)", fullmatch=True),
    st.from_regex(r"(07[0-9]{3} [0-9]{6}|\+44 7[0-9]{3} [0-9]{6}|0[0-9]{10})", fullmatch=True),
)
PLANTED = st.tuples(
    IDENTIFIERS, st.sampled_from(("{}", "{}", " {}", "{} ", "see {}", "{}, 4th floor", "({})"))
)


def xml(text: str) -> str:
    """As it is in XML; none of the planted signs has a meaning there."""
    assert not set(text) & set("<&\"'")
    return text


def leaf(path: str, text: str) -> str:
    """An element at the end of its path, with the text in it and in each attribute it may have."""
    *sections, name = path.split("/")
    attributes = " ".join(
        f'{attribute}="{text}"' for attribute in ("code", "extension", "root", "value", "other")
    )
    made = f"<{name} {attributes}>{text}</{name}>"
    for section in reversed(sections):
        made = f"<{section}>{made}</{section}>"
    return made


def cosd_files(text: str) -> Iterator[tuple[str, str]]:
    """COSD in each version: a record with the text in one item, each item in turn."""
    for family, version in (("v8", "v8-2"), ("v9", "v9-0-1"), ("v10", "v10-0-1")):
        records = [
            f'<BreastRecord note="{text}">{text}{leaf(path, text)}<Other>{text}</Other>'
            f"</BreastRecord>"
            for item in items()
            if (path := getattr(item, family))
        ]
        document = cosd(*records, version=version)
        for header in (
            '<Id root="11111111-1111-1111-1111-111111111111"/>',
            '"R0A"/><RecordCount',
            ">2024-01-01<",
            ">2024-01-31<",
            ">2024-02-20T10:15:00<",
        ):
            assert header in document
        planted = (
            document.replace("11111111-1111", text, 1)
            .replace('"R0A"/><RecordCount', f'"{text}"/><RecordCount', 1)
            .replace(">2024-01-01<", f">{text}<", 1)
            .replace(">2024-01-31<", f">{text}<", 1)
            .replace(">2024-02-20T10:15:00<", f">{text}<", 1)
        )
        yield f"{COSD_FOLDER}/{version}.xml", document
        yield f"{COSD_FOLDER}/{version}-header.xml", planted
        # A namespace with more digits than a version has.
        yield (
            f"{COSD_FOLDER}/{version}-root.xml",
            document.replace(f"COSD-{version}", f"COSD-{version}-{text.replace(' ', '')}"),
        )


def other_xml_files(text: str) -> Iterator[tuple[str, str]]:
    """Pathology and SACT XML."""
    records = []
    for section, names in PATHOLOGY.items():
        for name in names:
            inside = leaf(f"{section}/{name}", text)
            records.append(f"<BreastRecord>{inside}</BreastRecord>")
    yield (
        f"{COSD_FOLDER.replace('cosd', 'pathology')}/p.xml",
        '<P:COSD_Pathology xmlns:P="http://www.datadictionary.nhs.uk/messages/COSD_Pathology-v4-1-1">'
        f'<Id root="{text}"/>{"".join(records)}</P:COSD_Pathology>',
    )
    administrations = [
        f"<Record>{leaf(f'{section}/{name}', text)}</Record>" for section, name in SACT_ITEMS
    ]
    yield (
        f"{SACT_FOLDER}/s.xml",
        '<SACT xmlns="http://www.datadictionary.nhs.uk/messages/SACT-v2-0">'
        f"{''.join(administrations)}<Footer>{text}</Footer></SACT>",
    )


def csv_files(text: str) -> Iterator[tuple[str, str]]:
    """Each CSV file: a row with the text in one column, each column in turn, and as sent."""
    cell = f'"{text}"' if "," in text else text
    for name, (header, row) in CSV_FILES.items():
        cells = row.split(",")
        rows = [
            ",".join([*cells[:place], cell, *cells[place + 1 :]]) for place in range(len(cells))
        ]
        yield name, "\n".join([header, *rows, row]) + "\n"


def told(landed: Landed) -> Iterator[tuple[str, str, str]]:
    """Table, column and text of everything that was written."""
    for table, rows in (*landed.tables.items(), ("submission", landed.submissions)):
        for row in rows:
            for column, value in row.items():
                if isinstance(value, str) and column != "file":
                    yield table, column, value


def plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def is_bare_word(identifier: str) -> bool:
    """Whether only its being a name tells that it is one: words, or a number like a trial's."""
    return identifier.isalpha() or identifier[0] in "QVZ"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(PLANTED)
def test_no_planted_identifier_is_written_anywhere(
    tmp_path_factory: pytest.TempPathFactory, planted: tuple[str, str]
) -> None:
    identifier, frame = planted
    text = xml(frame.format(identifier))
    landing: Path = tmp_path_factory.mktemp("landing")
    files = [*cosd_files(text), *other_xml_files(text), *csv_files(text)]
    for name, content in files:
        put(landing, name, content)
    logged = _Kept()
    logging.getLogger().addHandler(logged)
    try:
        landed = read(landing, pseudonymiser=LINKING)
    finally:
        logging.getLogger().removeHandler(logged)
    assert len(landed.submissions) == len(files)
    refused = {row["file"] for row in landed.submissions if row["status"] != "loaded"}
    assert all(file.endswith("-root.xml") for file in refused), refused
    whole = plain(identifier)
    leaks = [
        (table, column, value)
        for table, column, value in told(landed)
        if whole in plain(value) and not ((table, column) in NAMES and is_bare_word(identifier))
    ]
    assert leaks == []
    assert not any(whole in plain(line) for line in logged.lines)


class _Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def test_every_refused_value_is_reported_by_its_place_and_a_keyed_hash(tmp_path: Path) -> None:
    text = "Featherstonehaugh"
    for name, content in csv_files(text):
        put(tmp_path, name, content)
    landed = read(tmp_path, pseudonymiser=LINKING)
    faults: list[dict[str, Any]] = landed.rows("submission_fault")
    mark = LINKING.mark(text)
    told_of = {(Path(row["file"]).name, row["item"], row["position"]) for row in faults}
    assert ("7A1_tumour.csv", f"laterality, hash {mark}", 15) in told_of
    assert ("deaths.csv", f"S_COD_CODE_15, hash {mark}", 19) in told_of
    assert ("av_tumour.csv", f"AGE, hash {mark}", 10) in told_of
    assert ("sact.csv", f"Primary_Diagnosis, hash {mark}", 7) in told_of
    # A moment is told by a rule of its own.
    assert {row["rule"] for row in faults} == {"not_a_code", "extract_created_unreadable"}
    assert {row["severity"] for row in faults} == {"warning"}
