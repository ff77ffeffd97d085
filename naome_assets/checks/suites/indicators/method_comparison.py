"""Rules on the comparison of the methods of finding people."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import at_least, critical, equal

#: By presentation a person can be counted under another one by another method.
_EVERYBODY = "presentation = 'all'"
_ADDED = "added_hes + added_pedw + added_rtds + added_cwt + moved_earlier"
_PEOPLE = {
    "registry": "people_registry",
    "registry_hospital": "people_registry_hospital",
    "registry_hospital_broad": "people_broad",
}

RULES = (
    critical(
        "method_comparison",
        "methods_in_order",
        "registry counts at most as many as registry_hospital, and that as broad.",
        "select people_registry_hospital as wider, people_registry as narrower "
        f"from method_comparison where {_EVERYBODY} union all "
        "select people_broad, people_registry_hospital "
        f"from method_comparison where {_EVERYBODY}",
        at_least("wider", "narrower"),
        "Each method takes all evidence of the one before it (section 9, ruling H26).",
    ),
    critical(
        "method_comparison",
        "difference_explained",
        "Who is added or known earlier is all that registry_hospital has more than registry.",
        "select people_registry_hospital - people_registry as difference, "
        f"{_ADDED} as explained from method_comparison where {_EVERYBODY}",
        equal("difference", "explained"),
        "Nobody is counted by a method without a source that names them (ruling H29).",
    ),
    critical(
        "method_comparison",
        "agrees_with_prevalence",
        "People by each method are those of prevalence.",
        " union all ".join(
            f"select comparison.{column} as compared, coalesce(living.people, 0) as people "
            "from method_comparison as comparison left join prevalence as living "
            "on comparison.quarter = living.quarter "
            "and comparison.geography_code = living.geography_code "
            "and comparison.sex = living.sex and comparison.age_band = living.age_band "
            "and comparison.presentation = living.presentation "
            f"and living.years_since_mbc = 'all' and living.method = '{method}'"
            for method, column in _PEOPLE.items()
        ),
        equal("compared", "people"),
        "Two tables that state one count must state it alike.",
    ),
)
