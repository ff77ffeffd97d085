"""What of the method a run chooses: in its configuration, shown in the launchpad and on the run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from naome_assets.disclosure.suppression import load_profiles
from naome_assets.orchestration.definitions import defs
from naome_assets.orchestration.jobs import quarterly_audit
from naome_assets.orchestration.resources import MethodResource

FROM_ENVIRONMENT = {"naome/disclosure_profile": "under_10", "naome/linkage": "on"}


@dg.asset
def chosen(method: MethodResource) -> dg.MaterializeResult[None]:
    """What a step is told."""
    return dg.MaterializeResult(
        metadata={"profile": method.profile.name, "is_linked": method.is_linked}
    )


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as made:
        yield made


def told(instance: dg.DagsterInstance, config: dict[str, Any]) -> tuple[dict[str, str], Any]:
    """Tags of a run with this configuration, and what its step was told."""
    result = dg.materialize(
        [chosen],
        instance=instance,
        resources={"method": MethodResource()},
        run_config={"resources": {"method": {"config": config}}},
    )
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    (materialised,) = result.asset_materializations_for_node("chosen")
    tags = {name: run.tags[name] for name in FROM_ENVIRONMENT}
    return tags, {name: own.value for name, own in materialised.metadata.items()}


def test_what_is_left_out_is_that_of_the_environment(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAOME_DISCLOSURE_PROFILE", "under_10")
    monkeypatch.setenv("NAOME_LINKAGE", "on")
    assert told(instance, {}) == (FROM_ENVIRONMENT, {"profile": "under_10", "is_linked": True})
    monkeypatch.delenv("NAOME_DISCLOSURE_PROFILE")
    monkeypatch.delenv("NAOME_LINKAGE")
    tags, _ = told(instance, {"disclosure_profile": None, "linkage": None})
    assert tags == {"naome/disclosure_profile": "nhs_england_hes", "naome/linkage": "off"}


def test_runs_choose_each_for_itself(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two people do in the launchpad, whatever the environment says."""
    monkeypatch.setenv("NAOME_DISCLOSURE_PROFILE", "under_10")
    monkeypatch.setenv("NAOME_LINKAGE", "on")
    for profile in load_profiles():
        tags, step = told(instance, {"disclosure_profile": profile, "linkage": False})
        assert tags == {"naome/disclosure_profile": profile, "naome/linkage": "off"}
        assert step == {"profile": profile, "is_linked": False}


def test_a_profile_that_does_not_exist_is_refused(instance: dg.DagsterInstance) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError, match="under_3"):
        told(instance, {"disclosure_profile": "under_3"})


def test_the_launchpad_offers_every_profile() -> None:
    job = defs.resolve_job_def(quarterly_audit.name)
    config = job.resource_defs["method"].config_schema.config_type
    fields = config.fields  # type: ignore[union-attr]
    offered = fields["disclosure_profile"].config_type.inner_type.config_values
    assert set(offered) == set(load_profiles())
    assert fields["linkage"].config_type.inner_type.scalar_type.given_name == "Bool"
    for name in ("disclosure_profile", "linkage"):
        assert fields[name].description
        assert not fields[name].is_required


def test_what_publishes_and_what_links_asks_the_run() -> None:
    job = defs.resolve_job_def(quarterly_audit.name)
    asking = {
        node.name
        for node in job.graph.nodes
        if "method" in node.definition.required_resource_keys  # type: ignore[attr-defined]
    }
    assert asking == {"read_submissions", "person_link", "published_tables"}
