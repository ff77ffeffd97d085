"""The landing folder itself: whether it is there and can be read."""

from __future__ import annotations

import os
from pathlib import Path


class LandingError(Exception):
    """The landing folder cannot be read."""


def open_to_read(landing: Path) -> Path:
    """The landing folder, when it is there and may be looked into.

    Raises:
        LandingError: when not.
    """
    if not landing.is_dir():
        raise LandingError(
            f"the landing folder {landing} does not exist: name another, or mount its disk"
        )
    if not os.access(landing, os.R_OK | os.X_OK):
        raise LandingError(
            f"the landing folder {landing} cannot be read: give the account that runs naome the "
            "right to read it"
        )
    return landing
