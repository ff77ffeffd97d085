"""The page on Scotland and Northern Ireland: what is known of metastatic breast cancer there."""

from __future__ import annotations

from naome_assets.publication.report.edition import Edition
from naome_assets.publication.report.links import PATHS
from naome_assets.publication.report.pages.page import Page, crumbs

#: Sources of the facts: title and address. No links, because no page leads out of the site.
_SOURCES = {
    "scotland": (
        (
            "Scottish Parliament, answer to question S6W-13403, 20 January 2023",
            "www.parliament.scot/chamber-and-committees/questions-and-answers/"
            "question?ref=S6W-13403",
        ),
        (
            "ScotPHO: Scottish Cancer Registry",
            "scotpho.org.uk/methods-and-data/overview-of-key-data-sources/"
            "scottish-national-data-schemes/cancer",
        ),
        (
            "Edinburgh Cancer Informatics: cancer registry (SMR06)",
            "cancer-data.ecrc.ed.ac.uk/data/cancer-registry/",
        ),
    ),
    "northern_ireland": (
        (
            "Make 2nds Count: metastatic breast cancer data in Northern Ireland, January 2025",
            "make2ndscount.co.uk/news/news/metastatic-breast-cancer-data-in-ni",
        ),
        (
            "Northern Ireland Cancer Network: study launched at Stormont, 6 March 2025",
            "nican.hscni.net/?p=4071",
        ),
    ),
}


def page(edition: Edition) -> Page:
    """The facts, which are texts, with their sources."""
    return Page(
        PATHS["uk"],
        "uk.jinja",
        edition.words("uk.title"),
        {"links": _SOURCES},
        crumbs=[*crumbs(edition), (edition.words("beyond.title"), PATHS["beyond"])],
    )
