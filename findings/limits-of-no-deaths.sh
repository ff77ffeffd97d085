#!/usr/bin/env bash
# statsmodels: the mid-p interval of zero deaths is one point, and zero is not in it.
#
# Zero deaths is a valid count. `confint_poisson(0, exposure, method="midp-c")` gives a lower limit
# that equals the upper one, 2.996 for one unit of exposure: the interval is a point, and the
# estimate, 0, lies outside it. Both ends come from the same equation, as the probability of fewer
# than none is nothing. Every other method has 0 as its lower limit or very near it (Jeffreys), and
# from one death on mid-p is as it should be. Who draws a bar for a small hospital shows about three
# deaths where there are none, with certainty.
#
# Expected before it was run: the lower limit is 0, as of the other methods. Seen with statsmodels
# 0.15.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet statsmodels==0.15.0
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import statsmodels
from statsmodels.stats.rates import confint_poisson

methods = ("score", "exact-c", "jeff", "sqrt-a", "midp-c")
limits = {
    method: [tuple(round(float(end), 3) for end in confint_poisson(deaths, 1, method=method))
             for deaths in (0, 1)]
    for method in methods
}
print(f"statsmodels {statsmodels.__version__}: limits of 0 and of 1 death: {limits}")
for method in methods:
    lower, upper = limits[method][1]
    assert lower < 1 < upper
    if method != "midp-c":
        assert limits[method][0][0] < 0.001 < limits[method][0][1]
assert limits["midp-c"][0] == (2.996, 2.996), "the behaviour has changed"
PYTHON
