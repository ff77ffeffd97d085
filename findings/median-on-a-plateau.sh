#!/usr/bin/env bash
# Median survival where the curve is exactly one half: statsmodels steps over it.
#
# Valid input: four people who die on days 1, 2, 3 and 4. The Kaplan-Meier estimate is exactly 0.5
# from day 2 to day 3. The usual definition is the first day with S(t) <= 0.5, day 2; lifelines says
# so. statsmodels' SurvfuncRight.quantile wants S(t) strictly below 1 - p and says day 3, and so for
# every quantile that a step of the curve hits (the first quartile here: S is exactly 0.75 on day 1,
# and it says day 2). It also works S out through logarithms, so that one half comes out a hair above
# itself. With few people the two disagree by a whole step.
#
# Expected before it was run: both give day 2. Seen with statsmodels 0.15.0 and lifelines 0.30.3.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet statsmodels==0.15.0 lifelines==0.30.3
"$folder/venv/bin/python" - <<'PYTHON'
import lifelines
import statsmodels
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight

days, dead = [1, 2, 3, 4], [1, 1, 1, 1]
curve = SurvfuncRight(days, dead)
median = {
    "statsmodels": float(curve.quantile(0.5)),
    "lifelines": float(KaplanMeierFitter().fit(days, dead).median_survival_time_),
}
print(f"statsmodels {statsmodels.__version__}, lifelines {lifelines.__version__}")
print(f"S(t) = {curve.surv_prob.tolist()} on days {curve.surv_times.tolist()}")
print(f"median: {median}; first quartile by statsmodels: {float(curve.quantile(0.25))}")
assert curve.surv_prob[0] == 0.75 and abs(curve.surv_prob[1] - 0.5) < 1e-12
assert median == {"statsmodels": 3.0, "lifelines": 2.0}, "the behaviour has changed"
assert curve.quantile(0.25) == 2, "the behaviour has changed"
PYTHON
