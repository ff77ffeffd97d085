"""Files that the audit team edits: each in the package, until a variable names another."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from naome_assets.versions.code import digest
from naome_assets.warehouse.protocol import Warehouse

_FOLDER = Path(__file__).with_name("report")
#: The files in the package, by the variable that names one in their place.
TEAM_FILES: Final = {
    "NAOME_RECOMMENDATIONS": "recommendations.toml",
    "NAOME_PUBLISHER": "publisher.toml",
    "NAOME_STANDARDS": "standards.toml",
    "NAOME_OUTLIERS": "outliers.csv",
    "NAOME_OUTLIER_POLICY": "outlier_policy.toml",
}


def team_file(variable: str) -> Path:
    """The file that a variable names, or that of the package."""
    named = os.environ.get(variable)
    return Path(named) if named else _FOLDER / TEAM_FILES[variable]


def lines_left_out(warehouse: Warehouse) -> Sequence[str]:
    """What is wrong with lines of the team's register of outliers; nothing without one.

    Args:
        warehouse: with the published tables.

    Raises:
        RegisterError: when the register cannot be read at all.
    """
    if not os.environ.get("NAOME_OUTLIERS") or not warehouse.has_table("publication_vintage"):
        return ()
    # Reading takes long to import, and few runs have a register.
    from naome_assets.publication.report.pages.outliers import register_faults
    from naome_assets.publication.store import read_publication

    return register_faults(read_publication(warehouse))


def version_of_team_files() -> str:
    """Version of what they say: pages are drawn again when one of them was edited.

    Empty, which is no known version, where one cannot be read: drawing says why.
    """
    try:
        return digest(*(team_file(variable).read_bytes() for variable in TEAM_FILES))
    except OSError:
        return ""
