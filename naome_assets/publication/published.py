"""What is published: which tables, which of their rows, and what is on every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from naome_assets import __version__
from naome_assets.contract.dimensions import TOGETHER
from naome_assets.contract.published_tables import TABLES, published_name
from naome_assets.disclosure.suppression import Profile
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse


@dataclass(frozen=True)
class PublicationInfo:
    """What is on every file and page.

    Attributes:
        profile: name of the disclosure profile.
        profile_words: what it does, for readers.
        vintage: which state of the data the figures are of.
        quarter: last quarter published.
        first_quarter: start of the data: nothing before it is looked back to.
        method_version: of the method book.
        code_version: of naome.
        not_reported: quarters reported for one nation alone, each with the nation that is missing
            (ruling I4): ``2023-Q2 Wales; 2024-Q4 England``.
        generated: quarters whose submissions were generated: ``2024-Q3; 2024-Q4``.
    """

    profile: str
    profile_words: str
    vintage: str
    quarter: str
    first_quarter: str
    method_version: str
    code_version: str
    not_reported: str = ""
    generated: str = ""

    @property
    def is_generated(self) -> bool:
        """Whether figures are of generated submissions, which every file and picture says."""
        return bool(self.generated)

    def missing_nation(self, quarter: str | None = None) -> str:
        """The nation that England and Wales lacks in a quarter (the last): a name, or nothing."""
        named = dict(part.split(" ", 1) for part in self.not_reported.split("; ") if part)
        return named.get(quarter or self.quarter, "")


@dataclass(frozen=True)
class Publication:
    """Tables that may leave, with what is on them.

    Each table has the columns of the warehouse's, in order, and last ``suppressed``: true where a
    number of the row is withheld. Such a number is null.
    """

    tables: Mapping[str, pd.DataFrame]
    statement: PublicationInfo
    #: What the vintage changed (see ``revision.changes``), and the vintage before it, if any.
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    vintage_before: str = ""


def statement(profile: Profile, vintage: str, first_quarter: str, quarter: str) -> PublicationInfo:
    """What is on files of a profile and vintage."""
    return PublicationInfo(
        profile=profile.name,
        profile_words=profile.words,
        vintage=vintage,
        quarter=quarter,
        first_quarter=first_quarter,
        method_version=str(load_project().variables["method_book_version"]),
        code_version=__version__,
    )


def generated_quarters(warehouse: Warehouse) -> list[str]:
    """Quarters whose submissions were generated, in order."""
    held = warehouse.query("select distinct quarter from generated_quarter order by quarter")
    return [str(quarter) for quarter in held["quarter"]]


def true_tables(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    """The tables of the indicators stage that are to be published, without rows that never are.

    Those are crossed rows of ``prevalence``, curves of places, and rows of ``data_quality`` by
    source.
    """
    return {
        table.name: warehouse.query(
            f"select * from {table.name}"  # noqa: S608
            + (f" where {table.published_rows}" if table.published_rows else "")
        )
        for table in TABLES
        if warehouse.has_table(table.name)
    }


def published_before(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    """What was published that ``control`` looks back to: keys, counts, ``suppressed``.

    Of nations too, whose exact counts tell what late records added.
    """
    wanted = {
        own.name: [*own.key, *own.counts] for own in TABLES if own.control in ("windows", "living")
    }
    before = {}
    for table, columns in wanted.items():
        name = published_name(table)
        has = {column for column, _ in warehouse.columns(name)}
        if has:
            asked = ", ".join(own for own in (*columns, "suppressed") if own in has)
            before[table] = warehouse.query(
                f"select {asked} from {name} where geography_type <> '{TOGETHER}'",  # noqa: S608
            )
    return before
