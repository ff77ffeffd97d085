"""Tables and pictures as Markdown."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
import pytest

from naome_assets.publication.markdown import cell, markdown_table, pictures, published_preview


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"),
        (1234.56, "1,234.6"),
        (np.float64(0.04), "0.0"),
        (None, ""),
        (pd.NA, ""),
        (float("nan"), ""),
        ("2024-Q1", "2024-Q1"),
    ],
)
def test_values_are_as_readers_see_them(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_a_table_has_a_head_and_a_line_a_row() -> None:
    frame = pd.DataFrame({"new_people": [1200, 3], "value": [1.25, None]})
    assert markdown_table(frame) == ("| new people | value |\n|---|---|\n| 1,200 | 1.2 |\n| 3 |  |")


def places(**of_each: Any) -> pd.DataFrame:
    first = {
        "quarter": "2024-Q2",
        "geography_type": "provider",
        "geography_code": "RA1",
        "presentation": "all",
        "patients": 25.0,
        "suppressed": False,
    }
    return pd.DataFrame([first | own for own in of_each.values()])


def test_a_preview_shows_places_of_the_last_quarter_all_together() -> None:
    frame = places(
        shown={},
        hidden={"geography_code": "RA2", "patients": None, "suppressed": True},
        before={"quarter": "2024-Q1", "geography_code": "RA3"},
        part={"presentation": "de_novo", "geography_code": "RA4"},
        nation={"geography_type": "nation", "geography_code": "E92000001"},
    )
    lines = published_preview(frame).split("\n")
    assert len(lines) == 4
    assert "| RA1 | all | 25.0 |" in lines[2]
    assert "| RA2 | all | * |" in lines[3]


def test_a_preview_is_of_25_places_or_says_that_there_is_none() -> None:
    many = places(**{f"p{n}": {"geography_code": f"R{n:02}"} for n in range(30)})
    assert published_preview(many).count("| R") == 25
    nation = places(nation={"geography_type": "nation"})
    assert published_preview(nation) == "No place is published for the last quarter."


def test_a_picture_needs_no_file_beside_the_page() -> None:
    shown = pictures({"People": "<svg>é</svg>", "Places": "<svg/>"})
    first, second = shown.split("\n\n")[1::2]
    head = "![People](data:image/svg+xml;base64,"
    assert first.startswith(head)
    assert base64.b64decode(first.removeprefix(head)[:-1]).decode() == "<svg>é</svg>"
    assert second.startswith("![Places](")
    assert shown.startswith("**People**\n\n")
