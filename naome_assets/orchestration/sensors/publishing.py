"""When published tables and files are made without being asked for: never past a failed check.

The job publishes what it makes. Figures that were made outside it (a few tables materialised by
hand, a backfill that was stopped before publication) are published by this condition, once every
blocking check above them has judged what is there now and passed, in whichever run that was.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_

import dagster as dg

#: Only the latest tick of a check counts, and only when it judged the table as it stands.
_BLOCKING_CHECKS_PASSED = dg.AutomationCondition.all_checks_match(
    dg.AutomationCondition.check_passed(), blocking_only=True
)


def when_sound(
    *, updated: Iterable[str], judged: Iterable[str]
) -> dg.AutomationCondition[dg.AssetKey]:
    """Made when a table that it depends on is newer, and every blocking check has passed.

    Args:
        updated: tables whose making is a reason to publish. They are partitioned by quarter; a
            table without partitions would ask for every quarter there ever was.
        judged: tables all of whose blocking checks must have passed, wherever they are above.
    """
    condition = dg.AutomationCondition
    changed = condition.any_deps_updated().allow(dg.AssetSelection.assets(*updated))
    passed = [condition.asset_matches(name, _BLOCKING_CHECKS_PASSED) for name in sorted(judged)]
    sound = reduce(and_, passed).with_label("every blocking check has passed")
    return (
        changed.since_last_handled().with_label("figures are newer")
        & ~condition.any_deps_missing()
        & ~condition.any_deps_in_progress()
        & ~condition.in_progress()
        & sound
    ).with_label("figures are newer and sound")


publish_when_sound = dg.AutomationConditionSensorDefinition(
    "publish_when_sound",
    target=dg.AssetSelection.groups("publication"),
    minimum_interval_seconds=60,
    run_tags={"naome/reason": "figures are newer and sound"},
    description=(
        "Publishes figures that were made outside the quarterly job, once every blocking check "
        "above them has passed. What holds publication back is under Evaluations."
    ),
)
