"""Control limits against statsmodels and against figures of the SQL project."""

from __future__ import annotations

import pytest
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from naome_assets.statistics.control_limits import control_limits


@pytest.mark.parametrize(("target", "people"), [(91.1, 283), (50.0, 10), (3.0, 40), (99.0, 7)])
@pytest.mark.parametrize("share", [0.975, 0.999])
def test_limits_are_wilson_intervals_of_the_target(
    target: float, people: int, share: float
) -> None:
    expected = proportion_confint(
        target / 100 * people, people, alpha=2 * (1 - share), method="wilson"
    )
    found = control_limits(target, people, float(norm.ppf(share)))
    assert found == pytest.approx([100 * edge for edge in expected])


def test_limits_stay_within_0_and_100() -> None:
    assert control_limits(0, 5, 3)[0] == 0
    assert control_limits(100, 5, 3)[1] == 100
