"""CSV files in batches of columns, at the speed of the CSV engine.

Every distinct value is read once (dates, pseudonyms): a file has few of them, so no row is ever
looped over.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from naome_assets.sources.bytes_in import Member, utf8_chunks
from naome_assets.sources.conventions import Kind, Reading, Refused, Tally, reading_of, readings
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import SubmissionRow
from naome_assets.sources.values import read_date

_BLOCK = 1 << 20
#: Stands for a byte that is not UTF-8 (Unicode keeps this code free for such use). The engine tells
#: of ragged rows only in UTF-8; a row with other bytes would be lost without a word.
_NOT_UTF8 = "\ufffe"
codecs.register_error("naome_not_utf8", lambda error: (_NOT_UTF8, error.end))  # type: ignore[attr-defined]


@dataclass
class Batch:
    """Some rows of a CSV file.

    Attributes:
        columns: bytes by lower-case column name. What no one asks for (names, addresses) is never
            decoded, so that it cannot be a reason to refuse a file.
        positions: 1-based number of each row in its file.
        submission: the file.
        tally: counts the values that were not written as in the standard.
    """

    columns: dict[str, pa.Array]
    positions: pa.Array
    submission: SubmissionRow
    tally: Tally
    _sent: dict[str, _Sent] = field(default_factory=dict, init=False)

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.positions)

    def provenance(self) -> dict[str, pa.Array]:
        """file, position and quarter of each row."""
        return {
            "file": pa.repeat(pa.scalar(self.submission.file), self.rows),
            "position": self.positions,
            "quarter": pa.repeat(pa.scalar(self.submission.quarter), self.rows),
        }

    def sent(self, name: str) -> _Sent:
        """The distinct values of a column as sent, and where each stands.

        Raises:
            RefusedFileError: when the column is not in UTF-8.
        """
        if name not in self._sent:
            self._sent[name] = self._read_sent(name)
        return self._sent[name]

    def _read_sent(self, name: str) -> _Sent:
        column = self.columns.get(name.lower())
        if column is None:
            return _Sent([None], np.zeros(self.rows, np.int64))
        encoded = column.dictionary_encode()
        if pc.any(pc.match_substring(encoded.dictionary, _NOT_UTF8)).as_py():
            raise RefusedFileError("encoding", f"the column {name} is not in UTF-8")
        values = encoded.dictionary.cast(pa.string()).to_pylist()
        return _Sent(
            [None if not value or value.isspace() else value for value in values],
            encoded.indices.to_numpy(zero_copy_only=False),
        )

    def codes(self, table: str) -> dict[str, pa.Array]:
        """Every coded column of a table, comparable (``coded_columns.tsv``)."""
        return {
            column: self.code(reading.item, reading) for column, reading in readings(table).items()
        }

    def code(self, name: str, reading: Reading) -> pa.Array:
        """A column of codes or names, comparable; null where none is given or it is refused."""
        return self.distinct(name, reading, lambda code: (code,), {name: pa.string()})[name]

    def date(self, name: str, column: str, kind: Kind = "date") -> dict[str, pa.Array]:
        """``column`` and ``column_fault`` of a column of dates."""
        return self.distinct(
            name,
            reading_of(name, kind),
            lambda text: read_date(text)[:2],
            {column: pa.date32(), f"{column}_fault": pa.string()},
        )

    def distinct(
        self,
        name: str,
        reading: Reading,
        function: Callable[[str | None], Sequence[Any]],
        outputs: dict[str, pa.DataType],
    ) -> dict[str, pa.Array]:
        """Apply a function once to each distinct value of a column.

        Args:
            name: of the column.
            reading: how its values are read and counted before they are handed on.
            function: of a value as read; None where none is given.
            outputs: columns that it gives.
        """
        values, places = self._read(name, reading)
        return _columns([function(value) for value in values], places, outputs)

    def _read(self, name: str, reading: Reading) -> _Sent:
        """The distinct values as read; what they broke counts as often as they stand there."""
        sent = self.sent(name)
        item = reading.item
        often = np.bincount(sent.places, minlength=len(sent.values))
        made: list[str | None] = []
        for number, value in enumerate(sent.values):
            if value is None:
                made.append(None)
                continue
            read = reading.of(value)
            made.append(read.value)
            count = int(often[number])
            self.tally.given[item] += count
            for convention in read.broken:
                self.tally.changed[item, convention] += count
            if read.fault is not None:
                where = self.positions.to_numpy()[sent.places == number]
                self.tally.refused.append(Refused(where, item, read.fault, value))
        return _Sent(made, sent.places)

    def nhs_person(self, name: str, pseudonymiser: Pseudonymiser) -> dict[str, pa.Array]:
        """``nhs_person_id`` and ``nhs_number_status``."""
        return self.distinct(
            name,
            reading_of(name, "nhs_number"),
            pseudonymiser.nhs_person,
            {"nhs_person_id": pa.string(), "nhs_number_status": pa.string()},
        )

    def local_person(
        self, provider: pa.Array, name: str, pseudonymiser: Pseudonymiser
    ) -> dict[str, pa.Array]:
        """``local_person_id`` of (provider, local identifier)."""
        local, places = self._read(name, reading_of(name, "local_identifier"))
        by_provider = provider.dictionary_encode(null_encoding="encode")
        together = by_provider.indices.to_numpy(zero_copy_only=False) * len(local) + places
        pairs, where = np.unique(together, return_inverse=True)
        providers = by_provider.dictionary.to_pylist()
        people = [
            (pseudonymiser.local_person(providers[pair // len(local)], local[pair % len(local)]),)
            for pair in pairs.tolist()
        ]
        return _columns(people, where, {"local_person_id": pa.string()})


class _Sent(NamedTuple):
    """Distinct values of a column, None where nothing stands, and which of them each row has."""

    values: list[str | None]
    places: np.ndarray[Any, np.dtype[np.int64]]


def _columns(
    results: Sequence[Sequence[Any]],
    places: np.ndarray[Any, np.dtype[np.int64]],
    outputs: Mapping[str, pa.DataType],
) -> dict[str, pa.Array]:
    """Columns of what each distinct value became."""
    columns = list(zip(*results, strict=True)) or [()] * len(outputs)
    among = pa.array(places)
    return {
        name: pa.array(values, type_).take(among)
        for (name, type_), values in zip(outputs.items(), columns, strict=True)
    }


@dataclass
class CsvReader:
    """A CSV file with a header row, read in batches; ragged rows are refused one by one.

    Attributes:
        required: columns without which the file is refused.
        tally: counts the values that were not written as in the standard.
        aliases: other names of a column; the first that the file has is read in its place.
    """

    member: Member
    submission: SubmissionRow
    required: Sequence[str]
    tally: Tally
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ragged: list[int] = field(default_factory=list)
    _header: list[str] = field(default_factory=list)
    _renamed: dict[str, str] = field(default_factory=dict)
    _last: int = 0

    def batches(self) -> Iterator[Batch]:
        """The rows.

        Raises:
            RefusedFileError: when the file is no CSV in UTF-8 or lacks a required column.
        """
        self._read_header()
        done = 0
        try:
            reader = pa_csv.open_csv(
                _ByteStream(utf8_chunks(self.member)),
                read_options=pa_csv.ReadOptions(use_threads=False, block_size=_BLOCK),
                parse_options=pa_csv.ParseOptions(
                    newlines_in_values=True, invalid_row_handler=self._refuse_row
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(self._header, pa.binary()),
                    strings_can_be_null=False,
                ),
            )
            for batch in reader:
                positions = self._positions(batch.num_rows)
                done += batch.num_rows
                yield Batch(
                    {
                        self._name(name): column
                        for name, column in zip(batch.schema.names, batch.columns, strict=True)
                    },
                    positions,
                    self.submission,
                    self.tally,
                )
        except pa.ArrowInvalid as error:
            raise RefusedFileError("not_csv", _first_words(str(error))) from None
        self.submission.received = done + len(self.ragged)
        self.submission.unreadable_records = len(self.ragged)

    def _read_header(self) -> None:
        line = b""
        for chunk in utf8_chunks(self.member):
            line += chunk
            if b"\n" in chunk or b"\r" in chunk or len(line) > _BLOCK:
                break
        line = re.split(rb"[\r\n]", line, maxsplit=1)[0]
        try:
            self._header = next(csv.reader([line.decode()]), [])
        except (UnicodeDecodeError, csv.Error):
            self._header = []
        if not any(self._header):
            raise RefusedFileError("not_csv", "the file has no header row in UTF-8")
        held = {name.strip().lower() for name in self._header}
        for name, others in self.aliases.items():
            sent = next((other.lower() for other in (name, *others) if other.lower() in held), None)
            if sent is not None:
                self._renamed[sent] = name.lower()
        known = {self._name(name) for name in self._header}
        missing = [name for name in self.required if name.lower() not in known]
        if missing:
            raise RefusedFileError("columns_missing", f"columns are missing: {', '.join(missing)}")
        if len(held) < len(self._header):
            raise RefusedFileError("columns_repeated", "two columns have the same name")

    def _name(self, sent: str) -> str:
        name = sent.strip().lower()
        return self._renamed.get(name, name)

    def _refuse_row(self, row: pa_csv.InvalidRow) -> str:
        # The engine counts the header as row 1.
        self.ragged.append((row.number or 1) - 1)
        return "skip"

    def _positions(self, count: int) -> pa.Array:
        """Numbers of the next rows that were kept, passing over the refused ones."""
        # The engine may have seen refused rows beyond this batch, never behind it.
        candidates = np.arange(self._last + 1, self._last + 1 + count + len(self.ragged))
        kept = candidates[~np.isin(candidates, self.ragged)][:count]
        if count:
            self._last = int(kept[-1])
        return pa.array(kept, pa.int32())


def _first_words(message: str) -> str:
    """The engine's message without the content that it quotes."""
    return message.split(":")[0][:80]


class _ByteStream(io.RawIOBase):
    """Pieces of bytes as a file that the CSV engine can read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._pending = bytearray()
        self._decoder = codecs.getincrementaldecoder("utf-8")("naome_not_utf8")

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes; fewer at the end."""
        # In full: the engine makes a batch of each read, and small batches are slow.
        while size < 0 or len(self._pending) < size:
            chunk = next(self._chunks, None)
            self._pending += self._decoder.decode(chunk or b"", final=chunk is None).encode()
            if chunk is None:
                break
        end = len(self._pending) if size < 0 else size
        piece = bytes(self._pending[:end])
        del self._pending[:end]
        return piece
