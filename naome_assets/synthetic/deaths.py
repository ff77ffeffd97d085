"""Civil registrations of death: one CSV a month of registration, England and Wales."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from naome_assets.synthetic import calibration, nhs_numbers
from naome_assets.synthetic.cosd import month_bounds, month_name
from naome_assets.synthetic.defects import NAMED, RowDefects
from naome_assets.synthetic.manifest import ManifestRow, Sent, Written
from naome_assets.synthetic.randomness import stream
from naome_assets.synthetic.records import iso
from naome_assets.synthetic.world import NEVER, NOT_MBC, World, day_number

_CAUSES: Final = 15
COLUMNS: Final = ",".join(
    ["DEC_CONF_NHS_NUMBER", "REG_DATE", "REG_DATE_OF_DEATH", "S_UNDERLYING_COD_ICD10"]
    + [f"S_COD_CODE_{number}" for number in range(1, _CAUSES + 1)]
)
_AGAIN_AFTER: Final = 45
_SECONDARY: Final = ("C780", "C787", "C793", "C795", "C798", "C771")
_OTHER_CAUSES: Final = ("I219", "C349", "F03", "J189", "I64", "C189", "J449", "U071")


class Unit(NamedTuple):
    """One month of registration.

    Attributes:
        month: Months since year 0.
        turn: Number of the unit, which gives each file another certain defect.
        defects: Whether there are any.
        too_early: Persons with the day of a death registered in this month that lies before their
            diagnosis.
    """

    month: int
    turn: int
    defects: bool
    too_early: tuple[tuple[int, int], ...]


class _Row(NamedTuple):
    nhs_number: str
    registered: int
    died: int
    cause: str
    person: int = -1
    has_metastases: bool = False


def write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    """Write the month's registrations, in order of registration."""
    month = month_name(unit.month)
    folder = f"deaths/{month}"
    (landing / folder).mkdir(parents=True, exist_ok=True)
    file = f"{folder}/deaths_{month}.csv"
    rng = stream(seed, "deaths", unit.month)
    defects = RowDefects("deaths", rng, unit.turn, unit.defects)
    written = Written()
    secondary = stream(seed, "deaths, secondary", unit.month)
    lines = [COLUMNS]
    for row in sorted(_rows(world, unit, rng), key=lambda row: (row.registered, row.nhs_number)):
        position = len(lines)
        defect = defects.draw() if row.person < 0 else ""
        values = [row.nhs_number, _day(row.registered), _day(row.died), row.cause]
        if defect:
            _spoil(values, defect, row)
            written.rows.append(ManifestRow.of(file, position, defect))
        causes = [row.cause]
        if row.has_metastases and secondary.random() < calibration.METASTASIS_ON_CERTIFICATE:
            causes.append(secondary.choice(_SECONDARY))
        line = ",".join(values + causes + [""] * (_CAUSES - len(causes)))
        if row.person >= 0 and (not defect or NAMED[defect].expected != "error"):
            written.sent.append(
                Sent(
                    ("death", row.person),
                    (values[1], month, file, position),
                    file,
                    position,
                    zlib.crc32(line.encode()),
                )
            )
        lines.append(line)
    data = ("\n".join(lines) + "\n").encode()
    (landing / file).write_bytes(data)
    written.files.append(file)
    written.size = len(data)
    written.records = len(lines) - 1
    return written


def _rows(world: World, unit: Unit, rng: random.Random) -> Iterator[_Row]:
    first, last = (day_number(day) for day in month_bounds(unit.month))
    people = world.people
    count = 0
    for shift in (0, _AGAIN_AFTER) if unit.defects else (0,):
        registered = people["registration"].to_numpy() + shift
        some = (registered >= first) & (registered <= last) & (people["death"] < NEVER).to_numpy()
        if shift:  # some deaths are registered a second time, with another cause
            some &= np.arange(len(people)) % 97 == 0
        rows: Iterator[Any] = people[some].itertuples()
        for person in rows:
            cause = "C509" if person.presentation != NOT_MBC else rng.choice(_OTHER_CAUSES)
            cause = "C798" if shift else cause
            yield _Row(
                person.nhs_number,
                int(person.registration) + shift,
                int(person.death),
                cause,
                int(person.Index),
                person.presentation != NOT_MBC and person.mbc <= person.death,
            )
            count += 1
    for number, died in unit.too_early:
        yield _Row(people["nhs_number"].iloc[number], first + 3, died, "C509", number)
    for _ in range(max(8, round(count * calibration.OTHER_DEATHS))):
        day = rng.randrange(first, last + 1)
        yield _Row(
            nhs_numbers.for_anyone_else(rng),
            day,
            day - rng.randrange(1, 20),
            rng.choice(_OTHER_CAUSES),
        )


def _day(number: int) -> str:
    return iso(number).replace("-", "")


def _spoil(values: list[str], defect: str, row: _Row) -> None:
    number, _, died, _ = range(4)
    if defect == "death_number_invalid":
        values[number] = nhs_numbers.broken(row.nhs_number)
    elif defect == "death_number_missing":
        values[number] = ""
    elif defect == "death_day_unknown":
        values[died] = values[died][:6] + "00"
    elif defect == "death_date_unreadable":
        values[died] = "20239999"
    elif defect == "death_date_before_1900":
        values[died] = "18990704"
    elif defect == "death_after_registration":
        values[died] = _day(row.registered + 12)
