"""HES Admitted Patient Care, England: episodes with a cancer code, of the three shapes in use.

The artificial pilot file (comma), DARS extracts (vertical bars) and extracts linked by NDRS differ
in separator, key of the person and columns of diagnoses; each is told by its header. Rows without
a wanted code and unfinished episodes are counted and not stored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from naome_assets.sources.bytes_in import Member
from naome_assets.sources.conventions import reading_of
from naome_assets.sources.csv_headings import Columns, heading_key
from naome_assets.sources.csv_table import Batch
from naome_assets.sources.errors import RefusedFileError, RowFaults
from naome_assets.sources.hospital.codes import codes_of, may_be_wanted
from naome_assets.sources.hospital.dates import DateColumns
from naome_assets.sources.hospital.organisations import organisation, words
from naome_assets.sources.hospital.people import PersonColumn, person_column
from naome_assets.sources.line_table import LineReader, Lines, Mask
from naome_assets.sources.periods import nhs_year, note_period
from naome_assets.sources.pseudonyms import Pseudonymiser
from naome_assets.sources.rows import RowBuffer, SubmissionRow
from naome_assets.sources.source import PERIOD, Source

_PEOPLE = ("STUDY_ID", "TOKEN_PERSON_ID", "ENCRYPTED_HESID", "PSEUDO_HESID")
_DATES = ("ADMIDATE", "EPISTART", "EPIEND", "DISDATE")
_PROVIDERS = ("PROCODE3", "PROCODE5", "PROCODET")
#: Sets of columns of diagnoses; the first that a file has is read (ruling H13).
_DIAGNOSES = ("diag", "diag4", "diag3")
_CONCATENATED = ("DIAG_4_CONCAT", "DIAG_3_CONCAT")
_OPERATIONS = ("opertn", "opertn4", "opertn3")
_CAUSES = ("CAUSE", "CAUSE_4", "CAUSE_3")
_OTHERS = (
    *("FYEAR", "PARTYEAR", "EPIKEY", "EPIORDER", "EPISTAT", "CLASSPAT", "SEX", "DOB", "MYDOB"),
    *("STARTAGE", "ENDAGE"),
)
_FINISHED = frozenset({"3"})
_YEAR = re.compile(rb"\d{4}")


@dataclass
class _Delivery:
    """What a file holds of one year of the NHS: the rows of a FYEAR in one file (ruling H6).

    Attributes:
        rows: all of them, wanted or not.
        partyear: the greatest PARTYEAR; empty without one.
        positions: the last position of a diagnosis that is filled.
        has_regular: whether a row is of a regular day or night attender; None without CLASSPAT.
    """

    rows: int = 0
    partyear: str = ""
    positions: int = 0
    has_regular: bool | None = None


@dataclass
class _File:
    """How one file is read, once its header is known.

    Attributes:
        own_year: year of the NHS of its folder, where a row does not say.
        person: column of the person.
        diagnoses: columns of diagnoses.
        is_joined: whether one value holds several codes.
        operations: columns of operations.
        dates: its columns of dates.
        deliveries: by FYEAR.
    """

    own_year: str
    person: PersonColumn = field(default_factory=lambda: PersonColumn("hes_apc", ""))
    diagnoses: tuple[str, ...] = ()
    is_joined: bool = False
    operations: tuple[str, ...] = ()
    dates: DateColumns = field(default_factory=lambda: DateColumns(_DATES))
    deliveries: dict[str, _Delivery] = field(default_factory=dict)

    def layout(self, headings: Sequence[str]) -> Columns:
        """The columns that are read of a file with these headings.

        Raises:
            RefusedFileError: without a person, a date or diagnoses.
        """
        keys = {heading_key(heading): heading for heading in headings}
        if not {heading_key("ADMIDATE"), heading_key("EPISTART")} & keys.keys():
            raise RefusedFileError("columns_missing", "columns are missing: ADMIDATE or EPISTART")
        self.diagnoses = _numbered(keys, _DIAGNOSES)
        self.is_joined = not self.diagnoses
        if self.is_joined:
            self.diagnoses = tuple(name for name in _CONCATENATED if heading_key(name) in keys)[:1]
        if not self.diagnoses:
            raise RefusedFileError(
                "columns_missing", "columns are missing: DIAG_01 (or DIAG_4_01, DIAG_3_01)"
            )
        self.person = person_column("hes_apc", _PEOPLE, headings)
        self.operations = _numbered(keys, _OPERATIONS)
        return Columns(
            required=(self.person.name, *self.diagnoses),
            optional=(*_DATES, *_PROVIDERS, *self.operations, *_CAUSES, *_OTHERS),
            tells_others=False,
        )

    def wants(self, lines: Lines) -> Mask:
        """Which lines may have a wanted code; what is counted of every row is counted here."""
        self.dates.note(lines)
        places = [lines.places[heading_key(name)] for name in self.diagnoses]
        heads = lines.heads(places, 2)
        self._count(lines, (heads[..., 0] != 0) & (heads[..., 0] != ord("-")))
        if self.is_joined:
            return np.ones(len(lines), bool)
        found: Mask = np.logical_or.reduce(may_be_wanted(heads), axis=1)
        return found

    def year(self, sent: bytes) -> str:
        """FYEAR of a row: two years that follow each other, else the folder's."""
        if _YEAR.fullmatch(sent) and (int(sent[:2]) + 1) % 100 == int(sent[2:]):
            return sent.decode()
        return self.own_year

    def _count(self, lines: Lines, is_filled: Mask) -> None:
        sent = np.array(lines.texts("FYEAR", 6) or [b""] * len(lines))
        parts = np.array(lines.texts("PARTYEAR", 6) or [b""] * len(lines))
        classes = lines.texts("CLASSPAT", 1)
        is_regular: Mask | None = None
        if classes is not None:
            is_regular = np.array([code in (b"3", b"4") for code in classes], bool)
        for value in np.unique(sent):
            of_year = sent == value
            delivery = self.deliveries.setdefault(self.year(bytes(value)), _Delivery())
            delivery.rows += int(np.count_nonzero(of_year))
            part = max(parts[of_year].tolist())
            if part.isdigit():
                delivery.partyear = max(delivery.partyear, part.decode())
            filled = np.flatnonzero(is_filled[of_year].any(axis=0))
            if len(filled):
                delivery.positions = max(delivery.positions, int(filled[-1]) + 1)
            if is_regular is not None:
                delivery.has_regular = bool(delivery.has_regular or is_regular[of_year].any())


def _numbered(keys: dict[str, str], stems: Sequence[str]) -> tuple[str, ...]:
    """Columns of the first of these sets that a file has, in the order of their numbers."""
    for stem in stems:
        found = sorted(key for key in keys if re.fullmatch(rf"{stem}\d\d", key))
        if found:
            return tuple(keys[key] for key in found)
    return ()


def read_hes_apc(
    member: Member, submission: SubmissionRow, rows: RowBuffer, pseudonymiser: Pseudonymiser
) -> RowFaults:
    """Read a file of HES APC; returns the rows that are refused.

    Raises:
        RefusedFileError: when the file as a whole cannot be read.
    """
    own = _File(nhs_year(note_period(submission)))
    reader = LineReader(member, submission, own.layout, rows.tally, own.wants)
    kept = 0
    for batch in reader.batches():
        kept += _store(batch, own, rows, pseudonymiser)
    submission.other_tumour_groups = submission.received - submission.unreadable_records - kept
    for year, delivery in sorted(own.deliveries.items()):
        told = {
            "file": submission.file,
            "quarter": submission.quarter,
            "fyear": year,
            "partyear": delivery.partyear or None,
            "received": delivery.rows,
            "positions": delivery.positions,
            "has_regular_attenders": delivery.has_regular,
        }
        rows.add("hes_apc_delivery", told)
    _warn_of_years(own, submission)
    return reader.faults


def _store(batch: Batch, own: _File, rows: RowBuffer, pseudonymiser: Pseudonymiser) -> int:
    """Store the wanted, finished episodes of a batch; how many they are."""
    codes = codes_of(batch, own.diagnoses, joined=own.is_joined)
    keep = codes.is_wanted & _is_finished(batch)
    among = pa.array(keep)
    kept = replace(
        batch,
        columns={name: column.filter(among) for name, column in batch.columns.items()},
        positions=batch.positions.filter(among),
    )
    if not kept.rows:
        return 0
    columns = kept.provenance() | own.person.people(kept, pseudonymiser)
    for name, column in (
        ("ADMIDATE", "admission_date"),
        ("EPISTART", "episode_start"),
        ("EPIEND", "episode_end"),
        ("DISDATE", "discharge_date"),
    ):
        columns |= own.dates.date(kept, name, column)
    columns |= {
        "fyear": _years(kept, own),
        "episode_key": _episode_keys(kept, pseudonymiser),
        "provider": organisation(kept, _PROVIDERS),
        "class": words(kept, "CLASSPAT", frozenset("1234589")),
        "sex": words(kept, "SEX", frozenset("129")),
        "birth_month": _birth_months(kept),
        "content": _contents(kept, own, pseudonymiser),
    }
    rows.add_table("hes_apc_episode", pa.table(columns))
    of_kept = keep[codes.rows]
    at = pa.array((np.cumsum(keep) - 1)[codes.rows[of_kept]])
    where = {name: column.take(at) for name, column in _arrays(kept.provenance()).items()}
    where["icd"] = codes.codes.filter(pa.array(of_kept))
    rows.add_table("hes_apc_code", pa.table(where))
    return kept.rows


def _arrays(columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    return dict(columns)


def _is_finished(batch: Batch) -> Mask:
    """Whether EPISTAT says so, or nothing (ruling H12)."""
    values, places = batch.sent("EPISTAT")
    finished = [
        value is None or value.strip().removesuffix(".0").lstrip("0") in _FINISHED
        for value in values
    ]
    of_rows: Mask = np.array(finished, bool)[places]
    return of_rows


def _years(batch: Batch, own: _File) -> pa.Array:
    values, places = batch.sent("FYEAR")
    years = [own.year((value or "").strip().encode()) for value in values]
    return pa.array(years, pa.string()).take(pa.array(places))


def _episode_keys(batch: Batch, pseudonymiser: Pseudonymiser) -> pa.Array:
    """Pseudonyms of EPIKEY, which is text: of 12 or of 19 digits."""
    return batch.distinct(
        "EPIKEY",
        reading_of("EPIKEY", "source_identifier"),
        lambda key: (pseudonymiser.source_person("hes_apc episode", key),),
        {"episode_key": pa.string()},
    )["episode_key"]


def _birth_months(batch: Batch) -> pa.Array:
    """Month of birth, ``1950-07``: of MYDOB (MMYYYY), else of DOB."""

    def of_month(text: str | None) -> Sequence[str | None]:
        match = re.fullmatch(r"(0[1-9]|1[0-2])((?:19|20)\d\d)", (text or "").zfill(6))
        return (f"{match[2]}-{match[1]}" if match else None,)

    def of_day(text: str | None) -> Sequence[str | None]:
        match = re.match(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])-\d\d", text or "")
        return (f"{match[1]}-{match[2]}" if match else None,)

    kind = reading_of("MYDOB", "hospital_date"), reading_of("DOB", "hospital_date")
    outputs = {"birth_month": pa.string()}
    return pc.coalesce(
        batch.distinct("MYDOB", kind[0], of_month, outputs)["birth_month"],
        batch.distinct("DOB", kind[1], of_day, outputs)["birth_month"],
    )


def _contents(batch: Batch, own: _File, pseudonymiser: Pseudonymiser) -> pa.Array:
    """A keyed digest of what makes two rows duplicates (section 2.5 of the contract)."""
    names = (
        own.person.name,
        *("STARTAGE", "ENDAGE", "MYDOB", "DOB", "SEX", "EPIORDER"),
        *own.diagnoses,
        *_CAUSES,
        *own.operations,
        *_PROVIDERS,
        *_DATES,
    )
    sent = [batch.columns[key] for key in map(heading_key, names) if key in batch.columns]
    joined = pc.binary_join_element_wise(*sent, b"\x1f")
    return pa.array([pseudonymiser.row(row) for row in joined.to_pylist()], pa.string())


def _warn_of_years(own: _File, submission: SubmissionRow) -> None:
    years = [year for year, delivery in own.deliveries.items() if delivery.rows]
    others = sorted(set(years) - {own.own_year})
    if others:
        submission.warn(f"year_outside_folder: FYEAR {', '.join(others)} in the folder of another")
    if len(submission.folder) == len("2022-2023") and len(years) > 1:
        submission.warn(f"several_years: the folder of one year holds {len(years)}")


SOURCES = (
    Source(
        "hes_apc",
        "HES Admitted Patient Care (see hospital.md)",
        f"england/hes_apc/{PERIOD}",
        read_hes_apc,
        ("hes_apc_episode", "hes_apc_code", "hes_apc_delivery"),
        endings=(".csv", ".txt"),
    ),
)
