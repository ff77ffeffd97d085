"""The tables of a registry extract, held against one another: a table of other numbers is refused.

Each table names its partner by the key that the publisher gives it (``_JOINS``). A row without a
partner counts nowhere, so that a few are told and do no harm; where many have none, the table is of
another release or of another numbering, and those that meet by chance would be somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from naome_assets.contract.submissions import TABLES
from naome_assets.sources.rows import SubmissionRow
from naome_assets.transform.analyses import analysis
from naome_assets.transform.project import load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse

# The SQL is put together from the names in this file only.
# ruff: noqa: S608


@dataclass(frozen=True)
class _Join:
    """How the rows of one table of an extract find those of another.

    Attributes:
        table: whose rows are looked at.
        key: its column.
        partner: the table that should have it.
        column: how the publisher names the key.
        beside: only where the extract itself has the partner. Without it a person is known all the
            same, by their tumour.
    """

    table: str
    key: str
    partner: str
    column: str
    beside: bool = False


#: In this order: what was refused is nobody's partner.
_JOINS = (
    _Join("registry_tumour", "registry_person_id", "registry_patient", "PATIENTID", beside=True),
    _Join("registry_key", "registry_person_id", "registry_patient", "PATIENTID", beside=True),
    _Join(
        "registry_regimen",
        "registry_person_id",
        "registry_patient",
        "PATIENTID (in SACT tables ENCORE_PATIENT_ID)",
        beside=True,
    ),
    _Join("registry_cycle", "regimen_id", "registry_regimen", "MERGED_REGIMEN_ID"),
    _Join("registry_outcome", "regimen_id", "registry_regimen", "MERGED_REGIMEN_ID"),
    _Join("registry_drug", "cycle_id", "registry_cycle", "MERGED_CYCLE_ID"),
    _Join(
        "registry_radiotherapy", "registry_person_id", "registry_patient", "PATIENTID", beside=True
    ),
    _Join("registry_prescription", "episode_id", "registry_radiotherapy", "RADIOTHERAPYEPISODEID"),
)


@dataclass(frozen=True)
class Limits:
    """Settings: which share of rows without a partner (percent) refuses a table.

    Attributes:
        share: more than this share is another release.
        few: so few rows without a partner are no pattern ...
        share_of_few: ... unless they are more than this share.
    """

    share: float
    few: int
    share_of_few: float

    @classmethod
    def of_method(cls) -> Limits:
        """Those of ``dbt_project.yml``."""
        settings = load_project().variables
        return cls(
            settings["unmatched_limit_pct"],
            settings["unmatched_few_rows"],
            settings["unmatched_few_limit_pct"],
        )

    def exceeded(self, alone: int, rows: int) -> bool:
        """Whether so many rows without a partner, among so many, refuse the table."""
        share = 100 * alone / rows
        return share > (self.share_of_few if alone < self.few else self.share)


def refuse_strangers(
    warehouse: Warehouse, read: Sequence[dict[str, Any]], limits: Limits | None = None
) -> None:
    """Refuse the tables that were just read and whose rows do not belong to those beside them.

    Their rows are deleted and their row of ``submission`` says why. A later run of the quarter,
    with the right table beside them, reads them again.

    Args:
        warehouse: holds the rows that were read, and all that was loaded before.
        read: rows of ``submission``, which are changed.
        limits: of rows without a partner.
    """
    extracts = {
        row["file"]: row
        for row in read
        if row["source"].startswith("registry_") and row["status"] == "loaded"
    }
    if not extracts:
        return
    limits = limits or Limits.of_method()
    _refuse_unlinked(warehouse, extracts, limits)
    extracts = _loaded(extracts)
    for join in _JOINS:
        beside = {
            row["extract_date"]
            for row in extracts.values()
            if row["source"] == join.partner and row["received"]
        }
        for file, rows, alone in _alone(warehouse, extracts, join):
            submission = extracts[file]
            if not alone or (join.beside and submission["extract_date"] not in beside):
                continue
            told = (
                f"without_partner: {alone:,} of {rows:,} rows have no {join.partner} with their "
                f"{join.column}"
            )
            if limits.exceeded(alone, rows):
                _refuse(
                    warehouse,
                    submission,
                    f"{told}: the tables are of two releases or of two numberings; send those of "
                    "one release together",
                )
            else:
                _warn(submission, f"{told}, and count nowhere")
        extracts = _loaded(extracts)


def _loaded(extracts: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {file: row for file, row in extracts.items() if row["status"] == "loaded"}


def _alone(
    warehouse: Warehouse, extracts: Mapping[str, dict[str, Any]], join: _Join
) -> list[tuple[str, int, int]]:
    """File, its rows with a key, and those of them whose key no partner has."""
    if not extracts:
        return []
    counted = warehouse.query(
        f"select sent.file as file, count(*) as keyed, count(*) - count(partner.found) as alone "
        f"from {join.table} as sent left join (select distinct {join.key} as found "
        f"from {join.partner}) as partner on sent.{join.key} = partner.found where "
        f"sent.{join.key} is not null and sent.file in ({_marks(extracts)}) group by sent.file",
        list(extracts),
    )
    return [
        (row["file"], int(row["keyed"]), int(row["alone"]))
        for row in counted.sort_values("file").to_dict("records")
    ]


def _marks(files: Collection[str]) -> str:
    return ", ".join("?" * len(files))


def _refuse_unlinked(
    warehouse: Warehouse, extracts: Mapping[str, dict[str, Any]], limits: Limits
) -> None:
    """Regimens of v1 are joined by the link number, within the day of the extract."""
    for day in sorted({row["extract_date"] for row in extracts.values()}):
        files = [file for file, row in extracts.items() if row["extract_date"] == day]
        has_map = any(extracts[file]["source"] == "registry_sact_patient" for file in files)
        linked = analysis("extract_links", warehouse.target, files=_marks(files))
        counted = warehouse.query(linked, files * (linked.count("?") // len(files)))
        for row in counted.sort_values("file").to_dict("records"):
            submission, keyed, alone = extracts[row["file"]], int(row["keyed"]), int(row["alone"])
            if not alone:
                continue
            told = (
                f"without_partner: {alone:,} of {keyed:,} rows have no person with their "
                "LINK_NUMBER in av_patient"
            )
            if not limits.exceeded(alone, keyed):
                _warn(submission, f"{told}, and count nowhere")
            elif has_map:
                _refuse(warehouse, submission, f"{told}: send the tables of one release together")
            else:
                _refuse(
                    warehouse,
                    submission,
                    "sact_patient_missing: MERGED_PATIENT_ID is not PATIENTID: lay "
                    "sim_sact_patient.csv of the same release, which tells the link number of "
                    "each, beside the SACT tables",
                )


def _warn(submission: dict[str, Any], reason: str) -> None:
    row = SubmissionRow(**submission)
    row.warn(reason)
    submission["reason"] = row.reason


def _refuse(warehouse: Warehouse, submission: dict[str, Any], reason: str) -> None:
    row = SubmissionRow(**submission)
    row.refuse(reason)
    submission.update(vars(row))
    for table in TABLES:
        if table.is_of_files and table.name != "submission":
            warehouse.delete_where(metadata.tables[table.name], file=row.file)
