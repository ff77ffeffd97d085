"""Dagster's home, made by whoever comes first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from naome_assets.orchestration.home import open_instance

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


@pytest.mark.parametrize("module", ["naome_assets.event_log", "naome_assets.automation.event_log"])
def test_a_home_of_an_earlier_naome_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """Its settings named a class of naome, which has moved; no other environment had it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text(
        f"event_log_storage:\n  module: {module}\n  class: KeptSqliteEventLogStorage\n"
    )
    open_instance().dispose()
    assert "naome_assets" not in (tmp_path / "dagster.yaml").read_text()


def test_settings_of_a_team_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    open_instance().dispose()
    assert (tmp_path / "dagster.yaml").read_text() == "telemetry:\n  enabled: false\n"


def test_any_environment_with_dagster_opens_the_home(tmp_path: Path) -> None:
    """As ``dg`` does from its own: nothing of naome can be imported there."""
    home = ensure(tmp_path / "dagster")
    code = (
        "import sys; sys.modules['naome_assets'] = None; import dagster;"
        "instance = dagster.DagsterInstance.get();"
        "print(instance.event_log_storage.get_materialized_partitions(dagster.AssetKey('a')))"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DAGSTER_HOME": str(home)},
        check=True,
        timeout=120,
        cwd=tmp_path,
    )


def ensure(home: Path) -> Path:
    """A home as naome makes it."""
    subprocess.run(
        [sys.executable, "-c", "from naome_assets.orchestration.home import *; open_instance()"],
        env=os.environ | {"DAGSTER_HOME": str(home)},
        check=True,
        timeout=120,
    )
    return home
