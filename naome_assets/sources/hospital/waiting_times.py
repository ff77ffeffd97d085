"""Cancer waiting times of England: treatments, of which some are for distant recurrence (H23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_headings import Columns
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RowFaults
from naome_assets.sources.hospital.dates import DateColumns
from naome_assets.sources.hospital.diagnosis import diagnosis
from naome_assets.sources.hospital.organisations import organisation
from naome_assets.sources.hospital.people import PersonColumn, person_column
from naome_assets.sources.line_table import LineReader
from naome_assets.sources.periods import note_period
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import PERIOD, Source
from naome_assets.transform.project import load_project

_EVENT, _START = "cancer_treatment_event_type", "treatment_start_date"
_ICD, _PROVIDER = "primary_diagnosis_icd", "organisation_code_provider"
#: CANCER TREATMENT EVENT TYPE (NHS Data Dictionary).
EVENT_TYPES = frozenset(f"{number:02d}" for number in range(1, 13))


class _File:
    """How one file is read."""

    def __init__(self) -> None:
        self.person = PersonColumn("cwt", "")
        self.dates = DateColumns((_START,))

    def layout(self, headings: Sequence[str]) -> Columns:
        """The columns that are read of a file with these headings.

        Raises:
            RefusedFileError: without a person.
        """
        self.person = person_column("cwt", ("PATIENTID",), headings)
        return Columns(
            (self.person.name, _EVENT, _START),
            (_ICD, _PROVIDER),
            known=("metastatic_site", "cancer_treatment_modality"),
            tells_others=False,
        )


def read_waiting_times(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a file of cancer waiting times; returns the rows that are refused.

    Rows of other cancers are counted, not stored.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    note_period(submission)
    own = _File()
    reader = LineReader(member, submission, own.layout, rows.tally)
    others = 0
    for sent in reader.batches():
        icd = diagnosis(sent, _ICD)
        batch, icd = _of_breast(sent, icd)
        others += sent.rows - batch.rows
        columns = (
            batch.provenance()
            | own.person.people(batch, pseudonymiser)
            | {
                "provider": organisation(batch, (_PROVIDER,)),
                "event_type": _event_type(batch),
                "icd": icd,
            }
            | own.dates.date(batch, _START, "treatment_date")
        )
        rows.add_table("waiting_times_row", pa.table(columns))
    submission.other_tumour_groups = others
    return reader.faults


def _of_breast(batch: Batch, icd: pa.Array) -> tuple[Batch, pa.Array]:
    """Rows of breast cancer, of metastases, and those that name no disease."""
    settings = load_project().variables
    own = pa.array([*settings["breast_icd3"], *settings["metastasis_icd3"]])
    kept = pc.or_(pc.is_in(pc.utf8_slice_codeunits(icd, 0, 3), value_set=own), pc.is_null(icd))
    columns = {name: column.filter(kept) for name, column in batch.columns.items()}
    return replace(batch, columns=columns, positions=batch.positions.filter(kept)), icd.filter(kept)


def _event_type(batch: Batch) -> pa.Array:
    """Two digits; null for anything else."""

    def read(text: str | None) -> Sequence[str | None]:
        code = (text or "").strip().removesuffix(".0").zfill(2)
        return (code if code in EVENT_TYPES else None,)

    return batch.distinct(_EVENT, reading_of(_EVENT, "name"), read, {"type": pa.string()})["type"]


def read_rapid_registration(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Count the rows of a snapshot of rapid registration: it holds no recurrence, and no evidence.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    note_period(submission)
    columns = Columns(("DIAGNOSISDATE", "TUMOUR_SITE"), tells_others=False)
    reader = LineReader(
        member,
        submission,
        lambda _: columns,
        rows.tally,
        lambda lines: np.zeros(len(lines), bool),
    )
    for _ in reader.batches():
        pass
    submission.other_tumour_groups = submission.received - submission.unreadable_records
    return reader.faults


SOURCES = (
    Source(
        "cwt",
        "cancer waiting times: treatments (see hospital.md)",
        f"england/cwt/{PERIOD}",
        read_waiting_times,
        ("waiting_times_row",),
    ),
    Source(
        "rcrd",
        "rapid registration: counted, no evidence",
        f"england/rcrd/{PERIOD}",
        read_rapid_registration,
        (),
    ),
)
