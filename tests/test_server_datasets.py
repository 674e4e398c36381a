"""What FROM, FROM NAMED and the parameters of the protocol make of the dataset, as the standard says."""

from collections.abc import Iterator

import httpx2
import pytest
from small_service import running_service
from small_store import publish_small, version_iri

from server.settings import Settings

OLD, NEW, OTHER = version_iri("108", 2024), version_iri("108", 2025), version_iri("109", 2024)
EVERYWHERE = {OLD, NEW, OTHER}
# Which versions a figure stands in, when it stands in the default graph, and which graphs hold figures.
DEFAULT = (
    "SELECT DISTINCT ?found {} {{ ?o :amount ?a ; :printedIn ?t BIND(IRI(REPLACE(STR(?t), '/t01$', '')) AS ?found) }}"
)
NAMED = "SELECT DISTINCT ?found {} {{ GRAPH ?found {{ ?o :amount ?a }} }}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = publish_small(tmp_path_factory.mktemp("datasets") / "store")
    with running_service(Settings(store.path, workers=1)) as running:
        yield running


@pytest.mark.sampled(every=3)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("clauses", "parameters", "default", "named"),
    [
        ("", {}, EVERYWHERE, EVERYWHERE),
        (f"FROM <{OLD}>", {}, {OLD}, set()),
        (f"FROM <{OLD}> FROM <{NEW}>", {}, {OLD, NEW}, set()),
        (f"FROM NAMED <{OLD}>", {}, set(), {OLD}),
        (f"FROM <{OLD}> FROM NAMED <{NEW}>", {}, {OLD}, {NEW}),
        (f"FROM <{OLD}> FROM <{OTHER}> FROM NAMED <{NEW}>", {}, {OLD, OTHER}, {NEW}),
        (f"from<{OLD}>#FROM\nfrom named<{NEW}>", {}, {OLD}, {NEW}),
        ("FROM <http://example.org/nothing>", {}, set(), set()),
        ("", {"default-graph-uri": [OLD]}, {OLD}, set()),
        ("", {"default-graph-uri": [OLD, NEW]}, {OLD, NEW}, set()),
        ("", {"named-graph-uri": [OLD, NEW]}, set(), {OLD, NEW}),
        ("", {"default-graph-uri": [OLD], "named-graph-uri": [NEW]}, {OLD}, {NEW}),
        (f"FROM <{OLD}> FROM NAMED <{OLD}>", {"default-graph-uri": [NEW]}, {NEW}, set()),
        (f"FROM <{OLD}> FROM NAMED <{OLD}>", {"named-graph-uri": [NEW]}, set(), {NEW}),
    ],
)
def test_the_dataset_is_what_the_request_says_else_the_query(
    address: str, method: str, clauses: str, parameters: dict[str, list[str]], default: set[str], named: set[str]
) -> None:
    prefixes = "PREFIX : <https://w3id.org/yusuan/def#> PREFIX qb: <http://purl.org/linked-data/cube#> "
    for query, expected in ((DEFAULT, default), (NAMED, named)):
        fields = {"query": prefixes + query.format(clauses), "format": "csv", **parameters}
        if method == "GET":
            response = httpx2.get(f"{address}/sparql", params=fields)
        else:
            response = httpx2.post(f"{address}/sparql", data=fields)
        assert response.status_code == 200, response.text
        assert set(response.text.split()[1:]) == expected
