"""The codes of published tables in words: what the workbook shows, and the lists beside the CSV.

The words stand with those of the report, in each of its languages; here is which of them belong to
which code, in the order in which readers meet them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from naome_assets.contract.dimensions import CODES
from naome_assets.contract.indicators import INDICATOR, INDICATORS, Indicator
from naome_assets.publication.report.words import Words
from naome_assets.transform.project import load_project

#: Key of a text; then, where it has ``{of}`` in it, the key of the text that fills it.
Key = tuple[str, ...]

#: Group of the words of a column's codes, where it is not named for the column.
_WORDS_OF = {
    "geography_type": "place",
    "age_band": "bands",
    "years_since_mbc": "bands",
    "outlier_31d": "outlier",
    "outlier_62d": "outlier",
    "source": "record_source",
}


@cache
def code_lists() -> Mapping[str, Mapping[str, Key]]:
    """The codes of each coded column, in order, and where their words stand.

    A column has the same codes in every table that has it, or some of them.
    """
    lists = {column: _of(_WORDS_OF.get(column, column), *codes) for column, codes in CODES.items()}
    lists["geography_type"] |= {
        "cancer_alliance": ("table.alliance",),
        "provider": ("table.provider",),
    }
    return {
        **lists,
        "indicator": {own.key: _indicator(own) for own in INDICATORS},
        "item": {item: _item(item) for item in _items()},
    }


def in_words(column: str, code: str, words: Words) -> str:
    """The words of a code of a coded column.

    Raises:
        KeyError: for a code that the column's list does not have.
    """
    key, *of = code_lists()[column][code]
    return words(key, of=words(of[0])) if of else words(key)


def _of(group: str, *codes: str) -> dict[str, Key]:
    return {code: (f"{group}.{code}",) for code in codes}


def _indicator(own: Indicator) -> Key:
    """Words of a measure of the report, of completeness, of a group of another's people."""
    if own.is_on_pages:
        return (f"measures.{own.key}.title",)
    if own.item:
        return ("indicators.completeness", *_item(own.item))
    if own.among:
        return (f"indicators.{own.key}", *_indicator(INDICATOR[own.among]))
    return (f"indicators.{own.key}",)


def _items() -> Iterable[str]:
    variables = load_project().variables
    return [*variables["quality_items"], *variables["quality_sact_items"]]


def _item(item: str) -> Key:
    """Items that pages show are under ``items``, the others beside them."""
    return (f"items.{item}",) if Words("en").has(f"items.{item}") else (f"other_items.{item}",)
