"""The contract: complete, and what is written from it up to date."""

from __future__ import annotations

import csv
import inspect
import re

import pytest
import sqlalchemy as sa

from naome_assets.contract.cosd_items import Item, items
from naome_assets.reference import sql_project_path
from naome_assets.sources import wales
from naome_assets.sources.conventions import KINDS, CodedColumn, coded_columns
from naome_assets.sources.generate_files import COMMAND, files
from naome_assets.sources.shapes import SHAPES
from naome_assets.warehouse.declared_tables import metadata
from naome_tests.synthetic.standard import v9_items, v10_paths


def test_what_is_written_from_the_contract_is_up_to_date() -> None:
    stale = [path.name for path, text in files().items() if path.read_text() != text]
    assert stale == [], f"run: {COMMAND}"


@pytest.mark.parametrize("item", list(items()), ids=lambda item: f"{item.item_code}-{item.table}")
def test_every_item_is_whole(item: Item) -> None:
    assert item.kind in KINDS
    assert item.requirement in ("mandatory", "required", "optional", "not stated")
    assert item.used_by
    assert item.v8 or item.v9 or item.v10
    if item.wales:
        assert item.wales in _welsh_columns()
    assert (item.kept == "carried") is bool(item.asked_of)
    if item.kept == "carried":
        assert item.table == "cosd_record" and "date" not in item.kind


@pytest.mark.parametrize(
    ("family", "paths"), [("v9", list(v9_items())), ("v10", v10_paths())], ids=["v9", "v10"]
)
def test_every_path_is_one_of_the_standard(family: str, paths: list[str]) -> None:
    standard = set(paths)
    ours = {getattr(item, family) for item in items()} - {"", "Id"}
    assert len(ours) > 40
    assert ours <= standard


def test_every_list_is_in_the_seed() -> None:
    with (sql_project_path() / "seeds" / "cosd_code.csv").open(encoding="utf-8") as file:
        listed = {line["item_code"] for line in csv.DictReader(file)}
    assert {item.code_list for item in items() if item.code_list} <= listed


@pytest.mark.parametrize("coded", list(coded_columns()), ids=lambda c: f"{c.table}.{c.column}")
def test_every_coded_column_is_one_of_a_submission_table(coded: CodedColumn) -> None:
    assert coded.column in metadata.tables[coded.table].columns
    assert coded.kind in KINDS
    assert coded.shape or coded.kind in SHAPES


def test_every_column_of_text_is_declared() -> None:
    """No column of a submission table is filled from a file but by a declared reading."""
    coded = {(column.table, column.column) for column in coded_columns()}
    coded |= {(item.table.split(":")[0], item.column) for item in items()}
    undeclared = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Text)
        and (table.name, column.name) not in coded
        and column.name not in ("file", "quarter")
        # Of the pipeline's own words, and pseudonyms.
        and not column.name.endswith(("_fault", "_id", "nhs_number_status"))
        and not table.name.startswith(("submission", "audit_run", "key_fingerprint", "person_link"))
        # What naome notes of itself.
        and table.name not in ("file_version", "table_version", "check_outcome")
    }
    assert undeclared == {
        # Words of the pipeline's own.
        "cosd_metastasis.part",
        "cosd_record.pathway",
        "cosd_record.version",
        # One of several declared items, or its three characters, and several together.
        "cosd_other_primary.icd3",
        "cosd_record.icd10",
        "death_registration.causes",
        "death_registration.underlying_cause",
        # Of one nation or the other, and of lists of organisations, which hold no people.
        "lost_quarter.nation",
        "ods_organisation.code",
        "ods_organisation.name",
        "ods_succession.predecessor",
        "ods_succession.successor",
        # Of hospital data: codes in normal form or of a short list, digits, and keyed digests; an
        # identifier is planted in each item that they are read of.
        *("hes_apc_code.icd", "hes_apc_delivery.fyear", "hes_apc_delivery.partyear"),
        *(f"hes_apc_episode.{name}" for name in ("birth_month", "class", "content", "episode_key")),
        *("hes_apc_episode.fyear", "hes_apc_episode.provider", "hes_apc_episode.sex"),
        *("pedw_code.icd", "pedw_row.part", "pedw_row.sex"),
        *(f"pedw_row.{name}" for name in ("episode_number", "provider", "spell_key")),
        *(f"pedw_diagnosis.{name}" for name in ("episode_number", "icd", "provider", "spell_key")),
        *(f"rtds_row.{name}" for name in ("attendance_key", "diagnosis", "episode_key", "part")),
        *("rtds_row.provider", "rtds_row.region", "source_key.source"),
        *(f"waiting_times_row.{name}" for name in ("event_type", "icd", "provider")),
        # Of the file's name.
        "wales_tumour.health_board",
        "wales_treatment.health_board",
    }


def _welsh_columns() -> set[str]:
    """Columns that the readers of the Welsh registry ask for."""
    coded = {column.item for column in coded_columns() if column.table.startswith("wales_")}
    return coded | set(re.findall(r'"([a-z_0-9]+)"', inspect.getsource(wales)))
