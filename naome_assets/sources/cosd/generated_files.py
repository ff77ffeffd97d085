"""What is written from the items of COSD (``contract/cosd_items.tsv``).

``dbt_like_sql/macros/cosd_items.sql``, so that SQL needs no list of items of its own, and
``docs/cosd-items.md`` for readers. ``sources.generate_files`` writes them.
"""

# The SQL is put together from the names in cosd_items.tsv only.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from naome_assets.contract.cosd_items import Item, carried_items, items
from naome_assets.contract.submissions import BY_NAME
from naome_assets.sources.conventions import CONVENTIONS, IDENTIFIERS, KINDS
from naome_assets.sources.cosd.layouts import parts_of
from naome_assets.sources.nothing import NOTHING

_COMMAND = "python -m naome_assets.sources.generate_files"
#: Columns of received_record that hold the comparable code under another name.
_COMPARABLE = {"sex": "sex_code"}
_INTRODUCTION = f"""# COSD items

Written from `naome_assets/contract/cosd_items.tsv` by `{_COMMAND}`; do not edit.

Every item that naome reads: what it is used for, how its values are made comparable, and where it
stands in a record of each version. Requirement is that of v9.0.1. An item with a list of codes is
held against its list in the version of the file: a code that is not in it, that comes with a later
version, or that was retired before it, stands in `quarantine` as a warning, and the record counts.
Which version has which code is in `dbt_like_sql/seeds/cosd_code.csv`. Wales states no version, and
is held against the newest.
In v8 the names of sections and items may begin with `BreastCore`, `Breast` or `Core`.

## Conventions

Values are made comparable by the conventions of their kind, in this order, while the file is read:
what is stored is the comparable code. How often one changed a value is counted in the table
`normalisation`, by file, item and convention.

A value that cannot be one of its item is not kept: each item has a shape, a few letters or digits,
that no name, number of a person, date of birth or postcode has. What stood there is a warning
`not_a_code` in `quarantine`, with the record, the item and a short keyed hash. A number that a
spreadsheet has cut to a power (`7.00001E+07`) is `digits_lost` where it identifies: who it was
cannot be told any more.
"""


def item_macros() -> str:
    """The macros by which SQL walks over the items."""
    return "\n".join(
        [
            f"{{# Written from naome_assets/contract/cosd_items.tsv by `{_COMMAND}`. #}}",
            "",
            "{# Every comparable code that has a list in cosd_code: file, position,",
            "   standard_version, item_code and code. `record` holds the records in scope. #}",
            "{% macro listed_codes(record) -%}",
            "\nunion all\n".join([*_listed_codes(), *_listed_welsh_codes()]),
            "{%- endmacro %}",
            "",
            "{# The same of Welsh treatments, which are rows of their own. #}",
            "{% macro listed_treatment_codes(treatment) -%}",
            "\nunion all\n".join(_listed_treatment_codes()),
            "{%- endmacro %}",
            "",
            "{# Items that go on unchanged to registry_record, as columns of `alias`, a table of",
            "   cosd, wales or registry; without a sender, as they are. #}",
            "{% macro carried_items(sender=none, alias='') -%}",
            *_carried_columns(),
            "{%- endmacro %}",
            "",
            "{# How such an item of a record stands, as record_quality has it. #}",
            "{% macro carried_item_standing(item) -%}",
            *_carried_standing(),
            "{%- endmacro %}",
            "",
        ]
    )


def page() -> str:
    """The page of the items."""
    lines = [
        _INTRODUCTION,
        "| Convention | What is done | Typed | Counts as | Counted |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {rule.words} | `{rule.typed}` | {f'`{rule.read}`' if rule.read else ''} | "
            f"{'yes' if rule.is_counted else 'no'} |"
            for name, rule in CONVENTIONS.items()
        ),
        "",
        "| Kind of item | Conventions |",
        "|---|---|",
        *(
            f"| {kind} | {', '.join(names)}{', pseudonym' if kind in IDENTIFIERS else ''} |"
            for kind, names in KINDS.items()
        ),
        "",
        "A pseudonym replaces an identifier while the file is read. Dates of the kind compact_date",
        "are those of Wales and of deaths, whose standard is 20240131.",
        "",
        "Words for nothing, in any case, with or without blanks, brackets, stops and dashes: "
        + ", ".join(f"`{word.lower()}`" for word in sorted(NOTHING) if word)
        + "; signs alone (`-`, `?`, `...`) and a spreadsheet's errors (`#N/A`, `#REF!`).",
    ]
    for table, group in groupby(items(), key=lambda item: item.table):
        lines += ["", f"## {table.replace(':', ', ')}", ""]
        for item in group:
            lines += _entry(item)
    return "\n".join(lines) + "\n"


def _entry(item: Item) -> list[str]:
    facts = [f"{item.kind}, {item.requirement}"]
    if item.width:
        facts.append("one digit" if item.width == "1" else f"{item.width} digits")
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
    """One SELECT a table, column and list; those of metastases of the parts that hold the item."""
    selects: dict[str, str] = {}
    for item in items():
        if not item.code_list:
            continue
        table = item.table.split(":")[0]
        if table == "cosd_record":
            column = _COMPARABLE.get(item.column, item.column)
            # Wales has its own codes of the other items.
            only = "" if item.wales else " where source = 'cosd'"
            select = (
                f"select file, position, standard_version, '{item.code_list}' as item_code, "
                f"{column} as code from {{{{ record }}}}{only}"
            )
        else:
            select = _of_records(table, f"sent.{item.column}", item)
            select += _of_parts(parts_of(item), "\nwhere sent.part")
        selects.setdefault(f"{table}.{item.column}.{item.code_list}", select)
    return list(selects.values())


#: Welsh columns that hold several codes, joined by a semicolon.
_JOINED = ("metastatic_sites",)


def _listed_welsh_codes() -> list[str]:
    """One SELECT a listed item that Wales has in the columns of its tumours, and COSD elsewhere."""
    columns: dict[str, Item] = {}
    for item in items():
        if item.table.startswith("cosd_metastasis") and item.code_list and item.wales:
            columns.setdefault(item.wales, item)
    selects = []
    for column, item in columns.items():
        code = f"sent.{column}"
        if column in _JOINED:
            code = f"unnest(string_to_array({code}, ';'))"
        selects.append(_of_records("wales_tumour", code, item))
    return selects


def _of_records(table: str, code: str, item: Item) -> str:
    """Codes of an item in a submission table, of the records in scope."""
    return (
        f"select sent.file, sent.position, record.standard_version, '{item.code_list}', {code}\n"
        f"from {{{{ source('submissions', '{table}') }}}} as sent\n"
        "inner join {{ record }} as record "
        "on sent.file = record.file and sent.position = record.position"
    )


def _listed_treatment_codes() -> list[str]:
    """One SELECT a listed item of treatments that Wales has as well."""
    return [
        f"select file, position, {{{{ var('welsh_standard_version') }}}} as standard_version, "
        f"'{item.code_list}' as item_code, {item.wales} as code from {{{{ treatment }}}}"
        for item in items()
        if item.table == "cosd_treatment" and item.code_list and item.wales
    ]


def _of_parts(parts: Sequence[str], where: str) -> str:
    """The condition that a row belongs to one of the parts of its table; none without parts."""
    return f"{where} in ({', '.join(map(repr, parts))})" if parts else ""


def _carried_columns() -> list[str]:
    """A branch a sender; where one does not send an item, null stands."""
    registry = BY_NAME["registry_tumour"].described
    senders: dict[str, list[str]] = {"cosd": [], "wales": [], "registry": []}
    for item in carried_items():
        name = item.column
        none = f"cast(null as text) as {name}"
        senders["cosd"].append(f"{{{{ alias }}}}.{name}")
        senders["wales"].append(f"{{{{ alias }}}}.{item.wales} as {name}" if item.wales else none)
        senders["registry"].append(f"{{{{ alias }}}}.{name}" if name in registry else none)
    lines = []
    for number, (sender, columns) in enumerate(senders.items()):
        lines.append(f"{{% {'elif' if number else 'if'} sender == '{sender}' -%}}")
        lines.append(",\n".join(columns))
    every = [item.column for item in carried_items()]
    return [*lines, "{% else -%}", ",\n".join(every), "{% endif -%}"]


def _carried_standing() -> list[str]:
    """A branch an item: of which records it is asked, what says that it is not known."""
    lines = []
    for number, item in enumerate(carried_items()):
        asked = "true" if item.asked_of == "all" else f"pathway = '{item.asked_of}'"
        unknown = ", ".join(repr(code) for code in item.not_given.split(";") if code)
        given = f"{item.column} not in ({unknown})" if unknown else f"{item.column} is not null"
        lines += [
            f"{{% {'elif' if number else 'if'} item == '{item.column}' -%}}",
            f'{{{{ item_standing("{asked}", "{given}", "not {item.column}_is_unlisted") }}}}',
        ]
    return [*lines, "{% endif -%}"]
