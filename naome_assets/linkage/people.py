"""The table person_link: people without an NHS number who are somebody else's records.

Every model that knows a person by (provider, local identifier) takes the linked person instead
(rulings C1, C2). Numbers that many people share are known before it, and link nobody (ruling C3).
"""

from naome_assets.linkage.model import Linkage, link
from naome_assets.transform.analyses import analysis
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse


def link_people(warehouse: Warehouse) -> Linkage:
    """Replace the links by those of everything received so far; ``shared_number`` is built.

    Raises:
        SplinkMissingError: when splink is not installed.
    """
    warehouse.create_submission_tables()
    threshold = float(load_project().variables["linkage_threshold"])
    linkage = link(warehouse.arrow(analysis("linkage_rows", warehouse.target)), threshold)
    warehouse.replace_table("person_link", linkage.links)
    return linkage


def unlink_people(warehouse: Warehouse) -> Linkage:
    """Empty the table."""
    warehouse.create_submission_tables()
    none = Linkage.none()
    warehouse.replace_table("person_link", none.links)
    return none
