"""Freshness that knows quarters: each table of the audit must hold every quarter that is due.

Dagster's own freshness policies look at when an asset was last made, whichever quarter that was: an
audit of old quarters made today would be fresh.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from naome_assets.contract.published_tables import (
    PUBLISHED_TABLES,
    QUARTERLY_TABLES,
    published_name,
)
from naome_assets.contract.submissions import TABLES
from naome_assets.orchestration.calendar import last_due
from naome_assets.quarters import Quarter, quarter_range

NAME = "quarters_there"
#: The table that every audit fills first: from its first quarter on there must be no gap.
_BEGINS = dg.AssetKey("submission")


#: Every asset that has quarters.
QUARTERLY = tuple(
    sorted(
        {
            *(table.name for table in TABLES if table.group == "submissions"),
            *QUARTERLY_TABLES,
            *(published_name(table) for table in PUBLISHED_TABLES),
            *("publication_vintage", "revision", "publication_files"),
        }
    )
)
CHECKS = tuple(dg.AssetCheckKey(dg.AssetKey(name), NAME) for name in QUARTERLY)


@dg.multi_asset_check(
    name=NAME,
    description="Says which quarters that are due were not made, as Dagster remembers.",
    specs=[
        dg.AssetCheckSpec(
            NAME,
            asset=key.asset_key,
            blocking=False,
            description="Every quarter is there from the first that was audited to the last "
            "whose data are frozen. When it fails: run the audit for the quarters it names.",
        )
        for key in CHECKS
    ],
    can_subset=True,
)
def quarters_there(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """Judge those that were asked for."""
    selected = [key.asset_key for key in context.selected_asset_check_keys]
    for own in judge(context.instance, selected, dt.datetime.now(dt.UTC)):
        yield dg.AssetCheckResult(
            asset_key=own.asset_key,
            check_name=own.check_name,
            passed=own.passed,
            severity=own.severity,
            description=own.description,
            metadata=own.metadata,
        )


def judge(
    instance: dg.DagsterInstance, keys: Iterable[dg.AssetKey], now: dt.datetime
) -> list[dg.AssetCheckEvaluation]:
    """Say of each table which quarters should be there and are not."""
    last = last_due(now)
    begun = _quarters(instance, _BEGINS)
    due = quarter_range(min(begun), last) if begun and min(begun) <= last else []
    return [
        _evaluation(key, [q for q in due or _never(begun, last) if q not in held], len(held))
        for key in sorted(keys)
        for held in [_quarters(instance, key)]
    ]


def _never(begun: set[Quarter], last: Quarter) -> list[Quarter]:
    """What is due of an audit that never ran: the last quarter. One that begins later owes none."""
    return [] if begun else [last]


def _quarters(instance: dg.DagsterInstance, key: dg.AssetKey) -> set[Quarter]:
    return {Quarter.of_partition_key(part) for part in instance.get_materialized_partitions(key)}


def _evaluation(key: dg.AssetKey, missing: Sequence[Quarter], held: int) -> dg.AssetCheckEvaluation:
    if not missing:
        words = "every quarter that is due is there"
    elif not held:
        words = f"never made; due: {', '.join(map(str, missing))}"
    else:
        words = f"{len(missing)} quarters are missing: {', '.join(map(str, missing))}"
    return dg.AssetCheckEvaluation(
        asset_key=key,
        check_name=NAME,
        passed=not missing,
        severity=dg.AssetCheckSeverity.WARN,
        description=words,
        metadata={"missing": len(missing), "quarters": held},
    )
