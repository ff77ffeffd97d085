"""Killed, run twice at once, out of disk, without a usable warehouse.

``NAOME_KILLS=50`` kills more often than CI has time for.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .test_command_line import Place

RUN = ("run", "--from", "2024-Q1", "--to", "2024-Q2")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, float]]:
    """An undisturbed run, and how long it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    place = Place(folder, folder / "landing")
    landing = ("synth", "--from", "2024-Q1", "--to", "2024-Q2", "--scale", "0.003", "--seed", "3")
    assert place.naome(*landing).returncode == 0
    begun = time.monotonic()
    done = place.naome(*RUN)
    assert done.returncode == 0, done.stderr
    yield place, time.monotonic() - begun


def _start(place: Place, largest_file: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [sys.executable, "-m", "naome_assets", *RUN],
        env=place.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limit,
    )


def test_killed_at_any_moment(whole: tuple[Place, float], tmp_path: Path) -> None:
    undisturbed, seconds = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    chance = random.Random(8)  # noqa: S311
    kills = int(os.environ.get("NAOME_KILLS", "4"))
    killed = 0
    for number in range(kills):
        process = _start(place)
        # One in each part of the run.
        time.sleep((0.1 + 0.9 * (number + chance.random()) / kills) * seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
    assert killed > 0
    done = place.naome(*RUN)
    assert done.returncode == 0, done.stderr
    assert place.tables() == undisturbed.tables()


def test_two_runs_at_once(whole: tuple[Place, float], tmp_path: Path) -> None:
    undisturbed, _ = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    both = [_start(place), _start(place)]
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    assert place.tables() == undisturbed.tables()


def test_a_full_disk_leaves_the_tables_of_before(
    whole: tuple[Place, float], tmp_path: Path
) -> None:
    undisturbed, _ = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    place.database.write_bytes(undisturbed.database.read_bytes())
    before = place.tables()
    # Smaller than the Parquet parts and the write-ahead log; no file of the run may grow beyond.
    process = _start(place, largest_file=256 << 10)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 1
    assert errors.strip()
    assert place.tables() == before
    assert place.naome(*RUN).returncode == 0
    assert place.tables() == before


@pytest.mark.parametrize("harm", ["no database", "a folder", "cut short", "parent is a file"])
def test_a_warehouse_that_cannot_be_used_ends_with_2(
    whole: tuple[Place, float], tmp_path: Path, harm: str
) -> None:
    undisturbed, _ = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    if harm == "no database":
        place.database.write_bytes(b"no database" * 5000)
    elif harm == "a folder":
        place.database.mkdir()
    elif harm == "cut short":
        place.database.write_bytes(undisturbed.database.read_bytes()[:20_000])
    else:
        place.database = tmp_path / "file" / "warehouse.duckdb"
        (tmp_path / "file").write_text("")
        place.environment["NAOME_WAREHOUSE"] = f"duckdb:///{place.database}"
    done = place.naome(*RUN)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "warehouse" in done.stderr
