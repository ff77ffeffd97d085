"""From a landing folder to the cohort and the figures by method."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from naome_assets.quarters import Quarter

from .. import figures as shared_figures
from .. import judge
from ..cohort import is_primary_c50
from ..compute import reported
from ..read import read_landing
from . import cohort, figures
from .judge import Hospital, gather

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Methods:
    """The tables by method, as lists of rows; ``person_id`` is ("nhs", number).

    ``errors`` holds file and position of the lines in quarantine; ``ledger`` has no reasons.
    """

    hospital: Hospital
    ledger: Rows
    errors: set[tuple[str, int]]
    candidate: Rows
    mbc_cohort: Rows
    prevalence: Rows
    indicator: Rows
    method_comparison: Rows


def compute(
    landing: Path,
    first: Quarter,
    last: Quarter,
    *,
    earlier_from: Quarter | None = None,
    hospital_date: str = "admission",
    keeps_rows_without_wanted_code: bool = True,
) -> Methods:
    """Every table by method for the quarters first to last, both included.

    Args:
        landing: The landing folder.
        first: First quarter asked for.
        last: Last quarter asked for; nothing later is read.
        earlier_from: First quarter of an earlier run, whose files are still loaded.
        hospital_date: Which date of an episode comes first, ``admission`` or ``episode`` (H9).
        keeps_rows_without_wanted_code: As section 7 has it, rows of HES and PEDW without a wanted
            code count for people with C50 on file. Without it they are out of scope for everybody,
            as the pipeline has them (docs/hospital.md, what is not done).
    """
    since = min(first, earlier_from or first)
    read = read_landing(landing, since, last)
    died = judge.judge(read, last)
    records = judge.accepted(read.records)
    hospital = gather(
        landing,
        since,
        last,
        shared={record.nhs for record in read.records if record.nhs_status == "shared"},
        with_primary={one.person for one in records if one.person and is_primary_c50(one)},
        by=hospital_date,
        keeps_rows_without_wanted_code=keeps_rows_without_wanted_code,
    )
    everybody = {}
    for person, known in sorted(cohort.known_of(read, hospital, died).items()):
        found = cohort.candidates_of(known)
        everybody[person] = (known, cohort.by_methods(known, found), found)
    nations = cohort.available(hospital)
    people = [one for _, patients, _ in everybody.values() for one in patients.values()]
    people = figures.shown(people, nations)
    sent = reported(read)
    windows = list(shared_figures.windows(first, last, sent))
    return Methods(
        hospital=hospital,
        ledger=ledger(hospital),
        errors={
            (line.file.path, line.position) for line in hospital.lines if line.fate == "quarantined"
        },
        candidate=[
            {
                "person_id": person,
                "file": one.episode.line.file.path,
                "position": one.episode.line.position,
                "day": one.day,
                "status": one.status,
                "confirmed_by": "".join(sorted(one.confirmed_by - {"c50"})),
            }
            for person, (_, _, found) in everybody.items()
            for one in found
        ],
        mbc_cohort=[one.row() for one in people],
        prevalence=figures.prevalence(people, nations, first, last, sent),
        indicator=figures.new_people(people, nations, windows),
        method_comparison=figures.method_comparison(
            everybody, hospital, nations, (first, last), sent
        ),
    )


def ledger(hospital: Hospital) -> Rows:
    """One row a file; of those tables whose lines stand alone."""
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for line in hospital.lines:
        fates[line.file.path][line.fate] += 1
    return [
        {
            "file": file.path,
            "quarter": str(file.quarter),
            "status": file.status,
            "received": fates[file.path].total(),
            **{
                fate: fates[file.path][fate]
                for fate in ("accepted", "superseded", "out_of_scope", "quarantined")
            },
        }
        for file in hospital.files
    ]
