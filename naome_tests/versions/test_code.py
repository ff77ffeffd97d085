"""Versions of code hold everything that could change what is made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot

import naome_assets
from naome_assets.checks.remembered import _tables
from naome_assets.checks.suites import RULES
from naome_assets.figures.made_of import COMPUTED_FROM
from naome_assets.transform.analyses import analysis
from naome_assets.versions import code
from naome_assets.versions.code import code_of, modules_of

ROOT = Path(naome_assets.__file__).parent


def _modules() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = ["naome_assets", *path.relative_to(ROOT).with_suffix("").parts]
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(module: str) -> set[str]:
    """What Python's own parser says that a module imports of naome, wherever in it."""
    found: set[str] = set()
    file = code._file(module)
    assert file is not None
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import would not be followed"
            found |= {str(node.module), *(f"{node.module}.{name.name}" for name in node.names)}
    return {name for name in found if name.startswith("naome_assets") and code._file(name)}


def test_every_import_is_followed() -> None:
    for module in _modules():
        assert _imported(module) <= modules_of(module), module


def test_what_a_table_is_computed_by_is_part_of_its_code() -> None:
    modules = modules_of("naome_assets.figures.survival")
    assert "naome_assets.statistics.survival" in modules
    assert "naome_assets.synthetic.world" not in modules
    # Nor are readers made again when a figure is.
    readers = modules_of("naome_assets.sources.cosd.reader")
    assert not any(name.startswith("naome_assets.figures") for name in readers)


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("naome_assets.figures.survival", "naome_assets/statistics/survival.py"),
        ("naome_assets.publication.store", "naome_assets/disclosure/profiles.toml"),
        ("naome_assets.publication.files", "naome_assets/publication/report/text/cy.toml"),
        ("naome_assets.sources.cosd.reader", "naome_assets/contract/cosd_items.tsv"),
    ],
)
def test_code_changes_with_a_file_behind_it(
    module: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_of(module)
    real = code._bytes
    changed = ROOT.parent / file
    assert changed.is_file()
    code_of.cache_clear()
    monkeypatch.setattr(code, "_bytes", lambda path: real(path) + b" " * (path == changed))
    assert code_of(module) != before
    monkeypatch.undo()
    code_of.cache_clear()
    assert code_of(module) == before


def test_all_tables_that_are_read_are_named() -> None:
    """By the source of the module and of the questions that it asks."""
    for name, source in COMPUTED_FROM.items():
        file = code._file(source.module)
        assert file is not None
        text = file.read_text()
        tree = ast.parse(text)
        asked = [
            argument.value
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "ask"
            for argument in call.args
            if isinstance(argument, ast.Constant)
        ]
        selects = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " from " in node.value
            and node.value.startswith("select")
        ]
        statements = [*selects, *(analysis(str(question)) for question in asked)]
        assert statements, name
        for statement in statements:
            inner = set(re.findall(r"(?i)(\w+) as \(", statement))
            # Not a column that something is taken from, as in extract(year from mbc_date).
            plain = re.sub(r"(distinct|year|quarter|month) from \w+", "", statement)
            read = _tables() & set(re.findall(r"\b(?:from|join)\s+(?:main\.)?(\w+)", plain))
            read -= inner
            assert read
            assert read <= set(source.tables), name


def test_the_tables_of_a_rule_are_those_that_it_reads() -> None:
    """No more, so that a rule is not judged again because a later table has its columns' name."""
    known = _tables()
    for rule in RULES:
        parsed = sqlglot.parse_one(rule.select, read="postgres")
        read = {table.name for table in parsed.find_all(sqlglot.exp.Table)}
        assert code.tables_in(rule.select, known) == known & read, rule.key
