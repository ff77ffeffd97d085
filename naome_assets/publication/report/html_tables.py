"""Tables of figures as HTML, with the classes of the NHS.UK table component.

Most of what a page holds: the component of nhsuk-frontend-jinja takes a millisecond a cell, a
template of one's own four times what this takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

#: Colours of the tags that say how a place compares.
_TAGS = {
    "within": "white",
    "alert_low": "yellow",
    "alert_high": "yellow",
    "alarm_low": "orange",
    "alarm_high": "orange",
}


@dataclass(frozen=True)
class Cell:
    """A table cell: its text, and where it leads.

    ``tag`` is how a place compares (``within``, ``alert_low`` ...), or ``shade-0`` to ``shade-4``.
    """

    text: str
    href: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its caption, column heads and rows.

    The first column heads the rows; the others are numbers, save those that are ``left``.
    ``is_grid`` writes the heads upright, for many narrow columns.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    left: Sequence[int] = ()
    is_grid: bool = False


def table_html(table: Table, heading: str = "") -> Markup:
    """The table in a frame that scrolls sideways, by keyboard too.

    Args:
        table: What is shown.
        heading: Words of the heading right above; a caption that says the same is only read out.
    """
    caption = escape(table.caption)
    hidden = " nhsuk-u-visually-hidden" if table.caption == heading else ""
    numeric = ["" if at == 0 or at in table.left else "--numeric" for at in range(len(table.head))]
    parts = [
        f'<div class="report-scroll{" report-grid" if table.is_grid else ""}" role="group" '
        f'tabindex="0" aria-label="{caption}">\n<table class="nhsuk-table">\n'
        f'<caption class="nhsuk-table__caption nhsuk-table__caption--s{hidden}">{caption}'
        '</caption>\n<thead class="nhsuk-table__head">\n<tr class="nhsuk-table__row">'
    ]
    for name, kind in zip(table.head, numeric, strict=True):
        classes = "nhsuk-table__header" + (f" nhsuk-table__header{kind}" if kind else "")
        parts.append(f'<th class="{classes}" scope="col"><span>{escape(name)}</span></th>')
    parts.append('</tr>\n</thead>\n<tbody class="nhsuk-table__body">')
    for row in table.rows:
        parts.append('<tr class="nhsuk-table__row">')
        for at, cell in enumerate(row):
            text = _content(cell)
            if at == 0:
                parts.append(f'<th class="nhsuk-table__header" scope="row">{text}</th>')
                continue
            classes = "nhsuk-table__cell"
            if numeric[at]:
                classes += " nhsuk-table__cell--numeric"
            if cell.tag.startswith("shade-"):
                classes += f" report-{cell.tag}"
            parts.append(f'<td class="{classes}">{text}</td>')
        parts.append("</tr>\n")
    parts.append("</tbody>\n</table>\n</div>")
    return Markup("".join(parts))  # noqa: S704


def _content(cell: Cell) -> str:
    text = escape(cell.text)
    if cell.href:
        return f'<a href="{escape(cell.href)}">{text}</a>'
    if cell.tag in _TAGS:
        return f'<strong class="nhsuk-tag nhsuk-tag--{_TAGS[cell.tag]}">{text}</strong>'
    return text
