"""Where in the output folder a publication stands, and whether it is as it was written."""

from __future__ import annotations

import hashlib
from pathlib import Path

REPORT = Path("report") / "index.html"
WORKBOOK = Path("workbook.xlsx")
CSV = Path("csv")
HEADLINE = Path("headline.md")

PIECES = (REPORT.parent, WORKBOOK, CSV, HEADLINE)
STORE = Path(".publications")
CURRENT = STORE / "current"


def is_of_readers(folder: Path) -> bool:
    """Whether a folder is one that a publication was written to, or is inside one."""
    place = folder.resolve()
    return any((own / STORE).is_dir() for own in (place, *place.parents))


def files_of(output: Path) -> list[Path]:
    """Every file of the publication that stands, by the path that readers use."""
    current = output / CURRENT
    return [
        output / path.relative_to(current) for path in sorted(current.rglob("*")) if path.is_file()
    ]


def state_of(output: Path) -> str:
    """What the file system says of the publication that stands; empty where none is whole.

    Changes when a file of it is written to, goes or comes, or when another publication stands.
    """
    current = output / CURRENT
    if not all((output / piece).exists() for piece in PIECES) or not current.is_symlink():
        return ""
    told = [str(current.readlink())]
    for path in sorted(current.rglob("*")):
        state = path.stat()
        told.append(f"{path.relative_to(current)} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()
