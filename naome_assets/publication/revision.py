"""Vintages: which state of the data was published when, and each published value by vintage.

Nothing here looks at a clock: a vintage is told by what is published, its quarters, the method, the
code and the profile. A run that would publish the same tables again, over the same files or over
more that change no figure, is the same vintage; the gate has passed before anything comes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from pandas.util import hash_pandas_object

from naome_assets.contract.dimensions import IS_REPORTED, NATIONS
from naome_assets.contract.published_tables import TABLE, VINTAGE_KEY, published_name
from naome_assets.disclosure.control import Controlled, control
from naome_assets.disclosure.suppression import Profile
from naome_assets.publication.published import (
    generated_quarters,
    published_before,
    statement,
    true_tables,
)
from naome_assets.transform.analyses import ask
from naome_assets.warehouse.protocol import Warehouse

_ROW = ["quarter", "table_name", "row_key", "measure"]
_COLUMNS = [*_ROW, "value", "suppressed", "vintage_number", "vintage", "reason"]
#: How columns of ``reporting_quarter`` end that say how long people are followed.
_HORIZON = "_horizon"
FIRST = "first published"
WITHDRAWN = "quarter withdrawn"


def publish(
    warehouse: Warehouse, profile: Profile
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """What a publication of the warehouse's figures leaves.

    Returns:
        Published tables by their name in the warehouse, every vintage, and every revision.
    """
    tables = true_tables(warehouse)
    vintages = read_vintages(warehouse)
    # By whatever profile: readers have it.
    before = published_before(warehouse) if len(vintages) else {}
    *_, lacking = _reported(warehouse, vintages)
    missing = {
        quarter: NATIONS[nation]
        for quarter, nation in (part.split(" ") for part in lacking.split("; ") if part)
    }
    controlled = control(tables, _listed(warehouse), profile, before, missing)
    vintages = _with_this_vintage(warehouse, vintages, profile, controlled)
    revisions = read_revisions(warehouse)
    published = {published_name(name): frame for name, frame in controlled.tables.items()}
    withdrawn = set(warehouse.query("select quarter from withdrawal")["quarter"])
    return published, vintages, revise(revisions, controlled.tables, vintages, withdrawn)


def recount(warehouse: Warehouse) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last vintage with the files and records that are behind it now, and its revisions.

    What ``publish`` would leave where everything that is published is as it was published last:
    the vintage is the same, its counts are those of the ledger now, and so is the reason that
    follows from them.

    Returns:
        Every vintage, and every revision.
    """
    vintages = read_vintages(warehouse)
    last = vintages.index[-1]
    for name, value in _counts(warehouse).items():
        vintages.loc[last, name] = value
    revisions = read_revisions(warehouse)
    is_told = (revisions["vintage_number"] == vintages["number"].iloc[-1]) & ~revisions[
        "reason"
    ].isin([FIRST, WITHDRAWN])
    revisions.loc[is_told, "reason"] = _reason(vintages)
    return vintages, revisions


def revise(
    revisions: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    vintages: pd.DataFrame,
    withdrawn: Collection[str] = (),
) -> pd.DataFrame:
    """Add the values that are new or other than in the vintage before.

    A value of a vintage is the row of the latest vintage up to it. What a vintage no longer
    publishes has a null value that is not suppressed.

    Args:
        revisions: rows so far.
        tables: published tables by name.
        vintages: rows of ``publication_vintage``; the last is this publication.
        withdrawn: quarters that were taken back.
    """
    current = vintages.iloc[-1]
    number = int(current["number"])
    # A run over the same data replaces what it wrote.
    held = revisions[revisions["vintage_number"] < number]
    latest = held.sort_values("vintage_number", kind="stable").drop_duplicates(_ROW, keep="last")
    kept = [_long(name, frame) for name, frame in tables.items() if TABLE[name].vintage]
    now = pd.concat(kept) if kept else pd.DataFrame(columns=[*_ROW, "value", "suppressed"])
    both = now.merge(
        latest[[*_ROW, "value", "suppressed"]],
        on=_ROW,
        how="outer",
        suffixes=("", "_before"),
        indicator="found",
    )
    is_new = both["found"] == "left_only"
    gone = both["found"] == "right_only"
    both["suppressed"] = both["suppressed"].eq(True)
    was_suppressed = both["suppressed_before"].eq(True)
    same = (
        (both["value"] == both["value_before"])
        | (both["value"].isna() & both["value_before"].isna())
    ) & (both["suppressed"] == was_suppressed)
    changed = both[is_new | (~same & ~(gone & both["value_before"].isna() & ~was_suppressed))]
    # Other quarters lose by it as well: records of theirs that came with it, and its windows.
    is_withdrawn = gone & both["quarter"].isin(list(withdrawn))
    reason = WITHDRAWN if is_withdrawn.loc[changed.index].any() else _reason(vintages)
    changed = changed.assign(
        vintage_number=number,
        vintage=str(current["vintage"]),
        reason=changed["found"].eq("left_only").map({True: FIRST, False: reason}),
    )
    parts = [part[_COLUMNS] for part in (held, changed) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else held[_COLUMNS]


def changes(warehouse: Warehouse) -> pd.DataFrame:
    """Figures that the last vintage changed.

    Returns:
        Quarter, table_name, the columns that make its key (empty text where a table has none of
        that name), measure, value and suppressed now and before, reason. A figure that is
        published for the first time is no change.
    """
    changed = ask(warehouse, "revised_figures")
    for column in VINTAGE_KEY:
        changed[column] = ""
    for name, part in changed.groupby("table_name"):
        named = _key_columns(str(name))
        keys = part["row_key"].str.split("|", expand=True)
        changed.loc[part.index, named] = keys.to_numpy()
    return changed.drop(columns=["row_key"])


def _read(warehouse: Warehouse, table: str, columns: Sequence[str] = ()) -> pd.DataFrame:
    if not warehouse.has_table(table):
        return pd.DataFrame(columns=list(columns))
    return warehouse.query(f"select * from {table}")  # noqa: S608


def read_vintages(warehouse: Warehouse) -> pd.DataFrame:
    """Every vintage, the last one last."""
    vintages = _read(warehouse, "publication_vintage")
    return vintages.sort_values("number", ignore_index=True) if len(vintages) else vintages


def read_revisions(warehouse: Warehouse) -> pd.DataFrame:
    """Every revision."""
    return _read(warehouse, "revision", _COLUMNS)


def _counts(warehouse: Warehouse) -> dict[str, int | str]:
    """What a vintage says of the files and records behind it."""
    ledger = warehouse.query(
        "select cast(coalesce(sum(accepted), 0) as bigint) as accepted, "
        "cast(coalesce(sum(superseded), 0) as bigint) as superseded from ledger"
    )
    return {
        "generated": "; ".join(generated_quarters(warehouse)),
        "files": warehouse.rows("submission"),
        "accepted": int(ledger["accepted"].iloc[0]),
        "superseded": int(ledger["superseded"].iloc[0]),
    }


def _listed(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.query(
        "select distinct provider_code, provider_name, cancer_alliance_code, cancer_alliance_name "
        "from organisation"
    )


def _key_columns(table: str) -> list[str]:
    """The columns that make the key of a table's figure, in the order in which it is written."""
    return [column for column in VINTAGE_KEY if column in TABLE[table].key]


def _long(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A row a kept figure."""
    table = TABLE[name]
    for column, values in table.vintage_rows.items():
        frame = frame[frame[column].isin(values)]
    keys = _key_columns(name)
    row_key = frame[keys[0]].astype(str)
    for column in keys[1:]:
        row_key = row_key + "|" + frame[column].astype(str)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "quarter": frame["quarter"].astype(str),
                    "table_name": name,
                    "row_key": row_key,
                    "measure": measure,
                    "value": frame[measure].astype("Float64").astype(float),
                    "suppressed": frame["suppressed"] & frame[measure].isna(),
                }
            )
            for measure in table.vintage
        ]
    )


def _with_this_vintage(
    warehouse: Warehouse, vintages: pd.DataFrame, profile: Profile, controlled: Controlled
) -> pd.DataFrame:
    """The vintages with this one last: the last again when nothing is new, else one more."""
    first_quarter, quarter, not_reported = _reported(warehouse, vintages)
    stated = statement(profile, "", first_quarter, quarter)
    rules = (
        *(profile.name, stated.method_version, stated.code_version, first_quarter, quarter),
        not_reported,
    )
    contents = [f"{name} {content(frame)}" for name, frame in sorted(controlled.tables.items())]
    fingerprint = hashlib.sha256("\0".join((*rules, *contents)).encode()).hexdigest()
    is_again = len(vintages) > 0 and vintages["fingerprint"].iloc[-1] == fingerprint
    earlier = vintages.iloc[:-1] if is_again else vintages
    of_quarter = int((earlier["quarter"] == quarter).sum()) if len(earlier) else 0
    vintage = quarter if of_quarter == 0 else f"{quarter}, revision {of_quarter}"
    row = pd.DataFrame(
        [
            {
                "number": len(earlier) + 1,
                "vintage": vintage,
                "quarter": quarter,
                "first_quarter": first_quarter,
                "profile": profile.name,
                "profile_words": profile.words.strip(),
                "small_to": profile.small_to,
                "round_to": profile.round_to,
                "method_version": stated.method_version,
                "code_version": stated.code_version,
                "not_reported": not_reported,
                "followed_to": _followed_to(warehouse),
                **_counts(warehouse),
                "unprotected": controlled.unprotected,
                "fingerprint": fingerprint,
            }
        ]
    )
    return pd.concat([earlier, row], ignore_index=True) if len(earlier) else row


def _reported(warehouse: Warehouse, vintages: pd.DataFrame) -> tuple[str, str, str]:
    """First and last reported quarter, and the quarters that lack a nation (rulings G5, I4).

    Where nothing is reported: the quarters asked for, else those of the vintage before.
    """
    quarters = warehouse.query("select * from reporting_quarter order by quarter")
    if quarters.empty:
        asked = warehouse.query(
            "select min(from_quarter) as first, max(to_quarter) as last from audit_run"
        ).iloc[0]
        if asked.notna().all():
            return str(asked["first"]), str(asked["last"]), ""
        if len(vintages):
            last = vintages.iloc[-1]
            return str(last["first_quarter"]), str(last["quarter"]), ""
        return str(None), str(None), ""  # A warehouse that nobody asked anything of.
    missing = [
        f"{row['quarter']} {nation}"
        for _, row in quarters.iterrows()
        for nation, column in IS_REPORTED.items()
        if not row[column]
    ]
    return str(quarters["quarter"].iloc[0]), str(quarters["quarter"].iloc[-1]), "; ".join(missing)


def _followed_to(warehouse: Warehouse) -> str:
    """The days on which follow-up ends, by nation and of a registry extract (ruling A5)."""
    quarters = warehouse.query("select * from reporting_quarter limit 1")
    return "; ".join(
        f"{column.removesuffix(_HORIZON)} {pd.Timestamp(quarters[column].iloc[0]):%Y-%m-%d}"
        for column in map(str, quarters.columns)
        if len(quarters) and column.endswith(_HORIZON)
    )


def _is_followed_longer(before: pd.Series, now: pd.Series) -> bool:
    """Whether people of some nation are followed to a later day than in the vintage before."""
    if now["quarter"] > before["quarter"]:
        return True
    if pd.isna(before.get("followed_to")):  # Of a version of naome that did not write it down.
        return False
    days_before, days_now = (
        dict(part.split(" ") for part in vintage["followed_to"].split("; ") if part)
        for vintage in (before, now)
    )
    return any(day > days_before.get(whose, day) for whose, day in days_now.items())


def content(frame: pd.DataFrame) -> int:
    """A number that tells whether a table holds the same rows, whatever their order.

    Numbers count to nine decimals: the last digits of a sum hang on its order.
    """
    values = pd.DataFrame({name: _comparable(frame[name]) for name in sorted(frame.columns)})
    return int(hash_pandas_object(values, index=False).sum())


def _comparable(column: pd.Series) -> pd.Series:
    if column.isna().all():
        # A column of nulls alone has no type to go by.
        return pd.Series(np.nan, index=column.index)
    if is_numeric_dtype(column):
        return column.astype("Float64").astype(float).round(9) + 0.0
    return column.astype(object).where(column.notna(), "").astype(str)


def _reason(vintages: pd.DataFrame) -> str:
    """Why values of the last vintage differ from those before."""
    if len(vintages) < 2:
        return FIRST
    before, now = vintages.iloc[-2], vintages.iloc[-1]
    if before["profile"] != now["profile"]:
        return "another disclosure profile"
    if any(before[name] != now[name] for name in ("method_version", "code_version")):
        return "method or code"
    reasons = []
    if now["superseded"] > before["superseded"]:
        reasons.append("corrections")
    if now["accepted"] > before["accepted"]:
        reasons.append("late records")
    if _is_followed_longer(before, now):
        reasons.append("longer follow-up")
    return " and ".join(reasons) or "corrections"
