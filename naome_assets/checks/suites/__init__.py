"""The suites: what arrives, the registry with its cohort, and the tables of indicators."""

from __future__ import annotations

from collections.abc import Mapping

from naome_assets.checks.rule import Rule
from naome_assets.checks.suites import arrivals, indicators, registry

#: Every suite by name, in the order in which data flow.
SUITES: Mapping[str, tuple[Rule, ...]] = {
    "arrivals": arrivals.RULES,
    "registry": registry.RULES,
    "indicators": indicators.RULES,
}
#: Every rule.
RULES: tuple[Rule, ...] = tuple(rule for suite in SUITES.values() for rule in suite)
