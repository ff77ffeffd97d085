"""What a model calls is read from its text; Jinja reads the same."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import jinja2
import pytest

from naome_assets.transform.project import ProjectError, Target, load_project

PROJECT = load_project()
MACROS = {
    macro.name: macro
    for macro in jinja2.Environment().parse(PROJECT.macros).find_all(jinja2.nodes.Macro)  # noqa: S701
}


def called(tree: jinja2.nodes.Node) -> dict[str, set[Any]]:
    """Arguments of ref, source and config in a syntax tree and in the macros that it calls."""
    found: dict[str, set[Any]] = {"ref": set(), "source": set(), "config": set()}
    for call in tree.find_all(jinja2.nodes.Call):
        if not isinstance(call.node, jinja2.nodes.Name):
            continue
        name = call.node.name
        constants = [own.value for own in call.args if isinstance(own, jinja2.nodes.Const)]
        if name in ("ref", "source"):
            found[name].add(constants[-1])
        elif name == "config":
            found[name] |= {(pair.key, pair.value.as_const()) for pair in call.kwargs}
        elif name in MACROS:
            inner = called(MACROS[name])
            found["ref"] |= inner["ref"]
            found["source"] |= inner["source"]
    return found


@pytest.mark.parametrize("name", PROJECT.models)
def test_jinja_reads_the_same_calls(name: str) -> None:
    model = PROJECT.models[name]
    by_jinja = called(jinja2.Environment().parse(model.template))  # noqa: S701
    assert model.refs == by_jinja["ref"]
    assert model.sources == by_jinja["source"]
    for key, value in by_jinja["config"]:
        assert getattr(model, key) == value


def test_every_macro_is_found() -> None:
    from naome_assets.transform import project

    assert set(dict(project._MACRO.findall(PROJECT.macros))) == set(MACROS)


@pytest.mark.parametrize("text", ["{{ ref('nowhere') }}", "{{ var('nothing') }}", "{{ ref( }}"])
def test_what_does_not_exist_fails(text: str) -> None:
    model = replace(next(iter(PROJECT.models.values())), template=text)
    with pytest.raises(ProjectError):
        PROJECT.render(model, Target())


class _Asked(dict[str, Any]):
    """Settings that note which of them was asked for."""

    def __init__(self, held: Any) -> None:
        super().__init__(held)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)


@pytest.mark.parametrize("type_", ["duckdb", "postgres"])
@pytest.mark.parametrize("name", PROJECT.models)
def test_every_setting_that_its_sql_is_written_from_is_known(name: str, type_: str) -> None:
    model = PROJECT.models[name]
    asked = _Asked(PROJECT.variables)
    replace(PROJECT, variables=asked).render(model, Target(type=type_))
    assert asked.names <= set(model.settings)


@pytest.mark.parametrize("name", PROJECT.models)
def test_every_macro_that_its_sql_is_written_with_is_known(name: str) -> None:
    """Without the others its SQL is the same."""
    model = PROJECT.models[name]
    target = Target()
    macros = {
        macro[0].split()[2].partition("(")[0]: "".join(macro)
        for macro in re.findall(
            r"(\{%-?\s*macro\s+\w+)(.*?\{%-?\s*endmacro\s*-?%\})", PROJECT.macros, re.DOTALL
        )
    }
    assert set(macros) == set(MACROS)
    used = "\n".join(text for name, text in macros.items() if name in model.macros)
    assert replace(PROJECT, macros=used).render(model, target) == PROJECT.render(model, target)


def test_a_fingerprint_changes_with_a_macro_and_with_a_setting() -> None:
    model = PROJECT.models["same_diagnosis"]
    other = replace(model, settings=model.settings | {"event_window_days": 1})
    assert other.fingerprint != model.fingerprint
    assert replace(model, macros=model.macros | {"days_between": ""}).fingerprint not in (
        model.fingerprint,
        other.fingerprint,
    )
    assert "nations" not in model.settings
