-- Every date with evidence of metastatic breast cancer, by method. One row a method, person and date. Of
-- the method `registry` the rows of registry_event; of the others those of rules 6 to 9 too, of which
-- source and confirmations are named.
with

told as (

    select
        cohort.method,
        event.person_id,
        event.evidence_date,
        event.evidence_rule,
        event.evidence_count,
        cast(null as text) as source,
        cast(null as text) as confirmed_by
    from {{ ref('registry_event') }} as event
    inner join {{ ref('mbc_cohort') }} as cohort on event.person_id = cohort.person_id

    union all

    select
        cohort.method,
        added.person_id,
        added.evidence_date,
        added.rule,
        1,
        added.source,
        added.confirmed_by
    from {{ ref('method_evidence') }} as added
    inner join {{ ref('mbc_cohort') }} as cohort
        on added.person_id = cohort.person_id and added.method = cohort.method

)

select
    method,
    person_id,
    evidence_date,
    min(evidence_rule) as evidence_rule,
    cast(sum(evidence_count) as bigint) as evidence_count,
    dense_rank() over (partition by method, person_id order by evidence_date) as event_number,
    nullif(trim(
        {%- for source in ('hes_apc', 'pedw', 'rtds', 'cwt', 'deaths') %}
        case when bool_or(coalesce(source = '{{ source }}', false)) then '{{ source }} ' else '' end
        {{- ' ||' if not loop.last }}
        {%- endfor %}
    ), '') as source,
    nullif(
        {%- for letter in 'abcdef' %}
        case when bool_or(coalesce(confirmed_by like '%{{ letter }}%', false)) then '{{ letter }}' else '' end
        {{- ' ||' if not loop.last }}
        {%- endfor %}, ''
    ) as confirmed_by
from told
group by method, person_id, evidence_date
