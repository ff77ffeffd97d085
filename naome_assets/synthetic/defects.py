"""The defects that real submissions have, each with its rate and what it must lead to.

One table names them all; the manifest of a synthetic landing repeats name, effect and rule for
every place where one was put, so that tests know the truth. Rates are per candidate row (scopes
cosd_record, sact, sact_xml, pathology, deaths, wales_tumour, wales_treatment) or per file (the
others).

Effects: ``error`` (the row is quarantined), ``warning`` (listed, the row stays accepted),
``rejected`` (the whole file), ``superseded`` (replaced by a later record), ``normalised`` (read as
if it were clean). A defect may break further rules as well: an event in 1823 lies before the birth.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from naome_assets.synthetic import nhs_numbers
from naome_assets.synthetic.records import Progression, Record, Treatment, iso


@dataclass(frozen=True)
class Defect:
    """A kind of defect.

    Attributes:
        name: As the manifest writes it.
        scope: What it befalls.
        rate: Share of candidates.
        expected: What the pipeline must do (see the module).
        rule: The quarantine rule that must name it, empty where none does.
    """

    name: str
    scope: str
    rate: float
    expected: str
    rule: str = ""


TABLE: Final = (
    Defect("nhs_number_fails_modulus_11", "cosd_record", 0.003, "warning", "nhs_number_invalid"),
    Defect("nhs_number_invalid_no_local_id", "cosd_record", 4e-4, "error", "no_person_identifier"),
    Defect("nhs_number_missing", "cosd_record", 0.004, "normalised"),
    Defect("nhs_number_placeholder", "cosd_record", 0.001, "normalised"),
    Defect("placeholder_no_local_id", "cosd_record", 4e-4, "error", "no_person_identifier"),
    Defect("provider_missing", "cosd_record", 3e-4, "error", "no_provider"),
    Defect("birth_date_missing", "cosd_record", 0.002, "warning", "birth_date_missing"),
    Defect("birth_after_event", "cosd_record", 3e-4, "error", "birth_after_event"),
    Defect("event_date_missing", "cosd_record", 8e-4, "error", "event_date_missing"),
    Defect("event_date_unreadable", "cosd_record", 8e-4, "error", "event_date_unreadable"),
    Defect("event_date_before_1900", "cosd_record", 4e-4, "error", "event_date_before_1900"),
    Defect("event_date_after_extract", "cosd_record", 5e-4, "error", "event_date_after_extract"),
    Defect("pathway_missing", "cosd_record", 6e-4, "error", "pathway_missing"),
    Defect("pathway_empty", "cosd_record", 3e-4, "error", "pathway_missing"),
    Defect("sex_missing", "cosd_record", 0.002, "warning", "sex_missing"),
    Defect("treatment_long_before", "cosd_record", 0.002, "warning", "treatment_long_before_event"),
    Defect("treatment_after_extract", "cosd_record", 5e-4, "warning", "treatment_date_impossible"),
    Defect("progression_too_early", "cosd_record", 4e-4, "warning", "progression_before_diagnosis"),
    Defect("death_before_diagnosis", "cosd_record", 3e-4, "warning", "death_before_diagnosis"),
    Defect("code_lower_case", "cosd_record", 0.01, "normalised"),
    Defect("code_dotted", "cosd_record", 0.01, "normalised"),
    Defect("code_padded", "cosd_record", 0.006, "normalised"),
    Defect("code_retired", "cosd_record", 0.002, "warning", "retired_code"),
    Defect("code_unknown", "cosd_record", 0.002, "warning", "unknown_code"),
    Defect("record_duplicated", "cosd_record", 0.001, "superseded"),
    Defect("record_id_repeated", "cosd_record", 8e-4, "normalised"),
    Defect("comment_in_record", "cosd_record", 0.002, "normalised"),
    Defect("comment_with_end_tag", "cosd_record", 5e-4, "normalised"),
    Defect("cdata_in_record", "cosd_record", 0.002, "normalised"),
    Defect("record_count_disagrees", "cosd_file", 0.01, "warning", "record_count"),
    Defect("byte_order_mark", "cosd_file", 0.02, "normalised"),
    Defect("crlf", "cosd_file", 0.03, "normalised"),
    Defect("utf_16", "cosd_file", 0.004, "normalised"),
    Defect("default_namespace", "cosd_file", 0.004, "normalised"),
    Defect("same_bytes_twice", "cosd_file", 0.002, "superseded"),
    Defect("truncated", "cosd_file", 0.002, "rejected", "malformed"),
    Defect("wrong_namespace", "cosd_file", 0.001, "rejected", "foreign_namespace"),
    Defect("unknown_version", "cosd_file", 0.001, "rejected", "unknown_version"),
    Defect("welsh_pathway_unknown", "wales_tumour", 0.001, "error", "pathway_unknown"),
    Defect("welsh_pathway_missing", "wales_tumour", 0.001, "error", "pathway_unknown"),
    Defect("welsh_number_invalid", "wales_tumour", 0.003, "warning", "nhs_number_invalid"),
    Defect("welsh_no_identifier", "wales_tumour", 5e-4, "error", "no_person_identifier"),
    Defect("welsh_birth_missing", "wales_tumour", 0.002, "warning", "birth_date_missing"),
    Defect("welsh_birth_after_event", "wales_tumour", 5e-4, "error", "birth_after_event"),
    Defect("welsh_date_missing", "wales_tumour", 0.001, "error", "event_date_missing"),
    Defect("welsh_date_unreadable", "wales_tumour", 0.001, "error", "event_date_unreadable"),
    Defect("welsh_date_before_1900", "wales_tumour", 5e-4, "error", "event_date_before_1900"),
    Defect("welsh_date_after", "wales_tumour", 5e-4, "error", "event_date_after_extract"),
    Defect(
        "welsh_treatment_unknown", "wales_treatment", 0.002, "error", "treatment_without_person"
    ),
    Defect("welsh_treatment_undated", "wales_treatment", 0.002, "error", "treatment_date_missing"),
    Defect("sact_diagnosis_missing", "sact", 0.001, "error", "primary_diagnosis_missing"),
    Defect("sact_start_missing", "sact", 5e-4, "error", "regimen_start_missing"),
    Defect("sact_start_none", "sact", 5e-4, "error", "regimen_start_missing"),
    Defect("sact_start_future", "sact", 5e-4, "error", "regimen_start_after_run"),
    Defect("sact_no_identifier", "sact", 5e-4, "error", "no_person_identifier"),
    Defect("sact_number_missing", "sact", 0.002, "normalised"),
    Defect("sact_slashed_dates", "sact", 0.01, "normalised"),
    Defect("sact_xml_number_missing", "sact_xml", 0.001, "error", "no_person_identifier"),
    Defect("sact_xml_diagnosis_missing", "sact_xml", 0.001, "error", "primary_diagnosis_missing"),
    Defect("sact_xml_start_missing", "sact_xml", 5e-4, "error", "regimen_start_missing"),
    Defect("sact_xml_start_future", "sact_xml", 5e-4, "error", "regimen_start_after_run"),
    Defect("sact_xml_count_disagrees", "sact_xml_file", 0.2, "warning", "record_count"),
    Defect("pathology_no_identifier", "pathology", 0.001, "error", "no_person_identifier"),
    Defect("pathology_date_missing", "pathology", 0.001, "error", "report_date_missing"),
    Defect("pathology_date_unreadable", "pathology", 5e-4, "error", "report_date_unreadable"),
    Defect("pathology_date_future", "pathology", 5e-4, "error", "report_date_after_extract"),
    Defect("pathology_sample_late", "pathology", 0.001, "warning", "sample_after_report"),
    Defect("pathology_code_unknown", "pathology", 0.002, "warning", "unknown_code"),
    Defect("pathology_report_deleted", "pathology", 0.002, "normalised"),
    Defect("pathology_count_disagrees", "pathology_file", 0.03, "warning", "record_count"),
    Defect("death_number_invalid", "deaths", 0.004, "error", "nhs_number_missing_or_invalid"),
    Defect("death_number_missing", "deaths", 0.006, "error", "nhs_number_missing_or_invalid"),
    Defect("death_day_unknown", "deaths", 0.004, "normalised"),
    Defect("death_date_unreadable", "deaths", 0.001, "error", "death_date_unreadable"),
    Defect("death_date_before_1900", "deaths", 5e-4, "error", "death_date_before_1900"),
    Defect("death_after_registration", "deaths", 0.001, "error", "death_after_registration"),
)
"""Every defect. Beside them, records and rows that are sent again (``resubmitted_unchanged``,
``resubmitted_changed``) are listed as superseded: they are no defect, but the ledger counts them.
Such resubmissions happen in the clean world too."""

NAMED: Final = {defect.name: defect for defect in TABLE}


def of_scope(scope: str) -> list[Defect]:
    """The defects of a scope, in the table's order."""
    return [defect for defect in TABLE if defect.scope == scope]


class RowDefects:
    """Chooses the defects of a CSV file's rows.

    Each file also gets one defect of its scope for certain, in turn from file to file, so that
    even a small landing has every kind.
    """

    def __init__(self, scope: str, rng: random.Random, turn: int, enabled: bool) -> None:
        self._defects = of_scope(scope) if enabled else []
        self._rng = rng
        self._due = self._defects[turn % len(self._defects)].name if enabled else ""

    def draw(self) -> str:
        """The defect of the next row, mostly none."""
        if self._due:
            due, self._due = self._due, ""
            return due
        chance = self._rng.random()
        for defect in self._defects:
            if chance < defect.rate:
                return defect.name
            chance -= defect.rate
        return ""


@dataclass(frozen=True)
class Setting:
    """What a defect may depend on: the COSD major version and the day the file was made."""

    version: int
    known: int
    event_day: int
    rng: random.Random


def spoil(record: Record, defect: str, setting: Setting) -> bool:
    """Put a defect into a record.

    Returns:
        Whether it could be put there: some need an item that the record, or the version, lacks.
    """
    return _SPOIL[defect](record, setting)


def _no_local_id(record: Record, _: Setting) -> bool:
    record.nhs_number = nhs_numbers.broken(record.nhs_number)
    record.local_identifier = ""
    return True


def _set(**values: str) -> Callable[[Record, Setting], bool]:
    def put(record: Record, _: Setting) -> bool:
        for name, value in values.items():
            setattr(record, name, value)
        return True

    return put


def _broken_number(record: Record, _: Setting) -> bool:
    record.nhs_number = nhs_numbers.broken(record.nhs_number)
    return True


def _birth_after_event(record: Record, setting: Setting) -> bool:
    record.birth_date = iso(setting.event_day + 1 + setting.rng.randrange(400))
    return True


def _event_date(value: str) -> Callable[[Record, Setting], bool]:
    def put(record: Record, setting: Setting) -> bool:
        if not value and setting.version == 8 and record.pathway == "primary":
            return False  # in v8 the date is what makes a record primary (ruling D12)
        record.event_date = value
        return True

    return put


def _event_after_extract(record: Record, setting: Setting) -> bool:
    record.event_date = iso(setting.known + 5 + setting.rng.randrange(300))
    return True


def _pathway(value: str) -> Callable[[Record, Setting], bool]:
    def put(record: Record, setting: Setting) -> bool:
        record.pathway = value if setting.version != 8 else record.pathway
        return setting.version != 8

    return put


def _treatment_on(days_from: Callable[[Setting], int]) -> Callable[[Record, Setting], bool]:
    def put(record: Record, setting: Setting) -> bool:
        record.treatments.insert(0, Treatment(iso(days_from(setting)), "05", "01"))
        return True

    return put


def _progression_too_early(record: Record, setting: Setting) -> bool:
    if record.pathway != "primary" or setting.version == 8:
        return False
    record.progressions.append(Progression(iso(setting.event_day - 90), [("03", "10")]))
    return True


def _icd_written(change: Callable[[str], str]) -> Callable[[Record, Setting], bool]:
    def put(record: Record, _: Setting) -> bool:
        if not record.icd.startswith("C50"):
            return False
        record.icd = change(record.icd)
        return True

    return put


def _retired_code(record: Record, setting: Setting) -> bool:
    if setting.version == 8 or not record.cns.startswith("Y"):
        return False
    record.cns = "Y2"
    return True


def _unknown_code(record: Record, _: Setting) -> bool:
    if record.pathway == "primary":
        record.laterality = "X"
    else:
        record.ethnicity = "XX"
    return True


def _cdata(record: Record, _: Setting) -> bool:
    record.cdata = True
    record.comment = "<![CDATA[See letter </BreastRecord> & notes]]>"
    return True


def _as_it_is(_: Record, __: Setting) -> bool:
    return True


_SPOIL: Final[dict[str, Callable[[Record, Setting], bool]]] = {
    "nhs_number_fails_modulus_11": _broken_number,
    "nhs_number_invalid_no_local_id": _no_local_id,
    "nhs_number_missing": _set(nhs_number=""),
    "nhs_number_placeholder": _set(nhs_number="0000000000"),
    "placeholder_no_local_id": _set(nhs_number="0000000000", local_identifier=""),
    "provider_missing": _set(provider=""),
    "birth_date_missing": _set(birth_date=""),
    "birth_after_event": _birth_after_event,
    "event_date_missing": _event_date(""),
    "event_date_unreadable": _event_date("2023-13-45"),
    "event_date_before_1900": _event_date("1823-05-04"),
    "event_date_after_extract": _event_after_extract,
    "pathway_missing": _pathway("none"),
    "pathway_empty": _pathway("empty"),
    "sex_missing": _set(sex=""),
    "treatment_long_before": _treatment_on(lambda setting: setting.event_day - 200),
    "treatment_after_extract": _treatment_on(lambda setting: setting.known + 60),
    "progression_too_early": _progression_too_early,
    "death_before_diagnosis": _as_it_is,  # the other half is in the deaths file
    "code_lower_case": _icd_written(str.lower),
    "code_dotted": _icd_written(lambda icd: f"{icd[:3]}.{icd[3:]}"),
    "code_padded": _icd_written(lambda icd: f" {icd} "),
    "code_retired": _retired_code,
    "code_unknown": _unknown_code,
    "record_duplicated": _as_it_is,  # the writer repeats the record
    "record_id_repeated": _as_it_is,  # the writer takes the Id of the record before
    "comment_in_record": _set(xml_comment="<!-- checked by the MDT co-ordinator -->\n"),
    "comment_with_end_tag": _set(xml_comment="<!-- <Id root='1'/></BreastRecord> -->\n"),
    "cdata_in_record": _cdata,
}
