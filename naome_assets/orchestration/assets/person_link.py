"""The table person_link as an asset: empty unless linkage is on (``linkage``)."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from naome_assets.linkage.model import Linkage

_TABLE = BY_NAME["person_link"]


@dg.asset(
    name=_TABLE.name,
    deps=["submission", "cosd_record", "wales_tumour", "link_key", "shared_number"],
    group_name="submissions",
    description=_TABLE.description,
    kinds={"python", warehouse_kind(), "table"},
    owners=OWNERS,
    code_version="1",
    pool=WAREHOUSE_POOL,
)
def person_links(
    method: MethodResource, warehouse: WarehouseResource
) -> dg.MaterializeResult[None]:
    """Link people, or empty the table while linkage is off."""
    from naome_assets.linkage.people import link_people, unlink_people

    with warehouse.connect() as opened:
        linkage = link_people(opened) if method.is_linked else unlink_people(opened)
        rows = linkage.links.num_rows
        return dg.MaterializeResult(
            metadata={
                **table_metadata(opened, _TABLE.name, _TABLE.described, rows),
                "linkage": method.shown["linkage"],
                **(_figures(linkage) if method.is_linked else {}),
            }
        )


def _figures(linkage: Linkage) -> Metadata:
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
