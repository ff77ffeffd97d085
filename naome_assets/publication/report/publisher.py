"""Who publishes: a file that the audit team edits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

from naome_assets.publication.report.team_toml import read_toml
from naome_assets.publication.team_files import team_file


class PublisherError(ValueError):
    """A file that cannot be taken: it names the file, the line and the rule."""


@dataclass(frozen=True)
class Publisher:
    """What each page says of those who publish; empty where it is not named."""

    publisher: str = ""
    contact: str = ""
    licence: str = ""
    licence_url: str = ""
    published_on: str = ""

    @property
    def day(self) -> dt.date | None:
        """The day of publication, where it is named."""
        return dt.date.fromisoformat(self.published_on) if self.published_on else None


def read_publisher() -> Publisher:
    """The file that ``NAOME_PUBLISHER`` names, or that of the package.

    Raises:
        PublisherError: when it cannot be read, or a line breaks a rule.
    """
    path = team_file("NAOME_PUBLISHER")
    held = read_toml(path, PublisherError)
    known = {field.name for field in fields(Publisher)}
    for name, value in held.items():
        if name not in known:
            raise PublisherError(f"{path}: '{name}' is not known")
        if not isinstance(value, str):
            raise PublisherError(f"{path}: {name} is a text")
    publisher = Publisher(**held)
    try:
        _ = publisher.day
    except ValueError as error:
        raise PublisherError(f"{path}: published_on is a day such as 2025-03-13") from error
    return publisher
