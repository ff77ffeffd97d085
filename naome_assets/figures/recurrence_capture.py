"""How much recurrent disease no source knows of, by capture-recapture: experimental."""

from typing import Any

import pyarrow as pa

from naome_assets.contract.dimensions import (
    COMPARED_PERIOD,
    ENGLAND,
    NATION,
    NATION_NAMES,
    RECURRENT,
    REGISTRY,
)
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.statistics.recapture import Pattern, recapture
from naome_assets.transform.analyses import ask
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse

_FOUND = ["in_cosd", "in_sact", "on_certificate", "people"]
SOURCES = ("cosd", "sact", "certificate")


def captures(warehouse: Warehouse) -> pa.Table:
    """The estimate of every quarter reported for England, as in ``COMPUTED``."""
    people = ask(warehouse, "capture_people")
    living = warehouse.query(
        f"select quarter, people from prevalence where geography_code = '{ENGLAND}' "  # noqa: S608
        f"and method = '{REGISTRY}' and sex = 'all' and age_band = 'all' "
        f"and years_since_mbc = 'all' and presentation = '{RECURRENT}'"
    )
    prevalent = dict(zip(living["quarter"], living["people"].astype(int), strict=True))
    rows = [
        _row(
            str(quarter),
            bool(complete),
            {
                (bool(cosd), bool(sact), bool(certificate)): int(number)
                for cosd, sact, certificate, number in group[_FOUND].to_numpy().tolist()
            },
            int(prevalent.get(quarter, 0)),
        )
        for (quarter, complete), group in people.groupby(["quarter", "complete"], sort=True)
    ]
    return pa.Table.from_pylist(rows, schema=COMPUTED["recurrence_capture"])


def _row(
    quarter: str, complete: bool, counts: dict[Pattern, int], prevalent: int
) -> dict[str, Any]:
    found = recapture(counts, float(load_project().variables["z_95"]))
    cosd = sum(count for pattern, count in counts.items() if pattern[0])

    def share(total: float | None) -> float | None:
        return 100 * cosd / total if total else None

    def corrected(total: float | None) -> float | None:
        return prevalent * total / cosd if total and cosd else None

    model = None
    if found.terms is not None:
        pairs = [f"{SOURCES[one]} with {SOURCES[other]}" for one, other in found.terms]
        model = ", ".join(pairs) or "independent"
    return {
        "quarter": quarter,
        "period": COMPARED_PERIOD,
        "complete": complete,
        "geography_type": NATION,
        "geography_code": ENGLAND,
        "geography_name": NATION_NAMES[ENGLAND],
        "cosd_only": counts.get((True, False, False), 0),
        "sact_only": counts.get((False, True, False), 0),
        "certificate_only": counts.get((False, False, True), 0),
        "cosd_and_sact": counts.get((True, True, False), 0),
        "cosd_and_certificate": counts.get((True, False, True), 0),
        "sact_and_certificate": counts.get((False, True, True), 0),
        "all_three": counts.get((True, True, True), 0),
        "found": found.found,
        "model": model,
        "estimate": found.estimate,
        "lower_95": found.lower_95,
        "upper_95": found.upper_95,
        "chao_lower_bound": found.chao,
        "cosd_pct": share(found.estimate),
        "cosd_pct_lower_95": share(found.upper_95),
        "cosd_pct_upper_95": share(found.lower_95),
        "prevalence": prevalent,
        "prevalence_corrected": corrected(found.estimate),
        "prevalence_lower_95": corrected(found.lower_95),
        "prevalence_upper_95": corrected(found.upper_95),
    }
