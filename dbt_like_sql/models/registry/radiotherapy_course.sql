-- Courses of radiotherapy (ruling H21). One row a person, provider and episode of RTDS; prescriptions
-- without their episode are courses of their own. A course without a date is none.
with

accepted as (select * from {{ ref('judged_rtds') }} where disposition = 'accepted'),

episode as (

    select
        accepted.*,
        source_person_id || '#' || coalesce(provider, '') || '#' || episode_key as course_id
    from accepted
    where part <> 'prescription'

),

course_of_key as (select distinct folder, join_key, course_id from episode),

member as (

    select * from episode
    union all
    select
        accepted.*,
        coalesce(
            course_of_key.course_id,
            source_person_id || '#' || coalesce(provider, '') || '#' || episode_key || '#alone'
        ) as course_id
    from accepted
    left join course_of_key
        on accepted.folder = course_of_key.folder and accepted.join_key = course_of_key.join_key
    where accepted.part = 'prescription'

),

ordered as (

    select
        member.*,
        row_number() over (
            partition by course_id order by file, position
        ) as order_in_course,
        row_number() over (
            partition by course_id
            order by case when diagnosis is null then 1 else 0 end, file, position
        ) as order_of_diagnosis
    from member

)

select
    course_id,
    max(case when order_in_course = 1 then file end) as file,
    max(case when order_in_course = 1 then position end) as position,
    max(case when order_in_course = 1 then quarter end) as quarter,
    max(person_id) as person_id,
    max(source_person_id) as source_person_id,
    max(provider) as provider,
    max(case when order_of_diagnosis = 1 then diagnosis end) as diagnosis,
    coalesce(bool_or(region = 'M'), false) as is_metastasis,
    coalesce(min(treatment_start_date), min(appointment_date)) as start_date
from ordered
group by course_id
having coalesce(min(treatment_start_date), min(appointment_date)) is not null
