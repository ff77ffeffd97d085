"""Questions that Python asks the warehouse in SQL: the files of ``dbt_like_sql/analyses``.

They are rendered like models, but nothing is built of them. A SELECT of more than five lines
belongs there, where it is linted with the models; a shorter one is written where it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from naome_assets.transform.project import Target, load_project
from naome_assets.warehouse.protocol import Warehouse


def analysis(name: str, target: Target | None = None, **values: object) -> str:
    """The SQL of an analysis.

    Args:
        name: the file's name without its ending.
        target: the engine; DuckDB unless given.
        values: variables of the template, besides settings.

    Raises:
        ProjectError: when there is no such file, or a name in it does not exist.
    """
    return load_project().render_analysis(name, target or Target(), values)


def ask(warehouse: Warehouse, name: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
    """The rows that an analysis finds, with values for its question marks."""
    return warehouse.query(analysis(name, warehouse.target), parameters)
