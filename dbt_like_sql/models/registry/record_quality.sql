-- How each key item of each breast record stands (method book section 5): `valid`, `invalid` (something
-- is there that cannot be), `missing` (nothing, or a code for "not known"), null where the item
-- does not apply. One row a record in scope that stands, accepted or refused; superseded ones do not.
{# Of each item: the records it applies to, when it is given, when what is given is valid. COSD and
   Welsh codes outside the standard's lists are found by code_fault; here, what it does not judge.
   Items that go on unchanged are not among them: cosd_items.tsv says it of them. #}
{% set earliest = "cast('" ~ var('earliest_date') ~ "' as date)" %}
{% set as_coded = "source <> 'registry' or %s in (select code from cosd_code where item_code = '%s')" %}
{% set listed = "%s in (select value from item_value where item = '%s')" %}
{% set primary = "pathway = 'primary'" %}
{% set submitted = "source <> 'registry'" %}
{% set event_possible = "event_date between " ~ earliest ~ " and extract_date" %}
{% set standing = {
    'record': ["true", "disposition = 'accepted'", "not has_fault"],
    'nhs_number': [
        submitted, "nhs_number_status <> 'missing'",
        "nhs_number_status = 'valid' and not is_number_shared"
    ],
    'birth_date': [
        submitted, date_given('birth_date', 'birth_date_fault'),
        "birth_date between " ~ earliest ~ " and coalesce(event_date, extract_date)"
    ],
    'sex': [
        "true", "sex_code not in ('X', 'Z')",
        "source = 'cosd' or (source = 'wales' and sex_code in ('F', 'M', 'I'))"
        ~ " or (source = 'registry' and sex_code in ('1', '2', '9', 'F', 'M'))"
    ],
    'ethnic_category': [
        "true", "ethnic_category not in " ~ setting_list('ethnic_category_not_given'),
        as_coded % ('ethnic_category', 'CR0150')
    ],
    'diagnosis_date': [primary, date_given('event_date', 'event_date_fault'), event_possible],
    'recurrence_date': [
        "pathway <> 'primary'", date_given('event_date', 'event_date_fault'), event_possible
    ],
    'icd10': [primary, "icd10 is not null", listed % ('icd10', 'icd10')],
    'laterality': [primary, "laterality <> '9'", as_coded % ('laterality', 'CR0380')],
    'basis_of_diagnosis': [
        primary, "basis_of_diagnosis <> '9'", as_coded % ('basis_of_diagnosis', 'CR0390')
    ],
    'performance_status': [
        primary, "performance_status <> '9'", as_coded % ('performance_status', 'CR0510')
    ],
    't_category': [
        primary, "t_category is not null", listed % (tnm_value('t_category'), 't_category')
    ],
    'n_category': [
        primary, "n_category is not null", listed % (tnm_value('n_category'), 'n_category')
    ],
    'm_category': [
        primary, "m_category is not null", listed % (tnm_value('m_category'), 'm_category')
    ],
    'stage': [primary, "stage is not null", listed % ('stage', 'stage')],
    'stage_or_m': [
        primary ~ " and icd3 = 'C50'", "stage is not null or m_category is not null",
        "(stage is null or " ~ listed % ('stage', 'stage') ~ ") and (m_category is null or "
        ~ listed % (tnm_value('m_category'), 'm_category') ~ ")"
    ],
    'metastasis': [
        "pathway in ('recurrence', 'progression')", "is_type_given or is_site_given",
        "not is_type_unlisted and not is_site_unlisted"
    ],
    'metastatic_type': ["has_metastasis", "is_type_given", "not is_type_unlisted"],
    'metastatic_site': ["has_metastasis", "is_site_given", "not is_site_unlisted"],
    'cns_indication': [
        "cns_contact <> 'not_collected'", "cns_indication <> '99'",
        as_coded % ('cns_indication', 'CR2050')
    ],
    'mdt': [
        submitted, "is_mdt_discussed or mdt_date_fault = 'unreadable'",
        "coalesce(mdt_date_fault, '') <> 'unreadable'"
    ],
    'treatment': [submitted, "is_treated", "not is_treatment_impossible"],
} %}
with

cosd_code as (select item_code, code from {{ ref('cosd_code') }}),

item_value as (select item, value from {{ ref('item_value') }}),

-- Codes that are in no list of the standard.
unlisted as (

    select
        file,
        position
        {%- for item, codes in var('quality_items').items() %},
        bool_or(item_code in ('{{ codes | join("', '") }}')) as {{ item }}
        {%- endfor %}
    from {{ ref('code_fault') }}
    where rule = 'unknown_code'
    group by file, position

),

faulty as (

    select distinct file, position from {{ ref('record_fault') }}

),

-- Types and sites one below the other; a Welsh row joins its sites by semicolons.
named as (

    select
        file,
        position,
        metastatic_type,
        metastatic_site
    from {{ source('submissions', 'cosd_metastasis') }}
    union all
    select file, position, metastatic_type, null
    from {{ source('submissions', 'wales_tumour') }}
    where metastatic_type is not null
    union all
    select file, position, null, unnest(string_to_array(metastatic_sites, ';'))
    from {{ source('submissions', 'wales_tumour') }}
    where metastatic_sites is not null

),

metastasis as (

    select
        named.file,
        named.position,
        bool_or(coalesce(named.metastatic_type, '99') <> '99') as is_type_given,
        bool_or(coalesce(named.metastatic_type, '99') <> '99' and type.code is null) as is_type_unlisted,
        bool_or(coalesce(named.metastatic_site, '99') not in ('99', '')) as is_site_given,
        bool_or(coalesce(named.metastatic_site, '99') not in ('99', '') and site.code is null)
            as is_site_unlisted
    from named
    left join cosd_code as type on type.item_code = 'CR6960' and named.metastatic_type = type.code
    left join cosd_code as site on site.item_code = 'CR6970' and named.metastatic_site = site.code
    group by named.file, named.position

),

treated as (

    select
        treatment.file,
        treatment.position,
        bool_or(
            treatment.start_date is null
            or treatment.start_date not between {{ earliest }} and submission.extract_date
        ) as is_impossible
    from {{ source('submissions', 'cosd_treatment') }} as treatment
    inner join {{ source('submissions', 'submission') }} as submission
        on treatment.file = submission.file
    group by treatment.file, treatment.position

),

-- Welsh treatments come in files of their own: what counts is that the person has one.
treated_person as (

    select
        treatment.person_id,
        bool_or(
            treatment.disposition = 'quarantined'
            or (treatment.modality is not null and listed.code is null)
        ) as is_impossible
    from {{ ref('judged_wales_treatment') }} as treatment
    left join cosd_code as listed
        on listed.item_code = 'CR2040' and treatment.modality = listed.code
    where treatment.disposition <> 'superseded' and treatment.person_id is not null
    group by treatment.person_id

),

record as (

    select
        received.*,
        judged.disposition,
        faulty.file is not null as has_fault,
        metastasis.file is not null or received.pathway in ('recurrence', 'progression')
            as has_metastasis,
        metastasis.is_type_given,
        metastasis.is_type_unlisted,
        metastasis.is_site_given,
        metastasis.is_site_unlisted,
        treated.file is not null or treated_person.person_id is not null as is_treated,
        coalesce(treated.is_impossible, treated_person.is_impossible) as is_treatment_impossible
        {%- for item in var('quality_items') %},
        coalesce(unlisted.{{ item }}, false) as {{ item }}_is_unlisted
        {%- endfor %}
    from {{ ref('received_record') }} as received
    inner join {{ ref('judged_record') }} as judged
        on received.file = judged.file and received.position = judged.position
    left join unlisted on received.file = unlisted.file and received.position = unlisted.position
    left join faulty on received.file = faulty.file and received.position = faulty.position
    left join metastasis
        on received.file = metastasis.file and received.position = metastasis.position
    left join treated on received.file = treated.file and received.position = treated.position
    left join treated_person
        on received.source = 'wales' and received.person_id = treated_person.person_id
    where judged.disposition in ('accepted', 'quarantined')

)

select
    file,
    position,
    quarter,
    source,
    provider
    {%- for item in var('quality_items') %},
    {% if item in standing -%}
    {{ item_standing(
        standing[item][0],
        standing[item][1],
        "(" ~ standing[item][2] ~ ") and not " ~ item ~ "_is_unlisted"
    ) }}
    {%- else -%}
    {{ carried_item_standing(item) }}
    {%- endif %} as {{ item }}
    {%- endfor %}
from record
