"""Dagster's home, made by whoever comes first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OPEN = (
    "import dagster; from naome_assets.orchestration.home import open_instance; import sys; "
    "sys.stdin.readline(); open_instance().dispose()"
)


def test_several_processes_open_a_new_home_at_once(tmp_path: Path) -> None:
    environment = os.environ | {"DAGSTER_HOME": str(tmp_path / "dagster")}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN],
            env=environment,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
