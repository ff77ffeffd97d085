"""Rules on people."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    at_least,
    critical,
    in_set,
    warning,
)

RULES = (
    critical(
        "person",
        "everyone_with_a_record",
        "Everyone with an accepted record is a person of the registry, and nobody else.",
        "select record.person_id is not null and person.person_id is not null as in_both "
        "from person full outer join (select distinct person_id from registry_record) as record "
        "on person.person_id = record.person_id",
        in_set("in_both", [True]),
        "Nobody may be lost between records and people.",
    ),
    warning(
        "person",
        "born_before_death",
        "Nobody died before birth.",
        "select death_date, birth_date from person",
        at_least("death_date", "birth_date", mostly=0.999),
        "A death joined to the wrong person: the NHS number is in two people's records.",
        action="Ask the provider to check the NHS number: two people share it.",
    ),
)
