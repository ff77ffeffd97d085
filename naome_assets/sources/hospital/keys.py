"""Key files: to which NHS number, or person of the registry, a source's number leads."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_headings import Columns, heading_key
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.line_table import LineReader
from naome_assets.sources.periods import note_period
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import PERIOD, Source

#: Sources whose numbers of people a key file can link, by the names of their folders.
KEYED = ("hes_apc", "pedw", "rtds", "cwt")
_LINKS = ("nhs_number", "PATIENTID")


def _layout(headings: Sequence[str]) -> Columns:
    keys = set(map(heading_key, headings))
    if not keys & set(map(heading_key, _LINKS)):
        raise RefusedFileError("columns_missing", "columns are missing: nhs_number or PATIENTID")
    return Columns(
        ("source", "source_person_id"), (), _LINKS, aliases={"PATIENTID": ("PSEUDO_PATIENTID",)}
    )


def read_keys(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a key file; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    note_period(submission)
    reader = LineReader(member, submission, _layout, rows.tally)
    for batch in reader.batches():
        source = _sources(batch)
        columns = (
            batch.provenance()
            | {
                "source": source,
                "source_person_id": _people(batch, source, pseudonymiser),
                "registry_person_id": batch.distinct(
                    "PATIENTID",
                    reading_of("PATIENTID", "local_identifier"),
                    lambda own: (pseudonymiser.registry("person", own),),
                    {"person": pa.string()},
                )["person"],
            }
            | batch.nhs_person("nhs_number", pseudonymiser)
        )
        rows.add_table("source_key", pa.table(columns))
    return reader.faults


def _sources(batch: Batch) -> pa.Array:
    def read(text: str | None) -> Sequence[str | None]:
        name = (text or "").strip().lower()
        return (name if name in KEYED else None,)

    outputs = {"source": pa.string()}
    return batch.distinct("source", reading_of("source", "name"), read, outputs)["source"]


def _people(batch: Batch, source: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """Pseudonyms as the readers of the sources make them."""
    read = batch.distinct(
        "source_person_id",
        reading_of("source_person_id", "source_identifier"),
        lambda identifier: tuple(pseudonymiser.source_person(own, identifier) for own in KEYED),
        {own: pa.string() for own in KEYED},
    )
    columns = [read[own].to_pylist() for own in KEYED]
    number = {own: place for place, own in enumerate(KEYED)}
    people = [
        None if own is None else columns[number[own]][row]
        for row, own in enumerate(source.to_pylist())
    ]
    return pa.array(people, pa.string())


SOURCES = (
    Source(
        "source_key",
        "numbers of people in hospital data, and their NHS numbers (see hospital.md)",
        f"england/keys/{PERIOD}",
        read_keys,
        ("source_key",),
    ),
)
