"""Pages name files that stand: in links, and as words like ``naome_assets/cli.py``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from naome_assets.transform.project import load_project

PAGES = sorted(
    [
        Path("README.md"),
        Path("GLOSSARY.md"),
        Path("dbt_like_sql/README.md"),
        *Path("docs").rglob("*.md"),
    ]
)
#: What a run, a sender or another machine has, and no repository.
ELSEWHERE = re.compile(
    r"^(\.naome|\.dbt|england|wales|deaths|report|csv|/|\.\.?/\.naome)|_tumour\.csv|av_\w+|^manifest\.json$"
)
FILE = re.compile(r"^[\w.*-]*(/[\w.*-]+)*(/|\.(py|md|yml|yaml|toml|sql|csv|json|txt|conf|tsv))$")


@cache
def kept() -> frozenset[str]:
    """Every file and folder of the repository."""
    tops = ("naome_assets", "naome_tests", "dbt_like_sql", "deploy", "docs", "scripts", ".ci")
    below = [Path(top) for top in tops] + [path for top in tops for path in Path(top).rglob("*")]
    folders = {f"{path}/" for path in below if path.is_dir()}
    return frozenset(map(str, [*below, *Path().glob("*.*"), *Path().glob("*")])) | folders


def stands(word: str) -> bool:
    """As it is, or as the end of a path: a row that names a folder may shorten what follows."""
    return word in kept() or any(name.endswith(f"/{word}") for name in kept())


def anchors(page: Path) -> set[str]:
    """Of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in headings}


@pytest.mark.parametrize(
    ("page", "kind"), [("dbt_like_sql/README.md", "models"), ("docs/reference-data.md", "seeds")]
)
def test_every_model_and_seed_is_reported(page: str, kind: str) -> None:
    project = load_project()
    names = set(project.models if kind == "models" else project.seeds)
    assert names
    assert names - set(re.findall(r"`(\w+)`", Path(page).read_text())) == set()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page.resolve()
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


@pytest.mark.parametrize("page", ["rap", "operation", "data-protection", "engines", "benchmark"])
def test_files_that_a_page_names_stand(page: str) -> None:
    words = re.findall(r"`([^`\s]+)`", Path(f"docs/{page}.md").read_text())
    named = [word for word in words if FILE.match(word) and not ELSEWHERE.search(word)]
    missing = [word for word in named if "*" not in word and not stands(word)]
    assert missing == []


def test_every_level_of_rap_has_an_answer() -> None:
    rows = re.findall(
        r"^\| (Baseline|Silver|Gold) \| (.+?) \| (.+?) \|$",
        Path("docs/rap.md").read_text(),
        re.MULTILINE,
    )
    assert {level for level, _, _ in rows} == {"Baseline", "Silver", "Gold"}
    for level, item, answer in rows:
        assert "`" in answer or "organisation" in answer or "repository" in answer, (level, item)
