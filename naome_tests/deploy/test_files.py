"""The files of a team's installation agree with the code and with one another."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from naome_assets.contract.published_tables import COUNT_COLUMNS, EXPORTED_TABLES, PUBLISHED_TABLES
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.transform.project import load_project

DEPLOY = Path("deploy")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CONTAINER = (DEPLOY / "Containerfile").read_text()


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.yaml")), ids=str)
def test_every_variable_is_one_that_something_reads(path: Path) -> None:
    named = set(re.findall(r"NAOME_[A-Z_]+", path.read_text()))
    code = "".join(file.read_text() for file in Path("naome_assets").rglob("*.py"))
    code += (DEPLOY / "database.sh").read_text()
    read = set(re.findall(r"NAOME_[A-Z_]+", code)) | {"NAOME_DAGSTER_STORAGE", "NAOME_CODE_HOST"}
    assert named <= read


def test_the_container_is_made_of_files_that_stand_and_is_not_root() -> None:
    for line in re.findall(r"^COPY (.+)$", CONTAINER, re.MULTILINE):
        for source in line.split()[:-1]:
            assert Path(source).exists(), source
    assert re.search(r"^USER 10001$", CONTAINER, re.MULTILINE)
    assert "DAGSTER_DISABLE_TELEMETRY=yes" in CONTAINER


def test_no_secret_is_in_a_file() -> None:
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY|STORAGE|WAREHOUSE|ALERTS", variable):
                assert re.fullmatch(r"\$\{\w+:[?-]\}", value), (name, variable)
    ignored = Path(".gitignore").read_text().splitlines()
    assert {"deploy/secrets.env", "deploy/tls/"} <= set(ignored)


def test_only_the_code_location_has_the_key_and_the_submissions() -> None:
    for name, service in COMPOSE["services"].items():
        has_key = "NAOME_PSEUDONYM_KEY" in service.get("environment", {})
        has_landing = any(str(v).endswith(":/landing:ro") for v in service.get("volumes", []))
        assert has_key == has_landing == (name == "code")


def test_nothing_but_the_proxy_is_reached_from_outside() -> None:
    services, networks = COMPOSE["services"], COMPOSE["networks"]
    open_networks = {name for name, of in networks.items() if not (of or {}).get("internal")}
    for name, service in services.items():
        assert ("ports" in service) == (name == "proxy")
        reaches_out = set(service["networks"]) & open_networks
        assert bool(reaches_out) == (name in ("proxy", "oauth2-proxy"))
        if reaches_out:
            assert not set(service["networks"]) & set(services["database"]["networks"])
            assert not set(service["networks"]) & set(services["code"]["networks"])
    named = re.findall(r"proxy_pass http://([\w-]+):", (DEPLOY / "nginx.conf").read_text())
    for name in named:
        assert set(services[name]["networks"]) & set(services["proxy"]["networks"]), name


def test_every_service_has_limits() -> None:
    for name, service in COMPOSE["services"].items():
        for limit in ("mem_limit", "cpus", "pids_limit"):
            assert service[limit], (name, limit)
        assert service["security_opt"] == ["no-new-privileges:true"]
        for volume in service.get("volumes", []):
            source = str(volume).partition(":")[0]
            assert not source.startswith("./") or source == "./tls" or (DEPLOY / source).exists()


def test_analysts_are_granted_the_cohort_and_every_table_that_is_published() -> None:
    text = (DEPLOY / "roles.sql").read_text()
    listed = re.search(r"read_by_analyst.*?array\[(.*?)\]", text, re.DOTALL)
    assert listed is not None
    registry = {"ledger", "organisation", "mbc_cohort", "mbc_event", "registry_cohort"}
    registry |= {"registry_event"}
    assert set(re.findall(r"'(\w+)'", listed[1])) == (
        registry | {"case_mix_model"} | {*PUBLISHED_TABLES}
    )
    project = load_project()
    assert registry | {*EXPORTED_TABLES} <= {*project.models, *COMPUTED}
    assert set(EXPORTED_TABLES) == {*COUNT_COLUMNS, "method_comparison"}


def test_a_cluster_is_run_like_a_team() -> None:
    """What the chart makes of its values is what ``deploy/dagster.yaml`` says."""
    team = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())
    laptop = yaml.safe_load(Path("naome_assets/orchestration/dagster.yaml").read_text())
    values = yaml.safe_load((DEPLOY / "helm" / "values.yaml").read_text())
    for settings in (team, laptop, values):
        assert settings["telemetry"] == {"enabled": False}
    pools = values["concurrency"]["pools"]
    assert team["concurrency"]["pools"] == laptop["concurrency"]["pools"]
    assert team["concurrency"]["pools"] == {
        "default_limit": pools["defaultLimit"],
        "granularity": pools["granularity"],
    }
    monitoring = values["dagsterDaemon"]["runMonitoring"]
    assert team["run_monitoring"] == {
        "enabled": monitoring["enabled"],
        "poll_interval_seconds": monitoring["pollIntervalSeconds"],
        "max_runtime_seconds": monitoring["maxRuntimeSeconds"],
    }
    assert laptop["run_monitoring"]["enabled"]
    retries = values["dagsterDaemon"]["runRetries"]
    assert team["run_retries"] == {
        "enabled": retries["enabled"],
        "max_retries": retries["maxRetries"],
        "retry_on_asset_or_op_failure": retries["retryOnAssetOrOpFailure"],
    }
    [deployed] = values["dagster-user-deployments"]["deployments"]
    assert shlex.join(deployed["dagsterApiGrpcArgs"]) in " ".join(_command(CONTAINER))
    assert str(deployed["port"]) in _command(CONTAINER)
    for named in deployed["env"]:
        assert f"{named['name']}={named['value']}" in CONTAINER


def _command(container: str) -> list[str]:
    stated = re.search(r"^CMD (\[.+\])$", container, re.MULTILINE)
    assert stated is not None
    return [str(word) for word in json.loads(stated[1])]
