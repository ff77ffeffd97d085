"""Take the pictures of the report that the documents show.

After ``make demo``, where Chromium and playwright are installed:

    python scripts/report_pictures.py
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from naome_assets.settings import Settings

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
#: The trust that docs/worked-example.md follows.
PROVIDER = "R0B"
WIDTH = 1100


def main() -> None:
    """The top of the summary and of a trust's page, and a funnel plot."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("There is no Chromium on this machine.")
    report = Settings.from_environment().output / "report"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for path, height, name in (
            ("index.html", 1750, "report-summary.png"),
            (f"providers/{PROVIDER}.html", 2500, "report-provider.png"),
        ):
            page.set_viewport_size({"width": WIDTH, "height": height})
            page.goto((report / path).as_uri())
            page.screenshot(path=IMAGES / name)
        page.goto((report / "providers.html").as_uri())
        page.locator("#funnel-cns_access .report-chart").screenshot(
            path=IMAGES / "report-funnel.png"
        )
        browser.close()


if __name__ == "__main__":
    main()
