"""What a synthetic landing holds, and what must become of it.

``synthetic-manifest.csv`` in the landing root (no source reads that place) has one row for every
file or record that is not simply accepted as it stands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from naome_assets.synthetic.defects import NAMED

FILE_NAME: Final = "synthetic-manifest.csv"


class ManifestRow(NamedTuple):
    """One defect, or one superseded record.

    Attributes:
        file: Path relative to the landing folder, ``archive.zip!member`` for a member.
        position: 1-based number of the record or data row; 0 for the file as a whole.
        defect: Its name in the table of defects, or ``resubmitted_unchanged`` and
            ``resubmitted_changed``.
        expected: error, warning, rejected, superseded or normalised.
        rule: The quarantine rule that must name it, empty where none does.
    """

    file: str
    position: int
    defect: str
    expected: str
    rule: str

    @classmethod
    def of(cls, file: str, position: int, defect: str) -> ManifestRow:
        """The row of a defect of the table."""
        kind = NAMED[defect]
        return cls(file, position, defect, kind.expected, kind.rule)


class Sent(NamedTuple):
    """A record or row that another with the same key may supersede.

    Attributes:
        key: The event (or treatment list, registration, administration) it tells of.
        order: The greatest of a key stands; equal orders are together.
        file: Where it is.
        position: Where it is in the file.
        content: Checksum of what it says.
    """

    key: tuple[Any, ...]
    order: tuple[Any, ...]
    file: str
    position: int
    content: int


@dataclass
class Written:
    """What one unit of work wrote."""

    files: list[str] = field(default_factory=list)
    size: int = 0
    records: int = 0
    rows: list[ManifestRow] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)


@dataclass(frozen=True)
class Manifest:
    """The whole landing.

    Attributes:
        files: Paths of the files written, relative to the landing folder, in byte order.
        size: Bytes written.
        records: COSD records of all tumour groups, and CSV data rows.
        rows: Defects and superseded records, by file and position.
    """

    files: list[str]
    size: int
    records: int
    rows: list[ManifestRow]

    @classmethod
    def of(cls, parts: Iterable[Written]) -> Manifest:
        """Put together what all units wrote; the order of the parts does not matter."""
        parts = list(parts)
        rows = [row for part in parts for row in part.rows]
        listed = {(row.file, row.position) for row in rows if row.expected == "superseded"}
        rows += [
            row
            for row in _superseded([sent for part in parts for sent in part.sent])
            if (row.file, row.position) not in listed
        ]
        return cls(
            files=sorted((file for part in parts for file in part.files), key=str.encode),
            size=sum(part.size for part in parts),
            records=sum(part.records for part in parts),
            rows=sorted(set(rows)),
        )

    def write(self, landing: Path) -> None:
        """Write ``synthetic-manifest.csv`` into the landing root."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(ManifestRow._fields)
        writer.writerows(self.rows)
        (landing / FILE_NAME).write_text(text.getvalue(), encoding="utf-8", newline="")


def _superseded(sent: list[Sent]) -> list[ManifestRow]:
    latest: dict[tuple[Any, ...], Sent] = {}
    for one in sent:
        if one.key not in latest or latest[one.key].order < one.order:
            latest[one.key] = one
    rows = []
    for one in sent:
        winner = latest[one.key]
        if one.order < winner.order:
            change = "unchanged" if one.content == winner.content else "changed"
            rows.append(
                ManifestRow(one.file, one.position, f"resubmitted_{change}", "superseded", "")
            )
    return rows
