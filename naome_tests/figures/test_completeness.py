"""The heat maps of data quality: what they hold, what they may tell, whether one can read them."""

from __future__ import annotations

import base64
import io
from itertools import pairwise, product
from typing import Any

import dagster as dg
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from naome_assets.figures.completeness import (
    QUARTERS_SHOWN,
    by_place,
    by_quarter,
    heat_map,
    places_heat_map,
    quarters_heat_map,
)
from naome_assets.orchestration.metadata import picture_metadata
from naome_assets.transform.project import load_project
from naome_assets.warehouse.duckdb import DuckDBWarehouse

_SETTINGS = load_project().variables
ITEMS = [*_SETTINGS["quality_items"], *_SETTINGS["quality_sact_items"]]
NATIONS = {"K04000001": "England and Wales", "W92000004": "Wales"}


def row(**values: Any) -> dict[str, Any]:
    """A row of England and Wales; anything else is given."""
    return {
        "quarter": "2024-Q1",
        "period": "quarter",
        "source": "all",
        "geography_type": "england_and_wales",
        "geography_code": "K04000001",
        "geography_name": "England and Wales",
        "item": "stage",
        "completeness_pct": 50.0,
    } | values


def alliance(name: str, **values: Any) -> dict[str, Any]:
    return row(
        geography_type="cancer_alliance", geography_code=f"E{name}", geography_name=name
    ) | dict(values)


def test_the_trend_is_of_england_and_wales_and_of_every_source() -> None:
    frame = pd.DataFrame(
        [
            row(completeness_pct=40.0),
            row(quarter="2024-Q2", completeness_pct=60.0),
            row(quarter="2024-Q2", item="birth_date", completeness_pct=99.0),
            row(source="cosd", completeness_pct=1.0),
            row(period="rolling_12m", completeness_pct=2.0),
            alliance("Peninsula", completeness_pct=3.0),
        ]
    )
    table = by_quarter(frame)
    assert list(table.index) == ["birth_date", "stage"], "in the order of the settings"
    assert list(table.columns) == ["2024-Q1", "2024-Q2"]
    assert table.loc["stage"].tolist() == [40, 60]
    assert np.isnan(table.loc["birth_date", "2024-Q1"])


def test_the_trend_ends_with_the_last_quarter() -> None:
    quarters = [f"{year}-Q{number}" for year in range(2015, 2025) for number in range(1, 5)]
    table = by_quarter(pd.DataFrame([row(quarter=quarter) for quarter in quarters]))
    assert list(table.columns) == quarters[-QUARTERS_SHOWN:]


@pytest.mark.parametrize("period", ["quarter", "rolling_12m"])
def test_places_stand_below_the_nations_in_the_longest_window_published(period: str) -> None:
    frame = pd.DataFrame(
        [
            row(completeness_pct=80.0, period=period),
            row(completeness_pct=81.0, period="rolling_12m", item="sact_drug"),
            row(
                geography_type="nation",
                geography_code="W92000004",
                geography_name="Wales",
                period=period,
            ),
            row(geography_type="nation", geography_code="E92000001", period=period),
            alliance("Wessex", completeness_pct=None, period=period),
            alliance("Peninsula", completeness_pct=30.0, period=period),
            alliance("Peninsula", completeness_pct=31.0, period="quarter", quarter="2023-Q4"),
            alliance("Thames", completeness_pct=32.0, period=period, source="cosd"),
            row(geography_type="provider", geography_code="RTH", geography_name="A trust"),
        ]
    )
    table, window = by_place(frame)
    assert list(table.index) == ["England and Wales", "Wales", "Peninsula", "Wessex"]
    assert table["stage"].tolist()[:3] == [80, 50, 30]
    assert np.isnan(table.loc["Wessex", "stage"])
    assert ("sact_drug" in table) == (period == "rolling_12m")
    assert (
        window == {"quarter": "quarter 2024-Q1", "rolling_12m": "twelve months to 2024-Q1"}[period]
    )


def test_a_cell_says_what_its_colour_does() -> None:
    table = pd.DataFrame([[0, 49.5, 99.99], [np.nan, 100, 29]], list("ab"), list("xyz"), float)
    axes = heat_map(table, "", "*").axes[0]
    drawn = axes.images[0]
    np.testing.assert_array_equal(drawn.get_array().filled(np.nan), table)  # type: ignore[union-attr]
    assert drawn.get_clim() == (0, 100)
    assert [text.get_text() for text in axes.texts] == ["0", "49", "99", "*", "100", "29"]
    # The less is given, the darker: read from the colours themselves.
    shades = [drawn.cmap(value / 100)[:3] for value in (0, 30, 60, 100)]
    assert all(sum(dark) < sum(light) for dark, light in pairwise(shades))


def test_nothing_overlaps_at_full_size() -> None:
    """Every item by five years, and by every alliance: labels lie apart and in the picture."""
    quarters = [f"{year}-Q{number}" for year in range(2020, 2025) for number in range(1, 5)]
    national = [
        row(geography_code=code, geography_name=name, quarter=quarter, item=item)
        for (code, name), quarter, item in product(NATIONS.items(), quarters, ITEMS)
    ]
    names = [f"Surrey and Sussex and {number}" for number in range(21)]
    local = [
        alliance(name, quarter=quarters[-1], item=item) for name, item in product(names, ITEMS)
    ]
    frame = pd.DataFrame(national + local)
    for figure in (quarters_heat_map(frame), places_heat_map(frame)):
        assert figure is not None
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        whole = figure.bbox
        axes = figure.axes[0]
        for labels in (axes.get_xticklabels(), axes.get_yticklabels(), axes.texts):
            boxes = [label.get_window_extent(canvas.get_renderer()) for label in labels]
            assert not any(one.overlaps(other) for one, other in pairwise(boxes))
            assert all(
                whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 for box in boxes
            )
        title = figure.get_suptitle()
        assert "%" in title


def _shown(warehouse: DuckDBWarehouse) -> np.ndarray[Any, Any]:
    """Pixels of the picture that Dagster shows beside data_quality."""
    text = picture_metadata(warehouse, "data_quality")["completeness"]
    assert isinstance(text, dg.MarkdownMetadataValue)
    encoded = text.value.rpartition("base64,")[2].rstrip(")")
    return np.asarray(mpl.image.imread(io.BytesIO(base64.b64decode(encoded))))


def test_true_counts_of_a_place_are_not_in_the_picture(tmp_path: Any) -> None:
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    frame = pd.DataFrame([row(), alliance("Peninsula")])
    warehouse.connection.register("given", frame)
    warehouse.connection.execute("create table data_quality as select * from given")
    before = _shown(warehouse)
    warehouse.connection.execute(
        "update data_quality set completeness_pct = 3 where geography_type = 'cancer_alliance'"
    )
    np.testing.assert_array_equal(_shown(warehouse), before)
    warehouse.connection.execute("update data_quality set completeness_pct = 3")
    assert (_shown(warehouse) != before).any()
    warehouse.close()


def test_without_records_nothing_is_drawn() -> None:
    frame = pd.DataFrame([row()]).iloc[:0]
    assert quarters_heat_map(frame) is None
    assert places_heat_map(frame) is None
