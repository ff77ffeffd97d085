-- Subtype of each person with MBC whose receptor status is known. One row a person.
select
    cohort.person_id,
    case
        when receptor_status.her2_status = 'positive' then 'her2_positive'
        when receptor_status.er_status = 'positive' or receptor_status.pr_status = 'positive'
        then 'hr_positive_her2_negative'
        else 'triple_negative'
    end as subtype,
    receptor_status.er_status = 'positive' and receptor_status.her2_status = 'negative'
        as is_er_positive_her2_negative
from {{ ref('registry_cohort') }} as cohort
inner join {{ ref('receptor_status') }} as receptor_status on cohort.person_id = receptor_status.person_id
where
    receptor_status.her2_status = 'positive'
    or (
        receptor_status.her2_status = 'negative'
        and (
            receptor_status.er_status = 'positive'
            or receptor_status.pr_status = 'positive'
            or receptor_status.er_status = 'negative'
        )
    )
