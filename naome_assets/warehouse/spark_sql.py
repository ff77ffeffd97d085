"""SQL as the other engines read it, put into Spark's.

Every statement of naome is written once, in what DuckDB and PostgreSQL share. sqlglot translates;
only how tables are named is particular to naome: Spark knows them as temporary views of a session.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

#: A common table expression can have the name of a table; Spark would take one for the other.
_PREFIX = "naome_"


@dataclass(frozen=True)
class SparkStatement:
    """A SELECT for Spark, and the tables of the warehouse that it reads."""

    sql: str
    tables: tuple[str, ...]


def view_name(table: str) -> str:
    """The temporary view under which a session knows a table."""
    return _PREFIX + table


@lru_cache(maxsize=512)
def spark_statement(sql: str) -> SparkStatement:
    """Translate a SELECT.

    Raises:
        sqlglot.errors.ParseError: when it is not SQL.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    expressions = {cte.alias for cte in tree.find_all(exp.CTE)}
    read: dict[str, None] = {}
    for table in list(tree.find_all(exp.Table)):
        # A name with a schema is never that of a common table expression.
        if not table.name or (not table.db and table.name in expressions):
            continue
        read[table.name] = None
        alias = table.alias or table.name
        named = exp.to_table(view_name(table.name)).as_(alias, table=True)
        for kind in ("joins", "laterals", "pivots"):
            named.set(kind, table.args.get(kind))
        table.replace(named)
    return SparkStatement(tree.sql("spark", identify=True), tuple(read))
