"""Which files belong to a quarter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from naome_assets.quarters import Quarter
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import discover, strays
from naome_tests.rights import WITHOUT_RIGHTS

from .support import COSD_FOLDER, PSEUDONYMISER, QUARTER, put, read


def names(landing: Path, quarter: Quarter = QUARTER) -> list[tuple[str, str, str | None]]:
    return [(file.name, file.source, file.provider) for file in discover(landing, quarter)]


def test_the_folder_decides(tmp_path: Path) -> None:
    for name in (
        "england/cosd/R0A/2024-01/b.xml",
        "england/cosd/R0A/2024-01/a.XML.GZ",
        "england/cosd/r1h/2024-03/c.zip",
        "england/cosd/R0A/2024-04/later.xml",
        "england/cosd/R0A/2024-01/deeper/no.xml",
        "england/cosd/R0A/2024-01/no.txt",
        "england/cosd/R0A/notes/no.xml",
        "england/sact/2024-02/s.csv",
        "england/sact/2023-12/earlier.csv",
        "deaths/2024-03/d.csv.gz",
        "wales/registry/2024-Q1/7A1_tumour.csv",
        "wales/registry/2024-Q1/7A1_treatment.csv",
        "wales/registry/2024-Q1/readme.csv",
        "wales/registry/2024-Q2/7A1_tumour.csv",
    ):
        put(tmp_path, name, "")
    assert names(tmp_path) == [
        ("deaths/2024-03/d.csv.gz", "deaths", None),
        ("england/cosd/R0A/2024-01/a.XML.GZ", "cosd", "R0A"),
        ("england/cosd/R0A/2024-01/b.xml", "cosd", "R0A"),
        ("england/cosd/r1h/2024-03/c.zip", "cosd", "R1H"),
        ("england/sact/2024-02/s.csv", "sact", None),
        ("wales/registry/2024-Q1/7A1_treatment.csv", "wales_treatment", "7A1"),
        ("wales/registry/2024-Q1/7A1_tumour.csv", "wales_tumour", "7A1"),
    ]
    assert [name for name, _, _ in names(tmp_path, Quarter(2024, 2))] == [
        "england/cosd/R0A/2024-04/later.xml",
        "wales/registry/2024-Q2/7A1_tumour.csv",
    ]


def test_an_empty_or_missing_landing_has_no_files(tmp_path: Path) -> None:
    assert names(tmp_path) == names(tmp_path / "nowhere") == []


def test_links_that_lead_outside_are_not_followed(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/2024-01/secret.xml", "")
    landing = tmp_path / "landing"
    inside = put(landing, "england/cosd/R0A/2024-01/a.xml", "")
    (inside.parent / "link.xml").symlink_to(outside)
    (inside.parent / "dead.xml").symlink_to(tmp_path / "nothing.xml")
    (landing / "england/cosd/R1H").symlink_to(tmp_path / "outside", target_is_directory=True)
    (inside.parent / "again.xml").symlink_to(inside)
    assert [name for name, _, _ in names(landing)] == [
        "england/cosd/R0A/2024-01/a.xml",
        "england/cosd/R0A/2024-01/again.xml",
    ]


def test_strange_names_are_read_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "england/cosd/R0A/2024-01"
    folder.mkdir(parents=True)
    for name in (b"\xff.xml", "ü'; --.xml".encode(), b"a\nb.xml"):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_bytes(b"<broken")
    submissions = read(tmp_path).submissions
    assert {Path(row["file"]).name for row in submissions} == {
        "\\xff.xml",
        "ü'; --.xml",
        "a\nb.xml",
    }
    assert {row["status"] for row in submissions} == {"rejected"}


def test_every_other_file_is_reported(tmp_path: Path) -> None:
    told = {
        "england/cosd/R0A/2024-01/notes.txt": "unknown_kind",
        "england/cosd/R0A/2024-01/deeper/a.xml": "unknown_place",
        "england/cosd/R0A/2024-13/a.xml": "unknown_place",
        "wales/registry/2024-Q1/7A1.csv": "unknown_place",
        "stray.xml": "unknown_place",
        "elsewhere/2024-02/a.csv": "unknown_place",
    }
    for name in told:
        put(tmp_path, name, "x")
    for name in (
        "synthetic-manifest.csv",
        "england/cosd/R0A/2024-01/.DS_Store",
        "england/cosd/R0A/2024-01/__MACOSX/a.xml",
        "england/cosd/R0A/2024-01/a.xml.part",
        "england/cosd/R0A/2024-01/~$a.xml",
        "elsewhere/2024-04/another-quarter.csv",
    ):
        put(tmp_path, name, "x")
    taken = put(tmp_path, f"{COSD_FOLDER}/a.xml", "x").relative_to(tmp_path).as_posix()
    found = strays(tmp_path, [QUARTER], {taken})
    assert {file.name: file.refusal.rule for file in found if file.refusal} == told
    assert {file.name for file in found if not file.folder} == {
        "stray.xml",
        "england/cosd/R0A/2024-13/a.xml",
    }


_WHAT_IS_TOLD = """
import sys
from pathlib import Path
from naome_assets.quarters import Quarter
from naome_assets.sources.landing import discover, strays

landing, quarter = Path(sys.argv[1]), Quarter(2024, 1)
read = {file.name for file in discover(landing, quarter)}
for name in sorted(read):
    print(name, "read")
for file in strays(landing, [quarter], read):
    print(file.name, file.refusal.rule if file.refusal else "")
"""


@pytest.mark.parametrize(
    ("closed", "mode"),
    [
        *((COSD_FOLDER, mode) for mode in (0, 0o111, 0o444)),
        *(("england/cosd/R0A", 0), ("england/cosd", 0o444), ("england", 0)),
    ],
)
def test_a_closed_folder_is_reported(tmp_path: Path, closed: str, mode: int) -> None:
    put(tmp_path, f"{COSD_FOLDER}/a.xml", "x")
    put(tmp_path, f"{COSD_FOLDER}/a.zip!b.xml", "x")
    put(tmp_path, "deaths/2024-01/d.csv", "x")
    (tmp_path / closed).chmod(mode)
    told = subprocess.run(
        [*WITHOUT_RIGHTS, sys.executable, "-c", _WHAT_IS_TOLD, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    (tmp_path / closed).chmod(0o700)
    assert told == ["deaths/2024-01/d.csv read", f"{closed} closed_folder"]


def test_pipes_links_and_loops_are_told_and_never_opened(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    folder = put(landing, f"{COSD_FOLDER}/a.xml", "x").parent
    os.mkfifo(folder / "pipe.xml")
    (folder / "loop.xml").symlink_to("loop.xml")
    (folder / "out.xml").symlink_to(put(tmp_path, "secret.xml", "x"))
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "away").symlink_to(tmp_path, target_is_directory=True)
    assert [name for name, _, _ in names(landing)] == [f"{COSD_FOLDER}/a.xml"]
    found = strays(landing, [QUARTER], {f"{COSD_FOLDER}/a.xml"})
    assert {Path(file.name).name: file.refusal.rule for file in found if file.refusal} == {
        "pipe.xml": "not_a_file",
        "loop.xml": "link_outside",
        "out.xml": "link_outside",
        "away": "link_outside",
    }
    (part,) = read_files(found, PSEUDONYMISER, tmp_path, 1)
    assert {(row["status"], row["received"]) for row in part.submissions} == {("rejected", 0)}
    assert {row["sha256"] for row in part.submissions} == {""}
