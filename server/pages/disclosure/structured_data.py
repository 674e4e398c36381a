"""Structured data for search engines: schema.org datasets as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.dataset.distributions import OfferedDownload, downloads_of_everything, downloads_of_version
from server.dataset.downloads import TYPES
from server.dataset.void import service_address
from server.pages.page_context import PageContext

CONTEXT = "https://schema.org/"


def catalogue_data(context: PageContext, service: str) -> dict[str, Any]:
    """Describe all data as one dataset with its downloads. `service` is its address, with a final slash."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{context.base}void#dataset",
        "name": context.message("site-name"),
        "description": context.message("home-lead"),
        "url": f"{service}catalogue",
        "inLanguage": "zh",
        "isAccessibleForFree": True,
        "distribution": downloads(context, service, downloads_of_everything()),
    }


def version_data(
    context: PageContext, *, iri: str, title: str, publisher: str, year: str, phase: str, figures: int, modified: str
) -> dict[str, Any]:
    """Describe a version of a disclosure as a dataset: publisher, year, downloads."""
    service, key = service_address(context.request), iri.removeprefix(context.base + "id/")
    about = {"organisation": publisher, "year": year, "phase": phase, "figures": f"{figures:,}"}
    data = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": iri,
        "name": title,
        "description": context.message("dataset-description", **about),
        "url": f"{service}doc/{key}",
        "identifier": iri,
        "version": iri.rsplit("/", 1)[-1],
        "inLanguage": "zh",
        "isAccessibleForFree": True,
        "publisher": {"@type": "GovernmentOrganization", "name": publisher},
        "temporalCoverage": year,
        "dateModified": modified,
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{service}catalogue"},
        "distribution": downloads(context, service, downloads_of_version(iri)),
    }
    return {name: value for name, value in data.items() if value}


def downloads(context: PageContext, service: str, offered: Iterable[OfferedDownload]) -> list[dict[str, str]]:
    """List downloads with their contents, formats and addresses."""
    return [
        {
            "@type": "DataDownload",
            "name": download.description(context.language),
            "encodingFormat": TYPES[download.form],
            "contentUrl": f"{service}data/{download.path(context.base)}",
        }
        for download in offered
    ]
