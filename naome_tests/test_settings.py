"""Settings come from the environment, or are what the documents say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from naome_assets.settings import DEFAULT_PROFILE, Settings, default_key_path


def test_without_variables_everything_lies_in_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({}) == Settings(
        landing=tmp_path / ".naome" / "landing",
        warehouse=f"duckdb:///{tmp_path}/.naome/warehouse.duckdb",
        output=tmp_path / ".naome" / "output",
        workers=os.cpu_count() or 1,
        disclosure_profile=DEFAULT_PROFILE,
        linkage=False,
    )


def test_each_variable_sets_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    values = {
        "NAOME_LANDING": "in",
        "NAOME_WAREHOUSE": "postgresql://naome@host/audit",
        "NAOME_OUTPUT": "/out",
        "NAOME_WORKERS": "3",
        "NAOME_DISCLOSURE_PROFILE": "under_5",
        "NAOME_LINKAGE": "on",
    }
    found = Settings.from_environment(values)
    # Dagster's processes have other working folders: a place is absolute from the beginning.
    assert found.landing == tmp_path / "in"
    assert found.output == Path("/out")
    assert (found.warehouse, found.workers) == ("postgresql://naome@host/audit", 3)
    assert (found.disclosure_profile, found.linkage) == ("under_5", True)
    monkeypatch.setenv("NAOME_WORKERS", "7")
    assert Settings.from_environment().workers == 7


@pytest.mark.parametrize("workers", ["0", "-1", "two", "1.5"])
def test_workers_are_a_positive_number(workers: str) -> None:
    with pytest.raises(ValueError, match="NAOME_WORKERS must be a positive number"):
        Settings.from_environment({"NAOME_WORKERS": workers})


def test_the_key_is_in_the_folder_of_the_user_not_with_the_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert default_key_path({"XDG_CONFIG_HOME": "/conf"}) == Path("/conf/naome/pseudonym.key")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert default_key_path() == tmp_path / ".config" / "naome" / "pseudonym.key"
