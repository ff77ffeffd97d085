"""Links by local identifier, then probabilistic links, between people without and with a number.

A person known by (provider, local identifier) alone is linked to at most one person known by an NHS
number; people with different NHS numbers are never linked, nor are two people without. The
probabilistic part is the model of Fellegi and Sunter as splink estimates it, in a DuckDB in memory,
whichever engine the warehouse has.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from naome_assets.linkage.rows import COLUMNS
from naome_assets.transform.analyses import analysis

#: Pairs are compared when they agree on one of these.
_BLOCKS = (
    ("birth_date", "surname"),
    ("birth_date", "forename"),
    ("birth_date", "postcode"),
    ("surname", "forename", "postcode"),
    ("surname", "postcode", "provider"),
)
#: m is estimated among pairs that agree on one of these; together they leave every column free.
_TRAINING = (("birth_date", "sex"), ("surname", "forename", "postcode"))
_SEED = 1
_SAMPLED_PAIRS = 1_000_000
#: Before anything is compared: how likely it is that somebody without a number has one elsewhere.
_SHARE_WITH_NUMBER = 0.5
#: Fewer people with a number than this teach a model nothing.
_FEWEST_PEOPLE = 100

LINKS = pa.schema(
    [
        ("person_id", pa.string()),
        ("linked_person_id", pa.string()),
        ("how", pa.string()),
        ("match_weight", pa.float64()),
        ("probability", pa.float64()),
    ]
)


class SplinkMissingError(Exception):
    """Linkage is on, and splink is not installed."""


@dataclass(frozen=True)
class Linkage:
    """What came of linking people.

    Attributes:
        links: as ``LINKS``, by person_id.
        candidates: people without an NHS number.
        weights: match weight (log2) of each outcome of each comparison; empty without a model.
    """

    links: pa.Table
    candidates: int
    weights: list[Mapping[str, Any]] = field(default_factory=list)

    @classmethod
    def none(cls) -> Linkage:
        """Nobody linked."""
        return cls(LINKS.empty_table(), 0)

    @property
    def expected_wrong(self) -> float:
        """Links that are wrong if the model's probabilities hold."""
        known = self.links["probability"].drop_null().to_pylist()
        return float(sum(1.0 - probability for probability in known))


def link(rows: pa.Table, threshold: float) -> Linkage:
    """Link the people without an NHS number.

    Args:
        rows: as ``COLUMNS``.
        threshold: the least match probability of a link.

    Raises:
        SplinkMissingError: when splink is not installed.
    """
    return link_at_each(rows, [threshold])[threshold]


def link_at_each(rows: pa.Table, thresholds: Sequence[float]) -> dict[float, Linkage]:
    """Link at several thresholds with one model, which knows nothing of them.

    Raises:
        SplinkMissingError: when splink is not installed.
    """
    with duckdb.connect() as connection:
        # One thread: samples and sums are then the same in every run.
        connection.execute("set threads = 1")
        connection.register("sent", rows.cast(COLUMNS))
        connection.execute(analysis("linkage_people"))
        weights = _score(connection, min(thresholds))
        choice = analysis("linkage_choice")
        links = {
            threshold: connection.sql(choice, params=[threshold]).to_arrow_table().cast(LINKS)
            for threshold in thresholds
        }
        (candidates,) = connection.execute(
            "select count(distinct local_person_id) from sent where local_person_id not in "
            "(select local_person_id from named) or local_person_id in "
            "(select person_id from by_local_identifier)"
        ).fetchall()[0]
    return {threshold: Linkage(chosen, candidates, weights) for threshold, chosen in links.items()}


def _score(connection: duckdb.DuckDBPyConnection, threshold: float) -> list[Mapping[str, Any]]:
    """Fill ``pair`` with those that reach it; returns the weights of the model that was fitted."""
    people, unnumbered = connection.execute(
        "select (select count(distinct person_id) from numbered), count(*) from unnumbered"
    ).fetchall()[0]
    if people < _FEWEST_PEOPLE or not unnumbered:
        return []
    try:
        import splink.comparison_library as compare
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ModuleNotFoundError as error:
        raise SplinkMissingError("linkage needs splink: install naome[linkage]") from error
    api = DuckDBAPI(connection)
    numbered = api.register("numbered", dataset_display_name="numbered")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=_SHARE_WITH_NUMBER / people,
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in _BLOCKS],
        comparisons=[
            _birth_date(compare),
            compare.ExactMatch("sex"),
            *(
                compare.ExactMatch(name).configure(term_frequency_adjustments=True)
                for name in ("surname", "forename", "postcode")
            ),
            compare.ExactMatch("provider"),
            compare.AbsoluteDateDifferenceAtThresholds(
                "event_date",
                input_is_string=False,
                metrics=["day", "day"],
                thresholds=[14, 180],
            ),
        ],
        additional_columns_to_retain=["person_id"],
    )
    linker = Linker(numbered, settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=_SAMPLED_PAIRS, seed=_SEED)
    for columns in _TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    for name in ("surname", "forename", "postcode"):
        linker.table_management.compute_tf_table(name)
    scored = linker.inference.predict_between(
        api.register("unnumbered", dataset_display_name="unnumbered"),
        numbered,
        threshold_match_probability=threshold,
    )
    connection.execute(
        "insert into pair select person_id_l, person_id_r, match_weight, match_probability "  # noqa: S608
        f"from {scored.physical_name}"
    )
    return _weights(linker.misc.save_model_to_json())


def _birth_date(compare: Any) -> Any:
    """Equal; day and month exchanged; two of day, month and year equal; different."""
    parts = [
        f"cast({part}(birth_date_l) = {part}(birth_date_r) as int)"
        for part in ("day", "month", "year")
    ]
    levels = [
        {"sql_condition": "birth_date_l is null or birth_date_r is null", "is_null_level": True},
        {"sql_condition": "birth_date_l = birth_date_r", "label_for_charts": "equal"},
        {
            "sql_condition": "day(birth_date_l) = month(birth_date_r) and month(birth_date_l) = "
            "day(birth_date_r) and year(birth_date_l) = year(birth_date_r)",
            "label_for_charts": "day and month exchanged",
        },
        {"sql_condition": f"{' + '.join(parts)} = 2", "label_for_charts": "one part differs"},
        {"sql_condition": "ELSE", "label_for_charts": "different"},
    ]
    return compare.CustomComparison(output_column_name="birth_date", comparison_levels=levels)


def _weights(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Comparison, outcome, m, u and log2(m / u) of every level of a fitted model."""
    return [
        {
            "comparison": comparison["output_column_name"],
            "outcome": level.get("label_for_charts") or level["sql_condition"],
            "m": level["m_probability"],
            "u": level["u_probability"],
            "weight": math.log2(level["m_probability"] / level["u_probability"]),
        }
        for comparison in model["comparisons"]
        for level in comparison["comparison_levels"]
        if level.get("m_probability") and level.get("u_probability")
    ]
