"""What ``profiles.toml`` says, as it is there: needs no arrays, so that loading stays light."""

import tomllib
from importlib.resources import files
from typing import Any


def stated_profiles() -> dict[str, dict[str, Any]]:
    """The settings of every disclosure profile that ships, by its name."""
    text = files("naome_assets.disclosure").joinpath("profiles.toml").read_text()
    return tomllib.loads(text)
