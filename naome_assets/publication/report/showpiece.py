"""Single charts of the report for use elsewhere, such as Dagster's metadata."""

from __future__ import annotations

from dataclasses import replace

from naome_assets.publication import charts
from naome_assets.publication.published import Publication
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.exhibits.funnel import Funnel
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.measures import CNS, WITHIN_31_DAYS
from naome_assets.publication.report.places import Places
from naome_assets.publication.report.words import LANGUAGES, Words

_MEASURES = (CNS, WITHIN_31_DAYS)
_TABLES = {measure.table for measure in _MEASURES}


def funnel_plots(publication: Publication) -> dict[str, str]:
    """SVG pictures by title: nurse contact and treatment within 31 days, as in the report.

    Empty where no provider has published figures.
    """
    shown = {name: publication.tables[name] for name in _TABLES if name in publication.tables}
    figures = Figures(replace(publication, tables=shown))
    words = Words(LANGUAGES[0], publication.statement.missing_nation())
    edition = Edition(figures, Places(figures), words)
    plots = {}
    for measure in _MEASURES:
        drawn = Funnel(edition, measure, edition.places.providers).all(lambda path: path)
        if drawn is not None and drawn.chart:
            chart = drawn.chart
            if publication.statement.is_generated:
                chart = charts.marked(chart, words("generated.mark"))
            plots[drawn.title] = charts.standalone(chart)
    return plots
