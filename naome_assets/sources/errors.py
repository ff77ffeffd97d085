"""Why a whole file is refused, or some of its rows, and what is told of rows that are kept."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import pyarrow as pa

#: What is wrong with a row, or with an item of it, for a data manager; no values.
_ROW_RULES = {
    "ragged_row": "The row has more or fewer fields than the header.",
    "stray_quote": "A quotation mark in the row is not closed, or is where none can be.",
    "control_character": "A value that is read holds a line break, a NUL or another control "
    "character.",
    "extract_created_unreadable": "The row's extract_created cannot be read as a moment.",
    "not_a_code": "What is there can be no value of its item and is not kept.",
    "digits_lost": "A spreadsheet has cut the number to a power: it is taken as not given.",
}
#: Rows told at once.
_AT_ONCE = 20_000


class RefusedFileError(Exception):
    """The file cannot be read as what it should be; none of its records counts (ruling B20).

    Attributes:
        rule: name of the rule broken.
        message: what is wrong, for a data manager, without any content of the file.
    """

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


class _Fault(NamedTuple):
    """What is alike in many rows of ``submission_fault``."""

    rule: str
    severity: Literal["error", "warning"]
    item: str | None


@dataclass
class RowFaults:
    """What is wrong with rows of a file; few bytes a row, because a file can be full of them."""

    _faults: dict[_Fault, int] = field(default_factory=dict)
    _positions: array[int] = field(default_factory=lambda: array("q"))
    _of: array[int] = field(default_factory=lambda: array("q"))
    _refused: int = 0

    def __len__(self) -> int:
        """How many rows are refused."""
        return self._refused

    def refuse(self, rule: str, positions: Sequence[int]) -> None:
        """Rows at these positions break a rule and are no rows of a table."""
        self._refused += len(positions)
        self._add(_Fault(rule, "error", None), positions)

    def warn(self, rule: str, positions: Sequence[int], item: str) -> None:
        """An item of the rows at these positions breaks a rule; the rows are kept."""
        self._add(_Fault(rule, "warning", item), positions)

    def tables(self, file: str, quarter: str) -> Iterator[pa.Table]:
        """Rows of ``submission_fault``."""
        told = pa.table(
            {
                "rule": [fault.rule for fault in self._faults],
                "severity": [fault.severity for fault in self._faults],
                "message": [_ROW_RULES[fault.rule] for fault in self._faults],
                "item": pa.array([fault.item for fault in self._faults], pa.string()),
            }
        )
        for start in range(0, len(self._positions), _AT_ONCE):
            positions = self._positions[start : start + _AT_ONCE]
            rows = told.take(pa.array(self._of[start : start + _AT_ONCE]))
            where = {
                "file": pa.repeat(file, len(positions)),
                "quarter": pa.repeat(quarter, len(positions)),
                "position": pa.array(positions, pa.int32()),
            }
            for name, column in where.items():
                rows = rows.append_column(name, column)
            yield rows

    def _add(self, fault: _Fault, positions: Sequence[int]) -> None:
        number = self._faults.setdefault(fault, len(self._faults))
        self._positions.extend(int(position) for position in positions)
        self._of.extend(itertools.repeat(number, len(positions)))
