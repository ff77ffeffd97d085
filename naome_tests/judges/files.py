"""Published CSV files read by two implementations of other people's standards.

Each runs in the judges' environment and reads what is written, with its metadata. Both are told of
rows with a cell too few and too many too, to see which of them would notice.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from naome_tests.judges.result import Judgement, skipped

#: Rows of a table that a judge is given: csvw takes a millisecond for each.
MOST_ROWS = 400

_PROGRAM = """
import json, sys
from importlib.metadata import version
judge, *paths = sys.argv[1:]
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "date": "date"}
found = {}
for path in paths:
    if judge == "csvw":
        from csvw import CSVW
        try:
            found[path] = [] if CSVW(path, validate=True).is_valid else ["not valid"]
        except ValueError as error:
            found[path] = [str(error).split(":")[0]]
    else:
        from frictionless import Resource, Schema
        with open(path + "-metadata.json") as file:
            columns = json.load(file)["tables"][0]["tableSchema"]["columns"]
        fields = [{"name": c["name"], "type": TYPES.get(c["datatype"], "string")} for c in columns]
        schema = Schema.from_descriptor({"fields": fields, "missingValues": ["", "*"]})
        told = Resource(path=path, schema=schema).validate().flatten(["type"])
        found[path] = sorted({kind for (kind,) in told})
print(json.dumps([version(judge), found]))
"""


def judge(folder: Path | None, python: Path, what: str) -> list[Judgement]:
    """Each table of a publication, and each again with a ragged row.

    Args:
        folder: the CSV files of a publication.
        python: of the judges' environment.
        what: which publication it is, for the table.
    """
    names = ("csvw", "frictionless")
    if folder is None or not folder.is_dir():
        return [skipped(name, "published CSV", "no published CSV files") for name in names]
    if not python.exists():
        return [skipped(name, "published CSV", "no judges' environment") for name in names]
    found = []
    with tempfile.TemporaryDirectory() as name:
        sound, ragged = Path(name, "sound"), Path(name, "ragged")
        for copy in (sound, ragged):
            shutil.copytree(folder, copy)
            for path in copy.glob("*.csv"):
                lines = path.read_bytes().splitlines(keepends=True)[: MOST_ROWS + 1]
                path.write_bytes(
                    b"".join(
                        [*lines, lines[-1].rstrip(b"\n") + b",7,7\n"] if copy == ragged else lines
                    )
                )
        for own in names:
            for copy, kind in ((sound, "valid"), (ragged, "with a ragged row")):
                paths = [str(path.relative_to(copy)) for path in sorted(copy.glob("*.csv"))]
                ran = subprocess.run(
                    # csvw finds faults by Python's warnings: they must not be ignored.
                    [str(python.absolute()), "-W", "default", "-c", _PROGRAM, own, *paths],
                    capture_output=True,
                    text=True,
                    cwd=copy,
                    check=False,
                )
                if ran.returncode:
                    found.append(skipped(own, f"published CSV, {kind}", "its reader failed"))
                    continue
                version, valid = json.loads(ran.stdout.splitlines()[-1])
                wrong = sorted(
                    path for path, faults in valid.items() if bool(faults) is (copy == sound)
                )
                agree = len(valid) - len(wrong)
                said = sorted({fault for faults in valid.values() for fault in faults})
                words = "; ".join(
                    part
                    for part in (
                        f"it says: {', '.join(said)}" if said else "",
                        f"otherwise than naome: {', '.join(wrong)}" if wrong else "",
                    )
                    if part
                )
                judged = f"published CSV, {kind}, {what}"
                found.append(Judgement(own, version, judged, len(valid), agree, words))
    return found
