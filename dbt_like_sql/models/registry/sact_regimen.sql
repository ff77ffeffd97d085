-- SACT regimens with their group, over all drugs given (rulings F5, I3). One row a person, regimen and
-- start date; the group is null for regimens of supportive drugs or notes only, which are no treatment.
with

administration as (

    select * from {{ ref('judged_sact') }} where disposition = 'accepted'

)

select
    administration.person_id,
    administration.regimen,
    administration.regimen_start_date as start_date,
    {{ regimen_group('drug.drug_group', 'named.drug_group') }} as modality_group
from administration
inner join {{ ref('drug') }} as drug on coalesce(administration.drug_name, '') = drug.drug_name
inner join {{ ref('drug') }} as named on coalesce(administration.regimen, '') = named.drug_name
group by administration.person_id, administration.regimen, administration.regimen_start_date
