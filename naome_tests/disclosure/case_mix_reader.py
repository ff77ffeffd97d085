"""What adjusted values say of counts: expected people add up, and what is withheld is withheld.

The outlier of an adjusted value says which of the counts that round to the published ones it is
true of: those around the published expected share.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from naome_tests.disclosure.attacker import LOCAL, Rounding
from naome_tests.disclosure.count_reader import CountReader
from naome_tests.disclosure.flag_reader import lines_around
from naome_tests.disclosure.full_world import Hospitals
from naome_tests.disclosure.world import BOTH, ENGLAND, WALES

_ALMOST = 1e-6
#: The columns of counts that add up to the people of each model, and to those observed.
_COUNTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cns_access": (("cns_access..recorded",), ("cns_access..seen",)),
    "mdt_discussed": (
        ("indicator.mdt_discussed.denominator",),
        ("indicator.mdt_discussed.numerator",),
    ),
    "survival_1y": (
        ("survival.survival_1y.deaths", "survival.survival_1y.at_risk"),
        ("survival.survival_1y.at_risk",),
    ),
    "within_31d": (
        ("time_to_treatment.any.eligible_31d",),
        ("time_to_treatment.any.within_31d",),
    ),
}
#: The model of which places have no counts.
_WITHOUT_COUNTS = "survival_1y"


def read_case_mix(
    reader: CountReader, tables: Mapping[str, pd.DataFrame], rounding: Rounding
) -> None:
    """Expected counts add up: providers to their alliance, everybody to the observed."""
    frame = tables["case_mix_value"]
    _read_flags(reader, frame, rounding)
    places = Hospitals(reader.providers).places
    for (kind, quarter), own in frame.groupby(["indicator", "quarter"]):
        people, observed = _COUNTS[str(kind)]
        base = reader.programme.whole + reader.programme.real
        reader.programme.real += len(places)
        at = {code: base + number for number, (_, code) in enumerate(places)}
        shown = own.set_index("geography_code").to_dict("index")
        for code in (code for _, code in places if code != BOTH):
            row = _row(code, str(quarter))
            low, high = 0.0, 1.0
            found = shown.get(code)
            if found and pd.notna(found["expected"]) and found["people"] > 0:
                share = found["expected"] / found["people"]
                low, high = max(0.0, share - 0.0005), share + 0.0005
            for bound, least, most in ((low, -np.inf, _ALMOST), (high, -_ALMOST, np.inf)):
                terms = reader.terms(row, dict.fromkeys(people, bound))
                reader.programme.add(terms | {at[code]: -1.0}, least, most)
        for parent in {place for above in reader.providers.values() for place in above}:
            children = {at[c]: -1.0 for c, above in reader.providers.items() if parent in above}
            reader.programme.add({at[parent]: 1.0} | children, -_ALMOST, _ALMOST)
        reader.programme.add({at[BOTH]: 1.0, at[ENGLAND]: -1.0, at[WALES]: -1.0}, -_ALMOST, _ALMOST)
        total = {
            atom: weight
            for code in (ENGLAND, WALES)
            for atom, weight in reader.terms(
                _row(code, str(quarter)), dict.fromkeys(observed, 1.0)
            ).items()
        }
        reader.programme.add(total | {at[BOTH]: -1.0}, -_ALMOST, _ALMOST)
        if kind == _WITHOUT_COUNTS:
            _read_survival(reader, own, tables["survival"], at, rounding)


def _read_flags(reader: CountReader, frame: pd.DataFrame, rounding: Rounding) -> None:
    """Adjusted outliers: observed and people on the right side of the limits."""
    if "outlier" not in frame:
        return
    for found in frame[frame["outlier"].notna()].to_dict("records"):
        people, observed = _COUNTS[str(found["indicator"])]
        row = _row(str(found["geography_code"]), str(found["quarter"]))
        bounds = [
            int(end) for name in ("people", "observed") for end in rounding.between(found[name])
        ]
        share = 100 * found["expected"] / found["people"]
        for a, b, c in lines_around(str(found["outlier"]), share, *bounds):
            terms = reader.terms(row, dict.fromkeys(people, a))
            for atom, weight in reader.terms(row, dict.fromkeys(observed, b)).items():
                terms[atom] = terms.get(atom, 0.0) + weight
            reader.programme.add(terms, -np.inf, c + 1e-6)
            reader.lines += 1


def _read_survival(
    reader: CountReader,
    values: pd.DataFrame,
    survival: pd.DataFrame,
    at: Mapping[str, int],
    rounding: Rounding,
) -> None:
    """Adjusted survival says how many were observed, and that it is withheld, that few were."""
    people, observed = _COUNTS[_WITHOUT_COUNTS]
    quarter = str(values["quarter"].iloc[0])
    own = survival[(survival["quarter"] == quarter) & (survival["period"] == "rolling_36m")]
    own = own[(own["presentation"] == "all") & (own["indicator"] == "survival_1y")]
    both = own.set_index("geography_code").loc[BOTH]
    overall = 100 * both["at_risk"] / (both["at_risk"] + both["deaths"])
    few, half = rounding.small_to, rounding.round_to // 2
    counted = dict.fromkeys(people, 1.0)
    stay = dict.fromkeys(observed, 1.0)
    for found in values[values["geography_type"].isin(LOCAL)].to_dict("records"):
        code, value = found["geography_code"], found["adjusted_value"]
        row = _row(code, quarter)
        if pd.isna(value):
            beside = own[own["geography_code"] == code][["denominator", "deaths", "at_risk"]]
            if beside.empty or beside.isna().any(axis=None):
                continue
            reader.programme.add(reader.terms(row, counted), 1.0, np.inf)
            reader.programme.add(reader.terms(row, stay), 0.0, float(few))
        elif value == 0:
            reader.programme.add(reader.terms(row, counted), few + 1.0, np.inf)
            reader.programme.add(reader.terms(row, stay), 0.0, 0.0)
        else:
            reader.programme.add(reader.terms(row, stay), few + 1.0, np.inf)
            # Rounded counts of at least so many are that near to the true ones.
            near, minus = half / (few + 1) + 0.01, reader.terms(row, dict.fromkeys(observed, -1.0))
            most, least = (value + 0.5) * (1 + near), (value - 0.5) * (1 - near)
            reader.programme.add(minus | {at[code]: most / overall}, -half, np.inf)
            reader.programme.add(minus | {at[code]: least / overall}, -np.inf, half)
        reader.lines += 1
    # A place without a row has nobody, where others of its type have rows.
    there, types = set(values["geography_code"]), set(values["geography_type"])
    for type_, code in Hospitals(reader.providers).places:
        if type_ in LOCAL and type_ in types and code not in there:
            reader.programme.add(reader.terms(_row(code, quarter), counted), 0.0, 0.0)


def _row(code: str, quarter: str) -> dict[str, object]:
    return {
        "geography_code": code,
        "presentation": "all",
        "quarter": quarter,
        "period": "rolling_36m",
    }
