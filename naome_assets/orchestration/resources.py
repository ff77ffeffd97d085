"""What a run may be told: where things are, and what of the method it may choose.

Each value left out of a run's configuration is that of the environment (``naome_assets.settings``),
read when the run starts: here, and nowhere else in this room.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field, PrivateAttr

from naome_assets.disclosure.profiles import stated_profiles
from naome_assets.orchestration.dagster_internals import keep_connections
from naome_assets.orchestration.dead_runs import own
from naome_assets.settings import Settings
from naome_assets.sources.landing_folder import open_to_read
from naome_assets.storage import written_to
from naome_assets.warehouse.engines import engine_of, folder_of, open_warehouse
from naome_assets.warehouse.protocol import Warehouse, WarehouseLostError

if TYPE_CHECKING:
    from naome_assets.disclosure.suppression import Profile

#: A step is tried again so often when the server goes away; what it did is undone by then.
MOST_RETRIES = 3
#: The pool of everything that opens the warehouse for writing. Its limit is 1 and counts runs, not
#: steps: a run keeps the warehouse to its end, so two that took turns would wait for each other.
WAREHOUSE_POOL = "warehouse"


#: The profiles as Dagster shows them: a choice of names.
ProfileName = Enum("ProfileName", [(name, name) for name in stated_profiles()])  # type: ignore[misc]


@cache
def warehouse_kind() -> str:
    """The engine of the environment's warehouse, as assets show it; read when they are loaded.

    Raises:
        WarehouseError: when NAOME_WAREHOUSE is not the URL of an engine that is supported.
    """
    return engine_of(Settings.from_environment().warehouse)


class MethodResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What of the method a run may choose. Tags of the run say what it chose."""

    disclosure_profile: ProfileName | None = Field(
        default=None,
        description="Rules by which small counts are hidden and others rounded (see "
        "profiles.toml). Left out: NAOME_DISCLOSURE_PROFILE of the environment.",
    )
    linkage: bool | None = Field(
        default=None,
        description="Whether records without an NHS number are linked to people by what they "
        "share (method book, ruling on linkage). Left out: NAOME_LINKAGE of the environment.",
    )

    @property
    def profile(self) -> Profile:
        """The disclosure profile.

        Raises:
            ValueError: when the environment names one that does not exist.
        """
        from naome_assets.disclosure.suppression import load_profile

        return load_profile(self._profile_name)

    @property
    def is_linked(self) -> bool:
        """Whether people are linked."""
        return Settings.from_environment().linkage if self.linkage is None else self.linkage

    @property
    def shown(self) -> dict[str, str]:
        """The choices by name, as runs and tables show them."""
        return {
            "disclosure_profile": self._profile_name,
            "linkage": "on" if self.is_linked else "off",
        }

    @property
    def _profile_name(self) -> str:
        if self.disclosure_profile is None:
            return Settings.from_environment().disclosure_profile
        return str(self.disclosure_profile.value)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Note the choices on the run, however it was started."""
        if context.run is not None and context.instance is not None:
            tags = {f"naome/{name}": value for name, value in self.shown.items()}
            context.instance.add_run_tags(context.run.run_id, tags)


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The warehouse, opened by the first step of a run that needs it and kept to the run's end."""

    url: str = Field(default="", description="Left empty: NAOME_WAREHOUSE of the environment.")
    full: bool = Field(
        default=False,
        description="Make everything again, whatever its version: every file is read, every table "
        "computed, every check judged, every page drawn.",
    )
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
            keep_connections(context.instance)
            own(context.instance, context.run)

    def teardown_after_execution(self, _context: dg.InitResourceContext) -> None:
        """Let the next run have it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class LandingResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder in which submissions land, and how many processes read it."""

    folder: str = Field(default="", description="Left empty: NAOME_LANDING of the environment.")

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

    @property
    def workers(self) -> int:
        """Reading processes (NAOME_WORKERS of the environment)."""
        return Settings.from_environment().workers


class OutputResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder for what is published."""

    folder: str = Field(default="", description="Left empty: NAOME_OUTPUT of the environment.")

    @property
    def path(self) -> Path:
        """The folder, absolute."""
        return Path(self.folder).resolve() if self.folder else Settings.from_environment().output


#: By the names under which steps ask for them.
RESOURCES = {
    "landing": LandingResource(),
    "method": MethodResource(),
    "warehouse": WarehouseResource(),
    "output": OutputResource(),
}
