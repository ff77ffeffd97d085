"""Rows with cells too few or too many are not published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from naome_assets.publication import csv_files
from naome_assets.publication.published import Publication
from naome_assets.publication.whole_rows import RaggedRowError, require_whole_rows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n3\n", "row 2 has 1 cells, the heading 2"),
        ("a,b\n1,2,9\n3,4\n", "row 1 has 3 cells"),
        ("a,b\n1,2\n", "1 rows, 2 in the table"),
        ("a,b\n1,2\n\n3,4\n", "row 2 has 0 cells"),
        ('a,b\n1,2\n3,"4\n', "after row 1 it is no CSV"),
    ],
)
def test_a_ragged_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "some.csv"
    path.write_text(text)
    with pytest.raises(RaggedRowError, match=words) as refused:
        require_whole_rows(path, "some", 2)
    assert "9" not in str(refused.value)


def test_quoted_commas_and_line_ends_are_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text('a,b\n"1,1",2\n3,"4\n5"\n')
    require_whole_rows(path, "some", 2)


def test_the_file_that_stood_there_stays(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "survival"
    one = replace(publication, tables={table: publication.tables[table]})
    (written,) = csv_files.write_csv_files(one, tmp_path)
    before = written.read_bytes()

    def ragged(_: pd.DataFrame, path: Path) -> None:
        lines = before.splitlines(keepends=True)
        path.write_bytes(b"".join([*lines[:-1], b"1,2\n"]))

    monkeypatch.setattr(csv_files, "_write", ragged)
    with pytest.raises(RaggedRowError):
        csv_files.write_csv_files(one, tmp_path)
    assert written.read_bytes() == before
