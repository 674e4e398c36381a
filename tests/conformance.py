"""The W3C's manifests of HTTP exchanges, read from their RDF, and playing them against a service.

Nothing here knows a test by name: a case is a list of requests with what the responses must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx2
import pyoxigraph as ox
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

CNT = Namespace("http://www.w3.org/2011/content#")
HT = Namespace("http://www.w3.org/2011/http#")
HTS = Namespace("http://www.w3.org/2011/http-statusCodes#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUSES = {status.phrase.replace(" ", ""): range(status, status + 1) for status in HTTPStatus}
STATUSES |= {f"StatusCode{n}xx": range(n * 100, n * 100 + 100) for n in range(1, 6)}
LOCATION = "Location"


@dataclass(frozen=True)
class Exchange:
    """A request, and what the response must be: None and empty mean anything."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[range, ...]
    boolean: bool | None
    form: str | None
    location: str | None
    expected_headers: dict[str, str]
    expected_body: str | None


@dataclass(frozen=True)
class Case:
    """A test: the graphs that must be there first (by name), and the exchanges, one after the other."""

    name: str
    graphs: dict[str, Path]
    exchanges: tuple[Exchange, ...]


def read_cases(manifest: Path) -> Iterator[Case]:
    """The cases of a manifest and of those that it includes, in their order, and any that it forgot to list."""
    graph = Graph().parse(manifest, format="turtle")
    root = next(graph.subjects(RDF.type, MF.Manifest))
    for included in _list(graph, root, MF.include):
        yield from read_cases(manifest.parent / str(included).rsplit("/", 1)[-1])
    for entry in dict.fromkeys([*_list(graph, root, MF.entries), *graph.subjects(MF.action)]):
        graphs = {
            str(graph.value(data, RDFS.label)): manifest.parent / str(graph.value(data, UT.graph)).rsplit("/", 1)[-1]
            for data in graph.objects(entry, UT.graphData)
        }
        action = graph.value(entry, MF.action)
        requests = _list(graph, action, HT.requests) if action is not None else []
        yield Case(str(entry).rpartition("#")[2], graphs, tuple(_exchange(graph, request) for request in requests))


def play(case: Case, client: httpx2.Client, prefixes: dict[str, str]) -> None:
    """Do what a case does and hold the responses to it; `prefixes` says where the paths of the manifest are served."""
    variables: dict[str, str] = {}
    for exchange in case.exchanges:
        path = _filled(exchange.path, variables)
        for prefix, address in prefixes.items():
            if path.startswith(prefix):
                path = address + path.removeprefix(prefix)
                break
        body = _filled(exchange.body.decode("latin-1"), variables).encode("latin-1")
        response = client.request(exchange.method, path, headers=exchange.headers, content=body)
        _hold(response, exchange)
        if exchange.location is not None:
            variables[exchange.location] = response.headers[LOCATION]


def _hold(response: httpx2.Response, exchange: Exchange) -> None:
    assert any(response.status_code in statuses for statuses in exchange.statuses), (
        response.status_code,
        response.text,
    )
    for name, value in exchange.expected_headers.items():
        assert response.headers[name].replace(" ", "").lower() == value.replace(" ", "").lower()
    if exchange.form is not None:
        assert _form(response) == exchange.form
    if exchange.boolean is not None:
        result = ox.parse_query_results(response.content, _results_format(response) or ox.QueryResultsFormat.JSON)
        assert isinstance(result, ox.QueryBoolean)
        assert bool(result) is exchange.boolean
    if exchange.expected_body is not None:
        media_type = exchange.expected_headers["content-type"]
        assert _canonical(response.text, media_type) == _canonical(exchange.expected_body, media_type)


def _form(response: httpx2.Response) -> str:
    """Which of the three forms of answer this is."""
    results = _results_format(response)
    if results is None:
        media_type = response.headers["content-type"].partition(";")[0]
        list(ox.parse(response.content, ox.RdfFormat.from_media_type(media_type), base_iri=str(response.url)))
        return "RDF"
    is_boolean = isinstance(ox.parse_query_results(response.content, results), ox.QueryBoolean)
    return "boolean" if is_boolean else "tabular"


def _results_format(response: httpx2.Response) -> ox.QueryResultsFormat | None:
    return ox.QueryResultsFormat.from_media_type(response.headers["content-type"].partition(";")[0])


def _canonical(text: str, media_type: str) -> set[str]:
    """The triples, alike for isomorphic graphs."""
    dataset = ox.Dataset(ox.parse(text, ox.RdfFormat.from_media_type(media_type.partition(";")[0])))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def _exchange(graph: Graph, request: Node) -> Exchange:
    response = graph.value(request, HT.resp)
    assert response is not None
    boolean = graph.value(response, MF.expectedBoolean)
    statuses = [str(status).removeprefix(str(HTS)) for status in graph.objects(response, MF.expectedStatus)]
    body = _body(graph, response)
    return Exchange(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)),
        headers=_headers(graph, request),
        body=_body(graph, request) or b"",
        statuses=tuple(STATUSES[status] for status in statuses),
        boolean=bool(boolean.value) if isinstance(boolean, Literal) else None,
        form=_text(graph.value(response, MF.expectedFormat)),
        location=_text(graph.value(response, MF.expectedLocation)),
        expected_headers=_headers(graph, response),
        expected_body=body.decode() if body is not None else None,
    )


def _headers(graph: Graph, message: Node) -> dict[str, str]:
    headers = _list(graph, message, HT.headers)
    return {str(graph.value(h, HT.fieldName)).lower(): str(graph.value(h, HT.fieldValue)) for h in headers}


def _body(graph: Graph, message: Node) -> bytes | None:
    body = graph.value(message, HT.body)
    if body is None:
        return None
    return str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))


def _list(graph: Graph, subject: Node, predicate: URIRef) -> list[Node]:
    head = graph.value(subject, predicate)
    return list(Collection(graph, head)) if isinstance(head, BNode | URIRef) else []


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node)


def _filled(text: str, variables: dict[str, str]) -> str:
    for name, value in variables.items():
        text = text.replace(name, value)
    return text
