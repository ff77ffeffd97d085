"""Dagster's home: where runs, events and schedules are remembered."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from naome_assets.settings import DATA_FOLDER


def ensure_dagster_home() -> Path:
    """The home that the command line and the UI share; made when there is none.

    DAGSTER_HOME when set, else ``.naome/dagster`` under the folder naome was started in.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or DATA_FOLDER / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    if not settings.exists():
        shutil.copyfile(Path(__file__).with_name("dagster.yaml"), settings)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    return home
