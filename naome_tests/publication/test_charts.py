"""Charts: well-formed, named, and every number where it belongs."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable

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
        "bridge": charts.bridge(
            HEADING, [charts.Step("a", 3, is_total=True), charts.Step("b", 2)], "People"
        ),
        "tiles": charts.tiles(
            HEADING,
            [charts.Tile(0, 0, ["North"], 80.0, "80%", "North: 80%", "north.html"),
             charts.Tile(1, 0, ["South"], None, "*", "South: *", "")],
            "not available",
        ),
    }  # fmt: skip


def test_names_of_many_bars_are_on_several_lines() -> None:
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


def marks(svg: etree._Element) -> dict[str, list[tuple[float, float]]]:
    """Corners of each mark by the place it shows; a circle has its middle alone."""
    found = {}
    for mark in [*svg.iter(f"{SVG}circle"), *svg.iter(f"{SVG}path")]:
        if (tip := mark.findtext(f"{SVG}title")) is not None:
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", mark.get("d") or "")]
            corners = list(zip(numbers[::2], numbers[1::2], strict=True))
            found[tip.split(":")[0]] = corners or [(float(mark.get("cx")), float(mark.get("cy")))]
    return found


@pytest.mark.parametrize("strength", ["alert", "alarm"])
def test_a_place_beyond_a_limit_points_to_its_side(strength: str) -> None:
    """Low points down, high points up: told without colour."""
    points = [
        charts.FunnelPoint("Low", 400, 60.0, f"{strength}_low"),
        charts.FunnelPoint("High", 400, 96.0, f"{strength}_high"),
    ]
    for svg in (charts.FunnelPlot(HEADING, points, 85.0, WORDS).all(),
                charts.FunnelPlot(HEADING, points, 85.0, WORDS).own(points[0])):  # fmt: skip
        found = marks(parsed(svg))
        for name, is_tip_above in (("Low", False), ("High", True)):
            heights = sorted(y for _, y in found[name])
            assert len(heights) == 3
            # Two corners are level; the third is the tip.
            level, tip = (heights[1:], heights[0]) if is_tip_above else (heights[:2], heights[2])
            assert level[0] == pytest.approx(level[1])
            assert abs(tip - level[0]) > 2


def test_the_limits_of_a_funnel_are_drawn_where_they_are() -> None:
    """Each line against the limits worked out here: 95 % is dashed, 99.8 % is whole."""
    svg = parsed(every_chart()["funnel"])
    target, across, up = 85.0, *axes(svg)
    for dash, z in (("6 4", 1.9599639845), (None, 3.0902323062)):
        lines = [
            path
            for path in svg.iter(f"{SVG}path")
            if (path.get("fill"), path.get("stroke-dasharray")) == ("none", dash)
        ]
        assert len(lines) == 2
        for line in lines:
            corners = [tuple(map(float, pair.split(","))) for pair in
                       re.split("[ML]", line.get("d"))[1:]]  # fmt: skip
            for x, y in corners[5::10]:
                n, p = across(x), target / 100
                middle, spread = 2 * n * p + z * z, z * math.sqrt(z * z + 4 * n * p * (1 - p))
                limits = [50 * (middle + sign * spread) / (n + z * z) for sign in (-1, 1)]
                assert min(abs(up(y) - limit) for limit in limits) < 0.1


def axes(svg: etree._Element) -> list[Callable[[float], float]]:
    """From coordinates back to values, by the labels of the axes."""
    across, up = {}, {}
    for text in svg.iter(f"{SVG}text"):
        label = (text.text or "").replace(",", "").rstrip("%")
        if re.fullmatch(r"[\d.]+", label):
            x, y = float(text.get("x")), float(text.get("y"))
            (across if y > 380 else up)[float(label)] = x if y > 380 else y - 5
    found = []
    for axis in (across, up):
        (first, at_first), (last, at_last) = min(axis.items()), max(axis.items())
        step = (last - first) / (at_last - at_first)
        found.append(lambda at, f=first, a=at_first, s=step: f + (at - a) * s)
    return found


def test_the_band_of_a_trend_reaches_from_the_lower_to_the_upper_limit() -> None:
    chart = charts.trend(
        HEADING, ["2023-Q4", "2024-Q1", "2024-Q2"],
        [charts.Series("All", [(40.0, 30.0, 60.0), (50.0, 45.0, 52.0), (60.0, 20.0, 80.0)])],
        "Percent",
    )  # fmt: skip
    svg = parsed(chart)
    heights = [float(mark.get("cy")) for mark in svg.iter(f"{SVG}circle")]
    places = [float(mark.get("cx")) for mark in svg.iter(f"{SVG}circle")]
    unit = (heights[0] - heights[2]) / 20  # two values, 20 points apart
    (band,) = [path for path in svg.iter(f"{SVG}path") if path.get("fill") != "none"]
    corners = [tuple(map(float, pair.split(",")))
               for pair in re.split("[ML]", band.get("d").rstrip("Z"))[1:]]  # fmt: skip

    def at(limits: tuple[float, ...]) -> list[tuple[float, float]]:
        return [(x, heights[0] + (40 - y) * unit) for x, y in zip(places, limits, strict=True)]

    expected = [*at((60, 52, 80)), *reversed(at((30, 45, 20)))]
    assert [number for corner in corners for number in corner] == pytest.approx(
        [number for corner in expected for number in corner], abs=0.2
    )


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
