"""The paths of the pages, and links between them: relative, so that the site opens from a file."""

from __future__ import annotations

import posixpath

from naome_assets.contract.dimensions import NATIONS, named_by

#: The pages that are no place below a nation, by their key under ``nav`` in the texts.
PATHS = {
    "home": "index.html",
    **{named_by(nation): f"{named_by(nation)}.html" for nation in NATIONS},
    "alliances": "alliances.html",
    "providers": "providers.html",
    "annual": "state-of-the-nation.html",
    "counting": "how-many.html",
    "process": "quarter-by-quarter.html",
    "quality": "data-quality.html",
    "changes": "what-changed.html",
    "patients": "plain-words.html",
    "sheets": "measures.html",
    "methods": "methods.html",
    "data": "data.html",
    "recommendations": "recommendations.html",
    "outliers": "outliers.html",
    "beyond": "beyond.html",
    "uk": "united-kingdom.html",
}
#: Pages that the footer leads to; the menu leads to the others, in this order.
FOOTER = ("data", "recommendations", "outliers", "beyond", "uk")
MENU = tuple(key for key in PATHS if key not in FOOTER)


def archive_path(page: str) -> str:
    """The archive of a page's charts."""
    return f"{page.removesuffix('.html')}-charts.zip"


def chart_path(page: str, key: str, ending: str) -> str:
    """A file of one chart of a page."""
    return f"charts/{page.removesuffix('.html')}-{key}.{ending}"


def relative(target: str, here: str) -> str:
    """The link from one page to another, both by their paths in the site."""
    return posixpath.relpath(target, posixpath.dirname(here) or ".")
