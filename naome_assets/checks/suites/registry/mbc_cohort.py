"""Rules on the people with metastatic breast cancer."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import (
    at_least,
    between,
    critical,
    equal,
    in_set,
    warning,
)
from naome_assets.contract.dimensions import RECURRENT, REGISTRY

RULES = (
    critical(
        "mbc_cohort",
        "is_in_registry",
        "Everyone in the cohort is a person of the registry.",
        "select person.person_id is not null as in_registry from mbc_cohort "
        "left join person on mbc_cohort.person_id = person.person_id",
        in_set("in_registry", [True]),
        "Sex, age and death come from there.",
    ),
    critical(
        "mbc_cohort",
        "everyone_with_evidence",
        "Everyone with evidence of MBC is in the cohort.",
        "select mbc_cohort.person_id is not null as in_cohort "
        "from (select distinct person_id from evidence) as evidence "
        "left join mbc_cohort on evidence.person_id = mbc_cohort.person_id "
        "and mbc_cohort.method = 'registry'",
        in_set("in_cohort", [True]),
        "Nobody may be lost between evidence and cohort.",
    ),
    critical(
        "mbc_cohort",
        "recurrent_since_first_evidence",
        "Recurrent MBC begins with the first evidence.",
        "select mbc_date, first_evidence_date from mbc_cohort "
        f"where presentation = '{RECURRENT}' and method = '{REGISTRY}'",
        equal("mbc_date", "first_evidence_date"),
        "Ruling A1.",
    ),
    critical(
        "mbc_cohort",
        "methods_nested",
        "Whom a method finds, every wider one finds too, since the same day or an earlier one.",
        # Rule 8, a death alone, is of registry_hospital only (ruling H24).
        "select narrower.mbc_date, coalesce(wider.mbc_date, narrower.mbc_date + 1) as wider_date "
        "from mbc_cohort as narrower inner join hospital_available as available "
        "on narrower.nation = available.nation and available.is_available "
        "left join mbc_cohort as wider on narrower.person_id = wider.person_id "
        "and wider.method = case when narrower.method = 'registry' then 'registry_hospital' "
        "else 'registry_hospital_broad' end "
        "where narrower.method <> 'registry_hospital_broad' and narrower.evidence_rule <> 8",
        at_least("mbc_date", "wider_date"),
        "More evidence moves a date earlier only (ruling H26): else methods could not be compared.",
    ),
    warning(
        "mbc_cohort",
        "provider_listed",
        "Everyone's provider of diagnosis is a listed organisation.",
        "select provider_code as provider, count(distinct person_id) as people, "
        "100 * max(case when provider.code is null then 0 else 1 end) as listed "
        "from mbc_cohort left join provider on mbc_cohort.provider_code = provider.code "
        "group by provider_code",
        between("listed", 100, None),
        "An unlisted one is reported under its own code, without an alliance (ruling E3).",
        groups=("provider",),
        size="people",
        action="Add the organisation, or its successor, to the list of providers ("
        "docs/reference-data.md).",
        numerator="100 when the organisation is listed, else 0",
        denominator="each provider of diagnosis in the cohort",
    ),
    warning(
        "mbc_cohort",
        "age_plausible",
        "People are from 18 to 105 years old at MBC.",
        "select age_at_mbc from mbc_cohort where method = 'registry'",
        between("age_at_mbc", 18, 105, mostly=0.998),
        "Metastatic breast cancer outside these ages is so rare that a wrong date of birth is "
        "the likelier explanation.",
        action="Ask the provider for the date of birth.",
    ),
    warning(
        "mbc_cohort",
        "alive_at_mbc_date",
        "Nobody died before their MBC date.",
        "select death_date, mbc_date from mbc_cohort where method = 'registry'",
        at_least("death_date", "mbc_date", mostly=0.995),
        "Such records stay (ruling A6); more than a few mean that deaths join the wrong people.",
        action="Ask the provider for the date of diagnosis; the records are in the quarantine as"
        " death_before_diagnosis.",
    ),
    warning(
        "mbc_cohort",
        "few_men",
        "Share of men among people with MBC.",
        "select 'all' as item, count(*) as people, "
        "100.0 * sum(case when sex = 'male' then 1 else 0 end) / count(*) as male_percentage "
        "from mbc_cohort where sex <> 'unknown' and method = 'registry' having count(*) >= 100",
        between("male_percentage", None, 3),
        "About one in a hundred breast cancers is a man's; three times that means that codes of "
        "sex are swapped somewhere.",
        groups=("item",),
        size="people",
        action="Look for the provider whose share of men is far from the others', and ask how it "
        "codes sex.",
        numerator="men",
        denominator="people with MBC whose sex is known",
    ),
)
