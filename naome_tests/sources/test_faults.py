"""docs/faults.md, row by row: what arrives, and the rule that must be named."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import re
import stat
import zipfile
from pathlib import Path

import pytest

from naome_assets.sources import bytes_in

from .support import COSD_FOLDER, NHS_NUMBER, V9_BREAST, cosd, put, read

GOOD = cosd(V9_BREAST).encode()
DEATHS = "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH\n9434765919,20240105,20240103\n"
XML = f"{COSD_FOLDER}/a.xml"
GZ = f"{COSD_FOLDER}/a.xml.gz"
ZIP = f"{COSD_FOLDER}/a.zip"
CSV = "deaths/2024-01/d.csv"
PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.xml")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted() -> bytes:
    content = bytearray(zipped(("a.xml", GOOD)))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def doctype(inner: str) -> bytes:
    return GOOD.replace(b"?>\n", f"?>\n<!DOCTYPE COSD [{inner}]>\n".encode(), 1)


def nested(depth: int) -> bytes:
    inside = "<a>" * depth + "</a>" * depth
    return cosd(V9_BREAST.replace("</BreastRecord>", inside + "</BreastRecord>")).encode()


BOMB = doctype('<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">')
MISSING, MANY = "columns_missing", "too_many_columns"
ALIKE = DEATHS.replace("\n", ",reg date\n", 1)
OPEN = DEATHS + '9434765919,"20240105 "x"\nand more, 20240103\n'
FOREIGN = "foreign_namespace"
TWICE = DEATHS.replace("\n", ",REG_DATE\n", 1)
MANY_ROWS = DEATHS.encode() + b"1,2,3\n" * (2 << 20)
QUADRATIC = doctype(f'<!ENTITY a "{"x" * 50_000}">')

#: What arrives (as docs/faults.md words it), where, the bytes, and the rule of the ledger.
REJECTED: list[tuple[str, str, bytes, str]] = [
    ("empty file", XML, b"", "not_xml"),
    ("XML that ends too early", XML, GOOD[:-40], "malformed"),
    ("XML in the wrong encoding", XML, GOOD.replace(b"R0A02", b"R\xe9A"), "malformed"),
    ("unknown encoding declared", XML, GOOD.replace(b"UTF-8", b"UTF-7"), "encoding"),
    ("UTF-16 that ends inside a character", XML, GOOD.decode().encode("utf-16")[:-1], "encoding"),
    ("document type, external entity", XML, doctype('<!ENTITY x SYSTEM "file:///x">'), "doctype"),
    ("document type, entity bomb", XML, BOMB, "doctype"),
    ("document type, quadratic entity", XML, QUADRATIC, "doctype"),
    ("entity that is not declared", XML, GOOD.replace(b"C50.4", b"&x;"), "malformed"),
    ("deep nesting", XML, nested(5_000), "malformed"),
    ("wrong data set", XML, GOOD.replace(b"/COSD-v9", b"/SACT-v9"), "wrong_data_set"),
    ("unknown version", XML, GOOD.replace(b"-v9-0-1", b"-v77"), "unknown_version"),
    ("namespace that is not the NHS's", XML, GOOD.replace(b"www.data", b"data"), FOREIGN),
    ("empty root element", XML, b'<a xmlns="x"/>', "empty_file"),
    ("record larger than 4 MB", XML, GOOD.replace(b"C50.4", b"x" * (9 << 20)), "record_too_large"),
    ("gzip cut short", GZ, gzip.compress(GOOD)[:-12], "archive_broken"),
    ("gzip with other bytes behind", GZ, gzip.compress(GOOD) + b"rubbish", "archive_broken"),
    ("file that only says it is gzip", GZ, GOOD, "archive_broken"),
    ("gzip bomb", f"{CSV}.gz", gzip.compress(MANY_ROWS), "archive_hostile"),
    ("file that only says it is zip", ZIP, GOOD, "archive_broken"),
    ("zip cut short", ZIP, zipped(("a.xml", GOOD))[:-30], "archive_broken"),
    ("zip in a zip", ZIP, zipped(("a.zip", zipped(("a.xml", GOOD)))), "archive_nested"),
    ("zip with a password", ZIP, encrypted(), "archive_encrypted"),
    ("zip bomb", "deaths/2024-01/d.zip", zipped(("d.csv", MANY_ROWS)), "archive_hostile"),
    ("zip without a file to read", ZIP, zipped(("a.txt", GOOD)), "archive_empty"),
    ("zip with a link", ZIP, zipped((link(), b"/etc/passwd")), "not_xml"),
    ("CSV that is empty", CSV, b"", "not_csv"),
    ("CSV without a needed column", CSV, DEATHS.replace("REG_DATE,", "X,").encode(), MISSING),
    ("CSV with a column twice", CSV, TWICE.encode(), "columns_repeated"),
    ("CSV with a column twice, typed otherwise", CSV, ALIKE.encode(), "columns_repeated"),
    ("CSV with a line break in an open quotation", CSV, OPEN.encode(), "quotes_unbalanced"),
    ("CSV of one line", CSV, DEATHS.encode() + b"9" * 900_000, "record_too_large"),
    ("CSV with 60,000 columns", CSV, DEATHS.replace("\n", "," * 60_000 + "\n").encode(), MANY),
    ("CSV of which most rows are ragged", CSV, DEATHS.encode() + b"x\n" * 60_000, "mostly_ragged"),
    ("CSV with NUL characters between all others", CSV, DEATHS.encode("utf-16-le"), "encoding"),
    ("CSV in another encoding", CSV, DEATHS.encode().replace(b"20240103", b"\xe9"), "encoding"),
    ("CSV in UTF-16", CSV, b"\xff\xfe" + DEATHS.encode("utf-16-le")[:-1], "encoding"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "content", "rule"),
    [pytest.param(*row[1:], id=row[0]) for row in REJECTED],
)
def test_the_file_is_refused_and_the_others_go_on(
    tmp_path: Path, place: str, content: bytes, rule: str
) -> None:
    put(tmp_path, place, content)
    put(tmp_path, f"{COSD_FOLDER}/zz-good.xml", GOOD)
    refused, good = sorted(read(tmp_path).submissions, key=lambda row: "zz-good" in row["file"])
    assert refused["status"] == "rejected"
    assert refused["reason"].split(":")[0] == rule
    assert NHS_NUMBER not in refused["reason"]
    assert refused["received"] == 0
    assert (good["status"], good["received"]) == ("loaded", 1)


@pytest.mark.parametrize(
    ("place", "content"),
    [
        pytest.param(XML, codecs.BOM_UTF8 + GOOD, id="UTF-8 with a byte-order mark"),
        pytest.param(XML, GOOD.decode().encode("utf-16"), id="UTF-16 with a byte-order mark"),
        pytest.param(XML, GOOD.decode().encode("utf-16-be"), id="UTF-16 without a mark"),
        pytest.param(GZ, gzip.compress(GOOD[:500]) + gzip.compress(GOOD[500:]), id="gzip in parts"),
        pytest.param(ZIP, zipped(("/etc/../a.xml", GOOD)), id="zip with a path that leads out"),
        pytest.param(XML, GOOD.replace(b"<Id ", b"<?x y?><Id ", 1), id="processing instruction"),
        pytest.param(CSV, DEATHS.replace("\n", "\r").encode(), id="CSV with CR only"),
        pytest.param(CSV, DEATHS.replace(",", ";").encode(), id="CSV separated by semicolons"),
        pytest.param(CSV, DEATHS.replace(",", "\t").encode(), id="CSV separated by tabs"),
        pytest.param(CSV, ("\ufeff" + DEATHS).encode(), id="CSV with a byte-order mark"),
    ],
)
def test_the_file_is_read_all_the_same(tmp_path: Path, place: str, content: bytes) -> None:
    put(tmp_path, place, content)
    submission = read(tmp_path).submission
    assert (submission["status"], submission["received"]) == ("loaded", 1), submission["reason"]


def test_a_ragged_row_in_another_encoding_is_counted(tmp_path: Path) -> None:
    """Found by fuzzing: it was passed over without a word."""
    put(tmp_path, CSV, DEATHS.encode() + b"\xe9,1\n" + DEATHS.splitlines()[1].encode())
    landed = read(tmp_path)
    assert (landed.submission["received"], landed.submission["unreadable_records"]) == (3, 1)
    assert [row["position"] for row in landed.rows("submission_fault")] == [2]


def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, XML, GOOD)
    chunks = bytes_in._chunks

    def touched(member: bytes_in.Member):  # type: ignore[no-untyped-def]
        yield from chunks(member)
        os.utime(path, (1, 1))

    monkeypatch.setattr(bytes_in, "_chunks", touched)
    assert read(tmp_path).submission["reason"].startswith("file_changed: ")


@pytest.mark.parametrize("case", sorted((Path(__file__).parent / "cases").iterdir()))
def test_what_fuzzing_found_stays_mended(tmp_path: Path, case: Path) -> None:
    put(tmp_path, case.name.split("-", 1)[1].replace("~", "/"), case.read_bytes())
    for submission in read(tmp_path).submissions:
        assert "reader_error" not in (submission["reason"] or "")


def test_the_page_tells_what_the_tests_hold() -> None:
    told = re.findall(r"^\| (.+?) \| file \| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert told == [(what, rule) for what, _, _, rule in REJECTED]
