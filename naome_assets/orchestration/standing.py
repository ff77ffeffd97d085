"""What a step makes, and what it leaves as it is because nothing of it changed.

Dagster sees either: what is made again is materialised, with the reason; what stands is observed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dagster as dg

from naome_assets.orchestration.dagster_internals import (
    DATA_VERSION_TAG,
    StandingOutput,
    output_that_stands,
)
from naome_assets.orchestration.metadata import Metadata, of_each_quarter
from naome_assets.orchestration.partitions import quarters_of
from naome_assets.warehouse.protocol import Warehouse

if TYPE_CHECKING:
    from naome_assets.versions.memory import Memory

#: What a step may yield of an asset.
Told = dg.MaterializeResult[None] | dg.AssetObservation | StandingOutput
#: Names in one line of the log; beyond, they are counted.
_NAMED = 40


@dataclass
class Step:
    """A step of a run, with the memory of the warehouse that it works on.

    Attributes:
        context: of the step.
        memory: of the warehouse.
    """

    context: dg.AssetExecutionContext
    memory: Memory
    _unchanged: list[str] = field(default_factory=list)
    _records: Mapping[dg.AssetKey, dg.AssetRecord] | None = None

    @classmethod
    def of(
        cls, context: dg.AssetExecutionContext, warehouse: Warehouse, *, is_full: bool = False
    ) -> Step:
        """Of the step that runs."""
        from naome_assets.versions.memory import Memory

        return cls(context, Memory.of(warehouse, run=context.run.run_id, is_full=is_full))

    def told(self, name: str, why: str, metadata: Callable[[], Metadata]) -> Iterator[Told]:
        """An asset that was made now for a reason, or stands where there is none."""
        if why:
            yield self.made(name, why, metadata())
        else:
            yield from self.stands(name, metadata)

    def made(self, name: str, why: str, metadata: Metadata) -> dg.MaterializeResult[None]:
        """An asset that was made now.

        Its metadata are added beside: in the result Dagster would store them twice, and of an
        asset with partitions once more for each.
        """
        for partition, own in self._by_partition(name, metadata).items():
            self.context.add_asset_metadata(own, asset_key=name, partition_key=partition)
        return dg.MaterializeResult(
            asset_key=name,
            metadata={"made_because": why},
            data_version=dg.DataVersion(self.memory.data_version(name)),
        )

    def made_beside(
        self, name: str, why: str, metadata: Callable[[], Metadata]
    ) -> Iterator[dg.AssetMaterialization]:
        """An asset that was made now with those asked for, and was not asked for itself."""
        for partition, own in self._by_partition(name, metadata()).items():
            yield dg.AssetMaterialization(
                name,
                partition=partition,
                metadata={**own, "made_because": why},
                tags={DATA_VERSION_TAG: self.memory.data_version(name)},
            )

    def stands(self, name: str, metadata: Callable[[], Metadata]) -> Iterator[Told]:
        """An asset that is what it would be.

        Args:
            name: of the asset.
            metadata: what is shown of it where Dagster does not know yet that it was ever made, as
                in a new home.
        """
        self._unchanged.append(name)
        if not self._is_known(dg.AssetKey(name)):
            yield self.made(name, "stood in the warehouse; new to this Dagster", metadata())
            return
        version = self.memory.version(name)
        yield dg.AssetObservation(
            name,
            metadata={
                "unchanged": "everything that it is made of is the same as when it was made",
                "made_by_run": version.run if version and version.run else "not known",
            },
        )
        yield output_that_stands(self.context, name)

    def log(self) -> None:
        """Say by name what was left as it is."""
        if self._unchanged:
            self.context.log.info(f"unchanged: {named(self._unchanged)}")

    def _by_partition(self, name: str, metadata: Metadata) -> dict[str | None, Metadata]:
        if self.context.assets_def.partitions_def is None or not (
            self.context.has_partition_key_range or self.context.has_partition_key
        ):
            return {None: metadata}
        quarters = quarters_of(self.context)
        shown = of_each_quarter(self.memory.warehouse, name, metadata, quarters)
        return {quarter.partition_key: own for quarter, own in shown.items()}

    def _is_known(self, key: dg.AssetKey) -> bool:
        """Whether Dagster knows that it was made, in each of the partitions that are asked for."""
        instance = self.context.instance
        is_quarterly = self.context.assets_def.partitions_def is not None
        if is_quarterly and (
            self.context.has_partition_key_range or self.context.has_partition_key
        ):
            known = instance.get_materialized_partitions(key)
            return set(self.context.partition_keys) <= set(known)
        if self._records is None:
            keys = list(self.context.selected_asset_keys)
            self._records = {
                record.asset_entry.asset_key: record for record in instance.get_asset_records(keys)
            }
        record = self._records.get(key)
        return bool(record and record.asset_entry.last_materialization)


def named(names: list[str]) -> str:
    """Names in a line."""
    shown = ", ".join(sorted(names)[:_NAMED])
    left = len(names) - _NAMED
    return f"{shown} and {left} more" if left > 0 else shown
