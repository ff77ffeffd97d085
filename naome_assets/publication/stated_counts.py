"""Which column of which table states which count, and what the counts add up to.

Several tables state the same count: patients of ``cns_access`` are those of ``time_to_treatment``
and the denominators of most indicators. Series of counts that are equal everywhere are one series
here and are decided once, so that no table tells what another hides. Parts (recorded among
patients) are hidden where their whole is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from naome_assets.publication.dimensions import (
    ENGLAND,
    MODALITIES,
    NATIONAL,
    PRESENTATIONS,
    WALES,
)
from naome_assets.quarters import Quarter
from naome_assets.statistics.bounds import Cells
from naome_assets.statistics.disclosure import (
    EXACT,
    LATENT,
    OPEN,
    REST,
    Counts,
    Flags,
    Integers,
    Profile,
    Sums,
    suppress,
)

PERIODS = ("quarter", "rolling_12m", "rolling_36m")

#: So many providers of a nation keep one another from being its exact figures.
_ENOUGH_PROVIDERS = 3
#: A series is rare at a place when more than this share of its counts there is small [ours].
_RARE = 0.5
#: A place of which readers never saw a row protects others last of all.
_NO_ROWS_LATER = 1e8

#: The share of recurrent among the living is of prevalence, and decided with it.
OF_PREVALENCE = "recurrent_share_of_living"


@dataclass(frozen=True)
class StatedCounts:
    """The counts of a table that has windows.

    Attributes:
        table: the table.
        kind: the column that splits its rows beside place, window and presentation.
        wholes: each column of counts with the column that it is a part of.
        has_quarters: whether places have rows of single quarters.
    """

    table: str
    kind: str | None
    wholes: Mapping[str, str | None]
    has_quarters: bool = False


STATED = (
    StatedCounts(
        "cns_access", None, {"patients": None, "recorded": "patients", "seen": "recorded"}
    ),
    StatedCounts(
        "time_to_treatment",
        "modality",
        {
            "patients": None,
            "treated": "patients",
            "died_untreated": "patients",
            "censored": "patients",
            "eligible_31d": "patients",
            "within_31d": "eligible_31d",
            "eligible_62d": "patients",
            "within_62d": "eligible_62d",
        },
    ),
    StatedCounts(
        "indicator",
        "indicator",
        {"denominator": None, "numerator": "denominator", "at_risk": "denominator"},
    ),
    StatedCounts(
        "survival",
        "indicator",
        {"denominator": None, "deaths": "denominator", "at_risk": "denominator"},
    ),
    StatedCounts(
        "data_quality",
        "item",
        {"records": None, "given": "records", "valid": "given"},
        has_quarters=True,
    ),
)

Series = tuple[str, str, str]
Roles = NDArray[np.int8]


def _treatment(modality: str, column: str) -> Series:
    return ("time_to_treatment", modality, column)


#: Counts that add up to another within one place, window and presentation. A sum that does not
#: hold (people of a registry extract are followed otherwise) tells nobody anything and is left out.
ADDED: tuple[tuple[Series, tuple[Series, ...]], ...] = (
    (
        _treatment("any", "patients"),
        tuple(_treatment("any", name) for name in ("treated", "died_untreated", "censored")),
    ),
    *(
        (
            _treatment("any", whole),
            tuple(_treatment(modality, part) for modality in MODALITIES),
        )
        for whole, part in (
            ("treated", "patients"),
            ("within_31d", "within_31d"),
            ("within_62d", "within_62d"),
        )
    ),
    (
        ("indicator", "incidence", "numerator"),
        (
            ("indicator", "mdt_discussed", "denominator"),
            ("indicator", "death_certificate_only", "numerator"),
        ),
    ),
)

#: Counts of different people among those of another: more than its parts one by one, a reader
#: knows that together they are at most the whole.
AMONG: tuple[tuple[Series, tuple[Series, ...]], ...] = (
    *(
        (
            _treatment("any", f"eligible_{days}d"),
            tuple(_treatment(modality, f"eligible_{days}d") for modality in MODALITIES),
        )
        for days in (31, 62)
    ),
    *(
        ((table, name, "denominator"), ((table, name, dead), (table, name, "at_risk")))
        for table, dead in (("survival", "deaths"), ("indicator", "numerator"))
        for name in ("survival_1y", "survival_3y")
    ),
    *(
        (
            ("indicator", "sact_within_6_months", column),
            tuple(
                ("indicator", f"sact_within_6_months_{subtype}", column)
                for subtype in ("her2_positive", "triple_negative", "hr_positive_her2_negative")
            ),
        )
        for column in ("denominator", "numerator")
    ),
)


@dataclass(frozen=True)
class Places:
    """England, Wales, alliances and providers, each with the place that it is a part of."""

    codes: tuple[str, ...]
    types: tuple[str, ...]
    names: tuple[str, ...]
    parents: tuple[int, ...]
    #: Whether a place has a row anywhere; the others are listed, and have nobody.
    has_rows: Flags

    @property
    def number(self) -> dict[str, int]:
        """Number of a place by its code."""
        return {code: number for number, code in enumerate(self.codes)}

    @property
    def is_national(self) -> Flags:
        """Whether a place is a nation."""
        return np.array([type_ == "nation" for type_ in self.types])

    def nations(self) -> Integers:
        """The nation of each place, -1 for none; a nation is its own."""
        nation = np.arange(len(self.codes))
        for _ in set(self.types):  # As many steps up as there are kinds of places, at the most.
            nation = np.array([self.parents[n] if self.parents[n] >= 0 else n for n in nation])
        return np.where(self.is_national[nation], nation, -1)

    def families(self) -> Integers:
        """A row a parent: its number, then its children's, -1 for none."""
        children: dict[int, list[int]] = {}
        for child, parent in enumerate(self.parents):
            if parent >= 0:
                children.setdefault(parent, []).append(child)
        width = max((len(own) for own in children.values()), default=0)
        return np.array(
            [
                [parent, *own, *([-1] * (width - len(own)))]
                for parent, own in sorted(children.items())
            ],
            dtype=np.int64,
        ).reshape(len(children), width + 1)


def places_of(frames: Sequence[pd.DataFrame], listed: pd.DataFrame, welsh: Sequence[str]) -> Places:
    """The places of tables.

    Where fewer than three Welsh providers have rows, the exact figures of Wales would tell theirs:
    then the listed ones without rows are places too, and a 0 there can protect the others.

    Args:
        frames: tables with geography_type, geography_code and geography_name.
        listed: providers with provider_code, provider_name and cancer_alliance_code, as in
            ``organisation``.
        welsh: providers of Wales (ruling E1).
    """
    columns = ["geography_type", "geography_code", "geography_name"]
    with_rows = pd.concat([frame[columns] for frame in frames]).drop_duplicates("geography_code")
    known = with_rows[with_rows["geography_type"] != "england_and_wales"]
    if known["geography_code"].isin(welsh).sum() < _ENOUGH_PROVIDERS:
        absent = listed[
            listed["provider_code"].isin(welsh)
            & ~listed["provider_code"].isin(known["geography_code"])
        ]
        absent = absent[["provider_code", "provider_name"]].set_axis(columns[1:], axis=1)
        known = pd.concat([known, absent.assign(geography_type="provider")])
    known = known.sort_values(columns[:2])
    codes = [str(code) for code in known["geography_code"]]
    types = [str(type_) for type_ in known["geography_type"]]
    number = {code: index for index, code in enumerate(codes)}
    alliances = dict(zip(listed["provider_code"], listed["cancer_alliance_code"], strict=True))

    def parent(code: str, type_: str) -> int:
        if type_ == "nation":
            return -1
        if type_ == "provider" and code in welsh:
            return number.get(WALES, -1)
        alliance = alliances.get(code) if type_ == "provider" else None
        return number.get(str(alliance), number.get(ENGLAND, -1))

    return Places(
        tuple(codes),
        tuple(types),
        tuple(str(name) for name in known["geography_name"]),
        tuple(parent(code, type_) for code, type_ in zip(codes, types, strict=True)),
        known["geography_code"].isin(with_rows["geography_code"]).to_numpy(bool),
    )


@dataclass(frozen=True)
class Windows:
    """Every period of every quarter: a place in an axis, and whether places publish it.

    A window that begins before the data is published for nations only: it would tell single
    quarters, and what it counts is not what its name says.
    """

    quarters: tuple[str, ...]
    complete: Flags
    reported: Flags

    @classmethod
    def of(cls, frames: Sequence[pd.DataFrame]) -> Windows:
        """The windows of tables with quarter, period and complete."""
        rows = pd.concat([frame[["quarter", "period", "complete"]] for frame in frames])
        rows = rows.drop_duplicates()
        first, last = Quarter.parse(rows["quarter"].min()), Quarter.parse(rows["quarter"].max())
        quarters = []
        while first <= last:
            quarters.append(str(first))
            first = first.next
        windows = cls(
            tuple(quarters),
            np.zeros(3 * len(quarters), bool),
            np.zeros(3 * len(quarters), bool),
        )
        at = windows.of_rows(rows)
        windows.complete[at] = rows["complete"].to_numpy(bool)
        windows.reported[at] = True
        return windows

    def of_rows(self, rows: pd.DataFrame) -> Integers:
        """The window of each row."""
        number = {quarter: index for index, quarter in enumerate(self.quarters)}
        period = rows["period"].map({name: index for index, name in enumerate(PERIODS)})
        return np.asarray(
            period.to_numpy(np.int64) * len(self.quarters)
            + rows["quarter"].map(number).to_numpy(np.int64)
        )

    def label(self, window: int) -> tuple[str, str]:
        """Quarter and period of a window."""
        period, quarter = divmod(window, len(self.quarters))
        return self.quarters[quarter], PERIODS[period]

    def sums(self) -> tuple[Integers, Integers]:
        """Twelve months as four quarters; 36 months as three times twelve."""
        n = len(self.quarters)
        years = [[n + t, *(t - back for back in range(4))] for t in range(3, n)]
        triples = [[2 * n + t, n + t, n + t - 4, n + t - 8] for t in range(11, n)]
        return (
            np.array(years, dtype=np.int64).reshape(-1, 5),
            np.array(triples, dtype=np.int64).reshape(-1, 4),
        )


@dataclass
class Decisions:
    """What is hidden, by series, presentation, place and window.

    A withheld series is not published at all for a place, neither what is small nor what is not.
    Slices are numbered; ``known`` tells where the true count of a slice stands in a table.
    """

    places: Places
    windows: Windows
    slices: dict[tuple[Series, int], int] = field(default_factory=dict)
    true: list[Integers] = field(default_factory=list)
    hidden: list[Flags] = field(default_factory=list)
    withheld: list[Flags] = field(default_factory=list)
    known: list[Flags] = field(default_factory=list)
    roles: list[Roles] = field(default_factory=list)
    #: Whole, parts and rest, as numbers of slices.
    splits: list[tuple[int, ...]] = field(default_factory=list)
    unprotected: int = 0

    def add(self, true: Integers, role: Roles, known: Flags, withheld: Flags) -> int:
        """A new slice; its number."""
        self.true.append(true)
        self.hidden.append(np.zeros(true.shape, bool))
        self.withheld.append(withheld)
        self.known.append(known)
        self.roles.append(np.where(withheld[:, None] & (role == OPEN), LATENT, role))
        return len(self.true) - 1

    def of(self, series: Series, presentation: int) -> tuple[Flags, Flags] | None:
        """Hidden [place, window] and withheld [place] of a series; None when it is not stated."""
        number = self.slices.get((series, presentation))
        return None if number is None else (self.hidden[number], self.withheld[number])


def presentation_of(rows: pd.DataFrame) -> Integers:
    """Number of each row's presentation; 0 (`all`) in a table without."""
    if "presentation" not in rows:
        return np.zeros(len(rows), np.int64)
    number = {name: index for index, name in enumerate(PRESENTATIONS)}
    return np.asarray(rows["presentation"].map(number).to_numpy(np.int64))


def decide(
    tables: Mapping[str, pd.DataFrame],
    places: Places,
    windows: Windows,
    profile: Profile,
    before: Mapping[str, pd.DataFrame] | None = None,
) -> Decisions:
    """Decide which counts of the tables with windows are hidden.

    Args:
        tables: true tables by name; those that are not ``STATED`` are not looked at.
        places: their places.
        windows: their windows.
        profile: the rules.
        before: the same tables as they were published before: what was hidden stays hidden, and
            what was shown hides nothing new.
    """
    stated = [_Stated(own, tables[own.table]) for own in STATED if own.table in tables]
    decisions = Decisions(places, windows)
    seen: dict[bytes, int] = {}
    for own in stated:
        role = _role(places, windows, has_quarters=own.spec.has_quarters)
        for series, presentation, array in own.arrays(places, windows):
            shown = np.where(role == LATENT, 0, array)
            key = shown.tobytes() + bytes(own.spec.has_quarters)
            if key not in seen:
                withheld = _withheld(shown, role, places, profile)
                seen[key] = decisions.add(shown, role, role != LATENT, withheld)
            decisions.slices[series, presentation] = seen[key]
    past = _past(stated, decisions, profile, before or {})
    for number, (was_hidden, _) in past.items():
        decisions.hidden[number] |= was_hidden & (decisions.roles[number] == OPEN)
    split = [found for own in stated for found in own.parts(decisions)]
    parts = sorted({(part, whole) for part, whole, _, _ in split})
    _split(decisions, split)
    decisions.unprotected = sum(
        _suppress(decisions, parts, past, component, profile)
        for component in _components(decisions)
    )
    return decisions


class _Stated:
    """A table with the counts that it states."""

    def __init__(self, spec: StatedCounts, frame: pd.DataFrame) -> None:
        self.spec = spec
        self.frame = frame[frame["geography_type"] != "england_and_wales"]

    def kinds(self) -> Iterator[tuple[str, pd.DataFrame]]:
        if self.spec.kind is None:
            yield "", self.frame
            return
        for kind, rows in self.frame.groupby(self.spec.kind, sort=True):
            is_local = ~rows["geography_type"].isin(NATIONAL)
            if kind != OF_PREVALENCE and is_local.any():
                yield str(kind), rows

    def arrays(self, places: Places, windows: Windows) -> Iterator[tuple[Series, int, Integers]]:
        for kind, rows in self.kinds():
            at_place = rows["geography_code"].map(places.number).to_numpy(np.int64)
            at_window = windows.of_rows(rows)
            presentations = presentation_of(rows)
            for column in self.spec.wholes:
                if rows[column].isna().all():
                    continue
                counts = rows[column].fillna(0).to_numpy(np.int64)
                for presentation in np.unique(presentations):
                    own = presentations == presentation
                    array = np.zeros((len(places.codes), len(windows.complete)), np.int64)
                    array[at_place[own], at_window[own]] = counts[own]
                    yield (self.spec.table, kind, column), int(presentation), array

    def parts(self, decisions: Decisions) -> Iterator[tuple[int, int, Series, int]]:
        """Part and whole as numbers of slices, and what the rest of the whole is called."""
        for (series, presentation), part in decisions.slices.items():
            table, kind, column = series
            if table != self.spec.table:
                continue
            above = self.spec.wholes[column]
            whole = decisions.slices.get(((table, kind, above or ""), presentation))
            if whole is not None and whole != part:
                yield part, whole, (table, kind, f"{above} less {column}"), presentation


def _split(decisions: Decisions, parts: Sequence[tuple[int, int, Series, int]]) -> None:
    """Add the rest of each whole: nobody publishes it, and everybody can work with it.

    A part is at most its whole, everywhere and in every sum: where all patients of a nation are
    recorded, nobody is left over at any place.
    """
    groups: list[tuple[tuple[int, ...], Series, int]] = [
        ((whole, part), series, presentation) for part, whole, series, presentation in parts
    ]
    for whole, among in AMONG:
        for presentation in range(len(PRESENTATIONS)):
            numbers = [decisions.slices.get((series, presentation)) for series in (whole, *among)]
            stated = tuple(number for number in numbers if number is not None)
            if numbers[0] is not None and len(stated) > 1 and stated[0] not in stated[1:]:
                name = ("rest", "|".join(whole), " ".join("|".join(series) for series in among))
                groups.append((stated, name, presentation))
    rests: dict[tuple[int, ...], int] = {}
    for stated, series, presentation in groups:
        if stated not in rests:
            roles = np.stack([decisions.roles[number] for number in stated])
            known = np.all([decisions.known[number] for number in stated], axis=0)
            true = [decisions.true[number] for number in stated]
            rest = np.where(known, true[0] - np.sum(true[1:], axis=0), 0)
            if (rest < 0).any():
                continue  # Parts that are no parts tell nobody anything.
            role = np.where((roles == EXACT).all(axis=0), EXACT, REST).astype(np.int8)
            rests[stated] = decisions.add(rest, role, known, decisions.withheld[stated[0]])
            decisions.splits.append((*stated, rests[stated]))
        decisions.slices[series, presentation] = rests[stated]


def _role(places: Places, windows: Windows, *, has_quarters: bool) -> np.ndarray:
    role = np.full((len(places.codes), len(windows.complete)), LATENT, np.int8)
    role[:, windows.reported & windows.complete] = OPEN
    if not has_quarters:
        role[:, : len(windows.quarters)] = LATENT
    role[places.is_national] = np.where(windows.reported, EXACT, LATENT)
    return role


def _withheld(true: Integers, role: np.ndarray, places: Places, profile: Profile) -> Flags:
    """Places of the types in which too many counts of a series are small."""
    types = np.array(places.types)
    withheld = np.zeros(len(types), bool)
    for type_ in ("cancer_alliance", "provider"):
        counts = true[(types == type_)[:, None] & (role == OPEN)]
        counts = counts[counts > 0]
        if len(counts) and profile.is_small(counts).mean() > profile.withhold_above:
            withheld |= types == type_
    return withheld


def _past(
    stated: Sequence[_Stated],
    decisions: Decisions,
    profile: Profile,
    before: Mapping[str, pd.DataFrame],
) -> dict[int, tuple[Flags, Flags]]:
    """What was hidden and what was shown before, by slice."""
    past: dict[int, tuple[Flags, Flags]] = {}
    for own in stated:
        if own.spec.table not in before:
            continue
        published = before[own.spec.table]
        places, windows = decisions.places, decisions.windows
        published = published[
            ~published["geography_type"].isin(NATIONAL)
            & published["geography_code"].isin(places.codes)
            & published["quarter"].isin(windows.quarters)
        ]
        for kind, rows in _Stated(own.spec, published).kinds():
            at_place = rows["geography_code"].map(places.number).to_numpy(np.int64)
            at_window = windows.of_rows(rows)
            presentations = presentation_of(rows)
            for column in own.spec.wholes:
                was_hidden = (rows[column].isna() & rows["suppressed"]).to_numpy(bool)
                counts = rows[column].fillna(-1).to_numpy(np.int64)
                for presentation in np.unique(presentations):
                    number = decisions.slices.get(
                        ((own.spec.table, kind, column), int(presentation))
                    )
                    if number is None:
                        continue
                    true = decisions.true[number]
                    held, seen = past.setdefault(
                        number, (np.zeros(true.shape, bool), np.zeros(true.shape, bool))
                    )
                    mine = presentations == presentation
                    held[at_place[mine], at_window[mine]] |= was_hidden[mine]
                    shown = np.full(true.shape, -1)
                    shown[at_place[mine], at_window[mine]] = counts[mine]
                    shown[_told_as_nobody(places, at_place[mine], at_window[mine], true.shape)] = 0
                    seen |= (shown >= 0) & profile.is_as_shown(shown, true)
    return past


def _told_as_nobody(
    places: Places, at_place: Integers, at_window: Integers, shape: tuple[int, ...]
) -> Flags:
    """Places without a row, in windows in which their type had rows: a reader knows them as 0."""
    types = np.array(places.types)
    has_row, told = np.zeros(shape, bool), np.zeros(shape, bool)
    has_row[at_place, at_window] = True
    for type_ in np.unique(types[at_place]):
        own = types == type_
        told[own] = has_row[own].any(axis=0)
    return told & ~has_row


def _presentation_sums(decisions: Decisions) -> Iterator[tuple[int, ...]]:
    for series in {series: None for series, _ in decisions.slices}:
        numbers = tuple(decisions.slices.get((series, p), -1) for p in range(3))
        if -1 not in numbers:
            yield numbers


def _slice_sums(decisions: Decisions) -> list[tuple[int, ...]]:
    """Sums of slices: the first is the sum of the others."""
    found = set(_presentation_sums(decisions))
    for whole, parts in ADDED:
        for presentation in range(3):
            numbers = [decisions.slices.get((series, presentation)) for series in (whole, *parts)]
            stated = [number for number in numbers if number is not None]
            if numbers[0] is not None and len(stated) > 1:
                found.add(tuple(stated))
    # Where one part is everything the sum says nothing new.
    return sorted(sums for sums in found if sums[0] not in sums[1:])


def _components(decisions: Decisions) -> list[tuple[list[int], list[tuple[int, ...]]]]:
    """Slices that are linked by sums or as part and whole, with the sums; decided at once."""
    group = list(range(len(decisions.true)))

    def root(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    sums = _slice_sums(decisions)
    for own in (*sums, *decisions.splits):
        for number in own[1:]:
            group[root(number)] = root(own[0])
    members: dict[int, list[int]] = {}
    for number in range(len(group)):
        members.setdefault(root(number), []).append(number)
    return [
        (own, [linked for linked in sums if root(linked[0]) == key])
        for key, own in sorted(members.items())
    ]


def _suppress(
    decisions: Decisions,
    parts: Sequence[tuple[int, int]],
    past: Mapping[int, tuple[Flags, Flags]],
    component: tuple[list[int], list[tuple[int, ...]]],
    profile: Profile,
) -> int:
    """Decide the slices of a component; how many small counts could not be protected."""
    numbers, linked = component
    by_presentation = set(_presentation_sums(decisions))
    local = {number: index for index, number in enumerate(numbers)}
    true = np.stack([decisions.true[number] for number in numbers])
    role = np.stack([decisions.roles[number] for number in numbers])
    known = np.stack([decisions.known[number] for number in numbers])
    hidden = np.stack([decisions.hidden[number] for number in numbers])
    shown = np.stack(
        [past[number][1] if number in past else np.zeros_like(hidden[0]) for number in numbers]
    )
    cells = np.arange(true.size, dtype=np.int32).reshape(true.shape)
    pairs = [(local[part], local[whole]) for part, whole in parts if part in local]
    changed = True
    while changed:  # From wholes to parts of parts, whatever their order.
        changed = False
        for part, whole in pairs:
            # A part of nothing is nothing: hidden with its whole, or known to everybody.
            is_known = (role[whole] == EXACT) | ((role[whole] == OPEN) & shown[whole])
            new = is_known & (true[whole] == 0) & (role[part] == OPEN)
            role[part][new] = EXACT
            changed |= bool(new.any())
    hidden |= _quarters_beside_small_places(decisions, true, role, profile)
    follows: list[Cells] = []
    for part, whole in pairs:
        hidden[part] |= decisions.withheld[numbers[whole]][:, None] & (role[part] == OPEN)
        both = (role[whole] == OPEN) & (role[part] == OPEN)
        nothing = both & (true[whole] == 0)
        follows.append(np.stack([cells[whole][both], cells[part][both]]))
        follows.append(np.stack([cells[part][nothing], cells[whole][nothing]]))
    for whole, *split in ([local[n] for n in own] for own in linked if own in by_presentation):
        for part in split:
            # Nobody of one presentation: said of hidden people, it says what all of them are.
            nobody = (role[whole] == OPEN) & (role[part] == OPEN) & (true[part] == 0)
            follows.append(np.stack([cells[whole][nobody], cells[part][nobody]]))
    pad = true.size
    sums = _sums(decisions, cells, true, known, [[local[n] for n in own] for own in linked], pad)
    splits = [[local[n] for n in own] for own in decisions.splits if own[0] in local]
    sums += [Sums(cells[own].reshape(len(own), -1).T, False) for own in splits]
    size = true.sum(axis=(0, 2)).argsort().argsort().astype(float)
    size = size + np.where(decisions.places.has_rows, 0.0, _NO_ROWS_LATER)
    order = size[None, :, None] + np.minimum(true, 10**5) / 10**6
    decision = suppress(
        Counts(
            np.append(true.ravel(), 0),
            np.append(role.ravel(), EXACT),
            np.append(np.arange(true.size) // true.shape[2], -1),
            np.append(order.ravel(), 0.0),
            sums,
            np.concatenate([np.zeros((2, 0), np.int32), *follows], axis=1),
            np.append(_candidates(decisions, true, role, profile).ravel(), 0),
        ),
        profile,
        np.append(hidden.ravel(), False),
        np.append(shown.ravel(), False),
    )
    now = decision.hidden[:-1].reshape(true.shape)
    for number, index in local.items():
        decisions.hidden[number] = now[index]
    return int(decision.unprotected.sum())


def _quarters_beside_small_places(
    decisions: Decisions, true: Integers, role: np.ndarray, profile: Profile
) -> Flags:
    """Single quarters of places one of whose kin has mostly small ones: hidden, windows stand.

    The exact quarters of the nation, less the rounded ones of larger places, would tell of the
    small place what its own windows of 12 and 36 months leave open.
    """
    quarters = np.arange(len(decisions.windows.quarters))
    counts = true[:, :, quarters]
    given = (role[:, :, quarters] == OPEN) & (counts > 0)
    is_rare = (given & profile.is_small(counts)).sum(axis=2) > given.sum(axis=2) * _RARE
    hidden: Flags = np.zeros(true.shape, bool)
    for _, *own in decisions.places.families():
        members = np.array([place for place in own if place >= 0])
        slices = np.flatnonzero(is_rare[:, members].any(axis=1))
        hidden[np.ix_(slices, members, quarters)] = True
    hidden &= role == OPEN
    return hidden


def _candidates(decisions: Decisions, true: Integers, role: np.ndarray, profile: Profile) -> Cells:
    """Values that should stay possible for each count of some slices.

    All of a small count where exact national figures say more together than sum by sum: where
    single quarters of places are published, and where the nation's own count is mostly small.
    """
    places = decisions.places
    every_value = profile.small_to + 1
    candidates = np.full(true.shape, profile.candidates, np.int32)
    if (role[:, ~places.is_national, : len(decisions.windows.quarters)] == OPEN).any():
        candidates[:] = every_value
    nation_of = places.nations()
    for nation in np.flatnonzero(places.is_national):
        given = (role[:, nation] == EXACT) & (true[:, nation] > 0)
        small = (given & profile.is_small(true[:, nation])).sum(axis=1)
        is_rare = small > given.sum(axis=1) * _RARE
        candidates[np.ix_(is_rare, nation_of == nation)] = every_value
    return candidates


def _sums(
    decisions: Decisions,
    cells: Cells,
    true: Integers,
    known: Flags,
    linked: Sequence[Sequence[int]],
    pad: int,
) -> list[Sums]:
    families = decisions.places.families()
    years, triples = decisions.windows.sums()
    nations = decisions.places.is_national
    values, stated = np.append(true.ravel(), 0), np.append(known.ravel(), True)
    sums: list[Sums] = []
    for index in range(len(cells)):
        own = cells[index]
        # [family, member, window], then a row a family and window.
        rows = np.where(families[:, :, None] >= 0, own[families], pad)
        sums += _true_sums(
            np.moveaxis(rows, 1, 2).reshape(-1, families.shape[1]), values, stated, True
        )
        exact = true[index][nations]
        if not (exact[:, years[:, 0]] == exact[:, years[:, 1:]].sum(axis=2)).all():
            continue  # A stock, or followed up otherwise in each quarter: windows do not add up.
        local = own[~nations]
        sums += [Sums(local[:, years].reshape(-1, 5), False)]
        sums += _true_sums(local[:, triples].reshape(-1, 4), values, stated, False)
    for numbers in linked:
        rows = cells[list(numbers)].reshape(len(numbers), -1).T
        sums += _true_sums(rows, values, stated, True)
    return [own for own in sums if len(own.cells)]


def _true_sums(rows: Cells, true: Integers, known: Flags, paired: bool) -> list[Sums]:
    """Sums that hold; those of counts that no table states hold when all the stated ones do."""
    values = true[rows]
    is_stated = known[rows].all(axis=1)
    holds = values[:, 0] == values[:, 1:].sum(axis=1)
    all_hold = bool(holds[is_stated].all())
    return [Sums(rows[(is_stated & holds) | (~is_stated & all_hold)], paired)]
