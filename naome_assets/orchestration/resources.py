"""Resources: where the landing folder and the warehouse are, and the key of the pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from naome_assets.orchestration.dead_runs import own
from naome_assets.settings import Settings
from naome_assets.sources.landing_folder import open_to_read
from naome_assets.storage import written_to
from naome_assets.warehouse.engines import engine_of, folder_of, open_warehouse
from naome_assets.warehouse.protocol import Warehouse, WarehouseLostError

#: A step is tried again so often when the server goes away; what it did is undone by then.
MOST_RETRIES = 3
#: The pool of everything that opens the warehouse for writing. Its limit is 1 and counts runs, not
#: steps: a run keeps the warehouse to its end, so two that took turns would wait for each other.
WAREHOUSE_POOL = "warehouse"


def warehouse_kind() -> str:
    """The engine of the environment's warehouse, as assets show it; read when they are loaded.

    Raises:
        WarehouseError: when NAOME_WAREHOUSE is not the URL of an engine that is supported.
    """
    return engine_of(Settings.from_environment().warehouse)


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The warehouse, opened by the first step of a run that needs it and kept to the run's end.

    Left empty, the URL is that of the environment (NAOME_WAREHOUSE), read when the run starts.
    """

    url: str = ""
    _opened: Warehouse | None = PrivateAttr(default=None)

    @contextmanager
    def connect(self) -> Iterator[Warehouse]:
        """The open warehouse.

        Raises:
            WarehouseError: when it cannot be opened.
            StorageError: when there is no room for what a step writes to it.
        """
        url = self.url or Settings.from_environment().warehouse
        if self._opened is None:
            self._opened = open_warehouse(url)
        try:
            with written_to("The warehouse", folder_of(url)):
                yield self._opened
        except WarehouseLostError as error:
            self._opened.close()
            self._opened = None
            raise dg.RetryRequested(max_retries=MOST_RETRIES, seconds_to_wait=5) from error

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Note which process the run is: when it dies, the run is ended from outside."""
        if context.run is not None and context.instance is not None:
            own(context.instance, context.run)

    def teardown_after_execution(self, _context: dg.InitResourceContext) -> None:
        """Let the next run have it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class LandingResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder in which submissions land.

    Left empty, the folder is that of the environment (NAOME_LANDING), read when the step runs.
    """

    folder: str = ""

    @property
    def path(self) -> Path:
        """The folder, absolute.

        Raises:
            LandingError: when it is not there or cannot be read: a run would take it for empty, and
                what its quarters hold would go.
        """
        landing = (
            Path(self.folder).resolve() if self.folder else Settings.from_environment().landing
        )
        return open_to_read(landing)


class OutputResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder for what is published.

    Left empty, the folder is that of the environment (NAOME_OUTPUT), read when the step runs.
    """

    folder: str = ""

    @property
    def path(self) -> Path:
        """The folder, absolute."""
        return Path(self.folder).resolve() if self.folder else Settings.from_environment().output
