{# The geographies that people of a cohort are counted in (method book section 3, rulings A10, E3, E4,
   E9). `also`: a column of the cohort that goes with each person, and `every`: a condition on the cohort
   for England and Wales. #}
{% macro placed_people(cohort, also='', every='true') -%}
{% set and_also = 'cohort.' ~ also ~ ', ' if also else '' %}
    select
        {{ and_also }}cohort.person_id, nation.geography_type, nation.code as geography_code,
        nation.name as geography_name
    from {{ cohort }} as cohort
    cross join {{ ref('nation') }} as nation
    where nation.geography_type = 'england_and_wales' and {{ every }}

    union all

    select {{ and_also }}cohort.person_id, nation.geography_type, nation.code, nation.name
    from {{ cohort }} as cohort
    inner join {{ ref('nation') }} as nation
        on cohort.nation = nation.name and nation.geography_type = 'nation'

    union all

    select
        {{ and_also }}cohort.person_id, 'cancer_alliance', organisation.cancer_alliance_code,
        organisation.cancer_alliance_name
    from {{ cohort }} as cohort
    inner join {{ ref('organisation') }} as organisation on cohort.provider_code = organisation.code
    where organisation.cancer_alliance_code is not null and cohort.nation = '{{ first_nation() }}'

    union all

    select
        {{ and_also }}cohort.person_id,
        'provider',
        cohort.provider_code,
        coalesce(organisation.provider_name, cohort.provider_code)
    from {{ cohort }} as cohort
    left join {{ ref('organisation') }} as organisation on cohort.provider_code = organisation.code
    where cohort.provider_code is not null
{%- endmacro %}
