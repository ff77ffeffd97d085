"""What the columns of published tables hold, from where the true tables are described."""

from __future__ import annotations

from naome_assets.contract.published_tables import TABLE
from naome_assets.figures.computed_tables import descriptions
from naome_assets.transform.project import load_project

SUPPRESSED_COLUMN = "True where a number of the row is withheld."


def described(table: str) -> dict[str, str]:
    """Description of each column of a published table, ``suppressed`` included.

    Tables that are kept by vintage are described nowhere, and have no columns added.
    """
    model = load_project().models.get(table)
    own = descriptions(table) if model is None else model.described
    added = TABLE[table].added if table in TABLE else ()
    return {
        **{name: " ".join(text.split()) for name, text in own.items()},
        **{own.name: own.description for own in added},
        "suppressed": SUPPRESSED_COLUMN,
    }
