"""The pages of the rules: ``python -m naome_assets.checks.generate_pages`` writes ``docs/rules``.

Each rule has a section under its own name: ``docs/rules/ledger.md#adds_up`` is the rule adds_up
of the table ledger. A test says when the pages are out of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import sqlglot

from naome_assets.checks.codes import fault_rules
from naome_assets.checks.rule import Rule
from naome_assets.checks.suites import RULES, SUITES
from naome_assets.reference import sql_project_path

_COMMAND = "python -m naome_assets.checks.generate_pages"
_SUITES = {
    "reference": "Reference data",
    "arrivals": "What arrives",
    "registry": "The registry and the cohort",
    "indicators": "The figures",
    "computed": "Curves, projections and estimates",
    "publication": "What is published",
}
_RECORDS = "records"
_SOURCES = "`naome_assets/checks/suites`, the `data_tests` in `dbt_like_sql`"


def pages() -> dict[Path, str]:
    """Each page that is written, and what stands in it."""
    folder = sql_project_path().parent / "docs" / "rules"
    written = {
        folder / f"{table}.md": _table_page(table, rules) for table, rules in _by_table(RULES)
    }
    return {folder / "README.md": _index(), folder / f"{_RECORDS}.md": _record_page(), **written}


def _index() -> str:
    lines = [
        "# Rules",
        "",
        _written_by(f"{_SOURCES} and `dbt_like_sql/seeds/quarantine_rule.csv`"),
        "",
        "What each rule means, what is counted among what, the threshold and why it stands there, "
        "and what a data manager should do when it fails.",
        "",
        f"- [Rules on single records]({_RECORDS}.md): {len(fault_rules())} rules, by which a "
        "record is refused or listed in `quarantine`.",
        "- [Files that are refused](../faults.md).",
        f"- Rules on tables, which are the checks that Dagster shows: {len(RULES)}, of which "
        f"{sum(rule.is_critical for rule in RULES)} are critical.",
    ]
    for name, suite in SUITES.items():
        lines += ["", f"## {_SUITES[name]}", "", "| Table | Critical | Warning |", "|---|---|---|"]
        for table, rules in _by_table(suite):
            critical, warning = (
                ", ".join(
                    f"[{rule.name}]({table}.md#{rule.name})"
                    for rule in rules
                    if rule.is_critical is wanted
                )
                for wanted in (True, False)
            )
            lines.append(f"| [{table}]({table}.md) | {critical} | {warning} |")
    return "\n".join(lines) + "\n"


def _record_page() -> str:
    lines = [
        "# Rules on single records",
        "",
        _written_by("`dbt_like_sql/seeds/quarantine_rule.csv`"),
        "",
        "Each record is judged by itself, so there is no threshold: numerator 1 and denominator 1. "
        "An `error` refuses the record, which then counts in no figure; a `warning` lists it, and "
        "it counts. `quarantine` names each by file and position, `naome status` sums them up, and "
        "[the rules on tables](README.md) judge how many there may be.",
    ]
    for rule in fault_rules().values():
        lines += [
            "",
            f"## {rule['rule']}",
            "",
            _sentence(rule["message"]),
            "",
            f"- **{rule['severity'].capitalize()}** for {_lower(rule['applies_to'])}.",
            f"- **What to do**: {rule['action']}",
        ]
    return "\n".join(lines) + "\n"


def _table_page(table: str, rules: Sequence[Rule]) -> str:
    lines = [f"# Rules on {table}", "", _written_by(_SOURCES)]
    for rule in rules:
        kind = (
            "**Critical**: when it fails, nothing downstream is built and nothing is published."
            if rule.is_critical
            else "**Warning**: it blocks nothing."
        )
        lines += [
            "",
            f"## {rule.name}",
            "",
            rule.description,
            "",
            f"- {kind}",
            f"- **Expected**: {rule.expectation.words}.",
            f"- **Why there**: {rule.reason}",
            f"- **Numerator**: {rule.numerator}.",
            f"- **Denominator**: {rule.denominator}.",
            f"- **What to do**: {rule.action}",
            "",
            "Rows judged:",
            "",
            "```sql",
            sqlglot.transpile(rule.select, read="postgres", write="postgres", pretty=True)[0],
            "```",
        ]
    return "\n".join(lines) + "\n"


def _by_table(suite: Sequence[Rule]) -> Iterable[tuple[str, list[Rule]]]:
    ordered = sorted(suite, key=lambda rule: rule.asset)
    for table, rules in groupby(ordered, key=lambda rule: rule.asset):
        yield table, list(rules)


def _written_by(source: str) -> str:
    return f"Written from {source} by `{_COMMAND}`; do not edit."


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _lower(words: str) -> str:
    """Names of data sets keep their capitals."""
    return words if words[:2].isupper() else words[0].lower() + words[1:]


def main() -> None:
    """Write the pages, and remove those of tables that have no rule any more."""
    written = pages()
    folder = next(iter(written)).parent
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.md")) - set(written):
        stale.unlink()
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
