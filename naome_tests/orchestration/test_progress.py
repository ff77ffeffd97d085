"""The progress of `naome run` reaches its total whatever held steps back."""

from pathlib import Path

import dagster as dg
import pytest

from naome_assets.orchestration import definitions
from naome_assets.orchestration.partitions import one_run_for_all, quarterly
from naome_assets.orchestration.run import run_quarters
from naome_assets.quarters import Quarter


class Withdraw(dg.Config):
    withdraw: bool


def job(*, passes: bool) -> dg.Definitions:
    """Two steps with a blocking check between them; the names that the command line sets."""

    @dg.asset(
        partitions_def=quarterly,
        backfill_policy=one_run_for_all,
        required_resource_keys={"landing", "method", "warehouse", "output"},
    )
    def read_submissions(config: Withdraw) -> None:
        """Takes the configuration of the real one."""

    @dg.asset_check(asset=read_submissions, blocking=True)
    def sound() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passes)

    @dg.asset(deps=[read_submissions], partitions_def=quarterly, backfill_policy=one_run_for_all)
    def figures() -> None:
        """Held back by the check."""

    any_resource = dg.ResourceDefinition(lambda _: None, config_schema=dg.Permissive())
    return dg.Definitions(
        assets=[read_submissions, figures],
        asset_checks=[sound],
        jobs=[dg.define_asset_job("quarterly_audit", partitions_def=quarterly)],
        resources=dict.fromkeys(("landing", "method", "warehouse", "output"), any_resource),
    )


@pytest.mark.parametrize("passes", [True, False])
def test_progress_reaches_its_total(
    passes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    monkeypatch.setattr(definitions, "defs", job(passes=passes))
    calls: list[tuple[int, int, str]] = []
    ran = run_quarters(
        Quarter(2023, 1),
        Quarter(2023, 1),
        landing=tmp_path,
        warehouse="duckdb://",
        output=tmp_path,
        progress=lambda done, total, now: calls.append((done, total, now)),
    )
    assert ran.success is passes
    assert calls[-1] == (3, 3, "figures" if passes else "")
    # A check that blocks fails its step, and what comes after it never begins.
    assert [done for done, _, _ in calls] == ([1, 2, 3] if passes else [1, 3])
