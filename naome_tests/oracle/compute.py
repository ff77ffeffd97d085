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
        earlier_from: First quarter of an earlier run, whose files are still loaded (ruling E6).
    """
    loaded_from = min(first, earlier_from or first)
    read = read_landing(landing, loaded_from, last)
    died = judge.judge(read, last)
    quality.warn_of_codes(read)
    records = judge.accepted(read.records)
    people = patients(records, died)
    given = figures.treatments(
        records, judge.accepted(read.welsh_treatments), judge.accepted(read.administrations)
    )
    every_window = list(figures.windows(first, last, loaded_from))
    return Oracle(
        ledger=judge.ledger(read),
        quarantine=judge.quarantine(read),
        mbc_cohort=[person.row() for person in people],
        prevalence=figures.prevalence(people, first, last),
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


def horizons(read: Landing) -> dict[str, dt.date]:
    """By nation, the last day of the latest quarter with a loaded file (ruling A5)."""
    sources = {"England": "cosd", "Wales": "wales_tumour"}
    return {
        nation: max(quarters).last_day
        for nation, source in sources.items()
        if (
            quarters := [
                file.quarter
                for file in read.files
                if file.source == source and file.status == "loaded"
            ]
        )
    }
