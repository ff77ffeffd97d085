"""How published figures are in the cells of a file."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import is_bool_dtype, is_numeric_dtype

#: A number that disclosure control withholds (method book section 7).
SUPPRESSED = "*"
#: Text that begins with one of these is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMULA_START = r"^[=+\-@\t\r]"


def cells(published: pd.DataFrame, nothing: str, withheld: str = SUPPRESSED) -> pd.DataFrame:
    """A published table as objects: numbers as they are, nulls as readers are to see them.

    Args:
        published: columns of the warehouse's table and ``suppressed``, which goes.
        nothing: what stands for a null that is no withheld number.
        withheld: what stands for a withheld number.

    Returns:
        ``withheld`` for a null number in a suppressed row, ``nothing`` for the other nulls, texts
        that no spreadsheet takes for a formula, days as ISO dates.
    """
    suppressed = published["suppressed"].to_numpy(dtype=bool)
    shown = pd.DataFrame(index=published.index)
    for name in published.columns.drop("suppressed"):
        column = published[name]
        if is_bool_dtype(column):
            values = column.map({True: "true", False: "false"})
        elif is_numeric_dtype(column):
            values = column.astype(object).where(column.notna() | ~suppressed, withheld)
        else:
            values = column.astype(object).map(harmless, na_action="ignore")
        shown[name] = values.astype(object).where(values.notna(), nothing)
    return shown


def cells_as_text(published: pd.DataFrame) -> pa.Table:
    """The same for CSV, where everything is text and an empty cell is null: quick on large tables.

    Numbers have all their digits; true and false are ``true`` and ``false``.
    """
    suppressed = pa.array(published["suppressed"].to_numpy(dtype=bool))
    table = pa.Table.from_pandas(published.drop(columns="suppressed"), preserve_index=False)
    texts = []
    for column in table.columns:
        kind = column.type
        text = pc.cast(column, pa.date32() if pa.types.is_timestamp(kind) else kind)
        text = pc.cast(text, pa.string())
        if pa.types.is_integer(kind) or pa.types.is_floating(kind):
            withheld = pc.and_(suppressed, pc.is_null(text))
            text = pc.if_else(withheld, SUPPRESSED, text)
        elif pa.types.is_string(kind):
            begins = pc.match_substring_regex(text, _FORMULA_START)
            text = pc.if_else(
                pc.fill_null(begins, False), pc.binary_join_element_wise("'", text, ""), text
            )
        texts.append(text)
    return pa.table(texts, names=table.column_names)


def harmless(value: object) -> object:
    """A value that no spreadsheet takes for a formula; days as ISO dates."""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return f"'{value}" if str(value).startswith(_FORMULA) else value
