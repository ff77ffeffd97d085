"""CSV files in batches of columns, at the speed of the CSV engine.

Every distinct value is read once (dates, pseudonyms): a file has few of them, so no row is ever
looped over.
"""

from __future__ import annotations

import codecs
import io
import itertools
import threading
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from naome_assets.sources.bytes_in import Member, utf8_chunks
from naome_assets.sources.conventions import Kind, Reading, Refused, Tally, reading_of, readings
from naome_assets.sources.csv_headings import MOST_COLUMNS, Columns, heading_key
from naome_assets.sources.csv_records import (
    CONTROL_CHARACTER,
    LONGEST_RECORD,
    Grammar,
    Records,
    first_record,
    refused_by,
    usual_width,
)
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import SubmissionRow
from naome_assets.sources.values import read_date

_BLOCK = 1 << 20
#: What is between two fields: a comma, else the one of these that finds the columns.
_SEPARATORS = {b",": "commas", b";": "semicolons", b"\t": "tabs", b"|": "vertical bars"}
#: So many rows must be ragged before a file is refused because most are.
MOST_RAGGED = 50_000
#: Stands for a byte that is not UTF-8 (Unicode keeps this code free for such use). The engine tells
#: of ragged rows only in UTF-8; a row with other bytes would be lost without a word.
_NOT_UTF8 = "\ufffe"
codecs.register_error("naome_not_utf8", lambda error: (_NOT_UTF8, error.end))  # type: ignore[attr-defined]


@dataclass
class Batch:
    """Some rows of a CSV file.

    Attributes:
        columns: bytes by the key of the column's name (``heading_key``). What no one asks for
            (names, addresses) is not among them, so that it cannot be a reason to refuse a file.
        positions: 1-based number of each row in its file.
        submission: the file.
        tally: counts the values that were not written as in the standard.
        absent: keys of columns that can be asked for and that the file has not.
    """

    columns: dict[str, pa.Array]
    positions: pa.Array
    submission: SubmissionRow
    tally: Tally
    absent: frozenset[str] = frozenset()
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
            KeyError: when the reader did not declare the column.
        """
        if name not in self._sent:
            self._sent[name] = self._read_sent(name)
        return self._sent[name]

    def _read_sent(self, name: str) -> _Sent:
        key = heading_key(name)
        if key in self.absent:
            return _Sent([None], np.zeros(self.rows, np.int64))
        encoded = self.columns[key].dictionary_encode()
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
        """The distinct values as read; what they broke counts as often as they are there."""
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
    """A CSV file with a header row, read in batches; faulty rows are refused one by one.

    Attributes:
        columns: which ones are read.
        tally: counts the values that were not written as in the standard.
        faults: positions of refused rows by rule, complete when all batches were read.
    """

    member: Member
    submission: SubmissionRow
    columns: Columns
    tally: Tally
    faults: RowFaults = field(default_factory=RowFaults)
    _headings: list[str] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)
    _refused: array[int] = field(default_factory=lambda: array("q"))
    _refused_by: list[str] = field(default_factory=list)
    _repeated: list[int] = field(default_factory=list)
    _last: int = 0

    def batches(self) -> Iterator[Batch]:
        """The rows.

        Raises:
            RefusedFileError: when the file is no CSV, lacks a required column, or its rows cannot
                be distinguished.
        """
        chunks = utf8_chunks(self.member)
        grammar, body = self._read_header(chunks)
        records = self._records(grammar, body)
        lines = records.lines(body, chunks)
        # The engine refuses a body of nothing.
        first = next((block for block in lines if block.strip(b"\r\n")), None)
        done = 0
        if first is not None:
            stream = _ByteStream(itertools.chain([first], lines))
            try:
                for batch in self._engine(stream, grammar, records.width):
                    ready = self._batch(batch, records)
                    done += ready.rows
                    yield ready
            finally:
                stream.end()
        self._tell_refused()
        self.submission.received = done + len(self.faults)
        self.submission.unreadable_records = len(self.faults)
        for remark in self._remarks(grammar):
            self.submission.warn(remark)

    def _read_header(self, chunks: Iterator[bytes]) -> tuple[Grammar, bytes]:
        """How fields are written, and what was read behind the header."""
        text = b""
        for chunk in chunks:
            text += chunk
            if len(text) >= LONGEST_RECORD:
                break
        refusals: list[RefusedFileError] = []
        for separator in _SEPARATORS:
            grammar = Grammar(separator)
            sent, end = first_record(text, grammar)
            if not any(sent):
                raise RefusedFileError("not_csv", "the file has no header row")
            if len(sent) > MOST_COLUMNS:
                raise RefusedFileError("too_many_columns", f"more than {MOST_COLUMNS:,} columns")
            if any(b"\0" in heading for heading in sent):
                raise RefusedFileError(
                    "encoding", "the header row holds NUL characters: save the file as UTF-8"
                )
            # Other letters than those of ASCII are in no heading that is looked for.
            headings = [heading.decode(errors="replace") for heading in sent]
            try:
                self._places = self.columns.find(headings)
            except RefusedFileError as refusal:
                refusals.append(refusal)
                continue
            self._headings = headings
            return grammar, text[end:]
        # A separator that finds the needed columns, one of them twice, is the right one.
        raise next((r for r in refusals if r.rule == "columns_repeated"), refusals[0])

    def _records(self, grammar: Grammar, body: bytes) -> Records:
        width = len(self._headings)
        usual = usual_width(body, grammar.separator)
        # Separators that end the header alone name no column. The other way round nothing is
        # guessed: a heading may be missing in the middle, and the values would move.
        if usual and not any(map(heading_key, self._headings[usual:])):
            width = min(width, usual)
        read = set(self._places.values())
        return Records(grammar, width, [place in read for place in range(width)])

    def _engine(
        self, stream: _ByteStream, grammar: Grammar, width: int
    ) -> Iterator[pa.RecordBatch]:
        read = [str(place) for place in sorted(self._places.values())]
        try:
            yield from pa_csv.open_csv(
                stream,
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=_BLOCK,
                    column_names=[str(place) for place in range(width)],
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=grammar.separator.decode(), invalid_row_handler=self._refuse_row
                ),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=read,
                    column_types=dict.fromkeys(read, pa.binary()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            if self._is_mostly_ragged():
                raise RefusedFileError(
                    "mostly_ragged",
                    "most rows have more or fewer fields than the header, or stray quotation marks",
                ) from None
            raise RefusedFileError("not_csv", _first_words(str(error))) from None

    def _batch(self, sent: pa.RecordBatch, records: Records) -> Batch:
        """The rows of a batch that are kept."""
        columns = {key: sent.column(str(place)) for key, place in self._places.items()}
        numbers = self._numbers(sent.num_rows)
        kept = np.ones(sent.num_rows, bool)
        self._drop_repeated_headers(columns, numbers, kept)
        positions = numbers - np.searchsorted(self._repeated, numbers)
        if records.has_controls:
            is_bad = np.logical_or.reduce([has_control(c) for c in columns.values()]) & kept
            self.faults.refuse(CONTROL_CHARACTER, positions[is_bad].tolist())
            kept &= ~is_bad
        if not kept.all():
            among = pa.array(kept)
            columns = {key: column.filter(among) for key, column in columns.items()}
            positions = positions[kept]
        return Batch(
            columns,
            pa.array(positions, pa.int32()),
            self.submission,
            self.tally,
            frozenset(heading_key(name) for name in self.columns.read) - columns.keys(),
        )

    def _drop_repeated_headers(
        self,
        columns: Mapping[str, pa.Array],
        numbers: np.ndarray[Any, np.dtype[np.int64]],
        kept: np.ndarray[Any, np.dtype[np.bool_]],
    ) -> None:
        """Files that were joined have a header in the middle, which is no row."""
        first, place = next(iter(self._places.items()))
        found = pc.equal(columns[first], self._headings[place].encode())
        if not pc.any(found).as_py():
            return
        for row in np.flatnonzero(found.to_numpy(zero_copy_only=False)):
            if all(
                heading_key(column[int(row)].as_py().decode(errors="replace"))
                == heading_key(self._headings[self._places[key]])
                for key, column in columns.items()
            ):
                self._repeated.append(int(numbers[row]))
                kept[row] = False

    def _refuse_row(self, row: pa_csv.InvalidRow) -> str:
        number = row.number or 0
        self._refused.append(number)
        self._refused_by.append(refused_by(row.text) or "ragged_row")
        return "error" if self._is_mostly_ragged() else "skip"

    def _is_mostly_ragged(self) -> bool:
        refused = len(self._refused)
        return refused > MOST_RAGGED and 2 * refused > self._refused[-1]

    def _numbers(self, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The engine's numbers of the next rows that were kept, passing over the refused ones."""
        # The engine may have seen refused rows beyond this batch, never behind it.
        ahead = np.array(self._refused[bisect_right(self._refused, self._last) :], np.int64)
        candidates = np.arange(self._last + 1, self._last + 1 + count + len(ahead))
        kept = candidates[~np.isin(candidates, ahead)][:count]
        if count:
            self._last = int(kept[-1])
        return kept

    def _tell_refused(self) -> None:
        numbers = np.array(self._refused, np.int64)
        positions = numbers - np.searchsorted(self._repeated, numbers)
        for rule in sorted(set(self._refused_by)):
            of_rule = np.array([other == rule for other in self._refused_by], bool)
            self.faults.refuse(rule, positions[of_rule].tolist())

    def _remarks(self, grammar: Grammar) -> Iterator[str]:
        if grammar.separator != b",":
            yield f"separator: read as separated by {_SEPARATORS[grammar.separator]}"
        if self._repeated:
            yield f"header_repeated: the header row stands {len(self._repeated) + 1:,} times"
        yield from self.columns.remarks(self._headings, self._places)


def has_control(column: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether each value holds a character below the blank, other than a tab, before its end."""
    found = np.zeros(len(column), bool)
    ends = np.frombuffer(column.buffers()[1], np.int32)[column.offset :][: len(column) + 1]
    data = column.buffers()[2]
    if data is None:
        return found
    codes = np.frombuffer(data, np.uint8)[: ends[-1]]
    suspects = np.searchsorted(ends, np.flatnonzero(codes < ord(" ")), side="right") - 1
    for row in np.unique(suspects[suspects >= 0]):
        value = column[int(row)].as_py().strip()
        found[row] = any(code < ord(" ") and code != ord("\t") for code in value)
    return found


def _first_words(message: str) -> str:
    """The engine's message without the content that it quotes."""
    return message.split(":")[0][:80]


class _ByteStream(io.RawIOBase):
    """Blocks of whole lines as a file that the CSV engine can read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._pending = bytearray()
        self._reading = threading.Lock()

    def end(self) -> None:
        """Nothing more is read: the engine reads ahead, and must not while Python ends."""
        with self._reading:
            self._blocks = iter(())
            self._pending.clear()

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """So many bytes; fewer at the end."""
        with self._reading:
            # In full: the engine makes a batch of each read, and small batches are slow.
            while size < 0 or len(self._pending) < size:
                block = next(self._blocks, None)
                if block is None:
                    break
                self._pending += _repaired(block)
            end = len(self._pending) if size < 0 else size
            piece = bytes(self._pending[:end])
            del self._pending[:end]
            return piece


def _repaired(block: bytes) -> bytes:
    """In UTF-8, other bytes marked. A block ends with a line, and so with a whole character."""
    if block.isascii():
        return block
    return block.decode("utf-8", "naome_not_utf8").encode()
