"""The page on the files that readers take away, and who publishes them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from naome_assets.publication.columns import described
from naome_assets.publication.report.catalogue import schema_org
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs
from naome_assets.publication.report.publisher import Publisher


def page(edition: Edition, publisher: Publisher, tables: Sequence[str], here: str) -> Page:
    """Workbook, CSV files, their description, licence and dates.

    Args:
        edition: figures and words.
        publisher: who publishes.
        tables: those that have a CSV file; none where the site is written alone.
        here: the path of the page in the site.
    """
    words = edition.words
    said = schema_org(words, edition.figures, publisher, tables, here)
    # No text can end the element that holds it.
    json_ld = json.dumps(said, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    return Page(
        PATHS["data"],
        "data.jinja",
        words("data.title"),
        {
            "files": [
                (words(f"changes.tables.{name}"), f"csv/{name}.csv", len(described(name)) - 1)
                for name in tables
            ],
            "json_ld": Markup(json_ld) if tables else "",  # noqa: S704
        },
        crumbs=crumbs(edition),
    )
