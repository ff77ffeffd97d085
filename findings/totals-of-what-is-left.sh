#!/usr/bin/env bash
# ACRO's cross-table with suppression: the margin "All" counts what is left, not everybody.
#
# ACRO checks outputs of safe havens. With suppress=True small cells become empty. With margins=True
# the totals are then worked out from the cells that stay: a trust with 12 and 8 people has the
# total 12, which is a wrong number of its people and looks like a right one. The total of all
# trusts is too small as well, and a percentage of it too large. No word of it is in the table.
# (Its marginal means are those of the people left, too.)
#
# Expected before it was run: totals of everybody, or totals that are suppressed. Seen with acro
# 1.0.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet acro==1.0.2 pandas==2.3.3
cd "$folder"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import logging
from importlib.metadata import version

import acro
import pandas as pd

logging.disable(logging.CRITICAL)
people = pd.DataFrame(
    {
        "trust": ["A"] * 30 + ["B"] * 20 + ["C"] * 15,
        "presentation": ["de novo"] * 20
        + ["recurrent"] * 10
        + ["de novo"] * 12
        + ["recurrent"] * 8
        + ["de novo"] * 12
        + ["recurrent"] * 3,
    }
)
table = acro.ACRO(suppress=True).crosstab(people.trust, people.presentation, margins=True)
true = pd.crosstab(people.trust, people.presentation, margins=True)
print(f"acro {version('acro')}\n{table}\npandas\n{true}")
assert true["All"].tolist() == [30, 20, 15, 65]
assert table["recurrent"].isna().tolist() == [False, True, True, False]
assert table["All"].tolist() == [30, 12, 12, 54], "the behaviour has changed"
PYTHON
