"""The workbook, opened again by another library."""

from __future__ import annotations

import re
import tomllib
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from naome_assets.contract.dimensions import day_of
from naome_assets.publication import workbook as module
from naome_assets.publication.cells import cells
from naome_assets.publication.code_lists import code_lists, in_words
from naome_assets.publication.decimals import PEOPLE_OF
from naome_assets.publication.published import Publication
from naome_assets.publication.report.exhibits.capture import model_words
from naome_assets.publication.report.words import Words
from naome_assets.publication.workbook import sheet_rows, write_workbook

LAYOUT = tomllib.loads(Path(module.__file__).with_name("workbook.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def opened(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("workbook") / "naome.xlsx"
    with warnings.catch_warnings():
        # gptables warns where a table strays from the guidance.
        warnings.simplefilter("error", UserWarning)
        write_workbook(publication, path)
    assert [file.name for file in path.parent.iterdir()] == ["naome.xlsx"]
    return openpyxl.load_workbook(path)


def test_cover_contents_and_notes_come_first(opened: Workbook) -> None:
    names = [sheet["name"] for sheet in LAYOUT["sheets"]]
    assert opened.sheetnames == ["Cover", "Contents", "Notes", *names]
    cover = " ".join(str(cell.value) for (cell,) in opened["Cover"].iter_rows(max_col=1))
    for said in ("nhs_england_hes", "2022-Q4", "Method book version 1", "naome version", "[c]"):
        assert said in cover
    assert [row[0].value for row in opened["Contents"].iter_rows(min_row=4)] == names


class _EitherWord(str):
    """Equal to the words of no comparison, whether nobody could make it or it is withheld."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return other in ("not compared", "comparison withheld")


NOT_COMPARED = _EitherWord()


def in_text(column: str, value: object, words: Words) -> object:
    """A published value as a cell is to show it; numbers as they are."""
    if column == "outlier" and value == "[x]":
        return NOT_COMPARED
    if value in ("[x]", "[z]"):
        return value
    if column in code_lists():
        return in_words(column, str(value), words)
    if column == "model":
        return model_words(words, str(value))
    return {"true": "Yes", "false": "No"}.get(str(value), value)


@pytest.mark.parametrize("sheet", LAYOUT["sheets"], ids=lambda sheet: sheet["name"])
def test_every_value_is_the_published_one(
    opened: Workbook, publication: Publication, sheet: dict[str, dict[str, str]]
) -> None:
    rows = sheet_rows(publication, sheet)
    assert rows is not None and len(rows) > 0
    shown = cells(rows, "[x]", "[c]")[list(sheet["columns"])]
    worksheet = opened[str(sheet["name"])]
    (table,) = worksheet.tables.values()
    heading, *written = [[cell.value for cell in row] for row in worksheet[table.ref]]
    assert heading == list(sheet["columns"].values())
    assert len(written) == len(shown)
    words = Words("en")
    for found, wanted in zip(written, shown.itertuples(index=False, name=None), strict=True):
        # [z] is in the place of a null alone.
        told = [
            value if cell != "[z]" else "[z]" if value in ("[x]", "[c]") else None
            for cell, value in zip(found, wanted, strict=True)
        ]
        # Percentages of rounded counts of few people stand without decimals (ruling G2).
        whole = [
            name in PEOPLE_OF and isinstance(value, float) and isinstance(cell, int)
            for name, value, cell in zip(sheet["columns"], told, found, strict=True)
        ]
        assert found == [
            pytest.approx(value, abs=1 - 1e-9 if is_whole else None)
            if isinstance(value, float)
            else in_text(column, value, words)
            for column, value, is_whole in zip(sheet["columns"], told, whole, strict=True)
        ]


def test_readers_meet_words_and_no_codes(opened: Workbook) -> None:
    code = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
    found = set()
    for sheet in LAYOUT["sheets"]:
        (table,) = opened[sheet["name"]].tables.values()
        found |= {cell.value for row in opened[sheet["name"]][table.ref] for cell in row}
    assert not {value for value in found if isinstance(value, str) and code.fullmatch(value)}
    assert {
        "12 months", "36 months", "De novo", "Trust or health board", "Cancer alliance", "Yes",
        "80 and over", "Targeted", "Recorded: Ethnic category", "within", "percent",
    } <= found  # fmt: skip


def test_indicators_follow_the_pathway_and_places_their_names(opened: Workbook) -> None:
    (table,) = opened["Indicators_national"].tables.values()
    _, *rows = opened["Indicators_national"][table.ref]
    indicators = list(dict.fromkeys(row[0].value for row in rows))
    assert indicators[0] == "New diagnoses"
    nurse, alive = "Discussed by a multidisciplinary team", "Alive after one year"
    assert indicators.index(nurse) < indicators.index(alive)
    assert [row[3].value for row in rows[:9:3]] == ["England and Wales", "England", "Wales"]


def test_days_of_a_curve_are_days_that_are_published() -> None:
    days = [day for sheet in LAYOUT["sheets"] for day in sheet.get("rows", {}).get("day", [])]
    assert days
    assert set(days) <= {day_of(month) for month in range(13)}


def test_a_screen_reader_gets_through(opened: Workbook) -> None:
    """One table a sheet, nothing merged or blank in it, a title above it, headings that stay."""
    for sheet in LAYOUT["sheets"]:
        worksheet = opened[sheet["name"]]
        (table,) = worksheet.tables.values()
        first = int("".join(filter(str.isdigit, table.ref.split(":")[0])))
        assert not worksheet.merged_cells.ranges
        assert str(worksheet["A1"].value).startswith(sheet["title"])
        assert worksheet.freeze_panes == f"A{first + 1}"
        assert all(cell.value is not None for row in worksheet[table.ref] for cell in row)
        assert worksheet.max_row == first + len(list(worksheet[table.ref])) - 1


def test_what_a_row_never_has_is_distinguished_from_what_is_not_available(opened: Workbook) -> None:
    def rows_of(name: str) -> list[dict[str, object]]:
        (table,) = opened[name].tables.values()
        head, *rows = [[cell.value for cell in row] for row in opened[name][table.ref]]
        return [dict(zip(map(str, head), row, strict=True)) for row in rows]

    nurse = rows_of("Nurse_specialist")
    limit, compared = "Control limit, lower 95% (%)", "Against the limits"
    for row in nurse:
        is_national = row["Type of area"] in ("England and Wales", "Nation")
        assert (row[limit] == "[z]") == is_national
        assert (row[compared] == "[z]") == is_national
    assert "not compared" in {row[compared] for row in nurse}
    for row in rows_of("Indicators_national"):
        is_survival = str(row["Indicator"]).startswith("Alive")
        assert (row["Still followed (people)"] == "[z]") != is_survival
        assert (row["Denominator (people)"] == "[z]") == (row["Unit"] == "people")


def test_withheld_numbers_are_marked(opened: Workbook, publication: Publication) -> None:
    sheet = next(own for own in LAYOUT["sheets"] if own["name"] == "Nurse_specialist")
    rows = sheet_rows(publication, sheet)
    assert rows is not None and rows["suppressed"].any()
    column = list(sheet["columns"]).index("patients")
    (table,) = opened["Nurse_specialist"].tables.values()
    found = [row[column].value for row in opened["Nurse_specialist"][table.ref]]
    assert found.count("[c]") == (rows["suppressed"] & rows["patients"].isna()).sum() > 0


def test_a_name_that_looks_like_a_formula_stays_text(
    publication: Publication, tmp_path: Path
) -> None:
    tables = dict(publication.tables)
    tables["cns_access"] = tables["cns_access"].assign(geography_name="=HYPERLINK(1)")
    path = write_workbook(Publication(tables, publication.statement), tmp_path / "naome.xlsx")
    worksheet = openpyxl.load_workbook(path)["Nurse_specialist"]
    (table,) = worksheet.tables.values()
    _, *rows = worksheet[table.ref]
    assert {row[4].value for row in rows} == {"'=HYPERLINK(1)"}
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}


def test_a_table_that_is_not_published_has_no_sheet(
    publication: Publication, tmp_path: Path
) -> None:
    few: dict[str, pd.DataFrame] = {"cns_access": publication.tables["cns_access"]}
    path = write_workbook(Publication(few, publication.statement), tmp_path / "naome.xlsx")
    assert openpyxl.load_workbook(path).sheetnames[3:] == [
        "Nurse_specialist",
        "Nurse_specialist_trend",
    ]


def test_an_audit_of_nothing_has_the_cover_alone(publication: Publication, tmp_path: Path) -> None:
    empty = {name: table.head(0) for name, table in publication.tables.items()}
    path = write_workbook(Publication(empty, publication.statement), tmp_path / "naome.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["Cover"]
