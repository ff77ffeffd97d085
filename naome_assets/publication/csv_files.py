"""The published tables as CSV, each described by CSV on the Web metadata beside it.

https://www.w3.org/TR/tabular-metadata/: a reader's program learns the type, the unit and the
meaning of every column, that ``*`` is a withheld number, and where the words of each code stand: a
coded column names its list of codes, and is a foreign key to it where it is never null. Only
published tables come here.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from pandas.api.types import (
    is_bool_dtype,
    is_datetime64_any_dtype,
    is_float_dtype,
    is_integer_dtype,
)

from naome_assets.publication.cells import SUPPRESSED, cells_as_text
from naome_assets.publication.code_lists import code_lists, in_words
from naome_assets.publication.columns import described
from naome_assets.publication.published import Publication, PublicationInfo
from naome_assets.publication.report.words import LANGUAGES, Words, generated_lines
from naome_assets.publication.whole_rows import require_whole_rows
from naome_assets.transform.project import load_project

METADATA = "csv-metadata.json"
#: Folder of the lists of codes.
CODES = "codes"
#: Heading of the words of a code, in each language.
_WORDS = {"en": "words", "cy": "geiriau"}
#: What descriptions of true tables say of themselves.
_OF_TRUE_COUNTS = "True counts: apply disclosure control before any row leaves. "


def write_csv_files(publication: Publication, folder: Path) -> list[Path]:
    """Write ``<table>.csv`` and ``<table>.csv-metadata.json`` of every published table.

    In ``codes`` stand ``<column>.csv``: each code of a column with its words in each language.

    Empty cells are null, ``*`` is a withheld number, booleans are ``true`` and ``false``, dates ISO
    (ruling F11). Rows are ordered by all columns but fractions, so that the same figures give the
    same bytes.

    Returns:
        The CSV files.

    Raises:
        RaggedRowError: when a file written has not the rows and cells that its table has; it does
            not replace the one that stood there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table, published in publication.tables.items():
        path = folder / f"{table}.csv"
        keys = [str(name) for name in published if not is_float_dtype(published[name])]
        ordered = published.sort_values(keys, kind="stable") if keys else published
        with _whole(path) as partial:
            _write(cells_as_text(ordered), partial)
            require_whole_rows(partial, table, len(ordered))
        metadata = _metadata(table, published, publication.statement)
        with _whole(folder / f"{table}.{METADATA}") as partial:
            text = json.dumps(metadata, indent=2, ensure_ascii=False)
            partial.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    _write_code_lists(folder / CODES)
    return written


def _write_code_lists(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    languages = [Words(language) for language in LANGUAGES]
    for column, codes in code_lists().items():
        rows = [[code, *(in_words(column, code, words) for words in languages)] for code in codes]
        with (
            _whole(folder / f"{column}.csv") as partial,
            partial.open("w", encoding="utf-8", newline="") as file,
        ):
            lines = [["code", *_WORDS.values()], *rows]
            csv.writer(file, lineterminator="\n").writerows(lines)


def _write(texts: pa.Table, path: Path) -> None:
    """Texts as CSV, in quotes where they need them.

    By DuckDB: Arrow's writer puts every text, and so every number here, in quotes, and pandas'
    takes as long as all the rest of this module.
    """
    with duckdb.connect() as connection:
        connection.register("texts", texts)
        connection.execute("copy texts to $path (format csv, header)", {"path": str(path)})


def _metadata(table: str, published: pd.DataFrame, statement: PublicationInfo) -> dict[str, Any]:
    model = load_project().models.get(table)
    text = table.replace("_", " ") if model is None else " ".join(model.description.split())
    coded = [str(name) for name in published if name in code_lists()]
    described_table = {
        "url": f"{table}.csv",
        "dc:title": f"National Audit of Metastatic Breast Cancer: {table.replace('_', ' ')}",
        # Not in the rows: a reader of the standard would take it for a figure.
        "dc:description": " ".join(
            [
                *(generated_lines() if statement.is_generated else []),
                text.replace(_OF_TRUE_COUNTS, ""),
            ]
        ),
        "dc:temporal": f"{statement.first_quarter}/{statement.quarter}",
        "dc:provenance": (
            f"Data vintage {statement.vintage}; method book version {statement.method_version}; "
            f"naome version {statement.code_version}."
            + (
                f" England and Wales lacks a nation in: {statement.not_reported}."
                if statement.not_reported
                else ""
            )
        ),
        "dc:accessRights": (
            f"Disclosure control, profile {statement.profile}: {statement.profile_words.strip()} "
            f"{SUPPRESSED} is a withheld number."
        ),
        "tableSchema": {
            "columns": [*_columns(published, described(table))],
            "foreignKeys": [
                {
                    "columnReference": name,
                    "reference": {"resource": _code_list(name), "columnReference": "code"},
                }
                for name in coded
                # A foreign key may not be null.
                if published[name].notna().all()
            ],
        },
    }
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "tables": [described_table, *(_described_list(name) for name in coded)],
    }


def _code_list(column: str) -> str:
    return f"{CODES}/{column}.csv"


def _described_list(column: str) -> dict[str, Any]:
    """A list of codes: its words in the language of each column."""
    words: list[dict[str, Any]] = [
        {
            "name": name,
            "titles": name,
            "lang": language,
            "dc:description": "The code in words.",
            "datatype": "string",
        }
        for language, name in _WORDS.items()
    ]
    code = {"name": "code", "titles": "code", "datatype": "string", "required": True}
    return {
        "url": _code_list(column),
        "dc:title": f"Codes of the column {column}, in words",
        "tableSchema": {
            "columns": [{**code, "dc:description": "As it is in the tables."}, *words],
            "primaryKey": "code",
        },
    }


def _columns(published: pd.DataFrame, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    columns = []
    for name in published.columns.drop("suppressed"):
        column: dict[str, Any] = {
            "name": name,
            "titles": name,
            "dc:description": texts.get(name, ""),
            "datatype": _datatype(published[name]),
        }
        if name in code_lists():
            column["rdfs:seeAlso"] = {"@id": _code_list(name)}
        if column["datatype"] in ("integer", "number"):
            column["null"] = ["", SUPPRESSED]
        columns.append(column)
    return columns


def _datatype(column: pd.Series[Any]) -> str:
    if is_bool_dtype(column):
        return "boolean"
    if is_integer_dtype(column):
        return "integer"
    if is_float_dtype(column):
        return "number"
    return "date" if is_datetime64_any_dtype(column) else "string"


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Where to write, so that a reader never sees half a file."""
    partial = path.with_name(f".{path.name}.part")
    yield partial
    partial.replace(path)
