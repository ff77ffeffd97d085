"""The ledger by file and the quarantine by rule: for the terminal, a pipe, or another program."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, Literal, TextIO

import pandas as pd
from rich.table import Table
from rich.text import Text

from naome_assets.consoles import OutputConsole
from naome_assets.transform.analyses import ask
from naome_assets.warehouse.protocol import Warehouse

StatusFormat = Literal["table", "csv", "json"]
Rows = list[dict[str, Any]]

_COUNTS = ("received", "accepted", "superseded", "out_of_scope", "quarantined")
_FILE = ("file", "quarter", "source", "status", *_COUNTS, "reason")
_RULE = ("severity", "rule", "records", "files", "message", "action")
#: Headings of the table that are not the column's own name.
_HEADINGS = {"message": "what is wrong", "action": "what to do"}
#: Wider than any row: nothing in a pipe is cut or folded.
_NO_LIMIT = 1_000_000


def show_status(
    warehouse: Warehouse, format_: StatusFormat = "table", stream: TextIO | None = None
) -> None:
    """Print what became of every file, and what was quarantined and why.

    A table folds long names on a terminal; in a pipe each file is one line, whole. CSV has one
    header and a first column ``table``, which says ``ledger`` (a row a file) or ``quarantine`` (a
    row a rule). JSON is an object with both as lists.

    Args:
        warehouse: where the ledger is.
        format_: table, csv or json.
        stream: where to print; standard output when not given.
    """
    out = sys.stdout if stream is None else stream
    if isinstance(out, TextIOWrapper):
        # A name may hold letters that the reader of the pipe does not know.
        out.reconfigure(errors="backslashreplace")
    is_loaded = warehouse.has_table("ledger")
    files, rules = (_files(warehouse), _rules(warehouse)) if is_loaded else ([], [])
    if format_ == "json":
        json.dump({"ledger": files, "quarantine": rules}, out, ensure_ascii=False, indent=1)
        out.write("\n")
    elif format_ == "csv":
        _write_csv(files, rules, out)
    elif is_loaded:
        _print_tables(files, rules, out)
    else:
        out.write("Nothing was loaded yet: run `naome run`.\n")


def _files(warehouse: Warehouse) -> Rows:
    names = ", ".join(_FILE)
    return _plain(
        warehouse.query(f"select {names} from ledger order by quarter, source, file")  # noqa: S608
    )


def _rules(warehouse: Warehouse) -> Rows:
    return _plain(ask(warehouse, "status_rules"))


def _plain(frame: pd.DataFrame) -> Rows:
    """Rows of texts, whole numbers and None, whatever the engine gave."""
    return [
        {
            str(name): None if pd.isna(value) else value if isinstance(value, str) else int(value)
            for name, value in row.items()
        }
        for row in frame.to_dict("records")
    ]


def _write_csv(files: Rows, rules: Rows, out: TextIO) -> None:
    columns = ("table", *_FILE, *_RULE)
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for table, rows in (("ledger", files), ("quarantine", rules)):
        writer.writerows({"table": table} | row for row in rows)


def _print_tables(files: Rows, rules: Rows, out: TextIO) -> None:
    console = OutputConsole(file=out)
    if not console.is_terminal:
        console = OutputConsole(file=out, width=_NO_LIMIT)
    console.print(_table("Ledger", _FILE, files, is_folded=console.is_terminal))
    console.print(_totals(files), soft_wrap=True)
    title = "Quarantine (error: refused; warning: listed, kept)"
    console.print(_table(title, _RULE, rules, is_folded=console.is_terminal))
    console.print(
        "Each record by file and position: select * from quarantine in the warehouse.",
        style="dim",
        soft_wrap=True,
    )


def _table(title: str, columns: Sequence[str], rows: Rows, *, is_folded: bool) -> Table:
    table = Table(title=title, title_justify="left")
    for name in columns:
        is_number = name in _COUNTS or name in ("records", "files")
        table.add_column(
            _HEADINGS.get(name, name.replace("_", " ")),
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=not is_folded or is_number or name in ("quarter", "status", "severity"),
        )
    for row in rows:
        table.add_row(*(Text(_word(row[name])) for name in columns))
    return table


def _word(value: str | int | None) -> str:
    """A value on one line: what would move the cursor or the writing direction is escaped."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in value
    )


def _totals(files: Rows) -> str:
    counts = {name: sum(row[name] for row in files) for name in _COUNTS}
    parts = " + ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in _COUNTS[1:])
    return f"{len(files):,} files: {counts['received']:,} received = {parts}"
