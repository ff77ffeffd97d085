"""A machine-readable description of the data sets: schema.org in the pages, DCAT as a file.

Addresses are relative to where the description is, because a site does not know its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from naome_assets.publication.published import PublicationInfo
from naome_assets.publication.report.figures import Figures
from naome_assets.publication.report.links import relative
from naome_assets.publication.report.publisher import Publisher
from naome_assets.publication.report.words import Words

#: The folder of the CSV files, as seen from the top of the site.
_CSV = "../csv"
CATALOGUE = "catalogue.jsonld"
_DCAT: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def schema_org(
    words: Words, figures: Figures, publisher: Publisher, tables: Sequence[str], here: str
) -> dict[str, Any]:
    """The catalogue as schema.org has it.

    Args:
        words: of the language.
        figures: what is published.
        publisher: who publishes.
        tables: those that have a CSV file.
        here: the page that it is in, by its path in the site.
    """
    info = figures.statement
    shared = _shared(info, figures, publisher)
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "name": words("site.name"),
        "description": _description(words, info),
        "inLanguage": words.language,
        **shared,
        "dataset": [
            {
                "@type": "Dataset",
                "name": words(f"changes.tables.{name}"),
                "description": _description(words, info),
                **shared,
                "spatialCoverage": words("place.england_and_wales"),
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": "text/csv",
                        "contentUrl": relative(f"{_CSV}/{name}.csv", here),
                    }
                ],
            }
            for name in tables
        ],
    }


def _shared(info: PublicationInfo, figures: Figures, publisher: Publisher) -> dict[str, Any]:
    day = publisher.day or figures.quarter.freeze
    said: dict[str, Any] = {
        "version": info.vintage,
        "datePublished": day.isoformat(),
        "temporalCoverage": (
            f"{figures.first_quarter.first_day.isoformat()}/{figures.quarter.last_day.isoformat()}"
        ),
        "license": publisher.licence_url,
        "isAccessibleForFree": True,
    }
    if publisher.publisher:
        said["publisher"] = {"@type": "Organization", "name": publisher.publisher}
    return {name: value for name, value in said.items() if value != ""}


def _description(words: Words, info: PublicationInfo) -> str:
    said = words("data.description")
    return f"{words('generated.statement')} {said}" if info.is_generated else said


def dcat(
    words: Words, figures: Figures, publisher: Publisher, tables: Sequence[str]
) -> dict[str, Any]:
    """The catalogue as DCAT 3, for the top of the site."""
    info = figures.statement
    day = {
        "@type": "xsd:date",
        "@value": (publisher.day or figures.quarter.freeze).isoformat(),
    }
    shared: dict[str, Any] = {
        "dcterms:description": _text(words, _description(words, info)),
        "dcterms:issued": day,
    }
    if publisher.licence_url:
        shared["dcterms:license"] = {"@id": publisher.licence_url}
    if publisher.publisher:
        named = {"@type": "foaf:Agent", "foaf:name": publisher.publisher}
        shared["dcterms:publisher"] = named
    sets = [
        {
            "@id": f"{_CSV}/{name}.csv#dataset",
            "@type": "dcat:Dataset",
            "dcterms:title": _text(words, words(f"changes.tables.{name}")),
            "dcat:version": info.vintage,
            **shared,
            "dcat:distribution": {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": f"{_CSV}/{name}.csv"},
                "dcat:mediaType": {"@id": "https://www.iana.org/assignments/media-types/text/csv"},
            },
        }
        for name in tables
    ]
    return {
        "@context": dict(_DCAT),
        "@id": "#catalogue",
        "@type": "dcat:Catalog",
        "dcterms:title": _text(words, words("site.name")),
        "dcterms:language": words.language,
        **shared,
        "dcat:dataset": sets,
    }


def _text(words: Words, text: str) -> dict[str, str]:
    return {"@language": words.language, "@value": text}
