"""Prevalence projected to today and beyond, and how well earlier projections did: experimental."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from naome_assets.contract.dimensions import (
    ENGLAND_AND_WALES,
    IS_REPORTED,
    NATION,
    NATION_NAMES,
    NATIONS,
    PRESENTATIONS,
    TOGETHER,
    YEARS_SINCE,
)
from naome_assets.figures.computed_tables import COMPUTED
from naome_assets.quarters import Quarter
from naome_assets.statistics.projection import Draws, living_by_age, project
from naome_assets.transform.analyses import ask
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse

#: Ages in quarters of each band, from and to before; those of prevalence.
_BANDS = {**YEARS_SINCE, "all": (0, None)}
_WHOLE = (TOGETHER, ENGLAND_AND_WALES, NATION_NAMES[ENGLAND_AND_WALES])
_NATIONS = {name: (NATION, code, name) for name, code in NATIONS.items()}


def projections(warehouse: Warehouse, settings: Mapping[str, Any] | None = None) -> pa.Table:
    """The projections of every starting quarter, as in ``COMPUTED``.

    A nation is projected from its own quarters that are reported without a gap (ruling G5); England
    and Wales is the sum of the nations, where every nation that ever sent can be projected.

    Args:
        warehouse: Holds the cohort and the reporting quarters.
        settings: Those of the method unless given.
    """
    settings = settings or load_project().variables
    cohorts = ask(warehouse, "projection_cohort")
    quarters = warehouse.query("select * from reporting_quarter")
    schema = COMPUTED["prevalence_projection"]
    if cohorts.empty or quarters.empty:
        return schema.empty_table()
    latest = int(quarters["quarter_number"].max()) - int(settings["projection_lag_quarters"])
    own = {
        nation: set(quarters["quarter_number"][quarters[column].astype(bool)])
        for nation, column in IS_REPORTED.items()
    }
    # A nation that never sent anything is not waited for.
    sending = {nation for nation in _NATIONS if own[nation]}
    frames = []
    for base in sorted(number for number in set.union(*own.values()) if number <= latest):
        history = {nation: _unbroken(own[nation], base) for nation in sending}
        able = {
            nation
            for nation, quarters_back in history.items()
            if quarters_back >= int(settings["projection_minimum_quarters"])
        }
        drawn = {
            (str(nation), str(presentation)): project(
                group,
                base,
                min(history[nation], int(settings["projection_history_quarters"])),
                int(settings["projection_quarters_ahead"]),
                int(settings["projection_draws"]),
                int(settings["projection_seed"]),
            )
            for (nation, presentation), group in cohorts.groupby(["nation", "presentation"])
            if nation in able and (group["diagnosed"] <= base).any()
        }
        for place, nations in ((_WHOLE, sending), *_each_nation()):
            if nations <= able and any(nation in nations for nation, _ in drawn):
                counted = set.intersection(*(own[nation] for nation in nations))
                frames.append(
                    _summed_up(drawn, cohorts, base, counted, nations, place).assign(
                        is_back_test=base < latest
                    )
                )
    tables = [
        pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
        for frame in frames
    ]
    return pa.concat_tables([schema.empty_table(), *tables])


def _unbroken(reported: set[int], base: int) -> int:
    """How many quarters without a gap end with a quarter."""
    start = base
    while start in reported:
        start -= 1
    return base - start


def _each_nation() -> Iterator[tuple[tuple[str, str, str], set[str]]]:
    for nation, place in _NATIONS.items():
        yield place, {nation}


def _summed_up(
    drawn: dict[tuple[str, str], Draws],
    cohorts: pd.DataFrame,
    base: int,
    counted_in: set[int],
    nations: set[str],
    place: tuple[str, str, str],
) -> pd.DataFrame:
    """The rows of a place from one starting quarter; draws of its parts are added up."""
    rows = []
    for presentation in PRESENTATIONS:
        kinds = PRESENTATIONS[1:] if presentation == "all" else (presentation,)
        parts = [drawn[nation, kind] for nation in sorted(nations) for kind in kinds
                 if (nation, kind) in drawn]  # fmt: skip
        own = cohorts[cohorts["nation"].isin(nations) & cohorts["presentation"].isin(kinds)]
        if not parts:
            continue
        for step in range(parts[0].shape[1]):
            target = base + step + 1
            living = living_by_age(own, target) if target in counted_in else None
            for band, (start, end) in _BANDS.items():
                people = np.sum([part[:, step, start:end].sum(axis=1) for part in parts], axis=0)
                lower, upper = np.percentile(people, [2.5, 97.5])
                rows.append(
                    {
                        "quarter": str(Quarter.of_number(target)),
                        "from_quarter": str(Quarter.of_number(base)),
                        "quarters_ahead": step + 1,
                        "geography_type": place[0],
                        "geography_code": place[1],
                        "geography_name": place[2],
                        "presentation": presentation,
                        "years_since_mbc": band,
                        "people": float(people.mean()),
                        "lower_95": float(lower),
                        "upper_95": float(upper),
                        "counted": None if living is None else int(living[start:end].sum()),
                    }
                )
    frame = pd.DataFrame(rows)
    return frame.assign(counted=frame["counted"].astype("Int64"))
