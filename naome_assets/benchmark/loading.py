"""How long Dagster waits for the definitions: a new process that imports and resolves them."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from naome_assets.benchmark.measure import Figure

_LOAD = "import naome_assets.orchestration.definitions as code; code.defs.get_repository_def()"
_TIMES = 3


def cold_load() -> Iterator[Figure]:
    """The quickest of a few loads: seconds, and seconds of a processor."""
    best = min(_load() for _ in range(_TIMES))
    yield (
        "load the definitions in a new process (under 4 s)",
        f"{best[1]:.1f} s (processor {best[0]:.1f} s)",
    )


def _load() -> tuple[float, float]:
    """Seconds of processor, and on the clock."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-W", "ignore", "-c", _LOAD], check=True)  # noqa: S603
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, ended - begun
