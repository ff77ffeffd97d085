"""The suites: arrivals, registry with cohort, indicators, what Python computes, publication."""

from __future__ import annotations

from collections.abc import Mapping

from naome_assets.checks.rule import Rule
from naome_assets.checks.suites import arrivals, computed, indicators, publication, registry

#: Every suite by name, in the order in which data flow.
SUITES: Mapping[str, tuple[Rule, ...]] = {
    "arrivals": arrivals.RULES,
    "registry": registry.RULES,
    "indicators": indicators.RULES,
    "computed": computed.RULES,
    "publication": publication.RULES,
}
#: Every rule.
RULES: tuple[Rule, ...] = tuple(rule for suite in SUITES.values() for rule in suite)
