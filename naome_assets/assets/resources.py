"""Resources: where the landing folder and the warehouse are, and the key of the pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from naome_assets.settings import Settings
from naome_assets.warehouse.protocol import Warehouse, open_warehouse


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The warehouse, opened for as long as a step needs it.

    Left empty, the URL is that of the environment (NAOME_WAREHOUSE), read when the step runs.
    """

    url: str = ""

    @contextmanager
    def connect(self, *, read_only: bool = False) -> Iterator[Warehouse]:
        """An open warehouse, closed afterwards.

        Raises:
            WarehouseError: when it cannot be opened.
        """
        warehouse = open_warehouse(
            self.url or Settings.from_environment().warehouse, read_only=read_only
        )
        try:
            yield warehouse
        finally:
            warehouse.close()


class LandingResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder in which submissions land.

    Left empty, the folder is that of the environment (NAOME_LANDING), read when the step runs.
    """

    folder: str = ""

    @property
    def path(self) -> Path:
        """The folder, absolute."""
        return Path(self.folder).resolve() if self.folder else Settings.from_environment().landing
