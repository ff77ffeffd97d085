"""A call of a macro as a function, run in DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from naome_assets.transform.project import Model, Target, load_project

PROJECT = load_project()
ENGINE = duckdb.connect()


def macro(call: str, **types: str) -> Callable[..., Any]:
    """A function of a macro call, over columns of these names and types; rendered once."""
    columns = ", ".join(f"cast(${name} as {type_}) as {name}" for name, type_ in types.items())
    model = Model(
        name="snippet",
        stage="test",
        path=Path("snippet.sql"),
        template=f"select {{{{ {call} }}}} from (select {columns}) as given",
        description="",
        columns=(),
        materialized="view",
        refs=frozenset(),
        sources=frozenset(),
    )
    sql = PROJECT.render(model, Target())

    def run(*arguments: Any) -> Any:
        row = ENGINE.execute(sql, dict(zip(types, arguments, strict=True))).fetchone()
        assert row is not None
        return row[0]

    return run
