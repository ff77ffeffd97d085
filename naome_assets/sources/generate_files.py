"""Write what follows from what submissions hold: ``python -m naome_assets.sources.generate_files``.

The declaration of the submission tables for dbt, the folders in ``docs/landing-folder.md``, and
what is written from the items of COSD. A test says when one of them is out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from naome_assets.contract.submissions import TABLES, Column, Table
from naome_assets.reference import sql_project_path
from naome_assets.sources.catalogue import SOURCES
from naome_assets.sources.cosd.generated_files import item_macros, page
from naome_assets.sources.source import Source

COMMAND = "python -m naome_assets.sources.generate_files"
#: What each group of tables is, for dbt.
_GROUPS = {
    "submissions": "What was sent, one table a kind of row. Filled by the readers in "
    "naome_assets/sources; declared in naome_assets/contract/submissions.py. Identifiers are "
    "pseudonyms; names, addresses, postcodes and free text are never stored. Codes are comparable "
    "text (docs/cosd-items.md); null when nothing was given, or nothing that can be a code of the "
    "item. A date is null when it is missing or cannot be read, and the _fault column beside it "
    "says which.",
    "linkage": "Made by linkage from what was sent, before the staging models; declared in "
    "naome_assets/contract/submissions.py.",
}
_FOLDERS = ("```\n", "```\n")


def sources_yml() -> str:
    """The submission tables as dbt's sources, with a test for what always holds of a column."""
    lines = [f"# Written from naome_assets/contract/submissions.py by `{COMMAND}`.", "version: 2"]
    lines += ["", "sources:"]
    for group, description in _GROUPS.items():
        lines += [
            f"  - name: {group}",
            f"    description: {json.dumps(description)}",
            '    schema: "{{ target.schema }}"',
            "    tables:",
        ]
        for table in TABLES:
            if table.group == group:
                lines += _table(table)
    return "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield f"      - name: {table.name}"
    yield f"        description: {json.dumps(table.description)}"
    if not table.blocks:
        yield "        config: {meta: {blocks: false}}"
    yield "        columns:"
    for column in table.columns:
        entry: dict[str, Any] = {"name": column.name, "description": column.description}
        if tests := _tests(column):
            entry["data_tests"] = tests
        yield f"          - {json.dumps(entry)}"


def _tests(column: Column) -> list[Any]:
    tests: list[Any] = ["unique"] if column.unique else []
    if column.required:
        tests.append("not_null")
    if column.values:
        tests.append({"accepted_values": {"arguments": {"values": list(column.values)}}})
    return tests


def folders() -> str:
    """Where the files of each source lie, a line a source."""
    lines = []
    for _, alike in groupby(SOURCES, key=lambda source: source.folder):
        lines += [(_path(source), source.words) for source in alike]
    width = max(len(path) for path, _ in lines) + 2
    return "".join(f"{path:{width}}{words}\n" for path, words in lines)


def _path(source: Source) -> str:
    names = ", ".join(source.files + ending for ending in source.endings)
    return f"{source.folder}/{names}"


def landing_page(held: str) -> str:
    """The page of the landing folder with its first block of lines as ``folders`` has them."""
    before, fence, rest = held.partition("```\n")
    _, _, after = rest.partition("```\n")
    return f"{before}{fence}{folders()}{fence}{after}"


def files() -> dict[Path, str]:
    """Each file that is written, and what stands in it."""
    project = sql_project_path()
    docs = project.parent / "docs"
    landing = docs / "landing-folder.md"
    return {
        project / "models" / "staging" / "_sources.yml": sources_yml(),
        project / "macros" / "cosd_items.sql": item_macros(),
        docs / "cosd-items.md": page(),
        landing: landing_page(landing.read_text(encoding="utf-8")),
    }


def main() -> None:
    """Write the files."""
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
