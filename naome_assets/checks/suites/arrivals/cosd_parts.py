"""Rules on what else is in COSD: parts of a record, and primary cancers of other groups."""

from __future__ import annotations

from naome_assets.checks.codes import (
    item_codes,
)
from naome_assets.checks.suites.arrivals.shared import (
    belongs_to_a_record,
    codes_listed,
    date_given,
    modalities_listed,
    stored_whole,
)

RULES = (
    *stored_whole("cosd_other_primary"),
    belongs_to_a_record("cosd_progression"),
    belongs_to_a_record("cosd_metastasis"),
    belongs_to_a_record("cosd_treatment"),
    codes_listed(
        "cosd_metastasis", "metastatic_type", "CR6960", item_codes("CR6960"), "metastatic_type"
    ),
    codes_listed(
        "cosd_metastasis", "metastatic_site", "CR6970", item_codes("CR6970"), "metastatic_site"
    ),
    date_given("cosd_progression", "progression_date", "The date of progression (CR6910)", 0.98),
    date_given("cosd_treatment", "start_date", "The start of the treatment (CR1370)", 0.98),
    modalities_listed("cosd_treatment"),
)
