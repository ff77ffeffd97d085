"""What the synthetic world is calibrated to: every rate, with its source, in one place.

``[source]`` marks a published figure (the method book names it), ``[ours]`` a plausible value
that no public document states. Rates are per calendar quarter at scale 1.0 unless named otherwise.
"""

from __future__ import annotations

from typing import Final

PRIMARIES: Final = {"England": 13_200.0, "Wales": 800.0}
"""Primary breast cancers (C50 and D05) a quarter [source: national incidence]."""

SHARE_IN_SITU: Final = 0.11
"""D05 among primary breast records [ours, near the registry's share]."""

DE_NOVO_WITH_EVIDENCE: Final = 950.0 / 13_200.0
"""De novo MBC that its records show, among primaries [source: 11,468 in 36 months, England]."""

M_RECORDED: Final = 0.62
STAGE_RECORDED: Final = 0.40
METASTASIS_RECORDED: Final = 0.65
"""Share of de novo records with M category, stage group, metastatic type and site [stage: source,
33-43 %; the others ours]. Each is drawn on its own."""

DE_NOVO: Final = DE_NOVO_WITH_EVIDENCE / (
    1.0 - (1.0 - M_RECORDED) * (1.0 - STAGE_RECORDED) * (1.0 - METASTASIS_RECORDED)
)
"""True share of primaries that are metastatic at diagnosis."""

RECURRENT_SHARE: Final = 2.0 / 3.0
"""Recurrent among all new MBC in truth [source: expect two thirds]."""

RECURRENCE_RECORDED: Final = 0.60
"""Distant recurrences that ever reach a non-primary record [ours: under-recording is the audit's
main data-quality problem, no rate is published]."""

PROGRESSION_IN_PRIMARY_RECORD: Final = 0.25
"""Of the distant recurrences without a record of their own, and with a primary record in the data,
the share that is added to that primary record as a progression (CR6910) [ours]."""

METASTASIS_ON_CERTIFICATE: Final = 0.70
"""Deaths with MBC whose certificate names a secondary cancer (C77-C79) beside C50 [ours]."""

YEARS_TO_RECURRENCE_MEDIAN: Final = 4.5
YEARS_TO_RECURRENCE_SIGMA: Final = 0.85
"""Log-normal time from primary to distant recurrence [ours]."""

LOCAL_RECURRENCES: Final = 900.0 / 13_200.0
"""Recorded local and regional recurrences, per primary [ours]: with the distant ones, progressions
and transformations they make some 3,000 non-primary records a quarter in England."""

TRANSFORMATIONS: Final = 30.0 / 13_200.0
PROGRESSIONS_A_YEAR: Final = 0.09
"""Recorded progressions for each year that a person lives with MBC [ours]."""

YEARS_OF_EARLIER_MBC: Final = 6.0
"""People whose MBC began so long before the data are followed (they progress, are treated, die)."""

SURVIVAL_1Y: Final = 0.65
SURVIVAL_3Y: Final = 0.44
"""After MBC [source: State of the Nation 2025]."""

MDT_DOCUMENTED: Final = {"England": 0.59, "Wales": 0.70}
"""Records of MBC with an MDT discussion [source: State of the Nation 2025]."""

MDT_DOCUMENTED_EARLY: Final = 0.90
CNS_RECORDED: Final = 0.78
CNS_SEEN: Final = 0.92
"""Clinical nurse specialist indication recorded, and seen where recorded [ours]."""

MEN: Final = 0.007
DAYS_TO_TREATMENT_MEDIAN: Final = 30.0
DAYS_TO_TREATMENT_SIGMA: Final = 0.55
UNTREATED: Final = {"early": 0.05, "mbc": 0.12}
"""People without any treatment in hospital data [ours]."""

SECOND_PROVIDER: Final = 0.04
"""Primaries that a second provider reports too, up to ten days later [ours]."""

MBC_ELSEWHERE_IN_ALLIANCE: Final = 0.08
MBC_FAR_AWAY: Final = {"England": 0.02, "Wales": 0.06}
"""Recurrences treated by another trust of the alliance, or anywhere (also across the border, as
much of Powys and North Wales is) [ours]."""

SECOND_PROVIDER_FAR_AWAY: Final = 0.15
"""Of the second providers, those that may be anywhere; the others are in the alliance [ours]."""

SENT_LATE: Final = (0.86, 0.08, 0.03, 0.02, 0.01)
RECURRENCE_SENT_LATE: Final = (0.62, 0.14, 0.08, 0.06, 0.04, 0.03, 0.03)
"""Share of records first sent 0, 1, 2 ... months after the event's month [ours]."""

SENT_AGAIN: Final = 0.22
CHANGED_WHEN_SENT_AGAIN: Final = 0.7

BREAST_SHARE_OF_RECORDS: Final = 0.15
"""Breast among the COSD records of a trust; the rest are other tumour groups."""

VOLUME_SIGMA: Final = 0.55
SPEED_SIGMA: Final = 0.14
CNS_SIGMA: Final = 0.35
MDT_SIGMA: Final = 0.35
COMPLETENESS_SIGMA: Final = 0.45
"""Random effects of a provider: log scale for volume and speed, logit scale for the others."""

REGISTRATION_DAYS_MEDIAN: Final = 8.0
INQUESTS: Final = 0.06
"""Deaths are registered in days; those with an inquest after some months [ours]."""

OTHER_DEATHS: Final = 3.0
"""Rows of people outside this world for each death within it."""

OTHER_CANCERS_SACT: Final = 0.35
"""Regimens of other cancers for each regimen of breast cancer, in the SACT files."""

ETHNICITY: Final = {
    "A": 0.735, "B": 0.006, "C": 0.035, "D": 0.003, "F": 0.003, "G": 0.004, "H": 0.022,
    "J": 0.013, "K": 0.004, "L": 0.013, "M": 0.013, "N": 0.013, "P": 0.003, "R": 0.004,
    "S": 0.014, "Z": 0.065, "99": 0.050,
}  # fmt: skip
"""Ethnic category (CR0150), Z not stated [ours, near the registry's shares]."""
