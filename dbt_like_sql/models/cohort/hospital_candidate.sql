-- Hospital episodes that say distant metastasis, and what becomes of each (rule 6: H1 to H4, rulings H14
-- to H20, H32). One row an episode of a linked person with a strong code. Judged in the order of H18:
-- a primary breast cancer first, then early disease, then another cancer, then confirmation.
with

dated as (

    select * from {{ ref('strong_episode') }}

),

-- H3b: the episode names breast cancer too, or its history.
confirmed_b as (

    select distinct file, position from {{ ref('hospital_diagnosis') }} where is_breast

),

-- H3c: radiotherapy of a metastasis.
confirmed_c as (

    select
        dated.file,
        dated.position,
        bool_or(substr(course.diagnosis, 1, 3) = 'C50') as is_breast
    from dated
    inner join {{ ref('radiotherapy_course') }} as course on dated.person_id = course.person_id
    where
        course.is_metastasis
        and (course.diagnosis is null or substr(course.diagnosis, 1, 3) = 'C50')
        and course.start_date
        between {{ add_days('dated.evidence_date', '-' ~ var('confirming_radiotherapy_days')) }}
        and {{ add_days('dated.evidence_date', var('confirming_radiotherapy_days')) }}
    group by dated.file, dated.position

),

-- H3d, ruling H20.
confirmed_d as (

    select distinct dated.file, dated.position
    from dated
    inner join {{ ref('confirming_event') }} as event
        on dated.person_id = event.person_id and event.kind = 'sact'
    where
        event.event_date
        between {{ add_days('dated.evidence_date', '-' ~ var('confirming_sact_days_before')) }}
        and {{ add_days('dated.evidence_date', var('confirming_sact_days_after')) }}

),

-- H3e: recurrence or progression, or its treatment by cancer waiting times.
confirmed_e as (

    select distinct dated.file, dated.position
    from dated
    inner join {{ ref('confirming_event') }} as event
        on dated.person_id = event.person_id and event.kind in ('recurrence', 'waiting_times')
    where
        event.event_date
        between {{ add_days('dated.evidence_date', '-' ~ var('confirming_recurrence_days')) }}
        and {{ add_days('dated.evidence_date', var('confirming_recurrence_days')) }}

),

-- H3f: death with breast cancer among its causes.
confirmed_f as (

    select distinct dated.file, dated.position
    from dated
    inner join {{ ref('confirming_event') }} as event
        on dated.person_id = event.person_id and event.kind in ('death', 'death_of_breast')
    where
        event.event_date between dated.evidence_date
        and {{ add_days('dated.evidence_date', var('confirming_death_days')) }}

),

-- Death with breast cancer as underlying cause attributes whenever it is (ruling H32).
died_of_breast as (

    select distinct person_id from {{ ref('confirming_event') }} where kind = 'death_of_breast'

),

other as (

    select
        dated.file,
        dated.position,
        bool_or(other_primary.other_date > dated.primary_date) as is_between,
        bool_or(other_primary.other_date <= dated.primary_date) as is_before
    from dated
    inner join {{ ref('other_primary') }} as other_primary
        on dated.person_id = other_primary.person_id
        and other_primary.other_date
        <= {{ add_days('dated.evidence_date', var('other_primary_days_after')) }}
    group by dated.file, dated.position

),

judged as (

    select
        dated.*,
        confirmed_b.file is not null as is_b,
        confirmed_c.file is not null as is_c,
        confirmed_d.file is not null as is_d,
        confirmed_e.file is not null as is_e,
        confirmed_f.file is not null as is_f,
        coalesce(other.is_before, false) as is_prior_cancer,
        coalesce(other.is_between, false)
        and confirmed_b.file is null
        and not coalesce(confirmed_c.is_breast, false)
        and confirmed_d.file is null
        and died_of_breast.person_id is null as is_unattributed
    from dated
    left join confirmed_b
        on dated.file = confirmed_b.file and dated.position = confirmed_b.position
    left join confirmed_c
        on dated.file = confirmed_c.file and dated.position = confirmed_c.position
    left join confirmed_d
        on dated.file = confirmed_d.file and dated.position = confirmed_d.position
    left join confirmed_e
        on dated.file = confirmed_e.file and dated.position = confirmed_e.position
    left join confirmed_f
        on dated.file = confirmed_f.file and dated.position = confirmed_f.position
    left join other on dated.file = other.file and dated.position = other.position
    left join died_of_breast on dated.person_id = died_of_breast.person_id

),

-- H3a, rulings H18, H19: only what is neither early nor unattributed confirms another.
confirmed_a as (

    select distinct judged.file, judged.position
    from judged
    inner join judged as later
        on judged.person_id = later.person_id and judged.spell_id <> later.spell_id
    where
        later.primary_date is not null
        and not later.is_early
        and not later.is_unattributed
        and {{ days_between('judged.evidence_date', 'later.evidence_date') }}
        between 1 and {{ var('confirming_admission_days') }}

)

select
    judged.file,
    judged.position,
    judged.source,
    judged.person_id,
    judged.provider,
    judged.spell_id,
    judged.hospital_date,
    judged.primary_date,
    judged.evidence_date,
    case
        when not judged.has_primary then 'no_primary_on_file'
        when judged.primary_date is null then 'before_primary'
        when judged.is_early then 'early_stage'
        when judged.is_unattributed then 'unattributed'
        when
            confirmed_a.file is null
            and not (judged.is_b or judged.is_c or judged.is_d or judged.is_e or judged.is_f)
        then 'unconfirmed'
        else 'evidence'
    end as status,
    nullif(
        case when confirmed_a.file is not null then 'a' else '' end
        || case when judged.is_b then 'b' else '' end
        || case when judged.is_c then 'c' else '' end
        || case when judged.is_d then 'd' else '' end
        || case when judged.is_e then 'e' else '' end
        || case when judged.is_f then 'f' else '' end,
        ''
    ) as confirmed_by,
    judged.is_b as is_breast_stated,
    judged.is_prior_cancer
from judged
left join confirmed_a
    on judged.file = confirmed_a.file and judged.position = confirmed_a.position
