"""Where things are: read once from the environment, checked, and passed on.

Method settings (windows, thresholds) are not here: they are in ``dbt_like_sql/dbt_project.yml``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Everything naome makes by itself lies here, under the folder it was started in.
DATA_FOLDER = Path(".naome")
#: Method book section 7; the others are in ``disclosure/profiles.toml``.
DEFAULT_PROFILE = "nhs_england_hes"


@dataclass(frozen=True)
class Settings:
    """Places that one run reads and writes."""

    landing: Path
    warehouse: str
    output: Path
    workers: int
    disclosure_profile: str
    linkage: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Every NAOME_ variable, or its default.

        Raises:
            ValueError: when NAOME_WORKERS is not a positive number, or NAOME_LINKAGE not on or off.
        """
        values = os.environ if environment is None else environment
        home = DATA_FOLDER.resolve()
        workers = values.get("NAOME_WORKERS", "")
        if workers and (not workers.isdigit() or int(workers) < 1):
            raise ValueError("NAOME_WORKERS must be a positive number")
        linkage = values.get("NAOME_LINKAGE") or "off"
        if linkage not in ("on", "off"):
            raise ValueError("NAOME_LINKAGE must be on or off")
        return cls(
            landing=Path(values.get("NAOME_LANDING") or home / "landing").resolve(),
            warehouse=values.get("NAOME_WAREHOUSE") or f"duckdb:///{home / 'warehouse.duckdb'}",
            output=Path(values.get("NAOME_OUTPUT") or home / "output").resolve(),
            workers=int(workers) if workers else (os.cpu_count() or 1),
            disclosure_profile=values.get("NAOME_DISCLOSURE_PROFILE") or DEFAULT_PROFILE,
            linkage=linkage == "on",
        )


def default_key_path(environment: Mapping[str, str] | None = None) -> Path:
    """Key file of the pseudonyms when NAOME_PSEUDONYM_KEY is not set.

    It lies in the user's configuration folder, never beside the data.
    """
    values = os.environ if environment is None else environment
    base = values.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "naome" / "pseudonym.key"
