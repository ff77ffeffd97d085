"""Whether every row of a written CSV file has as many cells as its heading.

Validators of CSV on the Web pass a row with cells too few or too many, so naome counts them itself.
"""

from __future__ import annotations

import csv
from pathlib import Path


class RaggedRowError(Exception):
    """A CSV file about to be published is not the table that it was made from."""


def require_whole_rows(path: Path, table: str, rows: int) -> None:
    """Read a file as its readers do and count.

    Args:
        path: A CSV file with one line of heading.
        table: What the error calls it.
        rows: How many rows it must have, besides the heading.

    Raises:
        RaggedRowError: with the number of the first row that is wrong, and never its content.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            cells, found = len(next(lines, ())), 0
            for found, row in enumerate(lines, start=1):
                if len(row) != cells:
                    raise RaggedRowError(
                        f"{table}.csv: row {found} has {len(row)} cells, the heading {cells}"
                    )
        except csv.Error as problem:
            raise RaggedRowError(f"{table}.csv: after row {found} it is no CSV") from problem
    if found != rows:
        raise RaggedRowError(f"{table}.csv: {found} rows, {rows} in the table")
