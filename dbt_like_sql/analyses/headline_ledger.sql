-- Files and records of the quarters from one to another (the parameters).
select
    count(*) as files,
    sum(case when status = 'rejected' then 1 else 0 end) as rejected,
    sum(received) as received,
    sum(accepted) as accepted,
    sum(superseded) as superseded,
    sum(out_of_scope) as out_of_scope,
    sum(quarantined) as quarantined
from {{ ref('ledger') }}
where quarter between {{ parameter | default('null') }} and {{ parameter | default('null') }}
