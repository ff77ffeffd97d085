"""Pseudonyms: identifiers are replaced in the process that reads them.

A pseudonym is HMAC-SHA-256 of the identifier, cut to 128 bits. The key comes from the environment
or a file of its own, never from beside the data (method book section 1).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from naome_assets.sources.conventions import comparable
from naome_assets.sources.shapes import is_valid_nhs_number

NhsNumberStatus = Literal["valid", "invalid", "missing"]
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class KeyProblemError(Exception):
    """The pseudonym key cannot be read or made."""


class Pseudonymiser:
    """Turns identifiers into pseudonyms with one key.

    Attributes:
        keeps_link_keys: whether readers also make pseudonyms of names and postcodes (linkage on).
    """

    def __init__(self, key: bytes, *, keeps_link_keys: bool = False) -> None:
        self._key = key
        self.keeps_link_keys = keeps_link_keys

    def __repr__(self) -> str:
        return "Pseudonymiser(key=...)"

    @property
    def fingerprint(self) -> str:
        """Tells one key from another without showing either."""
        return self._pseudonym("fingerprint")

    def nhs_person(self, number: str | None) -> tuple[str | None, NhsNumberStatus]:
        """Pseudonym of an NHS number as sent, when valid, and whether it is (rulings C1, C3)."""
        cleaned = comparable("nhs_number", number)
        if not cleaned:
            return None, "missing"
        if not is_valid_nhs_number(cleaned):
            return None, "invalid"
        return self._pseudonym("nhs", cleaned), "valid"

    def local_person(self, provider: str | None, identifier: str | None) -> str | None:
        """Pseudonym of a local patient identifier at a provider (rulings B5, C6)."""
        place = _place(provider)
        local = comparable("local_identifier", identifier)
        return self._pseudonym("local", place, local) if place and local else None

    def source_person(self, source: str, identifier: str | None) -> str | None:
        """Pseudonym of a person's number in a source of hospital data (ruling H8).

        Capitals are kept: such numbers are drawn from capitals and small letters alike. One of
        zeros alone is nobody's.
        """
        known = comparable("source_identifier", identifier)
        return self._pseudonym("source", source, known) if known.strip("0") else None

    def registry(self, namespace: str, identifier: str | None) -> str | None:
        """Pseudonym of an identifier of a registry extract, such as PATIENTID or TUMOURID."""
        known = comparable("local_identifier", identifier)
        return self._pseudonym("registry", namespace, known) if known else None

    def record(self, *parts: str | None) -> str | None:
        """Pseudonym of a record's identifier, so that it can be compared but not read (ruling B3).

        The last part is the identifier; those before it say whose numbering it is.
        """
        *numbering, identifier = parts
        known = comparable("record_identifier", identifier)
        if not known:
            return None
        return self._pseudonym(
            "record", *((part or "").strip().upper() for part in numbering), known
        )

    def row(self, values: bytes) -> str:
        """A keyed digest of what a row holds, by which equal rows are found."""
        return hmac.digest(self._key, b"row\x1f" + values, hashlib.sha256)[:16].hex()

    def link_key(self, kind: str, value: str | None) -> str | None:
        """Pseudonym of a name or postcode: letters and digits alone, without case or accents.

        None without a value, and always while linkage is off.
        """
        if not self.keeps_link_keys:
            return None
        known = comparable("link_key", value)
        return self._pseudonym("link", kind, known) if known else None

    def name(self, text: str) -> str:
        """Twelve letters that stand for a name of a file or folder that cannot be shown.

        Letters alone, so that no number ever comes out by chance.
        """
        return self._pseudonym("name", text)[:12].translate(_LETTERS)

    def mark(self, text: str) -> str:
        """A short keyed hash, by which equal texts that are not kept can be told."""
        return self._pseudonym("mark", text)[:8]

    def _pseudonym(self, *parts: str) -> str:
        message = "\x1f".join(parts).encode()
        return hmac.digest(self._key, message, hashlib.sha256)[:16].hex()


@lru_cache(maxsize=1 << 12)
def _place(provider: str | None) -> str:
    """A provider as it is in pseudonyms: a file has few, and many people of each."""
    return comparable("organisation", provider)


def load_key(path: Path, environment: Mapping[str, str] | None = None) -> bytes:
    """The key: NAOME_PSEUDONYM_KEY, else the key file, made on first use with mode 0600.

    Raises:
        KeyProblemError: when the file cannot be read or made, or is empty.
    """
    given = (os.environ if environment is None else environment).get("NAOME_PSEUDONYM_KEY")
    if given:
        return given.encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside and linked, so that two first runs agree on one whole key.
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        if not path.exists():
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = path.read_bytes().strip()
    except OSError as error:
        raise KeyProblemError(f"the pseudonym key file {path}: {error.strerror}") from None
    if not key:
        raise KeyProblemError(f"the pseudonym key file {path} is empty: delete it or restore it")
    return key
