"""From a landing folder to every table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from naome_assets.quarters import Quarter

from . import figures, indicators, judge, quality
from .care import care_of
from .cohort import patients
from .read import Landing, read_landing

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Oracle:
    """The tables, as lists of rows. ``person_id`` is ("nhs", number) or ("local", provider, id).

    ``ledger.reason`` and the message of ``quarantine`` are wording: compare them with nothing.
    """

    ledger: Rows
    quarantine: Rows
    mbc_cohort: Rows
    prevalence: Rows
    cns_access: Rows
    time_to_treatment: Rows
    indicator: Rows
    data_quality: Rows


def compute(
    landing: Path, first: Quarter, last: Quarter, *, earlier_from: Quarter | None = None
) -> Oracle:
    """Every table for the quarters first to last, both included.

    Args:
        landing: The landing folder.
        first: First quarter asked for.
        last: Last quarter asked for; nothing later is read.
        earlier_from: First quarter of an earlier run, whose files are still loaded; the first
            reported quarter may lie before ``first`` then (ruling E6).
    """
    read = read_landing(landing, min(first, earlier_from or first), last)
    died = judge.judge(read, last)
    quality.warn_of_codes(read)
    records = judge.accepted(read.records)
    people = patients(records, died)
    given = figures.treatments(
        records, judge.accepted(read.welsh_treatments), judge.accepted(read.administrations)
    )
    sent = reported(read)
    every_window = list(figures.windows(first, last, sent))
    return Oracle(
        ledger=judge.ledger(read),
        quarantine=judge.quarantine(read),
        mbc_cohort=[person.row() for person in people],
        prevalence=figures.prevalence(people, first, last, sent),
        cns_access=figures.cns_access(people, every_window),
        time_to_treatment=figures.time_to_treatment(people, given, horizons(read), every_window),
        indicator=indicators.indicators(
            people,
            care_of(
                given,
                records,
                judge.accepted(read.welsh_treatments),
                judge.accepted(read.administrations),
                judge.accepted(read.reports),
            ),
            horizons(read),
            every_window,
        ),
        data_quality=quality.data_quality(read, every_window),
    )


#: Whose tumours a source tells of.
_TUMOURS_OF = {"cosd": "England", "wales_tumour": "Wales"}


def reported(read: Landing) -> figures.Reported:
    """Quarters that a loaded tumour file of a nation lies in, be it empty (ruling G5)."""
    sent: dict[Quarter, set[str]] = {}
    for file in read.files:
        if file.status == "loaded" and file.source in _TUMOURS_OF:
            sent.setdefault(file.quarter, set()).add(_TUMOURS_OF[file.source])
    return {quarter: frozenset(nations) for quarter, nations in sent.items()}


def horizons(read: Landing) -> dict[str, dt.date]:
    """By nation, the last day of the latest quarter with a loaded file (ruling A5)."""
    sent = reported(read)
    return {
        nation: max(quarters).last_day
        for nation in _TUMOURS_OF.values()
        if (quarters := [quarter for quarter, nations in sent.items() if nation in nations])
    }
