"""COSD v9.0.1 records as text, each item in the standard's own order.

Sections that v10 shares take its names as arguments (see ``cosd_v10``). Order and names follow the
item table of the v9.0.1 schema (National Disease Registration Service).
"""

from __future__ import annotations

from naome_assets.synthetic.carried import elements
from naome_assets.synthetic.records import Record, Treatment
from naome_assets.synthetic.xml_text import code, codes, extension, section, text, value

CONSULTANT = "C1234567"
_GMC = "03"
#: Metastatic type of what a sender of v8 records by its site alone.
DISTANT = "03"


def render(record: Record) -> str:
    """One record element with all its items."""
    return section(
        record.element,
        f'<Id root="{record.identifier}"/>\n',
        patient(record, "LinkagePatientId"),
        record.xml_comment,
        _pathway(record),
        demographics(record, "GeneralMedicalPracticeCodePatientRegistration"),
        imaging(record, "ImagingDetails"),
        diagnostic_procedure(record),
        observation(record),
        nurse_specialist(
            record, "ClinicalNurseSpecialistAndRiskFactorAssessments", "DiabetesMellitusIndicator",
            "Nabcop",
        ),
        _needs(record),
        mdt(record),
        _care_plan(record),
        _biomarkers(record),
        _trials(record),
        *[treatment(record, item, "ConsultantSurgery", _DISCHARGE) for item in record.treatments],
        laboratory(record, "LaboratoryResultsGeneral"),
        section("TripleDiagnosticAssessment", code("TripleDiagnosticAssessment", triple(record))),
        section("PrognosticIndex", value("NpiScore", record.prognostic_index)),
    )  # fmt: skip


_DISCHARGE = "DischargeDestinationHospitalProviderSpell"


def triple(record: Record) -> str:
    """Triple diagnostic assessment, a breast item of the primary pathway."""
    return "Y" if record.is_breast and record.pathway == "primary" else ""


def patient(record: Record, tag: str) -> str:
    """Identifiers, birth date and provider."""
    local = record.local_identifier
    if record.cdata and local:
        local = f"<![CDATA[{local}]]>"
    return section(
        tag,
        extension("NhsNumber", record.nhs_number),
        text("LocalPatientIdentifier", local),
        code("NhsNumberStatusIndicatorCode", "01" if record.nhs_number else "07"),
        text("PersonBirthDate", record.birth_date),
        extension("OrganisationIdentifierCodeOfProvider", record.provider),
    )


def _pathway(record: Record) -> str:
    if record.pathway == "none":
        return ""
    if record.pathway == "empty":
        return "<NonPrimaryPathway/>\n"
    if record.pathway == "primary":
        return section(
            "PrimaryPathway",
            diagnostic_details(record, "LinkageDiagnosticDetails"),
            referral(record, "ReferralAndFirstStageOfPatientPathway"),
            diagnosis(
                record, metastases="MetastaticTypeAndSiteDiagnosis", morphology="MorphologySNOMED",
                snomed="DiagnosisCodeSnomedCt", additional="DiagnosisAdditionalItems",
                progression="DiagnosisProgression",
                progression_metastases="MetastaticTypeAndSiteDiagnosisProgression",
            ),
            staging(record),
        )  # fmt: skip
    return section(
        "NonPrimaryPathway",
        text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", record.event_date),
        non_primary(record, "MetastaticTypeAndSite{}", "MorphologySNOMEDTransformation"),
        section(
            "NonPrimaryCancerPathwayReferral",
            code("SourceOfReferralForNonPrimaryCancerPathway", record.referral),
            text("DateFirstSeen-NonPrimaryCancerPathway", record.first_seen),
            extension(
                "OrganisationSiteIdentifierProviderFirstSeen-NonPrimaryCancerPathway", record.site
            ),
        ),
    )


def diagnostic_details(record: Record, tag: str) -> str:
    """ICD, laterality and date of the primary diagnosis."""
    return section(
        tag,
        code("PrimaryDiagnosisIcd", record.icd),
        code("TumourLaterality", record.laterality),
        text("DateOfPrimaryDiagnosisClinicallyAgreed", record.event_date),
    )


def consultant(tag: str, role: str) -> str:
    """A consultant's registration, in a role."""
    return section(
        tag,
        code(f"ProfessionalRegistrationIssuerCode-{role}", _GMC),
        text(f"ProfessionalRegistrationEntryIdentifier-{role}", CONSULTANT),
    )


def referral(record: Record, tag: str) -> str:
    """Referral and first seen."""
    return section(
        tag,
        code("SourceOfReferralForOut-patients", record.referral),
        text("DateFirstSeen", record.first_seen),
        consultant("ConsultantFirstSeen", "ConsultantFirstSeen"),
        extension("OrganisationSiteIdentifierProviderFirstSeen", record.site),
        text("DateFirstSeenCancerSpecialist", record.first_seen),
        extension("OrganisationSiteIdentifierProviderFirstCancerSpecialist", record.site),
    )


def pairs(tag: str, metastases: list[tuple[str, str]]) -> str:
    """Metastatic type and site, one element a pair; the schema wants both (v8 does not)."""
    return "".join(
        [
            section(tag, code("MetastaticType", kind or DISTANT), code("MetastaticSite", site))
            for kind, site in metastases
        ]
    )


def diagnosis(
    record: Record,
    *,
    metastases: str,
    morphology: str,
    snomed: str,
    additional: str,
    progression: str,
    progression_metastases: str,
) -> str:
    """Diagnosis section of the primary pathway; arguments are the version's element names."""
    return section(
        "Diagnosis",
        extension("OrganisationSiteIdentifierOfDiagnosis", record.site),
        code("BasisOfDiagnosisCancer", record.basis),
        code("MorphologyIcd-o-3", record.morphology),
        section(
            morphology,
            code("MorphologySnomedDiagnosis", "413448000" if record.morphology else ""),
            code("SnomedVersionDiagnosis", "05" if record.morphology else ""),
        ),
        code("TopographyIcd-o-3", record.topography),
        code("GradeOfDifferentiationAtDiagnosis", record.grade),
        code("PerformanceStatusAdult", record.performance_status),
        code(snomed, "254837009" if record.is_breast else "363346000"),
        pairs(metastases, record.metastases),
        section(
            additional,
            text("PrimaryDiagnosisSubsidiaryComment", record.comment),
            code("FamilialCancerSyndrome", "N"),
        ),
        *[
            section(
                progression,
                pairs(progression_metastases, item.metastases),
                text("ProgressionDatePrimaryPathway", item.date),
            )
            for item in record.progressions
        ],
    )


def staging(record: Record) -> str:
    """TNM before treatment, and integrated where the sender records it."""
    if not (record.t_category or record.m_category or record.stage):
        return ""
    t, n, m, stage = record.t_category, record.n_category, record.m_category, record.stage
    site, date = record.site, record.event_date
    integrated = (
        text("TCategoryIntegratedStage", t)
        + text("NCategoryIntegratedStage", n)
        + text("MCategoryIntegratedStage", m)
        + text("TnmStageGroupingIntegrated", stage)
        + extension("OrganisationSiteIdentifierReportedIntegratedTnmStage", site)
        + text("StageDateIntegratedStage", date)
    )
    return section(
        "Staging",
        text("TCategoryFinalPretreatment", t),
        text("NCategoryFinalPretreatment", n),
        text("MCategoryFinalPretreatment", m),
        text("TnmStageGroupingFinalPretreatment", stage),
        extension("OrganisationSiteIdentifierReportedPretreatmentTnmStage", site),
        text("StageDateFinalPretreatmentStage", date),
        integrated if record.integrated else "",
        code("TnmCodingEdition", "1"),
        text("TnmVersionNumberStaging", "8"),
    )


def non_primary(record: Record, metastases: str, morphology: str, *, family: str = "v9") -> str:
    """Recurrence, progression or transformation."""
    if record.pathway == "recurrence":
        return section(
            "Recurrence",
            code("OriginalPrimaryDiagnosisIcd", record.icd),
            pairs(metastases.format("Recurrence"), record.metastases),
            elements(record.carried, family, "Recurrence"),
        )
    if record.pathway == "progression":
        return section(
            "Progression",
            code("ProgressionIcd", record.icd),
            pairs(metastases.format("Progression"), record.metastases),
        )
    return section(
        "Transformation",
        code("OriginalMorphologyIcd-o-3", "8520/3"),
        code("MorphologyIcd-o-3Transformation", record.morphology),
        section(morphology, code("MorphologySnomedTransformation", "413448000")),
    )


def demographics(record: Record, practice: str) -> str:
    """Name, address, gender, ethnicity. The postcode area XX does not exist."""
    return section(
        "Demographics",
        text("PersonFamilyName", record.family_name),
        text("PersonGivenName", record.given_name),
        section(
            "Address",
            section(
                "StructuredAddress",
                text("StreetAddressLine", "1 TEST STREET"),
                text("StreetAddressLine", "TEST TOWN"),
            ),
        ),
        text("PostcodeOfUsualAddressAtDiagnosis", record.postcode),
        code("PersonStatedGenderCode", record.sex),
        code("PersonSexualOrientationCodeAtDiagnosis", "Z"),
        extension("GeneralMedicalPractitionerSpecified", "G9999998"),
        extension(practice, "V81999"),
        code("EthnicCategory", record.ethnicity),
    )


def imaging(record: Record, details: str) -> str:
    """Imaging, once an examination."""
    return "".join(
        [
            section(
                "Imaging",
                extension("OrganisationSiteIdentifierOfImaging", record.site),
                text("ProcedureDateCancerImaging", date),
                code("ImagingOutcome", "01"),
                code("ImagingCodeNicip", "XMAMB"),
                section(
                    details,
                    code("CancerImagingModality", modality),
                    code("ImagingAnatomicalSite", "Z159"),
                    code("AnatomicalSideImaging", record.laterality),
                ),
            )
            for date, modality in record.imaging
        ]
    )


def diagnostic_procedure(record: Record) -> str:
    """The biopsy."""
    if not record.biopsy_date:
        return ""
    return section(
        "DiagnosticProcedures",
        extension("OrganisationSiteIdentifierDiagnosticProcedure", record.site),
        text("DiagnosticProcedureDate", record.biopsy_date),
        code("DiagnosticProcedureOpcs", "B321"),
    )


def observation(record: Record) -> str:
    """Height and weight."""
    if not record.height:
        return ""
    return section(
        "PersonObservation",
        value("PersonObservationHeightInMetres", record.height),
        value("PersonObservationWeight", record.weight),
        value("BodyMassIndex", record.body_mass_index),
        text("DateObservationMeasured", record.first_seen),
    )


def nurse_specialist(record: Record, tag: str, diabetes: str, breast: str) -> str:
    """Clinical nurse specialist indication and risk factors."""
    return section(
        tag,
        code("ClinicalNurseSpecialistIndicationCode", record.cns),
        code("TobaccoSmokingStatus", record.smoking),
        code("TobaccoSmokingCessation", "8"),
        code("HistoryOfAlcoholCurrent", "2"),
        code("HistoryOfAlcoholPast", "2"),
        code(diabetes, "N"),
        code("MenopausalStatus", record.menopausal_status),
        code("PhysicalActivityCurrent", "1"),
        section(
            breast,
            code("FitnessAssessmentIndicator", "Y" if record.frailty else ""),
            text("FitnessAssessmentDate", record.event_date if record.frailty else ""),
            code("ClinicalFrailtyScale", record.frailty),
        ),
    )


def _needs(record: Record) -> str:
    date = record.needs_assessment_date
    if not date:
        return section(
            "ClinicalNurseSpecialistHolisticNeedsAssessment", code("AssessmentOffered", "03")
        )
    return section(
        "ClinicalNurseSpecialistHolisticNeedsAssessment",
        code("AssessmentOffered", "01"),
        text("AssessmentCompletedDate", date),
        code("AssessmentPointOfPathway", "01"),
        code("StaffRoleCarryingOutTheAssessment", "01"),
    ) + section(
        "ClinicalNurseSpecialistPersonalisedCareSupportPlanning",
        code("CarePlanningOffered", "01"),
        text("CarePlanningCompletedDate", date),
        code("PointOfPathway", "01"),
        code("StaffRoleCarryingOutThePlanning", "01"),
    )


def mdt(record: Record) -> str:
    """Team meetings, a section each: the details of one, or the code that says why there are none.

    The schema has a choice of the two.
    """
    tag = "MultidisciplinaryTeamMeetings"
    if not record.mdt_dates:
        return section(tag, code("MultidisciplinaryTeamMeetingDiscussion", "2"))
    return "".join(
        [
            section(
                tag,
                section(
                    "MultidisciplinaryTeamMeetingDetail",
                    code("MultidisciplinaryTeamMeetingDiscussionType", "1"),
                    text("MultidisciplinaryTeamMeetingDate", date),
                    extension(
                        "OrganisationSiteIdentifierOfMultidisciplinaryTeamMeeting", record.site
                    ),
                    text("MultidisciplinaryTeamMeetingType", record.mdt_type),
                ),
            )
            for date in record.mdt_dates
        ]
    )


def _care_plan(record: Record) -> str:
    if not record.care_plan_date:
        return ""
    return section(
        "CancerCarePlan",
        text("MultidisciplinaryTeamDiscussionDateCancer", record.care_plan_date),
        consultant("MDTConsultant", "ConsultantMultidisciplinaryTeamLead"),
        code("CancerCarePlanIntent", record.care_plan_intent),
        codes("PlannedCancerTreatmentType", ["01"]),
        code("AdultComorbidityEvaluation-27Score", "1"),
    )


def _biomarkers(record: Record) -> str:
    if not record.germline_date:
        return ""
    return section(
        "MolecularBiomarkersGermlineTesting",
        code("GermlineGeneticTestingOffered", "01"),
        code("GermlineGeneticTestOffered", "01"),
        text("GermlineAnalysisOfferedDate", record.germline_date),
        code("ReferralToClinicalGeneticistOffered", "02"),
    ) + section(
        "MolecularBiomarkersSomaticTesting",
        code("GeneOrStratificationBiomarkerAnalysed", "06"),
        text("DateGeneOrStratificationBiomarkerReported", record.germline_date),
        extension("OrganisationIdentifierOfReportingLaboratory", record.site),
    )


def _trials(record: Record) -> str:
    if not record.trial:
        return ""
    return section(
        "ClinicalTrials",
        code("PatientTrialStatusCancer", record.trial),
        text("ClinicalTrialDecisionDatePatient", record.event_date),
    )


def treatment(record: Record, item: Treatment, surgeon: str, discharge: str) -> str:
    """One treatment, with the operation where it is surgery."""
    operation = ""
    if item.procedure:
        operation = section(
            "Surgery",
            text("ProcedureDate", item.start),
            code("SurgicalAdmissionType", "1"),
            consultant(surgeon, "ConsultantSurgeon"),
            code("PrimaryProcedureOpcs", item.procedure),
            codes("ProcedureOpcs", [item.procedure]),
            code("UnplannedReturnToTheatreIndicator", "N"),
            code("AsaScore", "2"),
            code("SurgicalAccessType", "Z"),
        )
    return section(
        "Treatment",
        code("AdjunctiveTherapy", item.adjunctive),
        code("CancerTreatmentIntent", item.intent),
        text("TreatmentStartDateCancer", item.start),
        code("CancerTreatmentModalityRegistration", item.modality),
        extension("OrganisationSiteIdentifierOfProviderCancerTreatmentStartDate", record.site),
        consultant("ConsultantTreatment", "ConsultantTreatment"),
        text("DischargeDateHospitalProviderSpell", item.discharge),
        code(discharge, "19" if item.discharge else ""),
        operation,
    )


def laboratory(record: Record, general: str) -> str:
    """A general laboratory result, where observations were made."""
    if not record.height:
        return ""
    return section(
        "LaboratoryResults",
        text("LaboratoryResultDate", record.first_seen),
        extension("OrganisationIdentifierLaboratoryResult", record.site),
        section(general, value("LdhValue", "210")),
    )
