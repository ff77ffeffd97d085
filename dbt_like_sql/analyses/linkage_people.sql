-- Prepares linkage in a DuckDB of its own, from the table `sent` (linkage_rows): who has an NHS
-- number, who is linked by local identifier, and whom the model compares.

-- Local identifiers that some record gives with a valid NHS number. One given with two numbers
-- links nobody.
create table named as
select
    local_person_id,
    min(nhs_person_id) as nhs_person_id,
    count(distinct nhs_person_id) as numbers
from sent
where nhs_person_id is not null and local_person_id is not null
group by local_person_id;

create table by_local_identifier as
select distinct
    sent.local_person_id as person_id,
    named.nhs_person_id as linked_person_id
from sent
inner join named on sent.local_person_id = named.local_person_id
where sent.nhs_person_id is null and named.numbers = 1;

create table numbered as
select
    row_number() over () as unique_id,
    *
from (
    select distinct
        nhs_person_id as person_id,
        birth_date,
        sex,
        surname,
        forename,
        postcode,
        provider,
        event_date
    from sent
    where nhs_person_id is not null
    order by all
);

-- Below zero: the two never share an identifier of a row.
create table unnumbered as
select
    -row_number() over () as unique_id,
    *
from (
    select distinct
        local_person_id as person_id,
        birth_date,
        sex,
        surname,
        forename,
        postcode,
        provider,
        event_date
    from sent
    where nhs_person_id is null and local_person_id not in (select local_person_id from named)
    order by all
);

create table pair (
    person_id text,
    linked_person_id text,
    match_weight double,
    match_probability double
);
