"""The table person_link as an asset: empty unless linkage is on (``linkage``)."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from naome_assets.contract.submissions import BY_NAME
from naome_assets.orchestration.metadata import (
    OWNERS,
    Metadata,
    markdown_metadata,
    table_metadata,
)
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    MethodResource,
    WarehouseResource,
    warehouse_kind,
)
from naome_assets.orchestration.standing import Step, Told
from naome_assets.warehouse.protocol import Warehouse

if TYPE_CHECKING:
    from naome_assets.linkage.model import Linkage

_TABLE = BY_NAME["person_link"]
_LINKED_BY = ["submission", "cosd_record", "wales_tumour", "link_key", "shared_number"]


@dg.asset(
    name=_TABLE.name,
    deps=_LINKED_BY,
    group_name="submissions",
    description=_TABLE.description,
    kinds={"python", warehouse_kind(), "table"},
    owners=OWNERS,
    pool=WAREHOUSE_POOL,
)
def person_links(
    context: dg.AssetExecutionContext, method: MethodResource, warehouse: WarehouseResource
) -> Iterator[Told]:
    """Link people, or empty the table while linkage is off."""
    from naome_assets.linkage.people import link_people, made_of_links, unlink_people

    name = _TABLE.name
    with warehouse.connect() as opened:
        step = Step.of(context, opened, is_full=warehouse.full)
        made_of = made_of_links(step.memory, is_linked=method.is_linked)
        why = step.memory.why(name, made_of)
        if why:
            how = partial(link_people if method.is_linked else unlink_people, opened)
            linkage = step.memory.make([name], made_of, how)
            figures = _figures(linkage) if method.is_linked else {}
            yield step.made(name, why, {**_shown(opened, method), **figures})
        else:
            yield from step.stands(name, partial(_shown, opened, method))
        step.log()


def _shown(warehouse: Warehouse, method: MethodResource) -> Metadata:
    rows = warehouse.rows(_TABLE.name)
    return {
        **table_metadata(warehouse, _TABLE.name, _TABLE.described, rows),
        "linkage": dg.MetadataValue.text(method.shown["linkage"]),
    }


def _figures(linkage: "Linkage") -> Metadata:
    """Counts, and the weights that the model gives to what is compared."""
    from naome_assets.figures.match_weights import match_weights
    from naome_assets.publication.markdown import pictures

    how = linkage.links["how"].to_pylist()
    drawn = match_weights(linkage.weights)
    return {
        "people_without_number": dg.MetadataValue.int(linkage.candidates),
        "linked_by_local_identifier": dg.MetadataValue.int(how.count("local_identifier")),
        "linked_by_probability": dg.MetadataValue.int(how.count("probabilistic")),
        "expected_wrong_links": dg.MetadataValue.float(linkage.expected_wrong),
        **markdown_metadata({"match_weights": pictures(drawn)} if drawn else {}),
    }
