"""The ledger by file and the quarantine by rule, for the terminal."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table

from naome_assets.warehouse.protocol import Warehouse

_COUNTS = ("received", "accepted", "superseded", "out_of_scope", "quarantined")


def show_status(warehouse: Warehouse) -> None:
    """Print what became of every file, and what was quarantined and why."""
    console = Console()
    if not warehouse.has_table("ledger"):
        console.print("Nothing was loaded yet: run `naome run`.")
        return
    ledger = warehouse.query("select * from ledger order by quarter, source, file")
    files = Table(title="Ledger", title_justify="left")
    files.add_column("file", overflow="fold")
    files.add_column("quarter")
    files.add_column("status")
    for name in _COUNTS:
        files.add_column(name.replace("_", " "), justify="right")
    files.add_column("reason", overflow="fold")
    for row in ledger.to_dict("records"):
        files.add_row(
            str(row["file"]),
            str(row["quarter"]),
            str(row["status"]),
            *(f"{int(row[name]):,}" for name in _COUNTS),
            "" if row["reason"] is None else str(row["reason"]),
        )
    console.print(files)
    console.print(_totals(ledger))

    quarantine = warehouse.query(
        "select quarantine.rule, quarantine.severity, about.message, about.action, "
        "count(distinct file || ':' || position) as records, count(distinct file) as files "
        "from quarantine "
        "inner join quarantine_rule as about on quarantine.rule = about.rule "
        "group by quarantine.rule, quarantine.severity, about.message, about.action "
        "order by quarantine.severity, records desc"
    )
    rules = Table(title="Quarantine (error: refused; warning: listed, kept)", title_justify="left")
    for name in ("severity", "rule"):
        rules.add_column(name)
    for name in ("records", "files"):
        rules.add_column(name, justify="right")
    for name in ("what is wrong", "what to do"):
        rules.add_column(name, overflow="fold")
    for row in quarantine.to_dict("records"):
        rules.add_row(
            row["severity"],
            row["rule"],
            f"{row['records']:,}",
            f"{row['files']:,}",
            row["message"],
            row["action"],
        )
    console.print(rules)
    console.print(
        "Each record by file and position: select * from quarantine in the warehouse.", style="dim"
    )


def _totals(ledger: pd.DataFrame) -> str:
    counts = {name: int(ledger[name].sum()) for name in _COUNTS}
    parts = " + ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in _COUNTS[1:])
    return f"{len(ledger):,} files: {counts['received']:,} received = {parts}"
