"""Rules on the records of both nations as they were received."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    warning,
)

RULES = (
    warning(
        "received_record",
        "numbers_of_one_person",
        "NHS numbers stand for one person each.",
        "select provider, count(*) as records, "
        "sum(case when is_number_shared then 1 else 0 end) as under_shared_numbers "
        "from received_record where source <> 'registry' group by provider",
        between("under_shared_numbers", None, 0),
        "A number with three or more birth dates is a placeholder that passes the check digit "
        "(ruling C3): whoever is sent under it is joined to no other provider, no SACT, no death.",
        groups=("provider",),
        size="records",
        action="Ask the provider which number its system writes when none is known; the records "
        "are listed as nhs_number_shared.",
        numerator="records sent under a shared number",
        denominator="records of the provider",
    ),
)
