"""Evaluate queries with Oxigraph: refusals, datasets, formats."""

from collections.abc import Iterable
from dataclasses import replace
from typing import BinaryIO, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
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
from server.serialization.variable_order import HEADS, OrderedHead, order_variables, select_variables
from server.serialization.xml_output import XmlOutput, check_names
from server.sparql.syntax import malformed_query, resolve_names
from server.sparql.tokens import dataset_clause, has_service_clause, is_update
from server.store.published_store import PublishedStore, QueryResult


def evaluate(store: PublishedStore, question: Question) -> QueryResult:
    """Parse and begin to evaluate; raises ServiceError."""
    if has_service_clause(question.query):
        raise FederationRefusedError
    try:
        return _in_order(store, _query(store, question), question)
    except SyntaxError as error:
        if is_update(question.query):
            raise UpdateRefusedError from error
        raise malformed_query(question.query, question.base, error) from error
    except (RuntimeError, ValueError) as error:
        raise UnanswerableQueryError(detail=str(error)) from error
    except OSError as error:
        raise EngineFailedError from error


def choose_type(result: QueryResult, question: Question) -> str:
    """Return the media type of the answer; raises NotAcceptableError."""
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
            _write_results(result, RESULT_TYPES[media_type], question, output)
    except (RuntimeError, ValueError) as error:
        raise UnanswerableQueryError(detail=str(error)) from error
    except OSError as error:
        raise EngineFailedError from error


def _write_results(
    result: QueryBoolean | QuerySolutions, kind: QueryResultsFormat, question: Question, output: BinaryIO
) -> None:
    selected = [variable.value for variable in result.variables] if isinstance(result, QuerySolutions) else []
    ordered = order_variables(question.query, selected) if kind in HEADS else selected
    head = None if ordered == selected else OrderedHead(output, kind, selected, ordered)
    target = output if head is None else cast("BinaryIO", head)
    is_xml = kind == QueryResultsFormat.XML
    result.serialize(cast("BinaryIO", XmlOutput(target, kind)) if is_xml else target, kind)
    if head is not None:
        head.finish()


def write_graph(triples: QueryTriples, media_type: str, question: Question, output: BinaryIO) -> None:
    """Serialise triples: JSON-LD with the context of the service, other formats with the engine."""
    kind = GRAPH_TYPES[media_type]
    if kind == RdfFormat.JSON_LD:
        write_jsonld(triples, question.base, question.context, output)
    elif kind == RdfFormat.RDF_XML:
        serialize(check_names(triples), cast("BinaryIO", XmlOutput(output, kind)), kind)
    else:
        triples.serialize(output, kind)


def _in_order(store: PublishedStore, result: QueryResult, question: Question) -> QueryResult:
    """Select the variables of SELECT * in the order of the query, where the rows of the answer have that order too."""
    if not isinstance(result, QuerySolutions) or question.results is None or RESULT_TYPES[question.results] in HEADS:
        return result
    selected = [variable.value for variable in result.variables]
    ordered = order_variables(question.query, selected)
    if ordered == selected:
        return result
    return _query(store, replace(question, query=select_variables(question.query, ordered)))


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
        default, named = (_graphs(resolve_names(prologue, iris, question.base)) for iris in (from_, from_named))
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
    """Return the graphs, each once; raises InvalidIriError."""
    graphs = {}
    for iri in iris:
        try:
            graphs[iri] = NamedNode(iri)
        except ValueError as error:
            raise InvalidIriError(iri=iri) from error
    return list(graphs.values())
