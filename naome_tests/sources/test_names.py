"""Names of files, folders and archive members are data: none shows an identifier."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from naome_assets.quarters import Quarter
from naome_assets.sources.names import holds_identifier, shown_path
from naome_assets.sources.shapes import is_valid_nhs_number
from naome_assets.synthetic import generate

from .support import (
    COSD_FOLDER,
    LOCAL_IDENTIFIER,
    NHS_NUMBER,
    PSEUDONYMISER,
    V9_BREAST,
    cosd,
    put,
    read,
)
from .test_hostile import zipped

GOOD = cosd(V9_BREAST)

#: As senders' systems write them.
READABLE = [
    # 1001202406 passes the check digit.
    "R0B_COSD-v10-0-1_202406.xml",
    "COSD_INFOFLEX(BR)_RTH_2020-03-01_2020-03-31_2020-05-18T12_18_38.xml",
    "COSD_RTH_20240301_20240331_20240518121838.xml",
    "RTH 01.03.2024 - 31.03.2024.xml",
    "2024010120240131.xml",
    "2024-03-20T10:15:00+0100.xml",
    "SACTv3-R0A02_202403_v10.2.1.csv",
    "part-0000012.csv",
    "sim_av_tumour.csv",
    "COSD_RTH_201203_201205.xml",  # months, though 20 December and 20 June of 1903 and 1905
    "SACT_R0A_032024.csv",
    "COSD_RTH_20240518_101112.xml",  # a time, though 10 November
    "COSD_RTH_18052024-101112.xml",
    "COSD_RTH_2024-05-18T10_11_12.xml",
    "COSD_RTH_123456.xml",
    "part-001012.csv",
    "R1F_Mar24.xml",
    "R1F_01-Mar-2024.xml",
    "3fa91c2e.xml",
    "d41d8cd98f00b204e9800998ecf8427e.xml",
    "22222222-2222-2222-2222-222222222222.xml",
    "RA2_1st.xml",
    "R1F_March-2024.xml",
    "\u202elmx.xml",
    "a\nb.xml",
]
WITHHELD = [
    "R0B_COSD-v10-0-1_94-347-65919.xml",
    f"{NHS_NUMBER}.xml",
    "smith 943 476 5919.xml",
    "943-476-5919_corrected.xml",
    "943_476_5919.csv",
    "943%20476%205919.csv",
    "94 34 76 59 19.csv",
    "9.4.3.4.7.6.5.9.1.9.csv",
    "\uff19\uff14\uff13\uff14\uff17\uff16\uff15\uff19\uff11\uff19.xml",
    "\u0669\u0664\u0663\u0664\u0667\u0666\u0665\u0669\u0661\u0669.xml",
    f"RAE_{NHS_NUMBER}_2024-03-01.xml",
    f"NHS{NHS_NUMBER}x.xml",
    "9434765918.xml",  # one digit mistyped
    "1234567.xml",
    "M1234567.xml",
    f"{LOCAL_IDENTIFIER}.xml",
    "SMITH_1950-03-02.xml",
    "smith 02.03.1950.xml",
    "02031950.csv",
    "smith 2-Mar-1950.xml",
    "born March 2nd, 1950.xml",
    "born 170431.xml",
    "smith_310417.xml",
    "310417.csv",
    "COSD_RTH_170431_20240301.xml",
    "2024-03-01_170467.xml",  # no time of day
    "birthday 101112.xml",
    "born 17.4.31.xml",
    "born 17-04-31.xml",
    "smith_31_04_17.xml",
    "17apr31.xml",
    "born 17th April, 31.xml",
    "smith_LS1 4AP.xml",
    "LS14AP.csv",
    "m1-1ae_corrected.xml",
]


@pytest.mark.parametrize("name", READABLE)
def test_names_of_senders_stay_readable(name: str) -> None:
    assert not holds_identifier(name)
    assert shown_path(f"{COSD_FOLDER}/{name}", PSEUDONYMISER) == f"{COSD_FOLDER}/{name}"


@pytest.mark.parametrize("name", WITHHELD)
def test_names_with_what_can_be_an_identifier_are_withheld(name: str) -> None:
    shown = shown_path(f"{COSD_FOLDER}/{name}", PSEUDONYMISER)
    folder, _, last = shown.rpartition("/")
    assert folder == COSD_FOLDER
    assert last.startswith("withheld-")
    assert last.endswith(Path(name).suffix)
    assert not any(character.isdigit() for character in last)


def test_names_of_generated_submissions_stay_readable(tmp_path: Path) -> None:
    generate(tmp_path, Quarter(2024, 1), Quarter(2024, 1), scale=0.002, seed=1, defects=True)
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    assert names
    assert [shown_path(name, PSEUDONYMISER) for name in names] == names


@given(st.integers(0, 999_999_999), st.sampled_from(("", " ", "-", "_", ".", "\u2009")))
def test_every_nhs_number_is_withheld(number: int, separator: str) -> None:
    digits = f"{number:09}"
    for check in range(10):
        whole = f"{digits}{check}"
        if is_valid_nhs_number(whole):
            parts = separator.join((whole[:3], whole[3:6], whole[6:]))
            assert holds_identifier(f"COSD_RAE_{parts}.xml")


def test_no_name_reaches_a_row(tmp_path: Path) -> None:
    """Of files, folders, archives, members and health boards; each file stays one of its own."""
    put(tmp_path, f"{COSD_FOLDER}/{NHS_NUMBER}.xml", GOOD)
    put(tmp_path, f"{COSD_FOLDER}/{NHS_NUMBER} (2).xml", GOOD)
    put(tmp_path, f"england/cosd/{NHS_NUMBER}/2024-01/a.xml", GOOD)
    put(tmp_path, "england/cosd/Jane Featherstonehaugh/2024-01/a.xml", GOOD)
    members = zipped((f"{LOCAL_IDENTIFIER}/a.xml", GOOD), (f"{NHS_NUMBER}.xml", "<broken"))
    put(tmp_path, f"{COSD_FOLDER}/{LOCAL_IDENTIFIER}.zip", members)
    put(tmp_path, f"wales/registry/2024-Q1/{NHS_NUMBER}_tumour.csv", "x")
    put(tmp_path, "wales/registry/2024-Q1/Featherstonehaugh_tumour.csv", "x")
    landed = read(tmp_path)
    assert len({row["file"] for row in landed.submissions}) == len(landed.submissions) == 8
    for planted in (NHS_NUMBER, LOCAL_IDENTIFIER, "Featherstonehaugh"):
        assert planted.lower() not in str(landed).lower()
        assert planted.encode() not in landed.parquet
    again = read(tmp_path)
    assert [row["file"] for row in again.submissions] == [row["file"] for row in landed.submissions]
    assert {row["file"] for row in landed.rows("cosd_record")} == {
        row["file"] for row in landed.submissions if row["status"] == "loaded"
    }


def test_two_boards_that_are_withheld_stay_two(tmp_path: Path) -> None:
    header = (
        "record_id,extract_created,nhs_number,local_patient_identifier,provider,pathway,icd10,"
        "event_date"
    )
    row = f"1,20240320T101500,{NHS_NUMBER},,7A1,primary,C509,20240110"
    for board in (NHS_NUMBER, "4010232137"):
        put(tmp_path, f"wales/registry/2024-Q1/{board}_tumour.csv", f"{header}\n{row}\n")
    rows = read(tmp_path).rows("wales_tumour")
    assert len({row["health_board"] for row in rows}) == 2
    assert len({row["record_id"] for row in rows}) == 2


def test_a_member_and_a_file_of_one_name_stay_two(tmp_path: Path) -> None:
    put(tmp_path, f"{COSD_FOLDER}/x.zip", zipped(("a.xml", GOOD)))
    put(tmp_path, f"{COSD_FOLDER}/x.zip!a.xml", GOOD)
    put(tmp_path, f"{COSD_FOLDER}/y.zip!a.xml", GOOD)  # no archive beside it: its own name
    names = [Path(row["file"]).name for row in read(tmp_path).submissions]
    assert len(set(names)) == len(names) == 3
    assert {"x.zip!a.xml", "y.zip!a.xml"} < set(names)
    assert any(name.startswith("x.zip!a.xml~") for name in names)


def test_names_that_escape_to_one_text_stay_two(tmp_path: Path) -> None:
    folder = tmp_path / COSD_FOLDER
    folder.mkdir(parents=True)
    for name in (b"\xff.xml", b"\\xff.xml", b"\\xfe\xfd.xml", b"\xfe\\xfd.xml"):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text(GOOD)
    names = [Path(row["file"]).name for row in read(tmp_path).submissions]
    assert len(set(names)) == len(names) == 4
    assert "\\xff.xml" in names


def test_a_name_longer_than_a_file_can_have_is_withheld(tmp_path: Path) -> None:
    members = zipped(("a" * 300 + ".xml", GOOD), ("b/" * 2_000 + "c.xml", GOOD))
    put(tmp_path, f"{COSD_FOLDER}/x.zip", members)
    submissions = read(tmp_path).submissions
    assert {row["status"] for row in submissions} == {"loaded"}
    assert all(len(row["file"]) < 100 for row in submissions)
