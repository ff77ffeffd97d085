"""The dbt project, read: models, seeds, sources, macros and settings.

Only the part of dbt that naome uses is understood: ``ref``, ``source``, ``var``, ``config`` and
macros in Jinja; descriptions and columns in YAML. ``dbt build`` understands the same files.
"""

from __future__ import annotations

import graphlib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from naome_assets.contract.cosd_items import carried_items
from naome_assets.reference import sql_project_path
from naome_assets.transform.data_tests import DataTest, DataTestError, data_tests

if TYPE_CHECKING:
    import jinja2

#: In a YAML file: the columns that the macro of the same name makes.
_CARRIED = "carried_items"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ProjectError(Exception):
    """The SQL project is not valid: the message names the file and what is wrong."""


@dataclass(frozen=True)
class Target:
    """The engine that SQL is rendered for, as dbt's ``target``."""

    type: str = "duckdb"
    schema: str = "main"


@dataclass(frozen=True)
class Column:
    """A documented column."""

    name: str
    description: str


@dataclass(frozen=True)
class Model:
    """One SQL model: a file that becomes a table or a view of the same name."""

    name: str
    stage: str
    path: Path
    template: str
    description: str
    columns: tuple[Column, ...]
    materialized: str
    refs: frozenset[str]
    sources: frozenset[str]
    #: What its SQL has from elsewhere: macros with their text, settings with their values.
    macros: Mapping[str, str] = field(repr=False, default_factory=dict)
    settings: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def described(self) -> dict[str, str]:
        """What each column holds."""
        return {column.name: column.description for column in self.columns}

    @property
    def versions(self) -> dict[str, str]:
        """A digest of everything that its SQL is written from, by a name that a reader knows."""
        written = {
            "its text": self.template,
            "table or view": self.materialized,
            **{f"macro {name}": text for name, text in self.macros.items()},
            **{f"setting {name}": repr(value) for name, value in self.settings.items()},
        }
        return {
            name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in written.items()
        }

    @property
    def fingerprint(self) -> str:
        """Changes when its text, a macro or a setting of it does; Dagster's code version."""
        return hashlib.sha256(repr(sorted(self.versions.items())).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Seed:
    """Reference data: a CSV file that becomes a table of the same name."""

    name: str
    path: Path
    description: str
    columns: tuple[Column, ...]
    column_types: Mapping[str, str]

    @property
    def described(self) -> dict[str, str]:
        """What each column holds."""
        return {column.name: column.description for column in self.columns}


@dataclass(frozen=True)
class Project:
    """A dbt project, ready to be rendered."""

    path: Path
    name: str
    variables: Mapping[str, Any]
    models: Mapping[str, Model]
    seeds: Mapping[str, Seed]
    sources: Mapping[str, str]
    macros: str = field(repr=False)
    #: What the description of each table promises of its values.
    data_tests: Mapping[str, tuple[DataTest, ...]]
    #: Tables whose promises hold nothing back: no figure of the audit is made from them.
    not_blocking: frozenset[str]

    @property
    def tumours_of(self) -> Mapping[str, str]:
        """Nation whose tumours the files of a source report, by source (rulings A5, G5).

        A registry extract is of the first nation.
        """
        nations = self.variables["nations"]
        own = {settings["tumours"]: nation for nation, settings in nations.items()}
        return own | {"registry_tumour": next(iter(nations))}

    def ordered_models(self) -> list[Model]:
        """Models, each after those it refers to.

        Raises:
            ProjectError: when models refer to one another in a circle.
        """
        graph = {
            model.name: sorted(name for name in model.refs if name in self.models)
            for model in self.models.values()
        }
        try:
            order = list(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as error:
            raise ProjectError(
                f"models refer to one another in a circle: {error.args[1]}"
            ) from None
        return [self.models[name] for name in order]

    def render(self, model: Model, target: Target) -> str:
        """The model's SQL for an engine.

        Raises:
            ProjectError: when a name in it does not exist.
        """
        return _render(self._environment, model.path, model.template, self._context(target)).strip()

    def render_analysis(self, name: str, target: Target, values: Mapping[str, object]) -> str:
        """The SQL of a file of ``analyses`` for an engine, with values for its variables.

        ``parameter`` is the mark of a parameter; dbt, which has none, compiles a null.

        Raises:
            ProjectError: when there is no such file, or a name in it does not exist.
        """
        path = self.path / "analyses" / f"{name}.sql"
        if not path.is_file():
            raise ProjectError(f"{path.name}: there is no such analysis")
        context = self._context(target) | {"parameter": "?", **values}
        return _render(self._environment, path, path.read_text(), context).strip()

    @cached_property
    def _macro_template(self) -> jinja2.Template:
        return self._environment.from_string(self.macros)

    @cached_property
    def _environment(self) -> jinja2.Environment:
        return _environment()

    @cached_property
    def _contexts(self) -> dict[Target, dict[str, Any]]:
        return {}

    def _context(self, target: Target) -> dict[str, Any]:
        """What a template may name; macros are written once for an engine."""
        if target not in self._contexts:
            self._contexts[target] = self._new_context(target)
        return self._contexts[target]

    def _new_context(self, target: Target) -> dict[str, Any]:
        def ref(name: str) -> str:
            if name not in self.models and name not in self.seeds:
                raise ProjectError(f"ref('{name}') names no model or seed")
            return f"{target.schema}.{name}"

        def source(group: str, table: str) -> str:
            if table not in self.sources:
                raise ProjectError(f"source('{group}', '{table}') is not declared")
            return f"{target.schema}.{table}"

        def var(name: str) -> Any:
            if name not in self.variables:
                raise ProjectError(f"var('{name}') is not set in dbt_project.yml")
            return self.variables[name]

        context: dict[str, Any] = {
            "ref": ref,
            "source": source,
            "var": var,
            "config": lambda **_: "",
            "target": target,
        }
        macros = self._macro_template.make_module(context)
        return context | {
            name: getattr(macros, name) for name in dir(macros) if not name.startswith("_")
        }


@cache
def load_project() -> Project:
    """The project that naome ships, its files read once a process.

    Raises:
        ProjectError: when a file is missing or not valid.
    """
    folder = sql_project_path()
    settings = _yaml(folder / "dbt_project.yml")
    described = _descriptions(folder)
    defaults = settings.get("models", {}).get(settings["name"], {})
    macros = "\n".join(file.read_text() for file in sorted((folder / "macros").glob("*.sql")))
    known = dict(_MACRO.findall(macros))
    variables = settings.get("vars", {})
    models = {
        file.stem: _load_model(file, folder, described, defaults, known, variables)
        for file in sorted((folder / "models").rglob("*.sql"))
    }
    seeds = {
        file.stem: _load_seed(file, described) for file in sorted((folder / "seeds").glob("*.csv"))
    }
    sources = {
        table["name"]: table.get("description", "").strip()
        for group in described["sources"].values()
        for table in group["tables"]
    }
    entries = [
        *described["models"].values(),
        *described["seeds"].values(),
        *(table for group in described["sources"].values() for table in group["tables"]),
    ]
    return Project(
        path=folder,
        name=settings["name"],
        variables=variables,
        models=models,
        seeds=seeds,
        sources=sources,
        macros=macros,
        data_tests={
            entry["name"]: _data_tests(entry, settings.get("vars", {})) for entry in entries
        },
        not_blocking=frozenset(
            entry["name"]
            for entry in entries
            if entry.get("config", {}).get("meta", {}).get("blocks") is False
        ),
    )


def _yaml(file: Path) -> Any:
    # The parser in C, where PyYAML has it, is ten times as fast.
    return yaml.load(file.read_text(), Loader=_LOADER)  # noqa: S506 - both loaders are safe


def _environment() -> jinja2.Environment:
    # Who only asks what the project holds, as Dagster does when it loads, need not wait for it.
    import jinja2

    # SQL is not HTML; undefined names must fail, not vanish.
    return jinja2.Environment(  # noqa: S701
        undefined=jinja2.StrictUndefined
    )


def _render(
    environment: jinja2.Environment, path: Path, template: str, context: dict[str, Any]
) -> str:
    import jinja2

    try:
        return environment.from_string(template).render(context)
    except (jinja2.TemplateError, ProjectError) as error:
        raise ProjectError(f"{path.name}: {error}") from error


def _descriptions(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Everything the YAML files say, by kind and name."""
    found: dict[str, dict[str, dict[str, Any]]] = {"models": {}, "seeds": {}, "sources": {}}
    for file in sorted([*folder.glob("models/**/*.yml"), *folder.glob("seeds/*.yml")]):
        content = _yaml(file) or {}
        for kind, by_name in found.items():
            for entry in content.get(kind, []):
                if entry["name"] in by_name:
                    raise ProjectError(f"{file.name}: '{entry['name']}' is described twice")
                by_name[entry["name"]] = entry
    return found


def _load_model(
    file: Path,
    folder: Path,
    described: dict[str, dict[str, dict[str, Any]]],
    defaults: dict[str, dict[str, str]],
    macros: Mapping[str, str],
    variables: Mapping[str, Any],
) -> Model:
    template = file.read_text()
    stage = file.relative_to(folder / "models").parts[0]
    entry = described["models"].get(file.stem, {})
    calls = _calls(template, macros)
    used = {name: macros[name] for name in sorted(calls.macros)}
    # A macro may be given the name of a setting: whichever is named anywhere is one of its own.
    words = set(_WORD.findall("\n".join((template, *used.values()))))
    return Model(
        name=file.stem,
        stage=stage,
        path=file,
        template=template,
        description=entry.get("description", "").strip() or _leading_comment(template),
        columns=_columns(entry),
        materialized=calls.config.get("materialized")
        or defaults.get(stage, {}).get("+materialized", "view"),
        refs=frozenset(calls.refs),
        sources=frozenset(calls.sources),
        macros=used,
        settings={name: value for name, value in variables.items() if name in words},
    )


@dataclass
class _Calls:
    """What a template calls: ref, source, config and macros."""

    refs: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    config: dict[str, str] = field(default_factory=dict)
    macros: set[str] = field(default_factory=set)


#: Comments of Jinja, and what is inside its braces. A full parse of every model takes Jinja a
#: third of a second; a test holds that it finds the same calls.
_BRACES = re.compile(r"\{#.*?#\}|\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
_CALL = re.compile(r"(?<![\w.])(\w+)\((?=([^()]*))")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\b(.*?)\{%-?\s*endmacro\b", re.DOTALL)
_WORD = re.compile(r"\w+")
_TEXT = re.compile(r"""(?:(\w+)\s*=\s*)?(?:'([^']*)'|"([^"]*)")""")


def _calls(template: str, macros: Mapping[str, str]) -> _Calls:
    """Read the calls from a template and the macros it calls, without rendering it."""
    found = _Calls()
    for shown, done in _BRACES.findall(template):
        for name, inside in _CALL.findall(shown or done):
            texts = [(key, one or other) for key, one, other in _TEXT.findall(inside)]
            if name == "ref":
                found.refs.add(texts[0][1])
            elif name == "source":
                found.sources.add(texts[1][1])
            elif name == "config":
                found.config.update(texts)
            elif name in macros:
                inner = _calls(macros[name], macros)
                found.refs |= inner.refs
                found.sources |= inner.sources
                found.macros |= {name} | inner.macros
    return found


def _leading_comment(template: str) -> str:
    """The comment at the head of a model, which says what it holds."""
    lines = []
    for line in template.splitlines():
        if line.startswith("--"):
            lines.append(line.removeprefix("--").strip())
        elif lines:
            break
    return " ".join(lines)


def _load_seed(file: Path, described: dict[str, dict[str, dict[str, Any]]]) -> Seed:
    entry = described["seeds"].get(file.stem, {})
    return Seed(
        name=file.stem,
        path=file,
        description=entry.get("description", "").strip(),
        columns=_columns(entry),
        column_types=entry.get("config", {}).get("column_types", {}),
    )


def _data_tests(entry: dict[str, Any], settings: Mapping[str, Any]) -> tuple[DataTest, ...]:
    try:
        return data_tests(entry, settings)
    except DataTestError as error:
        raise ProjectError(f"{entry['name']}: {error}") from error


def _columns(entry: dict[str, Any]) -> tuple[Column, ...]:
    """The columns of an entry; ``carried_items`` stands for a column an item of COSD."""
    columns: list[Column] = []
    for column in entry.get("columns", []):
        if column["name"] == _CARRIED:
            columns += (
                Column(item.column, f"{item.item_name} ({item.item_code}), comparable.")
                for item in carried_items()
            )
        else:
            columns.append(Column(column["name"], column.get("description", "").strip()))
    return tuple(columns)
