{# Rows of a table of a registry extract, in the columns by which all of them are judged.
   `person`: column of the person, where the table has one. `day`: the date that a row must have,
   when `is_day_needed` holds. `repeats`: the identifier is in many rows of one file, so that only
   another file replaces them. #}
{% macro registry_rows(
    relation, name, identifier, person=none, day=none, is_day_needed='true', repeats=false,
    ethnic_category='cast(null as text)', is_number_wrong='false'
) -%}
    select
        file,
        position,
        quarter,
        '{{ name }}' as source_table,
        {{ identifier }} as identifier,
        {{ person or 'cast(null as text)' }} as registry_person_id,
        {{ person ~ ' is null' if person else 'false' }} as is_person_missing,
        {{ '0' if repeats else 'position' }} as place,
        {{ day or 'cast(null as date)' }} as day,
        {{ day ~ '_fault' if day else 'cast(null as text)' }} as day_fault,
        {{ is_day_needed if day else 'false' }} as is_day_needed,
        {{ ethnic_category }} as ethnic_category,
        {{ is_number_wrong }} as is_number_wrong
    from {{ relation }}
{%- endmacro %}

{# All rows of registry extracts other than tumours. Drugs, attendances and prescriptions repeat
   within a file. #}
{% macro every_registry_row() -%}
    {{ registry_rows(
        source('submissions', 'registry_patient'), 'registry_patient', 'registry_person_id',
        person='registry_person_id', day='vital_status_date',
        is_day_needed="coalesce(vital_status like 'D%', false)", ethnic_category='ethnic_category'
    ) }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_sact_patient'), 'registry_sact_patient', 'sact_person_id'
    ) }}
    union all
    {{ registry_rows(
        ref('stg_registry__regimen'), 'registry_regimen', 'regimen_id',
        person='registry_person_id', day='start_date'
    ) }}
    union all
    {{ registry_rows(source('submissions', 'registry_cycle'), 'registry_cycle', 'cycle_id') }}
    union all
    {{ registry_rows(source('submissions', 'registry_drug'), 'registry_drug', 'cycle_id', repeats=true) }}
    union all
    {{ registry_rows(source('submissions', 'registry_outcome'), 'registry_outcome', 'regimen_id') }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_radiotherapy'), 'registry_radiotherapy', 'episode_id',
        person='registry_person_id', day='appointment_date', repeats=true
    ) }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_prescription'), 'registry_prescription', 'episode_id',
        repeats=true
    ) }}
    union all
    {{ registry_rows(
        source('submissions', 'registry_key'), 'registry_key', 'registry_person_id',
        person='registry_person_id', is_number_wrong="nhs_number_status <> 'valid'"
    ) }}
{%- endmacro %}
