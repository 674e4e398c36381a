"""Check a graph as it is, and shapes that are sent along, without letting either reach another address or file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

import shapes
from ontology import load_vocabulary
from ontology.messages import message
from ontology.namespaces import SH
from server.checking.result import CheckResult, ReportState
from server.reports import build_graph_report
from server.reports.json_report import graph_to_json
from server.reports.turtle_report import UNNAMED, triples_to_turtle
from server.sparql.tokens import has_service_clause, readings, tokens
from shapes.user_shapes import ShapesFileError, UserShapes, check_user_shapes, triples_to_user_shapes

FORMATS_BY_ENDING = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
FORMATS_BY_TYPE = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
MOST_TRIPLES = 2_000_000
_QUERIES = {SH + name for name in ("select", "ask", "construct", "update", "sparqlExpr")}
_REFUSED_WORDS = frozenset({"SERVICE", "FROM", "GRAPH", "LOAD"})
_CODE = {SH + name for name in ("jsFunctionName", "jsLibraryURL", "JSConstraint", "js")}


class GraphError(Exception):
    """A graph or shapes that cannot be used; `key` names a message whose slots the values fill."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values

    def text(self, language: str) -> str:
        """Return the message in `language` ("zh" or "en")."""
        return message(self.key, language, **self.values)


def graph_format(name: str, media_type: str, content: bytes) -> ox.RdfFormat | None:  # noqa: ARG001 # a file as it came
    """Return the RDF format of an upload by its media type, else by the ending of its name; None if it is no graph."""
    known = FORMATS_BY_TYPE.get(media_type.partition(";")[0].strip().lower())
    return known or FORMATS_BY_ENDING.get(Path(name).suffix.lower())


def parse_shapes(name: str, media_type: str, content: bytes) -> UserShapes:
    """Return the shapes in a file. Raise ShapesFileError if it is no SHACL, GraphError for refused queries."""
    triples = tuple(_parse(name, content, graph_format(name, media_type, content) or ox.RdfFormat.TURTLE))
    for triple in triples:
        if triple.predicate.value in _CODE:
            raise GraphError("check-shapes-refused", file=name, word="sh:js")
        if triple.predicate.value in _QUERIES and isinstance(triple.object, ox.Literal):
            query = triple.object.value
            words = {token.keyword for text in readings(query) for token in tokens(text)} & _REFUSED_WORDS
            if words or has_service_clause(query):
                raise GraphError("check-shapes-refused", file=name, word=", ".join(sorted(words)) or "SERVICE")
    return triples_to_user_shapes(Path(name), triples)


def check_graph(
    uploads: Sequence[tuple[str, str, bytes]], own: tuple[UserShapes, ...], base: str, language: str
) -> CheckResult:
    """Check the graphs in files, together, against the shapes of the user's own, or without any against our rules.

    Raise GraphError or ShapesFileError.
    """
    triples: list[ox.Triple] = []
    for name, media_type, content in uploads:
        form = graph_format(name, media_type, content)
        if form is None:
            raise GraphError("check-graph-mixed", file=name)
        triples += _parse(name, content, form)
    vocabulary = shapes.select_vocabulary(load_vocabulary(base).words, base)
    files = [name for name, _, _ in uploads]
    families = () if own else None
    report = shapes.check(triples, vocabulary=vocabulary, base=base, families=families)
    try:
        import rdflib.plugins.sparql as rdflib_sparql

        rdflib_sparql.SPARQL_LOAD_GRAPHS = False
        user_reports = check_user_shapes(triples, own, vocabulary=vocabulary)
    except (RecursionError, RuntimeError) as error:
        raise ShapesFileError(own[0].file, error) from error
    handed_on = build_graph_report(report, files, language=language, user_reports=user_reports)
    turtle = triples_to_turtle(shapes.report_to_triples(report, UNNAMED, base), base)
    return CheckResult(
        state=ReportState(handed_on, graph_to_json(files, report, user_reports), turtle.decode(), base),
        tallies={rule: (t.passed, t.failed, t.not_applicable) for rule, t in report.checked.items()},
    )


def _parse(name: str, content: bytes, form: ox.RdfFormat) -> Iterator[ox.Triple]:
    """Yield the triples of all graphs in a file. Raise GraphError, also for a remote context of JSON-LD."""
    try:
        for number, quad in enumerate(ox.parse(content, format=form)):
            if number >= MOST_TRIPLES:
                raise GraphError("check-graph-too-long", file=name, most=MOST_TRIPLES)
            yield quad.triple
    except (SyntaxError, ValueError, OSError) as error:
        raise GraphError("check-graph-malformed", file=name, reason=error) from error
