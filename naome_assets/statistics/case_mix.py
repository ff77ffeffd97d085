"""Case-mix adjustment: logistic regression and indirect standardisation (method book section 6).

The adjusted value of a provider is observed / expected x overall, where expected is the sum of what
the model gives for each of its people. It stands beside the crude value, never instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.stats import rankdata
from statsmodels.tools.sm_exceptions import PerfectSeparationError, PerfectSeparationWarning

#: What a missing value of a term is called: a category of its own.
MISSING = "missing"
#: Fewer people than this in a category are put together with the largest one, and fewer events (or
#: non-events) than this for each coefficient leave too little to fit [ours].
MINIMUM_CATEGORY = 10
EVENTS_PER_COEFFICIENT = 5
#: A standard error above this, on the logit scale, is that of a separated category [ours].
LARGEST_ERROR = 10.0


@dataclass(frozen=True)
class CaseMix:
    """A fitted model: how well it does, and the probability of each person."""

    #: term, coefficient, se (log odds against the largest category of the term).
    terms: pd.DataFrame
    #: People fitted.
    n: int
    #: Area under the curve; null without a model.
    c_statistic: float | None
    #: Slope of the outcome on the model's own log odds: 1 when it is calibrated.
    calibration_slope: float | None
    #: Terms left out, with the reason.
    dropped: dict[str, str]
    #: The probability of the outcome, a person, in the order given.
    expected: NDArray[np.float64]


def fit(people: pd.DataFrame, outcome: str, terms: Sequence[str]) -> CaseMix:
    """Fit the outcome on categories.

    Never fails on little data: categories of few people join the largest, a term that is absent,
    constant or separated is dropped with the reason, and without any term left everybody's
    probability is the overall share.

    Args:
        people: A row a person; ``outcome`` is true or false, a term is a category or null.
        outcome: Column of the outcome.
        terms: Columns to adjust for, in order of importance: the last is dropped first when there
            are too few events.
    """
    observed = people[outcome].to_numpy(dtype=float)
    dropped: dict[str, str] = {}
    columns: dict[str, pd.DataFrame] = {}
    for term in terms:
        coded = _indicators(people, term)
        if term not in people:
            dropped[term] = "absent"
        elif coded.empty:
            dropped[term] = "constant"
        else:
            columns[term] = coded
    events = min(observed.sum(), len(observed) - observed.sum()) if len(observed) else 0
    while columns and events < EVENTS_PER_COEFFICIENT * sum(x.shape[1] for x in columns.values()):
        dropped[list(columns)[-1]] = "too few events"
        columns.popitem()
    while columns:
        design = sm.add_constant(pd.concat(columns.values(), axis=1), has_constant="add")
        culprit, fitted = _fit_once(observed, design, columns)
        if fitted is not None:
            return _result(fitted, design, observed, dropped)
        dropped[culprit] = "separated"
        del columns[culprit]
    overall = float(observed.mean()) if len(observed) else 0.0
    return CaseMix(
        terms=pd.DataFrame(columns=["term", "coefficient", "se"]),
        n=len(observed),
        c_statistic=None,
        calibration_slope=None,
        dropped=dropped,
        expected=np.full(len(observed), overall),
    )


def standardise(
    places: pd.Series[str],
    observed: pd.Series[bool],
    expected: NDArray[np.float64] | pd.Series[float],
    *,
    overall: float,
) -> pd.DataFrame:
    """Observed / expected x overall, by place.

    Args:
        places: The place of each person.
        observed: The outcome of each person.
        expected: What the model gives each person.
        overall: Share with the outcome, 0 to 1, of everybody that the model was fitted on.

    Returns:
        A row a place: ``place``, ``people``, ``observed``, ``expected``, ``adjusted_value`` in
        percent. It can exceed 100: it is a ratio times the overall share. Null when nothing is
        expected.
    """
    frame = pd.DataFrame({"place": places, "observed": observed, "expected": expected})
    frame["observed"] = frame["observed"].astype(float)
    grouped = frame.groupby("place", sort=True).agg(
        people=("observed", "size"), observed=("observed", "sum"), expected=("expected", "sum")
    )
    ratio = grouped["observed"] / grouped["expected"].where(grouped["expected"] > 0)
    grouped["adjusted_value"] = 100 * overall * ratio
    return grouped.reset_index()


def c_statistic(observed: NDArray[np.float64], expected: NDArray[np.float64]) -> float | None:
    """How often one with the outcome is given more than one without (ties count half)."""
    with_outcome = observed == 1
    n_with, n_without = int(with_outcome.sum()), int((~with_outcome).sum())
    if not n_with or not n_without:
        return None
    ranks = rankdata(expected)[with_outcome].sum()
    return float((ranks - n_with * (n_with + 1) / 2) / (n_with * n_without))


def _indicators(people: pd.DataFrame, term: str) -> pd.DataFrame:
    """A 0/1 column a category but the largest; none when the term is absent or constant."""
    if term not in people:
        return pd.DataFrame()
    values = people[term].astype(object).where(people[term].notna(), MISSING).astype(str)
    counts = values.value_counts()
    # The order of equal counts would otherwise hang on the order of the people.
    largest = min(counts[counts == counts.max()].index) if len(counts) else MISSING
    names = [str(name) for name in counts.index if counts[name] >= MINIMUM_CATEGORY]
    kept = sorted(name for name in names if name != largest)
    return pd.DataFrame(
        {f"{term}={name}": (values == name).astype(float) for name in kept}, index=people.index
    )


def _fit_once(
    observed: NDArray[np.float64], design: pd.DataFrame, columns: dict[str, pd.DataFrame]
) -> tuple[str, Any]:
    """The fitted model; or the term that cannot be fitted, and none."""
    last = list(columns)[-1]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PerfectSeparationWarning)
            fitted = sm.GLM(observed, design, family=sm.families.Binomial()).fit()
    except (PerfectSeparationError, PerfectSeparationWarning, np.linalg.LinAlgError):
        return last, None
    errors = fitted.bse.drop("const")
    if not fitted.converged or not np.isfinite(errors).all():
        return last, None
    if errors.max() > LARGEST_ERROR:
        return str(errors.idxmax()).split("=", 1)[0], None
    return "", fitted


def _result(
    fitted: Any, design: pd.DataFrame, observed: NDArray[np.float64], dropped: dict[str, str]
) -> CaseMix:
    expected = np.asarray(fitted.predict(design), dtype=np.float64)
    terms = pd.DataFrame(
        {
            "term": list(design.columns),
            "coefficient": fitted.params.to_numpy(),
            "se": fitted.bse.to_numpy(),
        }
    )
    return CaseMix(
        terms=terms,
        n=len(observed),
        c_statistic=c_statistic(observed, expected),
        calibration_slope=_slope(observed, expected),
        dropped=dropped,
        expected=expected,
    )


def _slope(observed: NDArray[np.float64], expected: NDArray[np.float64]) -> float | None:
    clipped = np.clip(expected, 1e-9, 1 - 1e-9)
    log_odds = np.log(clipped / (1 - clipped))
    if np.ptp(log_odds) < 1e-9:
        return None
    again = sm.GLM(observed, sm.add_constant(log_odds), family=sm.families.Binomial()).fit()
    return float(again.params[1])
