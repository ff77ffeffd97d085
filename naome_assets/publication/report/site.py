"""Writes the site: every page in every language, and the styles."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader

from naome_assets.publication.charts import marked
from naome_assets.publication.published import Publication
from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.html_tables import table_html
from naome_assets.publication.report.links import FOOTER, MENU, PATHS, relative
from naome_assets.publication.report.pages import all_pages
from naome_assets.publication.report.pages.methods import profile_words
from naome_assets.publication.report.places import Places
from naome_assets.publication.report.words import LANGUAGES, Words

_ASSETS = ("nhsuk-frontend.min.css", "nhsuk-frontend.LICENSE", "report.css")


def write_report(publication: Publication, folder: Path) -> list[Path]:
    """Write the site into a folder; ``index.html`` is its first page.

    English pages are at the top, Welsh ones under ``cy``. Files of an earlier report that this
    one writes again are replaced; others are left.

    Returns:
        Every file written.
    """
    figures = Figures(publication)
    places = Places(figures)
    environment = _environment()
    written = []
    for language in LANGUAGES:
        words = Words(language, publication.statement.missing_nation())
        pages = all_pages(Edition(figures, places, words))
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
                profile_words=profile_words(publication.statement.profile, words),
                menu=menu,
                footer=footer,
                other_language=next(other for other in LANGUAGES if other != language),
                href=_links(language, here),
                asset=_asset_links(here),
                **page.values,
            )
            if publication.statement.is_generated:
                html = marked(html, words("generated.mark"))
            path.write_text(html, encoding="utf-8")
            written.append(path)
    assets = resources.files("naome_assets.publication.report") / "assets"
    (folder / "assets").mkdir(parents=True, exist_ok=True)
    for name in _ASSETS:
        path = folder / "assets" / name
        path.write_bytes((assets / name).read_bytes())
        written.append(path)
    return written


def _site_path(language: str, path: str) -> str:
    return path if language == LANGUAGES[0] else f"{language}/{path}"


def _links(language: str, here: str) -> Callable[..., str]:
    def href(path: str, other: str = "") -> str:
        return relative(_site_path(other or language, path), here)

    return href


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
    return environment
