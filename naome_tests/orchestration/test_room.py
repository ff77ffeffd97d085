"""Dagster stays in its room, and its private parts in one module of it."""

from __future__ import annotations

import ast
from pathlib import Path

import dagster as dg
import pytest

import naome_assets
from naome_assets.orchestration.dagster_internals import HOLDS_FOR, UNNAMED_JOB, keep_connections
from naome_assets.orchestration.partitions import range_tags
from naome_assets.quarters import Quarter

PACKAGE = Path(naome_assets.__file__).parent
ROOM = PACKAGE / "orchestration"
INTERNALS = ROOM / "dagster_internals.py"
#: Commands that run the audit or measure it: each imports the room when it is called.
COMMANDS = {
    "cli.py",
    "benchmark/decade.py",
    "benchmark/ingest.py",
    "benchmark/measure.py",
    "benchmark/runs.py",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """Dotted names of everything that is imported."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def is_of(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_dagster_is_imported_in_its_room_alone(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = imported(tree)
    if path.is_relative_to(ROOM):
        private = {name for name in names if is_of(name, "dagster._core", "dagster_shared")}
        private |= {name for name in names if name.startswith("dagster._")}
        assert not private or path == INTERNALS
        return
    assert not [name for name in names if is_of(name, "dagster", "dagster_shared")]
    room = {name for name in names if is_of(name, "naome_assets.orchestration")}
    if path.relative_to(PACKAGE).as_posix() not in COMMANDS:
        assert not room
    top = ast.Module([node for node in tree.body if not isinstance(node, ast.If)], [])
    for function in [node for node in ast.walk(top) if isinstance(node, ast.FunctionDef)]:
        function.body = [ast.Pass()]
    assert not {name for name in imported(top) if is_of(name, "naome_assets.orchestration")}


def test_the_check_sees_what_it_looks_for() -> None:
    assert any(is_of(name, "dagster") for name in imported(ast.parse(INTERNALS.read_text())))
    assert is_of("dagster._core.events", "dagster._core")
    assert not is_of("dagster_internals", "dagster")


def test_the_private_parts_are_those_of_this_dagster() -> None:
    """At a new minor version: read ``dagster_internals.py`` again, then write it there."""
    assert dg.__version__.rpartition(".")[0] == HOLDS_FOR


def test_tags_are_those_that_dagster_reads() -> None:
    from dagster._core.storage import tags

    asked = range_tags(Quarter(2023, 1), Quarter(2023, 2))
    assert asked == {
        tags.ASSET_PARTITION_RANGE_START_TAG: "2023-01-01",
        tags.ASSET_PARTITION_RANGE_END_TAG: "2023-04-01",
    }


@dg.asset
def made() -> None:
    """Nothing."""


@pytest.mark.parametrize("keeps", [(True, False), (False, True)])
def test_an_event_log_is_read_by_either(tmp_path: Path, keeps: tuple[bool, bool]) -> None:
    """What one process wrote with kept connections, others read without, and the other way."""
    written, read = keeps
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        if written:
            keep_connections(instance)
            assert "_connect" in vars(instance.event_log_storage)
        run = dg.materialize([made], instance=instance)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        if read:
            keep_connections(instance)
        assert instance.get_latest_materialization_event(made.key) is not None
        assert len(instance.all_logs(run.run_id)) > 5


def test_a_run_of_chosen_assets_has_no_name_of_its_own() -> None:
    """Dagster's own name for it begins as ``dagster_internals`` says."""
    job = dg.Definitions(assets=[made]).resolve_implicit_global_asset_job_def()
    assert job.name.startswith(UNNAMED_JOB)
