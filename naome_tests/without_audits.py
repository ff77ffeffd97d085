"""For pytest under the mutation tool: no tests of whole audits, and the quickest first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

#: Fixtures that take seconds to make, and again for each mutant.
_AUDITS = {"audited", "publication", "audit", "landing"}
#: Where the tool keeps how long each test took.
_DURATIONS = Path("mutmut-stats.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what uses an audit, and put the others in order."""
    left_out = [item for item in items if _AUDITS & {*getattr(item, "fixturenames", ())}]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    if _DURATIONS.exists():
        durations = json.loads(_DURATIONS.read_text("utf-8"))["duration_by_test"]
        items.sort(key=lambda item: durations.get(item.nodeid, 0.0))
