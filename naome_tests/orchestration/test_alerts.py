"""A failed run tells the people named in NAOME_ALERTS, through a real local web hook."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from naome_assets.orchestration.sensors.alerts import AlertError, failure_alert, message, send


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Address of a web hook on this machine, and what it was sent."""
    received: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"json://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


def failed_run(instance: dg.DagsterInstance) -> dg.RunFailureSensorContext:
    @dg.asset
    def cohort() -> None:
        raise ValueError("NHS number 943 476 5919")

    @dg.asset_check(asset=cohort, blocking=True)
    def adds_up() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    job = dg.define_asset_job("quarterly_audit", selection="*")
    definitions = dg.Definitions(assets=[cohort], asset_checks=[adds_up], jobs=[job])
    result = definitions.resolve_job_def("quarterly_audit").execute_in_process(
        instance=instance, raise_on_error=False, tags={"dagster/partition": "2023-01-01"}
    )
    return dg.build_run_status_sensor_context(
        "failure_alert",
        result.get_run_failure_event(),
        instance,
        result.dagster_run,
    ).for_run_failure()


def test_a_failure_is_reported_by_name_and_not_by_value(
    hook: tuple[str, list[dict[str, str]]],
) -> None:
    address, received = hook
    with dg.DagsterInstance.ephemeral() as instance:
        text = message(failed_run(instance))
    send([address], "naome: quarterly_audit failed", text)
    (told,) = received
    assert told["title"] == "naome: quarterly_audit failed"
    assert "Failed steps: cohort" in told["message"]
    assert "2023-01-01" in told["message"]
    assert "943" not in told["message"]


def test_a_failed_run_of_any_job_is_reported(
    hook: tuple[str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, received = hook
    monkeypatch.setenv("NAOME_ALERTS", address)

    @dg.asset
    def cohort() -> None:
        raise ValueError

    definitions = dg.Definitions(assets=[cohort])
    with dg.DagsterInstance.ephemeral() as instance:
        # What the daemon does: the first tick says from when on failures are told.
        since = dg.build_sensor_context(instance)
        failure_alert.evaluate_tick(since)
        job = definitions.resolve_implicit_global_asset_job_def()
        job.execute_in_process(instance=instance, raise_on_error=False)
        failure_alert.evaluate_tick(dg.build_sensor_context(instance, cursor=since.cursor))
    (told,) = received
    assert told["title"] == "naome: materialisation failed"


def test_a_failed_blocking_check_is_named() -> None:
    @dg.asset
    def ledger() -> None: ...

    @dg.asset_check(asset=ledger, blocking=True)
    def adds_up() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    job = dg.define_asset_job("quarterly_audit", selection=dg.AssetSelection.all())
    definitions = dg.Definitions(assets=[ledger], asset_checks=[adds_up], jobs=[job])
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def("quarterly_audit").execute_in_process(
            instance=instance, raise_on_error=False
        )
        assert not result.success
        context = dg.build_run_status_sensor_context(
            "failure_alert", result.get_run_failure_event(), instance, result.dagster_run
        ).for_run_failure()
        assert "Failed blocking checks: ledger.adds_up" in message(context)


def test_a_wrong_address_is_refused_without_naming_it() -> None:
    with pytest.raises(AlertError) as error:
        send(["nonsense-with-a-password"], "title", "body")
    assert "password" not in str(error.value)


def test_a_hook_that_is_away_is_an_error(hook: tuple[str, list[dict[str, str]]]) -> None:
    with pytest.raises(AlertError):
        send([hook[0], "json://127.0.0.1:9"], "title", "body")
