-- ER, PR and HER2 of people with MBC. One row a person. Each receptor by its own latest statement: of
-- a metastasis sampled from the MBC event on, else of a specimen from before or at it, else of a later
-- one; of the same days, the one that is last in the files.
with

ranked as (

    select
        *,
        row_number() over (
            partition by person_id, receptor
            order by preference, specimen_date desc, known_date desc, file desc, position desc
        ) as order_of_choice
    from {{ ref('receptor_evidence') }}

),

chosen as (

    select
        person_id,
        {% for receptor in ['er', 'pr', 'her2'] -%}
        max(case when receptor = '{{ receptor }}' then status end) as {{ receptor }}_status,
        max(case when receptor = '{{ receptor }}' then source end) as {{ receptor }}_source,
        max(case when receptor = '{{ receptor }}' then specimen_date end) as {{ receptor }}_date,
        bool_or(receptor = '{{ receptor }}' and preference = 1) as {{ receptor }}_is_of_metastasis
        {%- if not loop.last %},{% endif %}
        {% endfor -%}
    from ranked
    where order_of_choice = 1
    group by person_id

),

biopsy as (

    select cohort.person_id, min(pathology.specimen_date) as metastasis_biopsy_date
    from {{ ref('registry_cohort') }} as cohort
    inner join {{ ref('pathology') }} as pathology on cohort.person_id = pathology.person_id
    where
        pathology.is_metastatic_specimen
        and pathology.specimen_date
        >= {{ add_days('cohort.mbc_date', '-' ~ var('biopsy_lookback_days')) }}
        and pathology.specimen_date <= {{ add_days('cohort.mbc_date', var('event_window_days')) }}
    group by cohort.person_id

)

select
    cohort.person_id,
    {% for receptor in ['er', 'pr', 'her2'] -%}
    coalesce(chosen.{{ receptor }}_status, 'unknown') as {{ receptor }}_status,
    chosen.{{ receptor }}_source,
    chosen.{{ receptor }}_date,
    coalesce(chosen.{{ receptor }}_is_of_metastasis, false) as {{ receptor }}_is_of_metastasis,
    {% endfor -%}
    biopsy.metastasis_biopsy_date is not null as is_metastasis_biopsied,
    biopsy.metastasis_biopsy_date
from {{ ref('registry_cohort') }} as cohort
left join chosen on cohort.person_id = chosen.person_id
left join biopsy on cohort.person_id = biopsy.person_id
