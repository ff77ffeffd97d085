"""Files as streams of bytes: plain, gzip or zip, in UTF-8 whatever they were written in.

Nothing is unpacked to disk. Archives are bounded in members, size and ratio.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import itertools
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from naome_assets.sources.errors import RefusedFileError

#: Measured: pieces of a few records stay in the processor's cache while they are parsed.
CHUNK = 1 << 16
#: Far above any real submission (a national year of hospital episodes has some 20 GB).
LARGEST_UNPACKED = 64 << 30
_MOST_MEMBERS = 1000
#: COSD packs about 30 to 1, a bomb 1000 to 1. Below the free size the ratio does not matter.
_HIGHEST_RATIO = 250
_FREE_SIZE = 4 << 20
_ARCHIVES = (".zip", ".gz", ".7z", ".bz2", ".xz", ".tar", ".tgz", ".rar")

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""
        ...


@dataclass(frozen=True)
class Member:
    """Something to read: a file, or a member of a zip archive.

    Attributes:
        name: added to the file's name, ``!member``; empty for a file itself.
        size: bytes as stored (member: unpacked).
        open: opens it for reading.
        packed: bytes that it takes packed; None when it is not.
        refusal: why no reader takes it, else None.
    """

    name: str
    size: int
    open: Callable[[], AbstractContextManager[Readable]]
    packed: int | None = None
    refusal: RefusedFileError | None = None


def members(path: Path, endings: tuple[str, ...]) -> Iterator[Member]:
    """What a file holds: itself, unpacked when gzip, or the members of a zip in their order.

    Raises:
        RefusedFileError: when an archive is broken or hostile.
    """
    name = path.name.lower()
    size = path.stat().st_size
    if name.endswith(".gz"):
        yield Member("", size, partial(gzip.GzipFile, path), packed=size)
    elif name.endswith(".zip"):
        yield from _zip_members(path, endings)
    else:
        yield Member("", size, partial(io.FileIO, path))


_NOT_TAKEN = "no reader takes members with this ending: leave it out of the archive"


def _zip_members(path: Path, endings: tuple[str, ...]) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise RefusedFileError("archive_broken", "the zip archive cannot be read") from error
    with archive:
        # Apple's archiver adds a shadow of each file, which is no submission.
        inside = [
            info
            for info in archive.infolist()
            if not info.is_dir() and not info.filename.startswith("__MACOSX/")
        ]
        if len(inside) > _MOST_MEMBERS:
            raise RefusedFileError("archive_hostile", "the zip archive has too many members")
        if any(info.filename.lower().endswith(_ARCHIVES) for info in inside):
            raise RefusedFileError("archive_nested", "the zip archive holds another archive")
        if any(info.flag_bits & 1 for info in inside):
            raise RefusedFileError("archive_encrypted", "the zip archive has a password")
        wanted = [info for info in inside if info.filename.lower().endswith(endings)]
        if len({info.filename for info in inside}) < len(inside):
            raise RefusedFileError("archive_hostile", "two members of the archive have one name")
        if not wanted:
            return  # Told of the archive as a whole.
        for info in inside:
            is_wanted = info.filename.lower().endswith(endings)
            if not is_wanted and info.filename.rpartition("/")[2].startswith("."):
                continue
            yield Member(
                f"!{info.filename}",
                info.file_size,
                partial(archive.open, info),
                packed=info.compress_size,
                refusal=None if is_wanted else RefusedFileError("unknown_kind", _NOT_TAKEN),
            )


def sha256(path: Path, member: Member) -> str:
    """SHA-256 of the file's bytes; of the member's for a zip (ruling F14)."""
    if not member.name:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for chunk in _chunks(member):
        digest.update(chunk)
    return digest.hexdigest()


def utf8_chunks(member: Member) -> Iterator[bytes]:
    """The content in UTF-8 without a byte-order mark, in pieces.

    The encoding is told by the byte-order mark, else by the XML declaration, else it is UTF-8.

    Raises:
        RefusedFileError: when the content is not in that encoding, or cannot be unpacked.
    """
    try:
        yield from _transcoded(_chunks(member))
    except UnicodeError as error:
        encoding = getattr(error, "encoding", "utf-16")
        message = f"the file is not in its encoding ({encoding})"
        raise RefusedFileError("encoding", message) from None


def _chunks(member: Member) -> Iterator[bytes]:
    """Pieces as unpacked; the bounds hold whatever an archive says of itself."""
    bound = LARGEST_UNPACKED
    if member.packed is not None:
        bound = min(bound, _FREE_SIZE + _HIGHEST_RATIO * member.packed)
    total = 0
    try:
        with member.open() as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > bound:
                    raise RefusedFileError("archive_hostile", "the file unpacks to far too much")
                yield chunk
    except OSError as error:
        if member.packed is None:
            raise
        raise RefusedFileError("archive_broken", "the compressed file is damaged") from error
    except (
        EOFError,
        NotImplementedError,
        lzma.LZMAError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise RefusedFileError("archive_broken", "the compressed file is damaged") from error


def _transcoded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    encoding = _encoding(first)
    if encoding == "utf-8":
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in itertools.chain([first], chunks):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _encoding(head: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    declared = _DECLARED.match(head)
    name = declared[1].decode() if declared else "utf-8"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if codec not in _ENCODINGS:
        raise RefusedFileError("encoding", "the encoding that the file declares is not accepted")
    return _ENCODINGS[codec]


#: Encodings that a file can declare, and what they are read as. One that declares UTF-16 in single
#: bytes is not in UTF-16 (writers of texts in memory leave that word behind).
_ENCODINGS = {
    "utf-8": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-8",
    "iso8859-1": "iso8859-1",
    "iso8859-15": "iso8859-15",
    "cp1252": "cp1252",
}
