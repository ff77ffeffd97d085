"""A quarter entered by mistake, taken back: what its files put into the submissions leaves.

Everything else follows from the submissions, so that what is built after it is as if the quarter
had never been read. What was published of it stays in ``revision``, told as withdrawn.
"""

from collections.abc import Sequence
from itertools import groupby

from naome_assets.contract.submissions import TABLES
from naome_assets.quarters import Quarter, quarter_range
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse


def withdraw_quarters(
    warehouse: Warehouse, quarters: Sequence[Quarter], memory: Memory | None = None
) -> frozenset[tuple[str, str]]:
    """Take quarters back, all or nothing; done again it changes nothing.

    Their rows leave every submission table, they are no longer quarters that were asked for, and
    ``withdrawal`` names them until they are read again.

    Args:
        warehouse: with what was read.
        quarters: to be taken back.
        memory: what the warehouse holds; read from it unless given.

    Returns:
        Table and quarter (empty for a table without) of what holds other rows now.
    """
    memory = memory or Memory.of(warehouse)
    names = [str(quarter) for quarter in quarters]
    with warehouse.transaction():
        # Files of no quarter were told with the last quarter of the latest run.
        strays = [
            row
            for row in warehouse.arrow("select * from submission where folder = ''").to_pylist()
            if row["quarter"] in names
        ]
        for table in TABLES:
            if table.is_quarterly:
                warehouse.delete_quarters(metadata.tables[table.name], names)
        last = _forget(warehouse, set(quarters))
        if last is not None:
            warehouse.insert(
                metadata.tables["submission"], [{**row, "quarter": last} for row in strays]
            )
        warehouse.insert(metadata.tables["withdrawal"], [{"quarter": name} for name in names])
        other = memory.note_submissions(sorted({*names, *([last] if last else [])}))
    warehouse.analyze()
    return other


def held_of(warehouse: Warehouse, quarter: Quarter) -> list[tuple[str, int, int]]:
    """Source, files and records that the submissions hold of a quarter."""
    held = warehouse.query(
        "select source, count(*) as files, sum(received) as records from submission "
        "where quarter = ? and folder <> '' group by source order by source",
        [str(quarter)],
    )
    return [
        (str(source), int(files), int(records))
        for source, files, records in held.to_numpy().tolist()
    ]


def is_withdrawn(warehouse: Warehouse, quarter: Quarter) -> bool:
    """Whether the quarter was taken back, and not read since."""
    found = warehouse.query("select quarter from withdrawal where quarter = ?", [str(quarter)])
    return not found.empty


def _forget(warehouse: Warehouse, quarters: set[Quarter]) -> str | None:
    """Cut the quarters out of the ranges that were asked for; the last quarter of the latest."""
    held = warehouse.query("select number, from_quarter, to_quarter from audit_run order by number")
    ranges: list[tuple[str, str]] = []
    for _, first, last in held.to_numpy().tolist():
        for part in _without(Quarter.parse(first), Quarter.parse(last), quarters):
            if part in ranges:
                ranges.remove(part)  # Asked for again, a range moves to the end.
            ranges.append(part)
    audit_run = metadata.tables["audit_run"]
    for number in held["number"].tolist():
        warehouse.delete_where(audit_run, number=int(number))
    warehouse.insert(
        audit_run,
        [
            {"number": number, "from_quarter": first, "to_quarter": last}
            for number, (first, last) in enumerate(ranges, start=1)
        ],
    )
    return ranges[-1][1] if ranges else None


def _without(first: Quarter, last: Quarter, taken: set[Quarter]) -> list[tuple[str, str]]:
    """The unbroken ranges that are left of one."""
    parts = []
    for is_taken, group in groupby(quarter_range(first, last), lambda own: own in taken):
        left = list(group)
        if not is_taken:
            parts.append((str(left[0]), str(left[-1])))
    return parts
