"""CSV files read back with their own metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from csvw import CSVW

from naome_assets.publication.code_lists import code_lists
from naome_assets.publication.csv_files import METADATA, write_csv_files
from naome_assets.publication.published import Publication


@pytest.fixture(scope="module")
def written(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv")
    assert {path.stem for path in write_csv_files(publication, folder)} == set(publication.tables)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [
            "codes",
            *(f"{table}.{own}" for table in publication.tables for own in ("csv", METADATA)),
        ]
    )
    return folder


#: The reader of the standard takes a millisecond for each row.
_MOST_ROWS = 1_500


def test_the_metadata_are_valid_and_give_every_value_back(
    publication: Publication, tmp_path: Path
) -> None:
    """A program that knows only the standard reads the published figures: * and empty are null.

    Of long tables every n-th row, and with each value of a coded column, withheld and not.
    """
    tables = {name: _some(table) for name, table in publication.tables.items()}
    write_csv_files(Publication(tables, publication.statement), tmp_path)
    for name, table in tables.items():
        described = CSVW(str(tmp_path / f"{name}.csv"), validate=True)
        assert described.is_valid, name
        read, *lists = described.tables
        coded = [column for column in table if column in code_lists()]
        assert [str(own.url) for own in lists] == [f"codes/{column}.csv" for column in coded]
        columns = [c for c in table.columns if c != "suppressed"]
        assert [column.name for column in read.tableSchema.columns] == columns
        told = [tuple(_plain(row[c]) for c in columns) for row in read]
        wanted = [
            tuple(_plain(value) for value in row)
            for row in table[columns].itertuples(index=False, name=None)
        ]
        assert sorted(told, key=str) == sorted(wanted, key=str)


def _some(table: pd.DataFrame) -> pd.DataFrame:
    if len(table) <= _MOST_ROWS:
        return table
    kept = pd.Series(False, index=table.index)
    kept.iloc[:: len(table) // _MOST_ROWS + 1] = True
    for column in table:
        if column in code_lists():
            kept |= ~table.duplicated([column, "suppressed"])
        # Whether a column is ever null decides on its metadata.
        kept |= table[column].isna() & ~table[column].isna().duplicated()
    return table[kept]


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


def test_a_code_without_words_is_distinguished_from_the_metadata_alone(
    publication: Publication, tmp_path: Path
) -> None:
    few = {"cns_access": publication.tables["cns_access"]}
    write_csv_files(Publication(few, publication.statement), tmp_path)
    path = tmp_path / "cns_access.csv"
    assert CSVW(str(path), validate=True).is_valid
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",de_novo,", ",de_nova,", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="de_nova"):
        CSVW(str(path), validate=True).is_valid  # noqa: B018


def test_lists_of_codes_hold_the_words_of_both_languages(written: Path) -> None:
    lines = (written / "codes" / "period.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "code,words,geiriau",
        "quarter,Quarter,Chwarter",
        "rolling_12m,12 months,12 mis",
        "rolling_36m,36 months,36 mis",
    ]


def test_every_column_is_described_and_the_statement_stands(
    written: Path, publication: Publication
) -> None:
    for name in publication.tables:
        metadata = json.loads((written / f"{name}.csv-metadata.json").read_text(encoding="utf-8"))
        columns = metadata["tables"][0]["tableSchema"]["columns"]
        assert all(column["dc:description"] for column in columns), name
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
    for path in written.rglob("*.*"):
        again = tmp_path / path.relative_to(written)
        assert again.read_bytes() == path.read_bytes(), path.name
