"""Charts as a reader sees them: legible, valid, and each thing where its number says."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from lxml import etree

from naome_assets.publication import charts
from naome_assets.publication.charts.svg import standalone
from naome_tests.publication.drawn import SVG, Drawn, Line, Words, contrast

HEADING = charts.Heading("name", "A title", "What it shows")
WORDS = charts.FunnelWords("People", "Percent", "Target", "95% limits", "99.8% limits",
                           "Outside 95%", "Outside 99.8%")  # fmt: skip
QUARTERS = [f"{year}-Q{quarter}" for year in range(2019, 2025) for quarter in (1, 2, 3, 4)]
WHITE, INK, GREY, BLUE, ORANGE = "#ffffff", "#212b32", "#4c6272", "#005eb8", "#b3500b"


def point(name: str, people: int, value: float, outlier: str | None) -> charts.FunnelPoint:
    return charts.FunnelPoint(name, people, value, outlier)


PLACES = [
    point("Within North", 600, 81.0, "within"),
    point("Too few", 6, 100.0, None),
    point("Alert low", 1000, 70.0, "alert_low"),
    point("Alert high", 1500, 93.0, "alert_high"),
    point("Alarm low", 2000, 55.0, "alarm_low"),
    point("Alarm high", 1300, 99.0, "alarm_high"),
]
SERIES = [
    charts.Series("De novo", [(30 + n, 25 + n, 36.5 + n) for n in range(24)]),
    charts.Series("Recurrent", [(80 - n, 75 - n, 85 - n) for n in range(24)]),
    charts.Series("All of them", [(60.0, 57.0, 64.0)] * 24),
]
CURVES = [
    charts.Curve("De novo", [0, 182, 365, 730], [100, 80, 60, 40], [None, 70, 50, 30],
                 [None, 90, 70, 50], [1250, 90, 60, 12]),
    charts.Curve("Recurrent", [0, 365, 730, 800], [100, 50, 20, 10], [None, 40, 10, 5],
                 [None, 60, 30, 20], [80, 40, 9, 3]),
]  # fmt: skip
TICKS = [(0, "0"), (365, "1"), (730, "2")]
ROWS = [
    charts.Interval("England", "80.1%", 80.0, 75.0, 85.0),
    charts.Interval("A long name of a trust of many hospitals and places", "62.0%", 62.0, 50.0,
                    70.0, is_own=True),
    charts.Interval("Hidden", "*", None),
]  # fmt: skip
TILES = [
    charts.Tile(column, row, [f"Place {column}{row}", "West"], value, f"{value:.0f}%",
                f"Place {column}{row}: {value:.0f}%", "place.html")
    for column, row, value in ((0, 0, 40.0), (1, 0, 55.0), (2, 0, 65.0), (0, 1, 75.0), (3, 1, 90.0))
] + [charts.Tile(1, 1, ["Hidden"], None, "*", "Hidden: *", "")]  # fmt: skip

NAMES = (
    *("funnel", "own", "own outlier", "funnel without tips", "trend", "counts", "survival"),
    *("survival without", "intervals", "intervals alone", "spread", "stacked", "bridge", "tiles"),
)


def chart(name: str) -> Drawn:
    funnel = charts.FunnelPlot(HEADING, PLACES, 82.0, WORDS)
    drawings: dict[str, Callable[[], str]] = {
        "funnel": funnel.all,
        "own": lambda: funnel.own(PLACES[0]),
        "own outlier": lambda: funnel.own(PLACES[4]),
        "funnel without tips": charts.FunnelPlot(
            HEADING, PLACES, 82.0, WORDS, has_tips=False
        ).all,
        "trend": lambda: charts.trend(HEADING, QUARTERS, SERIES, "Percent of people"),
        "counts": lambda: charts.trend(
            HEADING, QUARTERS[:8],
            [charts.Series("All", [(1000.0 + n, None, None) for n in range(8)])],
            "People", is_percent=False,
        ),
        "survival": lambda: charts.survival(
            HEADING, CURVES, TICKS, "Alive", "Years", "People at risk"
        ),
        "survival without": lambda: charts.survival(HEADING, CURVES, TICKS, "Alive", "Years"),
        "intervals": lambda: charts.interval_plot(
            HEADING, ROWS, "Percent", reference=66.0, reference_label="England and Wales"
        ),
        "intervals alone": lambda: charts.interval_plot(HEADING, ROWS, "Percent"),
        "spread": lambda: charts.spread_plot(
            HEADING,
            [charts.Spread("Surgery", "20 (10-40)", 10, 20, 40),
             charts.Spread("Radiotherapy", "35 (18-)", 18, 35, None)],
            "Days",
        ),
        "stacked": lambda: charts.stacked_bars(
            HEADING, ["0-39", "40-49", "80 and over"],
            [charts.Layer("De novo", [30, 10, 0]), charts.Layer("Recurrent", [60, 20, None]),
             charts.Layer("Unknown", [10, 10, 5])],
            "People",
        ),
        "bridge": lambda: charts.bridge(
            HEADING,
            [charts.Step("Records alone", 1180, is_total=True), charts.Step("Radiotherapy", 20),
             charts.Step("Cancer waiting times", 140),
             charts.Step("Records and hospital data", 1340, is_total=True)],
            "People",
        ),
        "tiles": lambda: charts.tiles(HEADING, TILES, "not shown"),
    }  # fmt: skip
    return Drawn(drawings[name]())


WITH_VALUE_AXIS = ("funnel", "trend", "counts", "survival", "stacked")


@pytest.fixture(params=NAMES)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return chart(request.param)


def test_it_is_svg(drawn: Drawn) -> None:
    assert [*drawn.faults()] == []


def test_everything_is_inside_the_picture(drawn: Drawn) -> None:
    page = drawn.page
    boxes = [words.box for words in drawn.words]
    boxes += [line.box for line in drawn.lines] + [box for box, *_ in drawn.rects]
    for box in boxes:
        assert page.left <= box.left <= box.right <= page.right, box
        assert page.top <= box.top <= box.bottom <= page.bottom, box


def test_no_words_are_on_others(drawn: Drawn) -> None:
    for one, other in itertools.combinations(drawn.words, 2):
        assert not one.box.overlaps(other.box), (one.text, other.text)


def test_words_can_be_read(drawn: Drawn) -> None:
    """On what they are on, by WCAG 2.2, AA."""
    for words in drawn.words:
        under = [fill for box, fill, _ in drawn.rects if box.overlaps(words.box)]
        assert contrast(words.fill, under[-1] if under else WHITE) > 4.5, words.text
        assert 12 <= words.size <= 16


def test_only_names_and_values_of_ones_own_are_bold() -> None:
    def bold(name: str) -> set[str]:
        return {words.text for words in chart(name).words if words.is_bold}

    assert bold("own") == {"Within North"}
    assert bold("intervals") == {"62.0%"}
    assert bold("tiles") == {"40%", "55%", "65%", "75%", "90%", "*"}
    assert not set().union(*map(bold, ("funnel", "trend", "survival", "stacked", "spread")))


def numbers(drawn: Drawn, colour: str = GREY) -> list[tuple[float, Words]]:
    """Labels of axes that are numbers."""
    found = []
    for words in drawn.words:
        bare = words.text.replace(",", "").removesuffix("%")
        if words.fill == colour and bare.replace(".", "").isdigit():
            found.append((float(bare), words))
    return found


def value_axis(drawn: Drawn) -> dict[float, float]:
    """The height of each labelled grid line."""
    found = {}
    for value, words in numbers(drawn):
        height = words.box.middle[1]
        level = [
            line for line in drawn.lines
            if len(line.corners) == 2
            and line.corners[0][1] == line.corners[1][1]
            and line.box.right - line.box.left > 300
            and abs(line.corners[0][1] - height) < 1
            and 0 < line.box.left - words.box.right < 12
        ]  # fmt: skip
        if level:
            found[value] = level[0].corners[0][1]
    return found


def to_value(places: dict[float, float]) -> Callable[[float], float]:
    """From a place in the picture to the value on its axis."""
    (low, at_low), (high, at_high) = min(places.items()), max(places.items())
    return lambda at: low + (at - at_low) * (high - low) / (at_high - at_low)


@pytest.mark.parametrize("name", WITH_VALUE_AXIS)
def test_each_number_of_the_value_axis_is_at_its_line(name: str) -> None:
    drawn = chart(name)
    axis = value_axis(drawn)
    left = min(words.box.left for value, words in numbers(drawn) if value in axis)
    assert left >= 0
    assert len(axis) >= 4
    steps = {round(b - a, 6) for a, b in itertools.pairwise(sorted(axis))}
    heights = [at for _, at in sorted(axis.items())]
    assert len(steps) == 1
    assert heights == sorted(heights, reverse=True)
    assert heights[0] - heights[-1] > 0.6 * 350
    # The line at the bottom is the axis; the others are behind the figures.
    strokes = {line.corners[0][1]: line.stroke for line in drawn.lines
               if line.box.right - line.box.left > 300 and line.dash is None
               and len(line.corners) == 2 and line.stroke != BLUE}  # fmt: skip
    assert contrast(str(strokes[heights[0]]), WHITE) > 4.5
    assert all(contrast(str(strokes[at]), WHITE) < 2 for at in heights[1:])


def times_axis(drawn: Drawn) -> dict[str, float]:
    """Where the time axis has a mark with words below it."""
    marks = [line.corners[0] for line in drawn.lines
             if len(line.corners) == 2 and line.corners[0][0] == line.corners[1][0]
             and line.corners[1][1] - line.corners[0][1] == 5]  # fmt: skip
    return {
        words.text: x
        for words in drawn.words
        for x, y in marks
        if 5 < words.box.top - y < 15 and words.box.left <= x <= words.box.right
    }


def tips(drawn: Drawn) -> dict[str, tuple[float, float]]:
    """Where each thing that has a tip stands."""
    found = {tip: (x, y) for x, y, *_, tip in drawn.circles if tip}
    for line in drawn.lines:
        if line.tip:
            found[line.tip] = line.box.middle
    return found


def test_each_place_is_at_its_size_and_value() -> None:
    drawn = chart("funnel")
    up, across = to_value(value_axis(drawn)), to_value(
        {float(text.replace(",", "")): x for text, x in times_axis(drawn).items()}
    )  # fmt: skip
    found = tips(drawn)
    for place, tip in zip(
        PLACES,
        ["Within North: 81% (600)", "Too few: 100% (6)", "Alert low: 70.0% (1,000)",
         "Alert high: 93.0% (1,500)", "Alarm low: 55.0% (2,000)", "Alarm high: 99.0% (1,300)"],
        strict=True,
    ):  # fmt: skip
        x, y = found[tip]
        assert across(x) == pytest.approx(place.denominator, abs=4)
        assert up(y) == pytest.approx(place.value, abs=0.2)
    assert min(value_axis(drawn)) <= 55
    assert max(value_axis(drawn)) == 100
    (target,) = [line for line in drawn.lines if line.stroke == BLUE and line.box.right > 500]
    assert up(target.corners[0][1]) == pytest.approx(82, abs=0.2)
    assert target.corners[0][1] == target.corners[1][1]
    assert across(target.box.left) == pytest.approx(0, abs=2)


def test_outliers_differ_in_shape_colour_and_fill() -> None:
    """Alarms are filled, alerts hollow; low is orange and points down, high is blue and up."""
    looks = {line.tip.split(":")[0]: line for line in chart("funnel").lines if line.tip}
    assert {name: (line.stroke, line.fill) for name, line in looks.items()} == {
        "Alert low": (ORANGE, WHITE),
        "Alert high": (BLUE, WHITE),
        "Alarm low": (ORANGE, ORANGE),
        "Alarm high": (BLUE, BLUE),
    }
    for line in looks.values():
        assert (line.box.right - line.box.left) == pytest.approx(10)
        assert (line.box.bottom - line.box.top) == pytest.approx(10)
    plain = {tip: (r, fill) for *_, r, fill, tip in chart("funnel").circles}
    assert plain == {"Within North: 81% (600)": (4, WHITE), "Too few: 100% (6)": (4, WHITE)}


def test_a_funnel_names_what_is_beyond_the_outer_limits() -> None:
    def names(name: str) -> set[str]:
        return {place.name for place in PLACES} & {words.text for words in chart(name).words}

    assert names("funnel") == {"Alarm low", "Alarm high"}
    assert names("own") == {"Within North"}
    drawn = chart("funnel")
    for text, at in (("Alarm low: 55.0% (2,000)", "Alarm low"), ("Alarm high: 99.0% (1,300)",
                                                              "Alarm high")):  # fmt: skip
        x, y = tips(drawn)[text]
        box = drawn.the(at).box
        assert abs(box.middle[1] - y) < 2
        assert min(abs(box.left - x), abs(box.right - x)) < 24
        assert not box.left <= x <= box.right


def test_of_places_side_by_side_the_largest_is_named() -> None:
    crowd = [point(f"Place {n}", 1500 + n, 55.0, "alarm_low") for n in range(4)]
    drawn = Drawn(charts.FunnelPlot(HEADING, [*PLACES[:2], *crowd], 82.0, WORDS).all())
    assert [words.text for words in drawn.words if "Place" in words.text] == ["Place 3"]
    apart = [point(f"Place {n}", 500 + 200 * n, 30.0 + n * 6, "alarm_low") for n in range(10)]
    drawn = Drawn(charts.FunnelPlot(HEADING, apart, 90.0, WORDS).all())
    named = {words.text for words in drawn.words if "Place" in words.text}
    assert named == {f"Place {n}" for n in range(2, 10)}, "the eight largest"


def test_ones_own_place_is_ringed() -> None:
    drawn = chart("own")
    x, y = tips(drawn)["Within North: 81% (600)"]
    around = sorted(r for cx, cy, r, *_ in drawn.circles if (cx, cy) == (x, y))
    assert around == [4, 6, 12]
    own = chart("own outlier")
    middle = tips(own)["Alarm low: 55.0% (2,000)"]
    assert any((cx, cy, r) == (*middle, 12) for cx, cy, r, *_ in own.circles)


def test_places_without_tips_are_where_they_stood() -> None:
    """Those within the limits are dots of one path, drawn twice for their rims."""
    bare, full = chart("funnel without tips"), chart("funnel")
    middles = {(x, y) for x, y, *_ in full.circles}
    dots = [line for line in bare.lines if {*line.corners} == middles]
    assert [line.stroke for line in dots] == [GREY, WHITE]
    assert not tips(bare)
    assert not bare.circles


def samples(drawn: Drawn) -> dict[str, Line]:
    """The line beside each of the legend's words."""
    found = {}
    for words in drawn.words:
        for line in drawn.lines:
            is_level = len(line.corners) == 2 and line.corners[0][1] == line.corners[1][1]
            if (
                is_level
                and 20 <= line.box.right - line.box.left <= 28
                and 0 < words.box.left - line.box.right <= 10
                and abs(words.box.middle[1] - line.box.top) < 1
            ):
                found[words.text] = line
    return found


def test_the_legend_shows_each_line_as_it_is_drawn() -> None:
    drawn = chart("trend")
    legend = samples(drawn)
    assert list(legend) == ["De novo", "Recurrent", "All of them"]
    drawn_lines = [line for line in drawn.lines if len(line.corners) == 24 and line.fill == "none"]
    looks = [(line.stroke, line.dash) for line in drawn_lines]
    assert [(line.stroke, line.dash) for line in legend.values()] == looks
    assert len({*looks}) == 3
    top = min(value_axis(drawn).values())
    assert max(line.box.bottom for line in legend.values()) < top - 20
    funnel = samples(chart("funnel"))
    assert {name: (line.stroke, line.dash) for name, line in funnel.items()} == {
        "Target": (BLUE, None),
        "95% limits": (GREY, "6 4"),
        "99.8% limits": (GREY, None),
    }
    assert {words.text for words in chart("funnel").words} >= {*vars(WORDS).values()}


def test_a_legend_too_long_for_a_row_goes_on_in_the_next() -> None:
    names = ["A first name of some length", "A second name of some length", "A third name"]
    lines = [charts.Series(name, SERIES[0].values) for name in names]
    drawn = Drawn(charts.trend(HEADING, QUARTERS, lines, "Percent"))
    legend = samples(drawn)
    first, second, third = (legend[name].box for name in names)
    assert first.top == second.top
    assert third.top == first.top + 20
    assert third.left == first.left


def test_a_trend_shows_each_value_at_its_time() -> None:
    drawn = chart("trend")
    up, found = to_value(value_axis(drawn)), tips(drawn)
    for line in SERIES:
        for quarter, (value, *_) in zip(QUARTERS, line.values, strict=True):
            x, y = found[f"{line.name}, {quarter}: {value:.1f}"]
            assert up(y) == pytest.approx(value, abs=0.3)
    places = [found[f"De novo, {quarter}: {30 + n:.1f}"][0] for n, quarter in enumerate(QUARTERS)]
    gaps = {round(b - a) for a, b in itertools.pairwise(places)}
    assert len(gaps) <= 2
    axis = times_axis(drawn)
    assert list(axis)[-1] == QUARTERS[-1]
    assert 4 <= len(axis) <= 7
    for quarter, x in axis.items():
        assert x == pytest.approx(places[QUARTERS.index(quarter)], abs=0.1)
        assert drawn.the(quarter).box.middle[0] == pytest.approx(x, abs=0.1)
    bands = [line for line in drawn.lines if line.fill not in (None, "none") and not line.tip]
    for band, line in zip(bands, SERIES, strict=True):
        heights = [up(y) for _, y in band.corners]
        assert heights[:24] == pytest.approx([upper for *_, upper in line.values], abs=0.3)
        assert heights[:23:-1] == pytest.approx([lower for _, lower, _ in line.values], abs=0.3)


def test_a_trend_takes_the_width_of_its_axis() -> None:
    drawn = chart("trend")
    (axis,) = [
        line.box
        for line in drawn.lines
        if line.corners[0][1] == value_axis(drawn)[min(value_axis(drawn))] and line.stroke == GREY
        and line.box.right - line.box.left > 300
    ]  # fmt: skip
    places = sorted(x for x, *_ in drawn.circles)
    assert 5 < places[0] - axis.left < 25
    assert 5 < axis.right - places[-1] < 40


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("funnel", ["Percent", "People"]),
        ("trend", ["Percent of people"]),
        ("survival", ["Alive", "Years", "People at risk"]),
        ("intervals", ["Percent"]),
        ("spread", ["Days"]),
        ("stacked", ["People"]),
    ],
)
def test_titles_of_axes_look_like_their_numbers(name: str, titles: list[str]) -> None:
    drawn = chart(name)
    for title in titles:
        words = drawn.the(title)
        assert (words.fill, words.is_bold, words.size) == (GREY, False, 14)
        # At an edge of the picture: of values at the left, of what lies below at the right.
        is_below = title in ("People", "Years", "Days") and name != "stacked"
        is_below |= name == "intervals"
        assert (words.box.right > 400) if is_below else (words.box.left < 5)


def test_a_trend_of_counts_begins_at_nothing() -> None:
    drawn = chart("counts")
    assert min(value_axis(drawn)) == 0
    assert max(value_axis(drawn)) >= 1007
    assert "All, 2019-Q1: 1,000" in tips(drawn)
    assert not samples(drawn), "one line needs no legend"


def test_a_value_alone_has_a_line_between_its_limits() -> None:
    values = [(10.0, 5.0, 20.0), (None, None, None), (30.0, 20.0, 40.0), (32.0, 22.0, 42.0)]
    drawn = Drawn(charts.trend(HEADING, QUARTERS[:4], [charts.Series("All", values)], "Percent"))
    up = to_value(value_axis(drawn))
    x, _ = tips(drawn)["All, 2019-Q1: 10.0"]
    (alone,) = [line for line in drawn.lines if line.box.left == line.box.right == x
                and line.stroke == INK]  # fmt: skip
    assert sorted(up(y) for _, y in alone.corners) == pytest.approx([5, 20], abs=0.2)


def test_curves_are_at_their_days() -> None:
    for name in ("survival", "survival without"):
        drawn = chart(name)
        up = to_value(value_axis(drawn))
        axis = times_axis(drawn)
        across = to_value({day: axis[words] for day, words in TICKS})
        lines = [line for line in drawn.lines if line.fill == "none"]
        assert len({(line.stroke, line.dash) for line in lines}) == 2
        for curve, line in zip(CURVES, lines, strict=True):
            shown = [(d, v) for d, v in zip(curve.days, curve.values, strict=True) if d <= 730]
            assert len(line.corners) == len(shown)
            for (x, y), (day, value) in zip(line.corners, shown, strict=True):
                assert across(x) == pytest.approx(day, abs=1)
                assert up(y) == pytest.approx(value, abs=0.3)
        bands = [line for line in drawn.lines if line.fill not in (None, "none")]
        first = [(across(x), up(y)) for x, y in bands[0].corners]
        corners = [(182, 90), (365, 70), (730, 50), (730, 30), (365, 50), (182, 70)]
        for found, expected in zip(first, corners, strict=True):
            assert found == pytest.approx(expected, abs=1)
        assert list(value_axis(drawn)) == [0, 20, 40, 60, 80, 100]


def test_people_at_risk_are_below_their_day() -> None:
    drawn = chart("survival")
    axis = times_axis(drawn)
    heading, years = drawn.the("People at risk").box, drawn.the("Years").box
    assert heading.top > years.top
    names = [max((words for words in drawn.words if words.text == curve.name),
                 key=lambda words: words.box.top).box for curve in CURVES]  # fmt: skip
    rows = [{"0": "1,250", "1": "60", "2": "12"}, {"0": "80", "1": "40", "2": "9"}]
    for row, box in zip(rows, names, strict=True):
        assert box.top > heading.bottom
        assert box.left == 0
        for tick, count in row.items():
            (at,) = [words.box for words in drawn.words
                     if words.text == count and words.box.bottom == box.bottom]  # fmt: skip
            assert at.left > box.right
            assert at.left - 1 <= axis[tick] <= at.right + 1
    bare = chart("survival without")
    assert "People at risk" not in {words.text for words in bare.words}
    assert bare.page.bottom < drawn.page.bottom


def across_of(drawn: Drawn) -> Callable[[float], float]:
    """From a place to the value on the axis below the rows."""
    upright = {line.corners[0][0] for line in drawn.lines
               if line.box.left == line.box.right and line.box.bottom - line.box.top > 60
               and line.stroke != BLUE}  # fmt: skip
    labels = {value: words.box.middle[0] for value, words in numbers(drawn)
              if words.box.middle[0] in upright}  # fmt: skip
    assert len(labels) == len(upright)
    return to_value(labels)


@pytest.mark.parametrize("name", ["intervals", "intervals alone"])
def test_each_interval_is_drawn_from_limit_to_limit(name: str) -> None:
    drawn = chart(name)
    across = across_of(drawn)
    for row in ROWS[:2]:
        label = drawn.the(row.text).box
        y = label.middle[1]
        level = [line for line in drawn.lines if line.corners[0][1] == line.corners[-1][1]
                 and len(line.corners) == 2 and abs(line.box.top - y) < 1]  # fmt: skip
        assert len(level) == 1
        ends = [across(x) for x, _ in level[0].corners]
        assert ends == pytest.approx([row.lower, row.upper], abs=0.3)
        caps = [
            line
            for line in drawn.lines
            if line.box.left == line.box.right
            and abs(line.box.middle[1] - y) < 1
            and line.box.bottom - line.box.top == 10
        ]
        assert sorted(across(line.box.left) for line in caps) == pytest.approx(ends, abs=0.3)
        assert label.left > level[0].box.right
        own = [line for line in drawn.lines if len(line.corners) == 4
               and abs(line.box.middle[1] - y) < 1]  # fmt: skip
        dots = [x for x, cy, *_ in drawn.circles if abs(cy - y) < 1]
        (at,) = [line.box.middle[0] for line in own] if row.is_own else dots
        assert across(at) == pytest.approx(row.value, abs=0.3)
        assert bool(own) == row.is_own
        strokes = {line.stroke for line in (*level, *caps)}
        assert strokes == {INK if row.is_own or name == "intervals alone" else GREY}
    assert abs(drawn.the("Hidden").box.middle[1] - drawn.the("*").box.middle[1]) < 1
    assert abs(drawn.the("England").box.middle[1] - drawn.the("80.1%").box.middle[1]) < 1
    lines = [w.box for w in drawn.words if w.text in ROWS[1].name and w.box.left == 0]
    assert len(lines) >= 2
    middle = sum(box.middle[1] for box in lines) / len(lines)
    assert middle == pytest.approx(drawn.the("62.0%").box.middle[1], abs=1)
    reference = [line for line in drawn.lines if line.stroke == BLUE]
    if name == "intervals":
        (line,) = reference
        assert across(line.box.left) == pytest.approx(66, abs=0.3)
        label = drawn.the("England and Wales").box
        assert label.middle[0] == pytest.approx(line.box.left, abs=0.1)
        assert 0 < line.box.top - label.bottom < 10
    else:
        assert not reference


def test_a_box_holds_the_quartiles_and_is_open_where_one_is_not_reached() -> None:
    drawn = chart("spread")
    across = across_of(drawn)
    closed, opened, cover = (box for box, *_ in drawn.rects)
    assert (across(closed.left), across(closed.right)) == pytest.approx((10, 40), abs=0.3)
    assert across(opened.left) == pytest.approx(18, abs=0.3)
    assert cover.left < opened.right <= cover.right
    assert cover.top <= opened.top
    assert cover.bottom >= opened.bottom
    assert drawn.rects[2][1] == WHITE
    medians = [line for line in drawn.lines if line.stroke == INK]
    assert [across(line.box.left) for line in medians] == pytest.approx([20, 35], abs=0.3)
    for line, box in zip(medians, (closed, opened), strict=True):
        assert line.box.top < box.top
        assert line.box.bottom > box.bottom
    for text, box in (("Surgery", closed), ("20 (10-40)", closed), ("35 (18-)", opened)):
        assert abs(drawn.the(text).box.middle[1] - box.middle[1]) < 1


def test_bars_are_as_high_as_their_counts_and_are_on_each_other() -> None:
    drawn = chart("stacked")
    up = to_value(value_axis(drawn))
    found = {tip: (up(box.bottom), up(box.top)) for box, _, tip in drawn.rects if tip}
    expected = {
        "0-39, De novo: 30": (0, 30),
        "0-39, Recurrent: 60": (30, 90),
        "0-39, Unknown: 10": (90, 100),
        "40-49, De novo: 10": (0, 10),
        "40-49, Recurrent: 20": (10, 30),
        "40-49, Unknown: 10": (30, 40),
        "80 and over, Unknown: 5": (0, 5),
    }
    assert found.keys() == expected.keys()
    for tip, heights in expected.items():
        assert found[tip] == pytest.approx(heights, abs=0.3)
    fills = {box: fill for box, fill, tip in drawn.rects if not tip}
    beside = {
        words.text: fill
        for words in drawn.words
        for box, fill in fills.items()
        if 0 < words.box.left - box.right < 14 and abs(box.middle[1] - words.box.middle[1]) < 1
    }
    for _, fill, tip in drawn.rects:
        if tip:
            assert beside[tip.split(", ")[1].split(":")[0]] == fill
    assert len({*beside.values()}) == 3
    for group in ("0-39", "40-49"):
        (box,) = {box.middle[0] for box, _, tip in drawn.rects if tip and tip.startswith(group)}
        assert drawn.the(group).box.middle[0] == pytest.approx(box, abs=0.1)
        assert 5 < drawn.the(group).box.top - value_axis(drawn)[0] < 15
    widths = {round(box.right - box.left) for box, _, tip in drawn.rects if tip}
    assert len(widths) == 1
    columns = sorted({box.middle[0] for box, _, tip in drawn.rects if tip})
    assert columns[1] - columns[0] == pytest.approx(columns[2] - columns[1], abs=0.2)
    assert columns[1] - columns[0] > widths.pop() + 10


def test_the_darker_a_tile_the_larger_its_value() -> None:
    drawn = chart("tiles")
    tiles = [(box, fill) for box, fill, _ in drawn.rects if box.right - box.left > 100]
    assert len(tiles) == len(TILES)
    shades = [contrast(fill, WHITE) for (_, fill) in tiles[:-1]]
    assert shades == sorted(shades)
    # 40 is the least and 90 the largest: classes of ten.
    key = [(box, fill) for box, fill, _ in drawn.rects if box.right - box.left < 100]
    ramp = [fill for _, fill in key]
    assert [ramp.index(fill) for _, fill in tiles] == [0, 1, 2, 3, 4, 5]
    assert len({*ramp}) == 6
    assert ramp[5] == WHITE
    for tile, (box, _) in zip(TILES, tiles, strict=True):
        own = [words for words in drawn.words if words.text in (*tile.lines, tile.text)
               and box.overlaps(words.box)]  # fmt: skip
        assert [words.text for words in own] == [*tile.lines, tile.text]
        heights = [words.box.top for words in own]
        assert heights == sorted(heights)
        for words in own:
            assert box.left + 3 < words.box.left < box.left + 15
            assert box.top < words.box.top
            assert words.box.bottom < box.bottom
    wide, high = (tiles[1][0].left - tiles[0][0].left, tiles[3][0].top - tiles[0][0].top)
    for tile, (box, _) in zip(TILES, tiles, strict=True):
        assert (box.left, box.top) == (1 + wide * tile.column, 1 + high * tile.row)
    for (one, _), (other, _) in itertools.combinations(tiles, 2):
        assert not one.overlaps(other)


def test_the_key_of_the_tiles_says_from_what_to_what() -> None:
    drawn = chart("tiles")
    key = [box for box, _, _ in drawn.rects if box.right - box.left < 100]
    low = [words for words in drawn.words if words.text == "40%"][-1].box
    high = [words for words in drawn.words if words.text == "90%"][-1].box
    for one, other in itertools.pairwise(key[:5]):
        assert one.right == other.left
    order = [low, key[0], key[4], high, key[5], drawn.the("not shown").box]
    for one, other in itertools.pairwise(order[:2]):
        assert one.right < other.left
    assert key[4].right < high.left < high.right < key[5].left < key[5].right < order[-1].left
    for box in (low, high, order[-1]):
        assert abs(box.middle[1] - key[0].middle[1]) < 1.5
    assert min(box.top for box in key) > 2 * 66
    hidden = Drawn(charts.tiles(HEADING, [TILES[-1]], "not shown"))
    assert "%" not in "".join(words.text for words in hidden.words)
    (_, alone) = (box for box, *_ in hidden.rects)
    assert alone.left == 0
    equal = Drawn(charts.tiles(HEADING, [TILES[0]], "not shown"))
    assert equal.rects[0][1] == equal.rects[3][1], "of one value alone the middle shade"


def test_a_very_long_name_takes_three_lines() -> None:
    name = " ".join(["Hospitals"] * 20)
    drawn = Drawn(charts.interval_plot(HEADING, [charts.Interval(name, "*", None)], "Percent"))
    lines = [words for words in drawn.words if words.text.startswith("Hospitals")]
    assert len(lines) == 3
    assert lines[-1].text.endswith("…")
    assert lines[-1].box.right < 200


def test_ones_own_interval_has_the_larger_mark() -> None:
    drawn = chart("intervals")
    (own,) = [line.box for line in drawn.lines if len(line.corners) == 4]
    assert own.right - own.left == 14
    assert [r for _, _, r, *_ in drawn.circles] == [5]


def test_boxes_have_an_outline_that_can_be_seen() -> None:
    for name in ("spread", "stacked", "tiles"):
        for rect in chart(name).root.iter(f"{SVG}rect"):
            if rect.get("fill") != WHITE or name == "tiles":
                assert contrast(rect.get("stroke", WHITE), WHITE) > 3, name


def test_bands_can_be_seen_through() -> None:
    for name in ("trend", "survival"):
        bands = [path for path in chart(name).root.iter(f"{SVG}path") if path.get("fill-opacity")]
        assert len(bands) >= 2
        assert all(0.05 < float(band.get("fill-opacity", "")) < 0.3 for band in bands)


def test_ones_own_place_keeps_its_look() -> None:
    for place, look in ((PLACES[2], (ORANGE, WHITE)), (PLACES[4], (ORANGE, ORANGE))):
        drawn = Drawn(charts.FunnelPlot(HEADING, PLACES, 82.0, WORDS).own(place))
        marks = [line for line in drawn.lines if (line.tip or "").startswith(place.name)]
        assert [(line.stroke, line.fill) for line in marks] == [look, look]
        assert [round(line.box.right - line.box.left) for line in marks] == [10, 12]


def test_at_a_target_of_everybody_the_limits_reach_everybody() -> None:
    places = [point("A", 600, 97.0, "within"), point("B", 1000, 100.0, "within")]
    drawn = Drawn(charts.FunnelPlot(HEADING, places, 100.0, WORDS).all())
    top = value_axis(drawn)[100]
    upper = [line for line in drawn.lines if len(line.corners) > 40 and line.box.bottom == top]
    assert [line.dash for line in upper] == [None, "6 4"]


def test_a_picture_of_its_own_needs_no_page() -> None:
    svg = charts.FunnelPlot(HEADING, PLACES, 82.0, WORDS).all()
    root = etree.fromstring(standalone(svg))
    assert root.tag == f"{SVG}svg"
    assert "sans-serif" in root.get("font-family", "")
    assert etree.tostring(root, method="text") == etree.tostring(
        chart("funnel").root, method="text"
    )


def test_grid_lines_are_thinner_than_what_is_drawn_on_them() -> None:
    for name in WITH_VALUE_AXIS:
        drawn = chart(name).root
        widths = {line.get("stroke-width") for line in drawn.iter(f"{SVG}line")
                  if line.get("stroke") == "#d8dde0"}  # fmt: skip
        assert widths == {"1"}, name
        curves = [float(path.get("stroke-width", 9)) for path in drawn.iter(f"{SVG}path")]
        assert min(curves, default=9) > 1


def test_a_step_of_a_bridge_begins_where_the_one_before_ended() -> None:
    drawn = chart("bridge")
    boxes = [box for box, *_ in drawn.rects]
    first, added, more, last = boxes
    assert first.left == last.left
    assert added.left == pytest.approx(first.right, abs=0.2)
    assert more.left == pytest.approx(added.right, abs=0.2)
    assert last.right == pytest.approx(more.right, abs=0.2)
    # 140 people are seven times as wide as 20.
    assert (more.right - more.left) / (added.right - added.left) == pytest.approx(7, abs=0.3)
    assert "+140" in {words.text for words in drawn.words}
