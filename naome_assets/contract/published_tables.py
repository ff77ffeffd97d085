"""The published tables: one record each, from which everything that names them follows.

What the columns hold is described beside the SQL models (``_indicators.yml``) and, of tables that
Python computes, in ``figures/computed_tables.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from naome_assets.contract.dimensions import (
    FOLLOWED_PERIOD,
    IS_NATIONAL,
    LIVING,
    MODALITIES,
    REGISTRY,
    day_of,
)

#: How disclosure control treats a table: counts of overlapping windows; people living with MBC;
#: case-mix values, whose counts are those of other tables; curves and figures of nations alone.
Control = Literal["windows", "living", "case_mix", "curve", "nations"]
#: Which rows pages show: all of them, those of the quarter published, margins of the living, or
#: 12 months as trends and 36 months as of now and of each year's end.
Shown = Literal["all", "latest", "living", "trends"]


@dataclass(frozen=True)
class Share:
    """A percentage of people that is worked out again from published counts.

    Attributes:
        value: column of the percentage.
        part: column of the numerator.
        whole: column of the denominator.
        end: ending of the names of its limits, ``lower_95`` and ``upper_95``; None without them.
        is_compared: whether it is held against control limits, in columns with the same ending.
    """

    value: str
    part: str
    whole: str
    end: str | None = None
    is_compared: bool = False

    @property
    def limits(self) -> tuple[str, ...]:
        """Columns of its 95 % limits."""
        return () if self.end is None else (f"lower_95{self.end}", f"upper_95{self.end}")


@dataclass(frozen=True)
class Added:
    """A column that the published table has and the warehouse's true one has not (ruling G1)."""

    name: str
    type: Literal["text", "real"]
    description: str


@dataclass(frozen=True)
class PublishedTable:
    """A table that is published.

    Attributes:
        name: its name in the warehouse; ``published_`` before it where it has passed disclosure
            control.
        key: the columns that make a row.
        control: how disclosure control treats it.
        counts: its columns of counts, each with the count that it is a part of; none where the
            table is published for nations alone.
        kind: the column that splits its rows beside place, window and presentation.
        has_quarters: whether places have rows of single quarters.
        adds_up: counts that are the sum of others of their row, of ``whole_kind``.
        whole_kind: the kind whose people have all the others.
        kinds: those others.
        sums_of_kinds: a count of ``whole_kind`` and the count of each other kind that it is the
            sum of.
        among_kinds: the same where it is at least the sum.
        shares: percentages that are worked out again from published counts.
        people_of: other figures, each with the column of the people that it is of.
        added: columns of the published table alone.
        rows: condition in SQL of the true rows that are published at all.
        shown: which rows pages show.
        shown_where: values that rows shown have; of trends, what those of 12 months have.
        vintage: figures that are kept by vintage [ours].
        vintage_rows: the rows of which they are kept, by the values of a column.
        is_quarterly: a SQL model whose rows are of quarters, Dagster's partitions.
    """

    name: str
    key: tuple[str, ...]
    control: Control
    counts: Mapping[str, str | None] = field(default_factory=dict)
    kind: str | None = None
    has_quarters: bool = False
    adds_up: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole_kind: str = ""
    kinds: tuple[str, ...] = ()
    sums_of_kinds: Mapping[str, str] = field(default_factory=dict)
    among_kinds: Mapping[str, str] = field(default_factory=dict)
    shares: tuple[Share, ...] = ()
    people_of: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Added, ...] = ()
    rows: str = ""
    shown: Shown = "trends"
    shown_where: Mapping[str, str] = field(default_factory=dict)
    vintage: tuple[str, ...] = ()
    vintage_rows: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    is_quarterly: bool = False

    @property
    def published_rows(self) -> str:
        """Condition in SQL of the true rows that are published; empty for all of them."""
        return self.rows or ("" if self.counts else IS_NATIONAL)

    def share(self, value: str) -> Share:
        """The share in a column.

        Raises:
            KeyError: when the column is none of its shares.
        """
        return {own.value: own for own in self.shares}[value]


_PLACE = ("geography_type", "geography_code")
_WINDOW = ("quarter", "period", *_PLACE, "presentation")


def _time_added(days: int) -> tuple[Added, ...]:
    """Targets, control limits and outlier of a time, which the true table does not have."""
    limit = "{} {} % control limit of the published denominator."
    return (
        Added(
            f"target_pct_{days}d",
            "real",
            f"Within {days} days in both nations together, percent; of modality any alone.",
        ),
        Added(f"limit_lower_95_{days}d", "real", limit.format("Lower", "95")),
        Added(f"limit_upper_95_{days}d", "real", limit.format("Upper", "95")),
        Added(f"limit_lower_998_{days}d", "real", limit.format("Lower", "99.8")),
        Added(f"limit_upper_998_{days}d", "real", limit.format("Upper", "99.8")),
        Added(
            f"outlier_{days}d",
            "text",
            "Against the limits, judged on true counts: within, alert or alarm, low or high; "
            "null where it cannot be published, or too few people are followed.",
        ),
    )


_ADJUSTED_ADDED = (
    Added("lower_95", "real", "Lower 95 % limit of the adjusted value; it holds the rounding."),
    Added("upper_95", "real", "Upper 95 % limit of the adjusted value; it holds the rounding."),
    *(
        Added(
            f"limit_{side}_{tail}",
            "real",
            f"{side.title()} {'99.8' if tail == '998' else '95'} % control limit of the adjusted "
            "value, for the published people.",
        )
        for tail in ("95", "998")
        for side in ("lower", "upper")
    ),
    Added(
        "outlier",
        "text",
        "The adjusted value against its limits, judged on true counts: within, alert or alarm, low "
        "or high; null where it cannot be published, or too few people are in the model.",
    ),
)


#: In the order in which readers meet them.
TABLES: tuple[PublishedTable, ...] = (
    PublishedTable(
        "prevalence",
        key=("quarter", *_PLACE, "method", *LIVING),
        control="living",
        counts={"people": None},
        # The crossed figures of places are never published: one dimension at a time.
        rows=f"{IS_NATIONAL} or "
        + " + ".join(f"case when {name} <> 'all' then 1 else 0 end" for name in LIVING)
        + " <= 1",
        shown="living",
        vintage=("people",),
        vintage_rows={"method": (REGISTRY,)},
        is_quarterly=True,
    ),
    PublishedTable(
        "method_comparison",
        key=("quarter", *_PLACE, "sex", "age_band", "presentation"),
        control="nations",
        shown="all",
        shown_where={"sex": "all", "age_band": "all"},
        vintage=("people_registry_hospital", "people_broad"),
        is_quarterly=True,
    ),
    PublishedTable(
        "cns_access",
        key=_WINDOW,
        control="windows",
        counts={"patients": None, "recorded": "patients", "seen": "recorded"},
        shares=(
            Share("completeness_pct", "recorded", "patients"),
            Share("seen_pct_of_recorded", "seen", "recorded", end="", is_compared=True),
            Share("seen_pct_of_patients", "seen", "patients"),
        ),
        vintage=("patients", "seen_pct_of_recorded"),
        is_quarterly=True,
    ),
    PublishedTable(
        "time_to_treatment",
        key=(*_WINDOW, "modality"),
        control="windows",
        counts={
            "patients": None,
            "treated": "patients",
            "died_untreated": "patients",
            "censored": "patients",
            "eligible_31d": "patients",
            "within_31d": "eligible_31d",
            "eligible_62d": "patients",
            "within_62d": "eligible_62d",
        },
        kind="modality",
        adds_up={"patients": ("treated", "died_untreated", "censored")},
        whole_kind="any",
        kinds=MODALITIES,
        sums_of_kinds={
            "treated": "patients",
            "within_31d": "within_31d",
            "within_62d": "within_62d",
        },
        among_kinds={"eligible_31d": "eligible_31d", "eligible_62d": "eligible_62d"},
        shares=tuple(
            Share(f"within{end}_pct", f"within{end}", f"eligible{end}", end=end, is_compared=True)
            for end in ("_31d", "_62d")
        ),
        added=(*_time_added(31), *_time_added(62)),
        shown_where={"modality": "any"},
        vintage=("patients", "within_31d_pct", "median_days"),
        is_quarterly=True,
    ),
    PublishedTable(
        "indicator",
        key=(*_WINDOW, "method", "indicator"),
        control="windows",
        counts={"denominator": None, "numerator": "denominator", "at_risk": "denominator"},
        kind="indicator",
        shares=(Share("value", "numerator", "denominator", end="", is_compared=True),),
        added=(
            Added(
                "notes",
                "text",
                "Whose records hold the item, where others do not send it and are not counted.",
            ),
        ),
        vintage=("denominator", "value"),
        vintage_rows={"method": (REGISTRY,)},
        is_quarterly=True,
    ),
    PublishedTable(
        "survival",
        key=(*_WINDOW, "method", "indicator"),
        control="windows",
        counts={"denominator": None, "deaths": "denominator", "at_risk": "denominator"},
        kind="indicator",
    ),
    PublishedTable("survival_curve", key=(*_WINDOW, "day"), control="curve", shown="latest"),
    PublishedTable(
        "case_mix_value",
        key=(*_WINDOW, "indicator"),
        control="case_mix",
        counts={"people": None, "observed": "people"},
        people_of=dict.fromkeys(("adjusted_value", "lower_95", "upper_95"), "people"),
        added=_ADJUSTED_ADDED,
        shown="latest",
        vintage=("adjusted_value",),
    ),
    PublishedTable(
        "data_quality",
        key=("quarter", "period", *_PLACE, "source", "item"),
        control="windows",
        counts={"records": None, "given": "records", "valid": "given"},
        kind="item",
        has_quarters=True,
        shares=(
            Share("completeness_pct", "given", "records", end=""),
            Share("validity_pct", "valid", "given"),
        ),
        people_of=dict.fromkeys(
            ("change_since_quarter_before", "change_since_year_before"), "records"
        ),
        # Of all sources together: a place has hardly more than one.
        rows="source = 'all'",
        shown="latest",
        shown_where={"period": FOLLOWED_PERIOD},
        vintage=("records", "completeness_pct"),
        is_quarterly=True,
    ),
    PublishedTable(
        "treatment_curve",
        key=(*_WINDOW, "day"),
        control="curve",
        shown="latest",
        vintage=("treated_pct",),
        # Of each curve one month, two months, and its end.
        vintage_rows={"day": tuple(map(day_of, (1, 2, 12)))},
    ),
    PublishedTable(
        "prevalence_projection",
        key=("quarter", "from_quarter", *_PLACE, "presentation", "years_since_mbc"),
        control="nations",
        shown="all",
        shown_where={"years_since_mbc": "all"},
        vintage=("people",),
        # As they stand, without those that test the method.
        vintage_rows={"is_back_test": (False,)},
    ),
    PublishedTable(
        "recurrence_capture",
        key=("quarter", "period", *_PLACE),
        control="nations",
        shown="all",
        vintage=("estimate", "cosd_pct"),
    ),
)

#: A record by its table.
TABLE: Mapping[str, PublishedTable] = {own.name: own for own in TABLES}
PUBLISHED_TABLES = tuple(TABLE)
#: Tables whose counts disclosure control decides over windows.
STATED = tuple(own for own in TABLES if own.control == "windows")
#: The columns of counts of each table that has rows of places. These tables are exported too, and
#: those of a SQL model of quarters.
COUNT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    own.name: tuple(own.counts) for own in TABLES if own.counts
}
EXPORTED_TABLES = tuple(own.name for own in TABLES if own.counts or own.is_quarterly)
#: Tables of the nations alone, and those of them that are curves, with a column of days.
NATIONAL_TABLES = tuple(own.name for own in TABLES if not own.counts)
CURVES = tuple(own.name for own in TABLES if own.control == "curve")
#: Tables with a row a quarter. A run builds every quarter ever asked for again, because late data
#: change them all, and so materialises at least the quarters it was asked for.
QUARTERLY_TABLES = frozenset(own.name for own in TABLES if own.is_quarterly)

#: What may make the key of a kept figure beside its quarter, in the order in which it is written.
VINTAGE_KEY = (
    "period",
    "geography_type",
    "geography_code",
    "sex",
    "age_band",
    "presentation",
    "years_since_mbc",
    "modality",
    "indicator",
    "item",
    "day",
)


def published_name(table: str) -> str:
    """Name in the warehouse of a table that has passed disclosure control."""
    return f"published_{table}"
