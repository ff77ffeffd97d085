"""What is read and checked the same way of every TOML file that the audit team edits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from naome_assets.publication.report.words import LANGUAGES


def read_toml(path: Path, refusal: type[ValueError]) -> dict[str, Any]:
    """What is in a file.

    Raises:
        ValueError: of the type given, when it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refusal(f"{path}: cannot be read: {error}") from error


def read_listed(
    path: Path, name: str, refusal: type[ValueError]
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """What is in a file, and its entries: each under ``[[name]]``.

    Raises:
        ValueError: of the type given, when it cannot be read or they are written otherwise.
    """
    held = read_toml(path, refusal)
    listed = held.get(name, [])
    if not isinstance(listed, list):
        raise refusal(f"{path}: {name}s are written as [[{name}]]")
    return held, listed


def text_faults(name: str, held: object) -> Iterator[str]:
    """What is wrong with a text that is given in each language."""
    if not isinstance(held, Mapping) or set(held) != set(LANGUAGES):
        yield f"{name} is given in each language: {', '.join(LANGUAGES)}"
    elif not all(isinstance(text, str) and text.strip() for text in held.values()):
        yield f"{name} is a text in each language"
