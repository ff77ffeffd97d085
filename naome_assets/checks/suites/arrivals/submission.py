"""Rules on the files received."""

# The SQL is put together from the names in this file only.
# ruff: noqa: S608

from __future__ import annotations

from naome_assets.checks.codes import fault_rules
from naome_assets.checks.latest_run import (
    IN_LATEST_RUN,
    LATEST_RUN,
)
from naome_assets.checks.literal import literal
from naome_assets.checks.rule import (
    between,
    critical,
    equal,
    in_set,
    not_null,
    unique,
    warning,
)
from naome_assets.transform.project import load_project

_TUMOURS_OF = load_project().tumours_of
_TUMOURS = f"({', '.join(map(literal, _TUMOURS_OF))})"
_NATION = " ".join(
    f"when {literal(source)} then {literal(nation)}" for source, nation in _TUMOURS_OF.items()
)

RULES = (
    warning(
        "submission",
        "files_loaded",
        "Files could be read; a file that cannot is rejected whole (ruling B20).",
        f"select status from submission {IN_LATEST_RUN}",
        in_set("status", ["loaded"], mostly=0.95),
        "A rejected file is a provider's whole month: more than one in twenty points to a fault "
        "that senders share, such as a new version of the standard.",
        action="Read the reason in the ledger (`naome status`), look it up in docs/faults.md, and "
        "ask the sender for the file again.",
    ),
    warning(
        "submission",
        "folder_agrees_with_header",
        "The month folder of a COSD file is the month of its reporting period.",
        "select substr(folder, 1, 7) as folder_month, "
        f"substr(cast(period_end as text), 1, 7) as period_month from submission {IN_LATEST_RUN} "
        "and source = 'cosd' and status = 'loaded' and period_end is not null",
        equal("folder_month", "period_month", mostly=0.98),
        "The folder decides the quarter (ruling B14): records in the wrong folder move between "
        "quarters. A file or two a quarter is a slip.",
        action="Move the file to the folder of its reporting month and run both quarters again, or"
        " ask the sender which month it is.",
    ),
    warning(
        "submission",
        "record_count_agrees",
        "A COSD file holds as many records as its header says.",
        f"select record_count, received from submission {IN_LATEST_RUN} "
        "and source = 'cosd' and status = 'loaded' and record_count is not null",
        equal("record_count", "received", mostly=0.98),
        "A difference means a cut or patched file.",
        action="Ask the sender whether the file was cut or put together by hand, and for a new "
        "export if so.",
    ),
    warning(
        "submission",
        "creation_time_given",
        "COSD files say when they were made.",
        f"select created_at from submission {IN_LATEST_RUN} "
        "and source = 'cosd' and status = 'loaded'",
        not_null("created_at", mostly=0.98),
        "Without it a file cannot replace an earlier one (ruling B6) and dates in the future "
        "are judged less well (ruling B13).",
        action="Ask the sender's supplier to fill FileCreationDateTime.",
    ),
    warning(
        "submission",
        "same_bytes_once",
        "No file arrived twice under two names.",
        f"select sha256 from submission {IN_LATEST_RUN}",
        unique("sha256", mostly=0.99),
        "Harmless, because the second replaces the first (ruling B16), unless it was sent "
        "instead of another month.",
        action="Ask the sender whether another month was meant; if not, take the copy away and run"
        " the quarter again.",
    ),
    warning(
        "submission",
        "sources_arrive",
        "Every kind of file that ever came also came in the last quarter asked for.",
        "select source, "
        "sum(case when quarter = run.to_quarter and status = 'loaded' then 1 else 0 end) as files "
        f"from submission cross join {LATEST_RUN} group by source",
        between("files", 1, None),
        "Follow-up ends with the last quarter that holds files of a nation (ruling A5); without "
        "deaths everybody seems alive.",
        groups=("source",),
        action="Ask for the missing files, or accept that follow-up of that source ends a quarter "
        "earlier.",
        numerator="loaded files of the source in the last quarter asked for",
        denominator="1: each source that ever came",
    ),
    critical(
        "submission",
        "tumours_loaded",
        "Of the tumour files found for the quarters asked for, one at least could be loaded.",
        "select count(*) as found, sum(case when status = 'loaded' then 1 else 0 end) as loaded "
        f"from submission {IN_LATEST_RUN} and source in {_TUMOURS} having count(*) > 0",
        between("loaded", 1, None),
        "Nothing sent and nothing loaded are two things: a quarter without a file is not reported "
        "(ruling G5), but files that were all refused were meant to be, and would go missing from "
        "the figures.",
        action="Read the reasons in the ledger (`naome status`) and docs/faults.md; ask the "
        "senders for the files again, and run the quarters again.",
    ),
    critical(
        "submission",
        "nothing_lost",
        "What was loaded of a quarter and nation once is loaded still, or the quarter was "
        "withdrawn.",
        "select count(*) as lost from lost_quarter",
        between("lost", 0, 0),
        "Without its tumour files a quarter is no longer reported (ruling G5): a folder that was "
        "moved or not mounted would take published figures back without a word.",
        action="Look in lost_quarter which quarter and nation it is, put its files back (or ask "
        "for good ones) and run the quarter again; if it was entered by mistake, run "
        "`naome withdraw --quarter ...`.",
        after=("lost_quarter",),
    ),
    warning(
        "submission",
        "nations_loaded",
        "In each quarter asked for, a nation that sent tumour files has one that could be loaded.",
        "select quarter, sum(case when status = 'loaded' then 1 else 0 end) as loaded "
        f"from submission {IN_LATEST_RUN} and source in {_TUMOURS} "
        f"group by quarter, case source {_NATION} end",
        between("loaded", 1, None),
        "A nation none of whose files could be loaded is not reported for that quarter (ruling "
        "G5): England and Wales is then one nation.",
        groups=("quarter",),
        action="Read the reasons in the ledger (`naome status`), and ask the senders for the files "
        "again.",
        numerator="tumour files of the nation that were loaded, in the quarter",
        denominator="1: each quarter and nation of which files were found",
    ),
    critical(
        "submission_fault",
        "fault_is_listed",
        "Each fault that the readers note has its wording and severity.",
        "select rule from submission_fault",
        in_set("rule", list(fault_rules())),
        "A fault without them would vanish from the quarantine, and its record from the ledger.",
    ),
)
