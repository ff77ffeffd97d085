#!/usr/bin/env bash
# splink's comparison of postcodes: without the blank, other districts count as the same one.
#
# Postcodes are often cleaned for linkage by taking the blank out. PostcodeComparison has levels for
# the full postcode, sector, district and area. Its sector needs the blank, so two neighbours of one
# sector (CF103AT, CF103AB) never reach that level. Its district takes the first digit of what
# follows when it can: M1 1AA and M11 2BB, other parts of Manchester, are both M11 without the blank
# and agree on the district. M1 1AA with and without its blank agrees on the area only. Nothing is
# said, and the weights are trained on these levels.
#
# Expected before it was run: the blank changes no level, or M1 and M11 at least stay apart.
# Seen with splink 5.0.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet splink==5.0.0 duckdb==2.0.1 pandas==2.3.3
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import duckdb
from splink.comparison_library import PostcodeComparison

levels = PostcodeComparison("p").get_comparison("duckdb").comparison_levels
cases = " ".join(
    f"when {level.sql_condition} then '{level.label_for_charts}'"
    for level in levels
    if level.sql_condition != "ELSE"
)


def level(one, other):
    """The first level that two postcodes reach, as splink words it."""
    sql = f"select case {cases} else 'none' end from (select ? p_l, ? p_r)"
    return duckdb.execute(sql, [one, other]).fetchone()[0].split()[-1]


pairs = [("CF10 3AT", "CF10 3AB"), ("M1 1AA", "M11 2BB"), ("M1 1AA", "M1 1AA")]
with_blank = [level(*pair) for pair in pairs]
without = [level(*(code.replace(" ", "") for code in pair)) for pair in pairs]
mixed = level("M1 1AA", "M11AA")
print(f"splink {version('splink')}, pairs {pairs}")
print(f"with the blank {with_blank}; without {without}; one with, one without: {mixed}")
assert with_blank == ["sector", "area", "postcode"]
assert without == ["district", "district", "postcode"], "the behaviour has changed"
assert mixed == "area", "the behaviour has changed"
PYTHON
