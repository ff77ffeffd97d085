"""Column lineage: hand-traced columns, and every model complete."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from naome_assets.transform.lineage import Upstream, column_lineage
from naome_assets.transform.project import Model, Project
from naome_assets.warehouse.protocol import Warehouse

Lineage = dict[str, dict[str, Upstream]]

#: Models that name their indicators; but for mortality, none of them waits for follow-up.
NAMED_AND_AT_ONCE = ("event_care", "completeness", "cohort", "sact_mortality")


@pytest.fixture(scope="module")
def roots(project: Project, empty_warehouse: Warehouse) -> dict[str, dict[str, str]]:
    """Columns of what the models start from: no model's own."""
    return {name: dict(empty_warehouse.columns(name)) for name in project.seeds | project.sources}


@pytest.fixture(scope="module")
def lineage(
    project: Project, empty_warehouse: Warehouse, roots: dict[str, dict[str, str]]
) -> Lineage:
    return column_lineage(project, empty_warehouse.target, roots)


def test_every_model_is_traced_with_the_columns_of_its_table(
    project: Project, empty_warehouse: Warehouse, lineage: Lineage
) -> None:
    assert {name: list(columns) for name, columns in lineage.items()} == {
        name: [column for column, _ in empty_warehouse.columns(name)] for name in project.models
    }


def test_upstream_columns_exist_and_belong_to_what_the_model_reads(
    project: Project, empty_warehouse: Warehouse, lineage: Lineage
) -> None:
    for name, columns in lineage.items():
        read = project.models[name].refs | project.models[name].sources
        known = {(table, column) for table in read for column, _ in empty_warehouse.columns(table)}
        assert {pair for pairs in columns.values() for pair in pairs} <= known, name


def test_columns_without_upstream_are_constants_and_counts_of_rows(lineage: Lineage) -> None:
    assert {
        (model, name) for model, cols in lineage.items() for name in cols if not cols[name]
    } == {
        ("stg_cosd__record", "source"),
        ("stg_wales__tumour", "source"),
        ("stg_wales__tumour", "standard_version"),
        ("stg_registry__tumour", "source"),
        ("stg_registry__tumour", "standard_version"),
        ("stg_registry__tumour", "diagnosis_site"),
        ("stg_registry__tumour", "pathway"),
        ("stg_registry__tumour", "is_pathway_wrong"),
        ("stg_registry__tumour", "birth_date_fault"),
        ("stg_registry__tumour", "is_mdt_discussed"),
        ("stg_registry__tumour", "mdt_date_fault"),
        ("stg_registry__tumour", "palliative_specialist_seen"),
        ("judged_registry_row", "source_table"),
        ("drug", "is_drug"),
        ("drug_to_review", "source"),
        ("drug_to_review", "given"),
        ("reporting_window", "period"),
        ("code_fault", "item_code"),
        ("sact_fault", "rule"),
        ("death_fault", "rule"),
        ("wales_treatment_fault", "item_code"),
        ("registry_row_fault", "rule"),
        ("hes_apc_fault", "rule"),
        ("pedw_fault", "rule"),
        ("rtds_fault", "rule"),
        ("waiting_times_fault", "rule"),
        ("source_key_fault", "rule"),
        ("hospital_episode", "source"),
        ("hospital_available", "nation"),
        ("hospital_available", "is_available"),
        ("hospital_look_back", "nation"),
        ("sact_quality", "source"),
        ("pathology_fault", "item_code"),
        ("receptor_evidence", "receptor"),
        ("receptor_evidence", "source"),
        ("data_quality_count", "item"),
        ("data_quality_count", "item_code"),
        ("treatment", "source"),
        ("registry_event", "evidence_count"),
        ("method_evidence", "method"),
        ("method_evidence", "rule"),
        ("method_date", "method"),
        ("method_count", "indicator"),
        ("method_count", "denominator"),
        *((f"{source}_fault", "rule") for source in ("hes_apc", "pedw", "rtds", "source_key")),
        ("waiting_times_fault", "rule"),
        ("hospital_episode", "source"),
        ("hospital_look_back", "nation"),
        ("hospital_available", "nation"),
        ("hospital_available", "is_available"),
        ("prevalence", "people"),
        ("cns_access", "patients"),
        ("time_to_treatment", "patients"),
        *((f"indicator_{part}", "indicator") for part in NAMED_AND_AT_ONCE),
        *(
            (f"indicator_{part}", "known_on")
            for part in NAMED_AND_AT_ONCE
            if part != "sact_mortality"
        ),
        ("indicator_count", "denominator"),
        ("indicator_drug", "source"),
        ("indicator", "unit"),
        ("survival", "denominator"),
        ("survival", "indicator"),
    }


@pytest.mark.parametrize(
    ("model", "column", "upstream"),
    [
        # Through one expression.
        ("cns_access", "seen", [("window_member", "cns_contact")]),
        ("ledger", "received", [("submission", "received")]),
        ("registry_cohort", "mbc_date", [("mbc_date", "mbc_date")]),
        ("stg_cosd__record", "sex", [("cosd_record", "sex")]),
        # select *.
        ("registry_record", "icd3", [("judged_record", "icd3")]),
        # Through CTEs and an aggregate.
        ("registry_cohort", "cns_contact", [("registry_record", "cns_contact")]),
        # Through a union, one branch of which has another name for it.
        (
            "evidence",
            "evidence_date",
            [
                ("registry_record", "event_date"),
                ("same_diagnosis", "diagnosis_date"),
                ("stg_progression", "progression_date"),
            ],
        ),
        (
            "ledger",
            "superseded",
            [
                ("death", "disposition"),
                ("judged_hes_apc", "disposition"),
                ("judged_pathology", "disposition"),
                ("judged_pedw", "disposition"),
                ("judged_record", "disposition"),
                ("judged_registry_row", "disposition"),
                ("judged_rtds", "disposition"),
                ("judged_sact", "disposition"),
                ("judged_source_key", "disposition"),
                ("judged_waiting_times", "disposition"),
                ("judged_wales_treatment", "disposition"),
            ],
        ),
        # Through a cube.
        ("population_by_band", "age_band", [("population", "age")]),
        (
            "prevalence",
            "age_band",
            [("mbc_cohort", "birth_date"), ("reporting_quarter", "index_date")],
        ),
        # Through a recursive CTE, and a subquery.
        ("reporting_quarter", "quarter", [("audit_run", "from_quarter")]),
        (
            "reporting_quarter",
            "is_wales_reported",
            [
                ("audit_run", "from_quarter"),
                ("submission", "quarter"),
                ("submission", "source"),
            ],
        ),
        # A join's alias is not the table's name.
        (
            "person",
            "is_death_day_unknown",
            [("death", "is_day_unknown"), ("judged_registry_row", "is_day_partial")],
        ),
    ],
)
def test_a_column_comes_from_the_columns_that_its_sql_reads(
    lineage: Lineage, model: str, column: str, upstream: Upstream
) -> None:
    assert lineage[model][column] == upstream


def with_model(project: Project, name: str, template: str, *refs: str) -> Project:
    model = Model(
        name=name,
        stage="staging",
        path=Path(f"{name}.sql"),
        template=template,
        description="",
        columns=(),
        materialized="view",
        refs=frozenset(refs),
        sources=frozenset(),
    )
    return replace(project, models={**project.models, name: model})


@pytest.mark.parametrize(
    "template", ["select from where", "select * from main.not_known", "drop table main.provider"]
)
def test_a_model_that_cannot_be_traced_is_left_out_and_named(
    project: Project,
    roots: dict[str, dict[str, str]],
    empty_warehouse: Warehouse,
    caplog: pytest.LogCaptureFixture,
    template: str,
) -> None:
    small = replace(project, models={"organisation": project.models["organisation"]})
    with caplog.at_level(logging.WARNING):
        traced = column_lineage(with_model(small, "odd", template), empty_warehouse.target, roots)
    assert list(traced) == ["organisation"]
    assert "no column lineage for model odd" in caplog.text


def test_columns_of_an_untraced_model_are_taken_from_the_schemas(
    project: Project, roots: dict[str, dict[str, str]], empty_warehouse: Warehouse
) -> None:
    odd = with_model(replace(project, models={}), "odd", "select from where")
    both = with_model(odd, "reader", "select * from {{ ref('odd') }}", "odd")
    traced = column_lineage(both, empty_warehouse.target, {**roots, "odd": {"code": "text"}})
    assert traced == {"reader": {"code": [("odd", "code")]}}
