-- SACT regimens with their group, over all drugs given (ruling F5). One row a person, regimen and
-- start date; the group is null for regimens of supportive drugs only, which are no treatment.
with

administration as (

    select * from {{ ref('judged_sact') }} where disposition = 'accepted'

),

regimen as (

    select
        administration.person_id,
        administration.regimen,
        administration.regimen_start_date as start_date,
        bool_or(drug.drug_group in ('chemotherapy', 'unrecognised')) as has_chemotherapy,
        bool_or(
            drug.drug_group in ('cdk4_6', 'her2', 'immunotherapy', 'parp', 'other_targeted')
        ) as has_targeted,
        bool_or(drug.drug_group = 'endocrine') as has_endocrine
    from administration
    inner join {{ ref('drug') }} as drug
        on coalesce(administration.drug_name, '') = drug.drug_name
    group by administration.person_id, administration.regimen, administration.regimen_start_date

)

select
    person_id,
    regimen,
    start_date,
    case
        when has_chemotherapy then 'chemotherapy'
        when has_targeted then 'other_systemic'
        when has_endocrine then 'endocrine'
    end as modality_group
from regimen
