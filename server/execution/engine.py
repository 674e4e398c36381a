"""Evaluate queries with Oxigraph: refusals, datasets, formats."""

from collections.abc import Iterable
from dataclasses import replace
from typing import BinaryIO, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from server.errors import (
    EngineFailedError,
    FederationRefusedError,
    InvalidIriError,
    NotAcceptableError,
    UnanswerableQueryError,
    UpdateRefusedError,
)
from server.execution.evaluator import Question
from server.serialization.jsonld import write_jsonld
from server.serialization.media_types import GRAPH_TYPES, RESULT_TYPES, offered_types
from server.serialization.xml_output import XmlOutput, check_names
from server.sparql.syntax import malformed_query, selected_variables
from server.sparql.tokens import dataset_clause, has_service_clause, is_update, star_of_select, variables_in_order
from server.store.published_store import PublishedStore, QueryResult


def evaluate(store: PublishedStore, question: Question) -> QueryResult:
    """Parse and begin to evaluate; raises ServiceError."""
    if has_service_clause(question.query):
        raise FederationRefusedError
    try:
        return _query(store, _with_variables(question))
    except SyntaxError as error:
        if is_update(question.query):
            raise UpdateRefusedError from error
        raise malformed_query(question.query, question.base, error) from error
    except (RuntimeError, ValueError) as error:
        raise UnanswerableQueryError(detail=str(error)) from error
    except OSError as error:
        raise EngineFailedError from error


def choose_type(result: QueryResult, question: Question) -> str:
    """The media type of the answer; raises NotAcceptableError."""
    types = GRAPH_TYPES if isinstance(result, QueryTriples) else RESULT_TYPES
    chosen = question.graph if isinstance(result, QueryTriples) else question.results
    if chosen is None:
        raise NotAcceptableError(offered=", ".join(offered_types(types)))
    return chosen


def write_result(result: QueryResult, media_type: str, question: Question, output: BinaryIO) -> None:
    """Evaluate to the end and serialise; raises ServiceError."""
    try:
        if isinstance(result, QueryTriples):
            write_graph(result, media_type, question, output)
        else:
            kind = RESULT_TYPES[media_type]
            is_xml = kind == QueryResultsFormat.XML
            result.serialize(cast("BinaryIO", XmlOutput(output, kind)) if is_xml else output, kind)
    except (RuntimeError, ValueError) as error:
        raise UnanswerableQueryError(detail=str(error)) from error
    except OSError as error:
        raise EngineFailedError from error


def write_graph(triples: QueryTriples, media_type: str, question: Question, output: BinaryIO) -> None:
    """Serialise triples: JSON-LD in our words, other formats as the engine does."""
    kind = GRAPH_TYPES[media_type]
    if kind == RdfFormat.JSON_LD:
        write_jsonld(triples, question.base, question.context, output)
    elif kind == RdfFormat.RDF_XML:
        serialize(check_names(triples), cast("BinaryIO", XmlOutput(output, kind)), kind)
    else:
        triples.serialize(output, kind)


def _with_variables(question: Question) -> Question:
    """Name the variables of SELECT * in the order of the query; the engine's order is another. Raises SyntaxError."""
    star = star_of_select(question.query)
    if star is None:
        return question
    selected = selected_variables(question.query, question.base)
    place = {name: number for number, name in enumerate(variables_in_order(question.query))}
    ordered = sorted(selected, key=lambda name: place.get(name, len(place)))
    if ordered == selected or not place.keys() >= set(selected):
        return question
    written = " ".join(f"?{name}" for name in ordered)
    return replace(question, query=f"{question.query[: star.start]} {written} {question.query[star.end :]}")


def _query(store: PublishedStore, question: Question) -> QueryResult:
    """Evaluate over the dataset that the protocol, else the query, names.

    The engine does not merge several default graphs: a triple that stands in two is matched twice, and sums come out
    wrong. Such a dataset is copied into one graph in memory first.
    """
    if question.default_graphs or question.named_graphs:
        default, named = _graphs(question.default_graphs), _graphs(question.named_graphs)
    else:
        prologue, from_, from_named = dataset_clause(question.query)
        if len(from_) < 2:
            return store.query(question.query, base_iri=question.base)
        default, named = (_resolve(prologue, iris, question.base) for iris in (from_, from_named))
    if len(default) < 2:
        return store.query(question.query, base_iri=question.base, default_graph=[*default], named_graphs=[*named])
    merged = Store()
    for graph in default:
        merged.extend(Quad(q.subject, q.predicate, q.object) for q in store.quads_for_pattern(None, None, None, graph))
    for graph in named:
        merged.add_graph(graph)
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged.query(question.query, base_iri=question.base, default_graph=DefaultGraph(), named_graphs=[*named])


def _graphs(iris: Iterable[str]) -> list[NamedNode]:
    """The graphs, each once; raises InvalidIriError."""
    graphs = {}
    for iri in iris:
        try:
            graphs[iri] = NamedNode(iri)
        except ValueError as error:
            raise InvalidIriError(iri=iri) from error
    return list(graphs.values())


def _resolve(prologue: str, written: list[str], base: str) -> list[NamedNode]:
    """The IRIs that names written in a query stand for: the engine itself is asked."""
    columns = " ".join(f"({iri} AS ?g{number})" for number, iri in enumerate(written))
    solutions = Store().query(f"{prologue} SELECT {columns or '*'} {{}}", base_iri=base)
    assert isinstance(solutions, QuerySolutions)
    return _graphs(term.value for row in solutions for term in row if isinstance(term, NamedNode))
