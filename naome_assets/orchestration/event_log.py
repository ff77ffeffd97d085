"""Dagster's event log in SQLite, with its connections kept.

Dagster's own class makes an engine and a connection for every event, which costs a quarter's run
more than reading its submissions; a kept engine also keeps its compiled statements. Only the
laptop's ``dagster.yaml`` names this class; a team's Dagster keeps its events in PostgreSQL.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._config.config_schema import UserConfigSchema
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData

#: Each run has a database of its own; the UI may look at many.
_MOST_ENGINES = 16


class KeptSqliteEventLogStorage(SqliteEventLogStorage):
    """The event log where Dagster keeps it by default, under DAGSTER_HOME.

    The files are those of Dagster's own class: either can read what the other wrote.
    """

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        base = Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"
        super().__init__(str(base), inst_data)

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """Nothing to configure."""
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptSqliteEventLogStorage:
        """As Dagster makes it from ``dagster.yaml``."""
        return cls(inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            engine = sa.create_engine(
                self.conn_string_for_shard(shard),
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
            )
            sa.event.listen(engine, "connect", _sync_at_checkpoints)
            self._engines[shard] = engine
            if len(self._engines) > _MOST_ENGINES:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]


def _sync_at_checkpoints(connection: Any, _record: object) -> None:
    """With a write-ahead log this loses no consistency, and waits less often for the disk."""
    connection.execute("pragma synchronous = normal")
