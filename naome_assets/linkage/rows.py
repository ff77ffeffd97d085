"""What linkage compares: rows of breast records, as pseudonyms, dates and codes."""

from __future__ import annotations

import pyarrow as pa

#: One row a distinct description of a person by a record: what the analysis linkage_rows finds.
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
