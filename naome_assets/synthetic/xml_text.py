"""The few shapes that an element of a COSD file has, as text.

A value is in the element's text or in one attribute; an item that is not recorded is left out.
Files are written from text, not from a tree: at real size there are gigabytes of them. Every value
comes from this package and holds no character that XML would have to escape.
"""

from __future__ import annotations


def text(tag: str, value: str | None) -> str:
    """``<Tag>value</Tag>``."""
    return f"<{tag}>{value}</{tag}>\n" if value else ""


def code(tag: str, value: str | None) -> str:
    """``<Tag code="value"/>``."""
    return f'<{tag} code="{value}"/>\n' if value else ""


def codes(tag: str, values: list[str]) -> str:
    """A code that repeats."""
    return "".join([f'<{tag} code="{value}"/>\n' for value in values])


def extension(tag: str, value: str | None) -> str:
    """``<Tag extension="value"/>``: identifiers and organisations."""
    return f'<{tag} extension="{value}"/>\n' if value else ""


def value(tag: str, number: str | None) -> str:
    """``<Tag value="number"/>``: measurements."""
    return f'<{tag} value="{number}"/>\n' if number else ""


def section(tag: str, *items: str) -> str:
    """An element around items; nothing when it would be empty."""
    inner = "".join(items)
    return f"<{tag}>\n{inner}</{tag}>\n" if inner else ""
