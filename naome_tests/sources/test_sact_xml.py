"""SACT XML: the example of the standard, what senders do to it, and the same rows as the CSV."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from naome_tests.sources.support import (
    LOCAL_IDENTIFIER,
    NHS_NUMBER,
    PSEUDONYMISER,
    Landed,
    put,
    read,
)

EXAMPLE = Path(__file__).parent / "examples" / "sact-v2-0.xml"
FOLDER = "england/sact/2024-01"
NAMESPACE = "http://www.datadictionary.nhs.uk/messages/SACT-v2-0"

#: CSV column; section, element and attribute of the XML.
ITEMS = {
    "NHS_Number": ("DemographicsAndConsultant", "NHSNumber", "extension"),
    "Local_Patient_Identifier": ("DemographicsAndConsultant", "LocalPatientIdentifier", ""),
    "Organisation_Identifier_Code_Of_Provider": (
        "DemographicsAndConsultant",
        "OrgCodeOfProvider",
        "extension",
    ),
    "Intent_Of_Treatment": ("ProgrammeAndRegimen", "DrugTreatmentIntent", "code"),
    "Regimen": ("ProgrammeAndRegimen", "DrugRegimenAcronym", ""),
    "Performance_Status_At_Start_Of_Regimen_Adult": (
        "ProgrammeAndRegimen",
        "PerformanceStatusAdult",
        "code",
    ),
    "Start_Date_Of_Regimen": ("ProgrammeAndRegimen", "StartDateACDrugRegimen", ""),
    "Cycle_Number": ("Cycle", "ACDrugCycleId", "value"),
    "Start_Date_Of_Cycle": ("Cycle", "CycleStartDate", ""),
    "Primary_Diagnosis": ("ClinicalStatus", "StartPrimaryDiagnosis", "code"),
    "Drug_Name": ("DrugDetails", "SACTDrugName", ""),
    "Administration_Date": ("DrugDetails", "SACTAdminDate", ""),
}
Row = dict[str, str]


def record(row: Row) -> str:
    """One administration as a record."""
    sections: dict[str, str] = {}
    for column, (section, element, attribute) in ITEMS.items():
        value = row.get(column, "")
        item = (
            f"<{element} {attribute}={quoteattr(value)}/>"
            if attribute
            else f"<{element}>{escape(value)}</{element}>"
        )
        sections[section] = sections.get(section, "") + item
    inner = "".join(f"<{name}>{items}</{name}>" for name, items in sections.items())
    return f"<Record>{inner}</Record>"


def document(*records: str, namespace: str = NAMESPACE, root: str = "SACT") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<SACT:{root} xmlns:SACT="{namespace}">' + "\n".join(records) + f"</SACT:{root}>\n"
    )


GOOD = {
    "NHS_Number": NHS_NUMBER,
    "Organisation_Identifier_Code_Of_Provider": "R0A",
    "Intent_Of_Treatment": "P",
    "Regimen": "Weekly  paclitaxel",
    "Start_Date_Of_Regimen": "2024-01-02",
    "Cycle_Number": "1",
    "Primary_Diagnosis": "C50.9",
    "Drug_Name": "paclitaxel",
    "Administration_Date": "2024-01-03",
}


def read_sact(landing: Path, content: str | bytes, name: str = "a.xml") -> Landed:
    put(landing, f"{FOLDER}/{name}", content)
    return read(landing)


def test_the_example_of_the_standard(tmp_path: Path) -> None:
    landed = read_sact(tmp_path, EXAMPLE.read_bytes())
    assert (landed.submission["status"], landed.submission["version"]) == ("loaded", "2.0")
    assert (landed.submission["received"], landed.submission["reason"]) == (1, None)
    person, status = PSEUDONYMISER.nhs_person("1111111111")
    assert landed.rows("sact_administration") == [
        {
            "file": f"{FOLDER}/a.xml",
            "position": 1,
            "quarter": "2024-Q1",
            "nhs_person_id": person,
            "nhs_number_status": status,
            "local_person_id": None,
            "provider": "6TY",
            "primary_diagnosis": "0000",
            "regimen": "ABC",
            "regimen_start_date": dt.date(2013, 6, 1),
            "regimen_start_date_fault": None,
            "cycle_number": "0",
            "cycle_start_date": dt.date(2013, 6, 1),
            "cycle_start_date_fault": None,
            "drug_name": "ABCDE",
            "administration_date": dt.date(2013, 6, 1),
            "administration_date_fault": None,
            "intent": "P",
            "performance_status": "2",
        }
    ]


TEXT = document(record(GOOD))
ENCODED = {
    "utf-8 with a mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "utf-16": b"\xff\xfe" + TEXT.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "iso-8859-1": TEXT.replace("UTF-8", "ISO-8859-1").encode("iso8859-1"),
    "crlf": TEXT.replace("\n", "\r\n").encode(),
    "default namespace": TEXT.replace("SACT:SACT", "SACT").replace("xmlns:SACT", "xmlns").encode(),
    "a comment that ends records": TEXT.replace("<Cycle>", "<!-- </Record> --><Cycle>").encode(),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED)
def test_encodings_and_ways_of_writing(tmp_path: Path, content: bytes) -> None:
    expected = read_sact(tmp_path / "plain", TEXT).rows("sact_administration")
    assert expected[0]["regimen"] == "WEEKLY PACLITAXEL"
    assert read_sact(tmp_path / "other", content).rows("sact_administration") == expected


def test_gzip_and_members_of_an_archive(tmp_path: Path) -> None:
    landed = read_sact(tmp_path, gzip.compress(TEXT.encode()), "a.xml.gz")
    assert (landed.submission["received"], landed.submission["status"]) == (1, "loaded")


def test_each_drug_is_a_row_and_a_record_without_one_too(tmp_path: Path) -> None:
    drug = "<DrugDetails><SACTDrugName>{}</SACTDrugName></DrugDetails>"
    cycle = '<Cycle><ACDrugCycleId value="{}"/></Cycle>'
    first = (
        "<Record><ProgrammeAndRegimen><DrugRegimenAcronym>EC</DrugRegimenAcronym>"
        "</ProgrammeAndRegimen>"
        + cycle.format(1)
        + drug.format("a")
        + drug.format("b")
        + cycle.format(2)
        + drug.format("c")
        + '<ClinicalStatus><StartPrimaryDiagnosis code="C509"/></ClinicalStatus></Record>'
    )
    landed = read_sact(tmp_path, document(first, "<Record/>", record(GOOD)))
    assert landed.submission["received"] == 5
    found = [
        (row["position"], row["regimen"], row["cycle_number"], row["drug_name"])
        for row in landed.rows("sact_administration")
    ]
    assert found == [
        (1, "EC", "1", "A"),
        (2, "EC", "1", "B"),
        (3, "EC", "2", "C"),
        (4, None, None, None),
        (5, "WEEKLY PACLITAXEL", "1", "PACLITAXEL"),
    ]
    diagnoses = [row["primary_diagnosis"] for row in landed.rows("sact_administration")]
    assert diagnoses == ["C509", "C509", "C509", None, "C50.9"]


@pytest.mark.parametrize(("stated", "reason"), [(2, None), (3, "record_count: ")])
def test_a_count_that_disagrees_is_a_warning(
    tmp_path: Path, stated: int, reason: str | None
) -> None:
    """It counts records, not drugs."""
    count = f'<RecordCount value="{stated}"/>'
    submission = read_sact(tmp_path, document(count, record(GOOD), record(GOOD))).submission
    assert (submission["status"], submission["record_count"]) == ("loaded", stated)
    assert (submission["reason"] or "").startswith(reason or "")
    assert (submission["reason"] is None) == (reason is None)


REFUSED = {
    "cut short": (TEXT[:-20], "malformed"),
    "a wrong end tag": (TEXT.replace("</Cycle>", "</Cycles>"), "malformed"),
    "an unknown entity": (TEXT.replace("paclitaxel<", "&drug;<"), "malformed"),
    "a document type": (TEXT.replace("<SACT", "<!DOCTYPE a><SACT", 1), "doctype"),
    "not XML": ("NHS_Number,Regimen\n1,2\n", "not_xml"),
    "nothing": ("", "not_xml"),
    "another root": (document(record(GOOD), root="COSD"), "wrong_data_set"),
    "another namespace": (document(record(GOOD), namespace="urn:other"), "wrong_data_set"),
    "no namespace": (TEXT.replace("SACT:SACT", "SACT"), "foreign_namespace"),
    "another's namespace": (TEXT.replace("www.datadictionary", "example"), "foreign_namespace"),
    "version 5": (TEXT.replace("SACT-v2-0", "SACT-v5-0"), "unknown_version"),
    "version 3": (TEXT.replace("SACT-v2-0", "SACT-v3-0"), "unknown_version"),
    "a record without an end": (
        document("<Record><Cycle>" + "x" * (5 << 20) + "</Cycle></Record>"),
        "record_too_large",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused_whole(tmp_path: Path, content: str, rule: str) -> None:
    landed = read_sact(tmp_path, content)
    assert landed.submission["status"] == "rejected"
    assert landed.submission["reason"].startswith(f"{rule}: ")
    assert (landed.submission["received"], landed.tables) == (0, {})


def test_no_identifier_is_stored(tmp_path: Path) -> None:
    row = GOOD | {"Local_Patient_Identifier": LOCAL_IDENTIFIER}
    landed = read_sact(tmp_path, document(record(row)))
    (found,) = landed.rows("sact_administration")
    assert found["local_person_id"] == PSEUDONYMISER.local_person("R0A", LOCAL_IDENTIFIER)
    for secret in (NHS_NUMBER, LOCAL_IDENTIFIER):
        assert secret.encode() not in landed.parquet
        assert secret not in str(landed.submission)


WORDS = st.text("abcXYZ 019+,;'\"<&>-.éß", max_size=12)
DATES = st.sampled_from(
    ("", "2024-01-31", "31/01/2024", "2024-02-30", "-4714-12-31", "1823-01-01", "soon", "20240100")
)
ROWS = st.fixed_dictionaries(
    {
        column: DATES
        if "Date" in column
        else st.sampled_from(("", NHS_NUMBER, "943 476 5919", "9434765918", "0000000000"))
        if column == "NHS_Number"
        else WORDS
        for column in ITEMS
    }
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=5))
def test_the_same_data_as_csv_gives_equal_rows(rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ITEMS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        as_xml = read_sact(Path(folder) / "xml", document(*map(record, rows)))
        as_csv = read_sact(Path(folder) / "csv", text.getvalue(), "a.csv")
    assert as_xml.submission["received"] == as_csv.submission["received"] == len(rows)
    assert [
        {name: value for name, value in row.items() if name != "file"}
        for row in as_xml.rows("sact_administration")
    ] == [
        {name: value for name, value in row.items() if name != "file"}
        for row in as_csv.rows("sact_administration")
    ]


V4 = "http://www.datadictionary.nhs.uk/messages/SACT-v4-0"
#: Nested: drugs in cycles in regimens. Flat: one section after another, the diagnosis last.
NESTED = f"""<SactRecord>
<PatientDetails><NhsNumber extension="{NHS_NUMBER}"/><PersonBirthDate>1960-01-01</PersonBirthDate>
<OrganisationIdentifierCodeOfProvider extension="R0A"/></PatientDetails>
<Regimen><PrimaryDiagnosisIcdAtStartSystemicAntiCancerTherapy code="C50.9"/>
<DrugRegimenAcronym>EC then T</DrugRegimenAcronym>
<StartDateAntiCancerDrugRegimen>2024-01-02</StartDateAntiCancerDrugRegimen>
<Cycle><AntiCancerDrugCycleIdentifier value="1"/>
<Drug><SystemicAntiCancerTherapyDrugName>Epirubicin</SystemicAntiCancerTherapyDrugName>
<SystemicAntiCancerTherapyAdministrationDate value="2024-01-02"/>
</Drug><Drug><DrugName value="Cyclophosphamide"/></Drug></Cycle>
<Cycle><AntiCancerDrugCycleIdentifier value="2"/><Drug><DrugName>Paclitaxel</DrugName></Drug>
</Cycle></Regimen></SactRecord>"""
FLAT = f"""<Record><Who><NHSNumber>{NHS_NUMBER}</NHSNumber><OrgCodeOfProvider extension="R0A"/>
</Who><What><Start_Date_Of_Regimen>2024-01-09</Start_Date_Of_Regimen><Regimen>Oral</Regimen></What>
<C><Cycle_Number>1</Cycle_Number></C><D><Drug_Name>Capecitabine</Drug_Name></D>
<C><Cycle_Number>2</Cycle_Number></C><D><Drug_Name>Lapatinib</Drug_Name></D>
<S><Primary_Diagnosis>C50</Primary_Diagnosis></S></Record>"""


def v4(*records: str) -> str:
    return document('<RecordCount value="2"/>', *records, namespace=V4)


def test_version_4_is_read_by_the_names_of_items(tmp_path: Path) -> None:
    landed = read_sact(tmp_path, v4(NESTED, FLAT))
    assert (landed.submission["status"], landed.submission["version"]) == ("loaded", "4.0")
    assert landed.submission["received"] == 5
    assert landed.submission["reason"] == (
        "sact_v4: read by the names of items; not found: LOCAL PATIENT IDENTIFIER, "
        "DRUG TREATMENT INTENT, PERFORMANCE STATUS AT START OF REGIMEN (ADULT), "
        "START DATE (SYSTEMIC ANTI-CANCER DRUG CYCLE)"
    )
    rows = landed.rows("sact_administration")
    assert {row["nhs_person_id"] for row in rows} == {PSEUDONYMISER.nhs_person(NHS_NUMBER)[0]}
    assert {row["provider"] for row in rows} == {"R0A"}
    first, other = dt.date(2024, 1, 2), dt.date(2024, 1, 9)
    columns = ("regimen", "regimen_start_date", "cycle_number", "drug_name", "primary_diagnosis")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("EC THEN T", first, "1", "EPIRUBICIN", "C50.9"),
        ("EC THEN T", first, "1", "CYCLOPHOSPHAMIDE", "C50.9"),
        ("EC THEN T", first, "2", "PACLITAXEL", "C50.9"),
        ("ORAL", other, "1", "CAPECITABINE", "C50"),
        ("ORAL", other, "2", "LAPATINIB", "C50"),
    ]
    assert [row["administration_date"] for row in rows] == [first, None, None, None, None]


@pytest.mark.parametrize(
    ("text", "rule", "told"),
    [
        (FLAT.replace("Primary_Diagnosis", "Diagnosis"), "sact_v4_items", "PRIMARY DIAGNOSIS"),
        (FLAT.replace("Start_Date_Of_Regimen", "Begun"), "sact_v4_items", "START DATE"),
        (FLAT.replace("NHSNumber", "Number"), "sact_v4_items", "NHS NUMBER"),
        (
            FLAT.replace("</Drug_Name></D>", "</Drug_Name><Drug_Name>B</Drug_Name></D>"),
            "sact_v4_layout",
            "not public",
        ),
    ],
)
def test_what_version_4_does_not_say_is_refused(
    tmp_path: Path, text: str, rule: str, told: str
) -> None:
    landed = read_sact(tmp_path, v4(text))
    assert landed.submission["status"] == "rejected"
    assert landed.submission["reason"].startswith(f"{rule}:")
    assert told in landed.submission["reason"]
    assert NHS_NUMBER not in landed.submission["reason"]
    assert landed.rows("sact_administration") == []
