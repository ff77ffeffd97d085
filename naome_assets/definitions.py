"""Everything the Dagster UI shows, in one screen of code."""

from __future__ import annotations

import dagster as dg

from naome_assets.assets.case_mix import case_mix
from naome_assets.assets.person_link import person_links
from naome_assets.assets.prevalence_projection import projections_of_prevalence
from naome_assets.assets.publication import published_tables
from naome_assets.assets.publication_files import publication_files
from naome_assets.assets.recurrence_capture import recurrence_captures
from naome_assets.assets.reference_data import build_seed_assets
from naome_assets.assets.resources import LandingResource, OutputResource, WarehouseResource
from naome_assets.assets.sql_models import build_model_assets
from naome_assets.assets.submissions import submissions
from naome_assets.assets.survival import survival_curves
from naome_assets.assets.treatment_curve import treatment_curves
from naome_assets.automation.alerts import failure_alert
from naome_assets.automation.dead_runs import dead_runs
from naome_assets.automation.jobs import quarterly_audit, withdraw_quarters
from naome_assets.automation.late_files import late_files
from naome_assets.automation.publishing import publish_when_sound
from naome_assets.automation.schedules import quarterly_schedule
from naome_assets.checks.asset_checks import build_asset_checks
from naome_assets.transform.project import load_project

project = load_project()

defs = dg.Definitions(
    assets=[
        submissions,
        person_links,
        build_seed_assets(project),
        *build_model_assets(project),
        case_mix,
        survival_curves,
        treatment_curves,
        projections_of_prevalence,
        recurrence_captures,
        published_tables,
        publication_files,
    ],
    asset_checks=build_asset_checks(),
    jobs=[quarterly_audit, withdraw_quarters],
    schedules=[quarterly_schedule],
    sensors=[dead_runs, late_files, publish_when_sound, failure_alert],
    resources={
        "landing": LandingResource(),
        "warehouse": WarehouseResource(),
        "output": OutputResource(),
    },
    # Steps are short; a process each would cost more than the work (the reader has its own pool).
    executor=dg.in_process_executor,
)
