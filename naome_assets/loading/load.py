"""Files of the landing folder become rows of the submission tables.

COSD, Welsh registry, SACT and deaths share one pool of reading processes. What the quarters asked
for held before is replaced in one transaction, so that a run that is killed and started again ends
with the same rows.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from naome_assets.contract.submissions import TABLES
from naome_assets.loading.extract_joins import refuse_strangers
from naome_assets.processes import remove_temporary_folders_of_the_dead, temporary_folder
from naome_assets.quarters import Quarter
from naome_assets.settings import default_key_path
from naome_assets.sources.catalogue import OF_NO_QUARTER, TUMOURS_OF
from naome_assets.sources.ingest import read_files
from naome_assets.sources.landing import discover, is_generated, lists, strays
from naome_assets.sources.landing_folder import LandingError
from naome_assets.sources.pseudonyms import Pseudonymiser, load_key
from naome_assets.storage import TEMPORARY_FILES, written_to
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse, WarehouseError

_SUBMISSION = metadata.tables["submission"]


def load_quarters(
    warehouse: Warehouse,
    landing: Path,
    quarters: Sequence[Quarter],
    *,
    pseudonymiser: Pseudonymiser,
    workers: int,
) -> None:
    """Replace what the quarters hold by what lies in their folders, all or nothing.

    Rows are inserted while other files are still being read, each part as it comes; the reading
    processes hand over Parquet files, so that no file, however large, is in memory.

    Raises:
        LandingError: when quarters that are loaded have no file at all: an empty folder is more
            often a disk that is not mounted than a quarter that is to be forgotten.
    """
    files = [file for quarter in quarters for file in discover(landing, quarter)]
    files += lists(landing, quarters)
    files += strays(landing, quarters, {file.name for file in files})
    names = [str(quarter) for quarter in quarters]
    if not files and _sent(warehouse, names):
        raise LandingError(
            f"nothing lies in {landing} for {', '.join(names)}, which are loaded: mount its disk, "
            "or name the folder that holds the files. To take a quarter back that was entered by "
            "mistake, run `naome withdraw`"
        )
    submissions_read: list[dict[str, Any]] = []
    with ExitStack() as held:
        with written_to(TEMPORARY_FILES, Path(tempfile.gettempdir())):
            remove_temporary_folders_of_the_dead()
            spill = held.enter_context(temporary_folder())
        held.enter_context(warehouse.transaction())
        before = _sent(warehouse, names) | _lost(warehouse, names)
        for table in TABLES:
            if table.is_quarterly:
                warehouse.delete_quarters(metadata.tables[table.name], names)
        if not pseudonymiser.keeps_link_keys:
            # While linkage is off nothing made from names and postcodes is kept, of any quarter.
            _empty(warehouse, "link_key")
        # Files of no quarter are told again by every run, and lists read again.
        for name in OF_NO_QUARTER:
            _empty(warehouse, name)
        warehouse.delete_where(_SUBMISSION, folder="")
        for part in held.enter_context(closing(read_files(files, pseudonymiser, spill, workers))):
            for name, path in part.tables:
                warehouse.load_parquet(metadata.tables[name], path)
                path.unlink()
            submissions_read += part.submissions
        refuse_strangers(warehouse, submissions_read)
        warehouse.insert(_SUBMISSION, submissions_read)
        lost = sorted(before - _sent(warehouse, names))
        warehouse.insert(
            metadata.tables["lost_quarter"], [{"quarter": own, "nation": of} for own, of in lost]
        )
        if is_generated(landing):
            warehouse.insert(
                metadata.tables["generated_quarter"], [{"quarter": own} for own in names]
            )
        _remember_run(warehouse, quarters)
    warehouse.analyze()


def _sent(warehouse: Warehouse, quarters: Sequence[str]) -> set[tuple[str, str]]:
    """Quarter and nation of which a tumour file is loaded."""
    loaded = warehouse.query(
        "select distinct quarter, source from submission where status = 'loaded'"
    )
    return {
        (own, nation)
        for own, source in loaded.to_numpy().tolist()
        if own in quarters and (nation := TUMOURS_OF.get(source))
    }


def _lost(warehouse: Warehouse, quarters: Sequence[str]) -> set[tuple[str, str]]:
    held = warehouse.query("select quarter, nation from lost_quarter")
    return {(own, nation) for own, nation in held.to_numpy().tolist() if own in quarters}


def _empty(warehouse: Warehouse, table: str) -> None:
    """Delete the rows of every quarter."""
    held = warehouse.query(f"select distinct quarter from {table}")  # noqa: S608
    if not held.empty:
        warehouse.delete_quarters(metadata.tables[table], held["quarter"].tolist())


def shared_pseudonymiser(warehouse: Warehouse, *, keeps_link_keys: bool = False) -> Pseudonymiser:
    """The pseudonymiser of this warehouse: one key for its whole life.

    Raises:
        WarehouseError: when the warehouse was filled with another key; its people would not meet.
    """
    pseudonymiser = Pseudonymiser(load_key(default_key_path()), keeps_link_keys=keeps_link_keys)
    held = warehouse.query("select fingerprint from key_fingerprint")
    if held.empty:
        warehouse.insert(
            metadata.tables["key_fingerprint"], [{"fingerprint": pseudonymiser.fingerprint}]
        )
    elif held["fingerprint"].iloc[0] != pseudonymiser.fingerprint:
        raise WarehouseError(
            "the warehouse was filled with another pseudonym key: set NAOME_PSEUDONYM_KEY to that "
            "key, or start a new warehouse"
        )
    return pseudonymiser


def _remember_run(warehouse: Warehouse, quarters: Sequence[Quarter]) -> None:
    """Note the range as the latest one; asked for again, it moves to the end."""
    first, last = str(min(quarters)), str(max(quarters))
    audit_run = metadata.tables["audit_run"]
    warehouse.delete_where(audit_run, from_quarter=first, to_quarter=last)
    latest = warehouse.query("select coalesce(max(number), 0) as n from audit_run")
    warehouse.insert(
        audit_run,
        [{"number": int(latest["n"].iloc[0]) + 1, "from_quarter": first, "to_quarter": last}],
    )
