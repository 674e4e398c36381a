"""What pages tell search engines about themselves: schema.org data sets as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.dataset.downloads import FORMATS, TYPES
from server.dataset.void import service_address
from server.pages.page_context import PageContext

CONTEXT = "https://schema.org/"


def catalogue_data(visit: PageContext, service: str, formats: Iterable[str]) -> dict[str, Any]:
    """The whole of the data as a data set with its downloads, for a service at an address that ends with a slash."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{visit.base}void#dataset",
        "name": visit.word("site-name"),
        "description": visit.word("home-lead"),
        "url": f"{service}catalogue",
        "inLanguage": "zh",
        "isAccessibleForFree": True,
        "distribution": downloads(f"{service}data/current", formats),
    }


def version_data(
    visit: PageContext, *, iri: str, title: str, publisher: str, year: str, phase: str, figures: int, modified: str
) -> dict[str, Any]:
    """A version of a disclosure as a data set: who published it, for which year, where to take it away."""
    service, key = service_address(visit.request), iri.removeprefix(visit.base + "id/")
    about = {"organisation": publisher, "year": year, "phase": phase, "figures": f"{figures:,}"}
    data = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": iri,
        "name": title,
        "description": visit.word("dataset-description", **about),
        "url": f"{service}doc/{key}",
        "identifier": iri,
        "version": iri.rsplit("/", 1)[-1],
        "inLanguage": "zh",
        "isAccessibleForFree": True,
        "publisher": {"@type": "GovernmentOrganization", "name": publisher},
        "temporalCoverage": year,
        "dateModified": modified,
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{service}catalogue"},
        "distribution": downloads(f"{service}data/{key}", FORMATS),
    }
    return {name: value for name, value in data.items() if value}


def downloads(address: str, formats: Iterable[str]) -> list[dict[str, str]]:
    """The files to download that stand at an address with the endings of the formats."""
    return [
        {"@type": "DataDownload", "encodingFormat": TYPES[name], "contentUrl": f"{address}.{name}"} for name in formats
    ]
