"""What templates of the SQL project call, for sqlfluff: the settings, and names as they are."""

from __future__ import annotations

from naome_assets.transform.project import Target, load_project

target = Target()
#: Marks of parameters in analyses.
parameter = files = "''"


def var(name: str) -> object:
    """A setting of the method."""
    return load_project().variables[name]


def ref(name: str) -> str:
    """A model or seed."""
    return name


def source(_: str, table: str) -> str:
    """A submission table."""
    return table


def config(**_: str) -> str:
    """Nothing: it is for dbt."""
    return ""
