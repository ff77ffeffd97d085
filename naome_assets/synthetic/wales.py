"""Welsh registry files: one health board's events and treatments of one quarter, as CSV."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from naome_assets.contract.cosd_items import carried_items
from naome_assets.quarters import Quarter
from naome_assets.synthetic import nhs_numbers
from naome_assets.synthetic.cosd import Given, treatments_of
from naome_assets.synthetic.defects import NAMED, RowDefects
from naome_assets.synthetic.manifest import ManifestRow, Sent, Written
from naome_assets.synthetic.randomness import stream
from naome_assets.synthetic.records import Record, build, iso
from naome_assets.synthetic.world import World, day_number

TUMOUR_COLUMNS: Final = (
    "record_id", "extract_created", "nhs_number", "local_patient_identifier", "birth_date", "sex",
    "ethnic_category", "postcode", "provider", "site_of_diagnosis", "pathway", "icd10",
    "event_date", "progression_date", "laterality", "basis_of_diagnosis", "t_category",
    "n_category", "m_category", "tnm_stage_group", "metastatic_type", "metastatic_sites",
    "performance_status", "er_status", "her2_status", "cns_indication", "mdt_date",
    "point_of_suspicion_date", *(item.wales for item in carried_items() if item.wales),
)  # fmt: skip
TREATMENT_COLUMNS: Final = (
    "record_id", "nhs_number", "local_patient_identifier", "provider", "start_date", "modality",
    "intent",
)  # fmt: skip

_SEX: Final = {"1": "M", "2": "F"}
_VELINDRE: Final = "RQF"
_TREATED_AT_VELINDRE: Final = frozenset(("7A4", "7A5", "7A6", "7A7"))


class Unit(NamedTuple):
    """One health board's quarter.

    Attributes:
        provider: Position in ``World.providers``.
        quarter: The folder's quarter.
        sendings: Positions in ``World.sendings``, one an event.
        turn: Number of the unit, which gives each file another certain defect.
        defects: Whether there are any.
    """

    provider: int
    quarter: Quarter
    sendings: NDArray[np.int64]
    turn: int
    defects: bool


def write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    """Write the tumour and the treatment file."""
    board = world.providers[unit.provider].code
    folder = f"wales/registry/{unit.quarter}"
    (landing / folder).mkdir(parents=True, exist_ok=True)
    rng = stream(seed, "wales", board, unit.quarter)
    known = day_number(unit.quarter.last_day) + 30 + rng.randrange(20)
    created = _day(iso(known)) + f"T{rng.randrange(8, 18):02d}{rng.randrange(60):02d}00"
    files = {
        kind: f"{folder}/{board}_{kind}.csv" for kind in ("tumour", "treatment")
    }  # the part before the underscore is the health board
    tumours = _Table(files["tumour"], TUMOUR_COLUMNS)
    treatments = _Table(files["treatment"], TREATMENT_COLUMNS)
    tumour_defects = RowDefects("wales_tumour", rng, unit.turn, unit.defects)
    treatment_defects = RowDefects("wales_treatment", rng, unit.turn, unit.defects)
    alone = ~world.sendings["event"].duplicated(keep=False).to_numpy()[unit.sendings]
    sendings = world.sendings.iloc[unit.sendings]
    events = world.events.iloc[sendings["event"].to_numpy()].assign(
        incomplete=sendings["incomplete"].to_numpy(), alone=alone
    )
    people = world.people.iloc[events["person"].to_numpy()]
    given = treatments_of(world, events.index.to_numpy())
    rows: Iterator[tuple[Any, Any, list[Given]]] = zip(
        events.itertuples(), people.itertuples(), given, strict=True
    )
    for event, person, some in rows:
        record = build(seed, event, person, some, known, board, "")
        row = _tumour_row(record, f"{board}{event.Index:08d}", created)
        # A defect on an event that is sent twice would blur what supersedes what.
        defect = tumour_defects.draw() if event.alone else ""
        _spoil(row, defect, known)
        key = None
        if not defect or NAMED[defect].expected != "error":
            key = ("wales", event.Index)
        order = (created, iso(day_number(unit.quarter.last_day)), tumours.file)
        tumours.add(row, defect, key, order, skip_content="extract_created")
        for item in _treatment_rows(record, row["record_id"], board):
            defect = treatment_defects.draw() if event.alone else ""
            if defect == "welsh_treatment_undated":
                item["start_date"] = ""
            elif defect == "welsh_treatment_unknown":
                item |= {"record_id": "UNKNOWN1", "nhs_number": "", "local_patient_identifier": ""}
            key = None if defect else ("wales_treatment", event.Index)
            treatments.add(item, defect, key, (str(unit.quarter), treatments.file))
    written = Written()
    for table in (tumours, treatments):
        table.save(landing, written)
    return written


class _Table:
    """A CSV file in the making, and what its rows must lead to."""

    def __init__(self, file: str, columns: tuple[str, ...]) -> None:
        self.file = file
        self.columns = columns
        self.lines = [",".join(columns)]
        self.rows: list[ManifestRow] = []
        self.sent: list[Sent] = []

    def add(
        self,
        row: dict[str, str],
        defect: str,
        key: tuple[Any, ...] | None,
        order: tuple[Any, ...],
        skip_content: str = "",
    ) -> None:
        position = len(self.lines)
        self.lines.append(",".join([row[column] for column in self.columns]))
        if defect:
            self.rows.append(ManifestRow.of(self.file, position, defect))
        if key is not None:
            content = ",".join([row[c] for c in self.columns if c != skip_content])
            self.sent.append(Sent(key, order, self.file, position, zlib.crc32(content.encode())))

    def save(self, landing: Path, written: Written) -> None:
        data = ("\n".join(self.lines) + "\n").encode()
        (landing / self.file).write_bytes(data)
        written.files.append(self.file)
        written.size += len(data)
        written.records += len(self.lines) - 1
        written.rows += self.rows
        written.sent += self.sent


def _day(iso_date: str) -> str:
    return iso_date.replace("-", "")


def _tumour_row(record: Record, record_id: str, created: str) -> dict[str, str]:
    progression = record.progressions[0] if record.progressions else None
    # One set of metastatic items serves diagnosis and progression (ruling B18).
    metastases = progression.metastases if progression else record.metastases
    return {
        "record_id": record_id,
        "extract_created": created,
        "nhs_number": record.nhs_number,
        "local_patient_identifier": record.local_identifier,
        "birth_date": _day(record.birth_date),
        "sex": _SEX[record.sex],
        "ethnic_category": record.ethnicity,
        "postcode": record.postcode,
        "provider": record.provider,
        "site_of_diagnosis": record.site,
        "pathway": record.pathway,
        "icd10": record.icd,
        "event_date": _day(record.event_date),
        "progression_date": _day(progression.date) if progression else "",
        "laterality": record.laterality,
        "basis_of_diagnosis": record.basis,
        "t_category": record.t_category,
        "n_category": record.n_category,
        "m_category": record.m_category,
        "tnm_stage_group": record.stage,
        "metastatic_type": metastases[0][0] if metastases else "",
        "metastatic_sites": ";".join(site for _, site in metastases),
        "performance_status": record.performance_status,
        "er_status": record.er_status,
        "her2_status": record.her2_status,
        "cns_indication": record.cns,
        "mdt_date": _day(record.mdt_dates[0]) if record.mdt_dates else "",
        "point_of_suspicion_date": _day(record.first_seen),
    } | {item.wales: record.carried.get(item.column, "") for item in carried_items() if item.wales}


def _treatment_rows(record: Record, record_id: str, board: str) -> list[dict[str, str]]:
    return [
        {
            "record_id": record_id,
            "nhs_number": record.nhs_number,
            "local_patient_identifier": record.local_identifier,
            "provider": _VELINDRE
            if board in _TREATED_AT_VELINDRE and item.modality != "01"
            else board,
            "start_date": _day(item.start),
            "modality": item.modality,
            "intent": item.intent,
        }
        for item in record.treatments
    ]


def _spoil(row: dict[str, str], defect: str, known: int) -> None:
    changes: dict[str, dict[str, str]] = {
        "": {},
        "welsh_pathway_unknown": {"pathway": "relapse"},
        "welsh_pathway_missing": {"pathway": ""},
        "welsh_number_invalid": {"nhs_number": nhs_numbers.broken(row["nhs_number"])},
        "welsh_no_identifier": {"nhs_number": "", "local_patient_identifier": ""},
        "welsh_birth_missing": {"birth_date": ""},
        "welsh_birth_after_event": {"birth_date": _day(iso(known - 1))},
        "welsh_date_missing": {"event_date": ""},
        "welsh_date_unreadable": {"event_date": "20231345"},
        "welsh_date_before_1900": {"event_date": "18230504"},
        "welsh_date_after": {"event_date": _day(iso(known + 30))},
    }
    row |= changes[defect]
