"""Files that land after their quarter was read are read by a run of their own."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import pytest

from naome_assets.orchestration.assets.submissions import submissions
from naome_assets.orchestration.dagster_internals import keep_connections
from naome_assets.orchestration.resources import LandingResource, MethodResource, WarehouseResource
from naome_assets.orchestration.sensors import late_files as module
from naome_assets.orchestration.sensors.late_files import late_files

FIRST = "first.csv"
FOLDERS = {"2023-01-01": "2023-01", "2023-04-01": "2023-05", "2023-10-01": "2023-12"}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dg.DagsterInstance, Path]]:
    """An instance in which three quarters were read, the last two after a gap; and their folder."""
    folder = tmp_path_factory.mktemp("read")
    landing = folder / "landing"
    for month in FOLDERS.values():
        land(landing, month, FIRST)
    resources = {
        "landing": LandingResource(folder=str(landing)),
        "method": MethodResource(),
        "warehouse": WarehouseResource(url=f"duckdb:///{folder / 'w.duckdb'}"),
    }
    (folder / "dagster").mkdir()
    with (
        pytest.MonkeyPatch.context() as patched,
        dg.DagsterInstance.local_temp(str(folder / "dagster")) as instance,
    ):
        patched.setenv("NAOME_PSEUDONYM_KEY", "ab" * 32)
        patched.setenv("NAOME_WORKERS", "1")
        keep_connections(instance)
        for key in FOLDERS:
            dg.materialize([submissions], partition_key=key, instance=instance, resources=resources)
        yield instance, landing


@pytest.fixture
def instance(read: tuple[dg.DagsterInstance, Path]) -> dg.DagsterInstance:
    return read[0]


@pytest.fixture
def landing(read: tuple[dg.DagsterInstance, Path]) -> Iterator[Path]:
    """The folder; what a test lands in it goes, and was never there for the next."""
    _, folder = read
    yield folder
    for path in folder.rglob("*.csv"):
        if path.name != FIRST:
            path.unlink()


def land(landing: Path, month: str, name: str) -> None:
    folder = landing / "deaths" / month
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("DEC_CONF_NHS_NUMBER,REG_DATE,REG_DATE_OF_DEATH\n")
    # Copied with the time of writing kept: only the entry in the folder is new.
    os.utime(folder / name, (0, 0))


def tick(instance: dg.DagsterInstance, landing: Path, *, settled: bool = True) -> list[object]:
    context = dg.build_sensor_context(
        instance, resources={"landing": LandingResource(folder=str(landing))}
    )
    with patch.object(module, "SETTLING_SECONDS", 0 if settled else 600):
        return list(late_files(context))


def ranges(answers: list[object]) -> list[tuple[str, str]]:
    return [
        (
            answer.tags["dagster/asset_partition_range_start"],
            answer.tags["dagster/asset_partition_range_end"],
        )
        for answer in answers
        if isinstance(answer, dg.RunRequest)
    ]


def test_nothing_is_asked_for_what_was_read(instance: dg.DagsterInstance, landing: Path) -> None:
    assert ranges(tick(instance, landing)) == []


def test_late_files_ask_for_their_quarters_only(
    instance: dg.DagsterInstance, landing: Path
) -> None:
    time.sleep(0.05)
    for month in ("2023-02", "2023-06", "2023-11"):
        land(landing, month, "late.csv")
    assert ranges(tick(instance, landing)) == [
        ("2023-01-01", "2023-04-01"),
        ("2023-10-01", "2023-10-01"),
    ]


def test_a_quarter_never_asked_for_is_left_alone(
    instance: dg.DagsterInstance, landing: Path
) -> None:
    land(landing, "2024-02", "late.csv")
    assert ranges(tick(instance, landing)) == []


def test_a_quarter_waits_while_files_still_land(
    instance: dg.DagsterInstance, landing: Path
) -> None:
    land(landing, "2023-02", "late.csv")
    (answer,) = tick(instance, landing, settled=False)
    assert isinstance(answer, dg.SkipReason)
    assert "2023-Q1" in str(answer.skip_message)


def test_the_same_late_files_ask_once(instance: dg.DagsterInstance, landing: Path) -> None:
    land(landing, "2023-02", "late.csv")
    (first,), (second,) = tick(instance, landing), tick(instance, landing)
    assert isinstance(first, dg.RunRequest)
    assert isinstance(second, dg.RunRequest)
    assert first.run_key == second.run_key
    land(landing, "2023-02", "later.csv")
    time.sleep(1.1)
    os.utime(landing / "deaths" / "2023-02" / "later.csv", (0, 0))
    (third,) = tick(instance, landing)
    assert isinstance(third, dg.RunRequest)
    assert third.run_key != first.run_key


def test_files_that_were_only_restored_are_looked_at_once(
    instance: dg.DagsterInstance, landing: Path
) -> None:
    """A run finds the bytes that it knows: nothing is materialised, and the quarter is done."""
    path = landing / "deaths" / "2023-05" / FIRST
    time.sleep(0.05)
    path.write_bytes(path.read_bytes())
    assert ranges(tick(instance, landing)) == [("2023-04-01", "2023-04-01")]
    key = dg.AssetKey("submission")
    before = instance.fetch_materializations(key, limit=1).records[0].storage_id
    resources = {
        "landing": LandingResource(folder=str(landing)),
        "method": MethodResource(),
        "warehouse": WarehouseResource(url=f"duckdb:///{landing.parent / 'w.duckdb'}"),
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("NAOME_PSEUDONYM_KEY", "ab" * 32)
        patched.setenv("NAOME_WORKERS", "1")
        done = dg.materialize(
            [submissions], partition_key="2023-04-01", instance=instance, resources=resources
        )
    assert done.success
    assert instance.fetch_materializations(key, limit=1).records[0].storage_id == before
    assert ranges(tick(instance, landing)) == []
