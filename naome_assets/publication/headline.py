"""The headline: national figures of the last quarter, on the terminal and as a page.

Read from the published tables: what leaves has passed disclosure control (method book section 7).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from rich.table import Table

from naome_assets.consoles import OutputConsole
from naome_assets.contract.dimensions import ENGLAND_AND_WALES, IS_REPORTED, NATION_NAMES
from naome_assets.publication.markdown import cell, markdown_table
from naome_assets.publication.output import CSV, HEADLINE, REPORT, WORKBOOK
from naome_assets.publication.published import generated_quarters
from naome_assets.quarters import Quarter
from naome_assets.transform.analyses import ask
from naome_assets.warehouse.protocol import Warehouse

# What the method book wants said beside each table (sections 2 and 4).
_PREVALENCE_NOTE = (
    "Prevalence is this project's own measure; early index dates undercount, because the data "
    "begin with the first quarter. People without a valid NHS number never die here."
)
_METHODS_NOTE = (
    "The same people by three methods of finding them, never to be added: people alive on a day, "
    "which is no count of people with a hospital episode in a year (England 57,215 in 2020/21)."
)
_CNS_ACCESS_NOTE = (
    "Of the people in whom contact is recorded. A progression noted on the primary record takes "
    "the code of the first diagnosis, which may lie years before."
)
_TIME_TO_TREATMENT_NOTE = (
    "Endocrine treatment is often prescribed in primary care, unseen here: untreated does not mean "
    "untreated. This is neither the English 31-day nor the Welsh 62-day waiting-time standard."
)


def show_headline(warehouse: Warehouse, first: Quarter, last: Quarter, output: Path) -> None:
    """Print the national figures, and where what was published stands."""
    # Wide enough for every column where the output is no terminal.
    console = OutputConsole() if sys.stdout.isatty() else OutputConsole(width=110)
    for line in _generated(warehouse):
        console.print(line)
    for line in _not_reported(warehouse, last):
        console.print(line)
    for title, frame, _ in _sections(warehouse, last):
        console.print(_table(title, frame))
    console.print(_ledger(warehouse, first, last))
    for words, file in (
        ("National figures", HEADLINE),
        ("Report", REPORT),
        ("Workbook", WORKBOOK),
        ("CSV files", CSV),
    ):
        if (output / file).exists():
            console.print(f"{words}: {output / file}")


def headline_page(warehouse: Warehouse, first: Quarter, last: Quarter) -> str:
    """The national figures as Markdown, with the files of these quarters and the statement."""
    page = ["# National audit of metastatic breast cancer", ""]
    for line in _generated(warehouse):
        page += [f"**{line}**", ""]
    for line in _not_reported(warehouse, last):
        page += [line, ""]
    for title, frame, note in _sections(warehouse, last):
        page += [f"## {title}", "", markdown_table(frame), "", note, ""]
    page += [_ledger(warehouse, first, last), "", *ask(warehouse, "headline_vintage")["stated"]]
    return "\n".join(page) + "\n"


def every_file_was_refused(warehouse: Warehouse, first: Quarter, last: Quarter) -> bool:
    """Whether files arrived for these quarters and none of them was read."""
    counts = _counts(warehouse, first, last)
    return counts["files"] > 0 and counts["files"] == counts["rejected"]


def _generated(warehouse: Warehouse) -> list[str]:
    """That the submissions were generated, in each language; nothing of real ones."""
    # The report's words come with all of its pages, which the headline need not wait for.
    from naome_assets.publication.report.words import generated_lines

    return generated_lines() if generated_quarters(warehouse) else []


def _not_reported(warehouse: Warehouse, last: Quarter) -> Iterator[str]:
    """What is missing from the figures: the quarter asked for, or a nation (ruling I4)."""
    shown, missing = _reported(warehouse, last)
    if shown != last:
        yield (
            f"{last} is not reported: no tumour file was loaded for it. The figures are of {shown}."
        )
    if missing:
        yield (
            f"{missing} is not reported in {shown}, because no tumour file of it was loaded: "
            "England and Wales stands for the other nation alone, without a rate."
        )


def _sections(warehouse: Warehouse, last: Quarter) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Title, figures and note of each part.

    They are those of the last quarter asked for, or of the last reported before it; which nation
    is missing is said in the rows.
    """
    shown, missing = _reported(warehouse, last)
    for title, name, note in (
        (
            f"People living with metastatic breast cancer on {shown.last_day:%d %B %Y}",
            "headline_prevalence",
            _PREVALENCE_NOTE,
        ),
        ("The same by method", "headline_methods", _METHODS_NOTE),
        (
            f"Clinical nurse specialist, 12 months to {shown}",
            "headline_cns_access",
            _CNS_ACCESS_NOTE,
        ),
        (
            f"Time to first treatment, 12 months to {shown}",
            "headline_time_to_treatment",
            _TIME_TO_TREATMENT_NOTE,
        ),
    ):
        frame = ask(warehouse, name, [str(shown)])
        # Without hospital data there is one method alone.
        if name == "headline_methods":
            if frame.empty:
                continue
            # Whole numbers beside what one nation lacks.
            frame = frame.convert_dtypes()
        if missing:
            whole = NATION_NAMES[ENGLAND_AND_WALES]
            frame["area"] = frame["area"].replace(whole, f"{whole} ({missing} not reported)")
        yield title, frame, note


def _ledger(warehouse: Warehouse, first: Quarter, last: Quarter) -> str:
    return (
        "{files:,} files ({rejected:,} refused), {received:,} records: {accepted:,} accepted, "
        "{superseded:,} superseded, {out_of_scope:,} out of scope, {quarantined:,} quarantined."
    ).format(**_counts(warehouse, first, last))


def _counts(warehouse: Warehouse, first: Quarter, last: Quarter) -> dict[str, int]:
    files = ask(warehouse, "headline_ledger", [str(first), str(last)]).fillna(0)
    return {str(name): int(value) for name, value in files.iloc[0].items()}


def _reported(warehouse: Warehouse, last: Quarter) -> tuple[Quarter, str]:
    """The quarter whose figures are shown, and the nation that is missing from it."""
    reported = warehouse.query("select * from reporting_quarter order by quarter")
    if reported.empty:
        return last, ""
    upto = reported[reported["quarter"] <= str(last)]
    row = (upto if len(upto) else reported).iloc[-1]
    lacks = [nation for nation, column in IS_REPORTED.items() if not row[column]]
    return Quarter.parse(str(row["quarter"])), "".join(lacks)


def _table(title: str, frame: pd.DataFrame) -> Table:
    table = Table(title=title, title_justify="left")
    for name in frame.columns:
        table.add_column(name, justify="left" if name in ("area", "presentation") else "right")
    for row in frame.itertuples(index=False):
        table.add_row(*(cell(value) for value in row))
    return table
