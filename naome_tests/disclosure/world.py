"""Made-up audits, small enough for a linear programme."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from naome_assets.quarters import Quarter

ENGLAND, WALES, BOTH = "E92000001", "W92000004", "K04000001"
#: Each provider with the places above it.
Providers = Mapping[str, tuple[str, ...]]


def with_boards(number: int) -> Providers:
    """Five English trusts in two alliances, and so many Welsh boards."""
    first, second = ("E56000001", ENGLAND), ("E56000002", ENGLAND)
    trusts = {"RA1": first, "RA2": first, "RA3": first, "RB1": second, "RB2": second}
    return {**trusts, **{f"7A{n}": (WALES,) for n in range(1, number + 1)}}


def listed(providers: Providers) -> pd.DataFrame:
    """The providers as ``organisation`` lists them."""
    return pd.DataFrame(
        [
            {
                "provider_code": code,
                "provider_name": code,
                "cancer_alliance_code": above[0] if len(above) > 1 else None,
                "cancer_alliance_name": above[0] if len(above) > 1 else None,
            }
            for code, above in providers.items()
        ]
    )


PROVIDERS = with_boards(3)
LISTED = listed(PROVIDERS)
_LENGTH = {"quarter": 1, "rolling_12m": 4, "rolling_36m": 12}

#: [provider, de novo or recurrent, quarter]
Counts = np.ndarray


def quarters(number: int) -> list[str]:
    return [str(Quarter(2020, 1) + n) for n in range(number)]


def people(seed: int, number: int, rates: tuple[float, ...]) -> Counts:
    """People of each provider, at rates a quarter, de novo a third of them."""
    chance = np.random.default_rng(seed)
    rate = np.resize(np.array(rates), len(PROVIDERS))[:, None, None]
    return chance.poisson(rate * np.array([1 / 3, 2 / 3])[:, None], (len(PROVIDERS), 2, number))


def some_of(seed: int, counts: Counts, share: float) -> Counts:
    return np.random.default_rng(seed).binomial(counts, share)


def window_table(columns: Mapping[str, Counts], **constants: object) -> pd.DataFrame:
    """Rows as a table with windows has them; the first column says whether there is a row."""
    first = next(iter(columns.values()))
    names = quarters(first.shape[2])
    places: dict[str, tuple[str, list[int]]] = {BOTH: ("england_and_wales", [])}
    for number, (code, above) in enumerate(PROVIDERS.items()):
        places[BOTH][1].append(number)
        for place in above:
            kind = "nation" if place in (ENGLAND, WALES) else "cancer_alliance"
            places.setdefault(place, (kind, []))[1].append(number)
        places[code] = ("provider", [number])
    rows = []
    for code, (kind, members) in places.items():
        for period, length in _LENGTH.items():
            if period == "quarter" and kind in ("provider", "cancer_alliance"):
                continue
            for last, quarter in enumerate(names):
                window = slice(max(0, last - length + 1), last + 1)
                for presentation, kinds in (("all", [0, 1]), ("de_novo", [0]), ("recurrent", [1])):
                    row = {
                        name: int(counts[np.ix_(members, kinds)][..., window].sum())
                        for name, counts in columns.items()
                    }
                    if next(iter(row.values())) == 0:
                        continue
                    rows.append(
                        {
                            "quarter": quarter,
                            "period": period,
                            "complete": last - length + 1 >= 0,
                            "geography_type": kind,
                            "geography_code": code,
                            "geography_name": code,
                            "presentation": presentation,
                            **constants,
                            **row,
                        }
                    )
    return pd.DataFrame(rows)


def cns_access(patients: Counts, recorded: Counts, seen: Counts) -> pd.DataFrame:
    table = window_table({"patients": patients, "recorded": recorded, "seen": seen})
    for name in ("completeness_pct", "seen_pct_of_recorded", "lower_95", "upper_95"):
        table[name] = np.nan
    for name in ("seen_pct_of_patients", "limit_lower_95", "limit_upper_95"):
        table[name] = np.nan
    for name in ("limit_lower_998", "limit_upper_998"):
        table[name] = np.nan
    table["target_pct"] = 50.0
    table["outlier"] = None
    return table


def indicator(denominator: Counts, numerator: Counts) -> pd.DataFrame:
    table = window_table(
        {"denominator": denominator, "numerator": numerator},
        indicator="mdt_discussed",
        unit="percent",
    )
    table["at_risk"] = np.nan
    for name in ("value", "lower_95", "upper_95", "limit_lower_95", "limit_upper_95"):
        table[name] = np.nan
    for name in ("limit_lower_998", "limit_upper_998"):
        table[name] = np.nan
    table["target_pct"] = 50.0
    table["outlier"] = None
    return table
