"""What every measurement uses: generated submissions, one load, one run, seconds."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

from naome_assets.quarters import Quarter

#: The first quarter that is generated.
FIRST = Quarter(2023, 1)
#: A measurement and its figure, for the table.
Figure = tuple[str, str]


def generated(landing: Path, quarters: int, scale: float) -> Path:
    """Write submissions without defects; returns their landing folder."""
    from naome_assets.synthetic import generate

    generate(landing, FIRST, FIRST + (quarters - 1), scale=scale, seed=1, defects=False)
    return landing


def load(landing: Path, quarters: list[Quarter], path: Path) -> None:
    """Read quarters into a new embedded warehouse, on every core."""
    from naome_assets.loading.load import load_quarters
    from naome_assets.sources.pseudonyms import Pseudonymiser
    from naome_assets.warehouse.engines import open_warehouse

    warehouse = open_warehouse(f"duckdb:///{path}")
    warehouse.create_submission_tables()
    load_quarters(
        warehouse,
        landing,
        quarters,
        pseudonymiser=Pseudonymiser(b"benchmark"),
        workers=os.cpu_count() or 1,
    )
    warehouse.close()


def audit(landing: Path, quarters: int, path: Path) -> None:
    """Run the quarterly job, as ``naome run`` does.

    Raises:
        SystemExit: when it failed; then no figure of the benchmark is right.
    """
    from naome_assets.orchestration.run import run_quarters

    outcome = run_quarters(
        FIRST,
        FIRST + (quarters - 1),
        landing=landing,
        warehouse=f"duckdb:///{path}",
        output=path.with_suffix(".output"),
    )
    if not outcome.success:
        raise SystemExit(f"the benchmark's run failed: {outcome.error} {outcome.failed_checks}")


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def peak_memory(process: BaseProcess) -> float:
    """Megabytes that a process and its children hold at most, until it ends (Linux)."""
    peak = 0.0
    while process.is_alive():
        peak = max(peak, _resident(process.pid or 0))
        process.join(0.2)
    return peak


def _resident(pid: int) -> float:
    """Resident megabytes of a process and its children; none where it is gone."""
    total = 0.0
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        total += pages * resource.getpagesize() / 1e6
        for child in tasks.read_text().split():
            total += _resident(int(child))
    except (OSError, IndexError):
        pass
    return total
