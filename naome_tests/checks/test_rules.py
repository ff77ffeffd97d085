"""Every rule passes on a sound audit and fails on a fault made for it."""

from pathlib import Path

import pytest

from naome_assets.checks.described import NAMES
from naome_assets.checks.generate_pages import pages
from naome_assets.checks.great_expectations_adapter import evaluate
from naome_assets.checks.outcome import Outcome, Status
from naome_assets.checks.rule import NAMEABLE_COLUMNS, Rule
from naome_assets.checks.suites import RULES, SUITES
from naome_assets.contract.published_tables import COUNT_COLUMNS, NATIONAL_TABLES, PUBLISHED_TABLES
from naome_assets.reference import sql_project_path
from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_tests.checks.faults import FAULTS
from naome_tests.checks.small_audit import open_audit

#: The rules that are written by hand; test_described breaks each promise of the others.
WRITTEN = [rule for rule in RULES if rule.name not in NAMES]


@pytest.fixture(scope="module")
def outcomes(audit: DuckDBWarehouse) -> dict[str, Outcome]:
    return {outcome.rule.key: outcome for outcome in evaluate(WRITTEN, audit.query)}


@pytest.mark.parametrize("rule", WRITTEN, ids=lambda rule: rule.key)
def test_passes_on_the_small_audit(rule: Rule, outcomes: dict[str, Outcome]) -> None:
    assert outcomes[rule.key].status is Status.PASSED, outcomes[rule.key]


@pytest.mark.parametrize("rule", WRITTEN, ids=lambda rule: rule.key)
def test_fails_on_its_fault(rule: Rule, changeable: DuckDBWarehouse) -> None:
    changeable.connection.execute(FAULTS[rule.key])
    [outcome] = evaluate([rule], changeable.query)
    assert outcome.status is Status.FAILED, outcome
    assert outcome.failing_rows > 0
    assert bool(outcome.failing_groups) == bool(rule.groups)


@pytest.mark.parametrize(
    ("table", "column"), [(table, name) for table, own in COUNT_COLUMNS.items() for name in own]
)
def test_no_place_shows_a_small_count(table: str, column: str, changeable: DuckDBWarehouse) -> None:
    """Each column of counts, of one provider after the other, set to 3: nothing is published."""
    rules = [rule for rule in RULES if rule.asset == f"published_{table}" and rule.is_critical]
    providers = changeable.query(
        f"select distinct geography_code from published_{table} where geography_type = 'provider'"
    )["geography_code"]
    assert len(providers) > 1
    for provider in providers:
        changeable.connection.execute(
            f"create or replace temp table held as from published_{table}"
        )
        changeable.connection.execute(
            f"update published_{table} set {column} = 3 where geography_code = ?", [provider]
        )
        failed = [rule for rule in rules if not evaluate([rule], changeable.query)[0].passed]
        assert [rule.name for rule in failed] == ["no_small_count"], provider
        changeable.connection.execute(f"create or replace table published_{table} as from held")


def test_every_column_of_whole_numbers_is_declared(audit: DuckDBWarehouse) -> None:
    """A column of counts that is added to a table is judged, or named here for what it is."""
    no_people = {
        "population",
        *("lower_quartile_days", "median_days", "upper_quartile_days"),
    }
    for table, counts in COUNT_COLUMNS.items():
        types = audit.columns(f"published_{table}")
        whole = {name for name, type_ in types if type_ in ("BIGINT", "INTEGER", "HUGEINT")}
        assert whole - no_people == set(counts), table
    assert {*COUNT_COLUMNS, *NATIONAL_TABLES} == set(PUBLISHED_TABLES)


def test_every_fault_is_for_a_rule() -> None:
    assert set(FAULTS) == {rule.key for rule in WRITTEN}


def test_nothing_to_check_in_an_audit_of_nothing(tmp_path: Path) -> None:
    warehouse = open_audit(tmp_path / "empty.duckdb", filled=False)
    wrong = [outcome for outcome in evaluate(RULES, warehouse.query) if not outcome.passed]
    warehouse.close()
    assert wrong == []


def test_keys_are_unique() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)


def test_volume_and_completeness_never_block() -> None:
    words = ("volume", "complete", "few_", "_given", "arrive")
    blocking = {rule.key for rule in WRITTEN if rule.is_critical}
    assert not {key for key in blocking if any(word in key for word in words)} - {
        "prevalence:population_given"
    }


def test_rules_name_no_people() -> None:
    assert {group for rule in RULES for group in rule.groups} <= NAMEABLE_COLUMNS


def test_suites_cover_every_stage() -> None:
    assert list(SUITES) == [
        "reference",
        "arrivals",
        "registry",
        "indicators",
        "computed",
        "publication",
    ]
    assert {rule.asset for rule in SUITES["indicators"] if rule in WRITTEN} == {
        "follow_up",
        "population_by_band",
        "prevalence",
        "method_comparison",
        "cns_access",
        "data_quality",
        "time_to_treatment",
        "indicator",
    }


def test_the_pages_of_the_rules_are_up_to_date() -> None:
    written = pages()
    folder = next(iter(written)).parent
    stale = [path.name for path, text in written.items() if path.read_text("utf-8") != text]
    assert stale == [], "run: python -m naome_assets.checks.generate_pages"
    assert set(folder.glob("*")) == set(written)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_rule_has_its_section(rule: Rule) -> None:
    page, section = rule.page.split("#")
    text = (sql_project_path().parent / page).read_text("utf-8")
    assert f"\n## {section}\n" in text
