"""The quarters asked for last, as SQL: rules on new data look at these only.

An old fault would otherwise warn for ever.
"""

from __future__ import annotations

#: One row with the first and the last quarter; to be joined as ``run``.
LATEST_RUN = "(select from_quarter, to_quarter from audit_run order by number desc limit 1) as run"
#: Follows the name of a table that has a quarter.
IN_LATEST_RUN = f"cross join {LATEST_RUN} where quarter between run.from_quarter and run.to_quarter"
