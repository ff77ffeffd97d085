"""Charts as inline SVG: numbers and words in, text out.

Each chart has a title and a description for screen readers, uses no colour alone to tell things
apart, and prints in black and white. The table behind a chart is the page's own work.
"""

from naome_assets.publication.charts.bars import (
    Interval,
    Spread,
    interval_plot,
    signed_bars,
    spread_plot,
)
from naome_assets.publication.charts.bridge import Step, bridge
from naome_assets.publication.charts.funnel import FunnelPlot, FunnelPoint, FunnelWords
from naome_assets.publication.charts.heat_map import heat_map
from naome_assets.publication.charts.stacked import Layer, stacked_bars
from naome_assets.publication.charts.survival import Curve, survival
from naome_assets.publication.charts.svg import Heading, marked, standalone
from naome_assets.publication.charts.tiles import Tile, tiles
from naome_assets.publication.charts.trend import Series, trend
from naome_assets.publication.charts.xmr import (
    ProcessLimits,
    ProcessPoint,
    ProcessWords,
    xmr,
)

__all__ = [
    "Curve",
    "FunnelPlot",
    "FunnelPoint",
    "FunnelWords",
    "Heading",
    "Interval",
    "Layer",
    "ProcessLimits",
    "ProcessPoint",
    "ProcessWords",
    "Series",
    "Spread",
    "Step",
    "Tile",
    "bridge",
    "heat_map",
    "interval_plot",
    "marked",
    "signed_bars",
    "spread_plot",
    "stacked_bars",
    "standalone",
    "survival",
    "tiles",
    "trend",
    "xmr",
]
