-- How often each key item is given and is valid, by the quarter of submission and who sent it (method
-- book section 5). One row a quarter, provider, source and item; source `all` is all that send the
-- item together. What is counted of each record is in record_quality and sact_quality.
{% set kinds = [
    ('record', ref('record_quality'), var('quality_items')),
    ('sact', ref('sact_quality'), var('quality_sact_items')),
] %}
with

{# One pass over the rows of a kind: three counts an item, for each quarter, provider and source. #}
{% for kind, rows, items in kinds -%}
counted_{{ kind }} as (

    select
        quarter,
        provider,
        source
        {%- for item in items %},
        count({{ item }}) as {{ item }}_records,
        sum(case when {{ item }} in ('valid', 'invalid') then 1 else 0 end) as {{ item }}_given,
        sum(case when {{ item }} = 'valid' then 1 else 0 end) as {{ item }}_valid
        {%- endfor %}
    from {{ rows }}
    -- Who sent a record without a provider is not known: it is in quarantine.
    where provider is not null
    group by quarter, provider, source

),

{% endfor -%}
by_item as (
    {% for kind, rows, items in kinds %}
    {%- set last_kind = loop.last %}
    {%- for item, codes in items.items() %}
    select
        quarter,
        provider,
        source,
        '{{ item }}' as item,
        '{{ codes[0] }}' as item_code,
        {{ item }}_records as records,
        {{ item }}_given as given,
        {{ item }}_valid as valid
    from counted_{{ kind }}
    where {{ item }}_records > 0
    {%- if not (loop.last and last_kind) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}

)

{% for source in ["source", "'all'"] -%}
select
    quarter,
    provider,
    {{ source }} as source,
    item,
    item_code,
    cast(sum(records) as bigint) as records,
    cast(sum(given) as bigint) as given,
    cast(sum(valid) as bigint) as valid
from by_item
group by 1, 2, 3, 4, 5
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
