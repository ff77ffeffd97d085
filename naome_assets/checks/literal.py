"""Values as SQL writes them."""

from __future__ import annotations


def literal(value: object) -> str:
    """A value as SQL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"
