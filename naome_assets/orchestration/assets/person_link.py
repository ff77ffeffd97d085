"""The table person_link as an asset, empty unless NAOME_LINKAGE=on (``linkage``)."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from naome_assets.contract.submissions import BY_NAME
from naome_assets.linkage.model import Linkage
from naome_assets.linkage.people import link_people, unlink_people
from naome_assets.orchestration.metadata import OWNERS, Metadata, figure_picture, table_metadata
from naome_assets.orchestration.resources import WAREHOUSE_POOL, WarehouseResource, warehouse_kind
from naome_assets.settings import Settings

_TABLE = BY_NAME["person_link"]


@dg.asset(
    name="person_link",
    deps=["submission", "cosd_record", "wales_tumour", "link_key", "shared_number"],
    group_name="submissions",
    description=_TABLE.description,
    kinds={"python", warehouse_kind(), "table"},
    owners=OWNERS,
    code_version="1",
    pool=WAREHOUSE_POOL,
)
def person_links(warehouse: WarehouseResource) -> dg.MaterializeResult[None]:
    """Link people, or empty the table while linkage is off."""
    on = Settings.from_environment().linkage
    with warehouse.connect() as opened:
        linkage = link_people(opened) if on else unlink_people(opened)
        return dg.MaterializeResult(
            metadata={
                **table_metadata(opened, "person_link", _TABLE.described, linkage.links.num_rows),
                "linkage": "on" if on else "off",
                **(_figures(linkage) if on else {}),
            }
        )


def _figures(linkage: Linkage) -> Metadata:
    """Counts, and the weights that the model gives to what is compared."""
    how = linkage.links["how"].to_pylist()
    figures: Metadata = {
        "people_without_number": dg.MetadataValue.int(linkage.candidates),
        "linked_by_local_identifier": dg.MetadataValue.int(how.count("local_identifier")),
        "linked_by_probability": dg.MetadataValue.int(how.count("probabilistic")),
        "expected_wrong_links": dg.MetadataValue.float(linkage.expected_wrong),
    }
    if linkage.weights:
        figures["match_weights"] = dg.MetadataValue.md(_chart(linkage.weights))
    return figures


def _chart(weights: Sequence[Mapping[str, Any]]) -> str:
    """A bar an outcome of a comparison: how far it speaks for (or against) the same person."""
    # Only runs that draw pay for the import.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 0.28 * len(weights) + 1), layout="constrained")
    axes = figure.subplots()
    names = [f"{weight['comparison']}: {weight['outcome']}" for weight in weights]
    values = [weight["weight"] for weight in weights]
    colours = ["#005eb8" if value >= 0 else "#8a1538" for value in values]
    axes.barh(names, values, color=colours)
    axes.invert_yaxis()
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel("match weight, log2(m / u)", fontsize=9)
    axes.set_title("What speaks for the same person", loc="left", fontsize=10)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    return figure_picture("Match weights", figure)
