"""Rules on drugs given (SACT)."""

from __future__ import annotations

from naome_assets.checks.suites.arrivals.shared import (
    date_given,
    dates_in_order,
    stored_whole,
    valid_nhs_numbers,
)

RULES = (
    *stored_whole("sact_administration"),
    valid_nhs_numbers("sact_administration", 95),
    date_given("sact_administration", "regimen_start_date", "The start of the regimen", 0.99),
    dates_in_order(
        "sact_administration",
        "given_after_regimen_start",
        "No drug is given before its regimen starts.",
        "administration_date",
        "regimen_start_date",
        "Time to treatment counts from the regimen's start; a start set too late shortens nothing "
        "and is likely a changed regimen.",
    ),
)
