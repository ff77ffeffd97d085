"""RTDS, radiotherapy of England row by row: episodes with prescriptions, or one combined table.

Also the combined table of the Simulacrum. Which of the tables a file is, its name says, else its
columns. Rows are kept whatever their diagnosis: the first of a course counts (ruling H21).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_headings import Columns, heading_key
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.hospital.dates import DateColumns
from naome_assets.sources.hospital.diagnosis import diagnosis
from naome_assets.sources.hospital.organisations import organisation
from naome_assets.sources.hospital.people import person_column
from naome_assets.sources.line_table import LineReader
from naome_assets.sources.periods import note_period
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import PERIOD, Source

_PEOPLE = ("PATIENTID", "PSEUDO_PATIENTID")
_DATES = ("TREATMENTSTARTDATE", "APPTDATE")
_PRESCRIBED = ("RTTREATMENTREGION", "PRESCRIPTIONID", "RTTREATMENTMODALITY")
_JOIN = ("ATTENDID", "ORGCODEPROVIDER")
#: P, R and PR primary and nodes, A non-anatomical, O prophylactic, M metastasis.
REGIONS = frozenset({"P", "R", "PR", "A", "O", "M"})


class _File:
    """How one file is read."""

    def __init__(self, name: str) -> None:
        self.name = name.rpartition("/")[2].rpartition("!")[2].lower()
        self.part = "episode"
        self.dates = DateColumns(_DATES)
        self.headings: frozenset[str] = frozenset()

    def layout(self, headings: Sequence[str]) -> Columns:
        """The columns that are read of a file with these headings.

        Raises:
            RefusedFileError: without person or episode, or without what its table is for.
        """
        self.headings = frozenset(map(heading_key, headings))
        self.person = person_column("rtds", _PEOPLE, headings)
        has_region = self.has("RTTREATMENTREGION")
        has_day = self.has("TREATMENTSTARTDATE") or self.has("APPTDATE")
        if "combined" in self.name:
            self.part = "combined"
        elif "prescription" in self.name:
            self.part = "prescription"
        elif "episode" not in self.name and has_region:
            self.part = "combined" if has_day else "prescription"
        if self.part != "episode" and not has_region:
            raise RefusedFileError("columns_missing", "columns are missing: RTTREATMENTREGION")
        if self.part != "prescription" and not has_day:
            raise RefusedFileError(
                "columns_missing", "columns are missing: TREATMENTSTARTDATE or APPTDATE"
            )
        return Columns(
            (self.person.name, "RADIOTHERAPYEPISODEID"),
            (),
            (*_JOIN, "RADIOTHERAPYDIAGNOSISICD", "RTTREATMENTREGION", *_DATES),
            tells_others=False,
        )

    def has(self, name: str) -> bool:
        """Whether it has a column."""
        return heading_key(name) in self.headings


def read_rtds(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a file of RTDS; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    note_period(submission)
    own = _File(submission.file)
    reader = LineReader(member, submission, own.layout, rows.tally)
    for batch in reader.batches():
        columns = (
            batch.provenance()
            | {"part": pa.repeat(pa.scalar(own.part), batch.rows)}
            | own.person.people(batch, pseudonymiser)
            | {
                "provider": organisation(batch, ("ORGCODEPROVIDER",)),
                "has_provider": pa.repeat(pa.scalar(own.has("ORGCODEPROVIDER")), batch.rows),
                "has_attendance": pa.repeat(pa.scalar(own.has("ATTENDID")), batch.rows),
                "episode_key": _key(batch, "RADIOTHERAPYEPISODEID", pseudonymiser),
                "attendance_key": _key(batch, "ATTENDID", pseudonymiser),
                "diagnosis": diagnosis(batch, "RADIOTHERAPYDIAGNOSISICD"),
            }
            | own.dates.date(batch, "TREATMENTSTARTDATE", "treatment_start_date")
            | own.dates.date(batch, "APPTDATE", "appointment_date")
            | _region(batch)
        )
        rows.add_table("rtds_row", pa.table(columns))
    return reader.faults


def _key(batch: Batch, name: str, pseudonymiser: Pseudonymiser) -> pa.Array:
    return batch.distinct(
        name,
        reading_of(name, "source_identifier"),
        lambda key: (pseudonymiser.source_person(f"rtds {name}", key),),
        {name: pa.string()},
    )[name]


def _region(batch: Batch) -> dict[str, pa.Array]:
    """``region``, and whether what is there is none of the six."""

    def read(text: str | None) -> Sequence[Any]:
        region = "".join((text or "").upper().split())
        return (region if region in REGIONS else None, bool(region) and region not in REGIONS)

    return batch.distinct(
        "RTTREATMENTREGION",
        reading_of("RTTREATMENTREGION", "name"),
        read,
        {"region": pa.string(), "is_region_unknown": pa.bool_()},
    )


SOURCES = (
    Source(
        "rtds",
        "RTDS: *episode* and *prescription*, or *combined* (see hospital.md)",
        f"england/rtds/{PERIOD}",
        read_rtds,
        ("rtds_row",),
    ),
)
