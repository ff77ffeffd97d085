"""The workbook: the published tables as an accessible spreadsheet, one table a sheet.

Laid out by gptables after the guidance of the Analysis Function on spreadsheets: a cover, contents,
notes, then a sheet a table with its title, legend and notes above it. Which sheets there are is
written in ``workbook.toml``; codes become the words of the report. Only published tables come here.
"""

from __future__ import annotations

import math
import re
import textwrap
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from naome_assets.contract.dimensions import ENGLAND_AND_WALES, NATION_NAMES, NATIONAL, PERIODS
from naome_assets.contract.indicators import KAPLAN_MEIER
from naome_assets.publication.cells import cells
from naome_assets.publication.code_lists import code_lists, in_words
from naome_assets.publication.decimals import PEOPLE_OF, decimals_of
from naome_assets.publication.published import Publication, PublicationInfo
from naome_assets.publication.report.exhibits.capture import model_words
from naome_assets.publication.report.words import Words, generated_lines
from naome_assets.quarters import Quarter

#: Shorthand of the guidance: a sign alone, such as ``*``, is not read out by screen readers.
CONFIDENTIAL = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"
_LATEST = "latest"
#: Names of places that come before the others.
_FIRST_PLACES = tuple(NATION_NAMES.values())
_LANGUAGE = "en"
#: Number of the paper in the file format.
_A4 = 9
_NOTE_WIDTH = 100
#: Row of the first note, letters a line of long text surely holds, and points that a line takes.
_FIRST_NOTE, _LINE_WIDTH, _LINE_HEIGHT = 3, 80, 16
#: Columns whose numbers are not whole.
_DECIMALS = re.compile(r"(pct|rate|value|expected|lower|upper|limit|days|change|survival)")


def write_workbook(publication: Publication, path: Path) -> Path:
    """Write the workbook (.xlsx); returns its path.

    A sheet whose table was not published, or has no rows of the quarter, is left out; an audit of
    nothing has the cover alone.
    """
    import gptables

    layout = _layout()
    sheets = {
        sheet["name"]: table
        for sheet in layout["sheets"]
        if (table := _sheet(publication, sheet, layout["legend"])) is not None
    }
    referred = {
        note for sheet in layout["sheets"] if sheet["name"] in sheets for note in sheet["notes"]
    }
    notes = [note for note in layout["notes"] if note["number"] in referred]
    # The sheet of notes has no other line of its own.
    told = [*_generated(publication.statement), "This worksheet contains one table."]
    instructions = {"instructions": " ".join(told)}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    workbook = gptables.produce_workbook(
        str(partial),
        sheets,
        cover=_cover(publication.statement, layout),
        notes_table=_notes_table(notes) if notes else None,
        notesheet_label="Notes" if notes else None,
        notesheet_options={"title": "Notes", "table_name": "notes", **instructions},
        contentsheet_label="Contents" if sheets else None,
        contentsheet_options={"title": "Contents", "table_name": "contents", **instructions},
        workbook_options={
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            # Nothing is laid down elsewhere: one folder can be full, and it is named.
            "in_memory": True,
        },
    )
    # Equal tables are equal files: no clock is asked.
    day = Quarter.parse(publication.statement.quarter).last_day
    workbook.set_properties({"created": datetime(day.year, day.month, day.day)})
    for worksheet in workbook.worksheets():
        worksheet.set_paper(_A4)
        worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        if worksheet.name in sheets:
            # data_range begins with the row of the headings.
            headings = sheets[worksheet.name].data_range[0]
            worksheet.freeze_panes(headings + 1, 0)
            worksheet.repeat_rows(headings)
        elif worksheet.name == "Notes":
            worksheet.set_column(1, 1, _NOTE_WIDTH, workbook.add_format({"text_wrap": True}))
            _make_room(worksheet, _FIRST_NOTE, [note["text"] for note in notes])
        elif worksheet.name == "Cover":
            cover = _cover(publication.statement, layout)
            # A heading is above each of the two parts.
            _make_room(worksheet, 2, cover.intro)
            _make_room(worksheet, 3 + len(cover.intro), cover.about)
    workbook.close()
    partial.replace(path)
    return path


def _notes_table(notes: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Note reference": [note["number"] for note in notes],
            "Note text": [note["text"] for note in notes],
        }
    )


def _make_room(worksheet: Any, first: int, texts: Sequence[str]) -> None:
    """Rows as high as their wrapped texts: not every program works that out when it opens them."""
    for row, text in enumerate(texts, first):
        worksheet.set_row(row, _LINE_HEIGHT * len(textwrap.wrap(text, _LINE_WIDTH)))


def sheet_rows(publication: Publication, sheet: Mapping[str, Any]) -> pd.DataFrame | None:
    """The published rows that a sheet shows, in its order, with all their columns.

    None when the table was not published.
    """
    table = publication.tables.get(sheet["table"])
    if table is None:
        return None
    kept = pd.Series(True, index=table.index)
    for column, values in sheet["rows"].items():
        wanted = [publication.statement.quarter if v == _LATEST else v for v in values]
        kept &= table[column].isin(wanted)
    shown = list(sheet["columns"])
    texts = [name for name in shown if not pd.api.types.is_numeric_dtype(table[name])]
    return table[kept].sort_values(texts, key=_reading_order).reset_index(drop=True)


def _reading_order(column: pd.Series[Any]) -> pd.Series[Any]:
    """Codes as in their list, and the rest by name, the nations first."""
    listed = [*code_lists().get(str(column.name), _FIRST_PLACES)]
    others = sorted({str(value) for value in column.unique()} - {*listed})
    place = {value: number for number, value in enumerate([*listed, *others])}
    return column.map(lambda value: place[str(value)])


#: A figure that is there says that one could be compared: the first of these that a table has.
_COMPARED = ("value", "seen_pct_of_recorded", "limit_lower_95")


def _cells(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """What is in the cells of a sheet: numbers as they are, codes in words."""
    shown = cells(rows[[*columns, "suppressed"]], NOT_AVAILABLE, CONFIDENTIAL)
    words = Words(_LANGUAGE)
    for name in shown:
        if name == "outlier":
            # Where both counts stand, the comparison is withheld for what it would tell (G1).
            value = next(own for own in _COMPARED if own in rows)
            withheld = rows[name].isna() & rows[value].notna()
            shown[name] = shown[name].mask(rows[name].isna(), words("outlier.none"))
            shown[name] = shown[name].mask(withheld, words("outlier.not_told"))
        shown[name] = shown[name].mask(_cannot_be(str(name), rows), NOT_APPLICABLE)
        words_of = _words_of(str(name), rows[name], words)
        if words_of:
            told = rows[name].map(words_of)
            shown[name] = told.where(told.notna(), shown[name])
    return shown


def _cannot_be(name: str, rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows of a kind that never has a value in a column."""
    nobody = pd.Series(False, index=rows.index)
    is_survival = rows["indicator"].isin(KAPLAN_MEIER) if "indicator" in rows else nobody
    is_share = (rows["unit"] == "percent") & ~is_survival if "unit" in rows else ~nobody
    if name == "at_risk" and "indicator" in rows:
        return ~is_survival
    if name == "denominator":
        return ~is_share & ~is_survival & rows[name].isna()
    if name == "target_pct":
        return ~is_share & rows[name].isna()
    if name == "outlier" or name.startswith("limit_"):
        return ~is_share | rows["geography_type"].isin(NATIONAL)
    return nobody


def _words_of(name: str, column: pd.Series[Any], words: Words) -> dict[object, str]:
    """Words of what is in a column, where it holds codes."""
    codes = column.dropna().unique()
    if name in code_lists():
        return {code: in_words(name, str(code), words) for code in codes}
    if name == "model":
        return {code: model_words(words, str(code)) for code in codes}
    if pd.api.types.is_bool_dtype(column):
        return {True: words("answer.yes"), False: words("answer.no")}
    return {}


@cache
def _layout() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("workbook.toml").read_text(encoding="utf-8"))


def _sheet(publication: Publication, sheet: Mapping[str, Any], legend: Mapping[str, str]) -> Any:
    import gptables

    rows = sheet_rows(publication, sheet)
    if rows is None or rows.empty:
        return None
    headings: dict[str, str] = sheet["columns"]
    shown = _cells(rows, list(headings))
    whole = _whole_percents(rows, list(headings))
    for row, column in whole:
        name = str(shown.columns[column])
        shown.iloc[row, column] = _without_decimals(name, rows[name].iloc[row])
    if "geography_name" in shown:
        shown["geography_name"] = _names(shown["geography_name"], rows, publication.statement)
    references = "".join(f"$${number}$$" for number in sheet["notes"])
    return gptables.GPTable(
        table=shown.rename(columns=headings),
        table_name=sheet["name"].lower(),
        title=sheet["title"] + references,
        subtitles=[*_generated(publication.statement), _stamp(publication.statement)],
        legend=[f"{sign}: {meaning}" for sign, meaning in legend.items()],
        additional_formatting=[
            *_number_formats(rows, headings),
            # One cell at a time: of a list of cells gptables formats the last alone.
            *(
                {"cell": {"cells": (row + 1, column), "format": {"num_format": "#,##0"}}}
                for row, column in whole
            ),
        ],
    )


def _whole_percents(rows: pd.DataFrame, columns: Sequence[str]) -> list[tuple[int, int]]:
    """Cells of percentages that are printed without decimals (ruling G2), by row and column."""
    asked = [(at, name) for at, name in enumerate(columns) if name in PEOPLE_OF]
    if not asked or "geography_type" not in rows:
        return []
    return [
        (number, at)
        for number, row in enumerate(_by_name(rows))
        for at, name in asked
        if pd.notna(row[name]) and not decimals_of(row, name)
    ]


def _by_name(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _without_decimals(name: str, value: float) -> int:
    """A whole percent; limits hold what they held."""
    if name.startswith("lower_95"):
        return math.floor(value)
    return math.ceil(value) if name.startswith("upper_95") else round(value)


def _names(shown: pd.Series[Any], rows: pd.DataFrame, statement: PublicationInfo) -> pd.Series[Any]:
    """Names of places; that of England and Wales tells which nation is missing (ruling I4)."""
    words = Words(_LANGUAGE)
    return pd.Series(
        [
            words.lacking(str(name), statement.missing_nation(str(quarter)))
            if code == ENGLAND_AND_WALES
            else name
            for name, code, quarter in zip(
                shown, rows["geography_code"], rows["quarter"], strict=True
            )
        ],
        index=rows.index,
        dtype=object,
    )


def _number_formats(rows: pd.DataFrame, headings: Mapping[str, str]) -> list[dict[str, Any]]:
    """Thousands for counts and one decimal for the rest; the cell keeps the unrounded number."""
    whole: list[str] = []
    decimal: list[str] = []
    for name, heading in headings.items():
        if pd.api.types.is_numeric_dtype(rows[name]) and rows[name].dtype != bool:
            is_whole = pd.api.types.is_integer_dtype(rows[name]) or not _DECIMALS.search(name)
            (whole if is_whole else decimal).append(heading)
    return [
        {"column": {"columns": columns, "format": {"num_format": form, "align": "right"}}}
        for columns, form in ((whole, "#,##0"), (decimal, "#,##0.0"))
        if columns
    ]


def _cover(statement: PublicationInfo, layout: Mapping[str, Any]) -> Any:
    import gptables

    return gptables.Cover(
        title=layout["title"],
        intro=[*_generated(statement), *layout["intro"]],
        about=[*_about(statement), *_signs(layout["legend"])],
    )


def _about(statement: PublicationInfo) -> list[str]:
    words, quarter = Words(_LANGUAGE), Quarter.parse(statement.quarter)
    windows = [
        f"{words(f'period.{period}')}: {words.window(quarter, period)}." for period in PERIODS
    ]
    return [
        f"Quarter published: {statement.quarter}. Data begin with {statement.first_quarter}.",
        f"What a window holds: {' '.join(windows)}",
        f"Data vintage: {statement.vintage}.",
        *(
            [f"Quarters that stand for one nation alone, and which is missing: {missing}."]
            if (missing := statement.not_reported)
            else []
        ),
        f"Disclosure control, profile {statement.profile}: {statement.profile_words.strip()}",
        f"Method book version {statement.method_version}; naome version {statement.code_version}.",
    ]


def _signs(legend: Mapping[str, str]) -> list[str]:
    return [f"{sign} stands for {meaning}." for sign, meaning in legend.items()]


def _generated(statement: PublicationInfo) -> list[str]:
    """What each sheet says of generated data, in each language; nothing of real ones."""
    return generated_lines() if statement.is_generated else []


def _stamp(statement: PublicationInfo) -> str:
    return f"{statement.quarter}; data vintage {statement.vintage}; profile {statement.profile}"
