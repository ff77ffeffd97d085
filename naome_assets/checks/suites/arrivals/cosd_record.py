"""Rules on COSD records."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.codes import (
    item_codes,
)
from naome_assets.checks.latest_run import (
    LATEST_RUN,
)
from naome_assets.checks.rule import (
    at_least,
    warning,
)
from naome_assets.checks.suites.arrivals.shared import (
    codes_listed,
    date_given,
    dates_in_order,
    record_ids,
    stored_whole,
    valid_nhs_numbers,
    volume,
)

RULES = (
    *stored_whole("cosd_record"),
    valid_nhs_numbers("cosd_record", 95),
    record_ids("cosd_record"),
    volume("cosd_record"),
    date_given("cosd_record", "event_date", "The date of diagnosis of the pathway", 0.99),
    warning(
        "cosd_record",
        "event_date_not_in_future",
        "The diagnosis is not later than the day on which the file was made.",
        "select submission.extract_date, record.event_date from cosd_record as record "
        f"inner join submission on record.file = submission.file cross join {LATEST_RUN} "
        "where record.quarter between run.from_quarter and run.to_quarter",
        at_least("extract_date", "event_date", mostly=0.995),
        "Such records are refused (ruling B13); one in two hundred is typing.",
        action="Ask the provider for the right date of diagnosis; the records are in the "
        "quarantine as event_date_after_extract.",
    ),
    dates_in_order(
        "cosd_record",
        "birth_before_event",
        "The birth is not later than the diagnosis.",
        "event_date",
        "birth_date",
        "Such records are refused (ruling A6); one in two hundred is typing.",
    ),
    codes_listed("cosd_record", "sex", "CR3170", item_codes("CR3170"), "sex"),
    codes_listed("cosd_record", "ethnic_category", "CR0150", item_codes("CR0150"), "ethnicity"),
    codes_listed("cosd_record", "laterality", "CR0380", item_codes("CR0380"), "laterality"),
    codes_listed("cosd_record", "basis_of_diagnosis", "CR0390", item_codes("CR0390"), "basis"),
    codes_listed(
        "cosd_record", "performance_status", "CR0510", item_codes("CR0510"), "performance_status"
    ),
    codes_listed("cosd_record", "cns_indication", "CR2050", item_codes("CR2050"), "cns"),
)
