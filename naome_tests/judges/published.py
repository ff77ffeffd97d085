"""Values that others publish, against naome's.

``published_values.csv`` holds numbers of the worked examples by which PHEindicatormethods 2.1.0
(Department of Health and Social Care, formerly Public Health England) tests itself:
``testdata_Byars_Wilson.xlsx``, ``testdata_Proportion.xlsx``, ``testdata_DSR_ISR.xlsx`` and
``testdata_funnel_prop_outputs.csv`` in ``tests/testthat``. Columns: ``statistic``; ``count``
(events, or the target of a funnel in percent); ``people`` (denominator; expected events of a
ratio); ``confidence`` in percent; ``lower``, ``upper``; ``method``.
"""

from __future__ import annotations

import csv
import math
import statistics
from pathlib import Path

import numpy as np
import pandas as pd

from naome_assets.statistics.case_mix import standardise
from naome_assets.statistics.control_limits import control_limits
from naome_tests.judges.result import Judgement
from naome_tests.transform.snippet import macro

VALUES = Path(__file__).with_name("published_values.csv")
JUDGE, VERSION = "PHEindicatormethods", "2.1.0"
#: The published values have ten digits or more.
NEAR = 1e-9
#: People of a place for the ratio: any number of whom the events are a part.
PEOPLE = 8970

Row = dict[str, str]

_byar = [macro(f"byar_{end}('x')", x="bigint") for end in ("lower", "upper")]
_wilson = [macro(f"wilson('x', 'n', '{sign}')", x="bigint", n="bigint") for sign in "-+"]


def judge() -> list[Judgement]:
    """Each published interval against naome's of the same events and people."""
    with VALUES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = [row for row in rows if row["statistic"] == "count" and row["confidence"] == "95"]
    shares = [row for row in rows if row["statistic"] == "proportion"]
    ratios = [row for row in rows if row["statistic"] == "ratio" and row["confidence"] == "95"]
    funnels = [row for row in rows if row["statistic"] == "funnel"]
    byar = [row for row in ratios if row["method"] == "Byars"]
    few = [row for row in ratios if row["method"] != "Byars"]
    return [
        _compare("Byar's limits of counts", counts, [_count(row) for row in counts]),
        _compare("Wilson limits in SQL", _at(shares, "95"),
                 [_share(row) for row in _at(shares, "95")]),
        _compare("Wilson limits, 95 and 99.8 %", shares, [_control(row) for row in shares]),
        _compare("limits of standardised ratios", byar, [_ratio(row) for row in byar]),
        _compare(
            "limits of standardised ratios, under 10 events", few, [_ratio(row) for row in few],
            "the judge's are exact there; naome's are Byar's for every count (ruling F2)",
        ),
        _compare(
            "funnel limits", funnels, [_control(row) for row in funnels],
            f"the judge's are a normal approximation; of {_most(funnels)}",
        ),
        _standardised(ratios),
    ]  # fmt: skip


def _at(rows: list[Row], confidence: str) -> list[Row]:
    return [row for row in rows if row["confidence"] == confidence]


def _count(row: Row) -> tuple[float, float]:
    return _byar[0](int(row["count"])), _byar[1](int(row["count"]))


def _share(row: Row) -> tuple[float, float]:
    x, n = int(row["count"]), int(row["people"])
    return _wilson[0](x, n) / 100, _wilson[1](x, n) / 100


def _ratio(row: Row) -> tuple[float, float]:
    lower, upper = _count(row)
    return lower / float(row["people"]), upper / float(row["people"])


def _control(row: Row) -> tuple[float, float]:
    """The limits in the unit of the published ones: percent of a funnel, else shares."""
    z = statistics.NormalDist().inv_cdf(0.5 + float(row["confidence"]) / 200)
    n = float(row["people"])
    is_funnel = row["statistic"] == "funnel"
    target = float(row["count"]) if is_funnel else 100 * float(row["count"]) / n
    lower, upper = control_limits(target, n, z)
    unit = 1.0 if is_funnel else 100.0
    return float(lower) / unit, float(upper) / unit


def _ends(row: Row) -> tuple[float, float]:
    return float(row["lower"]), float(row["upper"])


def _compare(
    what: str, rows: list[Row], ours: list[tuple[float, float]], note: str = ""
) -> Judgement:
    alike = [
        math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
        for row, own in zip(rows, ours, strict=True)
        for one, other in zip(_ends(row), own, strict=True)
    ]
    return Judgement(JUDGE, VERSION, what, len(alike), sum(alike), note)


def _most(funnels: list[Row]) -> str:
    """The largest difference where a place has 1,000 people or more, and elsewhere."""
    apart = {
        int(row["people"]): max(
            abs(one - other) for one, other in zip(_ends(row), _control(row), strict=True)
        )
        for row in funnels
    }
    large = max(own for people, own in apart.items() if people >= 1000)
    return f"1,000 people and more they differ by {large:.2f} points at most"


def _standardised(ratios: list[Row]) -> Judgement:
    """Observed / expected of three places, as case-mix adjustment works it out for its people."""
    observed = [int(row["count"]) for row in ratios]
    expected = float(ratios[0]["people"])
    found = standardise(
        pd.Series(np.repeat([str(n) for n in range(len(observed))], PEOPLE)),
        pd.Series(np.concatenate([np.arange(PEOPLE) < events for events in observed])),
        np.full(PEOPLE * len(observed), expected / PEOPLE),
        overall=1.0,
    )
    published = [100 * events / expected for events in observed]
    alike = np.isclose(found["adjusted_value"], published, rtol=NEAR)
    return Judgement(JUDGE, VERSION, "indirect standardisation", len(alike), int(alike.sum()))
