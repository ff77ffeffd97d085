"""COSD v10.0.1 records as text: the v9 shape in another order, with renamed sections.

Names and order follow the paths that the National Disease Registration Service reads in a v10
record.
"""

from __future__ import annotations

from naome_assets.synthetic import cosd_v9 as v9
from naome_assets.synthetic.records import Record
from naome_assets.synthetic.xml_text import code, codes, extension, section, text


def render(record: Record) -> str:
    """One record element with all its items."""
    return section(
        record.element,
        f'<Id root="{record.identifier}"/>\n',
        v9.patient(record, "PatientIdentityDetails"),
        record.xml_comment,
        v9.demographics(record, "GeneralMedicalPracticePatientRegistration"),
        v9.imaging(record, "ImagingLocationGroup"),
        v9.diagnostic_procedure(record),
        v9.observation(record),
        v9.nurse_specialist(
            record,
            "ClinicalNurseSpecialistAndRiskFactorAssessment",
            "DiabetesMellitusType1AndType2Indicator",
            "Breast",
        ),
        _needs(record),
        v9.mdt(record),
        *[
            v9.treatment(
                record, item, "ConsultantSurgeon", "DestinationOfDischargeHospitalProviderSpell"
            )
            for item in record.treatments
        ],
        v9.laboratory(record, "General"),
        section(
            "TripleDiagnosticAssessment", code("TripleDiagnosticAssessment", v9.triple(record))
        ),
        _trials(record),
        _pathway(record),
    )


def _needs(record: Record) -> str:
    date = record.needs_assessment_date
    return section(
        "HolisticNeedsAssessmentAndPersonalisedCareAndSupportPlanning",
        code("AssessmentOffered", "01" if date else "03"),
        code("AssessmentCarePlanStatus", "1" if date else ""),
        text("AssessmentCarePlanDate", date),
        code("AssessmentCarePlanPointOfPathway", "01" if date else ""),
    )


def _trials(record: Record) -> str:
    if not record.trial:
        return ""
    return section(
        "ClinicalTrials",
        code("PatientTrialStatusCancer", record.trial),
        text("ClinicalTrialDecisionDatePatient", record.event_date),
    )


def _pathway(record: Record) -> str:
    if record.pathway == "none":
        return ""
    if record.pathway == "empty":
        return "<NonPrimaryPathway/>\n"
    if record.pathway == "primary":
        return section(
            "PrimaryPathway",
            v9.diagnostic_details(record, "PrimaryCancerPathwayDetails"),
            v9.referral(record, "ReferralsAndFirstStageOfPatientPathway"),
            v9.diagnosis(
                record,
                metastases="MetastaticTypeAndSite",
                morphology="CurrentMorphology",
                snomed="DiagnosisCodesnomedCt",
                additional="AdditionalItems",
                progression="Progression",
                progression_metastases="MetastaticTypeAndSite",
            ),
            _care_plan(record),
            v9.staging(record),
        )
    return section(
        "NonPrimaryPathway",
        section(
            "NonPrimaryCancerPathwayDetails",
            text("DateOfNonPrimaryCancerDiagnosisClinicallyAgreed", record.event_date),
        ),
        v9.non_primary(record, "MetastaticTypeAndSite", "CurrentMorphology", family="v10"),
        section(
            "Referral",
            code("SourceOfReferralForNonPrimaryCancerPathway", record.referral),
            text("DateFirstSeen-NonPrimaryCancerPathway", record.first_seen),
            extension(
                "OrganisationSiteIdentifierProviderFirstSeen-NonPrimaryCancerPathway", record.site
            ),
        ),
    )


def _care_plan(record: Record) -> str:
    if not record.care_plan_date:
        return ""
    return section(
        "CancerCarePlan",
        text("MultidisciplinaryTeamDiscussionDateCancer", record.care_plan_date),
        code("CancerCarePlanIntent", record.care_plan_intent),
        codes("PlannedCancerTreatmentType", ["01"]),
    )
