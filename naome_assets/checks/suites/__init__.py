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


def compared_with(asset: str) -> frozenset[str]:
    """Tables that the blocking checks of an asset compare it with.

    They are made before it, also when a backfill makes the two in runs of their own: otherwise
    the new table would be judged by an old one.
    """
    return frozenset(
        table for rule in RULES if rule.asset == asset and rule.is_critical for table in rule.after
    )
