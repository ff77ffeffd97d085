-- How many people live with metastatic breast cancer by each method, and what the difference is made of
-- (section 9, rulings H29 to H31). One row a quarter, nation (England, Wales, all), sex, age band and
-- presentation; `all` marks a dimension summed over. Only nations with hospital data that can be linked.
-- A check holds it against prevalence, which is made first:
-- depends_on: {{ ref('prevalence') }}
{% set of_presentation = [
    'people_registry', 'people_registry_hospital', 'people_broad', 'added_hes', 'added_pedw',
    'added_rtds', 'added_cwt', 'moved_earlier', 'reclassified'
] %}
{% set of_all = ['unconfirmed', 'unattributed', 'no_primary_on_file', 'unlinked_people'] %}
with

available as (

    select nation from {{ ref('hospital_available') }} where is_available

),

quarter as (

    select reporting_quarter.quarter, reporting_quarter.index_date, available.nation
    from {{ ref('reporting_quarter') }} as reporting_quarter
    cross join available
    where {{ is_reported('available.nation', 'reporting_quarter') }}

),

-- Alive on the index date with an MBC date on or before it, beside the date of the registry.
living as (

    select
        quarter.quarter,
        quarter.nation,
        quarter.index_date,
        cohort.method,
        cohort.source,
        cohort.mbc_date,
        cohort.presentation,
        cohort.sex,
        {{ age_band(completed_years('cohort.birth_date', 'quarter.index_date')) }} as age_band,
        registry.mbc_date as registry_date,
        registry.presentation as registry_presentation
    from quarter
    inner join {{ ref('mbc_cohort') }} as cohort
        on cohort.nation = quarter.nation
        and cohort.mbc_date <= quarter.index_date
        and (cohort.death_date is null or cohort.death_date > quarter.index_date)
    left join {{ ref('registry_cohort') }} as registry on cohort.person_id = registry.person_id

),

flagged as (

    select
        quarter,
        nation,
        sex,
        age_band,
        presentation,
        method = 'registry' as people_registry,
        method = 'registry_hospital' as people_registry_hospital,
        method = 'registry_hospital_broad' as people_broad,
        {%- for source, name in [('hes_apc', 'hes'), ('pedw', 'pedw'), ('rtds', 'rtds'), ('cwt', 'cwt')] %}
        method = 'registry_hospital' and registry_date is null and source = '{{ source }}'
            as added_{{ name }},
        {%- endfor %}
        method = 'registry_hospital' and registry_date > index_date as moved_earlier,
        method = 'registry_hospital' and registry_date <= index_date
            and registry_presentation <> presentation as reclassified,
        case
            when method = 'registry_hospital' and registry_date > mbc_date
            then {{ days_between('mbc_date', 'registry_date') }}
        end as days_earlier
    from living

),

cell as (

    select
        quarter, nation, sex, age_band, presentation
        {%- for count in of_presentation %},
        sum(case when {{ count }} then 1 else 0 end) as {{ count }}
        {%- endfor %}
    from flagged
    group by quarter, nation, sex, age_band, presentation

),

counted as (

    select
        quarter,
        nation,
        coalesce(sex, 'all') as sex,
        coalesce(age_band, 'all') as age_band,
        coalesce(presentation, 'all') as presentation
        {%- for count in of_presentation %},
        sum({{ count }}) as {{ count }}
        {%- endfor %}
        {%- for count in of_all %},
        0 as {{ count }}
        {%- endfor %}
    from cell
    group by quarter, nation, cube (sex, age_band, presentation)

),

-- Alive, and not counted by registry_hospital on that day; unattributed before unconfirmed.
named as (

    select
        reporting_quarter.quarter,
        named.nation,
        named.status,
        coalesce(person.sex, 'unknown') as sex,
        {{ age_band(completed_years('person.birth_date', 'reporting_quarter.index_date')) }} as age_band,
        case
            when named.person_id is null then 1
            else row_number() over (
                partition by reporting_quarter.quarter, named.person_id order by named.status
            )
        end as preference
    from {{ ref('reporting_quarter') }} as reporting_quarter
    inner join {{ ref('hospital_uncounted') }} as named
        on named.told_date <= reporting_quarter.index_date
    left join {{ ref('person') }} as person on named.person_id = person.person_id
    left join {{ ref('death') }} as death
        on named.person_id = death.person_id and death.disposition = 'accepted'
    left join {{ ref('mbc_cohort') }} as counted
        on named.person_id = counted.person_id
        and counted.method = 'registry_hospital'
        and counted.mbc_date <= reporting_quarter.index_date
    where
        counted.person_id is null
        and (
            coalesce(person.death_date, death.death_date) is null
            or coalesce(person.death_date, death.death_date) > reporting_quarter.index_date
        )

),

-- Of people without a primary, and of those who cannot be linked, sex and age are not known.
uncounted as (

    select
        quarter.quarter,
        quarter.nation,
        coalesce(named.sex, 'all') as sex,
        coalesce(named.age_band, 'all') as age_band,
        'all' as presentation
        {%- for count in of_presentation %},
        0 as {{ count }}
        {%- endfor %}
        {%- for status in of_all %},
        sum(case when named.status = '{{ status }}' then 1 else 0 end) as {{ status }}
        {%- endfor %}
    from quarter
    inner join named
        on quarter.quarter = named.quarter and quarter.nation = named.nation
    where named.preference = 1
    group by quarter.quarter, quarter.nation, cube (named.sex, named.age_band)

),

of_nation as (

    select
        quarter, nation, sex, age_band, presentation
        {%- for count in of_presentation + of_all %},
        cast(sum({{ count }}) as bigint) as {{ count }}
        {%- endfor %}
    from (
        select * from counted
        union all
        select * from uncounted
        where
            (sex = 'all' and age_band = 'all')
            or unconfirmed > 0
            or unattributed > 0
    ) as either
    group by quarter, nation, sex, age_band, presentation

),

-- Both nations together, where both are here.
whole_quarter as (

    select quarter
    from quarter
    group by quarter
    having count(*) = {{ var('nations') | length }}

),

every_nation as (

    select * from of_nation
    union all
    select
        of_nation.quarter, 'all', of_nation.sex, of_nation.age_band, of_nation.presentation
        {%- for count in of_presentation + of_all %},
        cast(sum(of_nation.{{ count }}) as bigint)
        {%- endfor %}
    from of_nation
    inner join whole_quarter on of_nation.quarter = whole_quarter.quarter
    group by of_nation.quarter, of_nation.sex, of_nation.age_band, of_nation.presentation

),

-- Days by which the method knows people earlier than the registry: each person in every cell it is in.
earlier as (

    select
        flagged.quarter,
        case when of_nation.is_all then 'all' else flagged.nation end as nation,
        case when of_sex.is_all then 'all' else flagged.sex end as sex,
        case when of_age.is_all then 'all' else flagged.age_band end as age_band,
        case when of_presentation.is_all then 'all' else flagged.presentation end as presentation,
        flagged.days_earlier
    from flagged
    {%- for dimension in ['nation', 'sex', 'age', 'presentation'] %}
    cross join (select true as is_all union all select false) as of_{{ dimension }}
    {%- endfor %}
    where flagged.days_earlier is not null

),

ranked as (

    select
        quarter, nation, sex, age_band, presentation, days_earlier,
        row_number() over (
            partition by quarter, nation, sex, age_band, presentation order by days_earlier
        ) as number_in_order,
        count(*) over (partition by quarter, nation, sex, age_band, presentation) as people
    from earlier

),

median as (

    select
        quarter, nation, sex, age_band, presentation,
        sum({{ real('days_earlier') }}) / count(*) as median_days_earlier
    from ranked
    where number_in_order * 2 between people and people + 2
    group by quarter, nation, sex, age_band, presentation

),

look_back as (

    select nation, look_back_start, class_regular_present, positions
    from {{ ref('hospital_look_back') }}
    union all
    select 'all', max(look_back_start), bool_and(class_regular_present), min(positions)
    from {{ ref('hospital_look_back') }}

)

select
    every_nation.quarter,
    every_nation.nation,
    place.geography_type,
    place.code as geography_code,
    place.name as geography_name,
    every_nation.sex,
    every_nation.age_band,
    every_nation.presentation,
    every_nation.people_registry,
    every_nation.people_registry_hospital,
    every_nation.people_broad,
    every_nation.added_hes,
    every_nation.added_pedw,
    every_nation.added_rtds,
    every_nation.added_cwt,
    every_nation.moved_earlier,
    median.median_days_earlier,
    every_nation.reclassified,
    case when every_nation.presentation = 'all' then every_nation.unconfirmed end as unconfirmed,
    case when every_nation.presentation = 'all' then every_nation.unattributed end as unattributed,
    case when every_nation.sex = 'all' and every_nation.age_band = 'all'
        and every_nation.presentation = 'all' then every_nation.no_primary_on_file
    end as no_primary_on_file,
    case when every_nation.sex = 'all' and every_nation.age_band = 'all'
        and every_nation.presentation = 'all' then every_nation.unlinked_people
    end as unlinked_people,
    look_back.look_back_start,
    look_back.class_regular_present as are_regular_attenders_present,
    look_back.positions as diagnosis_positions
from every_nation
inner join {{ ref('nation') }} as place
    on place.name
    = case when every_nation.nation = 'all' then 'England and Wales' else every_nation.nation end
left join median
    on every_nation.quarter = median.quarter
    and every_nation.nation = median.nation
    and every_nation.sex = median.sex
    and every_nation.age_band = median.age_band
    and every_nation.presentation = median.presentation
left join look_back on every_nation.nation = look_back.nation
