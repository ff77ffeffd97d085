"""PEDW, the hospital episodes of Wales: tables of spells, episodes and diagnoses, or one wide file.

Files are told by their names (ruling H13). Tables of one folder are joined by PROV_UNIT_CD,
SPELL_NUM and EPI_NUM, in SQL; only diagnoses with a wanted code are stored. Of a row of a wide file
without any its spell is stored, which replaces an earlier one, and nobody's number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import comparable, reading_of
from naome_assets.sources.csv_headings import Columns, heading_key
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.hospital.codes import RowCodes, codes_of, is_wanted, normal_icd
from naome_assets.sources.hospital.dates import DateColumns
from naome_assets.sources.hospital.organisations import organisation, words
from naome_assets.sources.hospital.people import PersonColumn, person_column
from naome_assets.sources.line_table import LineReader, Lines, Mask
from naome_assets.sources.periods import note_period
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import PERIOD, Source

_Part = Literal["spell", "episode", "diagnosis", "wide", "counted"]
_PEOPLE = ("ALF_PE", "ALF_E", "ALF")
_DATES = ("ADMIS_DT", "EPI_STR_DT", "EPI_END_DT", "DISCH_DT")
#: Names by which copies of the tables differ; the first that a file has is read.
_ALIASES = {
    "SPELL_NUM": ("SPELL_NUM_PE", "SPELL_NUM_E"),
    "EPI_STR_DT": ("EPI_START", "EPI_START_DT"),
    "EPI_END_DT": ("EPI_END",),
}
#: Statuses of a link by which a number of a person is as good as an NHS number.
_GOOD_LINKS = frozenset({"1", "4", "39"})
_WIDE = re.compile(r"diag(?:cd)?\d\d")
_OTHERS = ("EPI_NUM", "ALF_STS_CD", "GNDR_CD", *_DATES)
_DIAGNOSES = ("DIAG_CD", "DIAG_CD_1234", "DIAG_CD_123")


def part_of(name: str) -> _Part:
    """Which table a file is, by its name.

    Raises:
        RefusedFileError: when the name tells none.
    """
    lower = name.rpartition("/")[2].rpartition("!")[2].lower()
    for word, part in _BY_NAME.items():
        if word in lower:
            return part
    raise RefusedFileError(
        "unknown_kind",
        "the name tells no table of PEDW: spell, episode, diag, oper, or pedw for one file",
    )


_BY_NAME: dict[str, _Part] = {
    "superspell": "counted",
    "spell": "spell",
    "episode": "episode",
    "diag": "diagnosis",
    "oper": "counted",
    "pedw": "wide",
}


def read_pedw(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a file of PEDW; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    note_period(submission)
    own = _File(part_of(submission.file))
    reader = LineReader(member, submission, own.layout, rows.tally, own.wants)
    kept = 0
    for batch in reader.batches():
        if own.part == "diagnosis":
            kept += _store_diagnoses(batch, rows, pseudonymiser)
        else:
            kept += _store_rows(batch, own, rows, pseudonymiser)
    submission.other_tumour_groups = submission.received - submission.unreadable_records - kept
    return reader.faults


class _File:
    """How one file is read."""

    def __init__(self, part: _Part) -> None:
        self.part = part
        self.person: PersonColumn | None = None
        self.diagnoses: tuple[str, ...] = ()
        self.dates = DateColumns(_DATES)

    def layout(self, headings: Sequence[str]) -> Columns:
        """The columns that are read of a file with these headings.

        Raises:
            RefusedFileError: without those that its table needs.
        """
        keys = {heading_key(heading): heading for heading in headings}
        join = ("PROV_UNIT_CD", "SPELL_NUM")
        if self.part == "counted":
            return Columns(required=join[:1], tells_others=False)
        if self.part == "diagnosis":
            _demand_one(keys, _DIAGNOSES)
            optional: tuple[str, ...] = (*_DIAGNOSES, "DIAG_NUM")
            required: tuple[str, ...] = (*join, "EPI_NUM")
            return Columns(required, (), optional, aliases=_ALIASES, tells_others=False)
        if self.part == "episode":
            self.diagnoses = ("DIAG_CD_1234",)
            required = (*join, "EPI_NUM")
        else:
            self.person = person_column("pedw", _PEOPLE, headings)
            required = (*join, self.person.name)
        if self.part == "spell":
            required = (*required, "ADMIS_DT")
        if self.part == "wide":
            self.diagnoses = tuple(keys[key] for key in sorted(keys) if _WIDE.fullmatch(key))
            if not self.diagnoses:
                raise RefusedFileError("columns_missing", "columns are missing: DIAG_01")
            _demand_one(keys, ("ADMIS_DT", "EPI_STR_DT", "EPI_START", "EPI_START_DT"))
        optional = tuple(name for name in (*_OTHERS, *self.diagnoses) if name not in required)
        return Columns(required, (), optional, aliases=_ALIASES, tells_others=False)

    def wants(self, lines: Lines) -> Mask:
        """Every line, but of tables that nothing is read of."""
        self.dates.note(lines)
        return np.full(len(lines), self.part != "counted")


def _demand_one(keys: dict[str, str], names: Sequence[str]) -> None:
    if not {heading_key(name) for name in names} & keys.keys():
        raise RefusedFileError("columns_missing", f"columns are missing: {' or '.join(names)}")


def _store_rows(batch: Batch, own: _File, rows: RowBuffer, pseudonymiser: Pseudonymiser) -> int:
    """Store spells, episodes or wide rows; how many they are."""
    codes = codes_of(batch, own.diagnoses) if own.diagnoses else None
    empty = pa.nulls(batch.rows, pa.string())
    people = {
        "source_person_id": empty,
        "nhs_person_id": empty,
        "nhs_number_status": pa.repeat(pa.scalar("missing"), batch.rows),
    }
    if own.person is not None:
        found = own.person.people(batch, pseudonymiser)
        people = {name: found[name] for name in people}
    if own.part == "wide" and codes is not None:
        # A row without a wanted code says which spell it replaces (ruling H7), not whose it is.
        people = _of_wanted(people, codes)
        codes = _wanted_codes(codes)
    columns = (
        batch.provenance()
        | {"part": pa.repeat(pa.scalar(own.part), batch.rows)}
        | people
        | {"is_link_good": _is_link_good(batch)}
        | _spell(batch, pseudonymiser)
        | own.dates.date(batch, "ADMIS_DT", "admission_date")
        | own.dates.date(batch, "EPI_STR_DT", "episode_start")
        | own.dates.date(batch, "EPI_END_DT", "episode_end")
        | own.dates.date(batch, "DISCH_DT", "discharge_date")
        | {"has_wanted_code": _has_wanted_code(batch, codes)}
        | {"sex": words(batch, "GNDR_CD", frozenset("129"))}
    )
    rows.add_table("pedw_row", pa.table(columns))
    if codes is not None and len(codes.rows):
        where = {
            name: column.take(pa.array(codes.rows)) for name, column in batch.provenance().items()
        }
        rows.add_table("pedw_code", pa.table(where | {"icd": codes.codes}))
    return batch.rows


def _has_wanted_code(batch: Batch, codes: RowCodes | None) -> pa.Array:
    return pa.array(np.zeros(batch.rows, bool) if codes is None else codes.is_wanted)


def _of_wanted(people: dict[str, pa.Array], codes: RowCodes) -> dict[str, pa.Array]:
    """The people of rows with a wanted code; of the others none."""
    nobody = {name: "missing" if name == "nhs_number_status" else None for name in people}
    return {
        name: pc.if_else(pa.array(codes.is_wanted), column, pa.scalar(nobody[name], column.type))
        for name, column in people.items()
    }


def _wanted_codes(codes: RowCodes) -> RowCodes:
    """The codes of rows with a wanted one."""
    kept = codes.is_wanted[codes.rows]
    return RowCodes(codes.rows[kept], codes.codes.filter(pa.array(kept)), codes.is_wanted)


def _only(batch: Batch, codes: RowCodes) -> tuple[Batch, RowCodes]:
    """The rows with a wanted code."""
    among = pa.array(codes.is_wanted)
    kept = replace(
        batch,
        columns={name: column.filter(among) for name, column in batch.columns.items()},
        positions=batch.positions.filter(among),
    )
    of_kept = codes.is_wanted[codes.rows]
    at = (np.cumsum(codes.is_wanted) - 1)[codes.rows[of_kept]]
    wanted = np.ones(kept.rows, bool)
    return kept, RowCodes(at, codes.codes.filter(pa.array(of_kept)), wanted)


def _store_diagnoses(batch: Batch, rows: RowBuffer, pseudonymiser: Pseudonymiser) -> int:
    """Store the diagnoses with a wanted code; how many they are."""
    made = [
        batch.distinct(
            name,
            reading_of(name, "name"),
            lambda code: (normal_icd(code).icd,),
            {"icd": pa.string()},
        )["icd"].to_pylist()
        for name in _DIAGNOSES
    ]
    first = [next((code for code in given if code), None) for given in zip(*made, strict=True)]
    codes = RowCodes(np.arange(batch.rows), pa.array(first, pa.string()), _wanted(first))
    kept, of_kept = _only(batch, codes)
    if kept.rows:
        columns = kept.provenance() | _spell(kept, pseudonymiser) | {"icd": of_kept.codes}
        columns["number"] = _numbers(kept)
        rows.add_table("pedw_diagnosis", pa.table(columns))
    return kept.rows


def _wanted(codes: Sequence[str | None]) -> Mask:
    return np.array([code is not None and is_wanted(code) for code in codes], bool)


def _numbers(batch: Batch) -> pa.Array:
    """Position of a diagnosis in its episode."""

    def read(text: str | None) -> Sequence[int | None]:
        number = (text or "").strip().removesuffix(".0")
        return (int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None,)

    return batch.distinct("DIAG_NUM", reading_of("DIAG_NUM", "name"), read, {"number": pa.int32()})[
        "number"
    ]


def _is_link_good(batch: Batch) -> pa.Array:
    """Whether the person's number is as good as an NHS number; so it is where nothing is said."""

    def read(text: str | None) -> Sequence[bool]:
        status = (text or "").strip().removesuffix(".0")
        return (not status or status.lstrip("0") in _GOOD_LINKS,)

    return batch.distinct(
        "ALF_STS_CD", reading_of("ALF_STS_CD", "name"), read, {"good": pa.bool_()}
    )["good"]


def _spell(batch: Batch, pseudonymiser: Pseudonymiser) -> dict[str, pa.Array]:
    """Pseudonym of the spell, number of the episode, and provider."""
    provider = organisation(batch, ("PROV_UNIT_CD",))
    numbers, places = batch.sent("SPELL_NUM")
    units, unit_places = batch.sent("PROV_UNIT_CD")
    together = unit_places * len(numbers) + places
    pairs, where = np.unique(together, return_inverse=True)
    spells = [
        _spell_key(units[pair // len(numbers)], numbers[pair % len(numbers)], pseudonymiser)
        for pair in pairs.tolist()
    ]
    return {
        "spell_key": pa.array(spells, pa.string()).take(pa.array(where)),
        "episode_number": batch.distinct(
            "EPI_NUM",
            reading_of("EPI_NUM", "source_identifier"),
            lambda text: (_episode_number(text, pseudonymiser),),
            {"number": pa.string()},
        )["number"],
        "provider": provider,
    }


def _episode_number(text: str | None, pseudonymiser: Pseudonymiser) -> str | None:
    """Number of an episode within its spell; it is text, and what is no small number is hidden."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 6:
        return text.lstrip("0") or "0"
    return pseudonymiser.source_person("pedw episode", text)


def _spell_key(unit: str | None, number: str | None, pseudonymiser: Pseudonymiser) -> str | None:
    """Pseudonym of a spell: its number is unique within a provider only."""
    known, own = comparable("source_identifier", number), (unit or "").strip().upper()
    return pseudonymiser.source_person("pedw spell", f"{own}/{known}") if known and own else None


SOURCES = (
    Source(
        "pedw",
        "PEDW: spells, episodes, diagnoses, or one wide file (see hospital.md)",
        f"wales/pedw/{PERIOD}",
        read_pedw,
        ("pedw_row", "pedw_code", "pedw_diagnosis"),
        endings=(".csv", ".txt"),
    ),
)
