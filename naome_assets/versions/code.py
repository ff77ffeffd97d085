"""Versions of code: of the modules that compute a table, of a model's SQL, of a seed's file."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from naome_assets.reference import sql_project_path
from naome_assets.transform.project import Model, Seed, Target

_PACKAGE = "naome_assets"
_ROOT = Path(__file__).resolve().parent.parent
_FROM = re.compile(
    r"^[ \t]*from (naome_assets[\w.]*) import (?:\(([^)]*)\)|([^\n#]*))", re.MULTILINE
)
_IMPORT = re.compile(r"^[ \t]*import (naome_assets[\w.]*)", re.MULTILINE)
_SKIPPED = frozenset({"__pycache__"})
_READS_PROJECT = "naome_assets.transform.project"


def digest(*parts: str | bytes) -> str:
    """One short text for many."""
    hashed = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.hexdigest()[:24]


@cache
def modules_of(name: str, *, without: tuple[str, ...] = ()) -> frozenset[str]:
    """A module of naome and every module of it that it imports, wherever in it, and so on.

    Args:
        name: of the module.
        without: modules that are not followed.
    """
    found: set[str] = set()
    waiting = [name]
    while waiting:
        module = waiting.pop()
        if module in found or module in without or _file(module) is None:
            continue
        found.add(module)
        # Importing a module runs the packages that it lies in.
        waiting += [module.rpartition(".")[0], *_imports(module)]
    return frozenset(found)


@cache
def code_of(name: str, *, without: tuple[str, ...] = ()) -> str:
    """Changes when the source of a module does, or of one it uses, or a file that lies with them.

    A module that reads the SQL project takes its settings and questions (``analyses``) with it; one
    that reads seeds, all of them.
    """
    modules = modules_of(name, without=without)
    files = {file for module in modules if (file := _file(module))}
    folders = {file.parent for file in files}
    files |= {file for folder in folders for file in _data(folder)}
    parts = [
        part
        for file in sorted(files)
        for part in (file.relative_to(_ROOT).as_posix(), _bytes(file))
    ]
    if _READS_PROJECT in modules:
        parts += [settings(), _tree("analyses/*.sql"), _tree("macros/*.sql")]
    if any(b"seed_path(" in _bytes(file) for file in files if file.name != "reference.py"):
        parts.append(_tree("seeds/*.csv"))
    if f"{_PACKAGE}.publication.columns" in modules:
        parts += [_tree("models/**/*.yml"), _tree("seeds/*.yml")]
    return digest(*parts)


@cache
def settings() -> str:
    """Changes when a setting of the method does."""
    return digest((sql_project_path() / "dbt_project.yml").read_bytes())


@cache
def libraries() -> str:
    """Changes with Python and with the libraries that naome is built on."""
    try:
        required = metadata.requires(_PACKAGE.partition("_")[0]) or []
    except metadata.PackageNotFoundError:
        required = []
    versions = {sys.version}
    for requirement in required:
        named = re.match(r"[\w.-]+", requirement)
        if named is None or "extra ==" in requirement:
            continue
        try:
            versions.add(f"{named[0]} {metadata.version(named[0])}")
        except metadata.PackageNotFoundError:
            continue
    return digest(*sorted(versions))


def made_of_model(model: Model, target: Target) -> dict[str, str]:
    """Versions of what a model is made of, besides other tables."""
    return {**model.versions, "engine": f"{target.type} {target.schema}", "libraries": libraries()}


def made_of_seed(seed: Seed) -> dict[str, str]:
    """Versions of what a seed is made of."""
    types = (f"{column} {type_}" for column, type_ in seed.column_types.items())
    return {
        "its file": digest(seed.path.read_bytes()),
        "its types": digest(*types),
        "libraries": libraries(),
    }


def tables_in(sql: str, known: frozenset[str]) -> frozenset[str]:
    """Tables that a statement reads: known names behind ``from`` and ``join``."""
    return known & frozenset(_READ.findall(sql))


_READ = re.compile(r"\b(?:from|join)\s+(\w+)", re.IGNORECASE)


def _imports(module: str) -> Iterator[str]:
    file = _file(module)
    if file is None:
        return
    source = _bytes(file).decode()
    for of, listed, line in _FROM.findall(source):
        yield of
        for name in re.findall(r"\w+", re.sub(r"#[^\n]*|\bas \w+", "", listed or line)):
            yield f"{of}.{name}"
    yield from _IMPORT.findall(source)


@cache
def _file(module: str) -> Path | None:
    if module != _PACKAGE and not module.startswith(f"{_PACKAGE}."):
        return None
    path = _ROOT.joinpath(*module.split(".")[1:])
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


@cache
def _bytes(file: Path) -> bytes:
    return file.read_bytes()


def _data(folder: Path) -> Iterator[Path]:
    """Files of a package that are no modules, in its folders that are no packages."""
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _SKIPPED and not (path / "__init__.py").exists():
                yield from _data(path)
        elif path.suffix not in (".py", ".pyc"):
            yield path


@cache
def _tree(pattern: str) -> str:
    folder = sql_project_path()
    return digest(
        *(
            part
            for file in sorted(folder.glob(pattern))
            for part in (file.relative_to(folder).as_posix(), file.read_bytes())
        )
    )
