"""Dagster's home: where runs, events and schedules are remembered."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from naome_assets.settings import DATA_FOLDER

if TYPE_CHECKING:
    from dagster import DagsterInstance


def dagster_home() -> Path:
    """The home that the command line and the UI share.

    DAGSTER_HOME when set, else ``.naome/dagster`` under the folder naome was started in.
    """
    return Path(os.environ.get("DAGSTER_HOME") or DATA_FOLDER / "dagster").resolve()


def ensure_dagster_home() -> Path:
    """The home, made when there is none."""
    home = dagster_home()
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "dagster.yaml"
    with _alone(home):
        # Homes of earlier versions name a class of naome, which other environments cannot import.
        if not settings.exists() or "KeptSqliteEventLogStorage" in settings.read_text():
            shutil.copyfile(Path(__file__).with_name("dagster.yaml"), settings)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    return home


def open_instance() -> DagsterInstance:
    """Dagster's instance of this home; the caller closes it.

    One process at a time opens it: two that find no databases would both make them, and the
    second would fail.
    """
    from dagster import DagsterInstance

    from naome_assets.orchestration.dagster_internals import keep_connections

    with _alone(ensure_dagster_home()):
        instance = DagsterInstance.get()
    keep_connections(instance)
    return instance


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the home's lock; the operating system frees it when a process is killed."""
    with (home / "opening.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
