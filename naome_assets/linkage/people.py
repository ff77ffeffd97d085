"""The table person_link: people without an NHS number who are somebody else's records.

Every model that knows a person by (provider, local identifier) takes the linked person instead
(rulings C1, C2). Numbers that many people share are known before it, and link nobody (ruling C3).
"""

from naome_assets.linkage.model import Linkage, link
from naome_assets.transform.analyses import analysis
from naome_assets.transform.project import load_project
from naome_assets.versions.code import code_of, libraries
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.protocol import Warehouse

#: Tables that links are made from.
LINKED_BY = ("submission", "cosd_record", "wales_tumour", "link_key", "shared_number")


def made_of_links(memory: Memory, *, is_linked: bool) -> dict[str, str]:
    """Versions of what ``person_link`` is made of; while linkage is off it is empty."""
    switch = {"linkage on or off": str(is_linked), "libraries": libraries()}
    if not is_linked:
        return switch
    code = {"its code and settings": code_of("naome_assets.linkage.people")}
    return switch | code | memory.inputs(LINKED_BY)


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
