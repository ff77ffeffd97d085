"""The grade of the data behind a figure, from published completeness of the items it rests on."""

from __future__ import annotations

from naome_assets.contract.dimensions import FOLLOWED_PERIOD
from naome_assets.contract.indicators import INDICATOR
from naome_assets.publication.report.figures import Figures, Key
from naome_assets.publication.report.measures import Measure
from naome_assets.publication.report.words import number
from naome_assets.transform.project import load_project

#: From the best to the worst: one more than there are thresholds.
GRADES = ("A", "B", "C", "D")
#: Percent of records from which on the grades but the last are given.
THRESHOLDS = tuple(float(own) for own in load_project().variables["quality_grade_from"])


def grade_of(completeness: float) -> str:
    """The grade of a percentage of records that give an item."""
    return next(
        (grade for grade, least in zip(GRADES, THRESHOLDS, strict=False) if completeness >= least),
        GRADES[-1],
    )


def grade(figures: Figures, place: Key, measure: Measure) -> str:
    """The grade of a measure at a place: of its weakest item, in twelve months of submissions.

    Empty where no completeness of its items is published there.
    """
    known = [
        completeness
        for item in INDICATOR[measure.key].graded_by
        if (row := figures.row("data_quality", place, period=FOLLOWED_PERIOD, item=item))
        is not None
        and (completeness := number(row, "completeness_pct")) is not None
    ]
    return grade_of(min(known)) if known else ""
