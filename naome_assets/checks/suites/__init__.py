"""The rules, suite by suite: a folder a suite, a file a table or family of tables.

Every file in a suite's folder, ``shared`` aside, holds ``RULES``; a new file is found by being
there. Rules that the descriptions in ``dbt_like_sql`` promise are added from there (``described``)
and are nowhere here.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from naome_assets.checks.described import described_rules
from naome_assets.checks.rule import Rule
from naome_assets.transform.project import load_project

#: What the builders of a suite's rules have in common; no rules of its own.
_SHARED = "shared"


def _written(suite: str) -> Iterator[Rule]:
    """The rules in the files of a suite."""
    package = import_module(f"{__name__}.{suite}")
    if not hasattr(package, "__path__"):
        yield from package.RULES
        return
    for file in pkgutil.iter_modules(package.__path__):
        if file.name != _SHARED:
            yield from import_module(f"{package.__name__}.{file.name}").RULES


def _described(*stages: str) -> tuple[Rule, ...]:
    """What the descriptions of the models of some stages promise."""
    models = load_project().models.values()
    return described_rules([model.name for model in models if model.stage in stages])


def _suites() -> dict[str, Sequence[Rule]]:
    project = load_project()
    return {
        "reference": described_rules([*project.seeds]),
        "arrivals": (*_written("arrivals"), *described_rules([*project.sources])),
        "registry": (*_written("registry"), *_described("staging", "registry", "cohort")),
        "indicators": (*_written("indicators"), *_described("indicators")),
        "computed": (*_written("computed"),),
        "publication": (*_written("publication"),),
    }


#: Every suite by name, in the order in which data flow.
SUITES: Mapping[str, Sequence[Rule]] = _suites()
#: Every rule.
RULES: tuple[Rule, ...] = tuple(rule for suite in SUITES.values() for rule in suite)


def compared_with(asset: str) -> frozenset[str]:
    """Tables that the blocking checks of an asset compare it with.

    They are made before it, also when a backfill makes the two in runs of their own: otherwise
    the new table would be judged by an old one.
    """
    return frozenset(
        table for rule in RULES if rule.asset == asset and rule.is_critical for table in rule.after
    )
