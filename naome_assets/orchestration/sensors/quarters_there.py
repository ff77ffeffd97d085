"""The sensor that tells which quarters are missing: without a run, as time passes."""

from __future__ import annotations

import datetime as dt
import json

import dagster as dg

from naome_assets.orchestration.assets.quarters_there import CHECKS, judge


@dg.sensor(
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Looks which quarters should be there and are not, and says so as the check "
        "quarters_there of each table, when the answer is another than before."
    ),
)
def missing_quarters(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Judge every table; tell of those whose answer changed."""
    told = json.loads(context.cursor or "{}")
    judged = judge(context.instance, [key.asset_key for key in CHECKS], dt.datetime.now(dt.UTC))
    now = {own.asset_key.to_user_string(): own.description for own in judged}
    other = [own for own in judged if told.get(own.asset_key.to_user_string()) != own.description]
    return dg.SensorResult(asset_events=other, cursor=json.dumps(now))
