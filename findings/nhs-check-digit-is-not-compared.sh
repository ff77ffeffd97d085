#!/usr/bin/env bash
# The package `nhs` never looks at the check digit of an NHS number.
#
# `nhs.validate` works out Modulus 11 from the first nine digits and then only asks whether the
# result is 10, the value that is never issued. It does not compare it with the tenth digit. So ten
# numbers out of ten are valid where one is: a mistyped NHS number passes as another person's. The
# other two validators, nhs-number and python-stdnum, accept the one number only.
#
# Expected before it was run: the three agree on every number. Seen with nhs 2.0.0, nhs-number
# 2.2.0, python-stdnum 2.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet nhs==2.0.0 nhs-number==2.2.0 python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import nhs
import nhs_number
from stdnum.gb import nhs as stdnum_nhs

# Numbers that differ in the tenth digit alone; only ...9 has the right one.
numbers = [f"943476591{digit}" for digit in range(10)]
accepted = {
    "nhs": [number for number in numbers if nhs.validate(number)],
    "nhs-number": [number for number in numbers if nhs_number.is_valid(number)],
    "python-stdnum": [number for number in numbers if stdnum_nhs.is_valid(number)],
}
for package, own in accepted.items():
    print(f"{package} {version(package)} accepts {len(own)} of 10: {own[-1]} and those before it")
assert accepted["nhs-number"] == accepted["python-stdnum"] == ["9434765919"]
assert accepted["nhs"] == numbers, "the behaviour has changed"
PYTHON
