"""What docs/operation.md promises: an item of COSD, and a nation, are named in few files."""

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


#: Where "Adding a nation" sends whoever adds one.
OF_A_NATION = {
    "naome_assets/contract/dimensions.py",
    "dbt_like_sql/dbt_project.yml",
    "dbt_like_sql/models/indicators/_indicators.yml",
    "dbt_like_sql/seeds/provider.csv",
    "dbt_like_sql/seeds/population.csv",
    "naome_assets/publication/report/text/en.toml",
    "naome_assets/publication/report/text/cy.toml",
    "naome_assets/publication/report/alliance_tiles.csv",
}
#: Written from the contract.
WRITTEN = {"dbt_like_sql/seeds/nation.csv"}
#: A source says whose tumours it reports; generated files are those of nations.
ITS_SOURCE = {"naome_assets/sources/wales.py"}
#: Wales as a value, a key, a code, a column or a page; not in a sentence.
NAMED = re.compile(
    r"""["']Wales["']|\b(?:is_)?wales_(?:horizon|reported)|wales\.html|W92000004"""
    r"""|(?m:^[Ww]ales =|^ +Wales:|(?:^|,)Wales(?:,|$))|["']nations["']\]\["""
)


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


def test_a_nation_is_named_where_the_page_says() -> None:
    named = {
        str(path)
        for folder in ("naome_assets", "dbt_like_sql")
        for path in Path(folder).rglob("*.*")
        if path.suffix in (".py", ".sql", ".yml", ".tsv", ".toml", ".csv", ".jinja")
        and "synthetic" not in path.parts
        and NAMED.search(path.read_text(encoding="utf-8"))
    }
    assert named - ITS_SOURCE - WRITTEN == OF_A_NATION
    told = section("Adding a nation")
    assert {path for path in OF_A_NATION if Path(path).name not in told} == set()


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
