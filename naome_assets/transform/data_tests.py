"""What the YAML files promise of a table's values: dbt's ``data_tests``, read.

dbt runs them in ``dbt build``; ``checks.described`` makes rules of them that judge every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: How a key of several columns is written, so that dbt's ``unique`` can judge it.
_GLUE = re.compile(r"\s*\|\|\s*'#'\s*\|\|\s*")
_COLUMN = re.compile(r"(?:cast\()?([a-z_][a-z0-9_]*)(?: as text\))?")
_REFERENCE = re.compile(r"ref\('([a-z0-9_]+)'\)")
#: Values that are those of settings, as dbt reads them.
_SETTING = re.compile(r"var\('([a-z0-9_]+)'\)")
_OF_SETTINGS = re.compile(
    rf"\{{\{{ {_SETTING.pattern}(?: \+ {_SETTING.pattern})*(?: \| list)? \}}\}}"
)


class DataTestError(Exception):
    """A data test is not one that is understood: the message names it."""


@dataclass(frozen=True)
class DataTest:
    """One promise.

    Attributes:
        kind: ``not_null``, ``unique``, ``accepted_values`` or ``relationships``.
        columns: the columns that it is about; several make a key together.
        values: of accepted_values, what a given value may be.
        to: of relationships, the table and column in which a given value stands.
        where: rows that it is about, as a condition; None means all.
    """

    kind: str
    columns: tuple[str, ...]
    values: tuple[str | int, ...] = ()
    to: tuple[str, str] | None = None
    where: str | None = None


def data_tests(entry: Mapping[str, Any], settings: Mapping[str, Any]) -> tuple[DataTest, ...]:
    """The promises of a table, as its entry in a YAML file has them.

    Args:
        entry: the entry.
        settings: of the project, which values may name: ``"{{ var('nations') | list }}"``.

    Raises:
        DataTestError: when one is of another kind, or not written as the others are.
    """
    return tuple(_of_entry(entry, settings))


def _of_entry(entry: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[DataTest]:
    for test in entry.get("data_tests", ()):
        yield _data_test(test, None, settings)
    for column in entry.get("columns", ()):
        for test in column.get("data_tests", ()):
            yield _data_test(test, column["name"], settings)


def _data_test(
    test: str | Mapping[str, Any], column: str | None, settings: Mapping[str, Any]
) -> DataTest:
    [(kind, content)] = [(test, {})] if isinstance(test, str) else list(test.items())
    arguments = content.get("arguments", {})
    columns = (column,) if column else _columns(arguments.get("column_name", ""))
    where = content.get("config", {}).get("where")
    match kind:
        case "not_null" | "unique":
            return DataTest(kind, columns, where=where)
        case "accepted_values":
            return DataTest(
                kind, columns, values=_values(arguments["values"], settings), where=where
            )
        case "relationships":
            found = _REFERENCE.fullmatch(arguments["to"])
            if found is None:
                raise DataTestError(f"relationships to {arguments['to']} is not understood")
            return DataTest(kind, columns, to=(found[1], arguments["field"]), where=where)
    raise DataTestError(f"the data test {kind} is not understood")


def _values(
    written: str | Sequence[str | int], settings: Mapping[str, Any]
) -> tuple[str | int, ...]:
    """Values as they are listed, or those of the settings that are named."""
    if not isinstance(written, str):
        return tuple(written)
    if _OF_SETTINGS.fullmatch(written) is None:
        raise DataTestError(f"the values {written} are not understood")
    try:
        return tuple(value for name in _SETTING.findall(written) for value in settings[name])
    except KeyError as error:
        raise DataTestError(f"there is no setting {error}") from None


def _columns(expression: str) -> tuple[str, ...]:
    """The columns of a key, which is written as one text with # between them."""
    parts = [_COLUMN.fullmatch(part) for part in _GLUE.split(expression)]
    if any(part is None for part in parts):
        raise DataTestError(f"the key {expression!r} is not columns with '#' between them")
    return tuple(part[1] for part in parts if part)
