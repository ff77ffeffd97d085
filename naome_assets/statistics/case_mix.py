"""Case-mix adjustment: logistic regression and indirect standardisation (method book section 6).

The adjusted value of a provider is observed / expected x overall, where expected is the sum of what
the model gives for each of its people. It does not replace the crude value.

statsmodels is imported where it fits: it would double the time in which the UI loads.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    #: Slope to be expected of other people's outcome on their log odds: below 1 when overfitted.
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
    # People who are alike are one row of the model with a weight: a year has some hundred kinds.
    known = [term for term in terms if term in people]
    kind = people.groupby([*known, outcome], dropna=False, sort=True).ngroup()
    alike = people[[*known, outcome]].groupby(kind, sort=True).first(skipna=False)
    fitted = _fit(
        alike[known],
        alike[outcome].to_numpy(dtype=np.float64),
        np.bincount(kind).astype(np.float64),
        terms,
    )
    return replace(fitted, expected=fitted.expected[kind.to_numpy()])


def _fit(
    alike: pd.DataFrame,
    observed: NDArray[np.float64],
    size: NDArray[np.float64],
    terms: Sequence[str],
) -> CaseMix:
    """The model of groups of ``size`` people who are alike; ``expected`` is a row a group."""
    dropped: dict[str, str] = {}
    columns: dict[str, pd.DataFrame] = {}
    for term in terms:
        coded = _indicators(alike, size, term)
        if term not in alike:
            dropped[term] = "absent"
        elif coded.empty:
            dropped[term] = "constant"
        else:
            columns[term] = coded
    with_outcome = float((observed * size).sum())
    events = min(with_outcome, size.sum() - with_outcome)
    while columns and events < EVENTS_PER_COEFFICIENT * sum(x.shape[1] for x in columns.values()):
        dropped[list(columns)[-1]] = "too few events"
        columns.popitem()
    while columns:
        design = _with_constant(pd.concat(columns.values(), axis=1))
        culprit, fitted = _fit_once(observed, size, design, columns)
        if fitted is not None:
            return _result(fitted, design, observed, size, dropped)
        dropped[culprit] = "separated"
        del columns[culprit]
    overall = with_outcome / float(size.sum()) if len(observed) else 0.0
    return CaseMix(
        terms=pd.DataFrame(columns=["term", "coefficient", "se"]),
        n=int(size.sum()),
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
    grouped = frame.groupby("place", sort=True, observed=True).agg(
        people=("observed", "size"), observed=("observed", "sum"), expected=("expected", "sum")
    )
    ratio = grouped["observed"] / grouped["expected"].where(grouped["expected"] > 0)
    grouped["adjusted_value"] = 100 * overall * ratio
    return grouped.reset_index()


def c_statistic(
    observed: NDArray[np.float64],
    expected: NDArray[np.float64],
    size: NDArray[np.float64] | None = None,
) -> float | None:
    """How often one with the outcome is given more than one without (ties count half).

    Args:
        observed: 1 with the outcome and 0 without.
        expected: What the model gives.
        size: How many people each entry stands for; one by default.

    Returns:
        0 to 1; null when all have the outcome, or none.
    """
    people = np.ones_like(observed) if size is None else size
    counts = pd.DataFrame({"events": people * observed, "others": people * (1 - observed)})
    pairs = float(counts["events"].sum() * counts["others"].sum())
    if not pairs:
        return None
    given = counts.groupby(expected, sort=True).sum()
    below = given["others"].cumsum() - given["others"] / 2
    return float((given["events"] * below).sum()) / pairs


def _indicators(alike: pd.DataFrame, size: NDArray[np.float64], term: str) -> pd.DataFrame:
    """A 0/1 column a category but the largest; none when the term is absent or constant."""
    if term not in alike:
        return pd.DataFrame()
    values = alike[term].astype(object).where(alike[term].notna(), MISSING).astype(str)
    counts = pd.Series(size, alike.index).groupby(values).sum()
    # The order of equal counts would otherwise hang on the order of the people.
    largest = min(counts[counts == counts.max()].index) if len(counts) else MISSING
    names = [str(name) for name in counts.index if counts[name] >= MINIMUM_CATEGORY]
    kept = sorted(name for name in names if name != largest)
    return pd.DataFrame(
        {f"{term}={name}": (values == name).astype(float) for name in kept}, index=alike.index
    )


def _fit_once(
    observed: NDArray[np.float64],
    size: NDArray[np.float64],
    design: pd.DataFrame,
    columns: dict[str, pd.DataFrame],
) -> tuple[str, Any]:
    """The fitted model; or the term that cannot be fitted, and none."""
    from statsmodels.tools.sm_exceptions import PerfectSeparationError, PerfectSeparationWarning

    last = list(columns)[-1]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PerfectSeparationWarning)
            fitted = _logistic(observed, size, design)
    except (PerfectSeparationError, PerfectSeparationWarning, np.linalg.LinAlgError):
        return last, None
    errors = fitted.bse.drop("const")
    if not fitted.converged or not np.isfinite(errors).all():
        return last, None
    if errors.max() > LARGEST_ERROR:
        return str(errors.idxmax()).split("=", 1)[0], None
    return "", fitted


def _with_constant(terms: pd.DataFrame) -> pd.DataFrame:
    """The terms with the intercept before them."""
    from statsmodels.tools import add_constant

    design: pd.DataFrame = add_constant(terms, has_constant="add")
    return design


def _logistic(observed: NDArray[np.float64], size: NDArray[np.float64], design: Any) -> Any:
    """Logistic regression of entries that stand for several people each."""
    import statsmodels.api as sm

    return sm.GLM(observed, design, family=sm.families.Binomial(), freq_weights=size).fit()


def _result(
    fitted: Any,
    design: pd.DataFrame,
    observed: NDArray[np.float64],
    size: NDArray[np.float64],
    dropped: dict[str, str],
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
        n=int(size.sum()),
        c_statistic=c_statistic(observed, expected, size),
        calibration_slope=_slope(fitted),
        dropped=dropped,
        expected=expected,
    )


def _slope(fitted: Any) -> float | None:
    """Van Houwelingen and le Cessie's shrinkage (Stat Med 1990): what the model's own people hide.

    Fitted to the same people the slope is always 1.
    """
    explained = float(fitted.null_deviance - fitted.deviance)
    return 1.0 - fitted.df_model / explained if explained > 0 else None
