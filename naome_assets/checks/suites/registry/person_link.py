"""Rules on links between people."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    critical,
    in_set,
    warning,
)

RULES = (
    critical(
        "person_link",
        "never_between_numbers",
        "Links lead from people known by a local identifier alone to people with an NHS number.",
        "select numbered.person_id is null and target.person_id is not null "
        "and shared_number.nhs_person_id is null as holds "
        "from person_link "
        "left join (select distinct nhs_person_id as person_id from cosd_record "
        "union select distinct nhs_person_id from wales_tumour) as numbered "
        "on person_link.person_id = numbered.person_id "
        "left join (select distinct nhs_person_id as person_id from cosd_record "
        "union select distinct nhs_person_id from wales_tumour) as target "
        "on person_link.linked_person_id = target.person_id "
        "left join shared_number on person_link.linked_person_id = shared_number.nhs_person_id",
        in_set("holds", [True]),
        "Two valid NHS numbers are two people, whatever else agrees, and a number that many share "
        "is nobody's (rulings C1 to C3).",
    ),
    warning(
        "person_link",
        "few_wrong_links",
        "Links expected to be wrong, by the model's own probabilities.",
        "select 'all' as item, count(*) as links, "
        "100.0 * sum(1.0 - probability) / count(*) as wrong_percentage "
        "from person_link where probability is not null having count(*) > 0",
        between("wrong_percentage", None, 0.5),
        "A wrong link joins two people's records. Half of what the threshold of 0.99 lets through "
        "at most: above, many links lie just over it (docs/linkage.md).",
        groups=("item",),
        size="links",
        action="Raise the threshold of linkage or switch linkage off, and run again "
        "(docs/linkage.md).",
        numerator="links expected to be wrong: the sum of 1 less their probability",
        denominator="links made by probability",
    ),
)
