"""The little of Dagster that is not public: all of it is here, and a test says for which version.

SQLite event logs are kept open. Dagster's own log makes an engine and a connection for each event,
which costs a quarter's run more than reading its submissions; a kept engine also keeps its compiled
statements. The home's ``dagster.yaml`` names Dagster's own class all the same, so that any
environment with Dagster (``dg`` from its own) can open the home; the processes of naome keep
the connections of theirs.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.definitions.assets.job.asset_job import IMPLICIT_ASSET_JOB_NAME
from dagster._core.definitions.data_version import DATA_VERSION_TAG as DATA_VERSION_TAG
from dagster._core.definitions.decorators.op_decorator import DecoratedOpFunction
from dagster._core.events import DagsterEvent
from dagster._core.execution.plan.outputs import StepOutputData, StepOutputHandle
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

if TYPE_CHECKING:
    import sqlalchemy as sa
    from dagster._core.storage.event_log import SqliteEventLogStorage

#: Minor version of Dagster that this was written for.
HOLDS_FOR = "1.13"
#: The job of runs that materialise a selection of assets begins with it: a name for no reader.
UNNAMED_JOB = IMPLICIT_ASSET_JOB_NAME
#: As ``workspace.yaml`` loads them, here and in a team's installation.
_DEFINITIONS, _LOCATION, _REPOSITORY = (
    "naome_assets.orchestration.definitions",
    "naome",
    "__repository__",
)
#: See ``output_that_stands``.
StandingOutput = DagsterEvent
#: Each run has a database of its own; the UI may look at many.
_MOST_ENGINES = 16


def keep_connections(instance: dg.DagsterInstance) -> None:
    """Let this process keep its connections to the event log, where that is SQLite.

    The files stay those of Dagster's own class: either can read what the other wrote.
    """
    from dagster._core.storage.event_log import SqliteEventLogStorage

    log = instance.event_log_storage
    if type(log) is SqliteEventLogStorage and "_connect" not in vars(log):
        log._connect = _Connections(log).connect  # type: ignore[method-assign]


class _Connections:
    """The engines of an event log, by the database that they open."""

    def __init__(self, log: SqliteEventLogStorage) -> None:
        self._log = log
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()

    @contextmanager
    def connect(self, shard: str) -> Iterator[sa.Connection]:
        """In place of ``SqliteEventLogStorage._connect``."""
        with self._log._db_lock:
            engine = self._engine(shard)
            if shard not in self._log._initialized_dbs:
                self._log._initdb(engine)
                self._log._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> sa.Engine:
        import sqlalchemy as sa
        from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS

        if shard not in self._engines:
            engine = sa.create_engine(
                self._log.conn_string_for_shard(shard),
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
            )
            sa.event.listen(engine, "connect", _sync_at_checkpoints)
            self._engines[shard] = engine
            if len(self._engines) > _MOST_ENGINES:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]


def step_of(own: dg.AssetsDefinition) -> tuple[Path, int]:
    """File and line of the function that makes assets."""
    compute = own.op.compute_fn
    function = compute.decorated_fn if isinstance(compute, DecoratedOpFunction) else compute
    return Path(function.__code__.co_filename), function.__code__.co_firstlineno


def _sync_at_checkpoints(connection: Any, _record: object) -> None:
    """With a write-ahead log this loses no consistency, and waits less often for the disk."""
    connection.execute("pragma synchronous = normal")


def output_that_stands(context: dg.AssetExecutionContext, asset: str) -> StandingOutput:
    """An event that lets downstream steps go on, without a materialisation of the asset.

    Dagster would skip whatever is downstream of an output that is not there, also what another
    table of it makes necessary; and it knows no output without a materialisation.
    """
    name = context.assets_def.get_output_name_for_asset_key(dg.AssetKey(asset))
    step = context.get_step_execution_context()
    step.observe_output(name)
    return DagsterEvent.step_output_event(
        step, StepOutputData(StepOutputHandle(step.step.key, name))
    )


@contextmanager
def at_home(instance: dg.DagsterInstance, job: str) -> Iterator[None]:
    """Let runs that this process makes have the origin of a job, as those of the UI have.

    Dagster gives none to runs in the process that asks for them; without one a run is not shown
    under its job and cannot be executed again from the UI.
    """
    folder = str(Path.cwd())
    location = ManagedGrpcPythonEnvCodeLocationOrigin(
        LoadableTargetOrigin(
            executable_path=sys.executable, module_name=_DEFINITIONS, working_directory=folder
        ),
        _LOCATION,
    )
    repository = RepositoryPythonOrigin(sys.executable, ModuleCodePointer(_DEFINITIONS, folder))
    real = instance.create_run_for_job
    instance.create_run_for_job = partial(  # type: ignore[method-assign]
        real,
        remote_job_origin=RemoteJobOrigin(RemoteRepositoryOrigin(location, _REPOSITORY), job),
        job_code_origin=JobPythonOrigin(job, repository),
    )
    try:
        yield
    finally:
        del instance.create_run_for_job
