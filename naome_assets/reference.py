"""Where the SQL project and its reference data (seeds) lie, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path


def sql_project_path() -> Path:
    """Folder of the dbt project: inside the package where it was installed, else beside it.

    Raises:
        FileNotFoundError: when the package was installed without it.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "dbt_like_sql", package.parent / "dbt_like_sql"):
        if (candidate / "dbt_project.yml").is_file():
            return candidate
    raise FileNotFoundError("the SQL project dbt_like_sql was not installed with naome")


def seed_path(name: str) -> Path:
    """CSV file of a seed, such as ``provider``."""
    return sql_project_path() / "seeds" / f"{name}.csv"
