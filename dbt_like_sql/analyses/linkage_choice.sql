-- The links: the best pair of each person, unless a second person is as good as the threshold (the
-- parameter) asks. In the DuckDB that linkage_people prepared.
with person_pair as (

    select
        person_id,
        linked_person_id,
        max(match_weight) as match_weight,
        max(match_probability) as probability
    from pair
    where match_probability >= {{ parameter | default('null') }}
    group by person_id, linked_person_id

)

select
    person_id,
    linked_person_id,
    'local_identifier' as how,
    cast(null as double) as match_weight,
    cast(null as double) as probability
from by_local_identifier
union all
select
    person_id,
    min(linked_person_id) as linked_person_id,
    'probabilistic' as how,
    round(max(match_weight), 6) as match_weight,
    round(max(probability), 9) as probability
from person_pair
group by person_id
having count(*) = 1
order by person_id
