"""Rules on the tables of hospital data."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.rule import between, equal, warning
from naome_assets.checks.suites.arrivals.shared import stored_whole

_TABLES = (
    "hes_apc_episode",
    "pedw_row",
    "rtds_row",
    "waiting_times_row",
    "source_key",
)
#: A year with fewer rows than this share of the year before is thin.
_FEWEST_OF_YEAR_BEFORE = 50
#: The newest year is under way: it is compared with none.
_ROWS_BY_YEAR = (
    "select fyear, max(received) as received from hes_apc_delivery "
    "where fyear < (select max(fyear) from hes_apc_delivery) group by fyear"
)

RULES = (
    *(rule for table in _TABLES for rule in stored_whole(table)),
    warning(
        "hes_apc_delivery",
        "rows_as_before",
        "Rows of each year of HES APC, as a percentage of those of the year before.",
        "select own.fyear as fyear, before.received as rows_before, "
        "100.0 * own.received / before.received as percentage_of_before "
        f"from ({_ROWS_BY_YEAR}) as own inner join ({_ROWS_BY_YEAR}) as before "
        "on substr(own.fyear, 1, 2) = substr(before.fyear, 3, 2)",
        between("percentage_of_before", _FEWEST_OF_YEAR_BEFORE, None),
        "Half the rows of the year before are beyond chance: a part of the year was not sent, "
        "or a last part replaced the others (ruling H6).",
        groups=("fyear",),
        size="rows_before",
        action="Ask whoever made the extract; join the parts of a year into one file.",
        numerator="rows of the year",
        denominator="rows of the year before",
    ),
    warning(
        "hes_apc_delivery",
        "one_file_a_year",
        "No two files of one folder hold the same year of HES APC with the same PARTYEAR.",
        "select count(*) as files, count(distinct coalesce(partyear, '')) as different_parts "
        "from hes_apc_delivery as delivery inner join submission "
        "on delivery.file = submission.file group by submission.folder, delivery.fyear",
        equal("files", "different_parts"),
        "A year counts by its last delivery alone (ruling H6): of two such files one is lost.",
        action="Join the parts of a year into one file before it is laid down.",
    ),
)
