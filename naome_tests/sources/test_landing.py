"""Which files belong to a quarter."""

from __future__ import annotations

import os
from pathlib import Path

from naome_assets.quarters import Quarter
from naome_assets.sources.landing import discover

from .support import QUARTER, put, read


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
