"""Standards with their source, and how far figures are from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.report.standards import StandardsError, read_standards
from naome_assets.publication.report.words import LANGUAGES, Words
from naome_assets.publication.team_files import team_file
from naome_tests.generated_audit import LAST

_WHOLE = """[[standard]]
measure = "cns_access"
percent = 90
is_same = true
url = "https://example.org"
source = {en = "A", cy = "B"}
"""


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [(90, 95, "met"), (80, 89.9, "not_met"), (80, 90, "not_sure"), (89.9, 95, "not_sure")],
)
def test_a_standard_is_reached_by_limits(
    tmp_path: Path, lower: float, upper: float, said: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(_WHOLE, encoding="utf-8")
    assert read_standards(file)["cns_access"].achieved(lower, upper) == said


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"cns_access"', '"cns"', "standard 1: measure 'cns' is none of the report"),
        ("percent = 90", "percent = 0", "percent is a number up to 100"),
        ("percent = 90", "percent = 101", "percent is a number up to 100"),
        ("percent = 90", "per_cent = 90", "is missing or not known"),
        ("true", '"yes"', "is_same is true or false"),
        (', cy = "B"', "", "source is given in each language: en, cy"),
        ('"A"', '" "', "source is a text in each language"),
        ("https:", "http:", "url begins with https://"),
        ("[[standard]]", "[standard]", "standards are written as [[standard]]"),
        ("[[standard]]", "[[standard", "cannot be read"),
        (_WHOLE, _WHOLE + _WHOLE, "standard 2: cns_access has one already"),
    ],
)
def test_a_standard_that_breaks_a_rule_is_named(
    tmp_path: Path, old: str, new: str, rule: str
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(_WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(StandardsError, match=re.escape(rule)) as caught:
        read_standards(file)
    assert str(file) in str(caught.value)


def test_pages_say_the_standard_and_whether_it_is_reached(
    publication: Publication, tmp_path: Path
) -> None:
    write_report(publication, tmp_path)
    standards = read_standards(team_file("NAOME_STANDARDS"))
    assert set(standards) == {"cns_access", "mdt_discussed", "within_31d", "within_62d"}
    table = publication.tables["cns_access"]
    row = table[
        (table["quarter"] == str(LAST)) & (table["period"] == "rolling_36m")
        & (table["presentation"] == "all") & (table["geography_type"] == "provider")
        & table["lower_95"].notna()
    ].iloc[0].to_dict()  # fmt: skip
    assert row["upper_95"] < 100
    for language in LANGUAGES:
        words, folder = Words(language), tmp_path / ("" if language == "en" else language)
        sheets = html.fromstring((folder / "measures.html").read_text("utf-8"))
        for key, standard in standards.items():
            text = sheets.xpath(f"string(//section[h2/@id='{key}'])")
            assert standard.source[language] in text
            assert standard.url in text
            other = words("standards.other", percent=f"{standard.percent:g}")
            assert (other in text) == key.startswith("within")
        place = html.fromstring(
            (folder / "providers" / f"{row['geography_code']}.html").read_text("utf-8")
        )
        said = words(
            "standards.not_met",
            percent="100",
            figure=words.percent(row, "seen_pct_of_recorded"),
            interval=words.interval(row, "lower_95", "upper_95"),
        )
        assert said in place.xpath("string(//section[h3/@id='cns_access'])")
