"""Generated data say so in every file and picture, and real data say nothing of the kind."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from naome_assets.publication.csv_files import METADATA, write_csv_files
from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.report.showpiece import funnel_plots
from naome_assets.publication.report.words import LANGUAGES, Words, generated_lines
from naome_assets.publication.workbook import write_workbook
from naome_assets.sources.landing import is_generated
from naome_assets.synthetic.manifest import Manifest

_CHART = re.compile(r'<svg class="chart".*?</svg>', re.DOTALL)
_TITLES = [Words(language)("generated.title") for language in LANGUAGES]


def _of(publication: Publication, generated: str) -> Publication:
    return replace(publication, statement=replace(publication.statement, generated=generated))


@pytest.fixture(scope="module")
def generated(publication: Publication) -> Publication:
    return _of(publication, publication.statement.quarter)


def test_the_landing_of_generated_submissions_is_known_by_its_manifest(tmp_path: Path) -> None:
    assert not is_generated(tmp_path)
    Manifest.of([]).write(tmp_path)
    assert is_generated(tmp_path)


def test_every_page_and_picture_says_so(generated: Publication, tmp_path: Path) -> None:
    pages = [path for path in write_report(generated, tmp_path) if path.suffix == ".html"]
    pictures = 0
    for path in pages:
        html = path.read_text(encoding="utf-8")
        words = Words("cy" if path.relative_to(tmp_path).parts[0] == "cy" else "en")
        text = etree.HTML(html)
        assert words("generated.title") in text.findtext(".//title"), path
        assert text.xpath("string(//main/p[@class='report-generated'])") == words(
            "generated.statement"
        )
        for chart in _CHART.findall(html):
            pictures += 1
            _says_so(chart, words("generated.mark"))
    assert pictures > len(LANGUAGES)


def _says_so(chart: str, mark: str) -> None:
    """Seen below all that was drawn, and read out."""
    picture = etree.fromstring(chart)
    *_, height = picture.get("viewBox").split()
    lines = [own for own in picture.iter("{*}text") if own.text == mark]
    assert len(lines) == 1
    assert float(height) - 24 < float(lines[0].get("y")) < float(height)
    assert mark in picture.findtext("{*}desc")


def test_pictures_in_dagster_say_so(generated: Publication) -> None:
    plots = funnel_plots(generated)
    assert plots
    for plot in plots.values():
        _says_so(plot, Words("en")("generated.mark"))


def test_every_sheet_says_so_in_both_languages(generated: Publication, tmp_path: Path) -> None:
    book = load_workbook(write_workbook(generated, tmp_path / "naome.xlsx"))
    assert len(book.sheetnames) > 3
    for sheet in book:
        first = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row)
        for line in generated_lines():
            assert line in first, sheet.title


def test_the_metadata_of_each_csv_file_say_so(generated: Publication, tmp_path: Path) -> None:
    for path in write_csv_files(generated, tmp_path):
        metadata = json.loads((tmp_path / f"{path.stem}.{METADATA}").read_text(encoding="utf-8"))
        for line in generated_lines():
            assert line in metadata["tables"][0]["dc:description"]


def test_real_data_say_nothing_of_it(publication: Publication, tmp_path: Path) -> None:
    real = _of(publication, "")
    write_report(real, tmp_path / "report")
    write_csv_files(real, tmp_path / "csv")
    for path in tmp_path.rglob("*.*"):
        if path.suffix in (".html", ".json"):
            text = path.read_text(encoding="utf-8")
            assert not any(title in text for title in _TITLES), path
    book = load_workbook(write_workbook(real, tmp_path / "naome.xlsx"))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(title in cell for title in _TITLES for cell in cells)
