-- Days of a primary breast cancer of each person (rulings A2, H16, H17), with where it was diagnosed.
-- One row a person and day.
with

diagnosis as (

    select person_id, event_date, stage, provider, diagnosis_site, submission_order
    from {{ ref('registry_record') }}
    where pathway = 'primary' and icd3 = 'C50'

),

-- Ruling H17: a stage from 0 to 3 is known, and none of 4 beside it.
staged as (

    select
        person_id,
        event_date,
        coalesce(bool_or({{ is_early_stage('stage') }}), false)
        and not coalesce(bool_or({{ is_stage_4('stage') }}), false) as is_early_stage
    from diagnosis
    group by person_id, event_date

),

-- Ruling E2 where no record is evidence: the first provider, and its latest record.
ranked as (

    select
        *,
        row_number() over (
            partition by person_id, event_date
            order by
                case when provider is null then 1 else 0 end, provider, submission_order desc
        ) as preference
    from diagnosis

)

select
    ranked.person_id,
    ranked.event_date as primary_date,
    staged.is_early_stage,
    -- The site's organisation where it is known (ruling E3).
    coalesce(site.code, ranked.provider) as diagnosis_code
from ranked
inner join staged
    on ranked.person_id = staged.person_id and ranked.event_date = staged.event_date
left join {{ ref('organisation') }} as site on ranked.diagnosis_site = site.code
where ranked.preference = 1
