"""Statements translated for Spark. That they mean the same is tested on a real Spark."""

from __future__ import annotations

import re

import pytest
import sqlglot

from naome_assets.checks.counting import statements
from naome_assets.checks.suites import RULES
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.transform.project import Model, Target, load_project
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.spark_sql import spark_statement

PROJECT = load_project()
#: Tables that a model is made after without reading them.
_WAITED_FOR = re.compile(r"^-- depends_on: \{\{ ref\('(\w+)'\) \}\}$", re.MULTILINE)
TABLES = {*PROJECT.models, *PROJECT.seeds, *metadata.tables, *COMPUTED}


@pytest.mark.parametrize("model", PROJECT.ordered_models(), ids=lambda model: model.name)
def test_a_model_reads_what_it_refers_to(model: Model) -> None:
    statement = spark_statement(PROJECT.render(model, Target()))
    waited_for = set(_WAITED_FOR.findall(model.path.read_text(encoding="utf-8")))
    assert set(statement.tables) == (model.refs | model.sources) - waited_for
    assert sqlglot.parse_one(statement.sql, read="spark")
    assert "APPROX" not in statement.sql


def test_nothing_becomes_an_approximation() -> None:
    """Under some names Spark has functions that answer about right only, as for percentiles."""
    assert (
        "APPROX"
        in spark_statement(
            "select percentile_cont(0.5) within group (order by received) as m from ledger"
        ).sql.upper()
    )
    selects = {rule.select: rule.key for rule in RULES}
    about = [key for select, key in selects.items() if "APPROX" in spark_statement(select).sql]
    assert about == []


def test_what_counting_sends_reads_the_tables_of_the_rules() -> None:
    for rule in RULES:
        own = spark_statement(rule.select).tables
        for sent in statements([rule]):
            counting = spark_statement(sent)
            assert set(counting.tables) == set(own), rule.key
            assert "APPROX" not in counting.sql
            assert sqlglot.parse_one(counting.sql, read="spark")


def test_a_table_and_an_expression_of_one_name_are_distinguished() -> None:
    statement = spark_statement(
        "with nation as (select code from main.nation) select nation.code from nation"
    )
    assert statement.tables == ("nation",)
    assert statement.sql == (
        "WITH `nation` AS (SELECT `code` FROM `naome_nation` AS `nation`) "
        "SELECT `nation`.`code` FROM `nation`"
    )


def test_a_table_keeps_its_alias_and_its_own_name() -> None:
    statement = spark_statement(
        "select person.sex, mbc_cohort.mbc_date from mbc_cohort "
        "left join main.person as person on person.person_id = mbc_cohort.person_id"
    )
    assert statement.tables == ("mbc_cohort", "person")
    assert "FROM `naome_mbc_cohort` AS `mbc_cohort`" in statement.sql
    assert "JOIN `naome_person` AS `person`" in statement.sql


def test_nulls_come_last_as_elsewhere() -> None:
    statement = spark_statement("select quarter from ledger order by quarter")
    assert statement.sql.endswith("ORDER BY `quarter` NULLS LAST")


def test_placeholders_stay() -> None:
    assert spark_statement("select ? as n from ledger").sql.startswith("SELECT ? AS `n`")


def reads(sql: str) -> int:
    """How often a statement reads a table once each WITH is written out where it is named."""
    statement = sqlglot.parse_one(sql, read="postgres")
    assert isinstance(statement, sqlglot.exp.Query)
    known: dict[str, int] = {}
    for named in statement.ctes:
        known[named.alias] = _reads(named.this, known)
    statement.set("with_", None)
    return _reads(statement, known)


def _reads(part: sqlglot.exp.Expr, known: dict[str, int]) -> int:
    return sum(known.get(table.name, 1) for table in part.find_all(sqlglot.exp.Table))


def test_no_plan_grows_by_what_is_named_within_each_other() -> None:
    """Spark takes minutes to plan hundreds of reads, before the first row."""
    count = {m.name: reads(PROJECT.render(m, Target())) for m in PROJECT.ordered_models()}
    assert {name: number for name, number in count.items() if number > 100} == {}
