"""COSD Pathology: what a report says, where it may lie, and what refuses it."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import pytest

from naome_tests.sources.support import (
    COSD_FOLDER,
    FAMILY_NAME,
    HEADER,
    LOCAL_IDENTIFIER,
    NHS_NUMBER,
    PSEUDONYMISER,
    V9_BREAST,
    Landed,
    cosd,
    put,
    read,
)

PATHOLOGY_FOLDER = "england/pathology/R0A/2024-01"
REPORT = (
    "<Pathology><InvestigationResultDate>2024-01-20</InvestigationResultDate>"
    '<ServiceReportIdentifier extension="H-17"/>'
    '<PathologyObservationReportIdentifier extension="1"/>'
    '<ServiceReportStatus code="1"/><SampleCollectionDate>2024-01-15</SampleCollectionDate>'
    '<SpecimenNature code="5"/><DiagnosisIcdPathological code="C78.7"/>'
    '<DiagnosisIcdPathological code="c509"/><TumourLateralityPathological code="L"/>'
    '<PathologyInvestigationType code="BU"/>'
    f"<PathologyReportText>Mrs {FAMILY_NAME}</PathologyReportText>"
    '<GradeOfDifferentiationPathological code="G2"/>'
    '<PathologyBreast><ErAllredScore code="8"/><ErStatus code="P"/><PrAllredScore code="0"/>'
    '<PrStatus code="N"/><Her2Status code="B"/><Her2IshStatus code="N"/></PathologyBreast>'
    "</Pathology>"
)


def record(*reports: str, number: str = NHS_NUMBER) -> str:
    return (
        '<Record><Id root="22222222-2222-2222-2222-222222222222"/><LinkagePatientId>'
        f'<NhsNumber extension="{number}"/>'
        f"<LocalPatientIdentifier>{LOCAL_IDENTIFIER}</LocalPatientIdentifier>"
        "<PersonBirthDate>1960-02-29</PersonBirthDate>"
        '<OrganisationIdentifierCodeOfProvider extension="R0A02"/></LinkagePatientId>'
        f"<Demographics><PersonFamilyNameAtBirth>{FAMILY_NAME}</PersonFamilyNameAtBirth>"
        '<PersonStatedGenderCode code="2"/></Demographics>' + "".join(reports) + "</Record>"
    )


def pathology(*records: str, version: str = "v4-1-1", count: int | None = None) -> str:
    """A COSD Pathology document."""
    namespace = f"http://www.datadictionary.nhs.uk/messages/COSD_Pathology-{version}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<COSD_Pathology:COSD_Pathology xmlns:COSD_Pathology="{namespace}">\n'
        + "\n".join((HEADER.format(count=len(records) if count is None else count), *records))
        + "\n</COSD_Pathology:COSD_Pathology>\n"
    )


def read_pathology(landing: Path, content: str | bytes, name: str = "a.xml") -> Landed:
    put(landing, f"{PATHOLOGY_FOLDER}/{name}", content)
    return read(landing)


GOOD = pathology(record(REPORT))


def test_every_item_of_a_report(tmp_path: Path) -> None:
    landed = read_pathology(tmp_path, GOOD)
    submission = landed.submission
    assert (submission["source"], submission["version"]) == ("pathology", "4.1.1")
    assert (submission["received"], submission["reason"]) == (1, None)
    assert submission["created_at"] == dt.datetime(2024, 2, 20, 10, 15)
    assert landed.rows("pathology_report") == [
        {
            "file": f"{PATHOLOGY_FOLDER}/a.xml",
            "position": 1,
            "quarter": "2024-Q1",
            "nhs_person_id": PSEUDONYMISER.nhs_person(NHS_NUMBER)[0],
            "nhs_number_status": "valid",
            "local_person_id": PSEUDONYMISER.local_person("R0A", LOCAL_IDENTIFIER),
            "report_id": PSEUDONYMISER.record("pathology", "1", "H-17"),
            "birth_date": dt.date(1960, 2, 29),
            "birth_date_fault": None,
            "sex": "2",
            "provider": "R0A02",
            "report_date": dt.date(2024, 1, 20),
            "report_date_fault": None,
            "sample_date": dt.date(2024, 1, 15),
            "sample_date_fault": None,
            "report_status": "1",
            "specimen_nature": "5",
            "investigation_type": "BU",
            "icd10": "C78.7;c509",
            "is_breast_section": True,
            "laterality": "L",
            "grade": "G2",
            "er_status": "P",
            "er_allred_score": "8",
            "pr_status": "N",
            "pr_allred_score": "0",
            "her2_status": "B",
            "her2_ish_status": "N",
        }
    ]
    for secret in (NHS_NUMBER, LOCAL_IDENTIFIER, FAMILY_NAME, "H-17"):
        assert secret.encode() not in landed.parquet


def test_the_root_tells_cosd_from_pathology_in_either_folder(tmp_path: Path) -> None:
    for folder in (COSD_FOLDER, PATHOLOGY_FOLDER):
        put(tmp_path, f"{folder}/COSD_1.xml", GOOD)
        put(tmp_path, f"{folder}/PATHOLOGY_1.xml", cosd(V9_BREAST))
        put(tmp_path, f"{folder}/broken.xml", "<COSD_Pathology:")
    landed = read(tmp_path)
    assert [(Path(row["file"]).name, row["source"]) for row in landed.submissions] == [
        ("COSD_1.xml", "pathology"),
        ("PATHOLOGY_1.xml", "cosd"),
        ("broken.xml", "cosd"),
        ("COSD_1.xml", "pathology"),
        ("PATHOLOGY_1.xml", "cosd"),
        ("broken.xml", "pathology"),
    ]
    assert len(landed.rows("pathology_report")) == len(landed.rows("cosd_record")) == 2


def test_each_report_of_a_record_is_a_row_and_a_record_without_one_too(tmp_path: Path) -> None:
    second = REPORT.replace('extension="1"', 'extension="2"')
    landed = read_pathology(tmp_path, pathology(record(REPORT, second), record()))
    submission, rows = landed.submission, landed.rows("pathology_report")
    assert (submission["received"], submission["record_count"]) == (3, 2)
    assert submission["reason"] is None  # the header counts records
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert len({row["report_id"] for row in rows}) == 3
    assert rows[2]["report_date"] is None
    assert rows[2]["nhs_person_id"] == rows[0]["nhs_person_id"]


def test_a_count_that_disagrees_is_a_warning(tmp_path: Path) -> None:
    submission = read_pathology(tmp_path, pathology(record(REPORT), count=5)).submission
    assert submission["status"] == "loaded"
    assert submission["reason"].startswith("record_count: the header states 5 records, 1 were")


@pytest.mark.parametrize("version", ["v4-0", "v4-1-1", "v5-0-1"])
def test_versions(tmp_path: Path, version: str) -> None:
    submission = read_pathology(tmp_path, pathology(record(REPORT), version=version)).submission
    assert submission["version"] == version.removeprefix("v").replace("-", ".")


ENCODED = {
    "utf-8 with a mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "utf-16": b"\xff\xfe" + GOOD.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "iso-8859-1": GOOD.replace("UTF-8", "ISO-8859-1").encode("iso8859-1"),
    "default namespace": GOOD.replace("COSD_Pathology:COSD", "COSD")
    .replace("xmlns:COSD_Pathology", "xmlns")
    .encode(),
    "a comment that ends records": GOOD.replace(
        "<Pathology>", "<!-- </Record> --><Pathology>"
    ).encode(),
}


@pytest.mark.parametrize("content", ENCODED.values(), ids=ENCODED)
def test_encodings_and_ways_of_writing(tmp_path: Path, content: bytes) -> None:
    expected = read_pathology(tmp_path / "plain", GOOD).rows("pathology_report")
    assert read_pathology(tmp_path / "other", content).rows("pathology_report") == expected


REFUSED = {
    "cut short": (GOOD[:-40], "malformed"),
    "an unknown entity": (GOOD.replace("Mrs ", "&mrs;"), "malformed"),
    "a document type": (
        GOOD.replace("<COSD_P", '<!DOCTYPE a [<!ENTITY b "c">]><COSD_P', 1),
        "doctype",
    ),
    "version 3": (pathology(record(REPORT), version="v3-0"), "unknown_version"),
    "another root": (GOOD.replace("COSD_Pathology:COSD_", "COSD_Pathology:X_"), "wrong_data_set"),
    "no namespace": (GOOD.replace("COSD_Pathology:COSD", "COSD"), "foreign_namespace"),
    "another's namespace": (GOOD.replace("www.datadictionary", "example"), "foreign_namespace"),
    "nothing": ("", "not_xml"),
}


@pytest.mark.parametrize(("content", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused_whole(tmp_path: Path, content: str, rule: str) -> None:
    landed = read_pathology(tmp_path, content)
    assert landed.submission["status"] == "rejected"
    assert landed.submission["reason"].startswith(f"{rule}: ")
    assert (landed.submission["received"], landed.tables) == (0, {})


def test_gzip_and_a_bomb(tmp_path: Path) -> None:
    packed = read_pathology(tmp_path / "good", gzip.compress(GOOD.encode()), "a.xml.gz")
    assert packed.submission["received"] == 1
    bomb = gzip.compress(GOOD.encode() + b" " * 20_000_000)
    refused = read_pathology(tmp_path / "bomb", bomb, "a.xml.gz").submission
    assert (refused["status"], refused["received"]) == ("rejected", 0)
