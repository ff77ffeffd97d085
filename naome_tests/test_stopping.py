"""Ctrl-C and SIGTERM end with one sentence and the exit code that shells expect."""

from __future__ import annotations

import os
import signal

import pytest

from naome_assets import cli
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
