"""The landing folder: which files belong to which quarter.

The folder decides the quarter, never the content (ruling B14); COSD and COSD Pathology are told
apart by their content. ``.gz`` and ``.zip`` are read alike.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from naome_assets.quarters import Quarter
from naome_assets.sources.catalogue import SOURCES
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.source import Source


@dataclass(frozen=True)
class LandingFile:
    """A file that landed.

    Attributes:
        path: where it is.
        name: path relative to the landing folder, with ``/``, of this file alone; bytes that are no
            UTF-8 are escaped. As it lies there: ``names.shown_path`` makes it fit to be stored.
        source: name of the source whose reader takes it (``catalogue``), else ``unknown``.
        quarter: ``2024-Q1``, by its folder.
        folder: the month or quarter folder, as named.
        provider: provider folder (COSD, pathology), health board of the name (Wales), else None.
        size: bytes on disk.
        refusal: why no reader takes it, else None.
    """

    path: Path
    name: str
    source: str
    quarter: str
    folder: str
    provider: str | None
    size: int
    refusal: RefusedFileError | None = None


def discover(landing: Path, quarter: Quarter) -> list[LandingFile]:
    """Files of a quarter, in order of their names. Links that lead outside are not followed."""
    root = landing.resolve()
    sources = [source for source in SOURCES if source.has_quarter]
    return sorted(_files(root, sources, quarter), key=lambda file: file.name.encode())


def lists(landing: Path, quarters: Sequence[Quarter]) -> list[LandingFile]:
    """Files of no quarter, such as newer lists of organisations; every run reads them."""
    root = landing.resolve()
    sources = [source for source in SOURCES if not source.has_quarter]
    found = [replace(file, folder="") for file in _files(root, sources, max(quarters))]
    return sorted(found, key=lambda file: file.name.encode())


def strays(landing: Path, quarters: Sequence[Quarter], read: Collection[str]) -> list[LandingFile]:
    """Everything else that lies in the landing folder, so that no file goes unmentioned.

    A file whose folders name a month, a day or a quarter belongs to that quarter, and is told when
    that quarter is run. One without belongs to no quarter: it has an empty ``folder`` and is told
    with the last quarter of each run. Not told: hidden files, what operating systems and transfers
    leave behind, and what the generator tells of its
    files.

    Args:
        landing: the landing folder.
        quarters: those that are run.
        read: names of the files that readers take.
    """
    root = landing.resolve()
    found: list[LandingFile] = []
    for path in _entries(root):
        name = _name(root, path)
        if name in read or _is_shadow(path.name) or name in _TRUTH:
            continue
        folder, quarter = _quarter_by_folder(path.relative_to(root).parts)
        if quarter is None:
            quarter = max(quarters)
        elif quarter not in quarters:
            continue
        try:
            size = path.lstat().st_size
        except OSError:
            continue  # Gone since: a file that was being moved.
        refusal = _refusal(root, path, folder)
        found.append(LandingFile(path, name, "unknown", str(quarter), folder, None, size, refusal))
    return sorted(found, key=lambda file: file.name.encode())


def _entries(root: Path) -> Iterator[Path]:
    """Every file, every link, and every folder that cannot be looked into."""
    closed: list[Path] = []

    def note(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            closed.append(Path(error.filename))

    for folder, folders, files in os.walk(root, onerror=note):
        if not os.access(folder, os.X_OK):
            # Its names can be read, and nothing behind them.
            closed.append(Path(folder))
            folders.clear()
            continue
        folders[:] = [name for name in folders if not _is_shadow(name)]
        yield from (Path(folder, name) for name in files)
        for name in folders:
            link = Path(folder, name)
            # A link to a folder inside: what it holds is told where it lies.
            if link.is_symlink() and not _is_inside(root, link):
                yield link
    yield from (path for path in closed if path != root)


def _is_shadow(name: str) -> bool:
    lower = name.lower()
    return (
        lower.startswith((".", "~$"))
        or lower in ("thumbs.db", "desktop.ini", "__macosx")
        or lower.endswith((".part", ".partial", ".tmp", ".filepart", ".crdownload"))
    )


_MANIFEST = "synthetic-manifest.csv"
#: What the generator writes beside its files.
_TRUTH = (_MANIFEST, "synthetic-hospital-truth.csv")


def is_generated(landing: Path) -> bool:
    """Whether the landing folder holds generated submissions: those have a manifest beside them."""
    return (landing / _MANIFEST).is_file()


def _quarter_by_folder(parts: Sequence[str]) -> tuple[str, Quarter | None]:
    """The first folder that names a month, day, quarter or year, and its quarter."""
    for part in parts[:-1]:
        for reading in (Quarter.of_month, Quarter.parse, _quarter_of_day, Quarter.of_nhs_year):
            try:
                return part, reading(part)
            except ValueError:
                continue
    return "", None


def _quarter_of_day(text: str) -> Quarter:
    return Quarter.of_date(dt.date.fromisoformat(text))


def _refusal(root: Path, path: Path, folder: str) -> RefusedFileError:
    if not _is_inside(root, path):
        return RefusedFileError(
            "link_outside", "a link that leads out of the landing folder, or nowhere: send the file"
        )
    if not path.is_file():
        if path.is_dir():
            return RefusedFileError(
                "closed_folder",
                "nothing in this folder was read: give the account that runs naome the right to "
                "look into it",
            )
        return RefusedFileError("not_a_file", "no regular file: remove it")
    if path.name.lower().endswith((".xml", ".csv", ".xml.gz", ".csv.gz", ".zip")):
        where = (
            "move it to the folder of its source and month" if folder else "no month in its path"
        )
        return RefusedFileError(
            "unknown_place", f"no reader takes a file of this name in this folder: {where}"
        )
    return RefusedFileError("unknown_kind", "no reader takes files with this ending: remove it")


def _is_inside(root: Path, path: Path) -> bool:
    # Path.resolve raises on links that go in circles; this does not.
    real = Path(os.path.realpath(path))
    return real.is_relative_to(root) and os.path.lexists(real) and not real.is_symlink()


def _files(root: Path, sources: Sequence[Source], quarter: Quarter) -> Iterator[LandingFile]:
    """Files of these sources; those with other names are passed over."""
    for source in sources:
        for pattern in source.folders(quarter.months, str(quarter)):
            for folder in _folders(root, pattern):
                for path in _regular_files(root, folder, source.landing_endings):
                    if source.takes(path.name):
                        yield _landing_file(root, path, source, quarter)


def _folders(parent: Path, pattern: str) -> list[Path]:
    try:
        return sorted(parent.glob(pattern))
    except OSError:
        return []  # Told by ``strays``.


def _regular_files(root: Path, folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    try:
        if not folder.is_dir() or not _is_inside(root, folder):
            return
        paths = sorted(folder.iterdir())
    except OSError:
        return  # Told by ``strays``.
    for path in paths:
        if (
            path.name.lower().endswith(endings)
            and not _is_shadow(path.name)
            and _is_inside(root, path)
            and path.is_file()
        ):
            yield path


def _landing_file(root: Path, path: Path, source: Source, quarter: Quarter) -> LandingFile:
    provider = source.provider(path)
    return LandingFile(
        path=path,
        name=_name(root, path),
        source=source.name,
        quarter=str(quarter),
        folder=path.parent.name,
        provider=_readable(provider).upper() if provider else None,
        size=_size(path),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # Gone since: the reader tells.


def _name(root: Path, path: Path) -> str:
    """The path relative to the landing folder, by which no other file goes.

    Two could come out alike: a file named as a member of the archive beside it (``x.zip!a.csv``),
    and bytes that are no UTF-8 beside a name that spells their escapes. Such a part of the path
    gets a mark of its own behind it, ``x.zip!a.csv~kdmfhpba``.
    """
    parts: list[str] = []
    folder = root
    for part in path.relative_to(root).parts:
        shown = _readable(part)
        parts.append(f"{shown}~{_mark(part)}" if _is_taken(folder, part, shown) else shown)
        folder /= part
    return "/".join(parts)


def _is_taken(folder: Path, part: str, shown: str) -> bool:
    """Whether another file, or a member of an archive, can come out under this name."""
    if shown != part and ("\\" in part or os.path.lexists(folder / shown)):
        return True
    archive, mark, _ = part.lower().partition(".zip!")
    return bool(mark) and os.path.isfile(folder / part[: len(archive) + len(".zip")])  # noqa: PTH113 - never raises


def _mark(part: str) -> str:
    """Eight letters of the name's digest; no secret, as a name with an identifier is withheld."""
    digest = hashlib.sha256(os.fsencode(part)).digest()[:8]
    return "".join(chr(ord("a") + byte % 26) for byte in digest)


def _readable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
