"""Record elements of an XML file of any size, in bounded memory: COSD, COSD Pathology and SACT.

Fast way: the file is cut at record ends, each piece is parsed inside the root's own start tag, and
the trees of other tumour groups are dropped at once. A cut inside a comment or CDATA section, or a
malformed piece, fails to parse; then the exact way reads the whole file again with a streaming
parser, which alone decides whether the file is well-formed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from lxml import etree

from naome_assets.sources.bytes_in import Member, utf8_chunks
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.rows import RowBuffer

#: No record of the standard comes near; a bound so that one never fills the memory.
LARGEST_RECORD = 4 << 20
#: Everything before the root element must fit into this.
_LONGEST_PROLOG = 1 << 16
_LONGEST_END_TAG = 80

_SAFE: dict[str, Any] = {
    # The bytes are in UTF-8 by now, whatever the declaration says.
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    # Indentation between elements; never the blanks inside a value.
    "remove_blank_text": True,
    "collect_ids": False,
}
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_START_TAG = re.compile(rb"<(?P<name>[^\s<>/!?&]+)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
_RECORD_END = b"Record>"


#: The namespace of every message of the NHS begins so; the message's name and version follow.
_NHS_MESSAGES = "http://www.datadictionary.nhs.uk/messages/"


class NotCleanlyCutError(Exception):
    """A piece did not parse: take the exact way."""


@dataclass(frozen=True)
class Root:
    """The root element's start tag.

    Attributes:
        prolog: what is before it.
        tag: its bytes, with all namespaces.
        end: the end tag that matches.
        name: local name.
        namespace: its namespace, empty when it has none.
    """

    prolog: bytes
    tag: bytes
    end: bytes
    name: str
    namespace: str

    @property
    def message(self) -> str:
        """The message that the namespace names, such as ``COSD-v9-0-1``.

        Raises:
            RefusedFileError: when the namespace is not the NHS's own: its owner says what the file
                means.
        """
        namespace = self.namespace.strip()
        if not namespace.lower().startswith(_NHS_MESSAGES):
            raise RefusedFileError(
                "foreign_namespace",
                f"the root element is in no namespace of the NHS ({_NHS_MESSAGES}...)",
            )
        return namespace[len(_NHS_MESSAGES) :]


Children = Iterator[etree._Element]
Result = TypeVar("Result")


def read_document(
    member: Member, rows: RowBuffer, read: Callable[[Root, Children], Result]
) -> Result:
    """What a reader makes of a file: the fast way, and all over again the exact way if need be.

    Args:
        member: the file.
        rows: what the reader fills; emptied before it reads again.
        read: reads the children of the root.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    chunks = utf8_chunks(member)
    root, rest = read_root(chunks)
    try:
        return read(root, fast_children(root, rest, chunks))
    except NotCleanlyCutError:
        rows.drop()
    chunks = utf8_chunks(member)
    root, rest = read_root(chunks)
    return read(root, exact_children(root, rest, chunks))


def read_root(chunks: Iterator[bytes]) -> tuple[Root, bytes]:
    """The root's start tag, and what was read beyond it.

    Raises:
        RefusedFileError: when there is none, or a document type is before it.
    """
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _LONGEST_PROLOG:
            break
    prolog = _PROLOG.match(head)
    start = prolog.end() if prolog else 0
    if head[start : start + 9].upper() == b"<!DOCTYPE":
        raise RefusedFileError("doctype", "the file has a document type declaration")
    match = _START_TAG.match(head, start)
    if match is None:
        raise RefusedFileError("not_xml", "the file does not begin with an XML element")
    tag = match[0]
    if tag.endswith(b"/>"):
        raise RefusedFileError("empty_file", "the root element is empty")
    end = b"</" + match["name"] + b">"
    try:
        element = etree.fromstring(tag + end, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError:
        raise RefusedFileError("malformed", "the root element is not well-formed XML") from None
    name = etree.QName(element)
    return Root(head[:start], tag, end, name.localname, name.namespace or ""), head[match.end() :]


def fast_children(root: Root, rest: bytes, chunks: Iterator[bytes]) -> Children:
    """Children of the root, piece by piece.

    Raises:
        NotCleanlyCutError: when a piece does not parse; rows made so far do not count.
    """
    parser = etree.XMLParser(**_SAFE)
    start = root.prolog + root.tag
    pending = rest
    for chunk in chunks:
        searched = len(pending) - _LONGEST_END_TAG
        pending += chunk
        cut = _last_record_end(pending, max(searched, 0))
        if cut:
            yield from _parse(start + pending[:cut] + root.end, parser)
            pending = pending[cut:]
            start = root.tag
        elif len(pending) > LARGEST_RECORD:
            raise RefusedFileError("record_too_large", "a record is larger than 4 MB")
    # The last piece holds the root's own end tag.
    yield from _parse(start + pending, parser)


def exact_children(root: Root, rest: bytes, chunks: Iterator[bytes]) -> Children:
    """Children of the root by a streaming parser over the whole file.

    Raises:
        RefusedFileError: when the file is not well-formed.
    """
    stream = _Stream(root.prolog + root.tag + rest, chunks)
    depth = 0
    try:
        for event, element in etree.iterparse(stream, events=("start", "end"), **_SAFE):
            if event == "start":
                depth += 1
                continue
            depth -= 1
            if depth == 1:
                stream.begin_record()
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError as error:
        line, column = error.position if error.position else (0, 0)
        raise RefusedFileError(
            "malformed", f"the XML is not well-formed at line {line}, column {column}"
        ) from None


def _parse(piece: bytes, parser: etree.XMLParser) -> Children:
    try:
        return iter(etree.fromstring(piece, parser))
    except etree.XMLSyntaxError:
        raise NotCleanlyCutError from None


def _last_record_end(data: bytes, start: int) -> int:
    """Position after the last ``</...Record>`` beyond a position, 0 when there is none."""
    end = len(data)
    while (found := data.rfind(_RECORD_END, start, end)) >= 0:
        opening = data.rfind(b"<", max(found - _LONGEST_END_TAG, start), found)
        if opening >= 0 and data[opening + 1 : opening + 2] == b"/":
            return found + len(_RECORD_END)
        end = found
    return 0


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file to read from, with a bound for one record."""

    def __init__(self, head: bytes, chunks: Iterator[bytes]) -> None:
        self._pending = head
        self._chunks = chunks
        self._in_record = 0

    def begin_record(self) -> None:
        """One record was parsed; its size counts from here."""
        self._in_record = 0

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none at the end."""
        while not self._pending:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._pending = chunk
        if self._in_record > LARGEST_RECORD:
            raise RefusedFileError("record_too_large", "a record is larger than 4 MB")
        size = len(self._pending) if size < 0 else min(size, len(self._pending))
        self._in_record += size
        piece, self._pending = self._pending[:size], self._pending[size:]
        return piece
