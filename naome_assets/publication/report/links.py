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
    "quality": "data-quality.html",
    "changes": "what-changed.html",
    "methods": "methods.html",
    "beyond": "beyond.html",
    "uk": "united-kingdom.html",
}
#: Pages that the footer leads to; the menu leads to the others, in this order.
FOOTER = ("beyond", "uk")
MENU = tuple(key for key in PATHS if key not in FOOTER)


def relative(target: str, here: str) -> str:
    """The link from one page to another, both by their paths in the site."""
    return posixpath.relpath(target, posixpath.dirname(here) or ".")
