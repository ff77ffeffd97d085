"""From a seed to a landing folder: plan the units of work, write them, list what is in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from pathlib import Path

import numpy as np
import pandas as pd

from naome_assets.processes import Pool
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.synthetic import cosd, deaths, hospital, pathology, sact, wales
from naome_assets.synthetic.defects import of_scope
from naome_assets.synthetic.manifest import Manifest, Written
from naome_assets.synthetic.randomness import array_stream
from naome_assets.synthetic.world import World, day_number, month_numbers, simulate

Unit = cosd.Unit | pathology.Unit | wales.Unit | sact.Unit | deaths.Unit | hospital.Unit
Progress = Callable[[int, int], None]

DEFECTIVE_AT_MOST = 0.25
"""Share of COSD records that may carry a defect, which bounds them in very small landings."""

_DEATH_BEFORE_EVENT = 40


def generate(
    landing: Path,
    first: Quarter,
    last: Quarter,
    *,
    scale: float = 1.0,
    seed: int = 1,
    defects: bool = True,
    hospital_data: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write the submissions of England and Wales for some quarters, invented.

    The same arguments give the same bytes, whatever the number of workers. A longer range is
    another world: it does not begin with the files of a shorter one.

    NHS numbers are valid under Modulus 11 but can belong to nobody: people of the world have
    numbers beginning 999, which NHS England reserves for test data, and everyone else numbers from
    900 to 998, which are never issued.

    Args:
        landing: Landing folder; made when missing. Files of the same name are replaced, others
            stay.
        first: First quarter.
        last: Last quarter, included.
        scale: 1.0 is England and Wales at real size; smaller scales have fewer providers and
            people.
        seed: Names the world.
        defects: Whether files have the defects of the table in ``defects``.
        hospital_data: Whether there are hospital episodes, radiotherapy, waiting times and key
            files as well; the other files are the same with them.
        workers: Processes; as many as there are cores when None. One works in this process.
        progress: Called with (files done, files in total).

    Returns:
        What was written, as in ``synthetic-manifest.csv`` in the landing root.

    Raises:
        ValueError: when the range is empty or the scale is not above 0.
    """
    if last < first:
        raise ValueError(f"the range from {first} to {last} holds no quarter")
    if scale <= 0.0:
        raise ValueError("the scale must be above 0")
    world = simulate(first.first_day, last.last_day, scale=scale, seed=seed, defects=defects)
    landing.mkdir(parents=True, exist_ok=True)
    units = list(plan(world, first, last, seed=seed, defects=defects))
    if hospital_data:
        units.insert(0, hospital.Unit(first, last, defects))
    total = sum(_files_of(unit, world) for unit in units)
    written: list[Written] = []
    done = 0
    for part in _work(landing, world, seed, units, workers or os.cpu_count() or 1):
        written.append(part)
        done += len(part.files)
        if progress is not None:
            progress(done, total)
    manifest = Manifest.of(written)
    manifest.write(landing)
    return manifest


def plan(
    world: World, first: Quarter, last: Quarter, *, seed: int, defects: bool
) -> Iterator[Unit]:
    """The units of work, the largest kinds first; each can be done alone, in any order."""
    sendings = world.sendings.assign(
        provider=world.events["provider"].to_numpy()[world.sendings["event"]]
    )
    rng = array_stream(seed, 6)
    sendings["defect"] = _record_defects(world, sendings, rng) if defects else ""
    too_early = sendings[sendings["defect"] == "death_before_diagnosis"]
    months = [number for quarter in quarter_range(first, last) for number in _months(quarter)]
    for turn, month in enumerate(months):
        yield sact.Unit(month, turn, defects)
        some = too_early[too_early["month"] == month]
        events = world.events.loc[some["event"]]
        early = tuple(zip(events["person"], events["date"] - _DEATH_BEFORE_EVENT, strict=True))
        yield deaths.Unit(month, turn, defects, early)
    for turn, unit in enumerate(_english(world, sendings, months, rng, defects)):
        yield unit
        yield pathology.Unit(unit.provider, unit.month, unit.sendings, turn, defects)
    for turn, (board, quarter) in enumerate(
        (board, quarter)
        for quarter in quarter_range(first, last)
        for board, provider in enumerate(world.providers)
        if provider.is_board
    ):
        some = sendings[
            (sendings["provider"] == board) & sendings["month"].isin(_months(quarter))
        ].drop_duplicates("event", keep="last")
        yield wales.Unit(board, quarter, some.index.to_numpy(), turn, defects)


def _months(quarter: Quarter) -> tuple[int, int, int]:
    """The quarter's months, as months since year 0."""
    first = int(month_numbers(np.array([day_number(quarter.first_day)]))[0])
    return first, first + 1, first + 2


def _english(
    world: World,
    sendings: pd.DataFrame,
    months: list[int],
    rng: np.random.Generator,
    defects: bool,
) -> Iterator[cosd.Unit]:
    rows = dict(iter(sendings.groupby(["provider", "month"])))
    units = [
        cosd.Unit(number, month, frame.index.to_numpy(), frame["defect"].tolist(), "")
        for number, provider in enumerate(world.providers)
        if not provider.is_board
        for month in months
        if (frame := rows.get((number, month))) is not None
    ]
    for unit, defect in zip(units, _file_defects(world, units, rng, defects), strict=True):
        yield unit._replace(file_defect=defect)


def _record_defects(world: World, sendings: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """A defect for some English records that are sent once, at least one of each kind."""
    events = world.events
    england = np.array([not provider.is_board for provider in world.providers])
    alone = ~sendings["event"].duplicated(keep=False) & england[sendings["provider"]]
    candidates = rng.permutation(sendings.index[alone])
    chosen = np.full(len(sendings), "", dtype=object)
    kinds = of_scope("cosd_record")
    bound = int(len(candidates) * DEFECTIVE_AT_MOST)
    # A death before diagnosis needs a person whose only record this is, and who does not die.
    person = events["person"].to_numpy()[sendings["event"]]
    only = ~events["person"].duplicated(keep=False).to_numpy()[sendings["event"]]
    lives = world.people["death"].to_numpy()[person] > day_number(world.last_day)
    for kind in kinds:
        wanted = max(1, round(kind.rate * len(candidates)))
        fitting = (only & lives)[candidates] if kind.name == "death_before_diagnosis" else None
        pool = candidates if fitting is None else candidates[fitting]
        some = pool[: min(wanted, bound)]
        bound -= len(some)
        chosen[some] = kind.name
        candidates = candidates[~np.isin(candidates, some)]
    return [str(name) for name in chosen]


def _file_defects(
    world: World, units: list[cosd.Unit], rng: np.random.Generator, defects: bool
) -> list[str]:
    """A defect for some COSD files, at least one of each kind; archives have none."""
    chosen = [""] * len(units)
    if not defects:
        return chosen
    plain = [n for n, u in enumerate(units) if world.providers[u.provider].container == "xml"]
    candidates = rng.permutation(plain).tolist()
    for kind in of_scope("cosd_file"):
        # v10 files all begin with a byte-order mark: there it would be no defect.
        fitting = [
            number
            for number in candidates
            if kind.name != "byte_order_mark" or not _is_v10(world, units[number])
        ]
        for number in fitting[: max(1, round(kind.rate * len(plain)))]:
            chosen[number] = kind.name
        candidates = [number for number in candidates if not chosen[number]]
    return chosen


def _is_v10(world: World, unit: cosd.Unit) -> bool:
    provider = world.providers[unit.provider]
    return cosd.version_of(provider, cosd.month_name(unit.month)) is cosd.V10


def _files_of(unit: Unit, world: World) -> int:
    if isinstance(unit, cosd.Unit):
        return cosd.planned_files(unit, world.providers[unit.provider])
    if isinstance(unit, sact.Unit):
        return sact.files_of(world, unit.month)
    if isinstance(unit, hospital.Unit):
        return hospital.files_of(unit)
    return 2 if isinstance(unit, wales.Unit) else 1


def _write(landing: Path, world: World, seed: int, unit: Unit) -> Written:
    match unit:
        case cosd.Unit():
            return cosd.write(landing, world, seed, unit)
        case pathology.Unit():
            return pathology.write(landing, world, seed, unit)
        case wales.Unit():
            return wales.write(landing, world, seed, unit)
        case sact.Unit():
            return sact.write(landing, world, seed, unit)
        case deaths.Unit():
            return deaths.write(landing, world, seed, unit)
        case hospital.Unit():
            return hospital.write(landing, world, seed, unit)


_shared: tuple[Path, World, int] | None = None
"""What every unit of a worker process needs, set once by ``_begin``."""


def _begin(landing: Path, world: World, seed: int) -> None:
    global _shared
    _shared = landing, world, seed


def _write_shared(unit: Unit) -> Written:
    if _shared is None:
        raise RuntimeError("a worker began without its world")
    return _write(*_shared, unit)


def _work(
    landing: Path, world: World, seed: int, units: list[Unit], workers: int
) -> Iterator[Written]:
    if workers == 1:
        for unit in units:
            yield _write(landing, world, seed, unit)
        return
    with Pool(workers, _begin, (landing, world, seed)) as pool:
        for future in as_completed([pool.submit(_write_shared, unit) for unit in units]):
            yield future.result()
