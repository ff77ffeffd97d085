"""What rows of ``indicator`` say of people whom they cannot see (ruling G3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from naome_assets.contract.indicators import INDICATORS

_SOURCES = {"cosd": "COSD", "wales": "Welsh registry", "registry": "registry extracts"}


def with_notes(published: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """``indicator`` with its column ``notes``: whose records hold the item; null where all do.

    Args:
        published: the table.
        settings: of the SQL project.
    """
    notes = {
        own.key: _counted([sent.split(" ") for sent in settings["items_sent"][own.item_sent]])
        for own in INDICATORS
        if own.item_sent
    } | {
        own.key: f"Counted are people of {' and '.join(settings[own.nations])} only."
        for own in INDICATORS
        if own.nations
    }
    at = published.columns.get_loc("suppressed")
    found = published.copy()
    found.insert(int(at), "notes", published["indicator"].map(notes).astype(object))  # type: ignore[arg-type]
    return found


def _counted(sent: Sequence[Sequence[str]]) -> str:
    nations = sorted({nation for nation, _ in sent})
    sources = sorted({_SOURCES[source] for _, source in sent})
    people, records = " and ".join(nations), " or ".join(sources)
    return f"Counted are people of {people} with a record of {records} only: others do not send it."
