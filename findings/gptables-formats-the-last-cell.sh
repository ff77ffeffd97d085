#!/usr/bin/env bash
# A list of cells in gptables: only the last one gets the format.
#
# gptables (Analysis Function, for statistical tables that follow the accessibility guidance) takes
# `additional_formatting` for rows, columns and cells; for cells, `cells` may be a list of places.
# Of such a list the last cell alone is formatted, without an error or a warning: who marks revised
# or provisional figures so publishes a table in which all marks but one are missing. A list of
# columns or rows is formatted whole. One entry for each cell works.
#
# Expected before it was run: both cells are bold. Seen with gptables 2.0.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet gptables==2.0.2 pandas==2.3.3 openpyxl==3.1.5
"$folder/venv/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import gptables
import openpyxl
import pandas as pd


def bold(formatting):
    """Figures that are bold in the workbook."""
    table = gptables.GPTable(
        table=pd.DataFrame({"Trust": ["A", "B", "C"], "People": [10, 20, 30]}),
        table_name="people",
        title="People",
        index_columns={},
        additional_formatting=formatting,
    )
    path = f"{sys.argv[1]}/people.xlsx"
    gptables.produce_workbook(filename=path, sheets={"People": table}).close()
    cells = [cell for row in openpyxl.load_workbook(path)["People"].iter_rows() for cell in row]
    return [cell.value for cell in cells if cell.font.b and isinstance(cell.value, int)]


made_bold = {"bold": True}
as_list = bold([{"cell": {"cells": [(1, 1), (3, 1)], "format": made_bold}}])
one_by_one = bold([{"cell": {"cells": cell, "format": made_bold}} for cell in [(1, 1), (3, 1)]])
print(f"gptables {version('gptables')}: of [10, 30] as a list {as_list}, one by one {one_by_one}")
assert one_by_one == [10, 30]
assert as_list == [30], "the behaviour has changed"
PYTHON
