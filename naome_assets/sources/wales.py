"""Welsh registry files: tumour events and their treatments, one file a health board a quarter."""

from __future__ import annotations

import pyarrow as pa

from naome_assets.quarters import Quarter
from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_table import Batch, CsvReader
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.values import read_timestamp

_TUMOUR_REQUIRED = (
    "record_id",
    "extract_created",
    "nhs_number",
    "local_patient_identifier",
    "provider",
    "pathway",
    "icd10",
    "event_date",
)
_TUMOUR_DATES = (
    "birth_date",
    "event_date",
    "progression_date",
    "mdt_date",
    "point_of_suspicion_date",
)
_TREATMENT_REQUIRED = (
    "record_id",
    "nhs_number",
    "local_patient_identifier",
    "provider",
    "start_date",
    "modality",
)


def read_tumours(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> list[int]:
    """Read a ``_tumour.csv`` file; returns the positions of ragged rows.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    # Ruling B7: the reporting period ends with the quarter of the folder.
    submission.period_end = Quarter.parse(submission.quarter).last_day
    reader = CsvReader(member, submission, _TUMOUR_REQUIRED, rows.tally)
    for batch in reader.batches():
        codes = batch.codes("wales_tumour")
        columns = (
            batch.provenance()
            | codes
            | _identified(batch, codes["provider"], pseudonymiser)
            | batch.distinct(
                "extract_created",
                reading_of("extract_created", "moment"),
                lambda text: (read_timestamp(text),),
                {"created_at": pa.timestamp("us")},
            )
        )
        for name in _TUMOUR_DATES:
            columns |= batch.date(name, name, "compact_date")
        rows.add_table("wales_tumour", pa.table(columns))
        if pseudonymiser.keeps_link_keys:
            rows.add_table("link_key", pa.table(_link_keys(batch, pseudonymiser)))
    return reader.ragged


def read_treatments(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> list[int]:
    """Read a ``_treatment.csv`` file; returns the positions of ragged rows.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    submission.period_end = Quarter.parse(submission.quarter).last_day
    reader = CsvReader(member, submission, _TREATMENT_REQUIRED, rows.tally)
    for batch in reader.batches():
        codes = batch.codes("wales_treatment")
        columns = (
            batch.provenance()
            | codes
            | _identified(batch, codes["provider"], pseudonymiser)
            | batch.date("start_date", "start_date", "compact_date")
        )
        rows.add_table("wales_treatment", pa.table(columns))
    return reader.ragged


def _link_keys(batch: Batch, pseudonymiser: Pseudonymiser) -> dict[str, pa.Array]:
    """Pseudonyms that linkage compares; Welsh files have the postcode alone."""
    unknown = pa.nulls(batch.rows, pa.string())
    return (
        batch.provenance()
        | {"surname": unknown, "forename": unknown}
        | batch.distinct(
            "postcode",
            reading_of("postcode", "link_key"),
            lambda postcode: (pseudonymiser.link_key("postcode", postcode),),
            {"postcode": pa.string()},
        )
    )


def _identified(
    batch: Batch, provider: pa.Array, pseudonymiser: Pseudonymiser
) -> dict[str, pa.Array]:
    """Health board, and pseudonyms of person and record."""
    board = batch.submission.provider or ""
    boards = pa.repeat(pa.scalar(board), batch.rows)
    return (
        {"health_board": boards}
        | batch.nhs_person("nhs_number", pseudonymiser)
        | batch.local_person(provider, "local_patient_identifier", pseudonymiser)
        | batch.distinct(
            "record_id",
            reading_of("record_id", "record_identifier"),
            lambda record_id: (pseudonymiser.record(board, record_id),),
            {"record_id": pa.string()},
        )
    )
