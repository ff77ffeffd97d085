"""Lists of the Organisation Data Service that a user lays beside the landing: trusts and mergers.

``reference/etr*.csv`` and ``reference/succ*.csv`` of the landing folder, as the service publishes
them: no header, fields at fixed places, dates CCYYMMDD. What they say comes before the lists that
naome ships. Only codes of three characters (trusts, health boards) are kept.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import re
from collections.abc import Iterator

from naome_assets.sources.bytes_in import Member, utf8_chunks
from naome_assets.sources.errors import RefusedFileError
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import Source

#: Places of the fields of ``etr``: code, name, day opened, day closed.
_ETR_CODE, _ETR_NAME, _ETR_OPENED, _ETR_CLOSED = 0, 1, 10, 11
#: Places of the fields of ``succ``: code, code of the successor; then a reason, and the day.
_SUCC_CODE, _SUCC_SUCCESSOR, _SUCC_DAY = 0, 1, 3
_CODE = re.compile(r"[A-Z0-9]{3,12}")
_TRUST = 3


def read_organisations(
    member: Member, submission: SubmissionRow, rows: RowBuffer, _: Pseudonymiser
) -> None:
    """Read ``etr``: every trust with its name and when it opened and closed.

    Raises:
        RefusedFileError: when the file is no such list.
    """
    for position, fields in _rows(member, _ETR_CLOSED + 1):
        name = " ".join(fields[_ETR_NAME].split())
        if not name:
            raise _not_ods(position)
        if len(fields[_ETR_CODE]) == _TRUST:
            rows.add(
                "ods_organisation",
                _provenance(submission, position)
                | {
                    "code": fields[_ETR_CODE],
                    "name": name,
                    "opened": _day(fields[_ETR_OPENED], position),
                    "closed": _day(fields[_ETR_CLOSED], position),
                },
            )


def read_successions(
    member: Member, submission: SubmissionRow, rows: RowBuffer, _: Pseudonymiser
) -> None:
    """Read ``succ``: which organisation took the place of which, and when.

    Raises:
        RefusedFileError: when the file is no such list.
    """
    for position, fields in _rows(member, _SUCC_DAY + 1):
        predecessor, successor = fields[_SUCC_CODE], fields[_SUCC_SUCCESSOR]
        day = _day(fields[_SUCC_DAY], position)
        if not _CODE.fullmatch(successor) or day is None:
            raise _not_ods(position)
        if len(predecessor) == len(successor) == _TRUST and predecessor != successor:
            rows.add(
                "ods_succession",
                _provenance(submission, position)
                | {"predecessor": predecessor, "successor": successor, "effective": day},
            )


def _rows(member: Member, width: int) -> Iterator[tuple[int, list[str]]]:
    """Position and fields of each row, all of whose first fields are codes."""
    found = False
    try:
        for position, sent in enumerate(csv.reader(_lines(member), strict=True), start=1):
            if not any(sent):
                continue
            fields = [field.strip() for field in sent]
            if len(fields) < width or not _CODE.fullmatch(fields[0]):
                raise _not_ods(position)
            found = True
            yield position, fields
    except (csv.Error, UnicodeDecodeError):
        raise RefusedFileError(
            "not_csv", "the list is no CSV in UTF-8: download it again"
        ) from None
    if not found:
        raise RefusedFileError("not_csv", "the list has no rows: download it again")


def _lines(member: Member) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    held = ""
    for chunk in utf8_chunks(member):
        held += decoder.decode(chunk)
        *whole, held = held.splitlines(keepends=True) or [""]
        yield from whole
    yield held + decoder.decode(b"", final=True)


def _day(text: str, position: int) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise _not_ods(position) from None


def _not_ods(position: int) -> RefusedFileError:
    return RefusedFileError(
        "not_ods",
        f"row {position:,} is not of the service's layout (docs/reference-data.md): lay the file "
        "there as it was downloaded, without a header",
    )


def _provenance(submission: SubmissionRow, position: int) -> dict[str, object]:
    return {"file": submission.file, "position": position, "quarter": submission.quarter}


SOURCES = (
    Source(
        "ods_organisation",
        "a newer list of trusts (see reference-data.md)",
        "reference",
        read_organisations,
        ("ods_organisation",),
        files="etr*",
    ),
    Source(
        "ods_succession",
        "a newer list of mergers",
        "reference",
        read_successions,
        ("ods_succession",),
        files="succ*",
    ),
)
