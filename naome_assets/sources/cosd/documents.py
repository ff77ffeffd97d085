"""What is written from the contract: ``python -m naome_assets.sources.cosd.documents``.

``dbt_like_sql/macros/cosd_items.sql``, so that SQL needs no list of items of its own, and
``docs/cosd-items.md`` for readers. A test says when they are out of date.
"""

# The SQL is put together from the names in items.tsv only.
# ruff: noqa: S608

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from naome_assets.reference import sql_project_path
from naome_assets.sources.cosd.contract import KINDS, Item, items

_COMMAND = "python -m naome_assets.sources.cosd.documents"
#: Columns of received_record that hold the comparable code under another name.
_COMPARABLE = {"sex": "sex_code"}
#: Kinds of which changes are counted: the others are dates and identifiers, read in the reader.
_COUNTED = ("organisation", "icd", "code", "two_digit_code", "category")


_INTRODUCTION = f"""# COSD items

Written from `naome_assets/sources/cosd/items.tsv` by `{_COMMAND}`; do not edit.

Every item that naome reads: what it is used for, how its values are made comparable, and where it
stands in a record of each version. Requirement is that of v9.0.1. An item with a list of codes is
held against it: a code that is not in it, or was retired from it, stands in `quarantine` as a
warning, and the record counts. In v8 the names of sections and items may begin with `BreastCore`,
`Breast` or `Core`. How often values were not written as in the standard is counted in the table
`normalisation`.
"""


def macros() -> str:
    """The macros by which SQL walks over the items."""
    return "\n".join(
        [
            f"{{# Written from naome_assets/sources/cosd/items.tsv by `{_COMMAND}`. #}}",
            "",
            "{# Every comparable code that has a list in cosd_code: file, position, is_version_8,",
            "   item_code and code. `record` holds the records in scope. #}",
            "{% macro listed_codes(record) -%}",
            "\nunion all\n".join(_listed_codes()),
            "{%- endmacro %}",
            "",
            "{# How many values were sent, by file and item, and how many of them broke each",
            "   convention. #}",
            "{% macro conventions_broken() -%}",
            "\nunion all\n".join(_conventions_broken()),
            "{%- endmacro %}",
            "",
        ]
    )


def page() -> str:
    """The page of the items."""
    lines = [
        _INTRODUCTION,
        "| Kind | How values are made comparable |",
        "|---|---|",
        *(f"| {kind} | {words} |" for kind, words in KINDS.items()),
    ]
    for table, group in groupby(items(), key=lambda item: item.table):
        lines += ["", f"## {table.replace(':', ', ')}", ""]
        for item in group:
            lines += _entry(item)
    return "\n".join(lines) + "\n"


def files() -> dict[Path, str]:
    """Each file that is written, and what stands in it."""
    project = sql_project_path()
    return {
        project / "macros" / "cosd_items.sql": macros(),
        project.parent / "docs" / "cosd-items.md": page(),
    }


def _entry(item: Item) -> list[str]:
    facts = [f"{item.kind}, {item.requirement}"]
    if item.code_list:
        facts.append(f"list of {item.code_list}")
    if item.wales:
        facts.append(f"Wales: `{item.wales}`")
    where = "text" if item.value_in == "text" else f"attribute `{item.value_in}`"
    paths = [
        f"  - {family}: `{path}`" if path else f"  - {family}: none"
        for family, path in (("v8", item.v8), ("v9", item.v9), ("v10", item.v10))
    ]
    return [
        f"- **{item.item_code}** {item.item_name}: column `{item.column}`. {'; '.join(facts)}. "
        f"Used by {item.used_by.replace(';', ',')}. Value in the {where}.",
        *paths,
    ]


def _listed_codes() -> list[str]:
    """Parts of a record share a list: one SELECT a table, column and list."""
    parts: dict[str, str] = {}
    for item in items():
        if not item.code_list:
            continue
        table = item.table.split(":")[0]
        if table == "cosd_record":
            column = _COMPARABLE.get(item.column, item.column)
            # Wales has its own codes of the other items.
            only = "" if item.wales else " where source = 'cosd'"
            select = (
                f"select file, position, is_version_8, '{item.code_list}' as item_code, "
                f"{column} as code from {{{{ record }}}}{only}"
            )
        else:
            macro = "two_digits" if item.kind == "two_digit_code" else "code"
            select = (
                f"select sent.file, sent.position, record.is_version_8, '{item.code_list}', "
                f"{{{{ {macro}('sent.{item.column}') }}}}\n"
                f"from {{{{ source('submissions', '{table}') }}}} as sent\n"
                "inner join {{ record }} as record "
                "on sent.file = record.file and sent.position = record.position"
            )
        parts.setdefault(f"{table}.{item.column}", select)
    return list(parts.values())


def _conventions_broken() -> list[str]:
    """One SELECT a table and column that holds a counted kind."""
    parts: dict[str, str] = {}
    for item in items():
        table = item.table.split(":")[0]
        column = "icd10" if item.kind == "icd" else item.column
        if item.kind in _COUNTED and column != "non_primary_type":
            parts.setdefault(
                f"{table}.{column}",
                f"select file, '{item.item_code}' as item_code, "
                f"{{{{ broken_conventions('{column}', '{item.kind}') }}}}\n"
                f"from {{{{ source('submissions', '{table}') }}}} group by file",
            )
    return list(parts.values())


def main() -> None:
    """Write the files."""
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
