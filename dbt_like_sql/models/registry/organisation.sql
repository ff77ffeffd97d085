-- Every organisation code that can be resolved to a provider of today (rulings E3, E5).
-- One row a code: listed providers and their predecessors. A list that a user laid beside the landing
-- comes before the shipped one, code by code.
{% set longest_chain = 6 %}
with

laid_provider as (

    select code, name, closed
    from (
        select
            code, name, closed,
            row_number() over (partition by code order by file desc, position desc) as order_from_last
        from {{ source('submissions', 'ods_organisation') }}
    ) as listed
    where order_from_last = 1

),

provider as (

    select
        coalesce(laid_provider.code, shipped.code) as code,
        -- The service writes capitals: a name that did not change stays as it is shipped.
        case
            when upper(shipped.name) = upper(laid_provider.name) then shipped.name
            else coalesce(laid_provider.name, shipped.name)
        end as name,
        shipped.cancer_alliance_code,
        shipped.cancer_alliance_name,
        coalesce(laid_provider.closed, shipped.closed) as closed
    from {{ ref('provider') }} as shipped
    full outer join laid_provider on shipped.code = laid_provider.code

),

-- A trust that was split has no single successor and stays itself (ruling E5).
laid_succession as (

    select
        predecessor,
        min(successor) as successor,
        min(effective) as effective,
        count(distinct successor) as successors
    from {{ source('submissions', 'ods_succession') }}
    group by predecessor

),

step_0 as (

    select predecessor, successor, effective from laid_succession where successors = 1
    union all
    select predecessor, successor, effective
    from {{ ref('provider_succession') }}
    where predecessor not in (select predecessor from laid_succession)

),

-- Chains are followed to their end.
{% for n in range(1, longest_chain + 1) -%}
step_{{ n }} as (

    select chain.predecessor, coalesce(further.successor, chain.successor) as successor, chain.effective
    from step_{{ n - 1 }} as chain
    left join step_0 as further on chain.successor = further.predecessor

),

{% endfor -%}
-- What has no end, because successions run in a circle, is no succession.
succession as (

    select predecessor, successor as final_successor, effective
    from step_{{ longest_chain }}
    where successor not in (select predecessor from step_0)

),

code as (

    select code from provider
    union
    select predecessor from succession

)

select
    code.code,
    coalesce(succession.final_successor, code.code) as provider_code,
    provider.name as provider_name,
    provider.cancer_alliance_code,
    provider.cancer_alliance_name,
    succession.effective as succeeded_on,
    own.closed,
    greatest(
        cast('{{ var("successions_listed_to") }}' as date),
        coalesce(
            (select max(effective) from {{ source('submissions', 'ods_succession') }}),
            cast('{{ var("successions_listed_to") }}' as date)
        )
    ) as listed_to
from code
left join succession on code.code = succession.predecessor
left join provider on coalesce(succession.final_successor, code.code) = provider.code
left join provider as own on code.code = own.code
