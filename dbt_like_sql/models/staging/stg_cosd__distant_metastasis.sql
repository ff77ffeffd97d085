-- Whether a metastasis in a COSD record is distant (method book section 2, rulings D1 to D3).
-- One row a record and place within it: diagnosis, each progression, or the non-primary pathway.
with

metastasis as (

    select
        file,
        position,
        part,
        progression_number,
        paired,
        metastatic_type,
        metastatic_site
    from {{ source('submissions', 'cosd_metastasis') }}

),

-- v9 and v10: type and site are together; the type decides where it is valid.
paired as (

    select
        file,
        position,
        part,
        progression_number,
        case
            when metastatic_type in {{ setting_list('metastatic_types') }} then metastatic_type = '03'
            else coalesce(metastatic_site in {{ setting_list('distant_sites') }}, false)
        end as is_distant
    from metastasis
    where paired

),

-- v8: types and sites repeat apart; any valid type decides for all.
unpaired as (

    select
        file,
        position,
        part,
        progression_number,
        coalesce(bool_or(metastatic_type = '03'), false)
        or (
            not coalesce(bool_or(metastatic_type in {{ setting_list('metastatic_types') }}), false)
            and coalesce(
                bool_or(
                    metastatic_site in {{ setting_list('distant_sites') }}
                    or metastatic_site in {{ setting_list('retired_distant_sites') }}
                ), false
            )
        ) as is_distant
    from metastasis
    where not paired
    group by file, position, part, progression_number

)

select file, position, part, progression_number, bool_or(is_distant) as is_distant
from (
    select * from paired
    union all
    select * from unpaired
) as judged
group by file, position, part, progression_number
