-- Every organisation code that can be resolved to a provider of today (rulings E3, E5).
-- One row a code: listed providers and their predecessors.
with

succession as (select * from {{ ref('provider_succession') }}),

code as (

    select code from {{ ref('provider') }}
    union
    select predecessor from succession

)

select
    code.code,
    coalesce(succession.final_successor, code.code) as provider_code,
    provider.name as provider_name,
    provider.cancer_alliance_code,
    provider.cancer_alliance_name,
    succession.effective as succeeded_on
from code
left join succession on code.code = succession.predecessor
left join {{ ref('provider') }} as provider
    on coalesce(succession.final_successor, code.code) = provider.code
