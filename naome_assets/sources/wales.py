"""Welsh registry files: tumour events and their treatments, one file a health board a quarter."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.quarters import Quarter
from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import reading_of, readings
from naome_assets.sources.csv_headings import Columns
from naome_assets.sources.csv_table import Batch, CsvReader
from naome_assets.sources.errors import RowFaults
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import QUARTER, Source
from naome_assets.sources.timestamps import read_timestamp

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


def _columns(
    table: str, required: tuple[str, ...], dates: tuple[str, ...], *optional: str
) -> Columns:
    """Those that are required, and the dates and coded columns of a table."""
    coded = (reading.item for reading in readings(table).values())
    wanted = tuple(name for name in (*coded, *dates) if name not in required)
    return Columns(required=required, wanted=wanted, optional=optional)


# A postcode is read only while linkage is on.
_TUMOUR_COLUMNS = _columns("wales_tumour", _TUMOUR_REQUIRED, _TUMOUR_DATES, "postcode")
_TREATMENT_COLUMNS = _columns("wales_treatment", _TREATMENT_REQUIRED, ())


def read_tumours(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a ``_tumour.csv`` file; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    # Ruling B7: the reporting period ends with the quarter of the folder.
    submission.period_end = Quarter.parse(submission.quarter).last_day
    reader = CsvReader(member, submission, _TUMOUR_COLUMNS, rows.tally)
    unreadable = 0
    for batch in reader.batches():
        created, without = _created(batch)
        unreadable += len(without)
        reader.faults.warn("extract_created_unreadable", without, "extract_created")
        codes = batch.codes("wales_tumour")
        columns = (
            batch.provenance()
            | codes
            | _identified(batch, codes["provider"], pseudonymiser)
            | {"created_at": created}
        )
        for name in _TUMOUR_DATES:
            columns |= batch.date(name, name, "compact_date")
        rows.add_table("wales_tumour", pa.table(columns))
        if pseudonymiser.keeps_link_keys:
            rows.add_table("link_key", pa.table(_link_keys(batch, pseudonymiser)))
    if unreadable:
        submission.warn(
            f"creation_time: extract_created of {unreadable:,} rows cannot be read as a moment: "
            "they count as older than every row that has one; send 20240320T101500"
        )
    return reader.faults


def read_treatments(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a ``_treatment.csv`` file; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    submission.period_end = Quarter.parse(submission.quarter).last_day
    reader = CsvReader(member, submission, _TREATMENT_COLUMNS, rows.tally)
    for batch in reader.batches():
        codes = batch.codes("wales_treatment")
        columns = (
            batch.provenance()
            | codes
            | _identified(batch, codes["provider"], pseudonymiser)
            | batch.date("start_date", "start_date", "compact_date")
        )
        rows.add_table("wales_treatment", pa.table(columns))
    return reader.faults


def _created(batch: Batch) -> tuple[pa.Array, list[int]]:
    """When each row was extracted, and the positions of those of which that cannot be read."""
    read = batch.distinct(
        "extract_created",
        reading_of("extract_created", "compact_timestamp"),
        lambda text: read_timestamp(text)[:2],
        {"created_at": pa.timestamp("us"), "fault": pa.string()},
    )
    without: list[int] = batch.positions.filter(pc.is_valid(read["fault"])).to_pylist()
    return read["created_at"], without


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


SOURCES = (
    Source(
        "wales_tumour",
        "tumour events of the Welsh registry",
        f"wales/registry/{QUARTER}",
        read_tumours,
        ("wales_tumour", "link_key"),
        files="<health board>_tumour",
        tumours_of="Wales",
    ),
    Source(
        "wales_treatment",
        "their treatments",
        f"wales/registry/{QUARTER}",
        read_treatments,
        ("wales_treatment",),
        files="<health board>_treatment",
    ),
)
