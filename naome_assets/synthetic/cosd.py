"""COSD files: one provider's submission for one reporting month."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from naome_assets.synthetic import calibration, cosd_v8, cosd_v9, cosd_v10, other_groups
from naome_assets.synthetic.defects import NAMED, Setting, spoil
from naome_assets.synthetic.manifest import ManifestRow, Sent, Written
from naome_assets.synthetic.providers import Provider
from naome_assets.synthetic.randomness import identifier, stream
from naome_assets.synthetic.records import Record, build, iso
from naome_assets.synthetic.world import World, day_number

DAYS_TO_UPLOAD: Final = 33
"""At least: uploads are due 25 working days after the month's end."""


@dataclass(frozen=True)
class Version:
    """A version of the standard, as files name and write it."""

    major: int
    namespace: str
    render: Callable[[Record], str]


V8: Final = Version(8, "COSD-v8-2", cosd_v8.render)
V8_WRAPPED: Final = Version(8, "COSD-v8-1", cosd_v8.render_wrapped)
V9: Final = Version(9, "COSD-v9-0-1", cosd_v9.render)
V10: Final = Version(10, "COSD-v10-0-1", cosd_v10.render)
_MESSAGES: Final = "http://www.datadictionary.nhs.uk/messages/"


class Unit(NamedTuple):
    """One provider's submission for one month.

    Attributes:
        provider: Position in ``World.providers``.
        month: Months since year 0.
        sendings: Positions in ``World.sendings``.
        defects: Defect of each sending, mostly none.
        file_defect: Defect of the (first) file, mostly none.
    """

    provider: int
    month: int
    sendings: NDArray[np.int64]
    defects: list[str]
    file_defect: str


class Given(NamedTuple):
    """A treatment of the world: start (day), COSD modality and intent."""

    start: int
    modality: str
    intent: str


class Entry(NamedTuple):
    """One record in a file: its text and, for breast records, which event and what defect."""

    text: str
    event: int = -1
    defect: str = ""


def month_name(month: int) -> str:
    """``2024-03`` of a number of months since year 0."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def month_bounds(month: int) -> tuple[dt.date, dt.date]:
    """First and last day."""
    first = dt.date(month // 12, month % 12 + 1, 1)
    following = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)


def version_of(provider: Provider, month: str) -> Version:
    """v8 (of some, wrapped) until June 2020, v9; v10 from July 2024, by choice from April 2024."""
    if month < "2020-07":
        return V8_WRAPPED if provider.wraps_v8 else V8
    return V10 if month >= provider.v10_from else V9


def planned_files(unit: Unit, provider: Provider) -> int:
    """How many files a unit writes."""
    extra = unit.file_defect in ("same_bytes_twice", "truncated", *_FOREIGN)
    return 1 + provider.splits_breast + extra


def write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    """Write a submission: one file, or two where breast records go alone."""
    provider = world.providers[unit.provider]
    folder = f"england/cosd/{provider.code}/{month_name(unit.month)}"
    (landing / folder).mkdir(parents=True, exist_ok=True)
    rng = stream(seed, "cosd", provider.code, unit.month)
    submission = _Submission(landing, folder, provider, unit, rng)
    breast = list(_breast(world, seed, unit, submission))
    others = [
        Entry(text)
        for text in other_groups.write(
            round(len(breast) * _OTHERS * rng.uniform(0.85, 1.15)),
            submission.version.render,
            provider.code + provider.code_suffix,
            day_number(submission.period[0]),
            day_number(submission.period[1]),
            rng,
        )
    ]
    if provider.splits_breast:
        submission.write("BR", breast, unit.file_defect)
        submission.write("OT", others, "")
    else:
        mixed = breast + others
        rng.shuffle(mixed)
        submission.write("ALL", mixed, unit.file_defect)
    return submission.written


_OTHERS = (1.0 - calibration.BREAST_SHARE_OF_RECORDS) / calibration.BREAST_SHARE_OF_RECORDS


def treatments_of(world: World, events: NDArray[np.int64]) -> list[list[Given]]:
    """The treatments of each event, in order of date."""
    table = world.treatments
    start, modality, intent = (table[name].to_numpy() for name in Given._fields)
    of_event = table["event"].to_numpy()
    firsts, ends = np.searchsorted(of_event, events), np.searchsorted(of_event, events + 1)
    return [
        [Given(int(start[row]), modality[row], intent[row]) for row in range(first, end)]
        for first, end in zip(firsts, ends, strict=True)
    ]


def _breast(world: World, seed: int, unit: Unit, submission: _Submission) -> Iterator[Entry]:
    sendings = world.sendings.iloc[unit.sendings]
    events = world.events.iloc[sendings["event"].to_numpy()].assign(
        incomplete=sendings["incomplete"].to_numpy()
    )
    people = world.people.iloc[events["person"].to_numpy()]
    provider, version = submission.provider, submission.version
    last_identifier = ""
    treatments = treatments_of(world, events.index.to_numpy())
    rows: Iterator[tuple[Any, Any, list[Given], str]] = zip(
        events.itertuples(), people.itertuples(), treatments, unit.defects, strict=True
    )
    for event, person, given, defect in rows:
        record = build(
            seed, event, person, given, submission.known, provider.code, provider.code_suffix
        )
        if version is V10:
            _use_v10_codes(record, bool(event.distant))
        record.identifier = identifier(submission.rng)
        if defect:
            setting = Setting(version.major, submission.known, int(event.date), submission.rng)
            defect = defect if spoil(record, defect, setting) else ""
        if defect == "record_id_repeated" and last_identifier:
            record.identifier = last_identifier
        last_identifier = record.identifier
        entry = Entry(version.render(record), event.Index, defect)
        yield entry
        if defect == "record_duplicated":
            yield entry._replace(defect="")


def _use_v10_codes(record: Record, distant: bool) -> None:
    """v10 splits histology by what was examined, and names the metastatic breast MDT."""
    record.basis = {"7": "7.1", "6": "7.2"}.get(record.basis, record.basis)
    if distant:
        record.mdt_type = "0102"


_FOREIGN: Final = {"wrong_namespace": "http://example.org/not-cosd", "unknown_version": "COSD-v6-0"}
# Under these the person is (provider, local identifier): another event key than the clean record's.
_ANOTHER_PERSON: Final = frozenset(
    ("nhs_number_fails_modulus_11", "nhs_number_missing", "nhs_number_placeholder")
)


class _Submission:
    """The files of one unit: their names, headers and bytes, and what they must lead to."""

    def __init__(
        self, landing: Path, folder: str, provider: Provider, unit: Unit, rng: random.Random
    ) -> None:
        self.landing = landing
        self.folder = folder
        self.provider = provider
        self.rng = rng
        self.month = month_name(unit.month)
        self.version = version_of(provider, self.month)
        self.period = month_bounds(unit.month)
        self.known = day_number(self.period[1]) + DAYS_TO_UPLOAD + rng.randrange(8)
        clock = (rng.randrange(8, 18), rng.randrange(60), rng.randrange(60))
        self.created = f"{iso(self.known)}T{clock[0]:02d}:{clock[1]:02d}:{clock[2]:02d}"
        self.written = Written()

    def write(self, part: str, entries: list[Entry], file_defect: str) -> None:
        name = self._name(part)
        if file_defect == "truncated" or file_defect in _FOREIGN:
            self._rejected(name, entries, file_defect)
            file_defect = ""
        data = self._bytes(self._text(entries, file_defect), file_defect)
        path = f"{self.folder}/{self._save(name, data)}"
        self._note(path, entries, file_defect)
        if file_defect == "same_bytes_twice":
            copy = self._save(name.replace(".xml", "_copy.xml"), data)
            self._note(f"{self.folder}/{copy}", entries, "")

    def _rejected(self, name: str, entries: list[Entry], defect: str) -> None:
        """A file that must be refused, beside the good one that the sender made of it."""
        data = self._bytes(self._text(entries, defect), "")
        if defect == "truncated":
            data = data[: len(data) * 3 // 5]
        file = f"{self.folder}/{self._save(name.replace('.xml', '_first.xml'), data, 'xml')}"
        self.written.rows.append(ManifestRow.of(file, 0, defect))

    def _name(self, part: str) -> str:
        first, last = self.period
        code = self.provider.code
        if self.provider.supplier == "infoflex":
            created = self.created.replace(":", "_")
            return f"COSD_INFOFLEX({part})_{code}_{first}_{last}_{created}.xml"
        compact = self.month.replace("-", "")
        if self.provider.supplier == "somerset":
            return f"{code}_{self.version.namespace}_{compact}.xml"
        return f"COSD_{code}_{compact}.xml"

    def _text(self, entries: list[Entry], file_defect: str) -> str:
        namespace = _MESSAGES + self.version.namespace
        if file_defect in _FOREIGN:
            foreign = _FOREIGN[file_defect]
            namespace = foreign if foreign.startswith("http") else _MESSAGES + foreign
        if file_defect == "default_namespace":
            root, opening = "COSD", f'<COSD xmlns="{namespace}">'
        else:
            root, opening = "COSD:COSD", f'<COSD:COSD xmlns:COSD="{namespace}">'
        encoding = "UTF-16" if file_defect == "utf_16" else "UTF-8"
        count = len(entries) + (3 if file_defect == "record_count_disagrees" else 0)
        first, last = self.period
        header = (
            f'<?xml version="1.0" encoding="{encoding}"?>\n{opening}\n'
            f'<Id root="{identifier(self.rng)}"/>\n'
            "<OrganisationIdentifierCodeOfSubmittingOrganisation "
            f'extension="{self.provider.code}"/>\n'
            f'<RecordCount value="{count}"/>\n'
            f"<ReportingPeriodStartDate>{first}</ReportingPeriodStartDate>\n"
            f"<ReportingPeriodEndDate>{last}</ReportingPeriodEndDate>\n"
            f"<FileCreationDateTime>{self.created}</FileCreationDateTime>\n"
        )
        return "".join([header, *[entry.text for entry in entries], f"</{root}>\n"])

    def _bytes(self, text: str, file_defect: str) -> bytes:
        if file_defect == "crlf":
            text = text.replace("\n", "\r\n")
        if file_defect == "utf_16":
            return b"\xff\xfe" + text.encode("utf-16-le")
        with_mark = self.version is V10 or file_defect == "byte_order_mark"
        return text.encode("utf-8-sig" if with_mark else "utf-8")

    def _save(self, name: str, data: bytes, container: str = "") -> str:
        """Write the bytes; returns the name as the ledger writes it."""
        container = container or self.provider.container
        saved, ledger_name = name, name
        if container == "gz":
            saved = ledger_name = name + ".gz"
            data = gzip.compress(data, compresslevel=5, mtime=0)
        elif container == "zip":
            saved = name.replace(".xml", ".zip")
            ledger_name = f"{saved}!{name}"
            data = _zipped(name, data)
        (self.landing / self.folder / saved).write_bytes(data)
        self.written.files.append(f"{self.folder}/{saved}")
        self.written.size += len(data)
        return ledger_name

    def _note(self, file: str, entries: list[Entry], file_defect: str) -> None:
        rows, sent = self.written.rows, self.written.sent
        self.written.records += len(entries)
        if file_defect:
            rows.append(ManifestRow.of(file, 0, file_defect))
        period_end = self.period[1].isoformat()
        twice = {entry.event for entry in entries if entry.defect == "record_duplicated"}
        for position, entry in enumerate(entries, start=1):
            if entry.event in twice:  # the first of the two is the one superseded
                twice.remove(entry.event)
                rows.append(ManifestRow.of(file, position, "record_duplicated"))
            elif entry.defect not in ("", "record_duplicated"):
                rows.append(ManifestRow.of(file, position, entry.defect))
                if NAMED[entry.defect].expected == "error":
                    continue
            if entry.event >= 0:
                person = entry.defect if entry.defect in _ANOTHER_PERSON else ""
                sent.append(
                    Sent(
                        ("cosd", entry.event, person),
                        (self.created, period_end, file, position),
                        file,
                        position,
                        zlib.crc32(entry.text.split("\n", 2)[2].encode()),
                    )
                )


def _zipped(name: str, data: bytes) -> bytes:
    """A zip archive whose bytes depend on the content alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo(name)  # dated 1980-01-01
        member.compress_type = zipfile.ZIP_DEFLATED
        member.create_system = 3
        member.external_attr = 0o600 << 16
        archive.writestr(member, data, compresslevel=5)
    return buffer.getvalue()
