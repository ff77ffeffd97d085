"""Rules on the groups of drugs."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    in_set,
    warning,
)

RULES = (
    warning(
        "drug",
        "drugs_recognised",
        "Names of drugs in SACT files belong to a group.",
        "select drug_group = 'unrecognised' as unrecognised from drug "
        "where is_drug and drug_group <> 'not_given'",
        in_set("unrecognised", [False], mostly=0.9),
        "An unrecognised drug counts as chemotherapy (ruling F5): the list of drugs needs it. "
        "Rare names are many and little used.",
        action="The table drug_to_review lists them with their count by provider: add drugs to the "
        "seed drug_group with their group, and notes of protocols to drug_note.",
    ),
)
