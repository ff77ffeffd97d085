"""The site as files: every page there, whole, linked, and true to the publication."""

from __future__ import annotations

import csv
import math
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urldefrag

import pandas as pd
import pytest
from lxml import etree, html
from statsmodels.stats.proportion import proportion_confint

from naome_assets.contract.dimensions import day_of
from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_assets.publication.report.exhibits.annual import difference
from naome_assets.publication.report.exhibits.curves import followed_by_enough
from naome_assets.publication.report.pages.methods import profile_words
from naome_assets.publication.report.showpiece import funnel_plots
from naome_assets.publication.report.words import LANGUAGES, Words
from naome_assets.quarters import Quarter
from naome_assets.reference import seed_path
from naome_tests.disclosure.picture_reader import compare
from naome_tests.generated_audit import LAST
from naome_tests.publication.many_providers import with_providers

YEAR = LAST.year


@pytest.fixture(scope="session")
def site(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    written = write_report(publication, folder)
    assert {path for path in folder.rglob("*") if path.is_file()} == set(written)
    return folder


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, etree._Element]:
    return read_pages(site)


def read_pages(site: Path) -> dict[str, etree._Element]:
    return {
        path.relative_to(site).as_posix(): html.document_fromstring(path.read_text("utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def of_place(publication: Publication, kind: str) -> set[str]:
    table = publication.tables["cns_access"]
    return set(table.loc[table["geography_type"] == kind, "geography_code"])


def test_every_place_has_a_page_in_both_languages(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    expected = {
        "index.html", "england.html", "wales.html", "alliances.html", "providers.html",
        "state-of-the-nation.html", "how-many.html", "data-quality.html", "what-changed.html",
        "methods.html", "beyond.html", "united-kingdom.html", "plain-words.html",
        "measures.html", "recommendations.html", "outliers.html",
        "quarter-by-quarter.html", "data.html",
    }  # fmt: skip
    expected |= {f"providers/{code}.html" for code in of_place(publication, "provider")}
    expected |= {f"alliances/{code}.html" for code in of_place(publication, "cancer_alliance")}
    assert expected <= set(pages)
    english = {path for path in pages if not path.startswith("cy/")}
    assert {f"cy/{path}" for path in english} == set(pages) - english


def test_trends_begin_with_the_first_complete_window(pages: dict[str, etree._Element]) -> None:
    """Twelve months that begin before the data would show the beginning of the data, not care."""
    shown = {
        month
        for tip in pages["england.html"].xpath(
            "//svg[contains(@aria-labelledby, 'cns_access-trend')]//title"
        )
        for month in re.findall(r", (\w{3} \d{4}):", tip.text or "")
    }
    ends = sorted(pd.to_datetime(month, format="%b %Y") for month in shown)
    assert (ends[0].year, ends[0].month) == (2020, 12)
    assert (ends[-1].year, ends[-1].month) == (LAST.last_day.year, LAST.last_day.month)


def test_no_page_has_a_bare_code_of_a_quarter(pages: dict[str, etree._Element]) -> None:
    """Readers see months; codes are in the key columns of files."""
    year = LAST.year
    quarters = {"en": f"October to December {year}", "cy": f"Hydref \u2013 Rhagfyr {year}"}
    for path, page in pages.items():
        said = [page.text_content(), *page.xpath("//@aria-label")]
        assert not re.search(r"\d{4}-Q\d", " ".join(said)), path
        assert quarters[page.get("lang")] in page.xpath("string(//footer)"), path


def test_a_page_has_one_figure_of_62_days(pages: dict[str, etree._Element]) -> None:
    """Those of the measure: the curve, another estimate, has none for one and two months."""
    days = [str(day_of(month)) for month in (0, 4, 6, 9, 12)]
    curves = 0
    for path in ("index.html", "england.html", "wales.html"):
        page = pages[path]
        # A nation of few people has no curve.
        for curve in page.xpath("//*[@id='treatment-curve']//table"):
            assert curve.xpath(".//tbody//th/text()") == days, path
            curves += 1
        name = Words("en")("measures.within_62d.title")
        of_all = {
            row.xpath("td[contains(text(), '%')]/text()")[0]
            for row in page.xpath("//*[@id='within_62d-kinds']//tr[th[text()='All']]")
        }
        assert len(of_all) == 1, path
        assert page.xpath(f"//table//tr[th[.='{name}']]") == [], path
    assert curves


def test_crude_and_adjusted_figures_are_both_compared(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    words = Words("en")
    table = publication.tables["case_mix_value"]
    table = table[table["quarter"] == str(LAST)]
    compared = set()
    for row in table.to_dict("records"):
        folder = "providers" if row["geography_type"] == "provider" else "alliances"
        page = pages[f"{folder}/{row['geography_code']}.html"]
        title = words(f"measures.{row['indicator']}.title")
        cells = page.xpath(
            f"//table[caption[.='{words('place_page.case_mix')}']]//tr[th[.='{title}']]/td"
        )
        said = cells[-1].text_content()
        if isinstance(row["outlier"], str):
            assert said == words(f"outlier.{row['outlier']}")
            compared.add(said)
            low, high = row["limit_lower_95"], row["limit_upper_95"]
            assert cells[7].text_content() == f"{low:.1f} to {high:.1f}"
        else:
            is_withheld = pd.notna(row["limit_lower_95"])
            assert said == words("outlier.not_told" if is_withheld else "outlier.none")
        assert len(cells) == 10
    assert len(compared) > 1


def test_no_page_shows_markup(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        assert "<p>" not in page.text_content(), path


def test_html_is_well_formed(site: Path) -> None:
    html5lib = pytest.importorskip("html5lib")
    for path in site.rglob("*.html"):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(path.read_text("utf-8"))
        # The vendored component writes an svg attribute that the parser's list does not know.
        assert parser.errors == [], (path, parser.errors[:3])


def test_ids_are_unique_and_references_resolve(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        ids = Counter(page.xpath("//@id"))
        assert [name for name, count in ids.items() if count > 1] == [], path
        for attribute in ("aria-labelledby", "aria-describedby"):
            for names in page.xpath(f"//@{attribute}"):
                assert set(names.split()) <= set(ids), (path, names)


def test_every_link_leads_somewhere(site: Path, pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        here = (site / path).parent
        for link in page.xpath("//@href"):
            if link.startswith("data:"):
                continue
            assert ":" not in link, f"{path}: {link} leaves the site"
            target, fragment = urldefrag(link)
            file = (here / target).resolve() if target else site / path
            assert file.is_file(), (path, link)
            if fragment:
                name = file.relative_to(site.resolve() if target else site).as_posix()
                assert pages[name].xpath("//*[@id=$id]", id=fragment), (path, link)


def test_no_page_asks_for_anything_from_elsewhere(site: Path) -> None:
    for path in [*site.rglob("*.html"), *site.rglob("*.css")]:
        text = path.read_text("utf-8")
        if path.suffix == ".html":
            # The field to type in, and what is for search engines: it is not run.
            for script in html.document_fromstring(text).xpath("//script"):
                is_field = (script.get("src") or "").endswith("assets/find.js")
                assert is_field or script.get("type") == "application/ld+json", path
        assert not re.search(r"""(src|href)=["']https?:|url\(["']?https?:|@import""", text), path


def test_no_page_shows_a_missing_value_as_python_does(pages: dict[str, etree._Element]) -> None:
    for path, page in pages.items():
        text = " ".join(page.xpath("//body//text()"))
        assert not re.search(r"\b(None|nan|NaN|NA|True|False|Undefined)\b|[{}]|<NA>", text), path


def test_every_chart_has_its_table(pages: dict[str, etree._Element]) -> None:
    charts = 0
    for path, page in pages.items():
        for chart in page.xpath("//*[local-name()='svg' and @class='chart']"):
            exhibit = chart.xpath("ancestor::*[contains(@class, 'report-exhibit')]")[-1]
            rows = exhibit.xpath(".//details//table/tbody/tr")
            assert rows, (path, exhibit.get("id"))
            charts += 1
    assert charts > 100


def test_every_page_says_where_it_comes_from(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    statement = publication.statement
    for path, page in pages.items():
        footer = page.xpath("string(//footer)")
        language = "cy" if path.startswith("cy/") else "en"
        texts = Words(language)
        for words in (
            statement.profile, texts.vintage(statement.vintage), texts.quarter(statement.quarter),
            texts.date(Quarter.parse(statement.first_quarter).first_day), statement.code_version,
        ):  # fmt: skip
            assert words in footer, path
        assert texts("statement.version", version=statement.method_version) in footer
        assert texts("statement.suppressed") in footer
        assert profile_words(statement.profile, texts) in footer
        assert (statement.profile_words.strip() in footer) == (language == "en")
        assert page.get("lang") == language
        assert page.xpath("//h1") and len(page.xpath("//h1")) == 1
        other = next(code for code in LANGUAGES if code != language)
        assert page.xpath("//header//a[@hreflang=$other]", other=other)


def test_figures_are_those_of_the_publication(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    table = publication.tables["cns_access"]
    rows = table[
        (table["quarter"] == publication.statement.quarter)
        & (table["period"] == "rolling_36m")
        & (table["presentation"] == "all")
        & (table["geography_type"] == "provider")
    ]
    assert len(rows) > 1
    for row in rows.to_dict("records"):
        page = pages[f"providers/{row['geography_code']}.html"]
        cells = page.xpath("//table[caption='At a glance']//a[@href='#cns_access']/../../td/text()")
        if row["suppressed"]:
            assert cells[:4] == ["*"] * 4
        elif pd.notna(row["seen_pct_of_recorded"]):
            assert cells[0] == f"{row['seen']:,.0f}"
            assert cells[1] == f"{row['recorded']:,.0f}"
            # Rounded counts of fewer than 1,000 people: no decimals (ruling G2).
            assert cells[2] == f"{row['seen_pct_of_recorded']:.0f}%"
            lower, upper = math.floor(row["lower_95"]), math.ceil(row["upper_95"])
            assert cells[3] == f"{lower} to {upper}"


def test_a_place_has_one_name(publication: Publication) -> None:
    names: dict[str, set[str]] = {}
    for table in publication.tables.values():
        if "geography_name" in table:
            for code, name in zip(table["geography_code"], table["geography_name"], strict=True):
                names.setdefault(code, set()).add(name)
    assert {code: own for code, own in names.items() if len(own) > 1} == {}


def test_a_unit_finds_itself_from_the_first_page(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    for path, kept in (("index.html", ""), ("wales.html", "7"), ("providers.html", "")):
        links = pages[path].xpath("//ul[contains(@class, 'report-names')]//a/@href")
        found = {link for link in links if link.startswith("providers/")}
        places = of_place(publication, "provider")
        assert found >= {f"providers/{code}.html" for code in places if code.startswith(kept)}
    assert not any("providers/R0" in link for link in pages["wales.html"].xpath("//main//a/@href"))


def test_in_short_says_of_every_measure_how_it_compares(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    tables = publication.tables
    own = tables["indicator"].assign(key=tables["indicator"]["indicator"])
    times = tables["time_to_treatment"].query("modality == 'any'")
    rows = pd.concat(
        [
            own,
            tables["cns_access"].assign(key="cns_access"),
            *(
                times.assign(key=f"within_{days}d", outlier=times[f"outlier_{days}d"])
                for days in (31, 62)
            ),
        ]
    )
    rows = rows[
        (rows["quarter"] == publication.statement.quarter)
        & (rows["period"] == "rolling_36m")
        & (rows["presentation"] == "all")
        & (rows["geography_type"] == "provider")
        & rows["key"].isin(Words("en").group("measures"))
    ]
    sides = set()
    for code, compared in rows[rows["outlier"].notna()].groupby("geography_code"):
        links = pages[f"providers/{code}.html"].xpath("//dl//a")
        assert {link.get("href") for link in links} == {f"#{key}" for key in compared["key"]}
        for key, outlier in zip(compared["key"], compared["outlier"], strict=True):
            row = pages[f"providers/{code}.html"].xpath(f"//dl//a[@href='#{key}']/../..")[0]
            words = row.text_content()
            degree, _, side = str(outlier).partition("_")
            assert {"alarm": "99.8%", "alert": "95%", "within": "Within"}[degree] in words
            assert not side or f"({side})" in words
            sides.add(side)
    assert len(sides) > 1


def test_in_short_counts_what_the_table_of_measures_shows(
    publication: Publication, tmp_path: Path
) -> None:
    """Comparisons withheld apart from measures that are not compared."""
    table = publication.tables["indicator"].copy()
    # As where an outlier would tell a count (ruling G1).
    table.loc[table["indicator"] == "mdt_discussed", "outlier"] = None
    write_report(
        Publication({**publication.tables, "indicator": table}, publication.statement), tmp_path
    )
    words, totals = Words("en"), Counter[str]()
    for path in (tmp_path / "providers").glob("*.html"):
        page = html.document_fromstring(path.read_text("utf-8"))
        (glance,) = page.xpath(f"//table[caption='{words('place_page.glance')}']")
        last = [row.xpath("string(td[last()])").strip() for row in glance.xpath(".//tbody/tr")]
        kinds = {words("outlier.not_told"): "withheld", words("outlier.none"): "not_compared"}
        told = Counter(kinds.get(text, "compared") for text in last)
        totals += told
        for key, why in (("withheld", "why_withheld"), ("not_compared", "why_not")):
            name = words(f"in_short.{key}")
            said = page.xpath(f"//dl/div[dt[normalize-space()='{name}']]/dd")
            expected = [words(f"in_short.{why}", number=str(told[key]))] if told[key] else []
            assert [cell.text_content().strip() for cell in said] == expected, (path, key)
    assert totals["withheld"] and totals["not_compared"] and totals["compared"]


def test_curves_of_survival_end_where_few_are_followed() -> None:
    rows = [{"day": float(day), "at_risk": left} for day, left in ((60, 9), (0, 40), (30, 10))]
    # Were more followed later than before, the curve would not begin again.
    rows.append({"day": 90.0, "at_risk": 12})
    assert [row["day"] for row in followed_by_enough(rows)] == [0.0, 30.0]


def test_a_bound_above_the_estimate_is_said(publication: Publication, tmp_path: Path) -> None:
    said = Words("en")("beyond.capture.chao_above")
    table = publication.tables["recurrence_capture"].copy()
    for chao, is_said in ((1.0, False), (1e6, True)):
        table["chao_lower_bound"] = chao
        table["estimate"] = 1000.0
        tables = {**publication.tables, "recurrence_capture": table}
        write_report(Publication(tables, publication.statement), tmp_path)
        assert (said in (tmp_path / "beyond.html").read_text("utf-8")) == is_said


def test_years_stand_side_by_side_with_their_change(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    table = publication.tables["indicator"].query(
        "indicator == 'mdt_discussed' and period == 'rolling_12m' and presentation == 'all' "
        "and geography_code == 'E92000001'"
    )
    shares = table.set_index("quarter")["value"]
    before, now = shares[f"{YEAR - 1}-Q4"], shares[f"{YEAR}-Q4"]
    table = pages["state-of-the-nation.html"].xpath("//table[caption='England']")[0]
    assert table.xpath("string(thead//th[last() - 1])") == str(YEAR)
    title = Words("en")("measures.mdt_discussed.title")
    cells = table.xpath(f".//tr[th='{title}']/td")
    shown = [cell.text_content() for cell in cells[-3:]]
    change, interval = shown.pop().split(" (")
    assert [*shown, change] == [f"{before:.1f}%", f"{now:.1f}%", f"{now - before:+.1f}"]
    lower, upper = (float(limit) for limit in interval.rstrip(")").split(" to "))
    assert lower < now - before < upper
    # The longer the data look back, the more of the living are known: no growth.
    living = table.xpath(".//tr[th='Living with MBC on 31 December']/td")
    assert [cell.text_content() for cell in living][-1] == "not available"


def test_the_interval_of_a_change_is_that_of_newcombe() -> None:
    """His example (a): 56 of 70 less 48 of 80 is 0.2000 (0.0524 to 0.3339)."""
    after = (56 / 70, *proportion_confint(56, 70, method="wilson"))
    before = (48 / 80, *proportion_confint(48, 80, method="wilson"))
    assert difference(before, after) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert difference((None, None, None), after) is None


def test_a_year_not_followed_in_full_has_no_figure(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    """Follow-up ends with the last quarter: nobody of its last month is followed for 31 days."""
    assert publication.statement.quarter == f"{YEAR}-Q4"
    (table,) = pages["state-of-the-nation.html"].xpath("//table[caption='England']")
    for key in ("within_31d", "sact_within_6_months", "survival_1y"):
        title = Words("en")(f"measures.{key}.title")
        *_, before, now, change = (
            cell.text_content() for cell in table.xpath(f".//tr[th='{title}']/td")
        )
        assert (now, change) == ("not available", "not available"), key
        assert before.endswith("%"), key


def test_a_year_of_few_people_says_of_how_many_and_is_not_compared(
    publication: Publication, tmp_path: Path
) -> None:
    table = publication.tables["indicator"].copy()
    few = (table["indicator"] == "mdt_discussed") & (table["quarter"] == f"{YEAR}-Q4")
    few &= (table["period"] == "rolling_12m") & (table["geography_code"] == "E92000001")
    table.loc[few, ["numerator", "denominator", "value"]] = [3, 9, 100 / 3]
    tables = {**publication.tables, "indicator": table}
    write_report(Publication(tables, publication.statement), tmp_path)
    page = html.document_fromstring((tmp_path / "state-of-the-nation.html").read_text("utf-8"))
    title = Words("en")("measures.mdt_discussed.title")
    cells = page.xpath(f"//table[caption='England']//tr[th='{title}']/td")
    shown = [cell.text_content() for cell in cells[-2:]]
    assert shown == ["3 of 9", "not available"]
    chart = page.xpath("//div[@id='annual-mdt_discussed']//*[local-name()='svg']")[0]
    assert "33.3" not in etree.tostring(chart, encoding="unicode")


def test_of_survival_the_people_counted_are_the_dead(
    publication: Publication, pages: dict[str, etree._Element]
) -> None:
    table = publication.tables["indicator"]
    (row,) = table[
        (table["indicator"] == "survival_1y")
        & (table["quarter"] == publication.statement.quarter)
        & (table["period"] == "rolling_36m")
        & (table["geography_code"] == "E92000001")
        & (table["presentation"] == "all")
    ].to_dict("records")
    others = pages["england.html"].xpath("//table[caption='Other measures']")[0]
    cells = others.xpath(".//tr[th='Alive after one year']/td")
    assert cells[0].text_content() == f"{row['numerator']:,} deaths"


def test_a_suppressed_place_shows_stars_and_no_number(
    publication: Publication, tmp_path: Path
) -> None:
    code = sorted(of_place(publication, "provider"))[0]
    tables = {}
    for name, table in publication.tables.items():
        hidden = table.copy()
        own = hidden["geography_code"] == code
        for column in hidden.select_dtypes("number").columns:
            hidden[column] = hidden[column].mask(own)
        if "outlier" in hidden:
            hidden.loc[own, "outlier"] = None
        hidden.loc[own, "suppressed"] = True
        tables[name] = hidden
    write_report(Publication(tables, publication.statement), tmp_path)
    page = html.document_fromstring((tmp_path / f"providers/{code}.html").read_text("utf-8"))
    figures = page.xpath("//p[@class='report-figure']/text()")
    assert figures
    assert set(figures) == {"*"}
    glance = page.xpath("//table[caption='At a glance']/tbody/tr")
    for row in glance:
        assert set(row.xpath("td[position() <= 4]/text()")) <= {"*", "not available"}
    assert not page.xpath(f"//div[starts-with(@id, 'funnel-')]//*[text()='{code}']")
    # Nothing is published of it: no empty chart of its records, no row in the grid of all.
    assert not page.xpath(f"//div[@id='quality-{code}']//*[local-name()='svg']")
    grid = html.document_fromstring((tmp_path / "data-quality.html").read_text("utf-8"))
    assert grid.xpath("//a[starts-with(@href, 'providers/')]")
    assert not grid.xpath(f"//a[@href='providers/{code}.html']")


def test_a_prevalence_that_is_not_there_is_withheld_of_a_place_and_not_of_a_nation(
    publication: Publication, tmp_path: Path
) -> None:
    code = sorted(of_place(publication, "provider"))[0]
    table = publication.tables["prevalence"]
    without = table[~table["geography_code"].isin([code, "W92000004"])]
    tables = {**publication.tables, "prevalence": without}
    write_report(Publication(tables, publication.statement), tmp_path)
    for path, shown in ((f"providers/{code}.html", "*"), ("wales.html", "not available")):
        page = html.document_fromstring((tmp_path / path).read_text("utf-8"))
        assert page.xpath("//p[@class='report-figure']/text()")[0] == shown


def test_an_audit_of_nothing_says_so_on_its_first_page(
    publication: Publication, tmp_path: Path
) -> None:
    empty = {name: table.head(0) for name, table in publication.tables.items()}
    write_report(Publication(empty, publication.statement), tmp_path)
    pages = read_pages(tmp_path)
    english = {"index.html", "what-changed.html", "methods.html", "beyond.html",
               "united-kingdom.html", "data.html"}  # fmt: skip
    assert set(pages) == english | {f"cy/{path}" for path in english}
    for path, title, said in (
        ("index.html", "No figures yet", f"from 1 January 2020 to 31 December {YEAR}"),
        ("cy/index.html", "Dim ffigurau eto", f"o 1 Ionawr 2020 i 31 Rhagfyr {YEAR}"),
    ):
        (heading,) = pages[path].xpath("//h1")
        assert heading.text_content() == title
        assert said in pages[path].xpath("string(//main)")
    test_every_link_leads_somewhere(tmp_path, pages)


@pytest.mark.parametrize(
    "left_out", [("indicator", "survival_curve", "case_mix_value"), ("data_quality",)]
)
def test_optional_tables_may_be_absent(
    publication: Publication, tmp_path: Path, left_out: tuple[str, ...]
) -> None:
    tables = {name: t for name, t in publication.tables.items() if name not in left_out}
    write_report(Publication(tables, publication.statement), tmp_path)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "People living with metastatic breast cancer" in text
    assert ("Survival from the MBC date" in text) == ("survival_curve" in tables)


def test_a_low_recurrent_share_is_warned_about(publication: Publication, tmp_path: Path) -> None:
    table = publication.tables["prevalence"].copy()
    whole = (table[["sex", "age_band", "years_since_mbc"]] == "all").all(axis=1)
    for kind, people in (("all", 1000), ("recurrent", 400)):
        table.loc[whole & (table["presentation"] == kind), "people"] = people
    tables = {**publication.tables, "prevalence": table}
    write_report(Publication(tables, publication.statement), tmp_path)
    page = html.document_fromstring((tmp_path / "index.html").read_text("utf-8"))
    callout = page.xpath("string(//*[contains(@class, 'nhsuk-card--warning')])")
    assert "40.0%" in callout


def test_the_notes_of_the_method_book_are_on_the_pages(
    pages: dict[str, etree._Element],
) -> None:
    summary = pages["england.html"].xpath("string(//main)")
    for words in (
        "57,215",
        "38,350",
        "911",
        "1 January 2020",
        "primary care",
        "never known to have died",
    ):
        assert words in summary, words
    methods = pages["methods.html"].xpath("string(//main)")
    for words in ("Left and right of one day", "at most 120 days", "perhaps years before"):
        assert words in methods, words
    assert "60%" in pages["data-quality.html"].xpath("string(//main)")


def test_a_provider_names_the_trusts_that_became_part_of_it(
    publication: Publication, tmp_path: Path
) -> None:
    tables = dict(publication.tables)
    code = sorted(of_place(publication, "provider"))[0]
    for name, table in tables.items():
        if "geography_code" in table:
            own = table["geography_code"] == code
            tables[name] = table.assign(geography_code=table["geography_code"].mask(own, "RH5"))
    write_report(Publication(tables, publication.statement), tmp_path)
    page = html.document_fromstring((tmp_path / "providers" / "RH5.html").read_text("utf-8"))
    assert "RBA (on 1 April 2020); RA4 (on 1 April 2023)" in page.xpath("string(//main)")
    welsh = html.document_fromstring((tmp_path / "cy/providers/RH5.html").read_text("utf-8"))
    assert "RBA (ar 1 Ebrill 2020); RA4 (ar 1 Ebrill 2023)" in welsh.xpath("string(//main)")


def test_a_name_cannot_write_html(publication: Publication, tmp_path: Path) -> None:
    tables = dict(publication.tables)
    code = sorted(of_place(publication, "provider"))[0]
    for name, table in tables.items():
        if "geography_name" in table:
            renamed = table.copy()
            renamed.loc[renamed["geography_code"] == code, "geography_name"] = "<b onclick=x>'&"
            tables[name] = renamed
    write_report(Publication(tables, publication.statement), tmp_path)
    for path in tmp_path.rglob("*.html"):
        assert "<b onclick" not in path.read_text("utf-8"), path


def test_the_same_publication_gives_the_same_bytes(
    publication: Publication, site: Path, tmp_path: Path
) -> None:
    for path in write_report(publication, tmp_path):
        assert path.read_bytes() == (site / path.relative_to(tmp_path)).read_bytes()


def test_all_trusts_and_boards_within_a_minute(publication: Publication, tmp_path: Path) -> None:
    with seed_path("provider").open(encoding="utf-8", newline="") as file:
        codes = {row["code"]: row["name"] for row in csv.DictReader(file) if not row["closed"]}
    many = with_providers(publication, dict(list(codes.items())[:125]))
    started = time.process_time()
    written = write_report(many, tmp_path)
    assert len(written) > 250
    assert time.process_time() - started < 60


def test_the_funnel_plots_for_the_engineer_are_pictures_of_their_own(
    publication: Publication,
) -> None:
    plots = funnel_plots(publication)
    assert len(plots) == 2
    for title, svg in plots.items():
        root = etree.fromstring(svg)
        # Without its namespace a browser shows no picture.
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.findtext("{*}title") == title


def test_pictures_of_places_are_drawn_at_published_figures(
    publication: Publication, site: Path
) -> None:
    """No coordinate tells more than the tables: the reader of pictures finds unrounded ones."""
    found = compare(publication, site)
    assert found.tried > 500
    assert found.unexplained == []
    others = {
        name: frame.assign(
            **{n: frame[n] + 2.3 for n in frame.select_dtypes("number") if n != "population"}
        )
        for name, frame in publication.tables.items()
    }
    elsewhere = compare(replace(publication, tables=others), site)
    assert len(elsewhere.unexplained) > found.tried / 5
