"""A publication with as many providers as England and Wales have."""

from __future__ import annotations

import random

import pandas as pd

from naome_assets.publication.published import Publication


def with_providers(publication: Publication, codes: dict[str, str], seed: int = 1) -> Publication:
    """The same with providers added, each a copy of one that is there, with other percentages.

    Only for what many providers do to the pages: their number, their names, the funnels.
    """
    draw = random.Random(seed)  # noqa: S311
    there = sorted(
        code
        for code in publication.tables["cns_access"]
        .query("geography_type == 'provider'")["geography_code"]
        .unique()
    )
    copied = {code: (draw.choice(there), draw.uniform(0.93, 1.04)) for code in codes}
    tables = {}
    for name, table in publication.tables.items():
        parts = [table]
        if "geography_code" in table:
            by_code = dict(
                tuple(table[table["geography_type"] == "provider"].groupby("geography_code"))
            )
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
