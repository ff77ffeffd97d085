-- Rules of quarantine by records and files that they stopped.
select
    quarantine.severity,
    quarantine.rule,
    count(distinct quarantine.file || ':' || quarantine.position) as records,
    count(distinct quarantine.file) as files,
    about.message,
    about.action
from {{ ref('quarantine') }} as quarantine
inner join {{ ref('quarantine_rule') }} as about on quarantine.rule = about.rule
group by quarantine.rule, quarantine.severity, about.message, about.action
order by quarantine.severity, records desc, quarantine.rule
