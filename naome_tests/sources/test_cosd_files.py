"""COSD files as wholes: what is loaded, counted, warned of and refused."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from naome_assets.sources import bytes_in
from naome_assets.sources import xml_stream as stream
from naome_assets.sources.xml_stream import NotCleanlyCutError

from .support import (
    COSD_FOLDER,
    HEADER,
    LUNG,
    NHS_NUMBER,
    V9_BREAST,
    V9_PERSON,
    V9_PRIMARY,
    Landed,
    cosd,
    put,
    read,
    read_cosd,
)

GOOD = cosd(V9_BREAST, LUNG, V9_BREAST)
NAMESPACE = 'xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1"'


def comparable(landed: Landed) -> tuple[object, ...]:
    """Everything but the file's own name, bytes and digest."""
    submission = landed.submission
    return (
        {k: v for k, v in submission.items() if k not in {"file", "sha256", "bytes"}},
        {
            table: [{k: v for k, v in row.items() if k != "file"} for row in rows]
            for table, rows in landed.tables.items()
        },
    )


def zipped(*members: tuple[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_header_counts_and_positions(tmp_path: Path) -> None:
    landed = read_cosd(tmp_path, GOOD)
    expected = {
        "file": f"{COSD_FOLDER}/a.xml",
        "source": "cosd",
        "quarter": "2024-Q1",
        "folder": "2024-01",
        "provider": "R0A",
        "version": "9.0.1",
        "status": "loaded",
        "reason": None,
        "created_at": dt.datetime(2024, 2, 20, 10, 15),
        "period_start": dt.date(2024, 1, 1),
        "period_end": dt.date(2024, 1, 31),
        "extract_date": dt.date(2024, 2, 20),
        "record_count": 3,
        "received": 3,
        "other_tumour_groups": 1,
        "unreadable_records": 0,
        "ignored_elements": 0,
        "bytes": len(GOOD),
    }
    assert {column: landed.submission[column] for column in expected} == expected
    assert [row["position"] for row in landed.rows("cosd_record")] == [1, 3]


SAME = {
    "byte-order mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "utf-16 little-endian": b"\xff\xfe" + GOOD.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "utf-16 big-endian": b"\xfe\xff" + GOOD.replace("UTF-8", "UTF-16").encode("utf-16-be"),
    "utf-8 that calls itself utf-16": GOOD.replace("UTF-8", "utf-16").encode(),
    "latin-1": GOOD.replace("UTF-8", "ISO-8859-1")
    .replace("<LungRecord>", "<!-- é --><LungRecord>")
    .encode("latin-1"),
    "windows-1252": GOOD.replace("UTF-8", "windows-1252")
    .replace("<LungRecord>", "<!-- € --><LungRecord>")
    .encode("cp1252"),
    "no declaration": GOOD.split("\n", 1)[1].encode(),
    "carriage returns": GOOD.replace("\n", "\r\n").encode(),
    "default namespace": GOOD.replace("COSD:COSD", "COSD").replace("xmlns:COSD", "xmlns").encode(),
    "another prefix": GOOD.replace("COSD:COSD", "x:COSD").replace("xmlns:COSD", "xmlns:x").encode(),
    "instructions and comments": GOOD.replace(
        "<LungRecord>", "<?go on?><!-- <BreastRecord> --><LungRecord>"
    ).encode(),
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_the_same_rows_however_they_are_written(tmp_path: Path, content: bytes) -> None:
    expected = comparable(read_cosd(tmp_path / "plain", GOOD))
    assert comparable(read_cosd(tmp_path / "other", content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "label"),
    [
        ("a.xml.gz", gzip.compress(GOOD.encode()), ""),
        ("a.XML", GOOD.encode(), ""),
        ("a.zip", zipped(("inner/b.xml", GOOD)), "!inner/b.xml"),
        ("a.zip", zipped(("../../evil.xml", GOOD)), "!../../evil.xml"),
        ("strange ü';--\n name.xml", GOOD.encode(), ""),
    ],
)
def test_the_same_rows_however_they_are_packed(
    tmp_path: Path, name: str, content: bytes, label: str
) -> None:
    landed = read_cosd(tmp_path / "packed", content, name)
    assert comparable(landed) == comparable(read_cosd(tmp_path / "plain", GOOD))
    assert landed.submission["file"] == f"{COSD_FOLDER}/{name}{label}"
    assert not list(tmp_path.glob("**/evil.xml"))


def test_each_member_of_an_archive_is_a_submission(tmp_path: Path) -> None:
    landed = read_cosd(tmp_path, zipped(("1.xml", GOOD), ("2.xml", "<broken>")), "a.zip")
    assert [(row["file"][-5:], row["status"]) for row in landed.submissions] == [
        ("1.xml", "loaded"),
        ("2.xml", "rejected"),
    ]
    assert len(landed.rows("cosd_record")) == 2


def spoil_crc(archive: bytes) -> bytes:
    """Another checksum in the directory of the archive than that of the member."""
    at = archive.index(b"PK\x01\x02") + 16
    return archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]


REFUSED = {
    "cut short": (GOOD[:-40], "malformed"),
    "cut after a record": (GOOD.rsplit("\n</COSD", 1)[0], "malformed"),
    "a wrong end tag": (GOOD.replace("</LungRecord>", "</LungsRecord>"), "malformed"),
    "a second root": (GOOD + "<more/>", "malformed"),
    "root closed between": (
        GOOD.replace("<LungRecord>", f"</COSD:COSD><COSD:COSD {NAMESPACE}><LungRecord>"),
        "malformed",
    ),
    "an unknown entity": (GOOD.replace("2024-01-10", "&when;"), "malformed"),
    "an unknown prefix": (GOOD.replace("<LungRecord>", "<x:y/><LungRecord>"), "malformed"),
    "a broken comment after the root": (GOOD + "<!-- -- -->", "malformed"),
    "a broken comment before the root": (
        GOOD.replace("<COSD:COSD", "<!-- -- --><COSD:COSD", 1),
        "malformed",
    ),
    "bytes that are not UTF-8": (
        GOOD.replace("C50.4", "\udce9").encode("utf-8", "surrogateescape"),
        "malformed",
    ),
    "utf-16 with half a character": (b"\xff\xfe" + GOOD.encode("utf-16-le") + b"\x00", "encoding"),
    "an encoding nobody knows": (GOOD.replace("UTF-8", "klingon"), "encoding"),
    "a document type": (GOOD.replace("<COSD:COSD", "<!DOCTYPE a><COSD:COSD", 1), "doctype"),
    "an entity bomb": (
        GOOD.replace("<COSD:COSD", '<!DOCTYPE a [<!ENTITY b "bb">]><COSD:COSD', 1),
        "doctype",
    ),
    "not XML": ("NHS,number\n1,2\n", "not_xml"),
    "nothing": ("", "not_xml"),
    "another root": (GOOD.replace("COSD:COSD", "COSD:Other"), "wrong_data_set"),
    "COSD Pathology of another version": (
        GOOD.replace("COSD:COSD", "COSD:COSD_Pathology").replace("COSD-v9", "COSD_Pathology-v3"),
        "unknown_version",
    ),
    "no version": (GOOD.replace("/COSD-v9-0-1", "/COSD"), "unknown_version"),
    "no namespace": (GOOD.replace("COSD:COSD", "COSD"), "foreign_namespace"),
    "another's namespace": (
        GOOD.replace("http://www.datadictionary.nhs.uk/messages/", "urn:x:"),
        "foreign_namespace",
    ),
    "behind another's namespace": (
        GOOD.replace("http://www.data", "http://example.org/http://www.data"),
        "foreign_namespace",
    ),
    "a number of a person as version": (
        GOOD.replace("-v9-0-1", "-v9-9434765919"),
        "unknown_version",
    ),
    "version 7": (GOOD.replace("/COSD-v9-0-1", "/COSD-v7-0"), "unknown_version"),
}


@pytest.mark.parametrize(("content", "rule"), REFUSED.values(), ids=REFUSED)
def test_a_file_is_refused_whole(tmp_path: Path, content: str | bytes, rule: str) -> None:
    """Ruling B20: no record counts."""
    landed = read_cosd(tmp_path, content)
    submission = landed.submission
    assert submission["status"] == "rejected"
    assert submission["reason"].startswith(f"{rule}: ")
    counts = ("received", "other_tumour_groups", "unreadable_records", "ignored_elements")
    assert [submission[name] for name in counts] == [0, 0, 0, 0]
    assert landed.tables == {}
    assert len(submission["sha256"]) == 64


REFUSED_ARCHIVES = {
    "no zip": ("a.zip", b"PK no"),
    "damaged zip": ("a.zip", spoil_crc(zipped(("a.xml", GOOD)))),
    "empty zip": ("a.zip", zipped()),
    "zip in a zip": ("a.zip", zipped(("b.zip", zipped(("a.xml", GOOD))))),
    "bomb": ("a.zip", zipped(("a.xml", GOOD + " " * 20_000_000))),
    "no gzip": ("a.xml.gz", GOOD.encode()),
    "gzip cut short": ("a.xml.gz", gzip.compress(GOOD.encode())[:-20]),
    "gzip bomb": ("a.xml.gz", gzip.compress(GOOD.encode() + b" " * 20_000_000)),
}


@pytest.mark.parametrize(("name", "content"), REFUSED_ARCHIVES.values(), ids=REFUSED_ARCHIVES)
def test_a_hostile_or_damaged_archive_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    landed = read_cosd(tmp_path, content, name)
    assert {row["status"] for row in landed.submissions} == {"rejected"}
    assert landed.tables == {}


def test_the_place_of_the_fault_is_reported_without_content(tmp_path: Path) -> None:
    lines = GOOD.split("\n")
    lines[5] = lines[5].replace("</BreastRecord>", f"<{'Z' + NHS_NUMBER}></BreastRecord>")
    reason = read_cosd(tmp_path, "\n".join(lines)).submission["reason"]
    assert "line 6" in reason
    assert NHS_NUMBER not in reason


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (cosd(V9_BREAST, count=2), "record_count"),
        (cosd(V9_BREAST).replace("RecordCount", "Recordcount"), "record_count"),
        (cosd(V9_BREAST).replace("2024-01-31", "2024-02-29"), "reporting_period"),
    ],
)
def test_file_level_warnings_do_not_stop_a_file(tmp_path: Path, content: str, warning: str) -> None:
    """Ruling B14: the folder decides, a header that disagrees is a warning."""
    submission = read_cosd(tmp_path, content).submission
    assert (submission["status"], submission["received"]) == ("loaded", 1)
    assert warning in submission["reason"]
    assert (submission["quarter"], submission["folder"]) == ("2024-Q1", "2024-01")


def test_unknown_root_children_are_counted(tmp_path: Path) -> None:
    """Ruling B17."""
    submission = read_cosd(
        tmp_path, cosd(V9_BREAST, "<Note/>", "<Note>x</Note>", count=1)
    ).submission
    assert (submission["received"], submission["ignored_elements"]) == (1, 2)
    assert submission["reason"] is None


@pytest.mark.parametrize(
    ("created", "period_end", "created_at", "extract_date"),
    [
        (
            "2024-02-20T10:15:00+01:00",
            "2024-01-31",
            dt.datetime(2024, 2, 20, 9, 15),
            dt.date(2024, 2, 20),
        ),
        (
            "2024-02-20T10:15:00.5Z",
            "2024-01-31",
            dt.datetime(2024, 2, 20, 10, 15, 0, 500000),
            dt.date(2024, 2, 20),
        ),
        ("", "2024-01-30", None, dt.date(2024, 1, 30)),
        ("whenever", "", None, dt.date(2024, 1, 31)),
    ],
)
def test_created_at_and_extract_date(
    tmp_path: Path,
    created: str,
    period_end: str,
    created_at: dt.datetime | None,
    extract_date: dt.date,
) -> None:
    """Rulings B6 and B13."""
    content = (
        cosd(V9_BREAST)
        .replace("2024-02-20T10:15:00", created)
        .replace("EndDate>2024-01-31", f"EndDate>{period_end}")
    )
    submission = read_cosd(tmp_path, content).submission
    assert (submission["created_at"], submission["extract_date"]) == (created_at, extract_date)


def in_small_pieces(patch: pytest.MonkeyPatch, size: int) -> None:
    """Small documents are cut as large ones are."""
    patch.setattr(bytes_in, "CHUNK", size)
    patch.setattr(stream, "_LONGEST_PROLOG", 200)


def many_records(count: int) -> str:
    return cosd(*(V9_BREAST if number % 3 else LUNG for number in range(count)))


def test_pieces_do_not_change_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = many_records(40)
    whole = comparable(read_cosd(tmp_path / "whole", content))
    for size in (997, 64):
        in_small_pieces(monkeypatch, size)
        assert comparable(read_cosd(tmp_path / str(size), content)) == whole


def test_a_record_end_in_a_comment_is_no_record_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fast way must notice, and leave the decision to the exact way."""
    tricky = "<!-- </LungRecord> " + "-=" * 400 + "--><![CDATA[</LungRecord> " + "x" * 800 + "]]>"
    in_small_pieces(monkeypatch, 256)
    exact_runs: list[int] = []
    exact = stream.exact_children
    monkeypatch.setattr(
        stream, "exact_children", lambda *given: exact_runs.append(1) or exact(*given)
    )
    landed = read_cosd(
        tmp_path / "a", cosd(V9_BREAST, LUNG.replace("/><", f"/>{tricky}<"), V9_BREAST)
    )
    assert exact_runs == [1]
    assert (landed.submission["status"], landed.submission["received"]) == ("loaded", 3)
    assert len(landed.rows("cosd_record")) == 2


NOISE = st.lists(
    st.sampled_from(
        [
            "\n",
            "  ",
            "<!-- a > b -->",
            "<!-- </BreastRecord> -->",
            "<![CDATA[</LungRecord>]]>",
            "<?p </LungRecord>?>",
            "<Unknown><BreastRecord/></Unknown>",
            "&#32;",
        ]
    ),
    max_size=3,
).map("".join)
DATES = st.sampled_from(
    ["2024-01-10", "<![CDATA[2024]]>-01-<!-- x -->10", "&#50;024-01-10", "soon"]
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """COSD documents with noise wherever noise may stand."""
    prefix = draw(st.sampled_from(["COSD:", "c:", ""]))
    xmlns = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    children = [HEADER.format(count=1)]
    for _ in range(draw(st.integers(0, 6))):
        primary = V9_PRIMARY.replace("2024-01-10", draw(DATES))
        children.append(
            draw(
                st.sampled_from(
                    [
                        LUNG,
                        f"<BreastRecord>{V9_PERSON}{draw(NOISE)}{primary}</BreastRecord >",
                        f"<BreastRecord>{primary}{draw(NOISE)}</BreastRecord>",
                        "<Note/>",
                        f"<{prefix}BreastRecord>{V9_PERSON}{primary}</{prefix}BreastRecord>",
                        "<LungRecord><LungRecord>1</LungRecord><BreastRecord/></LungRecord>",
                        '<LungRecord a="</x>" b=">" xmlns="urn:x"><SkinRecord/></LungRecord>',
                        f"<LungRecord>{draw(NOISE)}<a/></LungRecord>",
                        "<LungRecord><a/></LungRecord ><LungRecord></LungRecord>",
                    ]
                )
            )
        )
    body = "".join(draw(NOISE) + child for child in children)
    prolog = draw(st.sampled_from(["", '<?xml version="1.0"?>', "<!-- x -->"]))
    text = (
        f'{prolog}<{prefix}COSD {xmlns}="http://www.datadictionary.nhs.uk/messages/COSD-v9-0">'
        f"{body}{draw(NOISE)}</{prefix}COSD>"
    )
    # Sometimes something is cut out, which mostly breaks the document.
    if draw(st.integers(0, 3)) == 0:
        start = draw(st.integers(0, len(text)))
        text = text[:start] + text[start + draw(st.integers(1, 30)) :]
    return text.encode()


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=documents(), chunk=st.integers(40, 600))
def test_the_fast_way_and_the_exact_way_agree(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        in_small_pieces(patch, chunk)
        fast = comparable(read_cosd(tmp_path_factory.mktemp("fast"), content))

        def refuse(*_: object) -> None:
            raise NotCleanlyCutError

        patch.setattr(stream, "fast_children", refuse)
        exact = comparable(read_cosd(tmp_path_factory.mktemp("exact"), content))
    assert fast == exact


def test_identifiers_stay_in_the_reading_process(tmp_path: Path) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.xml", GOOD)
    put(tmp_path, f"{COSD_FOLDER}/b.xml", GOOD.replace("</LungRecord>", f"<{'Q' + NHS_NUMBER}>"))
    landed = read(tmp_path)
    told = landed.parquet + repr(landed.submissions).encode()
    for identifier in (NHS_NUMBER, "Q7Z00431", "q7z00431", "22222222-2222"):
        assert identifier.encode() not in told
    assert len(landed.rows("cosd_record")) == 2
