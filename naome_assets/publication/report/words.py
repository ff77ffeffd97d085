"""Words of the report in one language, and numbers as readers see them."""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from naome_assets.contract.dimensions import ENGLAND_AND_WALES, PERIODS
from naome_assets.publication.cells import SUPPRESSED
from naome_assets.publication.decimals import decimals_of
from naome_assets.quarters import Quarter

#: Language codes; the first is that of the pages at the top of the site.
LANGUAGES = ("en", "cy")

Row = Mapping[str, Any]
_QUARTER = re.compile(r"\d{4}-Q[1-4]")


@cache
def read_texts(language: str) -> dict[str, Any]:
    """The texts of a language, nested as in its file; not to be changed."""
    folder = resources.files("naome_assets.publication.report") / "text"
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))


class Words:
    """Texts by dotted key: ``words("cns.title")``; values in braces are filled in."""

    def __init__(self, language: str, missing_nation: str = "") -> None:
        """Read the texts of a language.

        Args:
            language: its code.
            missing_nation: the nation that England and Wales lacks in the published quarter: it
                is named wherever that place is (ruling I4).
        """
        self.language = language
        self._missing_nation = missing_nation
        self._texts = read_texts(language)
        # Pages ask for the same few hundred texts a quarter of a million times.
        self._found: dict[str, object] = {}

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key.

        Raises:
            KeyError: when there is none, or a value is missing.
        """
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(f"no text '{key}' in {self.language}")
        return found.format(**values) if values else found

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return isinstance(self._find(key), str)

    def list(self, key: str) -> list[str]:
        """A list of texts, in order."""
        found = self._find(key)
        if not isinstance(found, list):
            raise KeyError(f"no list '{key}' in {self.language}")
        return found

    def group(self, key: str) -> dict[str, str]:
        """The texts under a key by their names."""
        found = self._find(key)
        return dict(found) if isinstance(found, Mapping) else {}

    def _find(self, key: str) -> object:
        if key not in self._found:
            self._found[key] = self._look_up(key)
        return self._found[key]

    def _look_up(self, key: str) -> object:
        found: object = self._texts
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                return None
            found = found[part]
        return found

    def place(self, code: str, name: str) -> str:
        """Name of a place in this language: its own where it has none."""
        told = self(f"places.{code}") if self.has(f"places.{code}") else name
        return self.lacking(told, self._missing_nation) if code == ENGLAND_AND_WALES else told

    def lacking(self, text: str, nation: str) -> str:
        """A name or quarter of England and Wales, with the nation that is missing from it."""
        return f"{text} ({self(f'not_reported.{nation}')})" if nation else text

    def date(self, day: dt.date) -> str:
        """31 December 2024."""
        return f"{day.day} {self.list('months')[day.month - 1]} {day.year}"

    def quarter(self, code: str) -> str:
        """October to December 2024, of ``2024-Q4``."""
        quarter, months = Quarter.parse(code), self.list("months")
        first, last = (months[day.month - 1] for day in (quarter.first_day, quarter.last_day))
        return self("period.span", first=first, last=f"{last} {quarter.year}")

    def last_month(self, code: str) -> str:
        """December 2024, of ``2024-Q4``: where what is shown ends with the quarter."""
        last = Quarter.parse(code).last_day
        return f"{self.list('months')[last.month - 1]} {last.year}"

    def last_month_short(self, code: str) -> str:
        """Dec 2024, as the label of an axis."""
        last = Quarter.parse(code).last_day
        return f"{self.list('months_short')[last.month - 1]} {last.year}"

    def vintage(self, text: str) -> str:
        """A vintage such as ``2024-Q4, revision 2``, in words."""
        code, _, revision = text.partition(", revision ")
        if _QUARTER.fullmatch(code) is None:
            return text
        said = self.quarter(code)
        return self("statement.revision", vintage=said, number=revision) if revision else said

    def window(self, quarter: Quarter, period: str) -> str:
        """January 2022 to December 2024."""
        first = (quarter + (1 - PERIODS[period])).first_day
        last = quarter.last_day
        months = self.list("months")
        return self(
            "period.span",
            first=f"{months[first.month - 1]} {first.year}",
            last=f"{months[last.month - 1]} {last.year}",
        )

    def cell(self, row: Row | None, column: str, decimals: int = 0) -> str:
        """A number of a published row, ``*`` where suppressed, words where there is none."""
        if row is None:
            return self("none.short")
        value = number(row, column)
        if value is None:
            return SUPPRESSED if row.get("suppressed") else self("none.short")
        return f"{value:,.{decimals}f}"

    def percent(self, row: Row | None, column: str) -> str:
        """As ``cell``, with a percent sign, and a decimal where counts are not too few for it."""
        text = self.cell(row, column, 1 if row is None else decimals_of(row, column))
        return f"{text}%" if text[0].isdigit() else text

    def percent_limits(self, lower: float, upper: float) -> str:
        """Limits of percentages, which do not leave 0 to 100."""
        return self("interval", lower=f"{max(0.0, lower):.1f}", upper=f"{min(100.0, upper):.1f}")

    def interval(self, row: Row | None, lower: str, upper: str, decimals: int | None = None) -> str:
        """The limits of a value; nothing where there are none.

        Without decimals of a percentage, the whole percents that hold them.
        """
        low, high = number(row, lower), number(row, upper)
        if row is None or low is None or high is None:
            return self.cell(row, lower)
        if decimals is None:
            decimals = decimals_of(row, lower)
            if not decimals:
                low, high = math.floor(low), math.ceil(high)
        return self("interval", lower=f"{low:,.{decimals}f}", upper=f"{high:,.{decimals}f}")


def signed(text: str) -> str:
    """A number as a change: with its sign, but 0 without; words as they are."""
    size = text.lstrip("-")
    if not size[0].isdigit():
        return text
    if not size.strip("0.,"):
        return size
    return text if size != text else f"+{text}"


def number(row: Row | None, column: str) -> float | None:
    """A number of a row; None for null and for a column that the row does not have."""
    value = None if row is None else row.get(column)
    if value is None or isinstance(value, str):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):  # pandas.NA
        return None
    return None if math.isnan(found) else found


def generated_lines() -> list[str]:
    """What files that are not of one language say of generated data: a line in each language."""
    return [Words(language)("generated.statement") for language in LANGUAGES]
