"""The warehouse: where submissions, registry, cohort and indicators stand as tables.

``tables`` declares what the readers fill. ``duckdb`` holds all that is particular to the
embedded engine. Put here what differs between engines, and nothing else.
"""

from naome_assets.warehouse.duckdb import DuckDBWarehouse
from naome_assets.warehouse.protocol import Warehouse, WarehouseError, open_warehouse

__all__ = ["DuckDBWarehouse", "Warehouse", "WarehouseError", "open_warehouse"]
