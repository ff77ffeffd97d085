"""Ctrl-C and SIGTERM end with one sentence and the exit code that shells expect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from rich.console import Console

from naome_assets import cli
from naome_assets.consoles import ProgressConsole
from naome_assets.stopping import Received, StoppedError, stoppable


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "Stopped by Ctrl-C."), (signal.SIGTERM, 143, "by the signal SIGTERM.")],
)
def test_a_command_that_is_stopped(
    number: signal.Signals,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def command(**_named: str) -> None:
        try:
            os.kill(os.getpid(), number)
        except Exception:
            pytest.fail("taken for an error of the command")

    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    monkeypatch.setattr(cli, "cli", command)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    told = capfd.readouterr()
    assert said in told.err
    assert len(told.err.splitlines()) == 1
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before


def test_signals_are_noted_whoever_handles_them() -> None:
    with stoppable(), Received() as received:
        assert received.number is None
        with pytest.raises(StoppedError, match="Ctrl-C"):
            os.kill(os.getpid(), signal.SIGINT)
        assert received.number == signal.SIGINT
    assert received.number == signal.SIGINT
    with Received() as received:
        pass
    assert received.number is None


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a warehouse with more files than a pipe holds."""
    from naome_assets.warehouse.engines import open_warehouse

    url = f"duckdb:///{tmp_path_factory.mktemp('ledger') / 'w.duckdb'}"
    counts = dict.fromkeys(("received", "accepted", "superseded", "out_of_scope", "quarantined"), 0)
    file = {"quarter": "2024-Q1", "source": "cosd", "status": "loaded", "reason": "x"} | counts
    warehouse = open_warehouse(url)
    warehouse.replace_table(
        "ledger", pa.Table.from_pylist([{"file": f"{n:0200}"} | file for n in range(1_000)])
    )
    nothing = {name: pa.array([], pa.string()) for name in ("file", "rule", "severity")}
    warehouse.replace_table("quarantine", pa.table(nothing | {"position": pa.array([], "int64")}))
    rule = {name: pa.array([], pa.string()) for name in ("rule", "message", "action")}
    warehouse.replace_table("quarantine_rule", pa.table(rule))
    warehouse.close()
    return url


@pytest.mark.parametrize("read", [0, 1])
@pytest.mark.parametrize("format_", ["table", "csv", "json"])
def test_a_reader_who_goes_away_is_no_error(ledger: str, format_: str, read: int) -> None:
    """``naome status | head -1``, and a pager that is left before anything is in it."""
    command = (*("status", "--warehouse", ledger), "--format", format_)
    with subprocess.Popen(
        [sys.executable, "-m", "naome_assets", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if read:
            assert process.stdout.read(read)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


def test_a_short_answer_that_nobody_reads_is_no_error() -> None:
    """Not even of a version."""
    with subprocess.Popen(
        [sys.executable, "-m", "naome_assets", "--version"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


def test_work_goes_on_without_a_reader_of_its_progress(tmp_path: Path) -> None:
    """``naome synth 2>&1 | head -1``: half of the submissions would be none."""
    landing = tmp_path / "landing"
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "naome_assets", "synth", "--landing", str(landing)),
            *("--from", "2024-Q1", "--to", "2024-Q1", "--scale", "0.001"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
    assert process.returncode == 128 + signal.SIGPIPE
    assert (landing / "synthetic-manifest.csv").exists(), "written last"


def test_progress_is_silent_when_its_reader_has_gone() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as stream:
        console: Console = ProgressConsole(file=stream)
        console.print("one")
        console.print("two")
        assert console.quiet
