"""Files as streams of bytes: plain, gzip or zip, in UTF-8 whatever they were written in.

Nothing is unpacked to disk. Archives are bounded in members, size and ratio.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from naome_assets.sources.errors import RefusedFileError

CHUNK = 1 << 20
#: Far above any real submission (a national year of one provider is under 2 GB).
LARGEST_UNPACKED = 16 << 30
_MOST_MEMBERS = 1000
_HIGHEST_RATIO = 400

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


@dataclass(frozen=True)
class Member:
    """Something to read: a file, or a member of a zip archive.

    Attributes:
        name: added to the file's name, ``!member``; empty for a file itself.
        size: bytes as stored (member: unpacked).
        open: opens it for reading.
    """

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def members(path: Path, endings: tuple[str, ...]) -> Iterator[Member]:
    """What a file holds: itself, unpacked when gzip, or the members of a zip in their order.

    Raises:
        RefusedFileError: when an archive is broken or hostile.
    """
    name = path.name.lower()
    if not name.endswith(".zip"):
        opener = gzip.open if name.endswith(".gz") else open
        yield Member("", path.stat().st_size, lambda: opener(path, "rb"))  # type: ignore[operator,return-value]
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise RefusedFileError("archive_broken", "the zip archive cannot be read") from error
    with archive:
        inside = [info for info in archive.infolist() if not info.is_dir()]
        if len(inside) > _MOST_MEMBERS:
            raise RefusedFileError("archive_hostile", "the zip archive has too many members")
        for info in inside:
            if not info.filename.lower().endswith(endings):
                continue
            if info.file_size > max(info.compress_size, 1) * _HIGHEST_RATIO:
                raise RefusedFileError(
                    "archive_hostile", "a member of the zip archive unpacks to far too much"
                )
            if info.flag_bits & 1:
                raise RefusedFileError("archive_encrypted", "the zip archive has a password")
            yield Member(f"!{info.filename}", info.file_size, lambda info=info: archive.open(info))


def sha256(path: Path, member: Member) -> str:
    """SHA-256 of the file's bytes; of the member's for a zip (ruling F14)."""
    digest = hashlib.sha256()
    with member.open() if member.name else path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def utf8_chunks(member: Member) -> Iterator[bytes]:
    """The content in UTF-8 without a byte-order mark, in pieces.

    The encoding is told by the byte-order mark, else by the XML declaration, else it is UTF-8.

    Raises:
        RefusedFileError: when the content is not in that encoding, or cannot be unpacked.
    """
    try:
        with member.open() as file:
            yield from _transcoded(file)
    except UnicodeDecodeError as error:
        raise RefusedFileError(
            "encoding", f"the file is not in its encoding ({error.encoding})"
        ) from None
    except (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile) as error:
        raise RefusedFileError("archive_broken", "the compressed file is damaged") from error


def _transcoded(file: IO[bytes]) -> Iterator[bytes]:
    chunk = file.read(CHUNK).removeprefix(codecs.BOM_UTF8)
    encoding = _encoding(chunk)
    total = 0
    decode = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)()
    is_first = True
    while chunk:
        total += len(chunk)
        if total > LARGEST_UNPACKED:
            raise RefusedFileError("file_too_large", "the file unpacks to more than 16 GiB")
        if decode is None:
            yield chunk
        else:
            text = decode.decode(chunk)
            # Only the first piece can hold the declaration, which no longer holds.
            yield (_without_declaration(text) if is_first else text).encode()
        is_first = False
        chunk = file.read(CHUNK)
    if decode is not None:
        yield decode.decode(b"", final=True).encode()


def _encoding(head: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    declared = _DECLARED.match(head)
    name = declared[1].decode() if declared else "utf-8"
    try:
        codec = codecs.lookup(name)
    except LookupError:
        raise RefusedFileError("encoding", f"the encoding '{name}' is not known") from None
    if codec.name not in _ENCODINGS:
        raise RefusedFileError("encoding", f"the encoding '{name}' is not accepted")
    return "utf-8" if codec.name in ("utf-8", "ascii") else codec.name


_ENCODINGS = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"})


def _without_declaration(text: str) -> str:
    stripped = text.lstrip()
    if stripped.startswith("<?xml") and (end := stripped.find("?>")) >= 0:
        return stripped[end + 2 :]
    return text
