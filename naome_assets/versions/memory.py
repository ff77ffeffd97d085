"""The memory of a warehouse: which version of a table it holds, and what that was made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from naome_assets.contract.submissions import TABLES
from naome_assets.versions.code import digest
from naome_assets.warehouse.declared_tables import metadata
from naome_assets.warehouse.protocol import Warehouse

T = TypeVar("T")

_TABLE_VERSION = metadata.tables["table_version"]
#: Filled by reading: each quarter of them has a version.
_QUARTERLY = frozenset(
    table.name for table in TABLES if table.group == "submissions" and table.is_quarterly
)
SUBMISSION_TABLES = tuple(table.name for table in TABLES if table.group == "submissions")
FULL = "made again because everything was asked for in full"


@dataclass(frozen=True)
class Version:
    """A table as it stands.

    Attributes:
        data: digest of its rows.
        made_of: version of everything that it was made of, by name.
        run: which run made it; empty outside Dagster.
    """

    data: str
    made_of: Mapping[str, str]
    run: str


@dataclass
class Memory:
    """What a warehouse holds, by version.

    Attributes:
        warehouse: opened for writing.
        run: the run that makes what is made through this.
        is_full: whether everything is made again, whatever its version.
    """

    warehouse: Warehouse
    run: str = ""
    is_full: bool = False
    _versions: dict[str, dict[str, Version]] = field(default_factory=dict)
    _standing: set[str] | None = None

    @classmethod
    def of(cls, warehouse: Warehouse, *, run: str = "", is_full: bool = False) -> Memory:
        """Read it from the warehouse."""
        if not has_every_table(warehouse):
            warehouse.create_submission_tables()
        memory = cls(warehouse, run, is_full)
        for row in warehouse.arrow("select * from table_version").to_pylist():
            made_of = json.loads(row["made_of"])
            version = Version(row["data_version"], made_of, row["run"])
            memory._versions.setdefault(row["name"], {})[row["part"]] = version
        return memory

    def data_version(self, table: str) -> str:
        """Of a table with all its quarters; empty when it is not known."""
        parts = self._versions.get(table, {})
        if table not in _QUARTERLY:
            return parts[""].data if "" in parts else ""
        return digest(*(f"{part} {parts[part].data}" for part in sorted(parts)))

    def part_version(self, table: str, quarter: str) -> str:
        """Of a quarter of a submission table; empty when it has no rows."""
        version = self._versions.get(table, {}).get(quarter)
        return "" if version is None else version.data

    def version(self, table: str) -> Version | None:
        """A whole table as it stands, or what was made outside the warehouse."""
        return self._versions.get(table, {}).get("")

    def names(self) -> list[str]:
        """Everything of which a version is known."""
        return sorted(self._versions)

    def inputs(self, tables: Iterable[str]) -> dict[str, str]:
        """Versions of tables that something is made from, by a name that a reader knows."""
        return {f"table {table}": self.data_version(table) for table in sorted(tables)}

    def why(self, table: str, made_of: Mapping[str, str]) -> str:
        """Why a table must be made again, in words; empty when it is what it would be."""
        if not self._stands(table):
            return "not there yet"
        return self.why_outside(table, made_of)

    def why_outside(self, name: str, made_of: Mapping[str, str]) -> str:
        """The same for what is no table."""
        if self.is_full:
            return FULL
        held = self.version(name)
        if held is None:
            return "of no known version"
        unknown = sorted(label for label, version in made_of.items() if not version)
        if unknown:
            return f"of no known version: {', '.join(unknown)}"
        return because(held.made_of, made_of)

    def make(
        self,
        tables: Sequence[str],
        made_of: Mapping[str, str],
        how: Callable[[], T],
        *,
        are_views: bool = False,
    ) -> T:
        """Make tables and remember of what, all or nothing.

        Args:
            tables: that ``how`` replaces.
            made_of: version of everything that they are made of.
            how: makes them.
            are_views: whether they are views: what they hold follows from what they are made of.
        """
        now: dict[str, Version] = {}
        with self.warehouse.transaction():
            made = how()
            for table in tables:
                data = (
                    digest(json.dumps(made_of, sort_keys=True))
                    if are_views
                    else self.warehouse.contents(table)[""]
                )
                now[table] = Version(data, dict(made_of), self.run)
                self._write(table, {"": now[table]})
        self._versions |= {table: {"": version} for table, version in now.items()}
        # Of some engines views on it went with the table before.
        self._standing = None
        return made

    def renew(
        self,
        tables: Sequence[str],
        made_of: Mapping[str, str],
        how: Callable[[], object],
        *,
        are_views: bool = False,
    ) -> str:
        """Make tables where one of them is not what it would be (see ``make``).

        Returns:
            Why they were made, in words; empty where they stand.
        """
        why = next(filter(None, (self.why(table, made_of) for table in tables)), "")
        if why:
            self.make(tables, made_of, how, are_views=are_views)
        return why

    def remember(self, name: str, data: str, made_of: Mapping[str, str]) -> None:
        """Note what was made outside the warehouse."""
        version = {"": Version(data, dict(made_of), self.run)}
        with self.warehouse.transaction():
            self._write(name, version)
        self._versions[name] = version

    def note_submissions(
        self, quarters: Sequence[str], tables: Sequence[str] = SUBMISSION_TABLES
    ) -> frozenset[tuple[str, str]]:
        """Take the versions of what quarters hold now; inside the transaction that changed it.

        Tables without quarters are looked at whole.

        Returns:
            Table and quarter (empty for a table without) of what holds other rows than before.
        """
        other: set[tuple[str, str]] = set()
        for table in tables:
            is_quarterly = table in _QUARTERLY
            if is_quarterly and not quarters:
                continue
            found = self.warehouse.contents(table, quarters if is_quarterly else None)
            held = self._versions.get(table, {})
            looked_at = quarters if is_quarterly else [""]
            now = {part: version for part, version in held.items() if part not in looked_at}
            for part, data in found.items():
                is_same = part in held and held[part].data == data
                now[part] = held[part] if is_same else Version(data, {}, self.run)
            if now != held:
                self._write(table, now)
                self._versions[table] = now
                other |= {(table, part) for part in looked_at if now.get(part) != held.get(part)}
        return frozenset(other)

    def _stands(self, table: str) -> bool:
        if self._standing is None:
            self._standing = self.warehouse.tables()
        return table in self._standing

    def _write(self, name: str, versions: Mapping[str, Version]) -> None:
        self.warehouse.delete_where(_TABLE_VERSION, name=name)
        self.warehouse.insert(
            _TABLE_VERSION,
            [
                {
                    "name": name,
                    "part": part,
                    "data_version": version.data,
                    "made_of": json.dumps(version.made_of, sort_keys=True),
                    "run": version.run,
                }
                for part, version in versions.items()
            ],
        )


def has_every_table(warehouse: Warehouse) -> bool:
    """Whether a run has made the declared tables: a killed one, or an older naome, lacks some."""
    return metadata.tables.keys() <= warehouse.tables()


def because(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What changed, in words; nothing when all is the same."""
    changed = sorted(
        name for name in before.keys() | now.keys() if before.get(name) != now.get(name)
    )
    return f"changed: {', '.join(changed)}" if changed else ""
