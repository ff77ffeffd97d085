"""COSD v8 records as text: its own element names, metastatic types and sites unpaired.

Names and order follow the example file of the National Disease Registration Service. Some systems
wrap v8.1 records and put a prefix before the names of their sections (ruling D15).
"""

from __future__ import annotations

from naome_assets.synthetic.carried import elements
from naome_assets.synthetic.cosd_v9 import CONSULTANT
from naome_assets.synthetic.records import Record, Treatment
from naome_assets.synthetic.xml_text import code, codes, extension, section, text, value

_PATHWAY_TYPE = {"recurrence": "01", "progression": "02", "transformation": "03"}


def render(record: Record) -> str:
    """One record element with all its items."""
    return section(record.element, _id(record), *_sections(record))


def render_wrapped(record: Record) -> str:
    """The same as ``COSDRecord/Breast/BreastCore/...``."""
    group = record.element.removesuffix("Record")
    core = f"{group}Core"
    sections = [_prefixed(core, part) for part in _sections(record)]
    return section("COSDRecord", _id(record), section(group, section(core, *sections)))


def _id(record: Record) -> str:
    return f'<Id root="{record.identifier}"/>\n'


def _prefixed(prefix: str, part: str) -> str:
    """A section under its longer name; comments and what is not there stay as they are."""
    if not part or part.startswith("<!--"):
        return part
    name = part[1 : part.index(">")]
    inner = part.removeprefix(f"<{name}>").removesuffix(f"</{name}>\n")
    return f"<{prefix}{name}>{inner}</{prefix}{name}>\n"


def _sections(record: Record) -> list[str]:
    """The sections of a record, and the comment between them."""
    primary = record.pathway == "primary"
    return [
        _patient(record),
        record.xml_comment,
        section(
            "LinkageDiagnosticDetails",
            code("PrimaryDiagnosis", _icd(record)),
            code("TumourLaterality", record.laterality),
            text("ClinicalDateCancerDiagnosis", record.event_date if primary else ""),
            text(
                "DateOfNonPrimaryCancerDiagnosisClinicallyAgreed",
                record.event_date if not primary else "",
            ),
        ),
        "" if primary else _route(record),
        _demographics(record),
        _referral(record),
        ""
        if primary
        else section(
            "NonPrimaryCancerPathway",
            elements(record.carried, "v8", "NonPrimaryCancerPathway"),
        ),
        *_imaging(record),
        _diagnosis(record) if primary else "",
        _observation(record),
        section(
            "ClinicalNurseSpecialistAndRiskFactorAssessments",
            code("ClinicalNurseSpecialistIndicationCode", record.cns),
            code("SmokingStatusCode", record.smoking),
            code("AlcoholHistoryCancerInLastThreeMonths", "3"),
            code("AlcoholHistoryCancerBeforeLastThreeMonths", "2"),
        ),
        section(
            "ClinicalNurseSpecialistHolisticNeedsAssessment",
            text("HNACompletedDate", record.needs_assessment_date),
            code("HNAPointOfPathway", "01" if record.needs_assessment_date else ""),
        ),
        *[_mdt(record, date) for date in record.mdt_dates],
        _care_plan(record),
        _staging(record) if primary else "",
        *[_treatment(record, item) for item in record.treatments],
        section(
            "PrognosticIndex", value("NottinghamPrognosticIndexScore", record.prognostic_index)
        ),
    ]


def _icd(record: Record) -> str:
    """Non-primary codes come in lower case; a progression has its own item (ruling B1)."""
    if record.pathway == "primary":
        return record.icd
    return "" if record.pathway == "progression" else record.icd.lower()


def _patient(record: Record) -> str:
    return section(
        "LinkagePatientId",
        extension("NHSNumber", record.nhs_number),
        text("LocalPatientIdExtended", record.local_identifier),
        code("NHSNumberStatusIndicator", "01" if record.nhs_number else "07"),
        text("Birthdate", record.birth_date),
        extension("OrganisationIdentifierCodeOfProvider", record.provider),
    )


def _route(record: Record) -> str:
    types = list(dict.fromkeys(kind for kind, _ in record.metastases if kind))
    return section(
        "NonPrimaryCancerPathwayRoute",
        code("NonPrimaryCancerPathwayType", _PATHWAY_TYPE.get(record.pathway)),
        codes("CancerRecurrenceOrMetastaticDiseaseType", types),
        codes("MetastaticSite", [site for _, site in record.metastases]),
        code("CancerProgressionICD", record.icd if record.pathway == "progression" else ""),
    )


def _demographics(record: Record) -> str:
    return section(
        "Demographics",
        text("PersonFamilyName", record.family_name),
        text("PersonGivenName", record.given_name),
        section(
            "Address",
            section("UnstructuredAddress", text("StreetAddressLine", "1 TEST STREET")),
        ),
        text("Postcode", record.postcode),
        code("Gender", record.sex),
        code("PersonStatedSexualOrientationCodeAtDiagnosis", "Z"),
        extension("GMPSpecified", "G9999998"),
        extension("GMPRegistration", "V81999"),
        text("PersonBirthFamilyName", record.family_name),
        code("Ethnicity", record.ethnicity),
    )


def _referral(record: Record) -> str:
    return section(
        "ReferralAndFirstStageOfPatientPathway",
        code("SourceOfReferralOutPatients", record.referral),
        text("DateFirstSeen", record.first_seen),
        extension("ConsultantCode", CONSULTANT),
        extension("OrganisationSiteIdentifierOfProviderFirstSeen", record.site),
        text("SpecialistDateFirstSeen", record.first_seen),
        extension("OrganisationSiteIdentifierOfProviderFirstCancerSpecialist", record.site),
        code("CancerOrSymptomaticBreastReferralPatientStatus", "08"),
    )


def _imaging(record: Record) -> list[str]:
    return [
        section(
            "Imaging",
            extension("OrganisationSiteIdentifierOfImaging", record.site),
            text("ProcedureDate", date),
            code("CancerImagingOutcome", "05"),
            code("CancerImagingModality", modality),
            code("ImagingAnatomicalSite", "Z159"),
            code("ImagingAnatomicalSide", record.laterality),
        )
        for date, modality in record.imaging
    ]


def _diagnosis(record: Record) -> str:
    types = list(dict.fromkeys(kind for kind, _ in record.metastases if kind))
    return section(
        "Diagnosis",
        extension("OrganisationSiteIdentifierOfDiagnosis", record.site),
        code("BasisOfCancerDiagnosis", record.basis),
        code("SNOMEDVersionDiagnosis", "05"),
        code("MorphologySNOMEDDiagnosis", "413448000"),
        code("MorphologyICDODiagnosis", record.morphology),
        code("TopographyICDO", record.topography),
        code("DiagnosisGradeOfDifferentiation", record.grade),
        code("AdultPerformanceStatus", record.performance_status),
        codes("CancerMetastaticDiseaseType", types),
        codes("MetastaticSite", [site for _, site in record.metastases]),
        section(
            "DiagnosisAdditionalItems",
            text("PrimaryDiagnosisCancerComment", record.comment),
            code("FamilialCancerSyndromeIndicator", "9"),
        ),
        section(
            "DiagnosisBreast",
            code("MenopausalStatusCodeBreastCancerAtDiagnosis", record.menopausal_status),
        )
        if record.is_breast
        else "",
    )


def _observation(record: Record) -> str:
    if not record.height:
        return ""
    return section(
        "PersonObservation",
        value("PersonHeightInMetres", record.height),
        value("PersonObservationWeight", record.weight),
        value("BodyMassIndex", record.body_mass_index),
        text("ObservationDate", record.first_seen),
    )


def _mdt(record: Record, date: str) -> str:
    return section(
        "MultidisciplinaryTeamMeetings",
        text("TeamMeetingDate", date),
        extension("OrganisationSiteIdentifierOfMultidisciplinaryTeamMeeting", record.site),
        text("TeamMeetingType", record.mdt_type),
    )


def _care_plan(record: Record) -> str:
    if not record.care_plan_date:
        return ""
    return section(
        "CancerCarePlan",
        text("CancerMultiTeamDiscussionDate", record.care_plan_date),
        extension("ConsultantCodeMultidisciplinaryTeamLead", CONSULTANT),
        code("CancerCarePlanIntent", record.care_plan_intent),
        code("PlannedCancerTreatmentType", "01"),
        code("AdultComorbidityEvaluation", "1"),
    )


def _staging(record: Record) -> str:
    if not (record.t_category or record.m_category or record.stage):
        return ""
    t, n, m, stage = record.t_category, record.n_category, record.m_category, record.stage
    integrated = (
        text("IntegratedStageTCategory", t)
        + text("IntegratedStageNCategory", n)
        + text("IntegratedStageMCategory", m)
        + text("IntegratedStageTNMStageGrouping", stage)
        + text("IntegratedStageTNMStageGroupingDate", record.event_date)
    )
    return section(
        "Staging",
        text("FinalPreTreatmentTCategory", t),
        text("FinalPreTreatmentNCategory", n),
        text("FinalPreTreatmentMCategory", m),
        text("FinalPreTreatmentTNMStageGrouping", stage),
        text("FinalPreTreatmentTNMStageGroupingDate", record.event_date),
        integrated if record.integrated else "",
        code("TNMCodingEdition", "1"),
        text("TNMVersionNumberStaging", "8"),
    )


def _treatment(record: Record, item: Treatment) -> str:
    operation = ""
    if item.procedure:
        operation = section(
            "SurgeryAndOtherProcedures",
            text("ProcedureDate", item.start),
            extension("ConsultantCodeResponsibleSurgeon", CONSULTANT),
            code("PrimaryProcedureOPCS", item.procedure),
            code("ProcedureOPCS", item.procedure),
            text("HospitalDischargeDate", item.discharge),
            code("HospitalDischargeDestinationCode", "19"),
        )
    return section(
        "Treatment",
        code("AdjunctiveTherapyType", item.adjunctive),
        code("CancerTreatmentIntent", item.intent),
        text("CancerTreatmentStartDate", item.start),
        code("CancerTreatmentModality", item.modality),
        extension("OrganisationSiteIdentifierOfProviderCancerTreatmentStartDate", record.site),
        extension("ConsultantCode", CONSULTANT),
        operation,
    )
