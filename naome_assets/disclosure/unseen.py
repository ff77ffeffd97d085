"""What rows of ``indicator`` say of people whom they cannot see (ruling G3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

#: The item of the source contract (setting ``items_sent``) that an indicator is made of.
ITEM_OF = {
    "mdt_discussed": "mdt",
    "biopsy_of_metastasis": "pathology",
    "palliative_care_seen": "palliative_care",
    "completeness_palliative_care": "palliative_care",
    "palliative_radiotherapy": "treatment_intent",
}
_SOURCES = {"cosd": "COSD", "wales": "Welsh registry", "registry": "registry extracts"}


def with_notes(
    published: pd.DataFrame, items_sent: Mapping[str, Sequence[str]], drug_nations: Sequence[str]
) -> pd.DataFrame:
    """``indicator`` with its column ``notes``: whose records hold the item; null where all do."""
    notes = {
        indicator: _counted([sent.split(" ") for sent in items_sent[item]])
        for indicator, item in ITEM_OF.items()
    }
    notes["cdk4_6_inhibitor"] = f"Counted are people of {' and '.join(drug_nations)} only."
    at = published.columns.get_loc("suppressed")
    found = published.copy()
    found.insert(int(at), "notes", published["indicator"].map(notes).astype(object))  # type: ignore[arg-type]
    return found


def _counted(sent: Sequence[Sequence[str]]) -> str:
    nations = sorted({nation for nation, _ in sent})
    sources = sorted({_SOURCES[source] for _, source in sent})
    people, records = " and ".join(nations), " or ".join(sources)
    return f"Counted are people of {people} with a record of {records} only: others do not send it."
