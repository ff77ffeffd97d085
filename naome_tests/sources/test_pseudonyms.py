"""NHS numbers, pseudonyms, and their key."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nhs_number
import pytest
from hypothesis import given
from hypothesis import strategies as st

from naome_assets.sources.pseudonyms import KeyProblemError, Pseudonymiser, load_key
from naome_assets.sources.shapes import is_valid_nhs_number

from .support import NHS_NUMBER, PSEUDONYMISER


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("943 476 5919", "valid"),
        ("943-476-5919", "valid"),
        (" 9434765919\t", "valid"),
        ("1111111111", "valid"),
        ("9434765910", "invalid"),
        ("943476591", "invalid"),
        ("94347659190", "invalid"),
        ("943476591X", "invalid"),
        ("٩٤٣٤٧٦٥٩١٩", "invalid"),
        ("0000000000", "missing"),
        ("999 999 9999", "missing"),
        ("", "missing"),
        (" - ", "missing"),
        (None, "missing"),
    ],
)
def test_reading_nhs_numbers(sent: str | None, status: str) -> None:
    """Rulings C1 and C3, and the worked values of the method book."""
    pseudonym, read_status = PSEUDONYMISER.nhs_person(sent)
    assert read_status == status
    assert (pseudonym is not None) == (status == "valid")


@given(st.integers(0, 10**9 - 1).map(lambda number: f"{number:09d}"))
def test_modulus_11_agrees_with_the_library(first_nine: str) -> None:
    """The library's check digit; its own judgement also refuses some Scottish numbers."""
    check_digit = nhs_number.calculate_checksum(first_nine)
    valid = [digit for digit in range(10) if is_valid_nhs_number(f"{first_nine}{digit}")]
    assert valid == ([check_digit] if check_digit < 10 else [])


def test_pseudonyms_are_stable_and_apart() -> None:
    # Computed once with the openssl command line tool; a change would split every person in two.
    key = Pseudonymiser(b"key")
    assert key.nhs_person(NHS_NUMBER)[0] == "3884c26fd7e9528c49f10828be0a05f7"
    people = {
        key.nhs_person(NHS_NUMBER)[0],
        key.local_person("R0A", NHS_NUMBER),
        key.local_person("R1H", NHS_NUMBER),
        key.record(NHS_NUMBER),
        Pseudonymiser(b"other").nhs_person(NHS_NUMBER)[0],
    }
    assert len(people) == 5
    assert all(person and len(person) == 32 for person in people)


def test_local_identifiers() -> None:
    """Rulings B5 and C6."""
    person = PSEUDONYMISER.local_person("R0A", "A01")
    assert PSEUDONYMISER.local_person(" r0a02 ", " a01 ") == person
    assert PSEUDONYMISER.local_person("R0A", "A1") != person, "leading zeros are kept"
    assert PSEUDONYMISER.local_person("R0A", " ") is None
    assert PSEUDONYMISER.local_person(None, "A01") is None


def test_the_key_is_not_shown() -> None:
    secret = Pseudonymiser(b"very secret")
    assert "very secret" not in repr(secret) + str(secret) + secret.fingerprint
    assert secret.fingerprint != Pseudonymiser(b"another").fingerprint


def test_key_from_the_environment_comes_first(tmp_path: Path) -> None:
    assert load_key(tmp_path / "key", {"NAOME_PSEUDONYM_KEY": "given"}) == b"given"
    assert not (tmp_path / "key").exists()


def test_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_key(path, {}), range(32)))
    assert len(keys) == 1 and len(keys.pop()) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_an_empty_key_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    with pytest.raises(KeyProblemError, match="empty"):
        load_key(tmp_path / "key", {})
