-- Treatments within a time of the MBC date (method book section 5): SACT in all and by subtype,
-- CDK4/6 inhibitors, palliative radiotherapy. One row a person and indicator.
with

cohort as (select * from {{ ref('registry_cohort') }}),

sact as (

    select distinct cohort.person_id
    from cohort
    inner join {{ ref('treatment') }} as treatment on cohort.person_id = treatment.person_id
    where
        treatment.modality_group in {{ setting_list('sact_groups') }}
        and treatment.start_date
            between {{ add_days('cohort.mbc_date', '-' ~ var('treatment_lookback_days')) }}
            and {{ add_days('cohort.mbc_date', var('sact_window_days')) }}
        and (cohort.death_date is null or treatment.start_date <= cohort.death_date)

),

cdk4_6 as (

    select distinct cohort.person_id
    from cohort
    inner join {{ ref('indicator_drug') }} as given on cohort.person_id = given.person_id
    inner join {{ ref('drug') }} as drug on given.drug_name = drug.drug_name
    where
        drug.drug_group = 'cdk4_6'
        and coalesce(given.administration_date, given.regimen_start_date)
            between {{ add_days('cohort.mbc_date', '-' ~ var('treatment_lookback_days')) }}
            and {{ add_days('cohort.mbc_date', var('cdk4_6_window_days')) }}
        and (
            cohort.death_date is null
            or coalesce(given.administration_date, given.regimen_start_date) <= cohort.death_date
        )

),

radiotherapy as (

    select
        record.person_id, sent.start_date, sent.modality, sent.intent
    from {{ source('submissions', 'cosd_treatment') }} as sent
    inner join {{ ref('registry_record') }} as record
        on sent.file = record.file and sent.position = record.position
    where record.extract_date is null or sent.start_date <= record.extract_date
    union all
    select person_id, start_date, modality, intent
    from {{ ref('judged_wales_treatment') }}
    where disposition = 'accepted'

),

palliative_radiotherapy as (

    select distinct cohort.person_id
    from cohort
    inner join radiotherapy on cohort.person_id = radiotherapy.person_id
    where
        radiotherapy.modality in {{ modalities_of('radiotherapy') }}
        and radiotherapy.intent in {{ setting_list('palliative_treatment_intents') }}
        and radiotherapy.start_date
            between {{ add_days('cohort.mbc_date', '-' ~ var('treatment_lookback_days')) }}
            and {{ add_days('cohort.mbc_date', var('palliative_radiotherapy_window_days')) }}
        and (cohort.death_date is null or radiotherapy.start_date <= cohort.death_date)

),

sact_use as (

    select
        cohort.person_id,
        sact.person_id is not null as in_numerator,
        {{ add_days('cohort.mbc_date', var('sact_window_days')) }} as known_on
    from cohort
    left join sact on cohort.person_id = sact.person_id

)

select person_id, 'sact_within_6_months' as indicator, in_numerator, known_on from sact_use

union all

select sact_use.person_id, 'sact_within_6_months_' || subtype.subtype, sact_use.in_numerator, sact_use.known_on
from sact_use
inner join {{ ref('indicator_subtype') }} as subtype on sact_use.person_id = subtype.person_id

union all

select
    cohort.person_id,
    'cdk4_6_inhibitor',
    cdk4_6.person_id is not null,
    {{ add_days('cohort.mbc_date', var('cdk4_6_window_days')) }}
from cohort
inner join {{ ref('indicator_subtype') }} as subtype on cohort.person_id = subtype.person_id
left join cdk4_6 on cohort.person_id = cdk4_6.person_id
where
    subtype.is_er_positive_her2_negative
    and cohort.nation in {{ setting_list('drug_data_nations') }}

union all

select
    cohort.person_id,
    'palliative_radiotherapy',
    palliative_radiotherapy.person_id is not null,
    {{ add_days('cohort.mbc_date', var('palliative_radiotherapy_window_days')) }}
from cohort
left join palliative_radiotherapy on cohort.person_id = palliative_radiotherapy.person_id
-- Intent is read from COSD and Wales only: of people of an extract nothing is known (ruling G3).
where {{ sends('cohort.nation', 'cohort.source', 'treatment_intent') }}
