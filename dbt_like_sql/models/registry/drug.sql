-- The groups of every name that SACT files and registry extracts used for a drug or a regimen (rulings
-- F5, I3). One row a name and group. A name is looked up whole, else by the listed drugs it contains as
-- words. What names none is a note of the prescribing protocol, or nothing, as the seed drug_note says,
-- else `unrecognised`, which counts as chemotherapy.
{% set longest = 30 %}
with

sent as (

    select coalesce(drug_name, '') as drug_name, true as is_drug
    from {{ source('submissions', 'sact_administration') }}
    union
    select coalesce(regimen, ''), false from {{ source('submissions', 'sact_administration') }}
    union
    select coalesce(drug_group, ''), true from {{ source('submissions', 'registry_drug') }}
    union
    select coalesce(benchmark_group, regimen, ''), false
    from {{ source('submissions', 'registry_regimen') }}
    union
    -- A regimen without cycles gives no drug, and no file need say so.
    select '', false

),

-- Whatever is no letter or digit stands between words.
named as (

    select
        drug_name,
        bool_or(is_drug) as is_drug,
        trim(regexp_replace(drug_name, '[^A-Z0-9]+', ' ', 'g')) as words
    from sent
    group by drug_name

),

number as (

    {% for n in range(1, longest + 1) -%}
    select {{ n }} as n{{ '' if loop.last else ' union all' }}
    {% endfor %}
),

-- Words of a name that say something of a drug: no numbers, strengths or words of notes.
left_over as (

    select distinct word.drug_name
    from (
        select named.drug_name, split_part(named.words, ' ', number.n) as word
        from named
        cross join number
    ) as word
    left join {{ ref('drug_note') }} as listed on listed.kind = 'word' and word.word = listed.words
    where
        listed.words is null
        and regexp_replace(word.word, '^[0-9]+[A-Z]?[A-Z]?[A-Z]?$', '', 'g') <> ''

),

-- All that a name could be; what comes first counts. Each stands for itself: Spark writes a
-- WITH out wherever it is named, and these within each other would become a plan of 90,000 parts.
judged as (

    -- A line that says so of itself is a note, even when it names a drug.
    select distinct named.drug_name, named.is_drug, 'note' as drug_group, 1 as place
    from named
    inner join {{ ref('drug_note') }} as listed
        on listed.kind = 'line' and ' ' || named.words || ' ' like '% ' || listed.words || ' %'
    union all
    select named.drug_name, named.is_drug, listed.drug_group, 2
    from named
    inner join {{ ref('drug_group') }} as listed on named.words = listed.drug
    union all
    select distinct named.drug_name, named.is_drug, listed.drug_group, 3
    from named
    inner join {{ ref('drug_group') }} as listed
        on ' ' || named.words || ' ' like '% ' || listed.drug || ' %'
    union all
    select named.drug_name, named.is_drug, 'not_given', 4
    from named
    left join {{ ref('drug_note') }} as listed
        on listed.kind = 'nothing' and named.words = listed.words
    where named.words = '' or listed.words is not null
    union all
    select
        named.drug_name,
        named.is_drug,
        case when left_over.drug_name is null then 'note' else 'unrecognised' end,
        5
    from named
    left join left_over on named.drug_name = left_over.drug_name

),

placed as (

    select *, min(place) over (partition by drug_name) as first_place
    from judged

)

select drug_name, drug_group, is_drug
from placed
where place = first_place
