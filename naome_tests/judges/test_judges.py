"""What judges find: hidden counts that are told, and published values that naome gives too."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from naome_tests.judges import disclosure, published

#: What naome decides otherwise; docs/judges.md says why.
DECIDED = {"limits of standardised ratios, under 10 events", "funnel limits"}

FIELDS = ("quarter", "period", "geography_type", "geography_code", "presentation")
COUNTS = {
    "cns_access": ("patients", "recorded", "seen"),
    "time_to_treatment": ("modality", "patients", "eligible_31d", "within_31d"),
}


@pytest.mark.parametrize(("parts", "told"), [(("*", "0"), 3), (("*", "*"), 0)])
def test_a_count_that_sums_tell_is_found(tmp_path: Path, parts: tuple[str, str], told: int) -> None:
    """Wales has three people; the first board has them all, or either has some."""
    for table, counts in COUNTS.items():
        with (tmp_path / f"{table}.csv").open("w", newline="") as file:
            write = csv.writer(file)
            write.writerow([*FIELDS, *counts])
            if table == "cns_access":
                places = [("nation", "W92000004", "3"), ("provider", "7A1", parts[0])]
                for kind, code, given in [*places, ("provider", "7A2", parts[1])]:
                    write.writerow(["2023-Q4", "rolling_12m", kind, code, "all", *[given] * 3])
    nurses, _ = disclosure.judge(tmp_path, "made up")
    assert nurses.cases == 3 * parts.count("*")
    assert nurses.differ == told


def test_published_values_are_given_but_for_what_is_decided() -> None:
    found = published.judge()
    assert {own.judged for own in found if own.differ} == DECIDED
    assert sum(own.agree for own in found) > 60
