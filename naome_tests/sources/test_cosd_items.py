"""Every item of the contract, in each version, by hand (COSD v8.2, v9.0.1 and v10.0.1)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from naome_assets.contract.cosd_items import items

from .support import COSD_FOLDER, NHS_NUMBER, PSEUDONYMISER, cosd, put, read, read_cosd

EXAMPLES = Path(__file__).parent / "examples"


def element(path: str, value_in: str, value: str) -> str:
    """An element at the end of its path, alone."""
    *sections, name = path.split("/")
    leaf = f"<{name}>{value}</{name}>" if value_in == "text" else f'<{name} {value_in}="{value}"/>'
    for section in reversed(sections):
        leaf = f"<{section}>{leaf}</{section}>"
    return leaf


#: Where an item ends up, when that is not a column of the same name.
ELSEWHERE = {
    "record_id": ("record_id", PSEUDONYMISER.record("V1")),
    "nhs_number": ("nhs_person_id", PSEUDONYMISER.nhs_person(NHS_NUMBER)[0]),
    "primary_icd10": ("icd10", "C50"),
    "recurrence_icd10": ("icd10", "C50"),
    "progression_icd10": ("icd10", "C50"),
    "primary_date": ("event_date", dt.date(2024, 1, 31)),
    "non_primary_date": ("event_date", dt.date(2024, 1, 31)),
    "non_primary_type": ("pathway", "recurrence"),
    "care_plan_mdt_date": ("mdt_date", dt.date(2024, 1, 31)),
}
#: A value of each kind that is no date, in the form in which it is stored.
OF_KIND = {"icd": "C50", "organisation": "R0A", "tnm_category": "1A", "stage_group": "3B"}
VALUES = {
    "nhs_number": NHS_NUMBER,
    "non_primary_type": "01",
    "local_patient_identifier": "",
}


def cases() -> list[Any]:
    """(version, path, where the value stands, table, column) of every item in every version."""
    return [
        pytest.param(
            version, getattr(item, family), item, id=f"{family}-{item.item_code}-{item.table}"
        )
        for item in items()
        if item.table != "link_key"  # tested in naome_tests/linkage
        for family, version in (("v8", "v8-2"), ("v9", "v9-0-1"), ("v10", "v10-0-1"))
        if getattr(item, family) and item.column != "local_patient_identifier"
    ]


@pytest.mark.parametrize(("version", "path", "item"), cases())
def test_each_item_reaches_its_column(tmp_path: Path, version: str, path: str, item: Any) -> None:
    is_date = item.column.endswith("_date")
    value = VALUES.get(item.column, "2024-01-31" if is_date else OF_KIND.get(item.kind, "V1"))
    expected: Any = dt.date(2024, 1, 31) if is_date else value
    table, _, part = item.table.partition(":")
    column, expected = ELSEWHERE.get(item.column, (item.column, expected))
    if table == "mdt_meeting":
        table = "cosd_record"
    # An ICD code belongs to a pathway by its section, which v8 does not have.
    landed = read_cosd(
        tmp_path,
        cosd(
            f"<BreastRecord>{element(path, item.value_in, value)}</BreastRecord>", version=version
        ),
    )
    assert landed.submission["status"] == "loaded"
    (row,) = landed.rows(table)
    assert row[column] == expected
    if part:
        assert row["part"] == {"diagnosis": "diagnosis", "progression": "progression"}.get(
            part, "non_primary"
        )
        assert row["paired"] is not version.startswith("v8")


def test_real_v8_example(tmp_path: Path) -> None:
    """The publisher's own file; the values below were read from it by eye."""
    name = "cosd-v8-2-breast.xml"
    put(tmp_path, f"{COSD_FOLDER}/{name}", (EXAMPLES / name).read_bytes())
    landed = read(tmp_path)
    submission, record = landed.submission, landed.record
    assert (submission["version"], submission["status"], submission["received"]) == (
        "8.2",
        "loaded",
        1,
    )
    assert submission["record_count"] == 1
    assert submission["period_end"] == dt.date(2018, 3, 30)
    assert submission["created_at"] == dt.datetime(2018, 3, 30)
    assert "reporting_period" in submission["reason"], "the folder says 2024-01 (ruling B14)"
    expected = {
        "nhs_person_id": PSEUDONYMISER.nhs_person("1111111111")[0],
        "nhs_number_status": "valid",
        "local_person_id": PSEUDONYMISER.local_person("AB1", "AB1888555446"),
        "birth_date": dt.date(1971, 1, 1),
        "sex": "2",
        "ethnic_category": "A",
        "provider": "AB1",
        "diagnosis_site": "ABC",
        "pathway": "recurrence",
        "event_date": dt.date(2017, 1, 1),
        "icd10": "C501",
        "laterality": "L",
        "basis_of_diagnosis": "7",
        "performance_status": "2",
        "t_category_pretreatment": "2",
        "stage_pretreatment": "2A",
        "stage_integrated": "3B",
        "m_category_integrated": "0",
        "cns_indication": "Y5",
        "mdt_meetings": 1,
        "mdt_date": dt.date(2018, 3, 5),
        "palliative_specialist_seen": "9",
    }
    assert {column: record[column] for column in expected} == expected
    (treatment,) = landed.rows("cosd_treatment")
    assert (treatment["start_date"], treatment["modality"], treatment["intent"]) == (
        dt.date(2018, 3, 5),
        "01",
        "01",
    )
    metastases = {
        (row["part"], row["metastatic_type"], row["metastatic_site"])
        for row in landed.rows("cosd_metastasis")
    }
    assert metastases == {
        ("diagnosis", "03", None),
        ("diagnosis", None, "98"),
        ("non_primary", "01", None),
        ("non_primary", None, "98"),
    }


def test_real_v8_example_with_both_identifiers(tmp_path: Path) -> None:
    name = "cosd-v8-2-both-identifiers.xml"
    put(tmp_path, f"{COSD_FOLDER}/{name}", (EXAMPLES / name).read_bytes())
    record = read(tmp_path).record
    assert record["pathway"] == "recurrence", "only the non-primary date is there (ruling D12)"
    assert record["nhs_person_id"] and record["local_person_id"]
    assert record["mdt_meetings"] == 0 and record["mdt_date"] is None


V8_DATES = {
    "primary": "<ClinicalDateCancerDiagnosis>2015-05-01</ClinicalDateCancerDiagnosis>",
    "other": (
        "<DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2017-01-01"
        "</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>"
    ),
}


@pytest.mark.parametrize(
    ("type_code", "dates", "pathway", "event_date"),
    [
        ("01", ("other",), "recurrence", dt.date(2017, 1, 1)),
        ("2", ("primary", "other"), "progression", dt.date(2017, 1, 1)),
        ("03", ("primary",), "transformation", None),
        (None, ("other",), "recurrence", dt.date(2017, 1, 1)),
        (None, ("primary",), "primary", dt.date(2015, 5, 1)),
        (None, ("primary", "other"), "primary", dt.date(2015, 5, 1)),
        (None, (), None, None),
    ],
)
def test_v8_pathway_by_type_and_dates(
    tmp_path: Path,
    type_code: str | None,
    dates: tuple[str, ...],
    pathway: str | None,
    event_date: dt.date | None,
) -> None:
    """Ruling D12."""
    type_element = (
        "<NonPrimaryCancerPathwayRoute>"
        f'<NonPrimaryCancerPathwayType code="{type_code}"/></NonPrimaryCancerPathwayRoute>'
        if type_code
        else ""
    )
    sections = "".join(V8_DATES[name] for name in dates)
    record = read_cosd(
        tmp_path,
        cosd(
            f"<BreastRecord><LinkageDiagnosticDetails>{sections}</LinkageDiagnosticDetails>"
            f"{type_element}</BreastRecord>",
            version="v8-1",
        ),
    ).record
    assert (record["pathway"], record["event_date"]) == (pathway, event_date)


def test_v8_1_with_breast_core_sections(tmp_path: Path) -> None:
    """Ruling D15: ``COSDRecord/Breast/BreastCore`` with prefixed sections."""
    breast = (
        '<COSDRecord><Id root="44444444-4444-4444-4444-444444444444"/><Breast><BreastCore>'
        '<BreastCoreLinkagePatientId><NHSNumber extension="943 476 5919"/>'
        '<OrganisationIdentifierCodeOfProvider extension="R0A"/></BreastCoreLinkagePatientId>'
        "<BreastCoreLinkageDiagnosticDetails><ClinicalDateCancerDiagnosis>2017-01-02"
        "</ClinicalDateCancerDiagnosis></BreastCoreLinkageDiagnosticDetails>"
        '<BreastCoreDiagnosis><CancerMetastaticDiseaseType code="03"/></BreastCoreDiagnosis>'
        "<BreastCoreTreatment><CancerTreatmentModality code='02'/></BreastCoreTreatment>"
        "</BreastCore></Breast></COSDRecord>"
    )
    lung = "<COSDRecord><Lung><LungCore/></Lung></COSDRecord>"
    landed = read_cosd(tmp_path, cosd(breast, lung, version="v8-1-mbis"))
    assert landed.submission["version"] == "8.1"
    assert (landed.submission["received"], landed.submission["other_tumour_groups"]) == (2, 1)
    record = landed.record
    assert record["nhs_person_id"] == PSEUDONYMISER.nhs_person(NHS_NUMBER)[0]
    assert (record["pathway"], record["event_date"]) == ("primary", dt.date(2017, 1, 2))
    assert record["record_id"] is not None
    assert len(landed.rows("cosd_treatment")) == len(landed.rows("cosd_metastasis")) == 1


@pytest.mark.parametrize(
    ("outer", "middle", "inner", "known"),
    [
        ("A", "B", "C", "A"),
        ("", "B", "C", "B"),
        (" ", "", "C", "C"),
        ("", "", "", None),
        (" a ", "B", "", "A"),
    ],
)
def test_b3_the_id_of_a_wrapped_record_is_the_outermost(
    tmp_path: Path, outer: str, middle: str, inner: str, known: str | None
) -> None:
    """Also where it stands behind what it contains."""
    record = (
        f'<COSDRecord><Breast><BreastCore><BreastCoreLinkagePatientId/><Id root="{inner}"/>'
        f'</BreastCore><Id root="{middle}"/></Breast><Id root="{outer}"/></COSDRecord>'
    )
    landed = read_cosd(tmp_path, cosd(record, version="v8-1"))
    assert landed.record["record_id"] == (PSEUDONYMISER.record(known) if known else None)


def test_v9_progressions_keep_their_own_metastases(tmp_path: Path) -> None:
    """Ruling D8: each progression of a primary record has its own date and metastases."""

    def progression(date: str, *sites: str) -> str:
        pairs = "".join(
            "<MetastaticTypeAndSiteDiagnosisProgression><MetastaticType code='03'/>"
            f"<MetastaticSite code='{site}'/></MetastaticTypeAndSiteDiagnosisProgression>"
            for site in sites
        )
        return (
            f"<DiagnosisProgression>{pairs}<ProgressionDatePrimaryPathway>{date}"
            "</ProgressionDatePrimaryPathway></DiagnosisProgression>"
        )

    landed = read_cosd(
        tmp_path,
        cosd(
            "<BreastRecord><PrimaryPathway><Diagnosis>"
            + progression("2024-01-05", "02")
            + progression("05/02/2024", "03", "04")
            + "</Diagnosis></PrimaryPathway></BreastRecord>"
        ),
    )
    assert [
        (row["number"], row["progression_date"]) for row in landed.rows("cosd_progression")
    ] == [
        (1, dt.date(2024, 1, 5)),
        (2, dt.date(2024, 2, 5)),
    ]
    assert [
        (row["progression_number"], row["metastatic_site"], row["part"], row["paired"])
        for row in landed.rows("cosd_metastasis")
    ] == [
        (1, "02", "progression", True),
        (2, "03", "progression", True),
        (2, "04", "progression", True),
    ]


@pytest.mark.parametrize(
    ("inside", "pathway", "icd10"),
    [
        (
            "<Recurrence><OriginalPrimaryDiagnosisIcd code='C509'/></Recurrence>",
            "recurrence",
            "C509",
        ),
        ("<Progression><ProgressionIcd code=' c78.7 '/></Progression>", "progression", "C787"),
        ("<Transformation/>", "transformation", None),
        # Of no stated kind: a recurrence, as in v8 (ruling D12).
        ("", "recurrence", None),
    ],
)
def test_v9_non_primary_pathways(
    tmp_path: Path, inside: str, pathway: str | None, icd10: str | None
) -> None:
    """Rulings B1 and B21."""
    record = read_cosd(
        tmp_path,
        cosd(
            "<BreastRecord><NonPrimaryPathway>"
            "<DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>2024-01-03T00:00:00Z"
            f"</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>{inside}"
            "</NonPrimaryPathway></BreastRecord>"
        ),
    ).record
    assert (record["pathway"], record["icd10"]) == (pathway, icd10)
    assert record["event_date"] == dt.date(2024, 1, 3)


@pytest.mark.parametrize(
    ("dates", "care_plan", "meetings", "expected", "fault"),
    [
        (("2024-02-01", "31/01/2024"), "", 2, dt.date(2024, 1, 31), None),
        (("soon", "2024-02-01"), "", 2, dt.date(2024, 2, 1), None),
        (("",), "2024-03-01", 1, dt.date(2024, 3, 1), None),
        (("soon",), "2024-03-01", 1, dt.date(2024, 3, 1), None),
        (("soon",), "", 1, None, "unreadable"),
        ((), "", 0, None, None),
    ],
)
def test_mdt_date_is_the_earliest_readable(
    tmp_path: Path,
    dates: tuple[str, ...],
    care_plan: str,
    meetings: int,
    expected: dt.date | None,
    fault: str | None,
) -> None:
    details = "".join(
        "<MultidisciplinaryTeamMeetings><MultidisciplinaryTeamMeetingDetail>"
        f"<MultidisciplinaryTeamMeetingDate>{date}</MultidisciplinaryTeamMeetingDate>"
        "</MultidisciplinaryTeamMeetingDetail></MultidisciplinaryTeamMeetings>"
        for date in dates
    )
    plan = (
        "<CancerCarePlan><MultidisciplinaryTeamDiscussionDateCancer>"
        f"{care_plan}</MultidisciplinaryTeamDiscussionDateCancer></CancerCarePlan>"
    )
    record = read_cosd(tmp_path, cosd(f"<BreastRecord>{details}{plan}</BreastRecord>")).record
    assert (record["mdt_meetings"], record["mdt_date"], record["mdt_date_fault"]) == (
        meetings,
        expected,
        fault,
    )


def test_values_are_made_comparable_and_what_is_no_code_is_not_kept(tmp_path: Path) -> None:
    long = "Featherstonehaugh"
    landed = read_cosd(
        tmp_path,
        cosd(
            f"<BreastRecord><Demographics><PersonStatedGenderCode code='  2 '/>"
            f"<EthnicCategory code='{long}'/></Demographics></BreastRecord>"
        ),
    )
    assert (landed.record["sex"], landed.record["ethnic_category"]) == ("2", None)
    (fault,) = landed.rows("submission_fault")
    assert (fault["position"], fault["rule"], fault["severity"]) == (1, "not_a_code", "warning")
    assert fault["item"] == f"CR0150, hash {PSEUDONYMISER.mark(long)}"


def _lung(version: str, icd: str, *, date: str = "2021-05-10", born: str = "1950-01-01") -> str:
    """A record of another tumour group with the items that are kept of it, at their paths."""
    given = {
        "nhs_number": NHS_NUMBER,
        "birth_date": born,
        "primary_date": date,
        "primary_icd10": icd,
    }
    family = version.split("-", maxsplit=1)[0]
    inside = "".join(
        element(getattr(item, family), item.value_in, given[item.column])
        for item in items()
        if item.table == "cosd_record" and item.column in given
    )
    return f"<LungRecord>{inside}</LungRecord>"


@pytest.mark.parametrize("version", ["v8-2", "v9-0-1", "v10-0-1"])
def test_primary_cancers_of_other_tumour_groups(tmp_path: Path, version: str) -> None:
    """Ruling H32: an invasive primary with a sound date is kept; of the record nothing else is."""
    no_primary = "NonPrimaryPathway/Recurrence/RecurrenceDiagnosis"
    landed = read_cosd(
        tmp_path,
        cosd(
            _lung(version, "C34.1"),
            _lung(version, "D38.1"),
            _lung(version, "C34.1", date="2021"),
            _lung(version, "C34.1", date="1949-12-31"),
            f"<LungRecord>{element(no_primary, 'text', '')}</LungRecord>",
            version=version,
        ),
    )
    assert landed.submission["other_tumour_groups"] == landed.submission["received"] == 5
    assert landed.rows("cosd_record") == []
    (row,) = landed.rows("cosd_other_primary")
    assert (row["position"], row["icd3"], row["diagnosis_date"]) == (
        *(1, "C34"),
        dt.date(2021, 5, 10),
    )
    assert row["nhs_person_id"] == PSEUDONYMISER.nhs_person(NHS_NUMBER)[0]
