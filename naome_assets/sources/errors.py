"""Why a whole file is refused, or some of its rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

#: What is wrong with a row that a reader refuses, for a data manager; no values.
_ROW_RULES = {
    "ragged_row": "The row has more or fewer fields than the header.",
    "stray_quote": "A quotation mark in the row is not closed, or stands where none can be.",
    "control_character": "A value that is read holds a line break, a NUL or another control "
    "character.",
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


@dataclass
class RowFaults:
    """Rows that a reader refused, by rule; few bytes a row, because a file can be full of them."""

    _positions: dict[str, array[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self._positions.values()))

    def add(self, rule: str, positions: Iterable[int]) -> None:
        """Rows at these positions break a rule."""
        self._positions.setdefault(rule, array("q")).extend(positions)

    def tables(self, file: str, quarter: str) -> Iterator[pa.Table]:
        """Rows of ``submission_fault``."""
        for rule, positions in self._positions.items():
            for start in range(0, len(positions), _AT_ONCE):
                told = positions[start : start + _AT_ONCE]
                alike = {
                    "file": file,
                    "quarter": quarter,
                    "rule": rule,
                    "severity": "error",
                    "message": _ROW_RULES[rule],
                }
                columns = {name: pa.repeat(value, len(told)) for name, value in alike.items()}
                yield pa.table(columns | {"position": pa.array(told, pa.int32())})
