"""Everything the Dagster UI shows, in one screen of code."""

from __future__ import annotations

import dagster as dg

from naome_assets.orchestration.assets.checks import build_asset_checks
from naome_assets.orchestration.assets.computed import computed_assets
from naome_assets.orchestration.assets.person_link import person_links
from naome_assets.orchestration.assets.publication_files import publication_files
from naome_assets.orchestration.assets.published_tables import published_tables
from naome_assets.orchestration.assets.quarters_there import quarters_there
from naome_assets.orchestration.assets.reference_data import build_seed_assets
from naome_assets.orchestration.assets.sql_models import build_model_assets
from naome_assets.orchestration.assets.submissions import submissions
from naome_assets.orchestration.jobs import nothing_changed, quarterly_audit, withdraw_quarters
from naome_assets.orchestration.resources import RESOURCES
from naome_assets.orchestration.schedules import quarterly_schedule
from naome_assets.orchestration.sensors.alerts import failure_alert
from naome_assets.orchestration.sensors.dead_runs import dead_runs
from naome_assets.orchestration.sensors.late_files import late_files
from naome_assets.orchestration.sensors.publishing import publish_when_sound
from naome_assets.orchestration.sensors.quarters_there import missing_quarters
from naome_assets.orchestration.source import with_code_references
from naome_assets.transform.project import load_project

project = load_project()

assets = with_code_references(
    [
        submissions,
        person_links,
        build_seed_assets(project),
        *build_model_assets(project),
        *computed_assets,
        published_tables,
        publication_files,
    ],
    project,
)
defs = dg.Definitions(
    assets=assets,
    asset_checks=[*build_asset_checks(), quarters_there],
    jobs=[quarterly_audit, withdraw_quarters, nothing_changed],
    schedules=[quarterly_schedule],
    sensors=[dead_runs, late_files, publish_when_sound, failure_alert, missing_quarters],
    resources=RESOURCES,
    # Steps are short; a process each would cost more than the work (the reader has its own pool).
    executor=dg.in_process_executor,
)
