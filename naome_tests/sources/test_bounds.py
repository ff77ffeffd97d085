"""What reading may touch, and how much memory it may take, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from .support import COSD_FOLDER, LUNG, V9_BREAST, cosd, put
from .test_faults import REJECTED

_READ = """
import json, os, sys
from pathlib import Path
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import discover, strays
from naome_tests.sources.support import PSEUDONYMISER, QUARTER
root, spill = Path(sys.argv[1]), Path(sys.argv[2])

def read():
    files = discover(root, QUARTER)
    files += strays(root, [QUARTER], {file.name for file in files})
    return [row for part in read_files(files, PSEUDONYMISER, spill, 1) for row in part.submissions]

def peak():
    # Not getrusage: its peak is at least what the process had that started this one.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))

# The first time loads modules and tables of codes; the second touches only what was sent.
read()
opened = []
sys.addaudithook(lambda event, args: opened.append(args) if event == "open" else None)
rows = read()
names = sorted({os.fsdecode(a[0]) for a in opened if not isinstance(a[0], int)})
print(json.dumps({
    "opened": names,
    "received": sum(row["received"] for row in rows),
    "rejected": sum(row["status"] == "rejected" for row in rows),
    "peak": peak(),
}))
"""


def read_alone(landing: Path, spill: Path) -> dict[str, Any]:
    spill.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(landing), str(spill)],
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_nothing_outside_the_landing_and_the_spill_is_opened(tmp_path: Path) -> None:
    landing, spill = tmp_path / "landing", tmp_path / "spill"
    for number, (_, place, content, _) in enumerate(REJECTED):
        put(landing, place.replace("/a.", f"/a{number}.").replace("/d.", f"/d{number}."), content)
    secret = put(tmp_path, "secret.xml", "x")
    (landing / COSD_FOLDER / "out.xml").symlink_to(secret)
    (landing / COSD_FOLDER / "away").symlink_to(tmp_path, target_is_directory=True)
    told = read_alone(landing, spill)
    assert told["rejected"] == len(REJECTED) + 2
    outside = [
        name
        for name in told["opened"]
        if not Path(name).resolve().is_relative_to(landing)
        and not Path(name).resolve().is_relative_to(spill)
    ]
    assert outside == []
    assert any(name.endswith(".zip") for name in told["opened"]), "the hook saw nothing"


def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    small = cosd(V9_BREAST, *[LUNG] * 10)
    put(tmp_path / "small", f"{COSD_FOLDER}/a.xml", small)
    record = V9_BREAST + LUNG * 9
    large = cosd(*[record] * 24_000, count=240_000)
    assert len(large) > 20 << 20
    put(tmp_path / "large", f"{COSD_FOLDER}/a.xml", large)
    little = read_alone(tmp_path / "small", tmp_path / "spill-small")
    much = read_alone(tmp_path / "large", tmp_path / "spill-large")
    assert (little["received"], much["received"]) == (11, 240_000)
    # The rows themselves wait in batches; 96 MB is far under what a tree of the file would take.
    assert much["peak"] - little["peak"] < 96 << 20
    assert much["peak"] < 1 << 30
