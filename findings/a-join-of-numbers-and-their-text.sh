#!/usr/bin/env bash
# Frictionless: a join of two CSV files finds nothing once one of them has been given its types.
#
# The first step of a transform is table_normalize, which gives cells their types. It works on the
# main table only. The table that table_join names is read as text: the number 3 on one side is not
# the text "3" on the other, the join is empty, and the outer join holds every row twice. Both files
# are described alike (`id` is an integer in each), nothing is raised and the result is valid.
# Without table_normalize both sides are text and the join is right; so it is when the other table
# is normalized before it is named.
#
# Expected before it was run: three rows. Seen with frictionless 5.21.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet frictionless==5.21.0
cd "$folder"
printf 'id,trust\n1,A\n2,B\n3,C\n' > people.csv
printf 'id,stage\n1,IV\n2,II\n3,IV\n' > stages.csv
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import frictionless
from frictionless import Resource, describe, steps, transform


def joined(*before, stages, mode="inner"):
    """The rows of people joined with their stages, by id."""
    join = steps.table_join(resource=stages, field_name="id", mode=mode)
    return len(transform(Resource("people.csv"), steps=[*before, join]).read_rows())


types = [describe(name).schema.get_field("id").type for name in ("people.csv", "stages.csv")]
typed = transform(Resource("stages.csv"), steps=[steps.table_normalize()])
rows = {
    "as text": joined(stages=Resource("stages.csv")),
    "normalized": joined(steps.table_normalize(), stages=Resource("stages.csv")),
    "outer": joined(steps.table_normalize(), stages=Resource("stages.csv"), mode="outer"),
    "both normalized": joined(steps.table_normalize(), stages=typed),
}
print(f"frictionless {frictionless.__version__}: id is {types}; rows of the join: {rows}")
assert types == ["integer", "integer"] and rows["as text"] == rows["both normalized"] == 3
assert (rows["normalized"], rows["outer"]) == (0, 6), "the behaviour has changed"
PYTHON
