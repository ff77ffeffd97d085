"""Column lineage: which columns of which tables each column of a model is made from.

Read from the SQL alone, so it needs no warehouse: only the columns of the tables that the models
start from. The lineage of a column holds the columns that its value is computed from. Columns that
only decide which rows count (joins, filters, groups) are not in it, and so ``count(*)`` has none.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.schema import MappingSchema

from naome_assets.transform.project import Project, Target

logger = logging.getLogger(__name__)

#: A column's direct upstream: names of tables with names of their columns, sorted.
Upstream = list[tuple[str, str]]
#: Model to column to its upstream.
Lineage = dict[str, dict[str, Upstream]]


def column_lineage(
    project: Project, target: Target, schemas: Mapping[str, Mapping[str, str]]
) -> Lineage:
    """Trace every column of every model to the tables that the model reads.

    A model that cannot be traced is left out, with a warning in the log.

    Args:
        project: the models to trace.
        target: the engine that they are rendered for; its type is sqlglot's dialect.
        schemas: table to column to type, of sources and seeds at least. A model's own columns
            are taken from its SQL where that can be traced, so that a stale table cannot mislead.

    Returns:
        Model to column (both in order) to (table, column) pairs directly upstream: models, seeds
        or sources. A constant has none.

    Raises:
        ProjectError: when a model names something that does not exist.
    """
    schema = MappingSchema(dialect=target.type)
    for table, columns in schemas.items():
        if table not in project.models:
            _declare(schema, target, table, columns)

    traced: Lineage = {}
    for model in project.ordered_models():
        sql = project.render(model, target)
        try:
            traced[model.name] = _trace(sql, target, schema)
        except (SqlglotError, ValueError) as error:
            logger.warning("no column lineage for model %s: %s", model.name, error)
            columns = schemas.get(model.name, {})
        else:
            columns = dict.fromkeys(traced[model.name], "text")
        _declare(schema, target, model.name, columns)
    return traced


def _declare(schema: MappingSchema, target: Target, table: str, columns: Mapping[str, str]) -> None:
    if columns:
        schema.add_table(f"{target.schema}.{table}", dict(columns))


def _trace(sql: str, target: Target, schema: MappingSchema) -> dict[str, Upstream]:
    # Trimming prunes the query again for every column, for display: most of the time it takes.
    nodes = lineage(None, sql, schema, dialect=target.type, trim_selects=False)
    if "*" in nodes:
        raise ValueError("it selects * from a table whose columns are not known")
    return {column: _upstream(node) for column, node in nodes.items()}


def _upstream(node: Node) -> Upstream:
    """The tables' columns at the leaves. Literals, count(*) and recursion end elsewhere."""
    return sorted(
        {
            (leaf.expression.name, leaf.name.rpartition(".")[2])
            for leaf in node.walk()
            if isinstance(leaf.expression, exp.Table)
        }
    )
