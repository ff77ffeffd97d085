"""Rules on the ledger of what became of records."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from typing import TypedDict

from naome_assets.checks.latest_run import (
    IN_LATEST_RUN,
)
from naome_assets.checks.rule import (
    MINIMUM_GROUP,
    between,
    critical,
    equal,
    warning,
)


class _OfRows(TypedDict):
    groups: tuple[str, ...]
    numerator: str
    denominator: str


#: A row is a file, and a failure names it.
_BY_FILE = _OfRows(
    groups=("file",),
    numerator="files of which it does not hold",
    denominator="files that are looked at",
)

RULES = (
    critical(
        "ledger",
        "adds_up",
        "Records received are accepted, superseded, out of scope or quarantined.",
        "select file, received, accepted + superseded + out_of_scope + quarantined as accounted "
        "from ledger",
        equal("received", "accounted"),
        "No record may vanish or be counted twice (ruling A7).",
        **_BY_FILE,
    ),
    critical(
        "ledger",
        "never_negative",
        "No count is below zero.",
        "select file, least(received, accepted, superseded, out_of_scope, quarantined) "
        "as smallest_count from ledger",
        between("smallest_count", 0, None),
        "A negative count would hide another in the sum.",
        **_BY_FILE,
    ),
    critical(
        "ledger",
        "every_file_once",
        "Every file received appears once in the ledger.",
        "select file, "
        "(select count(*) from ledger where ledger.file = submission.file) as ledger_rows "
        "from submission",
        between("ledger_rows", 1, 1),
        "A file without a row is unaccounted for.",
        **_BY_FILE,
    ),
    critical(
        "ledger",
        "rejected_count_nothing",
        "A rejected file has no records.",
        "select file, received from ledger where status = 'rejected'",
        between("received", 0, 0),
        "A file is taken whole or not at all (ruling B20).",
        **_BY_FILE,
    ),
    critical(
        "ledger",
        "agrees_with_quarantine",
        "Records quarantined by the ledger are those that the quarantine lists with an error.",
        "select ledger.file, ledger.quarantined, coalesce(listed.records, 0) as listed "
        "from ledger left join ("
        "select file, count(distinct position) as records from quarantine "
        "where severity = 'error' group by file) as listed on ledger.file = listed.file "
        "where ledger.status = 'loaded'",
        equal("quarantined", "listed"),
        "Each refused record must have its reason for the sender (ruling A6).",
        **_BY_FILE,
        after=("quarantine",),
    ),
    warning(
        "ledger",
        "few_quarantined",
        "Share of records refused, by source and quarter.",
        "select source, quarter, cast(sum(received) as bigint) as records, "
        "100.0 * sum(quarantined) / sum(received) as refused_percentage "
        f"from ledger {IN_LATEST_RUN} "
        f"group by source, quarter having sum(received) >= {MINIMUM_GROUP}",
        between("refused_percentage", None, 5),
        "Typing alone stays under one in twenty; more is a fault of a system or of a reader.",
        groups=("source", "quarter"),
        size="records",
        action="Read the rules broken in `naome status`; when one rule makes most of it, its page "
        "says whom to ask.",
        numerator="records refused",
        denominator="records received from the source in the quarter",
    ),
)
