"""Case-mix adjustment on data whose truth is known, and on data too small to fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import Logit, add_constant

from naome_assets.statistics.case_mix import CaseMix, c_statistic, fit, standardise


def made(n: int, seed: int = 1) -> pd.DataFrame:
    """Odds treble with old age; providers differ in the age of their people and in nothing else."""
    rng = np.random.default_rng(seed)
    provider = rng.choice(["young", "old"], n)
    is_old = rng.random(n) < np.where(provider == "old", 0.8, 0.2)
    chance = 1 / (1 + np.exp(-(-1 + np.log(3) * is_old)))
    return pd.DataFrame(
        {
            "provider": provider,
            "age": np.where(is_old, "80+", "60-69"),
            "outcome": rng.random(n) < chance,
        }
    )


def standardised(people: pd.DataFrame, model: CaseMix) -> pd.DataFrame:
    overall = people["outcome"].mean()
    return standardise(people["provider"], people["outcome"], model.expected, overall=overall)


def test_finds_the_odds_it_was_made_with() -> None:
    model = fit(made(40_000), "outcome", ["age"])
    terms = model.terms.set_index("term")["coefficient"]
    assert abs(terms.drop("const").iloc[0]) == pytest.approx(np.log(3), abs=0.06)
    assert model.calibration_slope == pytest.approx(1, abs=0.01)
    assert model.c_statistic is not None and 0.6 < model.c_statistic < 0.7


def test_the_slope_is_what_other_people_show() -> None:
    """Twelve categories of nothing, few people: fitted again to others, the odds shrink."""
    draw = np.random.default_rng(1)
    expected, found = [], []
    for _ in range(40):
        kinds = draw.integers(0, 12, (2, 600))
        log_odds = np.linspace(-0.6, 0.6, 12)[kinds]
        happened = draw.uniform(size=kinds.shape) < 1 / (1 + np.exp(-log_odds))
        own, others = (
            pd.DataFrame({"kind": kind.astype(str), "outcome": outcome})
            for kind, outcome in zip(kinds, happened, strict=True)
        )
        model = fit(own, "outcome", ["kind"])
        assert model.calibration_slope is not None
        expected.append(model.calibration_slope)
        chance = pd.Series(model.expected).groupby(own["kind"]).first()
        on = np.log((chance / (1 - chance))[others["kind"]].to_numpy())
        # Near one half a share moves by a quarter of its log odds.
        found.append(np.polyfit(on, (others["outcome"] - 0.5) * 4, 1)[0])
    assert np.mean(expected) < 0.9
    assert np.mean(expected) == pytest.approx(np.mean(found), abs=0.1)


def test_providers_that_differ_only_in_age_are_adjusted_to_the_same() -> None:
    people = made(40_000)
    crude = people.groupby("provider")["outcome"].mean() * 100
    model = fit(people, "outcome", ["age"])
    adjusted = standardised(people, model)
    values = adjusted.set_index("place")["adjusted_value"]
    assert crude["old"] - crude["young"] > 10
    assert values["old"] == pytest.approx(values["young"], abs=1.5)
    # Expected and observed agree over everybody.
    assert adjusted["expected"].sum() == pytest.approx(people["outcome"].sum())


def test_without_a_model_the_adjusted_value_is_the_crude_one() -> None:
    people = made(200)
    model = fit(people, "outcome", [])
    values = standardised(people, model)
    crude = people.groupby("provider")["outcome"].mean() * 100
    assert values["adjusted_value"].to_list() == pytest.approx(crude.sort_index().to_list())


def test_missing_is_a_category() -> None:
    people = made(5_000)
    people.loc[people.index % 3 == 0, "age"] = None
    model = fit(people, "outcome", ["age"])
    assert {"age=missing", "age=60-69", "age=80+"} - set(model.terms["term"]) != set()
    assert len(model.terms) == 3  # constant and two categories beside the largest
    assert len(model.expected) == 5_000


def test_terms_that_cannot_be_fitted_are_dropped_with_the_reason() -> None:
    people = made(1_000)
    people["constant"] = "same"
    people["separated"] = np.where(people["outcome"], "yes", "no")
    model = fit(people, "outcome", ["age", "constant", "absent", "separated"])
    assert model.dropped == {"constant": "constant", "absent": "absent", "separated": "separated"}
    assert any(term.startswith("age=") for term in model.terms["term"])


def test_a_category_without_the_outcome_is_dropped() -> None:
    people = made(1_000)
    people["sparse"] = np.where(people.index < 40, "never", "other")
    people.loc[people.index < 40, "outcome"] = False
    model = fit(people, "outcome", ["age", "sparse"])
    assert model.dropped == {"sparse": "separated"}


def test_too_few_events() -> None:
    model = fit(made(12), "outcome", ["age"])
    assert set(model.dropped) == {"age"}
    assert len(set(model.expected)) == 1


def test_c_statistic_by_hand() -> None:
    # Of the four pairs three are in order and one is a tie.
    outcome, given_ = np.array([1.0, 1, 0, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    assert c_statistic(outcome, given_) == 3.5 / 4
    assert c_statistic(np.ones(3), np.ones(3)) is None


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from("abc"), st.sampled_from(["x", "y", None])),
        max_size=120,
    )
)
def test_never_fails(rows: list[tuple[bool, str, str | None]]) -> None:
    people = pd.DataFrame(rows, columns=["outcome", "age", "sex"])
    model = fit(people, "outcome", ["age", "sex"])
    assert len(model.expected) == len(rows)
    assert np.isfinite(model.expected).all()
    if rows:
        assert model.expected.sum() == pytest.approx(sum(row[0] for row in rows), abs=1e-4)


def two_terms(events: int) -> pd.DataFrame:
    """120 people in two terms of two halves each, which have nothing to do with the outcome."""
    chance = np.random.default_rng(3)
    first, second = (chance.permutation(["a", "b"] * 60) for _ in range(2))
    return pd.DataFrame({"first": first, "second": second, "outcome": np.arange(120) < events})


@pytest.mark.parametrize(
    ("events", "dropped"),
    [
        (10, {}),
        (9, {"second": "too few events"}),
        (4, {"second": "too few events", "first": "too few events"}),
    ],
)
def test_the_last_term_goes_first_where_events_are_few(
    events: int, dropped: dict[str, str]
) -> None:
    """Five for each coefficient."""
    people = two_terms(events)
    assert people["outcome"].sum() == events
    assert fit(people, "outcome", ["first", "second"]).dropped == dropped


@pytest.mark.parametrize("turned", [3, 12])
def test_the_slope_is_one_less_coefficients_by_the_likelihood_ratio(turned: int) -> None:
    """Van Houwelingen and le Cessie 1990; the ratio by statsmodels' other model."""
    outcome = np.arange(200) % 2 == 1
    kind = np.where(outcome, "x", "y")
    kind[: 100 - turned] = np.where(outcome[: 100 - turned], "y", "x")
    people = pd.DataFrame({"kind": kind, "outcome": outcome})
    logit = Logit(outcome.astype(float), add_constant((kind == "x").astype(float)))
    chi_squared = logit.fit(disp=False).llr
    assert (chi_squared < 1) == (turned == 3)
    found = fit(people, "outcome", ["kind"]).calibration_slope
    assert found == pytest.approx(1 - 1 / chi_squared)
