"""A client of the SPARQL Protocol at a running service over the small store, and what it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from small_service import running_service
from small_store import PREFIXES, publish_small

from server.settings import Settings

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/yusuan/def#Series> }"
CONSTRUCT = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o FILTER(?o = <https://w3id.org/yusuan/def#Series>) }"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
SUM = PREFIXES + "SELECT (SUM(?a) AS ?sum) {} {{ ?o :amount ?a ; :function <code/function/201> }}"


@contextmanager
def protocol_client(path: Path) -> Iterator[httpx2.Client]:
    """A client of a service over a store published at the path."""
    publish_small(path)
    settings = Settings(path, workers=1, query_timeout=10, query_length=10_000)
    with running_service(settings) as address, httpx2.Client(base_url=address) as client:
        yield client


def rows(response: httpx2.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    bindings = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in binding.items()} for binding in bindings]
