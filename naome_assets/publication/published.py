"""The one step that everything leaving passes: true tables in, published tables out.

Nations stand unchanged. Of places below them, counts are hidden or rounded
(``statistics/disclosure.py``) and every other figure is worked out from what is left. Windows that
begin before the data, and crossed rows of ``prevalence``, are published for nations only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from naome_assets import __version__
from naome_assets.publication.derived import DERIVED, Method
from naome_assets.publication.dimensions import EVERYBODY, NATIONAL, PRESENTATIONS
from naome_assets.publication.living_counts import (
    DIMENSIONS,
    LivingDecisions,
    decide_living,
    is_margin,
)
from naome_assets.publication.stated_counts import (
    OF_PREVALENCE,
    STATED,
    Decisions,
    Series,
    StatedCounts,
    Windows,
    decide,
    places_of,
    presentation_of,
)
from naome_assets.statistics.disclosure import Flags, Integers, Profile
from naome_assets.transform.project import load_project
from naome_assets.warehouse.protocol import Warehouse

#: Tables that are published, in the order in which readers meet them.
PUBLISHED_TABLES = (
    "prevalence",
    "cns_access",
    "time_to_treatment",
    "indicator",
    "survival",
    "survival_curve",
    "treatment_curve",
    "prevalence_projection",
    "recurrence_capture",
    "case_mix_value",
    "data_quality",
)


@dataclass(frozen=True)
class Statement:
    """What stands on every file and page.

    Attributes:
        profile: name of the disclosure profile.
        profile_words: what it does, for readers.
        vintage: which state of the data the figures are of.
        quarter: last quarter published.
        first_quarter: start of the data: nothing before it is looked back to.
        method_version: of the method book.
        code_version: of naome.
    """

    profile: str
    profile_words: str
    vintage: str
    quarter: str
    first_quarter: str
    method_version: str
    code_version: str


@dataclass(frozen=True)
class Publication:
    """Tables that may leave, with what stands on them.

    Each table has the columns of the warehouse's, in order, and last ``suppressed``: true where a
    number of the row is withheld. Such a number is null.
    """

    tables: Mapping[str, pd.DataFrame]
    statement: Statement
    #: What the vintage changed (see ``revision.changes``), and the vintage before it, if any.
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    vintage_before: str = ""


@dataclass(frozen=True)
class Controlled:
    """Published tables, and how many small counts the sums still tell.

    That is 0 unless national figures or earlier publications leave no way to hide them.
    """

    tables: Mapping[str, pd.DataFrame]
    unprotected: int


def statement(profile: Profile, vintage: str, first_quarter: str, quarter: str) -> Statement:
    """What stands on files of a profile and vintage."""
    return Statement(
        profile=profile.name,
        profile_words=profile.words,
        vintage=vintage,
        quarter=quarter,
        first_quarter=first_quarter,
        method_version=str(load_project().variables["method_book_version"]),
        code_version=__version__,
    )


def published_name(table: str) -> str:
    """Name in the warehouse of a published table."""
    return f"published_{table}"


def true_tables(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    """The tables of the indicators stage that are to be published, without rows that never are.

    Those are crossed rows of ``prevalence`` and curves of places. Of ``data_quality`` the rows of
    all sources together: a place has hardly more than one.
    """
    return {
        table: warehouse.query(f"select * from {table}{_kept_rows(table)}")  # noqa: S608
        for table in PUBLISHED_TABLES
        if warehouse.has_table(table)
    }


def published_before(warehouse: Warehouse) -> dict[str, pd.DataFrame]:
    """What was published of places that ``control`` looks back to: keys, counts, ``suppressed``."""
    wanted = {
        own.table: [
            *("quarter", "period", "geography_type", "geography_code", "presentation"),
            *([own.kind] if own.kind else []),
            *own.wholes,
        ]
        for own in STATED
    }
    wanted["prevalence"] = ["quarter", "geography_type", "geography_code", *DIMENSIONS, "people"]
    before = {}
    for table, columns in wanted.items():
        name = published_name(table)
        has = {column for column, _ in warehouse.columns(name)}
        if has:
            asked = ", ".join(own for own in (*columns, "suppressed") if own in has)
            before[table] = warehouse.query(
                f"select {asked} from {name} where not ({_IS_NATIONAL})",  # noqa: S608
            )
    return before


_IS_NATIONAL = "geography_type in ('" + "', '".join(NATIONAL) + "')"


def _kept_rows(table: str) -> str:
    if table == "data_quality":
        return " where source = 'all'"
    if table == "prevalence":
        given = " + ".join(f"case when {name} <> 'all' then 1 else 0 end" for name in DIMENSIONS)
        return f" where {_IS_NATIONAL} or {given} <= 1"
    is_of_places = table in DERIVED or table == "case_mix_value"
    return "" if is_of_places else f" where {_IS_NATIONAL}"


def control(
    tables: Mapping[str, pd.DataFrame],
    listed: pd.DataFrame,
    profile: Profile,
    before: Mapping[str, pd.DataFrame] | None = None,
) -> Controlled:
    """Pass tables through disclosure control.

    Args:
        tables: true tables by name.
        listed: the providers there are, with their alliances, as in ``organisation``.
        profile: the rules.
        before: tables as they were published last, by this profile or another.
    """
    variables = load_project().variables
    method = Method.of(variables)
    located = [frame for frame in tables.values() if "geography_name" in frame]
    windowed = [frame for frame in located if "complete" in frame and len(frame)]
    if not windowed:
        return Controlled(
            {name: frame.assign(suppressed=False) for name, frame in tables.items()}, 0
        )
    places = places_of(located, listed, variables["welsh_providers"])
    windows = Windows.of(windowed)
    past = before or {}
    decisions = decide(tables, places, windows, profile, past)
    living = None
    if "prevalence" in tables:
        living = decide_living(tables["prevalence"], decisions, profile, past.get("prevalence"))
    published: dict[str, pd.DataFrame] = {}
    for name, frame in tables.items():
        if name == "prevalence" and living is not None:
            published[name] = _prevalence(frame, living, profile)
        elif name == "case_mix_value":
            published[name] = _case_mix_value(frame, decisions, profile)
        elif name in DERIVED:
            spec = next(own for own in STATED if own.table == name)
            published[name] = _windowed(frame, spec, decisions, living, profile, method)
        else:
            # Curves are of nations only.
            published[name] = frame[_is_national(frame)].assign(suppressed=False)
    unprotected = decisions.unprotected + (living.unprotected if living else 0)
    return Controlled(published, unprotected)


def _groups(
    rows: pd.DataFrame, kinds: Any, presentations: Integers
) -> list[tuple[tuple[str, int], Integers]]:
    """Positions of the rows of each kind and presentation."""
    groups: dict[Any, Any] = rows.groupby([kinds, presentations]).indices
    return [((str(kind), int(number)), index) for (kind, number), index in groups.items()]


def _is_national(frame: pd.DataFrame) -> pd.Series:
    return frame["geography_type"].isin(NATIONAL)


def _put_together(
    frame: pd.DataFrame, local: pd.DataFrame, suppressed: Flags | pd.Series
) -> pd.DataFrame:
    """National rows as they are and rows of places, in the columns of the true table."""
    national = frame[_is_national(frame)].assign(suppressed=False)
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


def _publish_counts(rows: pd.DataFrame, hidden: Mapping[str, Flags], profile: Profile) -> None:
    """Hide or round the counts of rows of places."""
    for column, flags in hidden.items():
        stated = rows[column].notna().to_numpy(bool)
        counts = profile.rounded(rows[column].fillna(0).to_numpy(np.int64))
        rows[column] = pd.array(counts, dtype="Int64")
        rows.loc[flags | ~stated, column] = pd.NA


def _windowed(
    frame: pd.DataFrame,
    spec: StatedCounts,
    decisions: Decisions,
    living: LivingDecisions | None,
    profile: Profile,
    method: Method,
) -> pd.DataFrame:
    local = frame[~_is_national(frame) & frame["complete"].astype(bool)]
    base = _people_columns(frame, spec)
    local = local[_is_published(local, spec, base, decisions)]
    local = _in_order(
        pd.concat([local, _hidden_zeros(frame, local, spec, base, decisions, living)]), frame
    )
    hidden = {column: np.zeros(len(local), bool) for column in spec.wholes}
    at_place = local["geography_code"].map(decisions.places.number).to_numpy(np.int64)
    at_window = decisions.windows.of_rows(local)
    presentations = presentation_of(local)
    kinds = local[spec.kind] if spec.kind else pd.Series("", index=local.index)
    for (kind, presentation), index in _groups(local, kinds.to_numpy(), presentations):
        for column, flags in hidden.items():
            decided = decisions.of((spec.table, kind, column), presentation)
            if decided is not None:
                flags[index] = decided[0][at_place[index], at_window[index]]
                flags[index] |= decided[1][at_place[index]]
    if spec.table == "indicator" and living is not None:
        _hide_as_living(local, hidden, living)
    local["true_people"] = local[next(iter(spec.wholes))].fillna(0).astype(float)
    if "at_risk" in local:
        local["at_risk_stated"] = local["at_risk"].notna()
    _publish_counts(local, hidden, profile)
    before = local.copy()
    local = DERIVED[spec.table](local, profile, method)
    suppressed = np.logical_or.reduce(list(hidden.values()))
    for name in ("median_days", "lower_quartile_days", "upper_quartile_days", "value"):
        if name in local:
            suppressed |= (local[name].isna() & before[name].notna()).to_numpy(bool)
    return _put_together(frame, local, suppressed)


def _people_columns(frame: pd.DataFrame, spec: StatedCounts) -> dict[str, str]:
    """The column of each kind whose people make a row: the first that the kind states.

    A row of nobody is left out, so a row that is not there says that this count is 0.
    """
    kinds = frame[spec.kind] if spec.kind else np.full(len(frame), "")
    stated = frame.groupby(kinds)[list(spec.wholes)].count() > 0
    return {str(kind): str(column) for kind, column in stated.idxmax(axis=1).items()}


def _is_published(
    local: pd.DataFrame, spec: StatedCounts, base: Mapping[str, str], decisions: Decisions
) -> Flags:
    """Rows whose people are not withheld altogether."""
    at_place = local["geography_code"].map(decisions.places.number).to_numpy(np.int64)
    kinds = local[spec.kind].to_numpy() if spec.kind else np.full(len(local), "")
    is_published = np.ones(len(local), bool)
    for (kind, presentation), index in _groups(local, kinds, presentation_of(local)):
        decided = decisions.of((spec.table, kind, base[kind]), presentation)
        if decided is not None:
            is_published[index] = ~decided[1][at_place[index]]
    return is_published


_PLACE = ("geography_type", "geography_code")


def _in_order(local: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows by what they are of, so that their order does not tell which were added."""
    keys = [
        name
        for name in ("quarter", "period", "indicator", "modality", "item", *_PLACE, *DIMENSIONS)
        if name in frame
    ]
    return local.sort_values(keys, kind="stable", ignore_index=True)


def _hidden_zeros(
    frame: pd.DataFrame,
    local: pd.DataFrame,
    spec: StatedCounts,
    base: Mapping[str, str],
    decisions: Decisions,
    living: LivingDecisions | None,
) -> pd.DataFrame:
    """Rows of nobody that are shown as hidden, because they protect others.

    They hold what rows of somebody hold, or they would tell that they are of nobody.
    """
    places, windows = decisions.places, decisions.windows
    stand = pd.MultiIndex.from_arrays(
        [
            local[spec.kind] if spec.kind else pd.Series("", index=local.index),
            presentation_of(local),
            local["geography_code"].map(places.number).to_numpy(np.int64),
            windows.of_rows(local),
        ]
    )
    wanted = [
        (kind, presentation, int(place), int(window))
        for (series, presentation), number in decisions.slices.items()
        for table, kind, column in [series]
        if table == spec.table and column == base.get(kind)
        for place, window in np.argwhere(decisions.hidden[number])
    ]
    if spec.table == "indicator" and living is not None:
        wanted += _hidden_living(living, frame, decisions)
    missing = sorted(set(wanted) - set(stand))
    if not missing:
        return local.iloc[:0]
    kinds = pd.Index([row[0] for row in missing])
    presentations, at_place, at_window = np.array([row[1:] for row in missing], np.int64).T
    stated = frame.groupby(frame[spec.kind] if spec.kind else np.full(len(frame), ""))[
        list(spec.wholes)
    ].count()
    columns: dict[str, Any] = {}
    for column in spec.wholes:
        is_stated = stated[column].gt(0).reindex(kinds).to_numpy(bool)
        columns[column] = np.zeros(len(missing), np.int64)
        if not is_stated.all():
            columns[column] = np.where(is_stated, 0.0, np.nan)
    labels = [windows.label(window) for window in range(len(windows.complete))]
    columns |= {
        "quarter": np.array([quarter for quarter, _ in labels], object)[at_window],
        "period": np.array([period for _, period in labels], object)[at_window],
        "complete": True,
        "geography_type": np.array(places.types, object)[at_place],
        "geography_code": np.array(places.codes, object)[at_place],
        "geography_name": np.array(places.names, object)[at_place],
        "presentation": np.array(PRESENTATIONS, object)[presentations],
    }
    if spec.kind:
        columns[spec.kind] = kinds
        of_kind = frame.drop_duplicates(spec.kind).set_index(spec.kind)
        columns |= {
            name: of_kind[name].reindex(kinds).to_numpy()
            for name in ("unit", "item_code")
            if name in of_kind
        }
    added = pd.DataFrame(columns)
    if "target_pct" in frame:
        own = [name for name in ("quarter", "period", "presentation", spec.kind) if name in frame]
        targets = frame.drop_duplicates(own)[[*own, "target_pct"]]
        added = added.merge(targets, how="left", on=own)
    return added.reindex(columns=frame.columns).astype(frame.dtypes.to_dict(), errors="ignore")


def _hidden_living(
    living: LivingDecisions, frame: pd.DataFrame, decisions: Decisions
) -> list[tuple[str, int, int, int]]:
    """Windows of places whose number of people living with MBC is hidden."""
    own = frame[(frame["indicator"] == OF_PREVALENCE) & ~_is_national(frame)]
    own = own[own["complete"].astype(bool)]
    windows = own.drop_duplicates(["quarter", "period"])
    number = {quarter: index for index, quarter in enumerate(living.quarters)}
    return [
        (OF_PREVALENCE, 0, int(place), int(window))
        for quarter, window in zip(
            windows["quarter"], decisions.windows.of_rows(windows), strict=True
        )
        for place in np.flatnonzero(living.hidden[0, :, number[quarter]])
    ]


def _hide_as_living(
    rows: pd.DataFrame, hidden: Mapping[str, Flags], living: LivingDecisions
) -> None:
    """The share of recurrent among the living takes the decisions of ``prevalence``."""
    own = (rows["indicator"] == OF_PREVALENCE).to_numpy(bool)
    keys = rows.loc[own, ["quarter", "geography_code"]].assign(**EVERYBODY)
    for column, presentation in (("denominator", "all"), ("numerator", "recurrent")):
        asked = keys.assign(presentation=presentation)
        if ("all", "all", presentation, "all") in living.categories:
            hidden[column][own] = living.hidden[living.at(asked)]
    hidden["numerator"][own] |= hidden["denominator"][own]


def _prevalence(frame: pd.DataFrame, living: LivingDecisions, profile: Profile) -> pd.DataFrame:
    local = frame[~_is_national(frame) & is_margin(frame)]
    stand = set(zip(*(axis.tolist() for axis in living.at(local)), strict=True))
    missing = sorted(set(map(tuple, np.argwhere(living.hidden).tolist())) - stand)
    dates = frame.drop_duplicates("quarter").set_index("quarter")["index_date"]
    notes = local.drop_duplicates("quarter").set_index("quarter")["notes"]
    added = pd.DataFrame(
        [
            dict(
                zip(
                    ("sex", "age_band", "presentation", "years_since_mbc"),
                    living.categories[category],
                    strict=True,
                ),
                quarter=living.quarters[quarter],
                index_date=dates[living.quarters[quarter]],
                geography_type=living.places.types[place],
                geography_code=living.places.codes[place],
                geography_name=living.places.names[place],
                people=0,
                notes=notes.get(living.quarters[quarter]),
            )
            for category, place, quarter in missing
        ],
        columns=frame.columns,
    )
    if len(added):
        local = pd.concat([local, added.astype(frame.dtypes.to_dict(), errors="ignore")])
    local = _in_order(local, frame)
    hidden = living.hidden[living.at(local)]
    _publish_counts(local, {"people": hidden}, profile)
    return _put_together(frame, local, hidden)


#: The counts of each case-mix model are those of another table.
_CASE_MIX_COUNTS = {
    "cns_access": (("cns_access", "", "recorded"), ("cns_access", "", "seen")),
    "within_31d": (
        ("time_to_treatment", "any", "eligible_31d"),
        ("time_to_treatment", "any", "within_31d"),
    ),
}
#: A model whose people are counted nowhere else (those followed for a year), so that no sums
#: protect them: of places the adjusted value alone stands, to whole percents like every estimate of
#: survival.
_WITHOUT_COUNTS = "survival_1y"
#: Digits of a mean expected share: more would tell how many people it is the mean of.
_EXPECTED_DIGITS = 3


def _case_mix_counts(kind: str) -> tuple[Series, Series]:
    return _CASE_MIX_COUNTS.get(
        kind, (("indicator", kind, "denominator"), ("indicator", kind, "numerator"))
    )


def _hidden_fits(local: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """Rows of nobody, where the people of a model are hidden."""
    places = decisions.places
    stand = set(zip(local["indicator"], local["quarter"], local["geography_code"], strict=True))
    fits = local.drop_duplicates(["indicator", "quarter", "geography_type"])
    rows = []
    for fit, window in zip(fits.to_dict("records"), decisions.windows.of_rows(fits), strict=True):
        decided = decisions.of(_case_mix_counts(str(fit["indicator"]))[0], 0)
        if decided is None:
            continue
        for place in np.flatnonzero(decided[0][:, window]):
            key = (fit["indicator"], fit["quarter"], places.codes[place])
            if places.types[place] == fit["geography_type"] and key not in stand:
                rows.append(
                    {str(name): value for name, value in fit.items()}
                    | {
                        "geography_code": places.codes[place],
                        "geography_name": places.names[place],
                        "people": 0,
                        "observed": 0,
                    }
                )
    return pd.DataFrame(rows, columns=local.columns).astype(local.dtypes.to_dict())


def _is_withheld(local: pd.DataFrame, decisions: Decisions) -> Flags:
    """Rows whose people are not published at all: that there is a row would tell of somebody."""
    at_place = local["geography_code"].map(decisions.places.number).to_numpy(np.int64)
    withheld = np.zeros(len(local), bool)
    for kind, index in local.groupby("indicator").indices.items():
        decided = decisions.of(_case_mix_counts(str(kind))[0], 0)
        if decided is not None:
            withheld[index] = decided[1][at_place[index]]
    return withheld


def _case_mix_value(frame: pd.DataFrame, decisions: Decisions, profile: Profile) -> pd.DataFrame:
    """Observed and expected from published counts, where both of them are published."""
    windows, places = decisions.windows, decisions.places
    known = frame["quarter"].isin(windows.quarters) & frame["geography_code"].isin(places.codes)
    local = frame[known & ~_is_national(frame)].reset_index(drop=True)
    at_window = windows.of_rows(local)
    local = local[windows.complete[at_window] & ~_is_withheld(local, decisions)]
    local = _in_order(pd.concat([local, _hidden_fits(local, decisions)]), frame)
    at_window = windows.of_rows(local)
    at_place = local["geography_code"].map(places.number).to_numpy(np.int64)
    hidden = {
        name: profile.is_small(local[name].to_numpy(np.int64)) for name in ("people", "observed")
    }
    for kind, index in local.groupby("indicator").indices.items():
        for name, series in zip(("people", "observed"), _case_mix_counts(str(kind)), strict=True):
            decided = decisions.of(series, 0)
            if decided is not None:
                hidden[name][index] |= decided[0][at_place[index], at_window[index]]
                hidden[name][index] |= decided[1][at_place[index]]
    hidden["observed"] |= hidden["people"]
    observed, expected = local["observed"].astype(float), local["expected"].astype(float)
    # The overall share of the model, from any row of it.
    overall = (
        (local["adjusted_value"] * expected / observed.where(observed > 0))
        .groupby([local["quarter"], local["indicator"]])
        .transform("first")
    )
    share = (expected / local["people"]).round(_EXPECTED_DIGITS)
    _publish_counts(local, hidden, profile)
    local["expected"] = share * local["people"].astype(float)
    local["adjusted_value"] = (
        local["observed"].astype(float) / local["expected"].where(local["expected"] > 0) * overall
    )
    is_hidden = hidden["observed"]
    local.loc[is_hidden, ["expected", "adjusted_value"]] = np.nan
    alone = local["indicator"] == _WITHOUT_COUNTS
    local.loc[alone, "adjusted_value"] = local.loc[alone, "adjusted_value"].round()
    local.loc[alone, ["people", "observed", "expected"]] = pd.NA
    return _put_together(frame, local, is_hidden)
