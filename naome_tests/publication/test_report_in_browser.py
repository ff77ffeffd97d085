"""The site in Chromium: accessible, readable at 320 pixels, by keyboard, on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from naome_assets.publication.published import Publication
from naome_assets.publication.report import write_report
from naome_tests.generated_audit import LAST

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

#: WCAG 2.2 A and AA, and what axe holds to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = (
    "index.html", "england.html", "wales.html", "alliances.html", "providers.html",
    "state-of-the-nation.html", "how-many.html", "data-quality.html", "methods.html", "alliance",
    "provider", "beyond.html", "united-kingdom.html", "plain-words.html", "measures.html",
    "recommendations.html", "outliers.html", "quarter-by-quarter.html", "data.html",
)  # fmt: skip


@pytest.fixture(scope="session")
def site(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site-in-browser")
    write_report(publication, folder)
    return folder


# Of this module, no longer: while it is open, no other test can start an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield opened
        opened.close()


def address(site: Path, kind: str, language: str = "") -> str:
    folder = {"alliance": "alliances", "provider": "providers"}.get(kind)
    path = sorted((site / folder).glob("*.html"))[0] if folder else site / kind
    return (site / language / path.relative_to(site)).as_uri()


# Welsh pages are of the same templates: two of them stand for all.
@pytest.mark.parametrize(
    ("kind", "language"),
    [*((kind, "") for kind in KINDS), ("index.html", "cy"), ("provider", "cy")],
)
def test_axe_finds_nothing(browser: Browser, site: Path, kind: str, language: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(address(site, kind, language))
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.violations_count == 0, found.generate_report()
    page.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_never_scrolls_sideways_at_320_pixels(
    browser: Browser, site: Path, kind: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(address(site, kind))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_the_keyboard_reaches_content_menu_and_tables(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#maincontent"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.localName"))
    assert {"a", "summary", "div"} <= reached
    summary = page.locator("details summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None
    page.close()


def test_a_unit_is_found_by_typing(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    shown = page.locator(".report-find li:visible")
    page.get_by_label("Type a name").fill("zzz")
    assert shown.count() == 0
    code = sorted((site / "providers").glob("*.html"))[-1].stem
    page.get_by_label("Type a name").fill(code.lower())
    assert shown.count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{code}.html")
    page.close()


def test_without_javascript_units_are_a_list(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, "providers.html"))
    assert page.locator("#find-unit").count() == 0
    assert page.locator(".report-find li:visible").count() > 2
    context.close()


@pytest.mark.parametrize("kind", ["provider", "alliance"])
def test_a_place_is_printed_on_at_most_six_sheets(browser: Browser, site: Path, kind: str) -> None:
    page = browser.new_page()
    page.goto(address(site, kind))
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 < len(re.findall(rb"/Type /Page\b", printed)) <= 6
    said = page.content()
    footer = re.search(r"@bottom-left \{ content: \"(.*?)\"", said)
    assert footer
    for words in (f"October to December {LAST.year}", "data vintage", "* is a number withheld"):
        assert words in footer[1]
    page.close()


def test_without_javascript_all_is_there(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, "provider"))
    assert page.locator("svg.chart").count() > 5
    assert page.locator("nav a").first.is_visible()
    context.close()


def test_nothing_is_asked_of_the_network(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for kind in KINDS:
        page.goto(address(site, kind))
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_the_tables_are_printed(browser: Browser, site: Path, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(address(site, "index.html"))
    page.emulate_media(media="print")
    heights = page.evaluate(
        "[...document.querySelectorAll('details table')].map(t => t.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) > 0
    assert page.evaluate("getComputedStyle(document.querySelector('header nav')).display") == "none"
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()
