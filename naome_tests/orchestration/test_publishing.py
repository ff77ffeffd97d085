"""Publication that nobody asked for: only of what every blocking check has passed, in any run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import dagster as dg
import pytest

from naome_assets.contract.published_tables import (
    PUBLISHED_TABLES,
    QUARTERLY_TABLES,
    published_name,
)
from naome_assets.orchestration.assets.checks import blocking_check_keys
from naome_assets.orchestration.assets.publication_files import publication_files
from naome_assets.orchestration.assets.published_tables import published_tables
from naome_assets.orchestration.definitions import defs
from naome_assets.orchestration.resources import MethodResource, OutputResource, WarehouseResource
from naome_assets.orchestration.sensors.publishing import publish_when_sound, when_sound

QUARTERS = dg.StaticPartitionsDefinition(["2024-01-01", "2024-04-01"])
QUARTER = "2024-01-01"
PUBLISHED = [published_name(table) for table in PUBLISHED_TABLES]


@dataclass
class Small:
    """Ledger, figures and publication, with what their checks will say in the next run."""

    instance: dg.DagsterInstance
    passes: dict[str, bool] = field(default_factory=lambda: {"ledger": True, "figures": True})
    cursor: dg.AutomationConditionSensorDefinition | None = None

    def __post_init__(self) -> None:
        @dg.asset
        def ledger() -> None: ...

        @dg.asset(deps=[ledger], partitions_def=QUARTERS)
        def figures() -> None: ...

        @dg.asset(
            deps=[figures, ledger],
            partitions_def=QUARTERS,
            automation_condition=when_sound(updated=["figures"], judged=["ledger", "figures"]),
        )
        def published() -> None: ...

        def judged(asset: dg.AssetsDefinition) -> dg.AssetChecksDefinition:
            name = asset.key.to_user_string()

            @dg.asset_check(asset=asset, name=f"{name}_sound", blocking=True)
            def sound() -> dg.AssetCheckResult:
                return dg.AssetCheckResult(passed=self.passes[name])

            return sound

        self.ledger, self.figures = ledger, figures
        self.checks = {"ledger": judged(ledger), "figures": judged(figures)}
        self.defs = dg.Definitions([ledger, figures, published], asset_checks=self.checks.values())

    def make(self, *names: str, checked: bool = True) -> None:
        """A run of its own for each table."""
        for name in names:
            asset = {"ledger": self.ledger, "figures": self.figures}[name]
            dg.materialize(
                [asset, *([self.checks[name]] if checked else [])],
                partition_key=QUARTER if name == "figures" else None,
                instance=self.instance,
                raise_on_error=False,
            )

    def requested(self) -> set[str | None]:
        """What the next tick of the sensor would publish."""
        result = dg.evaluate_automation_conditions(self.defs, self.instance, cursor=self.cursor)
        self.cursor = result.cursor
        return set(result.get_requested_partitions(dg.AssetKey("published")))


@pytest.fixture
def small() -> Iterator[Small]:
    with dg.DagsterInstance.ephemeral() as instance:
        opened = Small(instance)
        assert opened.requested() == set()
        yield opened


def test_newer_figures_are_published_once(small: Small) -> None:
    small.make("ledger", "figures")
    assert small.requested() == {QUARTER}
    assert small.requested() == set()
    # A table without quarters is no reason: it would ask for every quarter there ever was.
    small.make("ledger")
    assert small.requested() == set()


def test_a_check_that_failed_in_another_run_holds_publication_back(small: Small) -> None:
    small.passes["ledger"] = False
    small.make("ledger", "figures")
    assert small.requested() == set()
    small.make("figures")
    assert small.requested() == set()
    small.passes["ledger"] = True
    small.make("ledger")
    assert small.requested() == {QUARTER}


def test_a_table_that_no_check_has_judged_is_not_published(small: Small) -> None:
    small.make("ledger", "figures")
    assert small.requested() == {QUARTER}
    small.make("figures", checked=False)
    assert small.requested() == set()
    small.make("figures")
    assert small.requested() == {QUARTER}


def test_every_blocking_check_is_above_publication() -> None:
    """Of the real definitions: each one that has not passed is enough to hold it back."""
    graph = defs.resolve_asset_graph()
    group = {key for key in graph.get_all_asset_keys() if graph.get(key).group_name}
    published = {key for key in group if graph.get(key).group_name == "publication"}
    assert {key.to_user_string() for key in published} >= {*PUBLISHED, "publication_files"}
    assert publish_when_sound.asset_selection.resolve(graph) == published
    keys = blocking_check_keys()
    own = {key for key in keys if key.asset_key in published}
    assert own
    assert set(keys) > own

    def event(key: dg.AssetKey) -> dg.AssetMaterialization:
        return dg.AssetMaterialization(
            key, partition=QUARTER if graph.get(key).is_partitioned else None
        )

    with dg.DagsterInstance.ephemeral() as instance:

        def judge(key: dg.AssetCheckKey, *, passed: bool) -> None:
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(key.asset_key, key.name, passed, metadata={}, blocking=True)
            )

        def tick(cursor: object = None) -> tuple[set[dg.AssetKey], object]:
            result = dg.evaluate_automation_conditions(
                defs, instance, asset_selection=publish_when_sound.asset_selection, cursor=cursor
            )
            asked = {key for key in published if result.get_requested_partitions(key)}
            return asked, result.cursor

        for key in graph.toposorted_asset_keys:
            instance.report_runless_asset_event(event(key))
        _, handled = tick()
        for table in sorted(QUARTERLY_TABLES):
            instance.report_runless_asset_event(event(dg.AssetKey(table)))
        for key in keys:
            judge(key, passed=True)
        asked, _ = tick(handled)
        assert asked >= {dg.AssetKey("published_indicator"), dg.AssetKey("publication_files")}
        for failing in (keys[0], keys[len(keys) // 2], next(iter(own))):
            judge(failing, passed=False)
            asked, _ = tick(handled)
            if failing in own:
                # Rebuilt, because they may be better now; the files wait for their checks.
                assert dg.AssetKey("publication_files") not in asked
            else:
                assert asked == set(), failing
            judge(failing, passed=True)


@pytest.mark.parametrize("step", [published_tables, publication_files])
def test_what_is_asked_for_by_hand_is_not_published_past_a_failed_check(
    step: dg.AssetsDefinition, tmp_path: object
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        failed = next(
            key for key in blocking_check_keys() if key.asset_key == dg.AssetKey("ledger")
        )
        evaluation = dg.AssetCheckEvaluation(
            failed.asset_key, failed.name, passed=False, metadata={}, blocking=True
        )
        instance.report_runless_asset_event(evaluation)
        result = dg.materialize(
            [step],
            partition_key=QUARTER,
            instance=instance,
            resources={
                "method": MethodResource(),
                "warehouse": WarehouseResource(url=f"duckdb:///{tmp_path}/none.duckdb"),
                "output": OutputResource(folder=f"{tmp_path}/output"),
            },
            raise_on_error=False,
        )
    assert not result.success
    assert not result.get_asset_materialization_events()
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "ledger:" in failure.step_failure_data.error.to_string()  # type: ignore[union-attr]
