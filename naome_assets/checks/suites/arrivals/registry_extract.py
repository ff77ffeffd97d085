"""Rules on the tables of the English registry's extracts."""

# The SQL is put together from the names in this file only.

from __future__ import annotations

from naome_assets.checks.rule import (
    between,
    warning,
)
from naome_assets.checks.suites.arrivals.shared import (
    codes_listed,
    date_given,
    has_its,
    stored_whole,
)

#: Codes of the English registry's tables (Simulacrum data dictionary).
_VITAL_STATUS = (
    *("A", "A1", "A2", "A3"),
    *("D", "D1", "D2", "D3", "D4", "D5"),
    *("X", "X1", "X2", "X3", "X4", "X5", "I"),
)
_RECEPTOR = ("P", "N", "B", "X")
_TABLES = (
    "registry_patient",
    "registry_tumour",
    "registry_sact_patient",
    "registry_regimen",
    "registry_cycle",
    "registry_drug",
    "registry_outcome",
    "registry_radiotherapy",
    "registry_prescription",
    "registry_key",
)

RULES = (
    *(rule for table in _TABLES for rule in stored_whole(table)),
    date_given("registry_tumour", "diagnosis_date", "The date of diagnosis", 0.99),
    date_given("registry_regimen", "start_date", "The start of the regimen", 0.99),
    date_given("registry_radiotherapy", "appointment_date", "The day of attendance", 0.99),
    codes_listed("registry_patient", "sex", "GENDER", ("1", "2", "9", "X"), "sex"),
    codes_listed("registry_patient", "vital_status", "VITALSTATUS", _VITAL_STATUS, "vital_status"),
    codes_listed("registry_tumour", "er_status", "ER_STATUS", _RECEPTOR, "er"),
    codes_listed("registry_tumour", "pr_status", "PR_STATUS", _RECEPTOR, "pr"),
    codes_listed("registry_tumour", "her2_status", "HER2_STATUS", _RECEPTOR, "her2"),
    has_its("registry_tumour", "patient", "registry_person_id", "registry_patient"),
    has_its("registry_regimen", "patient", "registry_person_id", "registry_patient"),
    has_its("registry_cycle", "regimen", "regimen_id", "registry_regimen"),
    has_its("registry_outcome", "regimen", "regimen_id", "registry_regimen"),
    has_its("registry_drug", "cycle", "cycle_id", "registry_cycle"),
    has_its("registry_prescription", "episode", "episode_id", "registry_radiotherapy"),
    warning(
        "registry_tumour",
        "linked_beside_cosd",
        "When COSD is loaded as well, people of the extract have an NHS number by a key file.",
        "select 'registry_tumour' as source, count(*) as people, "
        "100.0 * count(link.registry_person_id) / nullif(count(*), 0) as linked_percentage "
        "from (select distinct registry_person_id from registry_tumour) as person "
        "left join (select distinct registry_person_id from registry_key "
        "where nhs_person_id is not null) as link "
        "on person.registry_person_id = link.registry_person_id "
        "where exists (select 1 from cosd_record) having count(*) > 0",
        between("linked_percentage", 95, None),
        "Whoever is in both and not linked is counted twice, in every figure.",
        groups=("source",),
        size="people",
        action="Lay the key file (key.csv) beside the extract, or run naome on the extract alone "
        "(docs/simulacrum.md).",
        numerator="people of the extract with an NHS number in a key file",
        denominator="people of the extract",
        after=("registry_key", "cosd_record"),
    ),
)
