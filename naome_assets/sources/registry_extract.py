"""England registry extract: patients, tumours, SACT and radiotherapy in the NDRS layout.

The NDRS analytical tables and the public Simulacrum share the layout. Columns are found by name,
in any order; what nobody reads is passed over. Person, tumour, regimen, cycle and episode are
pseudonymised, each in a namespace of its own.

A person has two numbers. In the SACT tables of v2 ENCORE_PATIENT_ID is PATIENTID. Those of v1 are
numbered by MERGED_PATIENT_ID, which is not: sim_sact_patient tells its LINK_NUMBER, and that is
LINKNUMBER of the other tables. So the two are namespaces of their own, which never meet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import Tally, reading_of, readings
from naome_assets.sources.csv_headings import Columns, heading_key
from naome_assets.sources.csv_table import Batch, CsvReader
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import DAY, Source
from naome_assets.transform.project import load_project

#: Names under which NHS extracts and v1 files send a column of v2, the first found is read.
ALIASES = {
    "PATIENTID": ("PSEUDO_PATIENTID", "ENCORE_PATIENT_ID"),
    "LINKNUMBER": ("LINK_NUMBER",),
    "GENDER": ("SEX",),
    "QUINTILE_2019": ("QUINTILE_2015",),
    "VITALSTATUS": ("NEWVITALSTATUS",),
    "SITE": (
        "SITE_ICD10R4_O2_3CHAR_FROM2013",
        "SITE_ICD10_O2_3CHAR",
        "SITE_ICD10R4_O2_FROM2013",
        "SITE_ICD10_O2",
    ),
}
#: The pseudonym namespace of each column that identifies.
_NAMESPACES = {
    "PATIENTID": "person",
    "MERGED_PATIENT_ID": "sact_person",
    "LINKNUMBER": "link",
    "TUMOURID": "tumour",
    "MERGED_REGIMEN_ID": "regimen",
    "MERGED_CYCLE_ID": "cycle",
    "RADIOTHERAPYEPISODEID": "episode",
    "ATTENDID": "attendance",
}
#: Columns that some layouts lack: those of NDRS's own tables, and those by which v1 joins its SACT.
_SOME_LAYOUTS = (
    *("CNS", "DIAG_TRUST", "BASISOFDIAGNOSIS", "DCO"),
    *("PATIENTID", "MERGED_PATIENT_ID", "LINKNUMBER"),
)
#: Columns that the Simulacrum (v1, v2) publishes and no figure needs.
_PUBLISHED = (
    *("DEATHCAUSECODE_1A", "DEATHCAUSECODE_1B", "DEATHCAUSECODE_1C"),
    *("DEATHCAUSECODE_2", "DEATHLOCATIONCODE", "SITE_ICDO3REV2011", "SITE_ICDO3REV2011_3CHAR"),
    *("MORPH_ICD10_O2", "MORPH_ICDO3REV2011", "BEHAVIOUR_ICD10_O2", "BEHAVIOUR_ICDO3REV2011"),
    *("GRADE", "CREG_CODE", "STAGE_BEST_SYSTEM", "SCREENINGSTATUSFULL_CODE"),
    *("SCREENINGSTATUSCOSD_CODE", "CANCERCAREPLANINTENT", "COMORBIDITIES_27_03"),
    *("GLEASON_PRIMARY", "GLEASON_SECONDARY", "GLEASON_TERTIARY", "GLEASON_COMBINED"),
    *("ER_SCORE", "PR_SCORE", "ACE27", "HEIGHT_AT_START_OF_REGIMEN", "WEIGHT_AT_START_OF_REGIMEN"),
    *("CLINICAL_TRIAL", "CHEMO_RADIATION", "OPCS_PROCUREMENT_CODE", "PERF_STATUS_START_OF_CYCLE"),
    *("PERF_STAT_START_OF_CYCLE", "MERGED_DRUG_DETAIL_ID", "ORG_CODE_OF_DRUG_PROVIDER"),
    *("ACTUAL_DOSE_PER_ADMINISTRATION", "OPCS_DELIVERY_CODE", "ADMINISTRATION_ROUTE"),
    *("MERGED_OUTCOME_ID", "REGIMEN_MOD_DOSE_REDUCTION", "REGIMEN_MOD_TIME_DELAY"),
    *("REGIMEN_MOD_STOPPED_EARLY", "ORGCODEPROVIDER", "RADIOTHERAPYPRIORITY"),
    *("TREATMENTSTARTDATE", "EARLIESTCLINAPPROPDATE", "RADIOTHERAPYDIAGNOSISICD"),
    *("LINKCODE", "PRESCRIPTIONID", "RTACTUALDOSE", "RTPRESCRIBEDDOSE", "ACTUALFRACTIONS"),
    *("RTTREATMENTANATOMICALSITE",),
)


@dataclass(frozen=True)
class _Layout:
    """How the columns of one kind of file become those of its table.

    Attributes:
        table: which one.
        ending: how the names of such files end, before ``.csv`` or ``.zip``.
        words: what it has.
        required: columns without which the file is refused.
        identifiers: table column and file column, pseudonymised.
        dates: table column and file column; the fault column comes along.
        one_of: columns of which one at least must be there.
    """

    table: str
    ending: str
    words: str
    required: tuple[str, ...]
    identifiers: dict[str, str]
    dates: dict[str, str]
    one_of: tuple[str, ...] = ()

    @property
    def columns(self) -> Columns:
        """Those of the file; what an extract has beside them is passed over."""
        coded = [reading.item for reading in readings(self.table).values()]
        read = dict.fromkeys((*self.identifiers.values(), *self.dates.values(), *coded))
        others = [name for name in read if name not in self.required]
        return Columns(
            required=self.required,
            wanted=[name for name in others if name not in _SOME_LAYOUTS],
            optional=[name for name in others if name in _SOME_LAYOUTS],
            known=_PUBLISHED,
            aliases=ALIASES,
        )


_LAYOUTS = {
    "registry_patient": _Layout(
        "registry_patient",
        "av_patient",
        "people (see simulacrum.md)",
        ("PATIENTID", "VITALSTATUS", "VITALSTATUSDATE"),
        {"registry_person_id": "PATIENTID", "link_id": "LINKNUMBER"},
        {"vital_status_date": "VITALSTATUSDATE"},
    ),
    "registry_tumour": _Layout(
        "registry_tumour",
        "av_tumour",
        "tumours",
        ("PATIENTID", "TUMOURID", "DIAGNOSISDATEBEST", "SITE", "STAGE_BEST"),
        {"registry_person_id": "PATIENTID", "tumour_id": "TUMOURID", "link_id": "LINKNUMBER"},
        {"diagnosis_date": "DIAGNOSISDATEBEST", "first_surgery_date": "DATE_FIRST_SURGERY"},
    ),
    "registry_sact_patient": _Layout(
        "registry_sact_patient",
        "sact_patient",
        "link numbers of the SACT tables (v1)",
        ("MERGED_PATIENT_ID", "LINKNUMBER"),
        {"sact_person_id": "MERGED_PATIENT_ID", "link_id": "LINKNUMBER"},
        {},
    ),
    "registry_sact_regimen": _Layout(
        "registry_regimen",
        "sact_regimen",
        "SACT regimens",
        ("MERGED_REGIMEN_ID", "START_DATE_OF_REGIMEN"),
        {
            "registry_person_id": "PATIENTID",
            "sact_person_id": "MERGED_PATIENT_ID",
            "link_id": "LINKNUMBER",
            "regimen_id": "MERGED_REGIMEN_ID",
        },
        {"start_date": "START_DATE_OF_REGIMEN", "decision_date": "DATE_DECISION_TO_TREAT"},
        one_of=("PATIENTID", "MERGED_PATIENT_ID", "LINKNUMBER"),
    ),
    "registry_sact_cycle": _Layout(
        "registry_cycle",
        "sact_cycle",
        "SACT cycles",
        ("MERGED_REGIMEN_ID", "MERGED_CYCLE_ID"),
        {"regimen_id": "MERGED_REGIMEN_ID", "cycle_id": "MERGED_CYCLE_ID"},
        {"start_date": "START_DATE_OF_CYCLE"},
    ),
    "registry_sact_drug": _Layout(
        "registry_drug",
        "sact_drug_detail",
        "SACT drugs",
        ("MERGED_CYCLE_ID", "DRUG_GROUP"),
        {"cycle_id": "MERGED_CYCLE_ID"},
        {"administration_date": "ADMINISTRATION_DATE"},
    ),
    "registry_sact_outcome": _Layout(
        "registry_outcome",
        "sact_outcome",
        "SACT outcomes",
        ("MERGED_REGIMEN_ID",),
        {"regimen_id": "MERGED_REGIMEN_ID"},
        {"final_treatment_date": "DATE_OF_FINAL_TREATMENT"},
    ),
    "registry_rtds_episode": _Layout(
        "registry_radiotherapy",
        "rtds_episode",
        "radiotherapy attendances",
        ("PATIENTID", "RADIOTHERAPYEPISODEID", "APPTDATE"),
        {
            "registry_person_id": "PATIENTID",
            "episode_id": "RADIOTHERAPYEPISODEID",
            "attendance_id": "ATTENDID",
        },
        {"appointment_date": "APPTDATE", "decision_date": "DECISIONTOTREATDATE"},
    ),
    "registry_rtds_prescription": _Layout(
        "registry_prescription",
        "rtds_prescription",
        "radiotherapy prescriptions",
        ("RADIOTHERAPYEPISODEID",),
        {"episode_id": "RADIOTHERAPYEPISODEID", "attendance_id": "ATTENDID"},
        {},
    ),
}


_KEY = Columns(required=("PATIENTID", "NHS_NUMBER"), aliases=ALIASES)


def read_registry_extract(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a file of a registry extract by its source; returns the rows that are refused.

    Tumours of other sites than the breast (C50, D05) are counted, not stored.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    layout = _LAYOUTS[submission.source]
    submission.extract_date = submission.period_end = _extract_date(submission.folder)
    reader = CsvReader(member, submission, layout.columns, rows.tally)
    for sent in reader.batches():
        batch = sent
        if (
            layout.one_of
            and not {heading_key(name) for name in layout.one_of} & batch.columns.keys()
        ):
            raise RefusedFileError(
                "columns_missing", f"no column tells the person: {' or '.join(layout.one_of)}"
            )
        if layout.table == "registry_tumour":
            batch = _breast(sent)
            submission.other_tumour_groups += sent.rows - batch.rows
        columns = batch.provenance() | batch.codes(layout.table)
        for column, name in layout.identifiers.items():
            columns |= _pseudonyms(batch, column, name, pseudonymiser)
        for column, name in layout.dates.items():
            columns |= batch.date(name, column)
        if layout.table == "registry_tumour":
            # A file without the column says nothing of nurses; an empty cell says "missing".
            columns["is_cns_sent"] = pa.repeat(pa.scalar("cns" in batch.columns), batch.rows)
        rows.add_table(layout.table, pa.table(columns))
    return reader.faults


def read_registry_key(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a key file (PATIENTID, NHS_NUMBER); returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    submission.extract_date = submission.period_end = _extract_date(submission.folder)
    reader = CsvReader(member, submission, _KEY, rows.tally)
    for batch in reader.batches():
        columns = (
            batch.provenance()
            | _pseudonyms(batch, "registry_person_id", "PATIENTID", pseudonymiser)
            | batch.nhs_person("NHS_NUMBER", pseudonymiser)
        )
        rows.add_table("registry_key", pa.table(columns))
    return reader.faults


def _extract_date(folder: str) -> dt.date:
    try:
        return dt.date.fromisoformat(folder)
    except ValueError:
        raise RefusedFileError("extract_date", f"the folder {folder} is not a date") from None


def _breast(batch: Batch) -> Batch:
    """The rows of breast tumours, and those whose site is not given."""
    # Of the rows that are kept, values are counted when they are read.
    sites = replace(batch, tally=Tally()).code("SITE", readings("registry_tumour")["icd10"])
    site = pc.utf8_slice_codeunits(sites, 0, 3)
    breast = pa.array(load_project().variables["breast_icd3"])
    kept = pc.fill_null(pc.is_in(site, value_set=breast), False)
    kept = pc.or_(kept, pc.is_null(site))
    return replace(
        batch,
        columns={name: column.filter(kept) for name, column in batch.columns.items()},
        positions=batch.positions.filter(kept),
    )


def _pseudonyms(
    batch: Batch, column: str, name: str, pseudonymiser: Pseudonymiser
) -> dict[str, Any]:
    namespace = _NAMESPACES[name]

    def pseudonym(identifier: str | None) -> Sequence[str | None]:
        return (pseudonymiser.registry(namespace, identifier),)

    return batch.distinct(
        name, reading_of(name, "local_identifier"), pseudonym, {column: pa.string()}
    )


_FOLDER = f"england/registry/{DAY}"
SOURCES = (
    *(
        Source(
            name,
            f"registry extract: {layout.words}",
            _FOLDER,
            read_registry_extract,
            (layout.table,),
            files=f"*{layout.ending}",
            tumours_of="England" if layout.table == "registry_tumour" else None,
        )
        for name, layout in _LAYOUTS.items()
    ),
    Source(
        "registry_key",
        "registry extract: NHS numbers of its people",
        _FOLDER,
        read_registry_key,
        ("registry_key",),
        files="*key",
    ),
)
