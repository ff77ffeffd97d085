"""Modules of the report import one way: words and figures, edition, exhibits, pages, site."""

from __future__ import annotations

import ast
from pathlib import Path

from naome_assets.publication import report

FOLDER = Path(report.__file__).parent
PACKAGE = report.__name__
#: From the bottom; what is not named is below all of them.
LAYERS = ("edition", "exhibits.exhibit", "exhibits", "pages.page", "pages", "site")


def layer(module: str) -> int:
    """The highest layer that the module is in, 0 below all."""
    inside = module.removeprefix(f"{PACKAGE}.")
    found = [name for name in LAYERS if inside == name or inside.startswith(f"{name}.")]
    return 1 + LAYERS.index(max(found, key=len)) if found else 0


def imported(path: Path) -> set[str]:
    """Modules of the report that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            names |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name != PACKAGE}


def test_no_module_imports_what_is_above_it() -> None:
    above = []
    for path in sorted(FOLDER.rglob("*.py")):
        parts = path.relative_to(FOLDER).with_suffix("").parts
        module = ".".join((PACKAGE, *parts))
        # The packages themselves, and single charts for use elsewhere, use everything.
        if parts[-1] in ("__init__", "showpiece"):
            continue
        above += [(module, name) for name in imported(path) if layer(name) > layer(module)]
    assert above == []
    assert layer(f"{PACKAGE}.words") == 0 < layer(f"{PACKAGE}.exhibits.funnel")
