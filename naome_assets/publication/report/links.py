"""Links between pages: relative, so that the site opens from a file."""

from __future__ import annotations

import posixpath


def relative(target: str, here: str) -> str:
    """The link from one page to another, both by their paths in the site."""
    return posixpath.relpath(target, posixpath.dirname(here) or ".")
