#!/usr/bin/env bash
# recordlinkage: a link (1, 2) that was found is wrong when the truth says (2, 1).
#
# Finding duplicates in one table, a pair has no direction. The package's own index gives each pair
# as (later, earlier). A truth list written the natural way, (earlier, later), has the same pairs;
# yet `recall` and `precision` are 0 although every pair was found, without an error or a warning:
# the measures intersect indexes of tuples as they are. With a truth in no order the measures are
# anything between.
#
# Expected before it was run: 1 in both cases. Seen with recordlinkage 0.16.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet recordlinkage==0.16 pandas==2.3.3
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
from importlib.metadata import version

import pandas as pd
import recordlinkage

people = pd.DataFrame(
    {"number": ["9434765919", "9434765919", "4010232137", "4010232137"]}, index=[1, 2, 3, 4]
)
found = recordlinkage.index.Block("number").index(people)
truth = pd.MultiIndex.from_tuples([(1, 2), (3, 4)])
turned = pd.MultiIndex.from_tuples([(2, 1), (4, 3)])
measures = {
    name: (recordlinkage.recall(own, found), recordlinkage.precision(own, found))
    for name, own in (("earlier first", truth), ("later first", turned))
}
print(f"recordlinkage {version('recordlinkage')} found {found.tolist()}")
print(f"recall and precision by the order of the truth: {measures}")
assert {frozenset(pair) for pair in found} == {frozenset(pair) for pair in truth}
assert measures["later first"] == (1, 1)
assert measures["earlier first"] == (0, 0), "the behaviour has changed"
PYTHON
