"""Published tables: what may leave, after disclosure control (method book section 7)."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import dagster as dg

from naome_assets.checks.suites import RULES
from naome_assets.contract.published_tables import (
    PUBLISHED_TABLES,
    QUARTERLY_TABLES,
    published_name,
)
from naome_assets.orchestration.assets.checks import blocking_check_keys
from naome_assets.orchestration.gate import stop_at_failed_checks
from naome_assets.orchestration.metadata import (
    OWNERS,
    Metadata,
    markdown_metadata,
    table_metadata,
)
from naome_assets.orchestration.partitions import one_run_for_all, quarterly
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    MethodResource,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.orchestration.sensors.publishing import when_sound
from naome_assets.orchestration.standing import Step, Told

if TYPE_CHECKING:
    import pandas as pd

GROUP = "publication"
_KEPT_BY_VINTAGE = {
    "publication_vintage": (
        "States of the data that were published. One row a vintage: last quarter, profile, method "
        "book and code version, files and records behind it, and how many small counts could not "
        "be protected. A run that publishes the same tables again is the same vintage."
    ),
    "revision": (
        "Each published value by vintage. One row a figure and vintage in which it was new or "
        "other than before; its value in a vintage is the row of the latest vintage up to it. The "
        "reason says why it changed: late records, corrections, or method. row_key holds the "
        "row's keys after the quarter, parted by |."
    ),
}
#: Made by the step itself: what is wrong with them is told after it.
_OWN = {published_name(table) for table in PUBLISHED_TABLES} | set(_KEPT_BY_VINTAGE)
_KEYS = blocking_check_keys([rule for rule in RULES if rule.asset not in _OWN])
_WHEN_SOUND = when_sound(
    updated=QUARTERLY_TABLES, judged={key.asset_key.to_user_string() for key in _KEYS}
)


def _description(table: str) -> str:
    return (
        f"{table} as it may leave: below national level small counts are hidden, others rounded, "
        "and every other figure worked out from those. The columns are those of the true table, "
        "and `suppressed` says that a number of the row is withheld."
    )


def _spec(name: str, description: str, deps: list[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        name,
        deps=deps,
        group_name=GROUP,
        description=description,
        kinds={"python", warehouse_kind(), "table"},
        owners=OWNERS,
        skippable=True,
        automation_condition=_WHEN_SOUND,
    )


@dg.multi_asset(
    name="published_tables",
    specs=[
        *(
            # What is hidden in one table is decided by the counts of all.
            _spec(published_name(table), _description(table), [*PUBLISHED_TABLES, "organisation"])
            for table in PUBLISHED_TABLES
        ),
        *(
            _spec(name, description, [*PUBLISHED_TABLES, "ledger", "audit_run"])
            for name, description in _KEPT_BY_VINTAGE.items()
        ),
    ],
    can_subset=True,
    partitions_def=quarterly,
    backfill_policy=one_run_for_all,
    pool=WAREHOUSE_POOL,
)
def published_tables(
    context: dg.AssetExecutionContext, method: MethodResource, warehouse: WarehouseResource
) -> Iterator[Told | dg.AssetMaterialization]:
    """Publish every quarter, where anything that is published could be another.

    Disclosure control decides over all tables together: whichever was asked for, all are made, and
    Dagster is told of each that was.

    Raises:
        dg.Failure: when a blocking check failed, in an earlier run too.
    """
    from naome_assets.publication.columns import described
    from naome_assets.publication.store import store_publication

    stop_at_failed_checks(context, _KEYS)
    selected = {key.to_user_string() for key in context.selected_asset_keys}
    with warehouse.connect() as opened:
        step = Step.of(context, opened, is_full=warehouse.full)
        for stored in store_publication(opened, method.profile, step.memory):
            name = stored.name
            texts = described(name.removeprefix("published_"))

            def shown(
                name: str = name,
                texts: Mapping[str, str] = texts,
                frame: "pd.DataFrame | None" = stored.frame,
            ) -> Metadata:
                if frame is None:
                    frame = opened.query(f"select * from {name}")  # noqa: S608
                return {
                    **table_metadata(opened, name, texts, len(frame)),
                    **_held_back(frame),
                    **(_completeness(frame) if name == published_name("data_quality") else {}),
                    **{key: dg.MetadataValue.text(value) for key, value in method.shown.items()},
                }

            if name in selected:
                yield from step.told(name, stored.why, shown)
            elif stored.why:
                yield from step.made_beside(name, stored.why, shown)
        step.log()


def _completeness(published: "pd.DataFrame") -> Metadata:
    """The places' heat map, from what has passed disclosure control."""
    from naome_assets.figures.completeness import places_heat_map
    from naome_assets.publication.markdown import pictures

    drawn = places_heat_map(published)
    return markdown_metadata({"completeness": pictures(drawn)} if drawn else {})


def _held_back(frame: "pd.DataFrame") -> Metadata:
    """How much is withheld, and places of the last quarter as readers will see them."""
    from naome_assets.publication.markdown import published_preview

    if "suppressed" not in frame or frame.empty:
        return {}
    metadata: Metadata = {
        "rows_with_a_number_withheld": dg.MetadataValue.int(int(frame["suppressed"].sum()))
    }
    if "geography_type" in frame:
        metadata["places"] = dg.MetadataValue.md(published_preview(frame))
    return metadata
