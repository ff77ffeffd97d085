"""Rules on COSD Pathology reports."""

from __future__ import annotations

from naome_assets.checks.codes import (
    item_codes,
)
from naome_assets.checks.suites.arrivals.shared import (
    codes_listed,
    date_given,
    dates_in_order,
    stored_whole,
    valid_nhs_numbers,
)

RULES = (
    *stored_whole("pathology_report"),
    valid_nhs_numbers("pathology_report", 95),
    date_given("pathology_report", "report_date", "The date of the result (pCR0780)", 0.99),
    dates_in_order(
        "pathology_report",
        "reported_after_sampled",
        "No result is dated before its sample was taken.",
        "report_date",
        "sample_date",
        "The date of the result then stands for the specimen: a receptor may seem to be newer than "
        "it is.",
    ),
    codes_listed(
        "pathology_report",
        "specimen_nature",
        "pCR0970",
        item_codes("pCR0970"),
        "specimen_nature",
    ),
    codes_listed("pathology_report", "er_status", "pBR4220", item_codes("pBR4220"), "er"),
    codes_listed("pathology_report", "pr_status", "pBR4290", item_codes("pBR4290"), "pr"),
    codes_listed("pathology_report", "her2_status", "pBR4280", item_codes("pBR4280"), "her2"),
    codes_listed(
        "pathology_report", "her2_ish_status", "pBR4310", item_codes("pBR4310"), "her2_ish"
    ),
)
