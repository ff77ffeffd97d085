"""Rules on Welsh treatments."""

from __future__ import annotations

from naome_assets.checks.suites.arrivals.shared import (
    date_given,
    modalities_listed,
    stored_whole,
)

RULES = (
    *stored_whole("wales_treatment"),
    date_given("wales_treatment", "start_date", "The start of the treatment", 0.98),
    modalities_listed("wales_treatment"),
)
