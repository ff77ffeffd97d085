"""Tables that Python computes from other tables (``figures``), replaced whole by their assets."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from naome_assets.checks.suites import compared_with
from naome_assets.figures.made_of import COMPUTED_FROM, made_of_figures
from naome_assets.orchestration.metadata import OWNERS, Metadata, table_metadata
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.orchestration.standing import Step, Told
from naome_assets.warehouse.protocol import Warehouse, WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa


def computed_asset(
    deps: Sequence[str], description: str, *, is_experimental: bool = False
) -> "Callable[[Callable[[Warehouse], pa.Table]], dg.AssetsDefinition]":
    """Make an asset of a function that computes every row of the table of its name.

    An experimental table never holds the audit back: when it cannot be computed it is left empty,
    its check ``computed`` warns and names the error, and everything else is published.

    Args:
        deps: tables that it is computed from.
        description: what it holds, and what a row is.
        is_experimental: whether the audit stands without it.
    """

    def asset_of(compute: "Callable[[Warehouse], pa.Table]") -> dg.AssetsDefinition:
        name = compute.__name__
        check = dg.AssetCheckSpec(
            "computed",
            asset=name,
            description="The experimental table could be computed. When it fails: the table is "
            "left empty, and the audit goes on without it; report the error.",
            blocking=False,
        )

        @dg.asset(
            name=name,
            deps=sorted({*deps} | compared_with(name)),
            group_name="indicators",
            description=description,
            kinds={"python", warehouse_kind(), "table"},
            owners=OWNERS,
            pool=WAREHOUSE_POOL,
            check_specs=[check] if is_experimental else [],
        )
        def computed(
            context: dg.AssetExecutionContext, warehouse: WarehouseResource
        ) -> Iterator[Told | dg.AssetCheckResult]:
            with warehouse.connect() as opened:
                error = ""
                step = Step.of(context, opened, is_full=warehouse.full)
                try:
                    why = step.memory.renew(
                        [name],
                        made_of_figures(step.memory, name),
                        lambda: opened.replace_table(name, compute(opened)),
                    )
                except WarehouseError:
                    raise
                except Exception as problem:
                    if not is_experimental:
                        raise
                    # Its class alone: a message can hold values of people.
                    why = error = type(problem).__name__
                    # Of no known version, so that the next run tries again.
                    unknown = {"what could not be computed": ""}
                    empty = partial(opened.replace_table, name, _empty(name))
                    step.memory.make([name], unknown, empty)
                yield from step.told(name, why, partial(_shown, opened, name))
                if is_experimental:
                    yield _is_computed(error)
                step.log()

        return computed

    return asset_of


def _empty(name: str) -> "pa.Table":
    from naome_assets.figures.computed_tables import COMPUTED

    return COMPUTED[name].empty_table()


def _shown(warehouse: Warehouse, name: str) -> Metadata:
    """What the UI shows of a computed table."""
    from naome_assets.figures.computed_tables import descriptions

    return table_metadata(warehouse, name, descriptions(name), warehouse.rows(name))


def _is_computed(error: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name="computed",
        passed=not error,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"could not be computed ({error}): left empty" if error else "computed",
    )


@dg.multi_asset(
    name="case_mix",
    pool=WAREHOUSE_POOL,
    specs=[
        dg.AssetSpec(
            "case_mix_model",
            deps=COMPUTED_FROM["case_mix_model"].tables,
            group_name="indicators",
            description=(
                "Coefficients of the case-mix models. One row a quarter, indicator and term: log "
                "odds against the largest category, standard error, people fitted, c-statistic, "
                "calibration slope, and which terms were dropped and why. Fitted on England and "
                "Wales in the 36 months that end with the quarter."
            ),
            kinds={"python", warehouse_kind(), "table"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            "case_mix_value",
            deps=COMPUTED_FROM["case_mix_value"].tables,
            group_name="indicators",
            description=(
                "Adjusted values of alliances and providers over 36 months: observed / expected x "
                "overall, percent. One row a quarter, indicator and geography. They stand beside "
                "the crude values, never instead. True counts: apply disclosure control before any "
                "row leaves."
            ),
            kinds={"python", warehouse_kind(), "table"},
            owners=OWNERS,
        ),
    ],
)
def case_mix(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Told]:
    """Fit every quarter and indicator."""
    names = ["case_mix_model", "case_mix_value"]
    with warehouse.connect() as opened:
        step = Step.of(context, opened, is_full=warehouse.full)
        made_of = made_of_figures(step.memory, names[0])
        why = step.memory.renew(names, made_of, partial(_fit, opened))
        for name in names:
            yield from step.told(name, why, partial(_shown, opened, name))
        step.log()


def _fit(warehouse: Warehouse) -> None:
    from naome_assets.figures.case_mix import adjust

    models, values = adjust(warehouse)
    warehouse.replace_table("case_mix_model", models)
    warehouse.replace_table("case_mix_value", values)


@computed_asset(
    COMPUTED_FROM["survival_curve"].tables,
    "Kaplan-Meier curves from the MBC date, with log-log 95 % limits, of England and Wales and of "
    "each nation, over the 36 months that end with each quarter. One row a quarter, geography, "
    "presentation and day on which follow-up of anybody ended. The values after one and three "
    "years are in indicator, computed apart in SQL; a test holds the two together.",
)
def survival_curve(warehouse: Warehouse) -> "pa.Table":
    """See ``figures.survival``."""
    from naome_assets.figures.survival import curves

    return curves(warehouse)


@computed_asset(
    COMPUTED_FROM["treatment_curve"].tables,
    "Cumulative incidence of the first anti-cancer treatment and of death before it, by day from "
    "the MBC date to a year after it: Aalen-Johansen estimate with log-log 95 % limits, of England "
    "and Wales and of each nation, over the 12 and the 36 months that end with each quarter. One "
    "row a quarter, period, geography, presentation and day on which anybody was treated, died or "
    "left follow-up. The people and days are those of time_to_treatment, whose quartiles are "
    "computed apart in SQL; a check holds the two together.",
)
def treatment_curve(warehouse: Warehouse) -> "pa.Table":
    """See ``figures.treatment_curve``."""
    from naome_assets.figures.treatment_curve import incidence_curves

    return incidence_curves(warehouse)


@computed_asset(
    COMPUTED_FROM["prevalence_projection"].tables,
    "Experimental, beyond the audit. People living with MBC on the last days of the quarters to "
    "come, with 95 % limits: each quarter's new cohort and the risks of death by time since the "
    "MBC date as in the twelve quarters up to the first one that is not yet complete. England and "
    "Wales and each nation, by presentation and years since MBC. The same from earlier quarters, "
    "to be held against what was counted since. One row a quarter, starting quarter, geography, "
    "presentation and years since MBC.",
    is_experimental=True,
)
def prevalence_projection(warehouse: Warehouse) -> "pa.Table":
    """See ``figures.prevalence_projection``."""
    from naome_assets.figures.prevalence_projection import projections

    return projections(warehouse)


@computed_asset(
    COMPUTED_FROM["recurrence_capture"].tables,
    "Experimental, beyond the audit. Capture-recapture of recurrent MBC in England: of those who "
    "died in the 36 months that end with the quarter, how many COSD, SACT and death certificates "
    "name, how many all three seem to miss (log-linear model of least AIC, limits by profile "
    "likelihood, Chao's lower bound beside it), and the recurrent prevalence if the living were "
    "recorded like the dead. Sources that depend on each other bias it. One row a quarter.",
    is_experimental=True,
)
def recurrence_capture(warehouse: Warehouse) -> "pa.Table":
    """See ``figures.recurrence_capture``."""
    from naome_assets.figures.recurrence_capture import captures

    return captures(warehouse)


#: In the order in which they are made.
computed_assets = (
    case_mix,
    survival_curve,
    treatment_curve,
    prevalence_projection,
    recurrence_capture,
)
