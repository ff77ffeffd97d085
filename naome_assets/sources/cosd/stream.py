"""Record elements of a COSD file of any size, in bounded memory.

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

from lxml import etree

from naome_assets.sources.errors import RefusedFileError

#: No record of the standard comes near; a bound so that one never fills the memory.
LARGEST_RECORD = 64 << 20
#: Everything before the root element must fit into this.
_LONGEST_PROLOG = 1 << 16

_SAFE: dict[str, bool] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_START_TAG = re.compile(rb"<(?P<name>[^\s<>/!?&]+)(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
_RECORD_END = b"Record>"


class NotCleanlyCutError(Exception):
    """A piece did not parse: take the exact way."""


@dataclass(frozen=True)
class Root:
    """The root element's start tag.

    Attributes:
        tag: its bytes, with all namespaces.
        end: the end tag that matches.
        name: local name.
        namespace: its namespace, empty when it has none.
    """

    tag: bytes
    end: bytes
    name: str
    namespace: str


Chunks = Callable[[], Iterator[bytes]]
Children = Iterator[etree._Element]


def read_root(chunks: Iterator[bytes]) -> tuple[Root, bytes]:
    """The root's start tag, and what was read beyond it.

    Raises:
        RefusedFileError: when there is none, or a document type stands before it.
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
    return Root(tag, end, name.localname, name.namespace or ""), head[match.end() :]


def fast_children(root: Root, rest: bytes, chunks: Iterator[bytes]) -> Children:
    """Children of the root, piece by piece.

    Raises:
        NotCleanlyCutError: when a piece does not parse; rows made so far do not count.
    """
    parser = etree.XMLParser(**_SAFE, collect_ids=False)
    pending = rest
    for chunk in chunks:
        pending += chunk
        cut = _last_record_end(pending)
        if cut:
            yield from _parse(root.tag + pending[:cut] + root.end, parser)
            pending = pending[cut:]
        elif len(pending) > LARGEST_RECORD:
            raise RefusedFileError("record_too_large", "a record is larger than 64 MB")
    # The last piece holds the root's own end tag.
    yield from _parse(root.tag + pending, parser)


def exact_children(root: Root, rest: bytes, chunks: Iterator[bytes]) -> Children:
    """Children of the root by a streaming parser over the whole file.

    Raises:
        RefusedFileError: when the file is not well-formed.
    """
    depth = 0
    try:
        events = etree.iterparse(_Stream(root.tag + rest, chunks), events=("start", "end"), **_SAFE)
        for event, element in events:
            if event == "start":
                depth += 1
                continue
            depth -= 1
            if depth == 1:
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


def _last_record_end(data: bytes) -> int:
    """Position after the last ``</...Record>``, 0 when there is none."""
    end = len(data)
    while True:
        found = data.rfind(_RECORD_END, 0, end)
        if found < 0:
            return 0
        opening = data.rfind(b"<", 0, found)
        if data[opening + 1 : opening + 2] == b"/":
            return found + len(_RECORD_END)
        end = found


class _Stream(io.RawIOBase):
    """Pieces of bytes as a file to read from."""

    def __init__(self, head: bytes, chunks: Iterator[bytes]) -> None:
        self._pending = head
        self._chunks = chunks

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; none at the end."""
        while not self._pending:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._pending = chunk
        if size < 0:
            size = len(self._pending)
        piece, self._pending = self._pending[:size], self._pending[size:]
        return piece
