"""What the columns of published tables hold, from where the true tables are described."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from naome_assets.statistics.tables import descriptions
from naome_assets.transform.project import Model, load_project

SUPPRESSED_COLUMN = "True where a number of the row is withheld."


@cache
def models() -> Mapping[str, Model]:
    """The SQL models, read once a process."""
    return load_project().models


def described(table: str) -> dict[str, str]:
    """Description of each column of a published table, ``suppressed`` included."""
    model = models().get(table)
    own = descriptions(table) if model is None else model.described
    return {
        **{name: " ".join(text.split()) for name, text in own.items()},
        "suppressed": SUPPRESSED_COLUMN,
    }
