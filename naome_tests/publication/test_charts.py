"""Charts: well-formed, named, and every number where it belongs."""

from __future__ import annotations

import itertools
import math
import re

import pytest
from lxml import etree

from naome_assets.publication import charts
from naome_assets.publication.charts.svg import Scale, nice_ticks, percent_ticks, wrap_text

HEADING = charts.Heading("name", "A <title> & more", "What it shows")
WORDS = charts.FunnelWords("People", "Percent", "Target", "95%", "99.8%", "alert", "alarm")
SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> etree._Element:
    assert "nan" not in svg
    assert "None" not in svg
    return etree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def every_chart() -> dict[str, str]:
    points = [
        charts.FunnelPoint("Trust <A>", 120, 88.0, "within"),
        charts.FunnelPoint("Trust B", 400, 60.0, "alarm_low"),
        charts.FunnelPoint("Trust C", 12, 100.0, None),
    ]
    plot = charts.FunnelPlot(HEADING, points, 85.0, WORDS)
    return {
        "funnel": plot.all(),
        "own funnel": plot.own(points[0]),
        "trend": charts.trend(
            HEADING, ["2023-Q4", "2024-Q1", "2024-Q2"],
            [charts.Series("All", [(10.0, 5.0, 15.0), (None, None, None), (30.0, 20.0, 40.0)])],
            "Percent",
        ),
        "survival": charts.survival(
            HEADING,
            [charts.Curve("All", [0, 100, 365], [100, 80, 40], [None, 70, 30], [None, 90, 50],
                          [50, 40, 10])],
            [(0, "0"), (365, "1"), (730, "2")], "Alive", "Years", "At risk",
        ),
        "bars": charts.interval_plot(
            HEADING, [charts.Interval("A", "50%", 50, 40, 60), charts.Interval("B", "*", None)],
            "Percent", reference=55, reference_label="All",
        ),
        "spread": charts.spread_plot(
            HEADING, [charts.Spread("A", "20", 10, 20, None), charts.Spread("B", "*", None, None,
                                                                            None)], "Days",
        ),
        "stacked": charts.stacked_bars(
            HEADING, ["0-39", "40-49"], [charts.Layer("a", [3, None]), charts.Layer("b", [0, 5])],
            "People",
        ),
        "tiles": charts.tiles(
            HEADING,
            [charts.Tile(0, 0, ["North"], 80.0, "80%", "North: 80%", "north.html"),
             charts.Tile(1, 0, ["South"], None, "*", "South: *", "")],
            "not available",
        ),
    }  # fmt: skip


def test_names_of_many_bars_stand_on_several_lines() -> None:
    groups = ["0 to 39", "40 to 49", "50 to 59", "60 to 69", "70 to 79", "80 and over", "Not known"]
    svg = parsed(charts.stacked_bars(HEADING, groups, [charts.Layer("a", [1] * 7)], "People"))
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert {"0 to 39", "80 and", "over"} <= set(texts)
    assert "80 and over" not in texts


@pytest.mark.parametrize("name", every_chart())
def test_chart_is_well_formed_and_says_what_it_is(name: str) -> None:
    svg = parsed(every_chart()[name])
    assert svg.findtext(f"{SVG}title") == HEADING.title
    assert svg.findtext(f"{SVG}desc") == HEADING.description
    assert svg.get("aria-labelledby") == svg.find(f"{SVG}title").get("id")
    width, height = (float(size) for size in svg.get("viewBox").split()[2:])
    for text in svg.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height


def test_the_larger_value_of_a_funnel_stands_higher_and_the_larger_place_further_right() -> None:
    svg = parsed(every_chart()["funnel"])
    places = {}
    for mark in [*svg.iter(f"{SVG}circle"), *svg.iter(f"{SVG}path")]:
        tip = mark.findtext(f"{SVG}title")
        if tip is None:
            continue
        numbers = [float(n) for n in re.findall(r"[\d.]+", mark.get("d") or "")]
        x = float(mark.get("cx") or sum(numbers[::2]) / 3)
        y = float(mark.get("cy") or sum(numbers[1::2]) / 3)
        places[tip.split(":")[0]] = (x, y)
    assert places["Trust C"][0] < places["Trust <A>"][0] < places["Trust B"][0]
    assert places["Trust C"][1] < places["Trust <A>"][1] < places["Trust B"][1]


def test_own_place_is_named_and_others_are_not() -> None:
    svg = parsed(every_chart()["own funnel"])
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert "Trust <A>" in texts
    assert "Trust B" not in texts


def test_a_trend_is_broken_where_a_value_is_missing() -> None:
    svg = parsed(every_chart()["trend"])
    assert len(list(svg.iter(f"{SVG}circle"))) == 2
    # With a value on each side of the gap alone there is no line to draw.
    assert not [path for path in svg.iter(f"{SVG}path") if path.get("fill") == "none"]


def test_a_survival_curve_has_its_published_points_and_no_others() -> None:
    svg = parsed(every_chart()["survival"])
    line = next(path for path in svg.iter(f"{SVG}path") if path.get("fill") == "none")
    points = [tuple(map(float, pair.split(","))) for pair in re.split("[ML]", line.get("d"))[1:]]
    assert len(points) == 3
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        assert x2 > x1
        assert y2 > y1
    # Below a mark without a point of its own nothing is written.
    assert [text.text for text in svg.iter(f"{SVG}text")][-3:] == ["All", "50", "10"]


def test_only_tiles_with_a_page_are_links() -> None:
    svg = parsed(every_chart()["tiles"])
    assert svg.get("role") == "group"
    assert [link.get("href") for link in svg.iter(f"{SVG}a")] == ["north.html"]


def test_ticks_are_round_and_hold_the_values() -> None:
    assert nice_ticks(0, 97) == [0, 20, 40, 60, 80, 100]
    assert nice_ticks(0, 0) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    ticks = percent_ticks([86.2, 99.5])
    assert ticks[0] <= 86.2
    assert ticks[-1] == 100
    assert percent_ticks([math.nan])[0] == 0
    assert Scale(0, 100, 300, 100)(50) == 200


def test_long_names_are_wrapped_and_cut() -> None:
    lines = wrap_text("A very long name of a trust that has no end in sight at all", 100, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
