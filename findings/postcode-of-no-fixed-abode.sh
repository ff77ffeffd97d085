#!/usr/bin/env bash
# The NHS's postcodes for people without an address: one validator takes them, the other does not.
#
# Valid input: ZZ99 3VZ (no fixed abode), ZZ99 3WZ (not known) and ZZ99 3CZ (a country outside the
# United Kingdom) are what the NHS Postcode Directory has trusts send, in COSD's item CR0080 too.
# postcodes-uk accepts all three. uk-postcode-utils refuses them: its pattern has no Z as second
# letter (and no V or C in the inward part), and its list of exceptions is empty. Who cleans with it
# empties the postcode of homeless people, and their deprivation counts as not sent.
#
# Expected before it was run: both accept them. Seen with uk-postcode-utils 1.1, postcodes-uk 1.0.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet uk-postcode-utils==1.1 postcodes-uk==1.0.2
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import postcodes_uk
from ukpostcodeutils import validation

pseudo = ["ZZ99 3VZ", "ZZ99 3WZ", "ZZ99 3CZ"]
refused = [code for code in pseudo if not validation.is_valid_postcode(code.replace(" ", ""))]
accepted = [code for code in pseudo if postcodes_uk.validate(code)]
print(f"uk-postcode-utils {version('uk-postcode-utils')} refuses {refused}")
print(f"postcodes-uk {version('postcodes-uk')} accepts {accepted}")
assert validation.is_valid_postcode("CF103AT") and postcodes_uk.validate("CF10 3AT")
assert refused == pseudo, "the behaviour has changed"
assert accepted == pseudo, "the behaviour has changed"
PYTHON
