"""What rows of ``indicator`` say of people whom they cannot see."""

from __future__ import annotations

import pandas as pd

from naome_assets.disclosure.unseen import with_notes


def test_notes_say_whose_records_hold_an_item() -> None:
    published = pd.DataFrame(
        {
            "indicator": ["mdt_discussed", "cdk4_6_inhibitor", "sact_within_6_months",
                          "biopsy_of_metastasis"],
            "suppressed": False,
            "after": 1,
        }
    )  # fmt: skip
    sent = {
        "mdt": ["Wales wales", "England cosd", "England registry"],
        "pathology": ["England cosd"],
        "palliative_care": ["England cosd"],
        "treatment_intent": ["England cosd"],
    }
    settings = {"items_sent": sent, "drug_data_nations": ["England", "Wales"]}
    found = with_notes(published, settings)
    assert list(found) == ["indicator", "notes", "suppressed", "after"]
    assert found["notes"].tolist() == [
        "Counted are people of England and Wales with a record of COSD or Welsh registry or "
        "registry extracts only: others do not send it.",
        "Counted are people of England and Wales only.",
        *(found["notes"][2:3]),
        "Counted are people of England with a record of COSD only: others do not send it.",
    ]
    assert pd.isna(found["notes"][2])
    assert "notes" not in published
