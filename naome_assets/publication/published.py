"""What may leave the safe haven: tables after disclosure control, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Statement:
    """What stands on every published file and page (method book section 7)."""

    profile: str
    profile_words: str
    vintage: str
    quarter: str
    first_quarter: str
    method_version: str
    code_version: str


@dataclass(frozen=True)
class Publication:
    """Published tables by name, with a last column ``suppressed``, and their statement."""

    tables: Mapping[str, pd.DataFrame]
    statement: Statement
