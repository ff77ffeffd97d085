"""A publication as tables of the warehouse, in the column types of the true tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
import pyarrow as pa

from naome_assets.contract.published_tables import PUBLISHED_TABLES, TABLE, published_name
from naome_assets.disclosure.suppression import Profile
from naome_assets.publication.published import Publication, PublicationInfo
from naome_assets.publication.revision import changes, publish, recount
from naome_assets.versions.code import code_of, digest, libraries
from naome_assets.versions.memory import Memory
from naome_assets.warehouse.protocol import Warehouse

#: Types of columns that the true table does not have.
_TYPES = {"text": pa.string(), "real": pa.float64()}


#: Tables that everything published is worked out from, beside the true ones.
_ALSO_FROM = (
    "organisation",
    "reporting_quarter",
    "audit_run",
    "withdrawal",
)
#: Those behind the counts that a vintage states.
_COUNTED = ("submission", "ledger", "generated_quarter")
_PUBLISHED = tuple(published_name(table) for table in PUBLISHED_TABLES)
_BY_VINTAGE = ("revision", "publication_vintage")


@dataclass(frozen=True)
class Stored:
    """A table of a publication.

    Attributes:
        name: of the table.
        why: it was made again, in words; empty when it is as it was.
        frame: its rows, where it was made again.
    """

    name: str
    why: str
    frame: pd.DataFrame | None = None


def store_publication(
    warehouse: Warehouse, profile: Profile, memory: Memory | None = None
) -> list[Stored]:
    """Publish and replace ``published_<table>``, ``revision`` and ``publication_vintage``.

    All or nothing. Where nothing changed that published tables are worked out from, they stay;
    where files came that change none of them, the last vintage states the new counts.

    Args:
        warehouse: with the true tables, and what was published before.
        profile: of disclosure control.
        memory: what the warehouse holds; read from it unless given.

    Returns:
        Every table of the publication, the vintage last.
    """
    memory = memory or Memory.of(warehouse)
    due = due_of(warehouse, profile, memory)
    if due.why:
        return _publish(warehouse, profile, memory, due)
    if due.why_counts:
        vintages, revisions = recount(warehouse)
        frames = {"revision": revisions, "publication_vintage": vintages}
        memory.make(list(frames), due.counts_of, partial(_replace, warehouse, frames))
    return [
        *(Stored(name, "") for name in due.published),
        *(Stored(name, due.why_counts) for name in _BY_VINTAGE),
    ]


@dataclass(frozen=True)
class Due:
    """What of a publication has to be made again, and why.

    Attributes:
        published: names of the published tables.
        made_of: version of everything they are worked out from.
        why: they are made again; empty when they stand.
        counts_of: version of everything that the vintage states counts of.
        why_counts: it states others; empty when it stands.
    """

    published: tuple[str, ...]
    made_of: Mapping[str, str]
    why: str
    counts_of: Mapping[str, str]
    why_counts: str


def due_of(warehouse: Warehouse, profile: Profile, memory: Memory) -> Due:
    """What of the publication has to be made again."""
    true = [table for table in PUBLISHED_TABLES if warehouse.has_table(table)]
    made_of = {
        "its code and settings": code_of("naome_assets.publication.store"),
        "libraries": libraries(),
        "disclosure profile": digest(repr(profile)),
        **memory.inputs([*true, *_ALSO_FROM]),
    }
    counts_of = made_of | memory.inputs(_COUNTED)
    published = tuple(published_name(table) for table in true)
    reasons = [memory.why(name, made_of) for name in published]
    if not warehouse.has_table("publication_vintage"):
        reasons.append("nothing was published yet")
    return Due(
        published,
        made_of,
        next(filter(None, reasons), ""),
        counts_of,
        next(filter(None, (memory.why(name, counts_of) for name in _BY_VINTAGE)), ""),
    )


def _publish(warehouse: Warehouse, profile: Profile, memory: Memory, due: Due) -> list[Stored]:
    tables, vintages, revisions = publish(warehouse, profile)
    by_vintage = {"revision": revisions, "publication_vintage": vintages}
    with warehouse.transaction():
        memory.make(list(tables), due.made_of, partial(_replace, warehouse, tables))
        memory.make(list(by_vintage), due.counts_of, partial(_replace, warehouse, by_vintage))
    return [Stored(name, due.why, frame) for name, frame in (tables | by_vintage).items()]


def _replace(warehouse: Warehouse, frames: Mapping[str, pd.DataFrame]) -> None:
    for name, frame in frames.items():
        warehouse.replace_table(name, _rows(warehouse, name, frame))


def _rows(warehouse: Warehouse, name: str, frame: pd.DataFrame) -> pa.Table:
    """A frame in the column types of the true table, where it has one."""
    true_name = name.removeprefix("published_")
    if true_name == name:
        return pa.Table.from_pandas(frame, preserve_index=False)
    true = warehouse.arrow(f"select * from {true_name} limit 0")  # noqa: S608
    schema = true.schema
    added = {own.name: _TYPES[own.type] for own in TABLE[true_name].added}
    added["suppressed"] = pa.bool_()
    for column in frame.columns.drop(true.schema.names):
        schema = schema.append(pa.field(column, added[str(column)]))
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)


def drawn_from(warehouse: Warehouse, memory: Memory) -> dict[str, str]:
    """Versions of everything that pages, workbook and CSV files show (``read_publication``)."""
    vintages = warehouse.query(
        "select * from publication_vintage order by number desc limit 2"
    ).to_dict("records")
    stated = [
        {name: str(row.get(name)) for name in PublicationInfo.__dataclass_fields__}
        for row in vintages
    ]
    return {
        "their code and settings": code_of("naome_assets.publication.files"),
        "libraries": libraries(),
        "what is stated of the vintage": digest(repr(stated)),
        **memory.inputs([*_PUBLISHED, "revision"]),
    }


def read_publication(warehouse: Warehouse) -> Publication:
    """The publication that is in the warehouse.

    Raises:
        ValueError: when nothing was published yet.
    """
    if not warehouse.has_table("publication_vintage"):
        raise ValueError("nothing was published yet: run `naome run`")
    vintages = warehouse.query(
        "select * from publication_vintage order by number desc limit 2"
    ).to_dict("records")
    latest = vintages[0]
    return Publication(
        tables={
            table: warehouse.query(f"select * from {published_name(table)}")  # noqa: S608
            for table in PUBLISHED_TABLES
            if warehouse.has_table(published_name(table))
        },
        statement=PublicationInfo(
            **{
                name: str(latest[name])
                for name in PublicationInfo.__dataclass_fields__
                # A column that an older version did not write.
                if not pd.isna(latest.get(name))
            }
        ),
        changes=changes(warehouse),
        vintage_before=str(vintages[1]["vintage"]) if len(vintages) > 1 else "",
    )
