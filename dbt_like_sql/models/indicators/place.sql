{{ config(materialized="view") }}
-- The geographies in which anybody with MBC is counted by any method. One row a geography.
select distinct place_number, geography_type, geography_code, geography_name
from {{ ref('cohort_place') }}
union
select distinct place_number, geography_type, geography_code, geography_name
from {{ ref('method_place') }}
