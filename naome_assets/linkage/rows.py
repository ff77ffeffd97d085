"""What linkage compares: rows of breast records, as pseudonyms, dates and codes."""

from __future__ import annotations

import pyarrow as pa

#: One row a distinct description of a person by a record.
COLUMNS = pa.schema(
    [
        ("nhs_person_id", pa.string()),
        ("local_person_id", pa.string()),
        ("birth_date", pa.date32()),
        ("sex", pa.string()),
        ("surname", pa.string()),
        ("forename", pa.string()),
        ("postcode", pa.string()),
        ("provider", pa.string()),
        ("event_date", pa.date32()),
    ]
)

#: Reads them from a warehouse, ordered, so that each run sees the same table.
SELECT = """
with sent as (

    select
        file, position, nhs_person_id, local_person_id, birth_date, sex, provider, event_date
    from cosd_record
    union all
    select
        file, position, nhs_person_id, local_person_id, birth_date,
        case upper(sex) when 'F' then '2' when 'M' then '1' else sex end,
        provider, event_date
    from wales_tumour

)

select distinct
    -- A number that many people share says nothing of who they are (ruling C3).
    case when shared_number.nhs_person_id is null then sent.nhs_person_id end as nhs_person_id,
    sent.local_person_id,
    sent.birth_date,
    case when sent.sex in ('1', '2') then sent.sex end as sex,
    link_key.surname,
    link_key.forename,
    link_key.postcode,
    substr(upper(trim(sent.provider)), 1, 3) as provider,
    sent.event_date
from sent
left join link_key on sent.file = link_key.file and sent.position = link_key.position
left join shared_number on sent.nhs_person_id = shared_number.nhs_person_id
where
    (sent.nhs_person_id is not null and shared_number.nhs_person_id is null)
    or sent.local_person_id is not null
order by 1, 2, 3, 4, 5, 6, 7, 8, 9
"""
