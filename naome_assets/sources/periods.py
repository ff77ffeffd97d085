"""Folders named by a period: a year of the NHS, a quarter, a month or a day (ruling H5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from naome_assets.quarters import Quarter
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.rows import SubmissionRow


def nhs_years(quarter: str) -> Iterator[str]:
    """The year of the NHS that a quarter ends, ``2023-2024``, if it ends one."""
    own = Quarter.parse(quarter)
    if own.number == 1:
        yield f"{own.year - 1}-{own.year}"


def last_day(folder: str) -> dt.date:
    """Last day of a folder's period: the extract date of its files.

    Raises:
        RefusedFileError: when the folder names no period.
    """
    try:
        return dt.date.fromisoformat(folder)
    except ValueError:
        pass
    for reading in (Quarter.of_nhs_year, Quarter.parse):
        try:
            return reading(folder).last_day
        except ValueError:
            continue
    try:
        Quarter.of_month(folder)
        year, month = int(folder[:4]), int(folder[5:])
        return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    except ValueError:
        raise RefusedFileError("extract_date", f"the folder {folder} is no period") from None


def first_day(folder: str) -> dt.date:
    """First day of a folder's period.

    Raises:
        RefusedFileError: when the folder names no period.
    """
    last = last_day(folder)
    if len(folder) == len("2022-12-31"):
        return last
    if len(folder) == len("2022-2023"):
        return dt.date(last.year - 1, 4, 1)
    if "Q" in folder.upper():
        return Quarter.of_date(last).first_day
    return last.replace(day=1)


def note_period(submission: SubmissionRow) -> dt.date:
    """Take over the period of a file's folder, whose last day is the extract date (ruling H5).

    Raises:
        RefusedFileError: when the folder names no period.
    """
    submission.period_start = first_day(submission.folder)
    submission.period_end = submission.extract_date = last_day(submission.folder)
    return submission.extract_date


def nhs_year(day: dt.date) -> str:
    """The year of the NHS of a day as hospital data write it: ``2324`` is 2023-24."""
    first = day.year if day.month > 3 else day.year - 1
    return f"{first % 100:02d}{(first + 1) % 100:02d}"
