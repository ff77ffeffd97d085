"""Writes the site: every page in every language, and the styles."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from naome_assets.publication.charts import marked
from naome_assets.publication.published import Publication
from naome_assets.publication.report.catalogue import CATALOGUE, dcat
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.html_tables import table_html
from naome_assets.publication.report.links import (
    FOOTER,
    MENU,
    PATHS,
    archive_path,
    chart_path,
    relative,
)
from naome_assets.publication.report.pages import Page, all_pages, data, outliers
from naome_assets.publication.report.pages.downloads import Marks, archive, picture
from naome_assets.publication.report.pages.downloads import figures as table_figures
from naome_assets.publication.report.pages.methods import profile_words
from naome_assets.publication.report.places import Places
from naome_assets.publication.report.publisher import read_publisher
from naome_assets.publication.report.words import LANGUAGES, Words

_ASSETS = ("nhsuk-frontend.min.css", "nhsuk-frontend.LICENSE", "report.css", "find.js")


def write_report(
    publication: Publication, folder: Path, *, has_files_beside: bool = False
) -> list[Path]:
    """Write the site into a folder; ``index.html`` is its first page.

    English pages are at the top, Welsh ones under ``cy``. Files of an earlier report that this
    one writes again are replaced; others are left.

    Args:
        publication: what is published.
        folder: where to.
        has_files_beside: whether ``workbook.xlsx`` and ``csv`` are beside the folder: pages lead
            there.

    Returns:
        Every file written.

    Raises:
        PolicyError: when the file of the stages of outliers breaks a rule.
        PublisherError: when the file of those who publish breaks a rule.
        RecommendationsError: when that of the recommendations does.
        StandardsError: when the file of the standards breaks a rule.
        RegisterError: when nothing of the register of outliers can be read.
    """
    publisher = read_publisher()
    tables = list(publication.tables) if has_files_beside else []
    figures = Figures(publication)
    places = Places(figures)
    flagged = outliers.Outliers(publication) if places.national else None
    environment = _environment()
    written = []
    for language in LANGUAGES:
        words = Words(language, publication.statement.missing_nation())
        edition = Edition(figures, places, words)
        pages = all_pages(edition)
        pages.append(data.page(edition, publisher, tables, _site_path(language, PATHS["data"])))
        if flagged is not None:
            pages.append(outliers.page(edition, flagged))
        marks = Marks()
        if publication.statement.is_generated:
            marks = Marks(words("generated.title"), words("generated.mark"))
        paths = {page.path for page in pages}
        menu, footer = (
            [(words(f"nav.{key}"), PATHS[key]) for key in keys if PATHS[key] in paths]
            for keys in (MENU, FOOTER)
        )
        for page in pages:
            here = _site_path(language, page.path)
            path = folder / here
            path.parent.mkdir(parents=True, exist_ok=True)
            html = environment.get_template(page.template).render(
                page=page,
                t=words,
                statement=publication.statement,
                first_day=figures.first_quarter.first_day,
                profile_words=profile_words(publication.statement.profile, words),
                menu=menu,
                footer=footer,
                other_language=next(other for other in LANGUAGES if other != language),
                href=_links(language, here),
                asset=_asset_links(here),
                beside=_beside_links(here),
                publisher=publisher,
                quarter=figures.quarter,
                workbook="workbook.xlsx" if tables else "",
                **page.values,
            )
            if publication.statement.is_generated:
                html = marked(html, words("generated.mark"))
            path.write_text(html, encoding="utf-8")
            written.append(path)
            written += _take_away(page, folder / _site_path(language, ""), marks)
        if flagged is not None and language == LANGUAGES[0]:
            path = folder / outliers.FILE
            path.write_text(outliers.register_csv(edition, flagged), encoding="utf-8", newline="")
            written.append(path)
        if tables:
            catalogue = folder / _site_path(language, CATALOGUE)
            said = dcat(words, figures, publisher, tables)
            catalogue.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
            written.append(catalogue)
    assets = resources.files("naome_assets.publication.report") / "assets"
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    for name in _ASSETS:
        path = folder / "assets" / name
        path.write_bytes((assets / name).read_bytes())
        written.append(path)
    return written


def _take_away(page: Page, folder: Path, marks: Marks) -> list[Path]:
    """The charts of a page and their figures as files."""
    if page.is_archived:
        packed = folder / archive_path(page.path)
        packed.write_bytes(archive(page.exhibits, marks))
        return [packed]
    written = []
    for exhibit in page.exhibits:
        files = {"csv": "\ufeff" + table_figures(exhibit.table, marks)}
        if exhibit.chart:
            files["svg"] = picture(exhibit, marks)
        for ending, text in files.items():
            path = folder / chart_path(page.path, exhibit.key, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            written.append(path)
    return written


def _site_path(language: str, path: str) -> str:
    return path if language == LANGUAGES[0] else f"{language}/{path}"


def _links(language: str, here: str) -> Callable[..., str]:
    def href(path: str, other: str = "") -> str:
        return relative(_site_path(other or language, path), here)

    return href


def _beside_links(here: str) -> Callable[[str], str]:
    """Links to what is beside the folder of the report."""
    return lambda name: relative(f"../{name}", here)


def _asset_links(here: str) -> Callable[[str], str]:
    return lambda name: relative(f"assets/{name}", here)


def _environment() -> Environment:
    # The components of nhsuk-frontend-jinja ask for values that nobody gave.
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("naome_assets.publication.report"),
                PackageLoader("nhsuk_frontend_jinja"),
            ]
        ),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["figures_table"] = table_html
    environment.globals["archive_path"] = archive_path
    environment.globals["chart_path"] = chart_path
    return environment
