#!/usr/bin/env bash
# csvw: with Python's warnings off, every CSV on the Web is valid.
#
# `CSVW(...).is_valid` reads the table, collects Python warnings while it does, and is True when
# there were none. The filter of the program decides which warnings there are: with -W ignore or
# PYTHONWARNINGS=ignore (common in batch jobs) a text in an integer column, a value above its
# maximum and an empty required cell are all valid. With -W error the property raises instead.
#
# Expected before it was run: the answer does not depend on how warnings are shown. Seen with csvw
# 4.1.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet csvw==4.1.1
cd "$folder"
cat > people.csv-metadata.json <<'JSON'
{
  "@context": "http://www.w3.org/ns/csvw",
  "url": "people.csv",
  "tableSchema": {"columns": [{
    "name": "percent", "required": true,
    "datatype": {"base": "integer", "minimum": "0", "maximum": "100"}
  }]}
}
JSON
cat > ask.py <<'PYTHON'
import sys
from importlib.metadata import version

from csvw import CSVW

answers = []
for cell in ("50", "101", "high"):
    with open("people.csv", "w") as file:
        file.write(f"percent\n{cell}\n")
    answers.append(CSVW("people.csv").is_valid)
quiet = bool(sys.warnoptions)
print(f"csvw {version('csvw')}, warnings {'off' if quiet else 'on'}: 50, 101, high: {answers}")
assert answers == ([True, True, True] if quiet else [True, False, False]), "it has changed"
PYTHON
"$folder/venv/bin/python" ask.py
"$folder/venv/bin/python" -W ignore ask.py
