"""The quarterly job: from landing files to the publication, with every check."""

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
