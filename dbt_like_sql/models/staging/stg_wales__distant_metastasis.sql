-- Whether the metastasis of a Welsh registry event is distant (rulings B18, D1, D2).
-- One row an event; the columns are those of stg_cosd__distant_metastasis.
with

metastasis as (

    select
        file,
        position,
        -- Ruling B18: beside a progression date, type and sites belong to the progression.
        case
            when pathway in ('recurrence', 'progression') then 'non_primary'
            when progression_date is not null or progression_date_fault is not null then 'progression'
            else 'diagnosis'
        end as part,
        metastatic_type,
        ';' || coalesce(metastatic_sites, '') || ';' as metastatic_sites
    from {{ source('submissions', 'wales_tumour') }}

)

select
    file,
    position,
    part,
    case when part = 'progression' then 1 end as progression_number,
    case
        when metastatic_type in {{ setting_list('metastatic_types') }} then metastatic_type = '03'
        else {% for site in var('distant_sites') -%}
            {% if not loop.first %} or {% endif %}metastatic_sites like '%;{{ site }};%'
        {%- endfor %}
    end as is_distant
from metastasis
