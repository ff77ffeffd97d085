"""Rules on accepted records."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    at_least,
    between,
    critical,
    in_set,
    not_null,
    warning,
)

RULES = (
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
        "One accepted record of a person, provider, pathway and record Id, unless the Id is on "
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
)
