"""Wide CSV files, one row a line, of which few rows and few columns are wanted (ruling H11).

A national year of hospital episodes has some 20 million rows of 265 fields. Where each field
begins is found for a block of lines at once; a reader looks at the first bytes of some columns,
says which rows it wants, and only their values are made. Every line is read by itself: what does
not parse alone is refused, and the next line is read as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.bytes_in import Member, utf8_chunks
from naome_assets.sources.conventions import Tally
from naome_assets.sources.csv_headings import MOST_COLUMNS, Columns, heading_key
from naome_assets.sources.csv_records import CONTROL_CHARACTER, LONGEST_RECORD, STRAY_QUOTE
from naome_assets.sources.csv_table import Batch, has_control
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.rows import SubmissionRow

#: What is between two fields, and what the ledger calls it.
SEPARATORS = {b",": "commas", b"|": "vertical bars", b"\t": "tabs"}
RAGGED_ROW = "ragged_row"
#: Measured: a block and the places of its fields stay in the processor's cache.
_BLOCK = 1 << 18
#: Wanted rows wait until there are so many bytes of them: few large batches are fast.
_BATCH = 1 << 22
_QUOTE, _NEW_LINE, _RETURN, _BLANK = b'"\n\r '

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Codes = np.ndarray[Any, np.dtype[np.uint8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


#: Whether a byte can be before a value and is no part of it.
_IS_BEFORE_VALUE = np.zeros(256, bool)
_IS_BEFORE_VALUE[[_QUOTE, _BLANK]] = True


@dataclass(frozen=True)
class Lines:
    """Whole lines with as many fields as the header, and where their fields are.

    Attributes:
        text: the block that they are in.
        codes: its bytes.
        ends: of each field of each line, the place behind it.
        begins: where each line begins.
        positions: 1-based number of each row in its file.
        places: number of each column that is read, by the key of its name.
    """

    text: bytes
    codes: Codes
    ends: Numbers
    begins: Numbers
    positions: Numbers
    places: Mapping[str, int]

    def __len__(self) -> int:
        """How many lines."""
        return len(self.begins)

    def place(self, name: str) -> int | None:
        """Number of a column; None when the file has it not."""
        return self.places.get(heading_key(name))

    def fields(self, places: Sequence[int]) -> tuple[Numbers, Numbers]:
        """Where the values of columns begin and end, without the marks and blanks before them."""
        starts = self.ends[:, np.array(places) - 1] + 1
        if 0 in places:
            starts[:, places.index(0)] = self.begins
        ends = self.ends[:, places]
        for _ in range(3):
            first = self.codes[starts]
            skipped = _IS_BEFORE_VALUE[first]
            if not skipped.any():
                break
            # A separator is neither: an empty value begins and ends there.
            starts = starts + (skipped & (starts < ends))
        return starts, ends

    def heads(self, places: Sequence[int], size: int) -> Codes:
        """The first bytes of each value of columns, zero behind its end: line, column, byte."""
        starts, ends = self.fields(places)
        heads = np.zeros((*starts.shape, size), np.uint8)
        last = len(self.codes) - 1
        for number in range(size):
            at = starts + number
            inside = at < ends
            if not inside.any():
                break
            # No place lies behind the block: a line ends with its line end.
            heads[..., number] = self.codes[np.minimum(at, last)] * inside
        # The mark behind a short value is not of it, nor is what stands before a line end.
        heads[(heads == _QUOTE) | (heads == _RETURN)] = 0
        return heads

    def texts(self, name: str, size: int) -> list[bytes] | None:
        """The same of one column, as texts; None when the file has it not."""
        place = self.place(name)
        if place is None:
            return None
        heads = np.ascontiguousarray(self.heads([place], size))
        texts: list[bytes] = heads.view(f"S{size}").ravel().tolist()
        return [text.rstrip() for text in texts]

    def line(self, number: int) -> bytes:
        """One of the lines, as sent."""
        return self.text[int(self.begins[number]) : int(self.ends[number, -1]) + 1]

    def values(self, place: int) -> pa.Array:
        """The values of a column, without the marks around them."""
        starts, ends = self.ends[:, place - 1] + 1 if place else self.begins, self.ends[:, place]
        if place == self.ends.shape[1] - 1:
            ends = ends - ((ends > starts) & (self.codes[ends - 1] == _RETURN))
        filled = ends > starts
        marked = filled.copy()
        marked[filled] = (
            (self.codes[starts[filled]] == _QUOTE)
            & (self.codes[ends[filled] - 1] == _QUOTE)
            & (ends[filled] - starts[filled] > 1)
        )
        starts, ends = starts + marked, ends - marked
        sizes = ends - starts
        offsets = np.zeros(len(self) + 1, np.int32)
        np.cumsum(sizes, out=offsets[1:])
        among = np.repeat(starts - offsets[:-1], sizes) + np.arange(offsets[-1])
        data = pa.py_buffer(self.codes[among].tobytes())
        made = pa.Array.from_buffers(pa.binary(), len(self), [None, pa.py_buffer(offsets), data])
        return pc.replace_substring(made, '""', '"') if marked.any() else made


@dataclass
class LineReader:
    """A file with a header line, one row a line.

    Attributes:
        layout: says which columns are read of a file with these headings; raises
            RefusedFileError when the file lacks one that is needed.
        tally: counts the values that were not written as in the standard.
        faults: positions of refused rows by rule, complete when all batches were read.
        wants: says of each of some lines whether its row is wanted; None: every row is.
        passed_over: rows that are not wanted.
        headings: of the header, once it is read.
        columns: those that are read, then.
    """

    member: Member
    submission: SubmissionRow
    layout: Callable[[Sequence[str]], Columns]
    tally: Tally
    wants: Callable[[Lines], Mask] | None = None
    faults: RowFaults = field(default_factory=RowFaults)
    passed_over: int = 0
    headings: list[str] = field(default_factory=list)
    columns: Columns = field(default_factory=lambda: Columns(required=()))
    _places: dict[str, int] = field(default_factory=dict)
    _separator: int = 0
    _rows: int = 0

    def batches(self) -> Iterator[Batch]:
        """The rows that are wanted.

        Raises:
            RefusedFileError: when the file has no header, lacks a needed column, is not in UTF-8,
                or a line is too long.
        """
        blocks = _blocks(utf8_chunks(self.member))
        rest = self._read_header(next(blocks, b""))
        waiting: list[bytes] = []
        positions: list[int] = []
        size = 0
        for lines in self._lines(rest, blocks):
            if self.wants is None:
                yield self._batch(lines)
                continue
            wanted = np.flatnonzero(self.wants(lines))
            self.passed_over += len(lines) - len(wanted)
            taken = [lines.line(int(number)) for number in wanted]
            waiting += taken
            positions += lines.positions[wanted].tolist()
            size += sum(map(len, taken))
            if size >= _BATCH:
                yield self._gathered(waiting, positions)
                waiting, positions, size = [], [], 0
        if waiting:
            yield self._gathered(waiting, positions)
        self.submission.received = self._rows
        self.submission.unreadable_records = len(self.faults)
        if self._separator != b","[0]:
            separated = SEPARATORS[bytes([self._separator])]
            self.submission.warn(f"separator: read as separated by {separated}")
        for remark in self.columns.remarks(self.headings, self._places):
            self.submission.warn(remark)

    def has(self, name: str) -> bool:
        """Whether the file has a column, once the header is read."""
        return heading_key(name) in self._places

    def _read_header(self, block: bytes) -> bytes:
        line, _, rest = block.lstrip(b"\r\n").partition(b"\n")
        if not line.strip():
            raise RefusedFileError("not_csv", "the file has no header row")
        if b"\0" in line:
            raise RefusedFileError(
                "encoding", "the header row holds NUL characters: save the file as UTF-8"
            )
        refusals = []
        for separator in SEPARATORS:
            sent = line.rstrip(b"\r").split(separator)
            if len(sent) > MOST_COLUMNS:
                raise RefusedFileError("too_many_columns", f"more than {MOST_COLUMNS:,} columns")
            headings = [heading.strip(b' "').decode(errors="replace") for heading in sent]
            try:
                self.columns = self.layout(headings)
                self._places = self.columns.find(headings)
            except RefusedFileError as refusal:
                refusals.append(refusal)
                continue
            self.headings, self._separator = headings, separator[0]
            return rest
        raise next((r for r in refusals if r.rule == "columns_repeated"), refusals[0])

    def _lines(self, rest: bytes, blocks: Iterator[bytes]) -> Iterator[Lines]:
        if rest:
            yield from self._split(rest)
        for block in blocks:
            yield from self._split(block)

    def _split(self, text: bytes) -> Iterator[Lines]:
        """The lines of a block that have as many fields as the header; the others are refused."""
        if not text.isascii():
            _demand_utf8(text)
        width = len(self.headings)
        codes = np.frombuffer(text, np.uint8)
        stops = np.flatnonzero(codes == _NEW_LINE)
        is_end = codes == self._separator
        stray = np.zeros(len(stops), bool)
        if b'"' in text:
            stray = _hide_quoted(codes, is_end, stops)
        is_end[stops] = True
        ends = np.flatnonzero(is_end)
        begins = np.concatenate(([0], stops[:-1] + 1))
        counts = np.diff(np.searchsorted(ends, stops, side="right"), prepend=0)
        empty = (stops == begins) | ((stops == begins + 1) & (codes[begins] == _RETURN))
        numbers = self._rows + np.cumsum(~empty)
        self._rows += int(np.count_nonzero(~empty))
        good = (counts == width) & ~stray & ~empty
        if not good.all():
            for rule, broken in ((STRAY_QUOTE, stray), (RAGGED_ROW, ~good & ~stray)):
                if (broken & ~empty).any():
                    self.faults.refuse(rule, numbers[broken & ~empty].tolist())
            ends = ends[np.repeat(good, counts)]
        if good.any():
            yield Lines(
                text,
                codes,
                ends.reshape(-1, width),
                begins[good],
                numbers[good],
                self._places,
            )

    def _gathered(self, lines: Sequence[bytes], positions: Sequence[int]) -> Batch:
        text = b"".join(lines)
        counted = self._rows
        (again,) = self._split(text)
        self._rows = counted
        numbers = np.array(positions, np.int64)
        return self._batch(
            Lines(again.text, again.codes, again.ends, again.begins, numbers, self._places)
        )

    def _batch(self, lines: Lines) -> Batch:
        """The values of the columns that are read; rows with control characters are refused."""
        columns = {key: lines.values(place) for key, place in self._places.items()}
        positions = lines.positions
        if np.count_nonzero(lines.codes < _BLANK) > len(lines):
            bad = np.logical_or.reduce([has_control(column) for column in columns.values()])
            if bad.any():
                self.faults.refuse(CONTROL_CHARACTER, positions[bad].tolist())
                among = pa.array(~bad)
                columns = {key: column.filter(among) for key, column in columns.items()}
                positions = positions[~bad]
        absent = frozenset(heading_key(name) for name in self.columns.read) - columns.keys()
        return Batch(columns, pa.array(positions, pa.int32()), self.submission, self.tally, absent)


def _hide_quoted(codes: Codes, is_end: Mask, stops: Numbers) -> Mask:
    """Take separators between two marks for none; says which lines have a mark too many."""
    marks = codes == _QUOTE
    before = np.searchsorted(np.flatnonzero(marks), stops)
    stray: Mask = np.diff(before, prepend=0) % 2 == 1
    for number in np.flatnonzero(stray):
        begin = stops[number - 1] + 1 if number else 0
        marks[begin : stops[number]] = False
    inside = np.cumsum(marks, dtype=np.uint8) & 1
    is_end &= inside == 0
    return stray


def _demand_utf8(text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError:
        raise RefusedFileError("encoding", "the file is not in UTF-8") from None


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks of whole lines; a file that does not end its last line gets an end.

    Raises:
        RefusedFileError: when a line is longer than any row can be.
    """
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        pieces.append(chunk)
        size += len(chunk)
        if size < _BLOCK:
            continue
        text = b"".join(pieces)
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if len(rest) > LONGEST_RECORD:
            raise RefusedFileError(
                "record_too_large", f"a record is larger than {LONGEST_RECORD >> 10} KB"
            )
        if end:
            yield text[:end]
        pieces, size = [rest], len(rest)
    text = b"".join(pieces).rstrip(b"\x1a")
    if text:
        yield text if text.endswith(b"\n") else text + b"\n"
