"""Rules on receptors."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    Rule,
    between,
    critical,
    warning,
)

#: A share of fewer people says little.
_RECEPTORS_KNOWN = 50


def _positive_share(receptor: str, item: str, lower: float, upper: float, reason: str) -> Rule:
    """Share of positives among those known, in each nation."""
    return warning(
        "receptor_status",
        f"{receptor}_plausible",
        f"Of people whose {item} is known, as many as usual are positive, by nation.",
        "select cohort.nation as geography, count(*) as people, "
        f"100.0 * sum(case when {receptor}_status = 'positive' then 1 else 0 end) / count(*) "
        "as positive_percentage from receptor_status inner join registry_cohort as cohort "
        "on receptor_status.person_id = cohort.person_id "
        f"where {receptor}_status <> 'unknown' group by cohort.nation "
        f"having count(*) >= {_RECEPTORS_KNOWN}",
        between("positive_percentage", lower, upper),
        reason,
        groups=("geography",),
        size="people",
        action="Ask the laboratories with the largest share how they code this receptor.",
        numerator="people whose receptor is positive",
        denominator="people whose receptor is known, of the nation",
    )


RULES = (
    critical(
        "receptor_status",
        "everyone_in_the_cohort",
        "Everyone in the cohort has a row of receptors, known or not, and only one.",
        "select count(receptor_status.person_id) as held from registry_cohort "
        "left join receptor_status on registry_cohort.person_id = receptor_status.person_id "
        "group by registry_cohort.person_id",
        between("held", 1, 1),
        "Whoever is missing falls out of every share by receptor.",
    ),
    _positive_share(
        "er",
        "oestrogen receptor",
        55,
        92,
        "About three in four are positive; far from it the codes are likely swapped.",
    ),
    _positive_share(
        "her2",
        "HER2",
        5,
        35,
        "About one in six is positive; far more says that borderline counts as positive, far less "
        "that in-situ hybridisation is not sent.",
    ),
)
