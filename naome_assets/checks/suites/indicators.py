"""Rules on the tables of figures: sums, limits, and agreement between tables and geographies.

Critical rules hold by definition in tables that are right, whatever the data; plausibility only
warns.
"""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence

from naome_assets.checks.median import IS_MIDDLE
from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    Rule,
    at_least,
    between,
    critical,
    equal,
    in_set,
    not_null,
    warning,
)
from naome_assets.transform.project import load_project

#: Percentages and limits are floating-point numbers: 100 can come out as 100.00000000000001.
_TOLERANCE = 1e-9

#: The report warns at the same share.
_RECURRENT_SHARE_MINIMUM = float(load_project().variables["recurrent_share_minimum"])

#: What makes a row of each table, geography apart, and the count of people in it.
_DIMENSIONS = {
    "prevalence": ("quarter", "sex", "age_band", "presentation", "years_since_mbc"),
    "cns_access": ("quarter", "period", "presentation"),
    "time_to_treatment": ("quarter", "period", "presentation", "modality"),
    "data_quality": ("quarter", "period", "source", "item"),
}
_PEOPLE = {
    "prevalence": "people",
    "cns_access": "patients",
    "time_to_treatment": "patients",
    "data_quality": "records",
}
_GEOGRAPHY = ("geography_type", "geography_code")
#: Alliances and providers show the rolling periods only (method book, section 3).
_ROLLING = "period <> 'quarter'"


def _total(measure: str, column: str, value: str) -> str:
    """The sum over rows in which a column has a value."""
    return f"cast(sum(case when {column} = '{value}' then {measure} else 0 end) as bigint)"


def _rest(measure: str, column: str, value: str) -> str:
    """The sum over the other rows."""
    return f"cast(sum(case when {column} <> '{value}' then {measure} else 0 end) as bigint)"


def _one_row_a_key(table: str) -> Rule:
    key = ", ".join((*_DIMENSIONS[table], *_GEOGRAPHY))
    return critical(
        table,
        "one_row_a_key",
        f"One row a {key.replace('_', ' ')}.",
        "select cast(sum(held) as bigint) as held, count(*) as keys from ("
        f"select quarter, count(*) as held from {table} group by {key}) as counted "
        "group by quarter",
        equal("held", "keys"),
        "A reader who looks a figure up must find one.",
    )


def _nations_add_up(table: str) -> Rule:
    people = _PEOPLE[table]
    return critical(
        table,
        "nations_add_up",
        "England and Wales is the sum of England and of Wales.",
        f"select {_total(people, 'geography_type', 'england_and_wales')} as england_and_wales, "
        f"{_total(people, 'geography_type', 'nation')} as nations from {table} "
        f"where geography_type in ('england_and_wales', 'nation') "
        f"group by {', '.join(_DIMENSIONS[table])}",
        equal("england_and_wales", "nations"),
        "Everyone is in one nation (ruling E1).",
    )


def _providers_add_up(table: str, people: str, key: str, where: str = "true") -> Rule:
    """England and Wales against its providers, in every group of a key, in some rows."""
    return critical(
        table,
        "providers_add_up",
        "England and Wales is the sum of all providers and of people whose provider is not known.",
        "select england_and_wales, case "
        "when england_and_wales - providers between 0 and unplaced.people "
        "then england_and_wales else providers end as accounted_for "
        f"from (select {_total(people, 'geography_type', 'england_and_wales')} "
        f"as england_and_wales, {_total(people, 'geography_type', 'provider')} as providers "
        f"from {table} where geography_type in ('england_and_wales', 'provider') and {where} "
        f"group by {key}) as counted "
        "cross join (select count(*) as people from mbc_cohort where provider_code is null) "
        "as unplaced",
        equal("england_and_wales", "accounted_for"),
        "Everyone has one provider of diagnosis, listed or not (ruling E3), except in a registry "
        "extract that does not tell it; none may be lost.",
    )


def _dimension_adds_up(
    table: str, dimension: str, reason: str = "`all` includes the unknown (ruling A11)."
) -> Rule:
    others = [name for name in (*_DIMENSIONS[table], *_GEOGRAPHY) if name != dimension]
    people = _PEOPLE[table]
    return critical(
        table,
        f"{dimension}_adds_up",
        f"`all` is the sum over {dimension.replace('_', ' ')}.",
        f"select {_total(people, dimension, 'all')} as all_together, "
        f"{_rest(people, dimension, 'all')} as parts from {table} "
        f"group by {', '.join(others)}",
        equal("all_together", "parts"),
        reason,
    )


def _percentages_possible(table: str, columns: Sequence[str]) -> Rule:
    return critical(
        table,
        "percentages_possible",
        "Percentages and their limits lie from 0 to 100.",
        " union all ".join(
            f"select {column} as percentage from {table} where {column} is not null"
            for column in columns
        ),
        between("percentage", -_TOLERANCE, 100 + _TOLERANCE),
        "The numerator is a part of the denominator.",
    )


def _inside_limits(table: str, triples: Sequence[tuple[str, str, str]]) -> Rule:
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
        between("room", -_TOLERANCE, None),
        "A value outside its own interval shows that limits belong to another row.",
    )


def _in_descending_order(
    table: str, name: str, description: str, pairs: Sequence[tuple[str, str]], reason: str
) -> Rule:
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


_PREVALENCE = (
    *(
        _dimension_adds_up("prevalence", dimension)
        for dimension in ("sex", "age_band", "presentation", "years_since_mbc")
    ),
    critical(
        "prevalence",
        "everyone_alive_counted",
        "People are those of the cohort, of nations reported, who were alive on the index date.",
        "select people, coalesce(living.alive, 0) as alive from prevalence left join ("
        "select reported.quarter, count(*) as alive from reporting_quarter as reported "
        "inner join mbc_cohort as cohort on cohort.mbc_date <= reported.index_date "
        "and (cohort.death_date is null or cohort.death_date > reported.index_date) "
        "where case when cohort.nation = 'Wales' then reported.is_wales_reported "
        "else reported.is_england_reported end group by reported.quarter) as living "
        "on prevalence.quarter = living.quarter "
        "where geography_type = 'england_and_wales' and sex = 'all' "
        "and age_band = 'all' and presentation = 'all' and years_since_mbc = 'all'",
        equal("people", "alive"),
        "Counted from the cohort without the cube, the total must be the same.",
    ),
    critical(
        "prevalence",
        "population_given",
        "National rows of known sex and age have a population; England and Wales where both are "
        "reported.",
        "select population from prevalence inner join reporting_quarter as reported "
        "on prevalence.quarter = reported.quarter where sex <> 'unknown' "
        "and age_band <> 'unknown' and (geography_type = 'nation' "
        "or geography_type = 'england_and_wales' and is_england_reported and is_wales_reported)",
        not_null("population"),
        "Without it the rate is missing: the populations lack a nation or a year (ruling F1).",
    ),
    _inside_limits("prevalence", [("rate_lower_95", "rate_per_100k", "rate_upper_95")]),
    warning(
        "prevalence",
        "recurrent_share",
        "Share of recurrent MBC among people living with MBC, last quarter, by nation.",
        "select geography_name as geography, "
        f"{_total('people', 'presentation', 'all')} as people, "
        f"100.0 * {_total('people', 'presentation', 'recurrent')} "
        f"/ {_total('people', 'presentation', 'all')} as recurrent_percentage "
        "from prevalence where geography_type in ('england_and_wales', 'nation') "
        "and sex = 'all' and age_band = 'all' and years_since_mbc = 'all' "
        "and quarter = (select max(quarter) from prevalence) "
        f"group by geography_name having {_total('people', 'presentation', 'all')} "
        f">= {MINIMUM_GROUP}",
        between("recurrent_percentage", _RECURRENT_SHARE_MINIMUM, None),
        "Expect two thirds; 'a recurrent share far below 60 % is a warning about the data' "
        "(method book, facts): recurrence is under-recorded.",
        groups=("geography",),
        size="people",
        action="State the share beside the figures. Ask providers without recurrences to send each"
        " recurrence as a new non-primary record.",
        numerator="people living with recurrent MBC",
        denominator="people living with MBC, of the nation",
    ),
)

_CNS_ACCESS = (
    _dimension_adds_up("cns_access", "presentation"),
    _in_descending_order(
        "cns_access",
        "counts_nested",
        "Seen are among recorded, recorded among patients.",
        [("patients", "recorded"), ("recorded", "seen"), ("seen", "0")],
        "Missing is never dropped, only counted apart (method book, section 4).",
    ),
    _percentages_possible(
        "cns_access",
        [
            "completeness_pct",
            "seen_pct_of_recorded",
            "seen_pct_of_patients",
            "lower_95",
            "upper_95",
            "target_pct",
            "limit_lower_95",
            "limit_upper_95",
            "limit_lower_998",
            "limit_upper_998",
        ],
    ),
    _inside_limits(
        "cns_access",
        [
            ("lower_95", "seen_pct_of_recorded", "upper_95"),
            ("limit_lower_95", "target_pct", "limit_upper_95"),
        ],
    ),
    critical(
        "cns_access",
        "outliers_on_compared_rows",
        "Outliers are called only for providers and alliances, from ten records on.",
        "select coalesce(outlier, 'none') as outlier from cns_access "
        "where geography_type not in ('provider', 'cancer_alliance') "
        f"or recorded < {MINIMUM_GROUP}",
        in_set("outlier", ["none"]),
        "Ruling F3: a nation is no outlier, and chance rules small numbers.",
    ),
    warning(
        "cns_access",
        "contact_complete",
        "Contact with a clinical nurse specialist is recorded, by provider, last 12 months.",
        "select geography_code as provider, patients, completeness_pct from cns_access "
        "where geography_type = 'provider' and period = 'rolling_12m' and presentation = 'all' "
        "and quarter = (select max(quarter) from cns_access) "
        f"and patients >= {MINIMUM_GROUP}",
        between("completeness_pct", 50, None),
        "A share of people seen among fewer than half of the patients says little of the rest.",
        groups=("provider",),
        size="patients",
        action="Ask the provider to fill CR2050 and to send the records again; until then its "
        "share of people seen is not to be compared.",
        numerator="people for whom contact is recorded",
        denominator="people with MBC of the provider",
    ),
    warning(
        "cns_access",
        "national_volume_as_before",
        "New MBC in the last quarter, as a percentage of the median of the earlier ones that are "
        "reported (England and Wales: for both nations).",
        f"""
        with reported as (
            select quarter, is_england_reported, is_wales_reported,
                is_england_reported and is_wales_reported as are_both_reported
            from reporting_quarter
        ),
        new_mbc as (
            select cns.geography_name as geography, cns.quarter, cns.patients
            from cns_access as cns inner join reported on cns.quarter = reported.quarter
            where cns.period = 'quarter' and cns.presentation = 'all' and (
                cns.geography_type = 'nation'
                or cns.geography_type = 'england_and_wales' and reported.are_both_reported
            )
        ),
        latest as (select * from reported where quarter = (select max(quarter) from reported)),
        past as (
            select
                geography,
                latest.quarter,
                patients,
                row_number() over (partition by geography order by patients) as place,
                count(*) over (partition by geography) as places
            from new_mbc
            cross join latest
            where new_mbc.quarter < latest.quarter and case new_mbc.geography
                when 'England' then latest.is_england_reported
                when 'Wales' then latest.is_wales_reported
                else latest.are_both_reported
            end
        ),
        earlier as (
            select geography, quarter, avg(cast(patients as double precision)) as expected
            from past
            where places >= 4 and {IS_MIDDLE}
            group by geography, quarter
        )
        select
            earlier.geography,
            earlier.expected,
            100.0 * coalesce(new_mbc.patients, 0) / earlier.expected as percentage_of_median
        from earlier
        left join new_mbc
            on earlier.geography = new_mbc.geography and earlier.quarter = new_mbc.quarter
        where earlier.expected >= {2 * MINIMUM_GROUP}
        """,
        between("percentage_of_median", 70, 140),
        "Incidence moves by a few percent a year; a fall by a third is a quarter not yet complete. "
        "Volumes never block.",
        groups=("geography",),
        size="expected",
        action="Look for files that are missing (submission: sources_arrive, volume_as_before) "
        "before publishing the quarter.",
        numerator="people with new MBC in the last quarter",
        denominator="the median of the earlier quarters",
    ),
)

_TIME_TO_TREATMENT = (
    _dimension_adds_up("time_to_treatment", "presentation"),
    critical(
        "time_to_treatment",
        "outcomes_add_up",
        "Patients are treated, died untreated or censored.",
        "select patients, treated + died_untreated + censored as outcomes from time_to_treatment",
        equal("patients", "outcomes"),
        "Everyone has one outcome; in rows of a modality all are treated (ruling A4).",
    ),
    critical(
        "time_to_treatment",
        "modalities_add_up",
        "The treated are the sum over modalities.",
        f"select {_total('treated', 'modality', 'any')} as any_modality, "
        f"{_rest('treated', 'modality', 'any')} as modalities from time_to_treatment "
        "group by quarter, period, presentation, geography_type, geography_code",
        equal("any_modality", "modalities"),
        "The first treatment has one modality (ruling F6).",
    ),
    critical(
        "time_to_treatment",
        "modality_patients_treated",
        "In rows of a modality every patient is treated.",
        "select patients, treated from time_to_treatment where modality <> 'any'",
        equal("patients", "treated"),
        "Only `any` holds the untreated (ruling A4).",
    ),
    critical(
        "time_to_treatment",
        "everyone_followed",
        "Patients are everyone in the window.",
        "select coalesce(followed.patients, 0) as followed, window_count.patients as in_window "
        "from (select quarter, geography_code, count(*) as patients from window_member "
        "where geography_type in ('england_and_wales', 'nation') and period = 'quarter' "
        "and presentation = 'all' group by quarter, geography_code) as window_count "
        "left join time_to_treatment as followed "
        "on window_count.quarter = followed.quarter "
        "and window_count.geography_code = followed.geography_code "
        "and followed.period = 'quarter' and followed.presentation = 'all' "
        "and followed.modality = 'any'",
        equal("followed", "in_window"),
        "Somebody without a horizon would drop out of time to treatment only (ruling A5), and the "
        "two tables would differ in their patients.",
    ),
    _in_descending_order(
        "time_to_treatment",
        "counts_nested",
        "Treated within 31 or 62 days are among the eligible, and those among patients.",
        [
            ("patients", "eligible_31d"),
            ("eligible_31d", "eligible_62d"),
            ("eligible_31d", "within_31d"),
            ("eligible_62d", "within_62d"),
            ("within_31d", "0"),
            ("within_62d", "0"),
        ],
        "Who is followed for 62 days is followed for 31 (ruling F9).",
    ),
    _in_descending_order(
        "time_to_treatment",
        "quartiles_in_order",
        "Quartiles rise and are not below zero.",
        [
            ("upper_quartile_days", "median_days"),
            ("median_days", "lower_quartile_days"),
            ("lower_quartile_days", "0"),
        ],
        "A cumulative incidence never falls (ruling A9).",
    ),
    _percentages_possible(
        "time_to_treatment",
        [
            f"{name}_{days}d{suffix}"
            for days in (31, 62)
            for name, suffix in (("within", "_pct"), ("lower_95", ""), ("upper_95", ""))
        ],
    ),
    _inside_limits(
        "time_to_treatment",
        [(f"lower_95_{days}d", f"within_{days}d_pct", f"upper_95_{days}d") for days in (31, 62)],
    ),
    warning(
        "time_to_treatment",
        "treated_share_plausible",
        "Share with any treatment recorded, by nation, last 12 months, among those followed for "
        "62 days.",
        "select geography_name as geography, eligible_62d as patients, "
        "100.0 * within_62d / eligible_62d as treated_percentage from time_to_treatment "
        "where geography_type in ('england_and_wales', 'nation') and period = 'rolling_12m' "
        "and presentation = 'all' and modality = 'any' "
        "and quarter = (select max(quarter) from time_to_treatment) "
        f"and eligible_62d >= {MINIMUM_GROUP}",
        between("treated_percentage", 25, None),
        "Endocrine treatment from primary care is not recorded, so many seem untreated; under a "
        "quarter means that treatments of a source are missing.",
        groups=("geography",),
        size="patients",
        action="Look for treatment files that are missing: SACT, Welsh treatments, treatments in "
        "COSD records.",
        numerator="people treated within 62 days",
        denominator="people followed for 62 days, of the nation",
    ),
)

#: The last twelve months of each provider, all its sources together.
_LAST_YEAR = (
    "from data_quality where geography_type = 'provider' and period = 'rolling_12m' "
    "and source = 'all' and quarter = (select max(quarter) from data_quality)"
)


def _complete(item: str, description: str, minimum: float, reason: str) -> Rule:
    """How many of a provider's records give an item, at the least."""
    return warning(
        "data_quality",
        f"{item}_complete",
        f"{description}, by provider, in records of the last four quarters.",
        f"select geography_code as provider, records, completeness_pct {_LAST_YEAR} "
        f"and item = '{item}' and records >= {MINIMUM_GROUP}",
        between("completeness_pct", minimum, None),
        reason,
        groups=("provider",),
        size="records",
        action="Send the provider the list of its records that lack the item (record_quality, "
        "value missing); filled records replace the earlier ones.",
        numerator="records in which the item is given",
        denominator="records of the provider to which the item applies",
    )


_COMPLETENESS = (
    _complete(
        "birth_date",
        "The date of birth is given",
        98,
        "The standard needs it, and ages and rates rest on it.",
    ),
    _complete("sex", "The sex is known", 98, "Rates rest on it."),
    _complete(
        "ethnic_category",
        "The ethnic category is given",
        90,
        "Known from registration almost everywhere; 99 and Z (not stated) count as missing. A "
        "comparison of groups with more than a tenth missing would mislead.",
    ),
    _complete(
        "basis_of_diagnosis",
        "The basis of diagnosis is given",
        90,
        "The standard needs it; it tells death certificates apart (ruling D10).",
    ),
    _complete(
        "performance_status",
        "The performance status is given",
        40,
        "Case mix rests on it; 9 (not recorded) counts as missing. Set low: it is recorded for "
        "about half of people, and a warning that always stands is not read.",
    ),
    _complete(
        "stage_or_m",
        "Stage or M category is given",
        50,
        "Stage or M category at a primary diagnosis is how de novo MBC is found (method book, "
        "section 2). The audit's first quarterly report found stage recorded for 33-43 % of people "
        "with MBC [natcan.org.uk]; half is the least that a count of de novo can rest on.",
    ),
    _complete(
        "cns_indication",
        "Contact with a clinical nurse specialist is given",
        50,
        "CR2050; 99 counts as missing. A provider under half is compared on a minority.",
    ),
    _complete(
        "metastasis",
        "Recurrences and progressions say where the metastasis is",
        50,
        "Recurrence is under-recorded, the audit's main data-quality problem: without metastatic "
        "type or site a recurrence is no evidence of MBC.",
    ),
)

_DATA_QUALITY = (
    *_COMPLETENESS,
    warning(
        "data_quality",
        "values_valid",
        "What a provider sends of an item is possible: codes stand in their lists, dates in their "
        "limits, last 12 months.",
        f"select geography_code as provider, item, given, validity_pct {_LAST_YEAR} "
        # A record that is accepted with a warning is no invalid value.
        f"and item not in ('record', 'sact_row') and given >= {5 * MINIMUM_GROUP}",
        between("validity_pct", 95, None),
        "One value in twenty that cannot be is a fault of mapping, not of typing.",
        groups=("provider", "item"),
        size="given",
        action="Send the provider the list of its records with an impossible value "
        "(record_quality, value invalid), and ask its supplier for the mapping.",
        numerator="values that are possible",
        denominator="values given by the provider",
    ),
    warning(
        "data_quality",
        "records_accepted",
        "A provider's records can be accepted, last 12 months.",
        f"select geography_code as provider, item, records, completeness_pct {_LAST_YEAR} "
        f"and item in ('record', 'sact_row') and records >= {5 * MINIMUM_GROUP}",
        between("completeness_pct", 95, None),
        "Refused records are missing from every figure of the provider.",
        groups=("provider", "item"),
        size="records",
        action="Send the provider its part of the quarantine: file, position and rule name each "
        "record.",
        numerator="records accepted",
        denominator="records in scope received from the provider",
    ),
    _dimension_adds_up("data_quality", "source", "A record comes from one source."),
    _in_descending_order(
        "data_quality",
        "counts_nested",
        "Valid values are among those given, and those among the records.",
        [("records", "given"), ("given", "valid"), ("valid", "0")],
        "A value that is not given cannot be in the list.",
    ),
    _percentages_possible(
        "data_quality", ["completeness_pct", "lower_95", "upper_95", "validity_pct"]
    ),
    _inside_limits("data_quality", [("lower_95", "completeness_pct", "upper_95")]),
    warning(
        "data_quality",
        "completeness_holds",
        "No provider records an item much less than a year before, last 12 months.",
        "select geography_code as provider, item, records, change_since_year_before "
        f"{_LAST_YEAR} "
        f"and change_since_year_before is not null and records >= {5 * MINIMUM_GROUP}",
        between("change_since_year_before", -10, None),
        "A fall of ten points in fifty records or more is a lost field of an export or a change of "
        "system, seldom chance (project's choice).",
        groups=("provider", "item"),
        size="records",
        action="Ask the provider whether a field was lost in a change of system or export.",
        numerator="completeness of the item less that of a year before, in points",
        denominator="records of the provider to which the item applies",
    ),
)

#: Indicators without one of the sums: rates have populations below the line, and the recurrent
#: share has no rows by presentation.
_SUMMED = "indicator <> 'incidence_rate'"
_BY_PRESENTATION = f"{_SUMMED} and indicator not like 'recurrent_share%'"
_IN_ROW = "quarter, period, indicator, presentation"
_COUNTED = "coalesce(denominator, numerator)"

_INDICATOR = (
    critical(
        "indicator",
        "one_row_a_key",
        "One row a quarter, period, indicator, presentation and geography.",
        "select cast(sum(held) as bigint) as held, count(*) as keys from ("
        "select quarter, count(*) as held from indicator "
        f"group by {_IN_ROW}, geography_type, geography_code) as counted group by quarter",
        equal("held", "keys"),
        "A reader who looks a figure up must find one.",
    ),
    critical(
        "indicator",
        "nations_add_up",
        "England and Wales is the sum of England and of Wales.",
        f"select {_total(_COUNTED, 'geography_type', 'england_and_wales')} as england_and_wales, "
        f"{_total(_COUNTED, 'geography_type', 'nation')} as nations from indicator "
        "where geography_type in ('england_and_wales', 'nation') "
        f"and {_SUMMED} group by {_IN_ROW}",
        equal("england_and_wales", "nations"),
        "Everyone is in one nation (ruling E1).",
    ),
    _providers_add_up("indicator", _COUNTED, _IN_ROW, f"{_ROLLING} and {_SUMMED}"),
    critical(
        "indicator",
        "presentation_adds_up",
        "`all` is the sum over presentation.",
        f"select {_total(_COUNTED, 'presentation', 'all')} as all_together, "
        f"{_rest(_COUNTED, 'presentation', 'all')} as parts from indicator "
        f"where {_BY_PRESENTATION} "
        "group by quarter, period, indicator, geography_type, geography_code",
        equal("all_together", "parts"),
        "Everyone has one presentation (ruling A1).",
    ),
    critical(
        "indicator",
        "counts_nested",
        "The numerator is among the denominator.",
        "select denominator as larger, numerator as smaller from indicator "
        "where denominator is not null union all select numerator, 0 from indicator",
        at_least("larger", "smaller"),
        "A numerator is a part of its denominator.",
    ),
    critical(
        "indicator",
        "percentages_possible",
        "Percentages and their limits lie from 0 to 100.",
        " union all ".join(
            f"select {column} as percentage from indicator "
            f"where unit = 'percent' and {column} is not null"
            for column in (
                "value",
                "lower_95",
                "upper_95",
                "target_pct",
                "limit_lower_95",
                "limit_upper_95",
                "limit_lower_998",
                "limit_upper_998",
            )
        ),
        between("percentage", -_TOLERANCE, 100 + _TOLERANCE),
        "The numerator is a part of the denominator.",
    ),
    critical(
        "indicator",
        "value_inside_its_limits",
        "Every value lies within its 95 % limits.",
        "select least(value - lower_95, upper_95 - value) as room from indicator "
        "where lower_95 is not null",
        between("room", -_TOLERANCE, None),
        "A value outside its own interval shows that limits belong to another row.",
    ),
    critical(
        "indicator",
        "outliers_on_compared_rows",
        "Outliers are called only for providers and alliances, from ten people on, and never on "
        "survival.",
        "select coalesce(outlier, 'none') as outlier from indicator "
        "where geography_type not in ('provider', 'cancer_alliance') "
        f"or denominator < {MINIMUM_GROUP} or indicator like 'survival%'",
        in_set("outlier", ["none"]),
        "Ruling F3: a nation is no outlier, chance rules small numbers, and the limits are of "
        "proportions.",
    ),
    critical(
        "indicator",
        "everyone_counted",
        "The basis of diagnosis is looked for in everyone in the window.",
        "select coalesce(counted.denominator, 0) as counted, window_count.people as in_window "
        "from (select quarter, geography_code, count(*) as people from window_member "
        "where geography_type in ('england_and_wales', 'nation') and period = 'quarter' "
        "and presentation = 'all' group by quarter, geography_code) as window_count "
        "left join indicator as counted on window_count.quarter = counted.quarter "
        "and window_count.geography_code = counted.geography_code "
        "and counted.period = 'quarter' and counted.presentation = 'all' "
        "and counted.indicator = 'completeness_basis_of_diagnosis'",
        equal("counted", "in_window"),
        "Somebody without records of the event would drop out of every indicator of care.",
    ),
    critical(
        "indicator",
        "survival_not_above_crude",
        "Kaplan-Meier survival is not above the share of all who are not known to have died.",
        "select 100.0 * (denominator - numerator) / denominator "
        f"+ {_TOLERANCE} as not_known_to_have_died, value as survival "
        "from indicator where indicator like 'survival%' and value is not null",
        at_least("not_known_to_have_died", "survival"),
        "Censoring takes people out of the risk set, which can only lower the estimate.",
    ),
)

RULES: tuple[Rule, ...] = (
    *(
        rule
        for table in _DIMENSIONS
        for rule in (
            _one_row_a_key(table),
            _nations_add_up(table),
            _providers_add_up(
                table,
                _PEOPLE[table],
                ", ".join(_DIMENSIONS[table]),
                "true" if table == "prevalence" else _ROLLING,
            ),
        )
    ),
    *_PREVALENCE,
    *_CNS_ACCESS,
    *_TIME_TO_TREATMENT,
    *_INDICATOR,
    *_DATA_QUALITY,
)
