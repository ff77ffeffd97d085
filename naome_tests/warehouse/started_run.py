"""A run in a process of its own, to be disturbed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from naome_assets.quarters import Quarter

QUARTER = Quarter(2023, 1)


def start_run(url: str, folder: Path) -> subprocess.Popen[bytes]:
    """Run the audit of a quarter on ``landing`` in a folder; its errors go to ``errors.txt``."""
    with (folder / "errors.txt").open("wb") as errors:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "naome_assets", "run"),
                *("--from", str(QUARTER), "--to", str(QUARTER)),
            ],
            env=os.environ
            | {
                "NAOME_LANDING": str(folder / "landing"),
                "NAOME_WAREHOUSE": url,
                "NAOME_OUTPUT": str(folder / "output"),
                "NAOME_PSEUDONYM_KEY": "ab" * 32,
                "DAGSTER_HOME": str(folder / "dagster"),
            },
            cwd=folder,
            stderr=errors,
        )
