"""Civil registrations of death, England and Wales."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import Reading
from naome_assets.sources.csv_headings import Columns
from naome_assets.sources.csv_table import CsvReader
from naome_assets.sources.errors import RowFaults
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import MONTH, Source

_UNDERLYING = Reading("S_UNDERLYING_COD_ICD10", "icd")
_CAUSES = tuple(Reading(f"S_COD_CODE_{number}", "icd") for number in range(1, 16))
_COLUMNS = Columns(
    required=("DEC_CONF_NHS_NUMBER", "REG_DATE", "REG_DATE_OF_DEATH"),
    wanted=(_UNDERLYING.item, _CAUSES[0].item),
    # An extract has as many of these as its longest certificate.
    optional=tuple(cause.item for cause in _CAUSES[1:]),
)


def read_deaths(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a deaths file; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    reader = CsvReader(member, submission, _COLUMNS, rows.tally)
    for batch in reader.batches():
        columns = (
            batch.provenance()
            | batch.nhs_person("DEC_CONF_NHS_NUMBER", pseudonymiser)
            | batch.date("REG_DATE", "registration_date", "compact_date")
            | batch.date("REG_DATE_OF_DEATH", "death_date", "compact_date")
            | {
                "underlying_cause": batch.code(_UNDERLYING.item, _UNDERLYING),
                "causes": _joined([batch.code(cause.item, cause) for cause in _CAUSES]),
            }
        )
        rows.add_table("death_registration", pa.table(columns))
    return reader.faults


def _joined(columns: list[pa.Array]) -> pa.Array:
    """The values that are given, joined by ``;``; null where none is."""
    # Joining with nulls skipped gives an array of no rows when every column is null.
    joined = pc.binary_join_element_wise(
        *columns, ";", null_handling="replace", null_replacement=""
    )
    given = pc.utf8_trim(pc.replace_substring_regex(joined, ";+", ";"), ";")
    return pc.if_else(pc.equal(given, ""), pa.scalar(None, pa.string()), given)


SOURCES = (
    Source(
        "deaths",
        "civil registrations of death",
        f"deaths/{MONTH}",
        read_deaths,
        ("death_registration",),
    ),
)
