-- Courses of radiotherapy. One row a course.
select
    cast(null as text) as course_id,
    cast(null as text) as file,
    cast(null as integer) as position,
    cast(null as text) as quarter,
    cast(null as text) as person_id,
    cast(null as text) as source_person_id,
    cast(null as text) as provider,
    cast(null as text) as diagnosis,
    cast(null as boolean) as is_metastasis,
    cast(null as date) as start_date
where false
