"""What estimates of survival with their limits say of the counts behind them.

Estimates are published to whole percents. Shares no code with disclosure control.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from naome_tests.disclosure.attacker import LOCAL
from naome_tests.disclosure.count_reader import CountReader
from naome_tests.disclosure.full_world import Z

_YEARS = ("survival_1y", "survival_3y")
_KEY = ["quarter", "period", "geography_code", "presentation"]
_ALMOST = 1e-6


def read_survival(reader: CountReader, last: int) -> None:
    """What follows from the definitions, whatever is published.

    Args:
        reader: whose programme is added to.
        last: the quarter with which follow-up ends.
    """
    if not {f"survival.{year}.deaths" for year in _YEARS} <= set(reader.number):
        return
    starts = {
        (year, name): reader.number[f"survival.{year}.{name}"] * reader.size
        for year in _YEARS
        for name in ("denominator", "deaths", "at_risk")
    }
    quarters = len(reader.attacker.quarters)
    for atom in range(reader.size):
        own = {key: start + atom for key, start in starts.items()}
        ends = {year: {own[year, name]: 1.0 for name in ("deaths", "at_risk")} for year in _YEARS}
        # Who dies in the second or third year, or is followed for three, was followed for one.
        three = {own["survival_3y", name]: -1.0 for name in ("deaths", "at_risk")}
        reader.programme.add(ends["survival_1y"] | three, 0.0, np.inf)
        for year, later in (("survival_1y", 4), ("survival_3y", 12)):
            if atom % quarters + later <= last:
                # The time is over: everybody is dead or was followed for it.
                people = {own[year, "denominator"]: -1.0}
                reader.programme.add(ends[year] | people, 0.0, 0.0)


def read_estimates(reader: CountReader, frame: pd.DataFrame) -> None:
    """An estimate lies between all censored at the start and all censored at the end."""
    local = frame[frame["geography_type"].isin(LOCAL) & frame["value"].notna()]
    for row in local.to_dict("records"):
        people, dead, stay = (
            f"survival.{row['indicator']}.{name}" for name in ("denominator", "deaths", "at_risk")
        )
        low, high = _ends(row["value"])
        # stay / (stay + dead) <= value <= 1 - dead / people
        for weights in ({stay: 1.0 - high, dead: -high}, {dead: 1.0, people: -(1.0 - low)}):
            reader.programme.add(reader.terms(row, weights), -np.inf, _ALMOST)
        least, most = _people_behind(row)
        reader.programme.add(reader.terms(row, {people: 1.0}), least - _ALMOST, np.inf)
        reader.programme.add(reader.terms(row, {stay: 1.0, dead: 1.0}), 0.0, most + _ALMOST)
        reader.lines += 4
    first, third = (local[local["indicator"] == year] for year in _YEARS)
    both = third.merge(first[[*_KEY, "value"]], on=_KEY, suffixes=("", "_of_a_year"))
    for row in both.to_dict("records"):
        _read_later_years(reader, row)


def _read_later_years(reader: CountReader, row: Mapping[str, float]) -> None:
    """The two estimates of a row say how many of those followed for a year lived to the third."""
    (low, high), (low_1, high_1) = _ends(row["value"]), _ends(row["value_of_a_year"])
    least = low / high_1 if high_1 > 0 else 0.0
    most = min(1.0, high / low_1) if low_1 > 0 else 1.0
    first, third = (
        {name: f"survival.{year}.{name}" for name in ("deaths", "at_risk")} for year in _YEARS
    )
    died = {third["deaths"]: 1.0, first["deaths"]: -1.0}
    # Of those at risk after a year at least so many stay, if all are followed to the end.
    weights = died | {first["at_risk"]: -(1.0 - least)}
    reader.programme.add(reader.terms(row, weights), -np.inf, _ALMOST)
    weights = {name: -most * weight for name, weight in died.items()}
    weights[third["at_risk"]] = 1.0 - most
    reader.programme.add(reader.terms(row, weights), -np.inf, _ALMOST)


def _ends(value: float) -> tuple[float, float]:
    return max(0.0, value - 0.5) / 100, min(100.0, value + 0.5) / 100


def _people_behind(row: Mapping[str, float]) -> tuple[float, float]:
    """People that the width of rounded log-log limits tells of, were all of them followed up."""
    least, most = 0.0, np.inf
    for name in ("lower_95", "upper_95"):
        found = []
        for value in np.linspace(row["value"] - 0.5, row["value"] + 0.5, 11):
            for limit in np.linspace(row[name] - 0.5, row[name] + 0.5, 11):
                if not (0.05 < value < 99.95 and 0.05 < limit < 99.95):
                    return 0.0, np.inf
                share, edge = value / 100, limit / 100
                error = abs(np.log(-np.log(edge)) - np.log(-np.log(share))) / Z
                variance = (share * np.log(share) * error) ** 2
                found.append(np.inf if variance < 1e-12 else share * (1 - share) / variance)
        # The grid is coarse: a little wider.
        least, most = max(least, 0.97 * min(found)), min(most, 1.03 * max(found))
    return least, most
