"""A publication made from a warehouse, for tests of what writers do with one.

The suppression is a plain stand-in: sub-national rows with a count of 1 to 7 lose their numbers.
"""

from __future__ import annotations

import random

import duckdb
import pandas as pd

from naome_assets import __version__
from naome_assets.publication.published import Publication, Statement

TABLES = (
    "prevalence", "cns_access", "time_to_treatment", "data_quality", "indicator", "survival_curve",
    "case_mix_value",
)  # fmt: skip

#: The count by which a row is judged.
_COUNTS = {
    "prevalence": ["people"],
    "cns_access": ["patients", "recorded", "seen"],
    "time_to_treatment": ["patients", "treated", "within_31d"],
    "data_quality": ["records", "given"],
    "indicator": ["numerator", "denominator"],
    "survival_curve": [],
    "case_mix_value": ["people", "observed"],
}
_WORDS = {
    "quarter", "index_date", "period", "complete", "indicator", "geography_type", "geography_code",
    "geography_name", "presentation", "sex", "age_band", "years_since_mbc", "modality", "unit",
    "item", "item_code", "notes", "population",
}  # fmt: skip


def publication_of(path: str) -> Publication:
    """The tables of a DuckDB warehouse after the stand-in suppression."""
    connection = duckdb.connect(path, read_only=True)
    tables = {name: connection.sql(f"select * from {name}").df() for name in TABLES}
    first, last = connection.sql("select min(quarter), max(quarter) from prevalence").fetchall()[0]
    connection.close()
    return Publication(
        {name: _suppress(name, table) for name, table in tables.items()},
        Statement(
            profile="nhs_england_hes",
            profile_words="Counts of 1 to 7 below the nations are suppressed.",
            vintage=f"{last} (files received to {last})",
            quarter=last,
            first_quarter=first,
            method_version="1",
            code_version=__version__,
        ),
    )


def _suppress(name: str, table: pd.DataFrame) -> pd.DataFrame:
    local = table["geography_type"].isin(["cancer_alliance", "provider"])
    small = pd.Series(False, index=table.index)
    for column in _COUNTS[name]:
        small |= table[column].between(1, 7)
    suppressed = local & small
    numbers = [column for column in table.columns if column not in _WORDS]
    table = table.astype({c: "object" for c in numbers})
    table.loc[suppressed, numbers] = None
    return table.assign(suppressed=suppressed)


def with_providers(publication: Publication, codes: dict[str, str], seed: int = 1) -> Publication:
    """The same with providers added, each a copy of one that is there, with other percentages.

    Only for what many providers do to the pages: their number, their names, the funnels.
    """
    draw = random.Random(seed)  # noqa: S311
    there = sorted(
        code
        for code in publication.tables["cns_access"].query("geography_type == 'provider'")[
            "geography_code"
        ].unique()
    )
    copied = {code: (draw.choice(there), draw.uniform(0.93, 1.04)) for code in codes}
    tables = {}
    for name, table in publication.tables.items():
        parts = [table]
        if "geography_code" in table:
            by_code = dict(tuple(table[table["geography_type"] == "provider"].groupby("geography_code")))
            for code, (source, factor) in copied.items():
                if code in there or source not in by_code:
                    continue
                part = by_code[source].assign(geography_code=code)
                if "geography_name" in part:
                    part["geography_name"] = codes[code]
                for column in ("seen_pct_of_recorded", "value", "within_31d_pct"):
                    if column in part:
                        numbers = pd.to_numeric(part[column]) * factor
                        part[column] = numbers.clip(upper=100)
                parts.append(part)
        tables[name] = pd.concat(parts, ignore_index=True)
    return Publication(tables, publication.statement)
