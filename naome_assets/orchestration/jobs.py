"""The quarterly job, from landing files to the publication, and the one that takes back."""

from __future__ import annotations

import dagster as dg

quarterly_audit = dg.define_asset_job(
    name="quarterly_audit",
    selection=dg.AssetSelection.all(),
    tags={"naome/audit": "quarterly"},
    description=(
        "Reads what arrived for the quarters, rebuilds registry and cohort from everything "
        "received, checks them, writes the quarterly tables and publishes them."
    ),
)

withdraw_quarters = dg.define_asset_job(
    name="withdraw_quarters",
    selection=dg.AssetSelection.all(),
    config={"ops": {"read_submissions": {"config": {"withdraw": True}}}},
    tags={"naome/audit": "withdrawal"},
    description=(
        "Takes quarters back that were entered by mistake: pick them as partitions and launch. "
        "What their files put into the submissions leaves, everything is rebuilt without it, "
        "and published as a new vintage. Their files may still lie in the landing folder: they are "
        "read again only by a run that includes the quarter."
    ),
)
