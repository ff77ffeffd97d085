-- To whom the numbers of people in hospital data lead, by key files (ruling H8). One row a source and
-- number that leads to one person.
select
    judged.source,
    judged.source_person_id,
    min(coalesce(judged.nhs_person_id, linked.person_id, judged.registry_person_id)) as person_id
from {{ ref('judged_source_key') }} as judged
left join {{ ref('stg_registry__link') }} as linked
    on judged.registry_person_id = linked.registry_person_id
where judged.disposition = 'accepted'
group by judged.source, judged.source_person_id
