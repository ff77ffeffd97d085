"""SACT administrations as XML (v2.0), from rows in the order of the CSV's columns."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from naome_assets.synthetic.xml_text import code, extension, section, text, value

NAMESPACE: Final = "http://www.datadictionary.nhs.uk/messages/SACT-v2-0"
_DRUG, _DOSE, _ROUTE, _DAY = 28, 30, 33, 34
_INTENT: Final = {"01": "C", "02": "P"}


def document(rows: list[list[str]], count_disagrees: bool) -> str:
    """A file: consecutive drugs of one cycle of one person make a record."""
    records = [
        _record(head, list(drugs)) for head, drugs in groupby(rows, key=lambda row: _head(row))
    ]
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f'<SACT:SACT xmlns:SACT="{NAMESPACE}">\n',
            f'<RecordCount value="{len(records) + 4 * count_disagrees}"/>\n',
            *records,
            "</SACT:SACT>\n",
        ]
    )


def _head(row: list[str]) -> str:
    """What a record says before its drugs."""
    return "".join(
        (
            section(
                "DemographicsAndConsultant",
                extension("NHSNumber", row[0]),
                code("NHSNumberStatus", "01" if row[0] else "07"),
                text("PersonBirthDate", row[5]),
                code("PersonGenderCode", row[6]),
                text("PostCode", row[7]),
                extension("ConsultantCode", row[8]),
                extension("OrgCodeOfProvider", row[10]),
            ),
            section(
                "ProgrammeAndRegimen",
                code("DrugTreatmentIntent", _INTENT[row[15]]),
                text("DrugRegimenAcronym", row[16]),
                value("PersonHeight", row[17]),
                value("PersonWeight", row[18]),
                code("PerformanceStatusAdult", row[19]),
                text("DecisionToTreatDate", row[21]),
                text("StartDateACDrugRegimen", row[22]),
                code("ClinicalTrialIndicator", row[23]),
            ),
            section(
                "Cycle",
                value("ACDrugCycleId", row[24]),
                text("CycleStartDate", row[25]),
                value("PersonWeight", row[26]),
                code("PerformanceStatusAdult", row[27]),
            ),
            section("ClinicalStatus", code("StartPrimaryDiagnosis", row[11])),
        )
    )


def _record(head: str, drugs: list[list[str]]) -> str:
    return section(
        "Record",
        head,
        *[
            section(
                "DrugDetails",
                text("SACTDrugName", row[_DRUG]),
                value("ChemoActualDose", row[_DOSE]),
                code("SACTDrugRouteOfAdmin", row[_ROUTE]),
                text("SACTAdminDate", row[_DAY]),
                extension("OrgCodeOfProvider", row[10]),
            )
            for row in drugs
        ],
        section("Outcome", code("SACTRegimenModIndicatorDoseReduction", "N")),
    )
