"""Rules on Welsh registry events."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.codes import (
    item_codes,
)
from naome_assets.checks.latest_run import (
    IN_LATEST_RUN,
)
from naome_assets.checks.rule import (
    in_set,
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
    *stored_whole("wales_tumour"),
    valid_nhs_numbers("wales_tumour", 95),
    record_ids("wales_tumour"),
    volume("wales_tumour"),
    warning(
        "wales_tumour",
        "pathway_listed",
        "The pathway is one of the four.",
        "select coalesce(lower(trim(pathway)), 'none') as pathway "
        f"from wales_tumour {IN_LATEST_RUN}",
        in_set("pathway", ["primary", "recurrence", "progression", "transformation"], mostly=0.99),
        "Other rows are refused (ruling A6).",
        action="Ask the health board for one of the four words; the rows are in the quarantine "
        "as pathway_unknown.",
    ),
    codes_listed("wales_tumour", "sex", "Sex", ("F", "M", "I", "Z"), "sex"),
    codes_listed("wales_tumour", "cns_indication", "CR2050", item_codes("CR2050"), "cns"),
    date_given("wales_tumour", "event_date", "The date of the event", 0.99),
    dates_in_order(
        "wales_tumour",
        "birth_before_event",
        "The birth is not later than the diagnosis.",
        "event_date",
        "birth_date",
        "Such rows are refused (ruling A6); one in two hundred is typing.",
    ),
    dates_in_order(
        "wales_tumour",
        "event_date_not_in_future",
        "The event is not later than the extract.",
        "created_at",
        "event_date",
        "Such rows are refused (ruling B13); one in two hundred is typing.",
    ),
)
