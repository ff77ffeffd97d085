"""Content and names made to do harm: each is read, or refused by a named rule; others go on."""

from __future__ import annotations

import io
import os
import socket
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from naome_assets.sources.landing import discover, strays

from .support import COSD_FOLDER, QUARTER, V9_BREAST, Landed, cosd, put, read

GOOD = cosd(V9_BREAST)
HEADER = "DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH\n"
ROW = "9434765919,20240105,20240103\n"
DEATHS = "deaths/2024-01"


def zipped(*members: tuple[str, str]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names given twice
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def statuses(landed: Landed) -> dict[str, tuple[str, str]]:
    """Status and rule of each file by its last name."""
    return {
        Path(row["file"]).name: (row["status"], (row["reason"] or "").split(":")[0])
        for row in landed.submissions
    }


def test_members_that_no_reader_takes_are_reported(tmp_path: Path) -> None:
    content = zipped(
        ("a.xml", GOOD), ("notes.txt", "x"), (".DS_Store", "x"), ("__MACOSX/a.xml", "x")
    )
    put(tmp_path, f"{COSD_FOLDER}/a.zip", content)
    assert statuses(read(tmp_path)) == {
        "a.zip!a.xml": ("loaded", ""),
        "a.zip!notes.txt": ("rejected", "unknown_kind"),
    }


def test_an_archive_that_its_library_fails_on_costs_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.zip", zipped(("a.xml", GOOD)))
    put(tmp_path, f"{COSD_FOLDER}/b.xml", GOOD)

    def fails(*_: object) -> None:
        raise struct.error

    monkeypatch.setattr(zipfile.ZipFile, "__init__", fails)
    assert statuses(read(tmp_path)) == {
        "a.zip": ("rejected", "reader_error"),
        "b.xml": ("loaded", ""),
    }


def test_a_name_twice_in_an_archive_is_refused(tmp_path: Path) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.zip", zipped(("a.xml", GOOD), ("a.xml", GOOD)))
    assert statuses(read(tmp_path)) == {"a.zip": ("rejected", "archive_hostile")}


@pytest.mark.parametrize("size", [0, 1, 2**40])
def test_an_archive_that_lies_about_a_size_is_refused(tmp_path: Path, size: int) -> None:
    content = bytearray(zipped(("a.xml", GOOD)))
    at = content.index(b"PK\x01\x02")
    extra = struct.pack("<HHQ", 1, 8, size)  # zip64: the unpacked size is in the extra field
    name = struct.unpack_from("<H", content, at + 28)[0]
    struct.pack_into("<I", content, at + 24, 0xFFFFFFFF)
    struct.pack_into("<H", content, at + 30, len(extra))
    content[at + 46 + name : at + 46 + name] = extra
    end = content.index(b"PK\x05\x06")
    length = struct.unpack_from("<I", content, end + 12)[0]
    struct.pack_into("<I", content, end + 12, length + len(extra))
    put(tmp_path, f"{COSD_FOLDER}/a.zip", bytes(content))
    put(tmp_path, f"{COSD_FOLDER}/b.xml", GOOD)
    told = statuses(read(tmp_path))
    assert told.pop("b.xml")[0] == "loaded"
    ((status, rule),) = told.values()
    # Where it says more than there is, the content still ends where its records end.
    assert (status, rule) == ("loaded", "") or rule in ("archive_broken", "malformed", "not_xml")
    assert size > 1 or status == "rejected"


def test_thousands_of_attributes_and_a_huge_one(tmp_path: Path) -> None:
    many = " ".join(f'a{number}="1"' for number in range(5000))
    put(
        tmp_path,
        f"{COSD_FOLDER}/many.xml",
        GOOD.replace("<BreastRecord>", f"<BreastRecord {many}>"),
    )
    huge = f'<BreastRecord a="{"x" * 5_000_000}">'
    put(tmp_path, f"{COSD_FOLDER}/huge.xml", GOOD.replace("<BreastRecord>", huge))
    assert statuses(read(tmp_path)) == {
        "many.xml": ("loaded", ""),
        "huge.xml": ("rejected", "record_too_large"),
    }


@pytest.mark.parametrize(
    ("content", "received"),
    [
        pytest.param(HEADER + ROW + '"9434765919,20240105,20240103\n' + ROW, 3, id="quote"),
        pytest.param(HEADER + ROW + "943\x004765919,20240105,20240103\n", 2, id="NUL"),
        pytest.param(HEADER + ROW + "9" * 3_000_000 + ",20240105,20240103\n", None, id="long line"),
        pytest.param(HEADER + ROW + "=cmd|'/c calc'!A1,20240105,20240103\n", 2, id="formula"),
    ],
)
def test_csv_content(tmp_path: Path, content: str, received: int | None) -> None:
    put(tmp_path, f"{DEATHS}/a.csv", content)
    put(tmp_path, f"{DEATHS}/b.csv", HEADER + ROW)
    landed = read(tmp_path)
    told = {Path(row["file"]).name: row for row in landed.submissions}
    assert told["b.csv"]["status"] == "loaded"
    if told["a.csv"]["status"] == "loaded":
        stored = [row for row in landed.rows("death_registration") if row["file"].endswith("a.csv")]
        assert told["a.csv"]["received"] == len(stored) + told["a.csv"]["unreadable_records"]
        assert received is None or told["a.csv"]["received"] == received
        assert stored[0]["nhs_number_status"] == "valid"
        is_formula = "calc" in content
        assert all((row["nhs_number_status"] == "invalid") == is_formula for row in stored[1:])
    else:
        assert told["a.csv"]["reason"].startswith("record_too_large")
        assert received is None


@pytest.mark.parametrize(
    "name",
    ["\u202elmx.xml", "\U0001f9ec.xml", "n" * 251 + ".xml", "new\nline.xml", "=1+1.xml"],
    ids=["right to left", "emoji", "255 bytes", "line break", "formula"],
)
def test_names_of_files(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"{COSD_FOLDER}/{name}", GOOD)
    assert read(tmp_path).submission["file"] == f"{COSD_FOLDER}/{name}"


def test_pipes_and_sockets_are_told_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / COSD_FOLDER
    folder.mkdir(parents=True)
    os.mkfifo(folder / "pipe.xml")
    monkeypatch.chdir(folder)  # a socket's path may have few characters
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.xml")
        files = discover(tmp_path, QUARTER)
        told = strays(tmp_path, [QUARTER], {file.name for file in files})
    assert files == []
    assert [(Path(file.name).name, file.refusal and file.refusal.rule) for file in told] == [
        ("pipe.xml", "not_a_file"),
        ("socket.xml", "not_a_file"),
    ]


def test_wide_files_of_hospital_data_made_to_do_harm(tmp_path: Path) -> None:
    """A formula, escapes, a quotation of a megabyte, blanks alone: each costs its row at most."""
    folder = "england/hes_apc/2023-2024"
    header = "PSEUDO_HESID,ADMIDATE,DIAG_01,DIAG_02\n"
    good = "a,2024-01-10,C780,C509\n"
    rows = [
        "\"=cmd|' /c calc'!A0\",2024-01-10,C780,C509",
        "\x1b]0;x\x07,2024-01-10,C780,",
        ",".join(["a", "2024-01-10", "C" * 5_000, "C780"]),
        "a,9999-99-99,C780,",
        "   ,2024-01-10,C780,",
        '"a""b",2024-01-10,"C780","C509"',
        "a,2024-01-10,C780,\x00",
        "a,2024-01-10,\u202ec780,C781",
    ]
    put(tmp_path, f"{folder}/a.csv", header + "\n".join(rows) + "\n" + good)
    put(tmp_path, f"{folder}/b.csv", header + '"' + "x" * (1 << 21))
    put(tmp_path, f"{folder}/c.csv", header + good)
    landed = read(tmp_path)
    assert statuses(landed) == {
        "a.csv": ("loaded", ""),
        "b.csv": ("rejected", "record_too_large"),
        "c.csv": ("loaded", ""),
    }
    kept = {
        row["position"]: row
        for row in landed.rows("hes_apc_episode")
        if row["file"].endswith("a.csv")
    }
    assert sorted(kept) == [1, 3, 4, 5, 6, 8, 9]
    assert kept[5]["source_person_id"] is None
    assert kept[4]["admission_date_fault"] == "unreadable"
    refused = [row for row in landed.rows("submission_fault") if row["severity"] == "error"]
    assert [(row["position"], row["rule"]) for row in refused] == [
        (2, "control_character"),
        (7, "control_character"),
    ]
