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

-- A line that says so of itself is a note, even when it names a drug.
line as (

    select distinct named.drug_name, 'note' as drug_group
    from named
    inner join {{ ref('drug_note') }} as listed
        on listed.kind = 'line' and ' ' || named.words || ' ' like '% ' || listed.words || ' %'

),

whole as (

    select named.drug_name, listed.drug_group
    from named
    inner join {{ ref('drug_group') }} as listed on named.words = listed.drug
    where named.drug_name not in (select drug_name from line)

),

part as (

    select distinct named.drug_name, listed.drug_group
    from named
    inner join {{ ref('drug_group') }} as listed
        on ' ' || named.words || ' ' like '% ' || listed.drug || ' %'
    where
        named.drug_name not in (select drug_name from line)
        and named.drug_name not in (select drug_name from whole)

),

listed as (

    select drug_name, drug_group from line
    union all
    select drug_name, drug_group from whole
    union all
    select drug_name, drug_group from part

),

nothing as (

    select named.drug_name, 'not_given' as drug_group
    from named
    left join {{ ref('drug_note') }} as listed
        on listed.kind = 'nothing' and named.words = listed.words
    where
        (named.words = '' or listed.words is not null)
        and named.drug_name not in (select drug_name from listed)

),

number as (

    {% for n in range(1, longest + 1) -%}
    select {{ n }} as n{{ '' if loop.last else ' union all' }}
    {% endfor %}
),

-- Words that are left of a name once those are gone that say nothing of a drug: numbers, strengths,
-- and the words of notes.
word as (

    select
        named.drug_name,
        split_part(named.words, ' ', number.n) as word
    from named
    cross join number
    where
        named.words <> ''
        and named.drug_name not in (select drug_name from listed)
        and named.drug_name not in (select drug_name from nothing)

),

left_over as (

    select distinct word.drug_name
    from word
    left join {{ ref('drug_note') }} as listed on listed.kind = 'word' and word.word = listed.words
    where
        listed.words is null
        and regexp_replace(word.word, '^[0-9]+[A-Z]?[A-Z]?[A-Z]?$', '', 'g') <> ''

),

judged as (

    select drug_name, drug_group from listed
    union all
    select drug_name, drug_group from nothing
    union all
    select
        named.drug_name,
        case when left_over.drug_name is null then 'note' else 'unrecognised' end as drug_group
    from named
    left join left_over on named.drug_name = left_over.drug_name
    where
        named.drug_name not in (select drug_name from listed)
        and named.drug_name not in (select drug_name from nothing)

)

select named.drug_name, judged.drug_group, named.is_drug
from named
inner join judged on named.drug_name = judged.drug_name
