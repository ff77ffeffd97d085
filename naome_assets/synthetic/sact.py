"""SACT files: the administrations of one month in England, as one CSV.

Until the CSV came in, some trusts sent XML (v2.0): a file each, by the same administrations.
"""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from naome_assets.synthetic import calibration, nhs_numbers, sact_xml
from naome_assets.synthetic.cosd import month_bounds, month_name
from naome_assets.synthetic.defects import RowDefects
from naome_assets.synthetic.manifest import ManifestRow, Sent, Written
from naome_assets.synthetic.randomness import stream
from naome_assets.synthetic.records import iso, local_identifier
from naome_assets.synthetic.regimens import CATALOGUE, OTHER_CANCERS, Regimen
from naome_assets.synthetic.world import World, day_number

COLUMNS: Final = (
    "NHS_Number,Local_Patient_Identifier,NHS_Number_Status_Indicator_Code,Person_Family_Name,"
    "Person_Given_Name,Date_Of_Birth,Person_Stated_Gender_Code,Patient_Postcode,"
    "Consultant_GMC_Code,Consultant_Specialty_Code,Organisation_Identifier_Code_Of_Provider,"
    "Primary_Diagnosis,Morphology_ICD_O,Diagnosis_Code_SNOMED_CT,Adjunctive_Therapy,"
    "Intent_Of_Treatment,Regimen,Height_At_Start_Of_Regimen,Weight_At_Start_Of_Regimen,"
    "Performance_Status_At_Start_Of_Regimen_Adult,Comorbidity_Adjustment,"
    "Date_Decision_To_Treat,Start_Date_Of_Regimen,Clinical_Trial,Cycle_Number,"
    "Start_Date_Of_Cycle,Weight_At_Start_Of_Cycle,Performance_Status_At_Start_Of_Cycle_Adult,"
    "Drug_Name,DM_D,Actual_Dose_Per_Administration,Administration_Measurement_Per_Actual_Dose,"
    "Unit_Of_Measurement_SNOMED_CT_DM_D,SACT_Administration_Route,Administration_Date,"
    "Organisation_Identifier_Of_SACT_Administration,Regimen_Modification_Dose_Reduction,"
    "Regimen_Outcome_Summary_Curative_Completed_As_Planned,"
    "Regimen_Outcome_Summary_Non_Curative,Regimen_Outcome_Summary_Toxicity"
)


_BREAST: Final = "C509"


class Unit(NamedTuple):
    """One month; ``turn`` gives each file another certain defect."""

    month: int
    turn: int
    defects: bool


class _Patient(NamedTuple):
    nhs_number: str
    local_identifier: str
    birth_date: str
    sex: str
    provider: str
    diagnosis: str
    curative: bool


_XML_UNTIL: Final = "2020-06"
"""Last month in which any trust sends XML."""
_XML_TRUSTS: Final = 3
"""Of so many providers in turn, one sends XML."""


@dataclass
class _File:
    """A file in the making: its rows in the order of ``COLUMNS``."""

    name: str
    defects: RowDefects
    rows: list[list[str]] = field(default_factory=list)


def files_of(world: World, month: int) -> int:
    """How many files a month has."""
    return 1 + len(_xml_trusts(world, month))


def _xml_trusts(world: World, month: int) -> list[str]:
    if month_name(month) > _XML_UNTIL:
        return []
    trusts = [provider.code for provider in world.providers if not provider.is_board]
    return trusts[::_XML_TRUSTS]


def write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    """Write the month's administrations: those of cycles that begin in the month."""
    month = month_name(unit.month)
    folder = f"england/sact/{month}"
    (landing / folder).mkdir(parents=True, exist_ok=True)
    rng = stream(seed, "sact", unit.month)
    csv_file = _File(
        f"{folder}/SACT_v3_{month}.csv", RowDefects("sact", rng, unit.turn, unit.defects)
    )
    xml_files = {
        trust: _File(
            f"{folder}/SACT_v2_{trust}_{month}.xml",
            RowDefects("sact_xml", rng, unit.turn + number, unit.defects),
        )
        for number, trust in enumerate(_xml_trusts(world, unit.month))
    }
    written = Written()
    run_end = day_number(world.last_day)
    for row, patient, regimen, cycle, key in _cycles(world, unit.month, rng):
        file = xml_files.get(patient.provider, csv_file)
        for day, line in _administrations(patient, regimen, int(row.start), cycle, row.Index):
            position = len(file.rows) + 1
            # Other cancers are out of scope before any rule is asked (ruling A7).
            defect = file.defects.draw() if not key and patient.diagnosis == _BREAST else ""
            if defect:
                line = _spoil(line, defect, run_end)
                written.rows.append(ManifestRow.of(file.name, position, defect))
            if key:
                drug = line[28]
                written.sent.append(
                    Sent(
                        (*key, drug, day),
                        (month, file.name, position),
                        file.name,
                        position,
                        zlib.crc32(",".join(line).encode()),
                    )
                )
            file.rows.append(line)
    lines = [COLUMNS, *(",".join(row) for row in csv_file.rows)]
    _save(landing, csv_file, "\n".join(lines) + "\n", written)
    for number, file in enumerate(xml_files.values()):
        disagrees = unit.defects and (unit.turn + number) % 5 == 0
        if disagrees:
            written.rows.append(ManifestRow.of(file.name, 0, "sact_xml_count_disagrees"))
        _save(landing, file, sact_xml.document(file.rows, disagrees), written)
    return written


def _save(landing: Path, file: _File, content: str, written: Written) -> None:
    data = content.encode()
    (landing / file.name).write_bytes(data)
    written.files.append(file.name)
    written.size += len(data)
    written.records += len(file.rows)


def _cycles(world: World, month: int, rng: random.Random) -> Any:
    """Each (regimen row, patient, regimen, cycle number, key of a resubmission or nothing)."""
    first, last = (day_number(day) for day in month_bounds(month))
    regimens = world.regimens
    england = np.array([provider.nation == "England" for provider in world.providers])
    length = np.array([regimen.cycle_days for regimen in CATALOGUE])[regimens["regimen"]]
    start = regimens["start"].to_numpy()
    near = (
        england[regimens["provider"].to_numpy()]
        & (start <= last)
        & (start + length * regimens["cycles"].to_numpy() >= first - 62)
        & (regimens["end"].to_numpy() > first - 62)
    )
    people = world.people.iloc[regimens["person"].to_numpy()[near]]
    for row, person in zip(regimens[near].itertuples(), people.itertuples(), strict=True):
        regimen = CATALOGUE[row.regimen]
        patient = _patient(world, row, person)
        for cycle in range(1, row.cycles + 1):
            day = row.start + (cycle - 1) * regimen.cycle_days
            if day >= row.end or day > last:
                break
            again = row.sent_again and cycle == 1
            key = ("sact", row.Index, cycle) if again else None
            if first <= day or (again and _month_before(day, first)):
                yield row, patient, regimen, cycle, key
            if first <= day and rng.random() < calibration.OTHER_CANCERS_SACT:
                diagnosis, other = rng.choice(OTHER_CANCERS)
                somebody = _somebody(diagnosis, other, patient.provider, first, rng)
                yield row, somebody, other, cycle, None


def _month_before(day: int, first: int) -> bool:
    """Whether a day lies in the month before the one that begins on ``first``."""
    return iso(day)[:7] == iso(first - 1)[:7]


def _patient(world: World, row: Any, person: Any) -> _Patient:
    provider = world.providers[row.provider].code
    return _Patient(
        person.nhs_number,
        local_identifier(int(row.person), provider),
        iso(person.birth),
        person.sex,
        provider,
        _BREAST,
        bool(row.curative),
    )


def _somebody(
    diagnosis: str, regimen: Regimen, provider: str, first: int, rng: random.Random
) -> _Patient:
    return _Patient(
        nhs_numbers.for_anyone_else(rng),
        f"X{rng.randrange(10_000_000):07d}",
        iso(first - rng.randrange(12_000, 32_000)),
        rng.choice("12"),
        provider,
        diagnosis,
        not regimen.metastatic,
    )


def _administrations(
    patient: _Patient, regimen: Regimen, start: int, cycle: int, number: int
) -> Any:
    """Each administration's day and values, in the order of ``COLUMNS``."""
    cycle_day = start + (cycle - 1) * regimen.cycle_days
    weight = f"{55 + number % 40}.0"
    intent = "01" if patient.curative else "02"
    for drug in regimen.drugs:
        for offset in drug.days:
            day = iso(cycle_day + offset - 1)
            yield (
                day,
                [
                    patient.nhs_number, patient.local_identifier, "01", "TEST", "PATIENT",
                    patient.birth_date, patient.sex, "XX1 1XX", "C1234567", "370",
                    patient.provider, patient.diagnosis, "8500/3", "254837009",
                    "2" if patient.curative else "3", intent, regimen.name, "1.64", weight,
                    str(number % 3), "N", iso(start - 7), iso(start), "02", str(cycle),
                    iso(cycle_day), weight, str(number % 3), drug.name, "", drug.dose, "mg",
                    "258684004", drug.route, day, patient.provider, "N", "", "", "",
                ],
            )  # fmt: skip


_NUMBER, _LOCAL, _DIAGNOSIS, _START = 0, 1, 11, 22
_DATES = (5, 21, 22, 25, 34)


def _spoil(line: list[str], defect: str, run_end: int) -> list[str]:
    line = list(line)
    if defect in ("sact_diagnosis_missing", "sact_xml_diagnosis_missing"):
        line[_DIAGNOSIS] = ""
    elif defect in ("sact_start_missing", "sact_xml_start_missing"):
        line[_START] = ""
    elif defect == "sact_start_none":
        line[_START] = "-4714-12-31"
    elif defect in ("sact_start_future", "sact_xml_start_future"):
        line[_START] = iso(run_end + 40)
    elif defect == "sact_no_identifier":
        line[_NUMBER] = line[_LOCAL] = ""
    elif defect in ("sact_number_missing", "sact_xml_number_missing"):
        line[_NUMBER] = ""
    elif defect == "sact_slashed_dates":
        for column in _DATES:
            year, month, day = line[column].split("-")
            line[column] = f"{day}/{month}/{year}"
    return line
