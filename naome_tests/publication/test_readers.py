"""Pages for each reader: in plain words, sheets, findings, recommendations, grades, files."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree, html

from naome_assets.contract.indicators import INDICATOR
from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.grades import grade_of
from naome_assets.publication.report.measures import MEASURES
from naome_assets.publication.report.pages.findings import changes, findings
from naome_assets.publication.report.pages.patients import tenths
from naome_assets.publication.report.pages.sheets import phrase, phrases
from naome_assets.publication.report.places import Places
from naome_assets.publication.report.publisher import PublisherError
from naome_assets.publication.report.recommendations import (
    STATUSES,
    RecommendationsError,
    read_recommendations,
)
from naome_assets.publication.report.words import LANGUAGES, Words
from naome_assets.publication.team_files import team_file
from naome_assets.quarters import Quarter
from naome_assets.transform.project import load_project
from naome_tests.generated_audit import LAST

SETTINGS = load_project().variables


@pytest.fixture(scope="module")
def site(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers") / "report"
    stated = replace(publication.statement, generated=publication.statement.quarter)
    write_report(replace(publication, statement=stated), folder, has_files_beside=True)
    return folder


@pytest.fixture(scope="module")
def edition(publication: Publication) -> Edition:
    figures = Figures(publication)
    return Edition(figures, Places(figures), Words("en"))


def page(site: Path, path: str) -> etree._Element:
    return html.document_fromstring((site / path).read_text("utf-8"))


def national(publication: Publication, table: str, **equals: str) -> pd.DataFrame:
    frame = publication.tables[table].query("geography_type == 'england_and_wales'")
    for column, value in equals.items():
        frame = frame[frame[column] == value]
    return frame


# In plain words.


@pytest.mark.parametrize(
    ("percent", "said"),
    [(3, "Fewer than 1 in 10 x."), (5.1, "About 1 in 10 x."), (66, "About 7 in 10 x."),
     (94.9, "About 9 in 10 x."), (95.1, "Nearly all x.")],
)  # fmt: skip
def test_percentages_are_said_as_tenths(percent: float, said: str) -> None:
    assert tenths(Words("en"), percent, "x") == said


def test_the_page_in_plain_words_says_published_figures(
    site: Path, publication: Publication
) -> None:
    text = page(site, "plain-words.html").text_content()
    assert text.count("secondary breast cancer") > 5
    living = national(
        publication, "prevalence", quarter=str(LAST), sex="all", age_band="all",
        presentation="all", years_since_mbc="all",
    )["people"].iloc[0]  # fmt: skip
    assert f"{living:,.0f} people are known to be living" in text
    row = national(
        publication, "cns_access", quarter=str(LAST), period="rolling_36m", presentation="all"
    ).iloc[0]
    words = Words("en")
    assert tenths(words, row["seen_pct_of_recorded"], words("patients.what.cns_access")) in text
    assert f"between {row['lower_95']:.1f} to {row['upper_95']:.1f} in 100" not in text
    assert f"between {row['lower_95']:.1f} and {row['upper_95']:.1f} in 100" in text
    for term in words.group("glossary"):
        assert words(f"glossary.{term}.meaning") in text


# Sheets.


def test_every_measure_has_a_sheet_as_the_contract_says(site: Path) -> None:
    sheets = page(site, "measures.html")
    assert sheets.xpath("//section/h2/@id") == [measure.key for measure in MEASURES]
    for measure in MEASURES:
        text = sheets.xpath(f"string(//section[h2/@id='{measure.key}'])")
        own = INDICATOR[measure.key]
        for said in (own.numerator, own.denominator, own.items, own.weakness, own.case_mix):
            assert phrase(said, "en") in text
        assert f"{own.table}.{own.value}" in text
        assert "`" not in text
        if measure.followed_days:
            assert f"{measure.followed_days} days from the MBC date" in text


def test_each_phrase_of_the_contract_has_its_welsh_and_none_is_left_over() -> None:
    said = {
        phrase(text, "en")
        for measure in MEASURES
        for own in [INDICATOR[measure.key]]
        for text in (own.numerator, own.denominator, own.items, own.weakness, own.case_mix)
        if text
    }
    welsh = phrases("cy")
    assert set(welsh) == said
    assert not [text for text in said if welsh[text] == text]


def test_sheets_are_led_to_from_each_measure_of_a_place(site: Path) -> None:
    path = sorted((site / "providers").glob("*.html"))[0]
    for measure in page(site, f"providers/{path.name}").xpath("//section/h3/@id"):
        links = page(site, f"providers/{path.name}").xpath(
            f"//section[h3/@id='{measure}']//a/@href"
        )
        assert f"../measures.html#{measure}" in links


# Findings.


def test_the_largest_sure_change_is_worked_out_from_published_rows(
    publication: Publication, edition: Edition
) -> None:
    """By Newcombe's method with 99.8 % limits, from the tables."""
    found = {own.measure.key: own for own in changes(edition)}
    assert len(found) > 5
    wider = SETTINGS["z_998"] / SETTINGS["z_95"]
    for key, own in found.items():
        measure = own.measure
        frame = national(
            publication, measure.table, period="rolling_12m", presentation="all", **measure.where
        ).set_index("quarter")
        last = max(
            quarter
            for quarter in frame.index
            if (LAST.last_day - Quarter.parse(quarter).last_day).days >= measure.followed_days
        )
        now, before = frame.loc[last], frame.loc[str(Quarter.parse(last) + -4)]
        p2, p1 = now[measure.value], before[measure.value]
        down = wider * math.hypot(p2 - now[measure.lower], before[measure.upper] - p1)
        up = wider * math.hypot(now[measure.upper] - p2, p1 - before[measure.lower])
        assert own.change == pytest.approx(p2 - p1), key
        assert (own.lower, own.upper) == pytest.approx((p2 - p1 - down, p2 - p1 + up)), key
        assert own.is_sure == (p2 - p1 > down or p1 - p2 > up), key


def test_findings_say_a_planted_change(publication: Publication) -> None:
    """Nurse contact falls by a third from a year to the next; the rest stands."""
    table = publication.tables["cns_access"].copy()
    last = (table["geography_type"] == "england_and_wales") & (table["quarter"] == str(LAST))
    last &= table["period"] == "rolling_12m"
    for column in ("seen_pct_of_recorded", "lower_95", "upper_95"):
        table.loc[last, column] *= 2 / 3
    changed = replace(publication, tables={**publication.tables, "cns_access": table})
    figures = Figures(changed)
    said = findings(Edition(figures, Places(figures), Words("en")))
    title = Words("en")("measures.cns_access.title")
    assert said[0].startswith(f"Largest change that is sure: {title} fell from ")
    assert f"December {LAST.year - 1}" in said[0]


def test_nothing_sure_is_said_to_be_so(publication: Publication) -> None:
    tables = {
        name: table.assign(
            **{
                column: (0.0 if "lower" in column else 100.0)
                for column in map(str, table)
                if column.startswith(("lower_95", "upper_95"))
            }
        )
        for name, table in publication.tables.items()
    }
    tables = {
        name: table.assign(**{c: "within" for c in map(str, table) if c.startswith("outlier")})
        for name, table in tables.items()
    }
    figures = Figures(replace(publication, tables=tables))
    words = Words("en")
    said = findings(Edition(figures, Places(figures), words))
    assert said[:2] == [words("findings.no_change"), words("findings.no_variation")]


def test_the_worst_recorded_item_is_the_least(publication: Publication, edition: Edition) -> None:
    rows = national(publication, "data_quality", quarter=str(LAST), period="rolling_12m")
    rows = rows[rows["item"].isin(edition.words.group("items"))]
    worst = rows.loc[rows["completeness_pct"].idxmin()]
    said = findings(edition)[-1]
    assert edition.words(f"items.{worst['item']}") in said
    assert f"{worst['completeness_pct']:.1f}%" in said
    assert ", ".join(SETTINGS["quality_items"][worst["item"]]) in said


def test_the_summary_has_the_findings(site: Path, edition: Edition) -> None:
    said = page(site, "index.html").xpath("//h2[@id='findings']/following-sibling::ul[1]/li")
    assert [own.text_content() for own in said] == findings(edition)
    rules = page(site, "methods.html").xpath("//h2[@id='findings']")
    assert len(rules) == 1


# Recommendations.

_WHOLE = """
[[recommendation]]
id = "1"
first_year = 2024
measure = "cns_access"
text = {en = "Do it", cy = "Gwnewch"}
to = {en = "All", cy = "Pawb"}
status = {2024 = "open"}
"""


def test_recommendations_are_on_their_page(site: Path) -> None:
    held = read_recommendations(team_file("NAOME_RECOMMENDATIONS"))
    for language, folder in (("en", ""), ("cy", "cy/")):
        words = Words(language)
        text = page(site, f"{folder}recommendations.html").text_content()
        assert words("recommendations.example") in text
        for own in held.entries:
            assert own.text[language] in text
            for year, status in own.status.items():
                assert f"{year}: {words(f'recommendations.statuses.{status}')}" in text
    assert set(Words("en").group("recommendations.statuses")) == set(STATUSES)


def test_a_file_of_the_audit_team_takes_its_place(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(_WHOLE, encoding="utf-8")
    monkeypatch.setenv("NAOME_RECOMMENDATIONS", str(file))
    write_report(publication, tmp_path / "site")
    text = page(tmp_path / "site", "recommendations.html").text_content()
    assert "1. Do it" in text
    assert Words("en")("recommendations.example") not in text


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('id = "1"', "id = 1", "recommendation 1: id is a text"),
        ("first_year = 2024", 'first_year = "now"', "first_year is a year"),
        (', cy = "Gwnewch"', "", "text is given in each language"),
        ('en = "All"', 'en = " "', "to is a text in each language"),
        ('"open"', '"done"', "status of 2024: one of open"),
        ("2024 =", "2023 =", "status of '2023': a year, not before"),
        ('{2024 = "open"}', "{}", "status has a line for each year"),
        ('"cns_access"', '"cns"', "measure 'cns' is no indicator"),
        ("measure =", "item =", "item 'cns_access' is no key item"),
        ("measure =", "measures =", "'measures' is not known"),
        ("[[recommendation]]", "[[recommendation", "cannot be read"),
        ("[[recommendation]]", "[recommendation]", "are written as"),
        ("[[recommendation]]", _WHOLE + "[[recommendation]]", "the id 1 is given twice"),
    ],
)
def test_a_faulty_recommendation_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in _WHOLE
    file = tmp_path / "own.toml"
    file.write_text(_WHOLE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RecommendationsError, match=re.escape(rule)) as caught:
        read_recommendations(file)
    assert str(file) in str(caught.value)


# Grades.


@pytest.mark.parametrize(
    ("completeness", "grade"),
    [(100, "A"), (95, "A"), (94.9, "B"), (80, "B"), (79.9, "C"), (60, "C"), (59.9, "D"), (0, "D")],
)
def test_grades_go_by_the_thresholds(completeness: float, grade: str) -> None:
    assert grade_of(completeness) == grade


def test_grades_are_those_of_published_completeness(
    publication: Publication, edition: Edition
) -> None:
    """Of the weakest item that is published; of hidden ones there is none."""
    table = publication.tables["data_quality"]
    table = table[(table["quarter"] == str(LAST)) & (table["period"] == "rolling_12m")]
    known = {
        (row["geography_code"], row["item"]): row["completeness_pct"]
        for row in table.to_dict("records")
        if pd.notna(row["completeness_pct"])
    }
    seen = set()
    for place in (*edition.places.national, *edition.places.alliances, *edition.places.providers):
        for measure in edition.measures:
            items = INDICATOR[measure.key].graded_by
            assert items
            own = [known[place.code, item] for item in items if (place.code, item) in known]
            expected = grade_of(min(own)) if own else edition.words("none.short")
            assert edition.grade(place, measure) == expected
            seen.add(expected)
    assert len(seen) > 2


def test_items_that_grade_are_items_of_the_data() -> None:
    items = {*SETTINGS["quality_items"], *SETTINGS["quality_sact_items"]}
    for measure in MEASURES:
        assert set(INDICATOR[measure.key].graded_by) <= items


def test_weak_items_are_listed_with_the_largest_gain_first(
    site: Path, publication: Publication
) -> None:
    words = Words("en")
    table = publication.tables["data_quality"]
    table = table[(table["quarter"] == str(LAST)) & (table["period"] == "rolling_12m")]
    listed = 0
    names = {**words.group("items"), **words.group("other_items")}
    for path in sorted((site / "providers").glob("*.html")):
        rows = page(site, f"providers/{path.name}").xpath(
            f"//table[caption[.='{words('quality.weak_title')}']]/tbody/tr"
        )
        own = table[table["geography_code"] == path.stem]
        weak = own[own["completeness_pct"] < SETTINGS["quality_grade_from"][0]]
        weak = weak[weak["records"].notna() & weak["given"].notna()]
        weak = weak[~weak["item"].isin(["record", "stage_or_m", "metastasis", "sact_row"])]
        missing = [int(row.xpath("td")[3].text.replace(",", "")) for row in rows]
        assert missing == sorted(missing, reverse=True)
        found = {row.xpath("th")[0].text: at for row, at in zip(rows, missing, strict=True)}
        assert found == {
            names[row["item"]]: int(row["records"] - row["given"])
            for row in weak.to_dict("records")
        }
        listed += len(found)
        for row in rows:
            assert row.xpath("td")[0].text
            assert row.xpath("td")[4].text
    assert listed > 10


# Files.


def test_each_chart_has_its_figures_and_its_picture(site: Path) -> None:
    """Beside the page, or in the archive of a place; in each a word on generated data."""
    words = Words("en")
    mark = words("generated.mark")
    for path in ("index.html", "state-of-the-nation.html", "quarter-by-quarter.html"):
        shown = page(site, path)
        charts = shown.xpath("//div[@class='report-exhibit']")
        assert len(charts) > 3
        for chart in charts:
            data, *picture, address = chart.xpath(".//p[@class='report-screen']/a/@href")
            assert address == f"#{chart.get('id')}"
            rows = list(csv.reader(io.StringIO((site / data).read_text("utf-8-sig"))))
            table = chart.xpath(".//table")[0]
            assert rows[0] == [*(h.text_content() for h in table.xpath(".//thead//th")),
                               words("generated.title")]  # fmt: skip
            assert len(rows) - 1 == len(table.xpath("./tbody/tr"))
            for row, cells in zip(rows[1:], table.xpath("./tbody/tr"), strict=True):
                texts = [cell.text_content() for cell in cells.xpath("th|td")]
                assert [text.removeprefix("'") for text in row] == [*texts, mark]
            assert bool(picture) == bool(chart.xpath(".//svg"))
            for one in picture:
                drawn = etree.fromstring((site / one).read_bytes())
                assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
                assert mark in "".join(map(str, drawn.itertext()))
                assert drawn.xpath("//*[local-name()='a']") == []


def test_the_charts_of_a_place_are_one_archive(site: Path) -> None:
    path = sorted((site / "providers").glob("*.html"))[0]
    shown = page(site, f"providers/{path.name}")
    (link,) = shown.xpath("//a[contains(@href, '.zip')]/@href")
    with zipfile.ZipFile(path.parent / link) as packed:
        names = set(packed.namelist())
        for chart in shown.xpath("//div[@class='report-exhibit']"):
            assert f"{chart.get('id')}.csv" in names
            assert (f"{chart.get('id')}.svg" in names) == bool(chart.xpath(".//svg"))
        for name in names:
            assert Words("en")("generated.mark") in packed.read(name).decode("utf-8")


def test_the_same_figures_give_the_same_archive(
    site: Path, publication: Publication, tmp_path: Path
) -> None:
    stated = replace(publication.statement, generated=publication.statement.quarter)
    again = replace(publication, statement=stated)
    write_report(again, tmp_path / "report", has_files_beside=True)
    for path in sorted(site.rglob("*.zip")):
        assert path.read_bytes() == (tmp_path / "report" / path.relative_to(site)).read_bytes()


def test_every_page_leads_to_files_and_says_who_publishes(site: Path) -> None:
    for path in site.rglob("*.html"):
        words = Words("cy" if path.relative_to(site).parts[0] == "cy" else "en")
        footer = html.document_fromstring(path.read_text("utf-8")).xpath("//footer")[0]
        links = [(path.parent / own).resolve() for own in footer.xpath(".//a/@href")]
        assert (site.parent / "workbook.xlsx").resolve() in links
        top = site / "cy" if words.language == "cy" else site
        assert (top / "data.html").resolve() in links
        text = footer.text_content()
        for key in ("contact", "licence", "published", "next"):
            assert words(f"statement.{key}") in text
        assert words.date(LAST.freeze) in text
        assert words.date(LAST.next.freeze) in text


def test_the_freeze_is_that_of_the_schedule() -> None:
    from naome_assets.orchestration.calendar import AFTER_FREEZE

    _, _, day, months, _ = AFTER_FREEZE.split()
    days = [Quarter(2024, number).freeze for number in (1, 2, 3, 4)]
    assert {own.day for own in days} == {int(day)}
    assert sorted(own.month for own in days) == [int(own) for own in months.split(",")]
    assert days[3].year == 2025


def test_the_catalogue_names_each_file(site: Path, publication: Publication) -> None:
    for language in LANGUAGES:
        top = site if language == "en" else site / language
        (held,) = page(site, (top / "data.html").relative_to(site).as_posix()).xpath(
            "//script[@type='application/ld+json']/text()"
        )
        described = json.loads(held)
        assert described["@type"] == "DataCatalog"
        files = {
            (top / own["distribution"][0]["contentUrl"]).resolve() for own in described["dataset"]
        }
        assert files == {
            (site.parent / "csv" / f"{name}.csv").resolve() for name in publication.tables
        }
        catalogue = json.loads((top / "catalogue.jsonld").read_text("utf-8"))
        assert catalogue["@type"] == "dcat:Catalog"
        assert len(catalogue["dcat:dataset"]) == len(publication.tables)
        for own in catalogue["dcat:dataset"]:
            assert own["dcterms:issued"]["@value"] == LAST.freeze.isoformat()
            assert Words(language)("generated.statement") in own["dcterms:description"]["@value"]


def test_a_site_alone_leads_to_no_file_that_is_not_there(
    publication: Publication, tmp_path: Path
) -> None:
    write_report(publication, tmp_path)
    text = (tmp_path / "data.html").read_text("utf-8")
    assert Words("en")("data.none") in text
    assert "workbook.xlsx" not in text
    assert not (tmp_path / "catalogue.jsonld").exists()


@pytest.mark.parametrize(
    ("text", "rule"),
    [("owner = 'x'", "'owner' is not known"), ("contact = 1", "contact is a text"),
     ("published_on = '13 March'", "published_on is a day"), ("contact =", "cannot be read")],
)  # fmt: skip
def test_a_faulty_publisher_is_named(
    publication: Publication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, rule: str
) -> None:
    file = tmp_path / "publisher.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("NAOME_PUBLISHER", str(file))
    with pytest.raises(PublisherError, match=rule) as caught:
        write_report(publication, tmp_path / "site")
    assert str(file) in str(caught.value)


# Quarter by quarter.


def test_process_charts_are_of_published_quarters(site: Path, publication: Publication) -> None:
    """Mean, limits and moving ranges, worked out from the table of nurse contact."""
    rows = national(publication, "cns_access", period="quarter", presentation="all")
    values = rows.sort_values("quarter")["seen_pct_of_recorded"].to_numpy(float)
    assert len(values) >= 12
    ranges = [abs(b - a) for a, b in itertools.pairwise(values)]
    usual = sum(ranges) / len(ranges)
    kept = [own for own in ranges if own <= 3.267 * usual]
    spread = 2.66 * sum(kept) / len(kept)
    code = rows["geography_code"].iloc[0]
    chart = page(site, "quarter-by-quarter.html").xpath(f"//*[@id='process-{code}-cns_access']")[0]
    low, high = max(0, values.mean() - spread), min(100, values.mean() + spread)
    words = Words("en")
    assert words(
        "process.note", mean=f"{values.mean():.1f}", limits=f"{low:.1f} to {high:.1f}"
    ) in chart.text_content()  # fmt: skip
    cells = chart.xpath(".//tbody/tr")
    assert cells[0].xpath("th")[0].text_content() == f"October to December {LAST.year}"
    assert [row.xpath("td")[1].text for row in cells] == [f"{v:.1f}%" for v in values[::-1]]
    assert [row.xpath("td")[2].text for row in cells[:-1]] == [f"{r:.1f}" for r in ranges[::-1]]
    # Survival of a year is known of four quarters fewer.
    charts = page(site, "quarter-by-quarter.html").xpath(f"//*[@id='process-{code}-survival_1y']")
    assert bool(charts) == (len(values) - 4 >= 12)
