"""Every rule as its own Dagster asset check; one step judges all rules of an asset."""

from collections.abc import Iterator, Sequence

import dagster as dg

from naome_assets.checks.outcome import Outcome
from naome_assets.checks.rule import Rule
from naome_assets.checks.suites import RULES
from naome_assets.orchestration.resources import (
    WAREHOUSE_POOL,
    WarehouseResource,
)
from naome_assets.orchestration.source import ROOT, source_url

#: Instead of the places that fail.
PLACES_NOT_NAMED = (
    "places are not named here, because their true counts are judged: run the SELECT of the rule's "
    "page in the warehouse, or read data_quality of the publication"
)


def build_asset_checks(rules: Sequence[Rule] = RULES) -> list[dg.AssetChecksDefinition]:
    """One step an asset that has rules, one check a rule; critical ones block."""
    assets = dict.fromkeys(rule.asset for rule in rules)
    return [_checks_of(asset, [rule for rule in rules if rule.asset == asset]) for asset in assets]


def blocking_check_keys(rules: Sequence[Rule] = RULES) -> list[dg.AssetCheckKey]:
    """The checks that block what is downstream."""
    return [
        dg.AssetCheckKey(dg.AssetKey(rule.asset), rule.name) for rule in rules if rule.is_critical
    ]


def _checks_of(asset: str, rules: Sequence[Rule]) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"check_{asset}",
        description=f"Judges the {len(rules)} data-quality rules of {asset}.",
        specs=[
            dg.AssetCheckSpec(
                rule.name,
                asset=asset,
                description=f"{rule.description} When it fails: {rule.action}",
                blocking=rule.is_critical,
                additional_deps=rule.after,
                metadata={
                    "expected": rule.expectation.words,
                    "reason": rule.reason,
                    "numerator": rule.numerator,
                    "denominator": rule.denominator,
                    "action": rule.action,
                    "page": _page(rule),
                },
            )
            for rule in rules
        ],
        can_subset=True,
        compute_kind="great_expectations",
        pool=WAREHOUSE_POOL,
    )
    def check(
        context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.AssetCheckResult]:
        from naome_assets.checks.remembered import judge
        from naome_assets.versions.memory import Memory

        selected = {key.name for key in context.selected_asset_check_keys}
        with warehouse.connect() as opened:
            memory = Memory.of(opened, run=context.run.run_id, is_full=warehouse.full)
            judged = judge([rule for rule in rules if rule.name in selected], memory)
        since = sum(bool(own.since) for own in judged)
        if since:
            context.log.info(f"{since} of {len(judged)} rules hold as before: nothing changed")
        for own in judged:
            yield result(own.outcome, own.since)

    return check


def _page(rule: Rule) -> dg.MetadataValue:
    """The rule's page: a link where the source has an address on the web, else its file."""
    url = source_url(rule.page)
    return dg.MetadataValue.url(url) if url else dg.MetadataValue.path(ROOT / rule.page)


def result(outcome: Outcome, since: str = "") -> dg.AssetCheckResult:
    """An outcome as Dagster shows it: counts, threshold and reason in the metadata.

    Args:
        outcome: what was found.
        since: the run that found it, where nothing that the rule looks at changed since.
    """
    rule = outcome.rule
    severity = dg.AssetCheckSeverity.ERROR if rule.is_critical else dg.AssetCheckSeverity.WARN
    metadata: dict[str, str | int | float | dg.MetadataValue] = {
        "status": outcome.status.value,
        "observed": outcome.observed,
        "expected": rule.expectation.words,
        "threshold_reason": rule.reason,
        "action": rule.action,
        "rows": outcome.rows,
        "failing_rows": outcome.failing_rows,
        "missing_rows": outcome.missing_rows,
    }
    if not outcome.passed:
        # What there is to look into; of a rule that holds it stands with its definition.
        metadata |= {
            "sql": dg.MetadataValue.md(f"```sql\n{rule.select}\n```"),
            "page": _page(rule),
            "numerator": rule.numerator,
            "denominator": rule.denominator,
        }
    if since:
        metadata["unchanged"] = f"judged by run {since}; its rows and the rule are the same since"
    figures = {"failing_percentage": outcome.failing_percentage}
    if not rule.names_places:
        figures |= {"lowest": outcome.lowest, "highest": outcome.highest}
    metadata |= {name: figure for name, figure in figures.items() if figure is not None}
    if outcome.failing_groups and rule.names_places:
        # Rules judge true tables: of places only what has passed disclosure control is shown.
        metadata["failing_groups"] = PLACES_NOT_NAMED
    elif outcome.failing_groups:
        metadata["failing_groups"] = "; ".join(outcome.failing_groups)
    return dg.AssetCheckResult(
        asset_key=rule.asset,
        check_name=rule.name,
        passed=outcome.passed,
        severity=severity,
        description=f"{outcome.observed}; expected: {rule.expectation.words}",
        metadata=metadata,
    )
