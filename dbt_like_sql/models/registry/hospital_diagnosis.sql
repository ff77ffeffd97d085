-- Diagnoses of the hospital episodes that count, and what they say of metastasis and of the breast
-- (ruling H14, section 9 of the contract for hospital data). One row an episode and code.
with

episode as (

    select file, position from {{ ref('hospital_episode') }}

),

pedw as (

    select * from {{ ref('judged_pedw') }} where disposition = 'accepted'

),

coded as (

    select file, position, icd from {{ source('submissions', 'hes_apc_code') }}
    union
    select file, position, icd from {{ source('submissions', 'pedw_code') }}
    union
    select own.file, own.position, diagnosis.icd
    from pedw as diagnosis
    inner join pedw as own
        on diagnosis.folder = own.folder
        and diagnosis.spell_key = own.spell_key
        and diagnosis.episode_number = own.episode_number
        and own.part = 'episode'
    where diagnosis.part = 'diagnosis'

)

select
    coded.file,
    coded.position,
    coded.icd,
    substr(coded.icd, 1, 3) as icd3,
    {{ metastasis_strength('coded.icd') }} as strength,
    substr(coded.icd, 1, 3) in {{ setting_list('hospital_breast_codes') }}
        or coded.icd in {{ setting_list('hospital_breast_codes') }} as is_breast
from coded
inner join episode on coded.file = episode.file and coded.position = episode.position
