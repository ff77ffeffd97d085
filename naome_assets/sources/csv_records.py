"""Where the records of a CSV file begin and end, settled before the CSV engine reads it.

Quotation marks that do not balance join rows: what is between two of them becomes one value,
and the names and numbers of the rows in between are in a column of codes. So each block of a file
that holds a quotation mark is looked at, and the engine gets one line a record:

1. A record that keeps to RFC 4180 and ends on its line is a record, whatever its fields.
2. One that goes over several lines is a record when it has as many fields as the header, at most
   one of its lines could be a row by itself, and no text of several lines begins or ends with a
   separator. Its line breaks become blanks; a line break within a value that is read refuses the
   row (``control_character``).
3. Otherwise the quotation marks mean nothing and each line is told by itself: a line of as many
   fields as the header is a row, and the one with the stray mark is refused (``stray_quote``) or,
   where its marks only stand inside other marks, kept.
4. Where neither holds, the records cannot be distinguished, and the file is refused
   (``quotes_unbalanced``).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from naome_assets.sources.errors import RefusedFileError

#: Bytes of one record. No submission comes near; a file of one line is not read into memory.
LONGEST_RECORD = 1 << 18
#: Lines by which the usual number of fields is told.
_LINES_LOOKED_AT = 1_000
#: A line with so large a share of the header's fields could be a row.
_COULD_BE_A_ROW = 0.75

STRAY_QUOTE = "stray_quote"
CONTROL_CHARACTER = "control_character"
#: Stand in for a record that is refused: too few fields, so that the engine counts and tells it.
_STAND_INS = {rule: f"\x1b{rule}".encode() for rule in (STRAY_QUOTE, CONTROL_CHARACTER)}

_LINE_END = re.compile(rb"\r\n|\n|\r")
_QUOTE, _NEW_LINE, _RETURN = b'"\n\r'

_Codes = np.ndarray[tuple[int], np.dtype[np.uint8]]


def refused_by(text: str) -> str | None:
    """The rule that a line given to the engine stands for; None when the line is the sender's."""
    return text[1:].split("\x1b")[0] if text.startswith("\x1b") else None


class _BrokenError(Exception):
    """A quotation mark is not where it can be.

    Attributes:
        is_open: it was not closed within the text.
    """

    def __init__(self, *, is_open: bool) -> None:
        super().__init__()
        self.is_open = is_open


@dataclass(frozen=True)
class Grammar:
    """How fields are written.

    Attributes:
        separator: one byte between two fields.
    """

    separator: bytes
    _quoted: re.Pattern[bytes] = field(init=False, repr=False)
    _plain: re.Pattern[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Possessive: an escaped mark is never taken for a closing one. Blanks around the marks,
        # which RFC 4180 does not have, are common and change nothing.
        object.__setattr__(self, "_quoted", re.compile(rb' *+"((?:[^"]++|"")*+)" *+'))
        plain = rb"[^\r\n" + re.escape(self.separator) + rb"]*+"
        object.__setattr__(self, "_plain", re.compile(plain))

    def record(self, text: bytes, start: int = 0) -> tuple[list[bytes], int]:
        """Fields of the record that begins there, and where it ends, before its line end.

        Raises:
            _BrokenError: when a quotation mark is not where RFC 4180 has it.
        """
        fields = []
        at = start
        while True:
            quoted = self._quoted.match(text, at)
            if quoted is not None:
                fields.append(quoted[1].replace(b'""', b'"'))
                at = quoted.end()
            else:
                plain = self._plain.match(text, at)
                value = b"" if plain is None else plain[0]
                if value.lstrip(b" ").startswith(b'"'):
                    raise _BrokenError(is_open=True)
                fields.append(value)
                at += len(value)
            following = text[at : at + 1]
            if following == self.separator:
                at += 1
            elif following in (b"", b"\n", b"\r"):
                return fields, at
            else:
                raise _BrokenError(is_open=False)

    def fields_alone(self, line: bytes) -> list[bytes]:
        """Fields of one line, where a mark that is not closed on it is a letter like others."""
        fields = []
        at = 0
        while True:
            quoted = self._quoted.match(line, at)
            if quoted is not None and line[quoted.end() : quoted.end() + 1] in (
                b"",
                self.separator,
            ):
                fields.append(quoted[1])
                at = quoted.end()
            else:
                end = line.find(self.separator, at)
                fields.append(line[at : end if end >= 0 else len(line)])
                at = end if end >= 0 else len(line)
            if at >= len(line):
                return fields
            at += 1

    def written(self, fields: list[bytes]) -> bytes:
        """A record on one line, every field between quotation marks."""
        return (
            self.separator.join(
                b'"' + _LINE_END.sub(b" ", value).replace(b'"', b'""') + b'"' for value in fields
            )
            + b"\n"
        )


def first_record(text: bytes, grammar: Grammar) -> tuple[list[bytes], int]:
    """Fields of the first record of a file, and where the next line begins.

    A heading can have a line break, but no separator after it: then its mark is a stray one.
    """
    start = len(text) - len(text.lstrip(b"\r\n"))
    line_end = _LINE_END.search(text, start)
    line = text[start : line_end.start() if line_end else len(text)]
    try:
        fields, end = grammar.record(text, start)
        if any(_LINE_END.search(value) and grammar.separator in value for value in fields):
            raise _BrokenError(is_open=True)
    except _BrokenError:
        fields, end = grammar.fields_alone(line), start + len(line)
    after = _LINE_END.match(text, end)
    return fields, after.end() if after else end


def usual_width(text: bytes, separator: bytes) -> int | None:
    """How many fields most rows at the beginning of a file have; None when no number is usual."""
    lines = [
        line for line in text.splitlines()[:_LINES_LOOKED_AT] if line.strip() and _QUOTE not in line
    ]
    widths = Counter(line.count(separator) + 1 for line in lines)
    width, often = widths.most_common(1)[0] if widths else (0, 0)
    return width if 2 * often > len(lines) else None


@dataclass
class Records:
    """The rows after the header, one line a record.

    Attributes:
        grammar: of the file.
        width: fields of a row.
        is_read: whether each column is.
        has_controls: whether a character below the blank was met that ends no line.
    """

    grammar: Grammar
    width: int
    is_read: list[bool]
    has_controls: bool = False
    _unsettled: bool = False
    _lines: int = 1

    def lines(self, text: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Blocks of whole lines.

        Args:
            text: what was already read behind the header.
            chunks: what follows.

        Raises:
            RefusedFileError: when a record is too long, or the records cannot be distinguished.
        """
        pending = text
        for chunk in itertools.chain(chunks, [None]):
            if chunk is None:
                block = pending.rstrip(b"\x1a")  # some systems end a file so
                if block and not block.endswith((b"\n", b"\r")):
                    block += b"\n"
                rest = b""
            else:
                text = pending + chunk if pending else chunk
                end = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
                block, rest = text[:end], text[end:]
            waiting = b""
            if block:
                ready, done = self._settled(block, is_last=chunk is None)
                if ready:
                    yield ready
                waiting = block[done:]
            if len(rest) > LONGEST_RECORD:
                raise RefusedFileError(
                    "record_too_large", f"a record is larger than {LONGEST_RECORD >> 10} KB"
                )
            pending = waiting + rest

    def _settled(self, block: bytes, *, is_last: bool) -> tuple[bytes, int]:
        """Whole lines for the engine, and how many bytes of the block they stand for."""
        codes = np.frombuffer(block, np.uint8)
        if not self.has_controls:
            self.has_controls = _has_controls(codes)
        if b"\x1b" in block:
            block = block.replace(b"\x1b", b"\x1a")  # stands for refused records only
        if not self._unsettled and (_QUOTE not in block or self._keeps_to_lines(codes)):
            return block, len(block)
        return self._line_by_line(block, is_last=is_last)

    def _keeps_to_lines(self, codes: _Codes) -> bool:
        """Whether all marks are where RFC 4180 has them, and no line ends between two of them."""
        marks = np.flatnonzero(codes == _QUOTE)
        if len(marks) % 2:
            return False
        opening, closing = marks[::2], marks[1::2]
        beside = np.zeros(256, bool)
        beside[[_QUOTE, _NEW_LINE, _RETURN, self.grammar.separator[0]]] = True
        # A block ends with a line end, so that something follows every mark.
        before = codes[opening[opening > 0] - 1]
        if not (beside[before].all() and beside[codes[closing + 1]].all()):
            return False
        ends = np.flatnonzero((codes == _NEW_LINE) | (codes == _RETURN))
        return not (np.searchsorted(marks, ends) % 2).any()

    def _line_by_line(self, block: bytes, *, is_last: bool) -> tuple[bytes, int]:
        ready = []
        at = 0
        while at < len(block):
            mark = block.find(b'"', at)
            if mark < 0:
                mark = len(block)
            line = max(block.rfind(b"\n", at, mark), block.rfind(b"\r", at, mark)) + 1
            if line > at:  # whole lines without a mark
                self._settle(block[at:line])
                ready.append(block[at:line])
                at = line
                continue
            record, after = self._record(block, at, may_wait=not is_last)
            if record is None:
                break
            ready.append(record)
            end = _LINE_END.match(block, after)
            at = end.end() if end else after
        return b"".join(ready), at

    def _settle(self, lines: bytes) -> None:
        """After a stray mark the next line must be a row, else its text may go on there."""
        if not self._unsettled:
            return
        for line in lines.splitlines():
            if line:
                if line.count(self.grammar.separator) + 1 != self.width:
                    raise _cannot_be_told_apart()
                self._unsettled = False
                return

    def _record(self, block: bytes, at: int, *, may_wait: bool) -> tuple[bytes | None, int]:
        """The line for the engine and where the record ends; None when more must be read."""
        try:
            fields, end = self.grammar.record(block, at)
        except _BrokenError as broken:
            if broken.is_open and may_wait and len(block) - at < LONGEST_RECORD:
                return None, at
            return self._stray(block, at)
        lines = _LINE_END.split(block[at:end])
        if len(lines) == 1:
            if self._unsettled and len(fields) != self.width:
                raise _cannot_be_told_apart()
        elif len(fields) != self.width or self._could_be_rows(fields, lines):
            return self._stray(block, at)
        elif any(
            _LINE_END.search(value.strip())
            for value, is_read in zip(fields, self.is_read, strict=True)
            if is_read
        ):
            return self._stand_in(CONTROL_CHARACTER), end
        self._unsettled = False
        return self.grammar.written(fields), end

    def _could_be_rows(self, fields: list[bytes], lines: list[bytes]) -> bool:
        """Whether marks that belong to two rows may hold the record together."""
        separator = self.grammar.separator
        # A ditto mark swallows the separators beside it; texts neither begin nor end with one.
        for value in fields:
            if _LINE_END.search(value) and separator in (value[:1], value[-1:]):
                return True
        enough = -(-self.width * _COULD_BE_A_ROW // 1)
        counts = [
            max(line.count(separator) + 1, len(self.grammar.fields_alone(line))) for line in lines
        ]
        return sum(count >= enough for count in counts) > 1

    def _stray(self, block: bytes, at: int) -> tuple[bytes, int]:
        """The line at which a record begins whose marks mean nothing."""
        found = _LINE_END.search(block, at)
        end = found.start() if found else len(block)
        line = block[at:end]
        self._unsettled = True
        fields = line.split(self.grammar.separator)
        if len(fields) == self.width:
            values = [_unmarked(value) for value in fields]
            if None not in values:  # marks inside values: all readings agree
                return self.grammar.written([value or b"" for value in values]), end
        elif not self._is_closed(line) and len(self.grammar.fields_alone(line)) != self.width:
            raise _cannot_be_told_apart()
        return self._stand_in(STRAY_QUOTE), end

    def _is_closed(self, line: bytes) -> bool:
        """Whether marks are misplaced, but in pairs that leave no value open at the line's end."""
        try:
            self.grammar.record(line)
        except _BrokenError as broken:
            return not broken.is_open and line.count(b'"') % 2 == 0
        return False

    def _stand_in(self, rule: str) -> bytes:
        # A row of one field would be no ragged one where the header has one.
        more = self.grammar.separator if self.width == 1 else b""
        return _STAND_INS[rule] + b"\x1b" + more + b"\n"


def _unmarked(value: bytes) -> bytes | None:
    """A value without the marks around it; None when one of the two is missing."""
    trimmed = value.strip(b" ")
    if not trimmed.startswith(b'"'):
        return value
    return trimmed[1:-1] if len(trimmed) > 1 and trimmed.endswith(b'"') else None


def _has_controls(codes: _Codes) -> bool:
    """Whether a character below the blank is neither a line end nor a tab."""
    low = np.count_nonzero(codes < ord(" ")) - np.count_nonzero(codes == _NEW_LINE)
    return bool(low and low > np.count_nonzero((codes == _RETURN) | (codes == ord("\t"))))


def _cannot_be_told_apart() -> RefusedFileError:
    return RefusedFileError(
        "quotes_unbalanced",
        "quotation marks do not balance and the rows cannot be distinguished: write a mark inside "
        "a value twice, and the value between marks",
    )
