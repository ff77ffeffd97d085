"""Rows of places as published: counts hidden or rounded, in an order that tells nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from naome_assets.contract.dimensions import LIVING, NATIONAL
from naome_assets.contract.published_tables import TABLE
from naome_assets.disclosure.suppression import Flags, Integers, Profile


def groups(
    rows: pd.DataFrame, kinds: Any, presentations: Integers
) -> list[tuple[tuple[str, int], Integers]]:
    """Positions of the rows of each kind and presentation."""
    groups: dict[Any, Any] = rows.groupby([kinds, presentations]).indices
    return [((str(kind), int(number)), index) for (kind, number), index in groups.items()]


def is_national(frame: pd.DataFrame) -> pd.Series:
    """Rows that stand as they are."""
    return frame["geography_type"].isin(NATIONAL)


def with_added(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """True rows with the columns that the published table alone has, empty (ruling G1)."""
    added = {own.name: None if own.type == "text" else np.nan for own in TABLE[table].added}
    return frame.assign(**{name: value for name, value in added.items() if name not in frame})


def put_together(
    frame: pd.DataFrame, local: pd.DataFrame, suppressed: Flags | pd.Series
) -> pd.DataFrame:
    """National rows as they are and rows of places, in the columns of the true table."""
    national = frame[is_national(frame)].assign(suppressed=False)
    columns = [*frame.columns, "suppressed"]
    local = local.assign(suppressed=np.asarray(suppressed, bool))[columns]
    if local.empty:
        return national[columns].reset_index(drop=True)
    # A column that is null in one of the two takes the other's type.
    typed = {name: own.dtype for name, own in local.items() if own.notna().any()}
    national = national[columns]
    empty = [name for name in columns if national[name].isna().all() and name in typed]
    national = national.astype({name: typed[name] for name in empty}, errors="ignore")
    absent = [name for name in columns if name not in typed]
    local = local.astype({name: national[name].dtype for name in absent}, errors="ignore")
    return pd.concat([national, local], ignore_index=True)


def publish_counts(rows: pd.DataFrame, hidden: Mapping[str, Flags], profile: Profile) -> None:
    """Hide or round the counts of rows of places."""
    for column, flags in hidden.items():
        stated = rows[column].notna().to_numpy(bool)
        counts = profile.rounded(rows[column].fillna(0).to_numpy(np.int64))
        rows[column] = pd.array(counts, dtype="Int64")
        rows.loc[flags | ~stated, column] = pd.NA


_PLACE = ("geography_type", "geography_code")


def in_order(local: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by what they are of, so that their order does not tell which were added."""
    keys = [
        name
        for name in (
            "quarter",
            "period",
            "indicator",
            "modality",
            "item",
            *_PLACE,
            "method",
            *LIVING,
        )
        if name in frame
    ]
    return local.sort_values(keys, kind="stable", ignore_index=True)
