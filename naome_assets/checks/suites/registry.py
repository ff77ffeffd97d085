"""Rules on the registry and the cohort: people, events, and the ledger of what became of records.

Most are critical, because the models promise them: they are looked at a second way here, so that
a fault of a model stops before it becomes a figure. Completeness of items is judged in one place,
by the rules on ``data_quality`` (suite indicators). All thresholds are this project's choice,
unless a reason names its source.
"""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.latest_run import IN_LATEST_RUN
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


def _positive_share(receptor: str, item: str, lower: float, upper: float, reason: str) -> Rule:
    """Share of positives among those known, in each nation."""
    return warning(
        "receptor_status",
        f"{receptor}_plausible",
        f"Of people whose {item} is known, as many as usual are positive, by nation.",
        "select cohort.nation as geography, count(*) as people, "
        f"100.0 * sum(case when {receptor}_status = 'positive' then 1 else 0 end) / count(*) "
        "as positive_percentage from receptor_status inner join mbc_cohort as cohort "
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


#: A share of fewer people says little.
_RECEPTORS_KNOWN = 50

_RECEPTORS = (
    critical(
        "pathology",
        "one_row_a_report",
        "Each report that counts stands once.",
        "select count(*) as held from pathology group by file, position",
        between("held", 1, 1),
        "A report held twice would be two biopsies.",
    ),
    critical(
        "receptor_status",
        "everyone_in_the_cohort",
        "Everyone in the cohort has a row of receptors, known or not, and only one.",
        "select count(receptor_status.person_id) as held from mbc_cohort "
        "left join receptor_status on mbc_cohort.person_id = receptor_status.person_id "
        "group by mbc_cohort.person_id",
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

_LEDGER = (
    critical(
        "ledger",
        "adds_up",
        "Records received are accepted, superseded, out of scope or quarantined.",
        "select received, accepted + superseded + out_of_scope + quarantined as accounted "
        "from ledger",
        equal("received", "accounted"),
        "No record may vanish or be counted twice (ruling A7).",
    ),
    critical(
        "ledger",
        "never_negative",
        "No count is below zero.",
        "select least(received, accepted, superseded, out_of_scope, quarantined) as smallest_count "
        "from ledger",
        between("smallest_count", 0, None),
        "A negative count would hide another in the sum.",
    ),
    critical(
        "ledger",
        "every_file_once",
        "Every file received stands once in the ledger.",
        "select (select count(*) from ledger where ledger.file = submission.file) as ledger_rows "
        "from submission",
        between("ledger_rows", 1, 1),
        "A file without a row is unaccounted for.",
    ),
    critical(
        "ledger",
        "rejected_count_nothing",
        "A rejected file has no records.",
        "select received from ledger where status = 'rejected'",
        between("received", 0, 0),
        "A file is taken whole or not at all (ruling B20).",
    ),
    critical(
        "ledger",
        "agrees_with_quarantine",
        "Records quarantined by the ledger are those that the quarantine lists with an error.",
        "select ledger.quarantined, coalesce(listed.records, 0) as listed from ledger left join ("
        "select file, count(distinct position) as records from quarantine "
        "where severity = 'error' group by file) as listed on ledger.file = listed.file "
        "where ledger.status = 'loaded'",
        equal("quarantined", "listed"),
        "Each refused record must have its reason for the sender (ruling A6).",
        after=("quarantine",),
    ),
    warning(
        "ledger",
        "few_quarantined",
        "Share of records refused, by source and quarter.",
        "select source, quarter, cast(sum(received) as bigint) as records, "
        "100.0 * sum(quarantined) / sum(received) as refused_percentage "
        f"from ledger {IN_LATEST_RUN} "
        f"group by source, quarter having sum(received) >= {MINIMUM_GROUP}",
        between("refused_percentage", None, 5),
        "Typing alone stays under one in twenty; more is a fault of a system or of a reader.",
        groups=("source", "quarter"),
        size="records",
        action="Read the rules broken in `naome status`; when one rule makes most of it, its page "
        "says whom to ask.",
        numerator="records refused",
        denominator="records received from the source in the quarter",
    ),
)

_RECORDS = (
    warning(
        "received_record",
        "numbers_of_one_person",
        "NHS numbers stand for one person each.",
        "select provider, count(*) as records, "
        "sum(case when is_number_shared then 1 else 0 end) as under_shared_numbers "
        "from received_record where source <> 'registry' group by provider",
        between("under_shared_numbers", None, 0),
        "A number with three or more birth dates is a placeholder that passes the check digit "
        "(ruling C3): whoever is sent under it is joined to no other provider, no SACT, no death.",
        groups=("provider",),
        size="records",
        action="Ask the provider which number its system writes when none is known; the records "
        "are listed as nhs_number_shared.",
        numerator="records sent under a shared number",
        denominator="records of the provider",
    ),
    critical(
        "registry_record",
        "one_record_an_event",
        "One accepted record an event: person, provider, pathway, date, ICD, side; of a registry "
        "extract one a tumour, which may be an event of COSD as well.",
        "select count(*) as records from registry_record "
        "group by person_id, provider, pathway, event_date, coalesce(icd3, ''), "
        "coalesce(side, ''), "
        "case when source = 'registry' then record_id end",
        between("records", 1, 1),
        "The later record replaces the earlier (method book, section 1).",
    ),
    critical(
        "registry_record",
        "one_record_an_id",
        "One accepted record of a person, provider, pathway and record Id, unless the Id stands on "
        "records of two people; not of registry extracts.",
        "select count(distinct person_id) as people, max(accepted) as records from ("
        "select source, sender, record_id, person_id, "
        "sum(case when disposition = 'accepted' then 1 else 0 end) as accepted from ("
        "select source, case when source = 'cosd' then provider else '' end as sender, record_id, "
        "person_id, provider, pathway, disposition from judged_record where source <> 'registry' "
        "and disposition in ('accepted', 'superseded') and record_id is not null) as sent "
        "group by source, sender, record_id, person_id, provider, pathway) as counted "
        "group by source, sender, record_id having count(distinct person_id) = 1",
        between("records", None, 1),
        "The later record replaces the earlier, whatever was corrected (ruling B3).",
    ),
    critical(
        "registry_record",
        "person_known",
        "Every accepted record has a person.",
        "select person_id from registry_record",
        not_null("person_id"),
        "Records without one are quarantined (ruling A6).",
    ),
    critical(
        "registry_record",
        "event_date_known",
        "Every accepted record has a date, not before 1900.",
        "select cast(coalesce(extract(year from event_date), 0) as integer) as event_year "
        "from registry_record",
        between("event_year", 1900, None),
        "Other records are quarantined (ruling A6).",
    ),
    critical(
        "registry_record",
        "event_not_in_future",
        "No accepted diagnosis is later than its extract.",
        "select extract_date, event_date from registry_record",
        at_least("extract_date", "event_date"),
        "Such records are quarantined (ruling B13).",
    ),
    critical(
        "registry_record",
        "born_before_event",
        "No accepted diagnosis lies before the birth.",
        "select event_date, birth_date from registry_record",
        at_least("event_date", "birth_date"),
        "Such records are quarantined (ruling A6).",
    ),
    critical(
        "registry_record",
        "pathway_known",
        "Every accepted record is on one of the four pathways.",
        "select coalesce(pathway, 'none') as pathway from registry_record",
        in_set("pathway", ["primary", "recurrence", "progression", "transformation"]),
        "Other records are quarantined (ruling B21).",
    ),
    critical(
        "registry_record",
        "breast_only",
        "Accepted records are of breast cancer or in situ carcinoma of the breast.",
        "select icd3 from registry_record",
        in_set("icd3", ["C50", "D05"]),
        "Everything else is out of scope (method book, section 1).",
    ),
    warning(
        "registry_record",
        "providers_listed",
        "Providers are listed organisations, or predecessors of one.",
        "select provider, count(*) as records, "
        "100 * max(case when organisation.code is null then 0 else 1 end) as listed "
        "from registry_record left join organisation "
        "on registry_record.provider = organisation.code group by provider",
        between("listed", 100, None),
        "An unlisted one is reported under its own code, without an alliance (ruling E3): the "
        "list of organisations needs it.",
        groups=("provider",),
        size="records",
        after=("organisation",),
        action="Add the organisation, or its successor, to the list of providers ("
        "docs/reference-data.md).",
        numerator="100 when the organisation is listed, else 0",
        denominator="each organisation that sent records",
    ),
)


_LINKS = (
    critical(
        "person_link",
        "one_link_a_person",
        "Each person without an NHS number is linked at most once.",
        "select count(*) as links from person_link group by person_id",
        between("links", 1, 1),
        "A second link would double the person's records.",
    ),
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

_PEOPLE = (
    warning(
        "registry_record",
        "provider_open",
        "No provider of records is closed without a successor.",
        "select record.provider as provider, organisation.closed is null as is_open "
        "from (select distinct provider from registry_record) as record "
        "inner join organisation on record.provider = organisation.code "
        "where organisation.provider_code = organisation.code",
        in_set("is_open", [True]),
        "Its people are reported under a trust that is no more, and not with those of the trust "
        "that has its hospitals (ruling E5): the list of mergers ends before this one, or it was "
        "split.",
        groups=("provider",),
        action="Lay a newer succ.csv of the Organisation Data Service into the folder reference of "
        "the landing folder (docs/reference-data.md) and run again; a trust that was split stays.",
        after=("organisation",),
        numerator="1 when the organisation is closed, else 0",
        denominator="1: each organisation that sent records and has no successor",
    ),
    warning(
        "registry_record",
        "mergers_known",
        "The list of mergers reaches the records.",
        "select extract(year from max(record.event_date)) "
        "- (select extract(year from max(listed_to)) from organisation) as years_beyond "
        "from registry_record as record",
        between("years_beyond", None, 1),
        "Trusts merge every year, most in April: a list that ended two years before the records "
        "leaves some under a trust that is no more.",
        action="Lay newer etr.csv and succ.csv of the Organisation Data Service into the folder "
        "reference of the landing folder (docs/reference-data.md) and run again.",
        after=("organisation",),
    ),
    critical(
        "person",
        "one_row_a_person",
        "Each person stands once.",
        "select count(*) as held from person group by person_id",
        between("held", 1, 1),
        "Somebody twice would be counted twice in every table.",
    ),
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
    critical(
        "person",
        "sex_listed",
        "Sex is female, male or unknown.",
        "select sex from person",
        in_set("sex", ["female", "male", "unknown"]),
        "Another value would drop out of the sums over sexes (ruling A11).",
    ),
    warning(
        "person",
        "born_before_death",
        "Nobody died before birth.",
        "select death_date, birth_date from person",
        at_least("death_date", "birth_date", mostly=0.999),
        "A death joined to the wrong person: the NHS number stands in two people's records.",
        action="Ask the provider to check the NHS number: two people share it.",
    ),
    critical(
        "death",
        "one_death_a_person",
        "One accepted death a person.",
        "select count(*) as deaths from death where disposition = 'accepted' group by person_id",
        between("deaths", 1, 1),
        "The last registered row is the death (ruling B11); two would double the person.",
    ),
    critical(
        "organisation",
        "one_row_a_code",
        "Each organisation code leads to one provider.",
        "select count(*) as held from organisation group by code",
        between("held", 1, 1),
        "A code that leads to two would double its people (ruling E5).",
    ),
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
    critical(
        "treatment",
        "modality_group_listed",
        "Every treatment is in one of the six groups.",
        "select coalesce(modality_group, 'none') as modality_group from treatment",
        in_set(
            "modality_group",
            ["surgery", "chemotherapy", "radiotherapy", "other_systemic", "endocrine", "other"],
        ),
        "Groups are rows of time_to_treatment (method book, section 4).",
    ),
)

_COHORT = (
    critical(
        "evidence",
        "rule_listed",
        "Evidence rests on one of the five rules.",
        "select rule as evidence_rule from evidence",
        in_set("evidence_rule", [1, 2, 3, 4, 5]),
        "Presentation is decided by the rule (method book, section 2).",
    ),
    critical(
        "mbc_cohort",
        "one_row_a_person",
        "Each person with MBC stands once.",
        "select count(*) as held from mbc_cohort group by person_id",
        between("held", 1, 1),
        "Every table counts rows of the cohort.",
    ),
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
        "left join mbc_cohort on evidence.person_id = mbc_cohort.person_id",
        in_set("in_cohort", [True]),
        "Nobody may be lost between evidence and cohort.",
    ),
    critical(
        "mbc_cohort",
        "nation_listed",
        "The nation is England or Wales.",
        "select coalesce(nation, 'none') as nation from mbc_cohort",
        in_set("nation", ["England", "Wales"]),
        "Nations must add up to England and Wales (ruling E1).",
    ),
    critical(
        "mbc_cohort",
        "presentation_listed",
        "The presentation is de novo or recurrent.",
        "select coalesce(presentation, 'none') as presentation from mbc_cohort",
        in_set("presentation", ["de_novo", "recurrent"]),
        "Presentations must add up to all (ruling A1).",
    ),
    critical(
        "mbc_cohort",
        "mbc_date_known",
        "Everyone in the cohort has an MBC date.",
        "select mbc_date from mbc_cohort",
        not_null("mbc_date"),
        "Without it somebody is in no window and no prevalence.",
    ),
    critical(
        "mbc_cohort",
        "recurrent_since_first_evidence",
        "Recurrent MBC begins with the first evidence.",
        "select mbc_date, first_evidence_date from mbc_cohort where presentation = 'recurrent'",
        equal("mbc_date", "first_evidence_date"),
        "Ruling A1.",
    ),
    warning(
        "mbc_cohort",
        "provider_listed",
        "Everyone's provider of diagnosis is a listed organisation.",
        "select provider_code as provider, count(*) as people, "
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
        "select age_at_mbc from mbc_cohort",
        between("age_at_mbc", 18, 105, mostly=0.998),
        "Metastatic breast cancer outside these ages is so rare that a wrong date of birth is "
        "the likelier explanation.",
        action="Ask the provider for the date of birth.",
    ),
    warning(
        "mbc_cohort",
        "alive_at_mbc_date",
        "Nobody died before their MBC date.",
        "select death_date, mbc_date from mbc_cohort",
        at_least("death_date", "mbc_date", mostly=0.995),
        "Such records stay (ruling A6); more than a few mean that deaths join the wrong people.",
        action="Ask the provider for the date of diagnosis; the records stand in the quarantine as"
        " death_before_diagnosis.",
    ),
    warning(
        "mbc_cohort",
        "few_men",
        "Share of men among people with MBC.",
        "select 'all' as item, count(*) as people, "
        "100.0 * sum(case when sex = 'male' then 1 else 0 end) / count(*) as male_percentage "
        "from mbc_cohort where sex <> 'unknown' having count(*) >= 100",
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
    critical(
        "follow_up",
        "outcome_listed",
        "Follow-up ends with treatment, death or censoring.",
        "select coalesce(outcome, 'none') as outcome from follow_up",
        in_set("outcome", ["treated", "died_untreated", "censored"]),
        "The three must add up to the patients (method book, section 4).",
    ),
    critical(
        "follow_up",
        "days_not_negative",
        "No waiting time is below zero.",
        "select coalesce(days, -1) as days from follow_up",
        between("days", 0, None),
        "Earlier treatment counts as day 0 (rulings F6, F8).",
    ),
    critical(
        "population_by_band",
        "one_row_a_group",
        "One population a year, geography, sex and age band.",
        "select count(*) as held from population_by_band "
        "group by year, geography_code, sex, age_band",
        between("held", 1, 1),
        "Two would double the rows of prevalence.",
    ),
    critical(
        "population_by_band",
        "people_in_every_group",
        "Every population is above zero.",
        "select coalesce(population, 0) as population from population_by_band",
        between("population", 1, None),
        "Rates are divided by it.",
    ),
)

RULES: tuple[Rule, ...] = (
    *_LEDGER,
    *_RECORDS,
    *_LINKS,
    *_PEOPLE,
    *_COHORT,
    *_RECEPTORS,
)
