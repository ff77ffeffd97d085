"""Rules on registered deaths."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.latest_run import (
    IN_LATEST_RUN,
)
from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    between,
    warning,
)
from naome_assets.checks.suites.arrivals.shared import (
    date_given,
    dates_in_order,
    stored_whole,
)

RULES = (
    *stored_whole("death_registration"),
    warning(
        "death_registration",
        "nhs_numbers_valid",
        "Deaths carry a valid NHS number, by quarter.",
        "select quarter, count(*) as deaths, "
        "100.0 * sum(case when nhs_number_status = 'valid' then 1 else 0 end) / count(*) "
        f"as valid_percentage from death_registration {IN_LATEST_RUN} group by quarter "
        f"having count(*) >= {MINIMUM_GROUP}",
        between("valid_percentage", 95, None),
        "A death without it joins nobody (ruling B11), and prevalence counts the person on.",
        groups=("quarter",),
        size="deaths",
        action="Ask the provider to trace the NHS numbers of the records named in the quarantine "
        "and to send them again.",
        numerator="rows with a valid NHS number",
        denominator="rows of the provider (or of all deaths) in the quarter",
    ),
    date_given("death_registration", "death_date", "The date of death", 0.99),
    dates_in_order(
        "death_registration",
        "registered_after_death",
        "No death is registered before it happened.",
        "registration_date",
        "death_date",
        "Such rows are refused (ruling B11).",
    ),
)
