"""The heat maps of data quality: what they hold, what they may tell, whether one can read them."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lxml import etree

from naome_assets.figures.completeness import (
    QUARTERS_SHOWN,
    by_place,
    by_quarter,
    places_heat_map,
    quarters_heat_map,
)
from naome_assets.figures.national import shown_beside
from naome_assets.publication import charts
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
def test_places_are_below_the_nations_in_the_longest_window_published(period: str) -> None:
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


def drawn(pictures: dict[str, str]) -> etree._Element:
    """The one picture."""
    (svg,) = pictures.values()
    return etree.fromstring(svg.encode())


def luminance(colour: str) -> float:
    """Relative luminance of a colour as #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot((0.2126, 0.7152, 0.0722), linear))


def test_a_cell_says_what_its_colour_does() -> None:
    values = [[0, 49.5, 99.99], [None, 100, 29], *([[i, i, i] for i in range(101)])]
    rows = [f"row {at}" for at in range(len(values))]
    heading = charts.Heading("name", "title", "description")
    svg = etree.fromstring(charts.heat_map(heading, rows, list("xyz"), values, "*").encode())
    cells = svg.findall("{*}rect")
    words = [text for text in svg.findall("{*}text") if text.get("text-anchor") == "middle"]
    assert [text.text for text in words[:6]] == ["0", "49", "99", "*", "100", "29"]
    assert len(cells) == len(words) == 3 * len(rows)
    # The less is given, the darker, and the number stands out of it as small text must.
    shades = [luminance(str(cells[at].get("fill"))) for at in range(6, len(cells), 3)]
    assert all(dark < light for dark, light in pairwise(shades))
    for cell, text in zip(cells, words, strict=True):
        one, other = luminance(str(cell.get("fill"))), luminance(str(text.get("fill")))
        assert (max(one, other) + 0.05) / (min(one, other) + 0.05) >= 4.5


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
    for pictures in (quarters_heat_map(frame), places_heat_map(frame)):
        (title,) = pictures
        assert "%" in title
        svg = drawn(pictures)
        _, _, wide, high = map(float, str(svg.get("viewBox")).split())
        boxes = [box(text) for text in svg.findall("{*}text")]
        assert len(boxes) > 20 * len(ITEMS)
        for left, top, right, bottom in boxes:
            assert -0.1 <= left < right <= wide + 0.1  # Places are written to a tenth.
            assert -0.1 <= top < bottom <= high + 0.1
        for one, other in combinations(boxes, 2):
            apart = one[2] <= other[0] or other[2] <= one[0]
            assert apart or one[3] <= other[1] or other[3] <= one[1]


def box(text: etree._Element) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text: its letters are 0.54 of their size wide."""
    x, y, size = (float(str(text.get(name))) for name in ("x", "y", "font-size"))
    width = charts.svg.text_width(str(text.text), size)
    before = {"end": width, "middle": width / 2}.get(str(text.get("text-anchor")), 0.0)
    if text.get("transform"):  # Read from below: the end of the words is above.
        return x - 0.75 * size, y - (width - before), x + 0.2 * size, y + before
    return x - before, y - 0.75 * size, x - before + width, y + 0.2 * size


def _shown(warehouse: DuckDBWarehouse) -> str:
    """The picture that Dagster shows beside data_quality."""
    return shown_beside(warehouse, "data_quality")["completeness"]


def test_true_counts_of_a_place_are_not_in_the_picture(tmp_path: Any) -> None:
    warehouse = DuckDBWarehouse.connect(tmp_path / "w.duckdb")
    frame = pd.DataFrame([row(), alliance("Peninsula")])
    warehouse.connection.register("given", frame)
    warehouse.connection.execute("create table data_quality as select * from given")
    before = _shown(warehouse)
    warehouse.connection.execute(
        "update data_quality set completeness_pct = 3 where geography_type = 'cancer_alliance'"
    )
    assert _shown(warehouse) == before
    warehouse.connection.execute("update data_quality set completeness_pct = 3")
    assert _shown(warehouse) != before
    warehouse.close()


def test_without_records_nothing_is_drawn() -> None:
    frame = pd.DataFrame([row()]).iloc[:0]
    assert quarters_heat_map(frame) == {}
    assert places_heat_map(frame) == {}
