-- Whether the figures by hospital data exist for a nation: a file is loaded, and a person at least is
-- linked (ruling H28). One row a nation.
with

{%- for nation, source in var('hospital_sources').items() %}

{{ 'in_' ~ named_by(nation) }} as (

    select count(*) as linked
    from {{ ref('hospital_episode') }}
    where source = '{{ source }}' and person_id is not null

){{ ',' if not loop.last }}
{%- endfor %}

{% for nation in var('hospital_sources') -%}
select '{{ nation }}' as nation, linked > 0 as is_available from {{ 'in_' ~ named_by(nation) }}
{%- if not loop.last %}
union all
{% endif %}
{%- endfor %}
