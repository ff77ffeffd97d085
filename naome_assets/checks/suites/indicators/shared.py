"""Rules that tables of figures have in common."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence

from naome_assets.checks.rule import (
    Rule,
    at_least,
    between,
    critical,
    equal,
)
from naome_assets.contract.dimensions import IS_NATIONAL, IS_REPORTED, NATION, TOGETHER

#: Percentages and limits are floating-point numbers: 100 can come out as 100.00000000000001.
TOLERANCE = 1e-9
#: What makes a row of each table, geography apart, and the count of people in it.
DIMENSIONS = {
    "prevalence": ("quarter", "method", "sex", "age_band", "presentation", "years_since_mbc"),
    "cns_access": ("quarter", "period", "presentation"),
    "time_to_treatment": ("quarter", "period", "presentation", "modality"),
    "data_quality": ("quarter", "period", "source", "item"),
}
PEOPLE = {
    "prevalence": "people",
    "cns_access": "patients",
    "time_to_treatment": "patients",
    "data_quality": "records",
}
GEOGRAPHY = ("geography_type", "geography_code")
#: Alliances and providers show the rolling periods only (method book, section 3).
ROLLING = "period <> 'quarter'"


def total(measure: str, column: str, value: str) -> str:
    """The sum over rows in which a column has a value."""
    return f"cast(sum(case when {column} = '{value}' then {measure} else 0 end) as bigint)"


def rest(measure: str, column: str, value: str) -> str:
    """The sum over the other rows."""
    return f"cast(sum(case when {column} <> '{value}' then {measure} else 0 end) as bigint)"


def by_nation(nation: str, alias: str, otherwise: str = "null") -> str:
    """Whether a quarter is reported for the nation in a column, in SQL.

    Args:
        nation: the column.
        alias: what has the columns of ``IS_REPORTED``.
        otherwise: what holds for anything that is no nation.
    """
    cases = (f"when '{name}' then {alias}.{column}" for name, column in IS_REPORTED.items())
    return f"case {nation} {' '.join(cases)} else {otherwise} end"


def nations_add_up(table: str, people: str, key: str, where: str = "") -> Rule:
    """England and Wales against its nations, in every group of a key, in some rows."""
    return critical(
        table,
        "nations_add_up",
        "England and Wales is the sum of England and of Wales.",
        f"select {total(people, 'geography_type', TOGETHER)} as {TOGETHER}, "
        f"{total(people, 'geography_type', NATION)} as nations from {table} "
        f"where {IS_NATIONAL}{where and f' and {where}'} group by {key}",
        equal(TOGETHER, "nations"),
        "Everyone is in one nation (ruling E1).",
    )


def providers_add_up(table: str, people: str, key: str, where: str = "true") -> Rule:
    """England and Wales against its providers, in every group of a key, in some rows."""
    return critical(
        table,
        "providers_add_up",
        "England and Wales is the sum of all providers and of people whose provider is not known.",
        f"select {TOGETHER}, case "
        f"when {TOGETHER} - providers between 0 and unplaced.people "
        f"then {TOGETHER} else providers end as accounted_for "
        f"from (select {total(people, 'geography_type', TOGETHER)} "
        f"as {TOGETHER}, {total(people, 'geography_type', 'provider')} as providers "
        f"from {table} where geography_type in ('{TOGETHER}', 'provider') and {where} "
        f"group by {key}) as counted "
        "cross join (select count(distinct person_id) as people from mbc_cohort "
        "where provider_code is null) "
        "as unplaced",
        equal(TOGETHER, "accounted_for"),
        "Everyone has one provider of diagnosis, listed or not (ruling E3), except in a registry "
        "extract that does not tell it; none may be lost.",
    )


def dimension_adds_up(
    table: str,
    dimension: str,
    reason: str = "`all` includes the unknown (ruling A11).",
    *,
    where: str = "true",
) -> Rule:
    """`all` against the sum of the other values of a column."""
    others = [name for name in (*DIMENSIONS[table], *GEOGRAPHY) if name != dimension]
    people = PEOPLE[table]
    return critical(
        table,
        f"{dimension}_adds_up",
        f"`all` is the sum over {dimension.replace('_', ' ')}.",
        f"select {total(people, dimension, 'all')} as all_together, "
        f"{rest(people, dimension, 'all')} as parts from {table} where {where} "
        f"group by {', '.join(others)}",
        equal("all_together", "parts"),
        reason,
    )


def percentages_possible(table: str, columns: Sequence[str]) -> Rule:
    """Columns of percentages lie from 0 to 100."""
    return critical(
        table,
        "percentages_possible",
        "Percentages and their limits lie from 0 to 100.",
        " union all ".join(
            f"select {column} as percentage from {table} where {column} is not null"
            for column in columns
        ),
        between("percentage", -TOLERANCE, 100 + TOLERANCE),
        "The numerator is a part of the denominator.",
    )


def inside_limits(table: str, triples: Sequence[tuple[str, str, str]]) -> Rule:
    """Lower <= value <= upper, for columns named in that order."""
    return critical(
        table,
        "value_inside_its_limits",
        "Every value lies within its 95 % limits.",
        " union all ".join(
            f"select least({value} - {lower}, {upper} - {value}) as room from {table} "
            f"where {value} is not null"
            for lower, value, upper in triples
        ),
        between("room", -TOLERANCE, None),
        "A value outside its own interval shows that limits belong to another row.",
    )


def in_descending_order(
    table: str, name: str, description: str, pairs: Sequence[tuple[str, str]], reason: str
) -> Rule:
    """Of each pair of columns the first is not less than the second."""
    return critical(
        table,
        name,
        description,
        " union all ".join(
            f"select {larger} as larger, {smaller} as smaller from {table}"
            for larger, smaller in pairs
        ),
        at_least("larger", "smaller"),
        reason,
    )


def sums_agree(table: str, where: str = "", *, of_providers: str = ROLLING) -> tuple[Rule, Rule]:
    """England and Wales is the sum of its nations, and of its providers, in some rows."""
    people, key = PEOPLE[table], ", ".join(DIMENSIONS[table])
    return (
        nations_add_up(table, people, key, where),
        providers_add_up(table, people, key, of_providers),
    )
