"""Asset checks in real runs: what blocks, what does not, and what a later run remembers."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from naome_assets.checks.rule import FAULT_OF_THE_PIPELINE, Rule, between, critical, equal, warning
from naome_assets.checks.suites import RULES
from naome_assets.orchestration.assets.checks import blocking_check_keys, build_asset_checks
from naome_assets.orchestration.gate import failed_blocking_checks
from naome_assets.orchestration.resources import WarehouseResource
from naome_assets.warehouse.duckdb import DuckDBWarehouse

ADDS_UP = critical(
    "totals",
    "adds_up",
    "Parts add up.",
    "select received, accounted from totals",
    equal("received", "accounted"),
    "Nothing may vanish.",
)
ENOUGH = warning(
    "totals",
    "enough",
    "Some records came.",
    "select received from totals",
    between("received", 10, None),
    "Volumes never block.",
    action="Ask for more.",
)


@dg.asset
def totals() -> None:
    """The table itself is written by the test."""


@dg.asset(deps=[totals])
def figures() -> None:
    """Downstream of the checks."""


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def run(
    folder: Path,
    instance: dg.DagsterInstance,
    received: int,
    accounted: int,
    rules: tuple[Rule, ...] = (ADDS_UP, ENOUGH),
) -> dg.ExecuteInProcessResult:
    path = folder / "checks.duckdb"
    warehouse = DuckDBWarehouse.connect(path)
    warehouse.connection.execute(
        "create or replace table totals as select ? as received, ? as accounted",
        [received, accounted],
    )
    warehouse.close()
    return dg.materialize(
        [totals, figures, *build_asset_checks(rules)],
        resources={"warehouse": WarehouseResource(url=f"duckdb:///{path}")},
        instance=instance,
        raise_on_error=False,
    )


def materialized(result: dg.ExecuteInProcessResult) -> set[str]:
    return {event.asset_key.to_user_string() for event in result.get_asset_materialization_events()}


def test_sound_data_pass(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    result = run(tmp_path, instance, received=12, accounted=12)
    assert result.success
    assert materialized(result) == {"totals", "figures"}
    assert all(check.passed for check in result.get_asset_check_evaluations())


def test_a_critical_failure_blocks_and_every_check_still_reports(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    result = run(tmp_path, instance, received=12, accounted=11)
    assert not result.success
    assert materialized(result) == {"totals"}
    checks = {check.check_name: check for check in result.get_asset_check_evaluations()}
    assert not checks["adds_up"].passed
    assert checks["adds_up"].severity is dg.AssetCheckSeverity.ERROR
    assert checks["enough"].passed
    metadata = {name: value.value for name, value in checks["adds_up"].metadata.items()}
    assert metadata == {
        "status": "failed",
        "observed": "1 of 1 rows fail",
        "expected": "received equals accounted",
        "threshold_reason": "Nothing may vanish.",
        "action": FAULT_OF_THE_PIPELINE,
        "rows": 1,
        "failing_rows": 1,
        "missing_rows": 0,
        "failing_percentage": 100.0,
        "sql": f"```sql\n{ADDS_UP.select}\n```",
        "page": str(Path("docs/rules/totals.md#adds_up").resolve()),
        "numerator": "rows that fail",
        "denominator": "rows looked at that have a value",
    }
    # What there is to look into is told of what failed alone.
    assert "sql" not in checks["enough"].metadata


def test_a_failure_names_the_files_and_no_count_of_theirs(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    of_files = critical(
        "totals",
        "adds_up",
        "Parts add up.",
        "select 'england/RBV/' || received as file, received, accounted from totals",
        equal("received", "accounted"),
        "Nothing may vanish.",
        groups=("file",),
    )
    result = run(tmp_path, instance, received=3, accounted=2, rules=(of_files,))
    [check] = result.get_asset_check_evaluations()
    told = {name: value.value for name, value in check.metadata.items()}
    assert told["failing_groups"] == "england/RBV/3"
    assert not {"lowest", "highest"} & told.keys()


def test_every_rule_of_the_ledger_that_blocks_names_files() -> None:
    of_ledger = [rule for rule in RULES if rule.asset == "ledger" and rule.is_critical]
    written = {rule.name for rule in of_ledger if rule.names_files}
    assert {"adds_up", "never_negative", "every_file_once", "agrees_with_quarantine"} <= written


def test_a_warning_does_not_block(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    result = run(tmp_path, instance, received=3, accounted=3)
    assert result.success
    assert materialized(result) == {"totals", "figures"}
    [warned] = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert (warned.check_name, warned.severity) == ("enough", dg.AssetCheckSeverity.WARN)


def test_a_critical_rule_that_cannot_be_judged_blocks(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    lost = critical(
        "totals", "lost", "", "select * from no_such_table", equal("a", "b"), "Nothing may vanish."
    )
    result = run(tmp_path, instance, received=12, accounted=12, rules=(lost,))
    assert materialized(result) == {"totals"}
    [check] = result.get_asset_check_evaluations()
    assert check.metadata["status"].value == "errored"


def test_the_gate_remembers_a_failure_until_it_is_mended(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    keys = blocking_check_keys((ADDS_UP, ENOUGH))
    assert failed_blocking_checks(instance, keys) == []
    run(tmp_path, instance, received=12, accounted=11)
    # Dagster itself lets a later run of the downstream asset alone pass.
    assert dg.materialize([figures], instance=instance).success
    assert failed_blocking_checks(instance, keys) == [
        dg.AssetCheckKey(dg.AssetKey("totals"), "adds_up")
    ]
    run(tmp_path, instance, received=12, accounted=12)
    assert failed_blocking_checks(instance, keys) == []


def test_the_gate_does_not_pass_a_check_that_broke_off(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    nowhere = WarehouseResource(url=f"duckdb:///{tmp_path / 'none.duckdb'}")
    result = dg.materialize(
        [totals, *build_asset_checks((ADDS_UP,))],
        resources={"warehouse": nowhere},
        instance=instance,
        raise_on_error=False,
    )
    assert not result.success
    keys = blocking_check_keys((ADDS_UP,))
    assert failed_blocking_checks(instance, keys) == keys


def test_the_gate_is_not_shut_by_a_run_that_waits(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    keys = blocking_check_keys((ADDS_UP, ENOUGH))
    own = run(tmp_path, instance, received=12, accounted=12)
    checked = dg.Definitions(
        assets=[totals],
        asset_checks=build_asset_checks((ADDS_UP, ENOUGH)),
        resources={"warehouse": WarehouseResource()},
        jobs=[dg.define_asset_job("checked", dg.AssetSelection.all())],
    ).resolve_job_def("checked")
    waits = instance.create_run_for_job(checked)
    assert failed_blocking_checks(instance, keys) == []
    # Begun, it may have changed the tables: only a run with evaluations of its own is sure.
    began = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, waits.job_name)
    instance.report_dagster_event(began, waits.run_id)
    assert failed_blocking_checks(instance, keys) == keys
    assert failed_blocking_checks(instance, keys, own.run_id) == []


def test_the_gate_judges_its_own_run_by_its_own_failure(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    keys = blocking_check_keys((ADDS_UP, ENOUGH))
    own = run(tmp_path, instance, received=12, accounted=11)
    run(tmp_path, instance, received=12, accounted=12)
    assert failed_blocking_checks(instance, keys, own.run_id) == [
        dg.AssetCheckKey(dg.AssetKey("totals"), "adds_up")
    ]


def test_every_rule_says_what_to_do_and_what_a_share_is_of() -> None:
    for rule in RULES:
        assert rule.action.endswith("."), rule.key
        if rule.groups:
            assert rule.denominator != Rule.denominator, rule.key
            assert rule.numerator != Rule.numerator, rule.key
    specs = [spec for checks in build_asset_checks() for spec in checks.check_specs]
    actions = {rule.key: rule.action for rule in RULES}
    for spec in specs:
        key = f"{spec.asset_key.to_user_string()}:{spec.name}"
        assert spec.metadata["action"] == actions[key]
        assert actions[key] in (spec.description or "")


def test_one_step_an_asset_and_one_check_a_rule() -> None:
    definitions = build_asset_checks()
    assert len(definitions) == len({rule.asset for rule in RULES})
    specs = {spec.key: spec for checks in definitions for spec in checks.check_specs}
    assert len(specs) == len(RULES)
    assert {key for key, spec in specs.items() if spec.blocking} == set(blocking_check_keys())


def test_the_ui_does_not_pay_for_great_expectations() -> None:
    program = (
        "import sys; from naome_assets.orchestration.assets.checks import build_asset_checks; "
        "build_asset_checks(); sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
