"""Rules on published tables: nations stand unchanged, and no small count of a place is shown.

Every column of counts that the contract names is judged. All are critical: the report, the
workbook and the files are not written past them.
"""

# The SQL is put together from the names in this file and in the contract only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import Rule, between, critical, equal
from naome_assets.contract.dimensions import IS_NATIONAL
from naome_assets.contract.published_tables import COUNT_COLUMNS, CURVES, NATIONAL_TABLES, TABLE

_LATEST = "(select max(number) from publication_vintage)"
_PROFILE = f"(select small_to, round_to from publication_vintage where number = {_LATEST})"


def _totals_agree(table: str) -> Rule:
    """Sums over the nations' rows, by quarter, of the true and of the published table."""
    counted = " + ".join(f"coalesce({column}, 0)" for column in COUNT_COLUMNS[table])
    own = TABLE[table]
    only = f" and {own.rows}" if own.rows and own.control == "windows" else ""

    def summed(name: str, condition: str) -> str:
        return (
            f"select quarter, cast(sum({counted}) as bigint) as total from {name} "
            f"where {IS_NATIONAL}{condition} group by quarter"
        )

    return critical(
        f"published_{table}",
        "totals_agree",
        "National figures are published as they are in the warehouse.",
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
        f"where not ({IS_NATIONAL}) and {column} is not null"
        for column in COUNT_COLUMNS[table]
    )
    return critical(
        f"published_{table}",
        "no_small_count",
        "No count of a place is small, and every one is rounded.",
        "select case when shown.people between 1 and vintage.small_to "
        "or shown.people % vintage.round_to <> 0 then 1 else 0 end as disclosed "
        f"from ({shown}) as shown cross join {_PROFILE} as vintage",
        between("disclosed", 0, 0),
        "Method book, section 7, by the profile in force: a small count can tell of a person.",
        after=("publication_vintage",),
    )


def _nations_only(table: str) -> Rule:
    return critical(
        f"published_{table}",
        "nations_only",
        "No row is of a place below the nations.",
        f"select case when {IS_NATIONAL} then 0 else 1 end as of_a_place from published_{table}",
        between("of_a_place", 0, 0),
        "No rule hides small counts in this table, so it is published for nations alone.",
    )


def _steps_are_coarse(table: str) -> Rule:
    """People who leave between two points of a curve, and after its last."""
    curve = "quarter, period, geography_type, geography_code, presentation"
    return critical(
        f"published_{table}",
        "steps_are_coarse",
        "Between two points of a curve, and after the last, nobody leaves or enough people do.",
        "select case when stepped.leaving between 1 and vintage.small_to then 1 else 0 end "
        "as disclosed from (select at_risk - coalesce(lead(at_risk) over "
        f"(partition by {curve} order by day), 0) as leaving from published_{table}) as stepped "
        f"cross join {_PROFILE} as vintage",
        between("disclosed", 0, 0),
        "Ruling G4: a step of few people tells on which day one of them left.",
        after=("publication_vintage",),
    )


RULES: tuple[Rule, ...] = (
    *(
        rule
        for table in COUNT_COLUMNS
        for rule in (
            # Case-mix values are of places alone.
            *((_totals_agree(table),) if TABLE[table].control != "case_mix" else ()),
            _no_small_count(table),
        )
    ),
    *(_nations_only(table) for table in NATIONAL_TABLES),
    *(_steps_are_coarse(table) for table in CURVES),
)
