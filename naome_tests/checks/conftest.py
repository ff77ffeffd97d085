from collections.abc import Iterator

import pytest

from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.checks.small_audit import open_audit


@pytest.fixture(scope="session")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    """The small audit; a test that changes it takes its change back."""
    warehouse = open_audit(tmp_path_factory.mktemp("audit") / "audit.duckdb", filled=True)
    yield warehouse
    warehouse.close()


@pytest.fixture
def changeable(audit: DuckDBWarehouse) -> Iterator[DuckDBWarehouse]:
    """The small audit inside a transaction that is taken back."""
    audit.connection.begin()
    yield audit
    audit.connection.rollback()
