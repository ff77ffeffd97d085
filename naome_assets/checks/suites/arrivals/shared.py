"""Rules that tables of submissions have in common."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.codes import (
    item_codes,
)
from naome_assets.checks.latest_run import (
    IN_LATEST_RUN,
    LATEST_RUN,
)
from naome_assets.checks.median import (
    IS_MIDDLE,
)
from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    Rule,
    at_least,
    between,
    critical,
    equal,
    in_set,
    not_null,
    warning,
)
from naome_assets.checks.sql_file import sql_beside

#: Volumes are compared from this many earlier quarters, and this many records a quarter, on.
_EARLIER_QUARTERS = 4
_EXPECTED_RECORDS = 20
#: COSD codes are compared without blanks, in upper case, as the staging models read them.
_CODE = "nullif(upper(replace({column}, ' ', '')), '')"


def provider(column: str = "provider") -> str:
    """Organisation: the first three characters (ruling B5)."""
    return f"substr(upper(trim({column})), 1, 3)"


def stored_whole(table: str) -> tuple[Rule, ...]:
    """Rows of loaded files only, each once."""
    return (
        critical(
            table,
            "rows_of_loaded_files",
            "Every row came in a file that is listed as loaded.",
            "select coalesce(submission.status, 'not listed') as status "
            f"from (select distinct file from {table}) as held "
            "left join submission on held.file = submission.file",
            in_set("status", ["loaded"]),
            "A row of no file is in no ledger; of a rejected file no record counts (ruling B20).",
        ),
        critical(
            table,
            "rows_stored_once",
            "No record of a file is stored twice.",
            f"select count(*) as stored, count(distinct position) as positions from {table} "
            "group by file",
            equal("stored", "positions"),
            "A row stored twice would be counted twice.",
        ),
    )


def belongs_to_a_record(table: str) -> Rule:
    """Referential integrity of the tables below a COSD record."""
    return critical(
        table,
        "has_its_record",
        "Every row belongs to a COSD record.",
        "select record.file is not null as has_record "
        f"from {table} as part left join cosd_record as record "
        "on part.file = record.file and part.position = record.position",
        in_set("has_record", [True]),
        "A row without its record is evidence or treatment that belongs to no person.",
    )


def valid_nhs_numbers(table: str, minimum: float) -> Rule:
    """Share of valid NHS numbers of each provider, at the least."""
    return warning(
        table,
        "nhs_numbers_valid",
        "The NHS number is given and its check digit is right, by provider and quarter.",
        f"select {provider()} as provider, quarter, count(*) as records, "
        "100.0 * sum(case when nhs_number_status = 'valid' then 1 else 0 end) / count(*) "
        f"as valid_percentage from {table} {IN_LATEST_RUN} and provider is not null "
        f"group by {provider()}, quarter having count(*) >= {MINIMUM_GROUP}",
        between("valid_percentage", minimum, None),
        "People are joined between providers, to SACT and to deaths by it alone (ruling C7): "
        "without it somebody is counted twice and never dies.",
        groups=("provider", "quarter"),
        size="records",
        action="Ask the provider to trace the NHS numbers of the records named in the quarantine "
        "and to send them again.",
        numerator="rows with a valid NHS number",
        denominator="rows of the provider (or of all deaths) in the quarter",
    )


def codes_listed(table: str, column: str, item: str, values: tuple[str, ...], name: str) -> Rule:
    """Codes of an item against its list, compared without blanks and in upper case."""
    return warning(
        table,
        f"{name}_listed",
        f"{item}: codes are in the standard's list (current, retired or added later).",
        f"select {_CODE.format(column=column)} as {column} from {table} {IN_LATEST_RUN} "
        f"and {_CODE.format(column=column)} is not null",
        in_set(column, values, mostly=0.99),
        "An unknown code counts as missing; one in a hundred is typing, more is a mapping fault.",
        action="Tell the provider's supplier which item is mapped wrongly; the records are in "
        "the quarantine as unknown_code or in record_quality as invalid.",
    )


def modalities_listed(table: str) -> Rule:
    """Treatment modalities against the list; a single digit lost its zero."""
    code = _CODE.format(column="modality")
    return warning(
        table,
        "modality_listed",
        "CR2040: treatment modalities are in the standard's list.",
        f"select case when length({code}) = 1 then '0' || {code} else {code} end as modality "
        f"from {table} {IN_LATEST_RUN} and {code} is not null",
        in_set("modality", item_codes("CR2040"), mostly=0.99),
        "An unknown modality counts as other treatment (ruling F7).",
        action="Tell the provider's supplier that the modality is mapped wrongly.",
    )


def date_given(table: str, column: str, words: str, minimum: float) -> Rule:
    """How many rows have a date that can be read, at the least."""
    return warning(
        table,
        f"{column}_given",
        f"{words} is given and can be read.",
        f"select {column} from {table} {IN_LATEST_RUN}",
        not_null(column, mostly=minimum),
        "Without it the row cannot be placed in time and is left out.",
        action="Ask the provider for the date; rows without it are in the quarantine.",
    )


def dates_in_order(
    table: str, name: str, description: str, later: str, earlier: str, reason: str
) -> Rule:
    """One date is not before another, typing aside."""
    return warning(
        table,
        name,
        description,
        f"select {later}, {earlier} from {table} {IN_LATEST_RUN}",
        at_least(later, earlier, mostly=0.995),
        reason,
        action="Ask the provider which of the two dates is wrong; refused rows are in the "
        "quarantine.",
    )


def volume(table: str) -> Rule:
    """Records of a provider in the last quarter against its own past; none sent counts as 0."""
    return warning(
        table,
        "volume_as_before",
        "Breast records of each provider in the last quarter, as a percentage of the median of "
        "its earlier quarters.",
        sql_beside(
            __file__,
            "volume_as_before",
            table=table,
            provider=provider(),
            latest_run=LATEST_RUN,
            earlier_quarters=_EARLIER_QUARTERS,
            expected_records=_EXPECTED_RECORDS,
            is_middle=IS_MIDDLE,
        ),
        between("percentage_of_median", 50, 200),
        "Half or double a provider's usual volume is beyond chance from 20 records on: a part of "
        "the records was not sent, or was sent twice. Volumes never block.",
        groups=("provider",),
        size="expected_records",
        action="Ask the provider whether a file is missing, cut or sent twice; if the volume is "
        "real, there is nothing to do.",
        numerator="breast records of the provider in the last quarter",
        denominator="the median of its earlier quarters",
    )


def record_ids(table: str) -> Rule:
    """Record ids are not repeated within a file."""
    return warning(
        table,
        "record_ids_unique",
        "No record id appears twice in one file.",
        f"select count(record_id) as ids, count(distinct record_id) as different_ids "
        f"from {table} {IN_LATEST_RUN} and record_id is not null group by file",
        equal("ids", "different_ids", mostly=0.95),
        "Repeated ids show that a system exports a tumour more than once, or numbers two tumours "
        "alike: of one person and pathway the later then replaces the earlier (ruling B3).",
        action="Look at the records listed as corrected_key: when they are two tumours, tell the "
        "supplier that each needs an id of its own.",
    )


def has_its(table: str, part: str, key: str, whole: str) -> Rule:
    """Referential integrity within an extract, which its makers answer for."""
    return warning(
        table,
        f"has_its_{part}",
        f"Every row belongs to a {part} of the extract.",
        f"select whole.{key} is not null as found from {table} as part "
        f"left join (select distinct {key} from {whole}) as whole on part.{key} = whole.{key}",
        in_set("found", [True], mostly=0.99),
        "Such a row reaches nobody. A few follow from tumours left out of the extract.",
        action=f"Ask whoever made the extract whether {whole} was cut short or is another day's.",
    )
