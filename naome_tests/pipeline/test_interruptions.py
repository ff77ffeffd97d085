"""Killed, run twice at once, out of disk, without a usable warehouse.

``NAOME_KILLS=50`` kills more often than CI has time for, and on PostgreSQL at one more moment.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from naome_assets.contract.published_tables import PUBLISHED_TABLES, published_name
from naome_assets.orchestration.home import open_instance
from naome_assets.orchestration.resources import LandingResource
from naome_assets.sources.landing_folder import LandingError
from naome_assets.warehouse.engines import open_warehouse
from naome_tests.rights import WITHOUT_RIGHTS

from .audit import rows
from .test_command_line import TABLES, Place
from .test_engines import same_rows

QUARTERS = ("--from", "2024-Q1", "--to", "2024-Q2")
RUN = ("run", *QUARTERS)
SYNTH = ("synth", *QUARTERS, "--scale", "0.003", "--seed", "3")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, float]]:
    """An undisturbed run, and how long it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    place = Place(folder, folder / "landing")
    assert place.naome(*SYNTH).returncode == 0
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


#: How a run is ended, and when: while it works on the warehouse (its write-ahead log stands, the
#: figures do not yet), soon after it is known to Dagster, and while it publishes.
ENDS = {
    "all killed": "warehouse.duckdb.wal",
    "SIGTERM": "dagster/history/runs/*-*.db",
    "parent killed": "output/.publications/*",
}


def test_ended_at_any_moment(
    whole: tuple[Place, float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left of it that others would wait for or find, and the tables are the same."""
    undisturbed, seconds = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    place.environment["TMPDIR"] = str(temporary)
    chance = random.Random(8)  # noqa: S311
    kills = int(os.environ.get("NAOME_KILLS", len(ENDS)))
    expected = []
    for number in range(kills):
        end, sign = list(ENDS.items())[number % len(ENDS)]
        before = set(tmp_path.glob(sign))
        process = _start(place)
        while number < len(ENDS) and not set(tmp_path.glob(sign)) - before:
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        try:
            # Those asked for beyond the first three come at any moment.
            patience = 0.5 if number < len(ENDS) else chance.uniform(0.1, 1) * seconds
            process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            if end == "all killed":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.send_signal(signal.SIGTERM if end == "SIGTERM" else signal.SIGKILL)
            # Ends with the last process that could still say something.
            _, errors = process.communicate(timeout=180)
            if end == "SIGTERM":
                assert process.returncode == 143, errors
                assert "Traceback" not in errors
                assert errors.count("Stopped by the signal SIGTERM. Every table") == 1
            expected.append("CANCELED" if end == "SIGTERM" else "FAILURE")
    assert len(expected) >= min(kills, len(ENDS))
    done = place.naome(*RUN)
    assert done.returncode == 0, done.stderr
    assert place.tables() == undisturbed.tables()
    assert place.published() == undisturbed.published()
    assert [path.name for path in temporary.glob("naome-*")] == []
    monkeypatch.setenv("DAGSTER_HOME", place.environment["DAGSTER_HOME"])
    with open_instance() as instance:
        statuses = [run.status.value for run in reversed(instance.get_runs())]
    if kills == len(ENDS):
        assert statuses == [*expected, "SUCCESS"]
    # A run that was ended before Dagster knew of it is none, and one that ended first a success.
    assert statuses[-1] == "SUCCESS"
    assert set(statuses) <= {*expected, "SUCCESS"}


def test_killed_on_postgresql(
    whole: tuple[Place, float], tmp_path: Path, postgres_url: str
) -> None:
    """While files are read, and while tables are built; then it ends with the tables of DuckDB."""
    undisturbed, _ = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    place.environment["NAOME_WAREHOUSE"] = postgres_url
    reader = open_warehouse(postgres_url, read_only=True)
    # The table that tells how far a run has come, and whether the submissions stand by then.
    moments = {"submission": False, "evidence": True}
    if "NAOME_KILLS" not in os.environ:
        del moments["evidence"]
    for begun, is_whole in moments.items():
        process = _start(place)
        while process.poll() is None and not reader.has_table(begun):
            time.sleep(0.02)
        assert process.poll() is None, process.communicate()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        assert (reader.rows("submission") > 0) == is_whole
    done = place.naome(*RUN)
    assert done.returncode == 0, done.stderr
    embedded = open_warehouse(undisturbed.environment["NAOME_WAREHOUSE"], read_only=True)
    published = [published_name(table) for table in PUBLISHED_TABLES]
    different = [
        table
        for table in (*TABLES, *published)
        if not same_rows(rows(embedded, table), rows(reader, table))
    ]
    embedded.close()
    reader.close()
    assert different == []


def test_two_runs_at_once(whole: tuple[Place, float], tmp_path: Path) -> None:
    undisturbed, _ = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    both = [_start(place), _start(place)]
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    assert place.tables() == undisturbed.tables()
    assert place.published() == undisturbed.published()


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


#: In a mount namespace of its own: the warehouse on a file system with so much room (KiB) beyond
#: its size, run after run; each leaves its files and its exit code in a folder named for the room.
_SMALL_DISK = """
set -eu
disk=$1; shift; database=$1; shift; results=$1; shift; rooms=$1; shift
size=$(($(stat -c %s "$database") / 1024))
mount -t tmpfs -o "size=$((size + 100))k" tmpfs "$disk"
cp "$database" "$disk/"
for room in $rooms; do
    mount -o "remount,size=$((size + room))k" "$disk"
    mkdir "$results/$room"
    "$@" 2> "$results/$room/errors" && code=0 || code=$?
    echo "$code" > "$results/$room/code"
    cp "$disk"/* "$results/$room/"
done
"""
_MAY_MOUNT = shutil.which("unshare") is not None and (
    subprocess.run(
        ["unshare", "-Urm", "sh", "-c", 'mount -t tmpfs tmpfs "$0"', tempfile.gettempdir()],
        check=False,
        capture_output=True,
    ).returncode
    == 0
)


@pytest.mark.skipif(not _MAY_MOUNT, reason="no file system may be mounted here")
def test_a_full_file_system_says_so_and_leaves_the_tables_of_before(
    whole: tuple[Place, float], tmp_path: Path
) -> None:
    """No room for what is read, then none for what is built, then enough."""
    undisturbed, _ = whole
    place = Place(tmp_path / "disk", undisturbed.folder / "landing")
    results = tmp_path / "results"
    for folder in (place.folder, results):
        folder.mkdir()
    place.environment |= {
        "DAGSTER_HOME": str(tmp_path / "dagster"),
        "NAOME_OUTPUT": str(tmp_path / "output"),
    }
    where = [str(place.folder), str(undisturbed.database), str(results), "100 3000 1000000"]
    subprocess.run(
        [
            *("unshare", "-Urm", "sh", "-c", _SMALL_DISK, "sh", *where),
            *(sys.executable, "-m", "naome_assets", *RUN, "--full"),
        ],
        env=place.environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    steps = []
    for room, code in (("100", "1"), ("3000", "1"), ("1000000", "0")):
        left = Place(results / room, undisturbed.folder / "landing")
        errors = (left.folder / "errors").read_text()
        assert (left.folder / "code").read_text().strip() == code, errors
        assert "Traceback" not in errors
        # Which folder, what stands, what to do.
        told = f"The warehouse cannot be written to {place.folder}: No space left on device. Every"
        assert (told in errors) == (code == "1")
        assert ("start the same run again" in errors) == (code == "1")
        assert left.tables() == undisturbed.tables()
        steps.append(errors.partition(": ")[0].split()[-1:])
    assert steps[0] != steps[1], "full at one point only"


#: As above: a folder on a file system with so much room (KiB), and a command.
_TINY_DISK = 'mount -t tmpfs -o "size=$1k" tmpfs "$2"; shift 2; exec "$@"'


@pytest.mark.skipif(not _MAY_MOUNT, reason="no file system may be mounted here")
@pytest.mark.parametrize(
    ("variable", "room", "command", "told"),
    [
        (
            "DAGSTER_HOME",
            400,
            RUN,
            "Dagster's record of its runs cannot be written to {}: No",
        ),
        (
            "TMPDIR",
            100,
            (*RUN, "--full"),
            "(temporary files, in the folder that TMPDIR names) cannot be written",
        ),
        ("NAOME_LANDING", 100, SYNTH, "The submissions cannot be written to {}: No space left"),
        ("", 100, ("export", "--to"), "The tables cannot be written to {}: No space left"),
    ],
)
def test_whatever_is_full_is_named(
    whole: tuple[Place, float],
    tmp_path: Path,
    variable: str,
    room: int,
    command: tuple[str, ...],
    told: str,
) -> None:
    undisturbed, _ = whole
    place = Place(tmp_path, undisturbed.folder / "landing")
    place.database.write_bytes(undisturbed.database.read_bytes())
    disk = tmp_path / "disk"
    disk.mkdir()
    if variable:
        place.environment[variable] = str(disk)
    else:
        command = (*command, str(disk))
    done = subprocess.run(
        [
            *("unshare", "-Urm", "sh", "-ec", _TINY_DISK, "sh", str(room), str(disk)),
            *(sys.executable, "-m", "naome_assets", *command),
        ],
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert told.format(disk) in " ".join(done.stderr.split())
    assert place.tables() == undisturbed.tables()


@pytest.mark.parametrize("harm", ["not there", "closed"])
def test_a_landing_folder_that_cannot_be_read_ends_with_2_and_nothing_goes(
    whole: tuple[Place, float], tmp_path: Path, harm: str
) -> None:
    undisturbed, _ = whole
    place = Place(tmp_path, tmp_path / "landing")
    place.database.write_bytes(undisturbed.database.read_bytes())
    if harm == "closed":
        (tmp_path / "landing").mkdir(mode=0)
    done = subprocess.run(
        [*WITHOUT_RIGHTS, sys.executable, "-m", "naome_assets", *RUN],
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert f"the landing folder {tmp_path / 'landing'}" in done.stderr
    if harm == "not there":
        # The schedule's run, which no command line guards, must not take it for empty.
        with pytest.raises(LandingError, match="does not exist"):
            _ = LandingResource(folder=str(tmp_path / "landing")).path
    assert place.tables() == undisturbed.tables()


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
