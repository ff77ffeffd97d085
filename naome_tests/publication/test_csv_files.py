"""CSV files read back with their own metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from csvw import CSVW

from naome_assets.publication.csv_files import write_csv_files
from naome_assets.publication.published import Publication


@pytest.fixture(scope="module")
def written(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv")
    assert {path.stem for path in write_csv_files(publication, folder)} == set(publication.tables)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{table}.{kind}" for table in publication.tables for kind in ("csv", "csv-metadata.json")
    )
    return folder


def test_the_metadata_are_valid_and_give_every_value_back(
    written: Path, publication: Publication
) -> None:
    """A program that knows only the standard reads the published figures: * and empty are null."""
    for name, table in publication.tables.items():
        described = CSVW(str(written / f"{name}.csv"), validate=True)
        assert described.is_valid, name
        (read,) = described.tables
        columns = [c for c in table.columns if c != "suppressed"]
        assert [column.name for column in read.tableSchema.columns] == columns
        told = [tuple(_plain(row[c]) for c in columns) for row in read]
        wanted = [
            tuple(_plain(value) for value in row)
            for row in table[columns].itertuples(index=False, name=None)
        ]
        assert sorted(told, key=str) == sorted(wanted, key=str)


def _plain(value: Any) -> object:
    """Null and number alike, whoever read them."""
    if pd.isna(value):
        return None
    if isinstance(value, (bool, str)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return round(float(str(value)), 9)


def test_withheld_numbers_are_starred(written: Path, publication: Publication) -> None:
    table = publication.tables["cns_access"]
    assert table["suppressed"].any()
    lines = (written / "cns_access.csv").read_text(encoding="utf-8").splitlines()
    assert sum(",*," in line for line in lines) == table["suppressed"].sum()
    assert not any("nan" in line.lower() or "None" in line for line in lines)


def test_every_column_is_described_and_the_statement_stands(
    written: Path, publication: Publication
) -> None:
    for name in publication.tables:
        metadata = json.loads((written / f"{name}.csv-metadata.json").read_text(encoding="utf-8"))
        assert all(column["dc:description"] for column in metadata["tableSchema"]["columns"]), name
        words = json.dumps(metadata)
        for said in ("nhs_england_hes", "2022-Q4", "method book version 1", "naome version"):
            assert said in words


def test_the_same_figures_give_the_same_bytes(
    written: Path, publication: Publication, tmp_path: Path
) -> None:
    mixed = {
        name: table.sample(frac=1, random_state=1) for name, table in publication.tables.items()
    }
    write_csv_files(Publication(mixed, publication.statement), tmp_path)
    for path in written.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
