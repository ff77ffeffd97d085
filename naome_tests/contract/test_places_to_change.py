"""What docs/operation.md promises: an item of COSD is named in few files."""

from __future__ import annotations

import re
from pathlib import Path

from naome_assets.contract.cosd_items import carried_items
from naome_assets.sources.generate_files import files

#: Where "Adding a COSD item" sends whoever adds one, beside the tests.
BY_HAND = {
    "naome_assets/contract/cosd_items.tsv",
    "dbt_like_sql/dbt_project.yml",
    "dbt_like_sql/models/registry/_registry.yml",
    "dbt_like_sql/models/indicators/_indicators.yml",
    "naome_assets/publication/report/text/en.toml",
    "naome_assets/publication/report/text/cy.toml",
}
#: Where its values stand when they are not those of its list.
OTHER_VALUES = {"naome_assets/synthetic/carried.py"}
#: Indicators that are made of one.
FIGURES = {
    "naome_assets/contract/indicators.py",
    "dbt_like_sql/models/indicators/indicator_event_care.sql",
}


def section(heading: str) -> str:
    """A section of the page."""
    page = Path("docs/operation.md").read_text(encoding="utf-8")
    return page.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_an_item_of_cosd_is_named_where_the_page_says() -> None:
    written = {str(path.resolve().relative_to(Path.cwd())) for path in files()}
    for item in carried_items():
        named = {
            str(path)
            for folder in ("naome_assets", "dbt_like_sql")
            for path in Path(folder).rglob("*.*")
            if path.suffix in (".py", ".sql", ".yml", ".tsv", ".toml")
            and re.search(rf"\b{item.column}\b", path.read_text(encoding="utf-8"))
        }
        assert named >= BY_HAND
        assert named - BY_HAND - OTHER_VALUES - FIGURES <= written
    told = section("Adding a COSD item")
    missing = {path for path in BY_HAND if Path(path).name not in told}
    assert missing == set()


def test_the_page_counts_as_it_lists() -> None:
    words = ("five", "six", "seven", "eight", "nine", "ten")
    for heading, most in (
        ("Adding a COSD item", 8),
        ("Adding a source", 10),
        ("Adding a nation", 8),
    ):
        found = re.search(r"takes (\w+) files", section(heading))
        assert found is not None
        assert words.index(found[1]) + 5 <= most
