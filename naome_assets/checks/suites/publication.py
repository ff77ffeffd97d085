"""Rules on published tables: nations stand unchanged, and no small count of a place is shown.

Both are critical: the report, the workbook and the files are not written past them.
"""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import Rule, between, critical, equal

#: The counts that each published table states, and what makes a row of it, geography apart.
_COUNTS = {
    "prevalence": ("people",),
    "cns_access": ("patients", "recorded", "seen"),
    "time_to_treatment": ("patients", "treated", "within_31d"),
    "indicator": ("numerator", "denominator"),
    "data_quality": ("records", "given"),
}
_NATIONAL = "geography_type in ('england_and_wales', 'nation')"
_LATEST = "(select max(number) from publication_vintage)"


def _totals_agree(table: str) -> Rule:
    """Sums over the nations' rows, by quarter, of the true and of the published table."""
    counted = " + ".join(f"coalesce({column}, 0)" for column in _COUNTS[table])
    only = " and source = 'all'" if table == "data_quality" else ""

    def summed(name: str, condition: str) -> str:
        return (
            f"select quarter, cast(sum({counted}) as bigint) as total from {name} "
            f"where {_NATIONAL}{condition} group by quarter"
        )

    return critical(
        f"published_{table}",
        "totals_agree",
        "National figures are published as they stand in the warehouse.",
        "select true_sum.total as in_warehouse, coalesce(published.total, 0) as published "
        f"from ({summed(table, only)}) as true_sum "
        f"left join ({summed(f'published_{table}', '')}) as published "
        "on true_sum.quarter = published.quarter",
        equal("in_warehouse", "published"),
        "Method book, section 7: national figures stay. A difference says that published tables "
        "were published before they were last built.",
    )


def _no_small_count(table: str) -> Rule:
    """Counts of places that are shown, against the profile of the latest vintage."""
    shown = " union all ".join(
        f"select {column} as people from published_{table} "
        f"where not ({_NATIONAL}) and {column} is not null"
        for column in _COUNTS[table]
    )
    return critical(
        f"published_{table}",
        "no_small_count",
        "No count of a place is small, and every one is rounded.",
        "select case when shown.people between 1 and vintage.small_to "
        "or shown.people % vintage.round_to <> 0 then 1 else 0 end as disclosed "
        f"from ({shown}) as shown cross join (select small_to, round_to from publication_vintage "
        f"where number = {_LATEST}) as vintage",
        between("disclosed", 0, 0),
        "Method book, section 7, by the profile in force: a small count can tell of a person.",
        after=("publication_vintage",),
    )


RULES: tuple[Rule, ...] = tuple(
    rule for table in _COUNTS for rule in (_totals_agree(table), _no_small_count(table))
)
