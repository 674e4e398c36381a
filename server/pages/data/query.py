"""The query page: the editor, the example queries, and results as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Response
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from ontology import namespaces
from ontology.example_queries import ExampleQuery, load_examples
from ontology.messages import message
from server.errors import ParameterValueError, QueryTooLongError, ServiceError, UnknownParameterError
from server.execution.evaluator import Question
from server.pages.page_context import COOKIE, SECURITY_HEADERS, PageContext
from server.protocols.example_results import OFFERED_FORMS, filled_query, find_example, refuse_unknown
from server.sparql.query_templates import fill_query

POLICY = "Content-Security-Policy"
TSV, N_TRIPLES = "text/tab-separated-values", "application/n-triples"
# The editor's interface is in English; these messages translate it.
EDITOR_WORDS = (
    "yasr-table",
    "yasr-response",
    "yasr-boolean",
    "yasr-simple",
    "yasr-ellipse",
    "yasr-filter",
    "yasr-size",
    "yasr-results",
)
SLOTS = {"n": "{n}", "s": "{s}"}  # filled by the script
EDITOR_STYLE = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"  # of the handles between columns, set by script
PAGE_PARAMETERS = (COOKIE, "format")
MOST_ROWS, MOST_BYTES = 500, 4 * 2**20


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term in a table of results: text (IRIs shortened), link, and language."""

    text: str
    href: str | None = None
    language: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """The first rows of a result. `answer` is the result of ASK; `is_cut` if there are more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    answer: bool | None
    is_cut: bool


async def query_page(context: PageContext) -> Response:
    """Return the query form with the results of the query in the request, or its error."""
    return await show_query(context, context.request.query_params.get("query", "").replace("\r\n", "\n"))


async def example_page(context: PageContext, iri: str) -> Response:
    """Return the form with an example query and its results. Raise NotFoundError for an unknown example.

    Parameters of the query are those of the address; names are in the language of the page unless it says otherwise.
    """
    example = find_example(iri, context.base)
    given = {"language": context.language, **context.request.query_params}
    values = {p.name: given.get(p.name, p.default).strip() for p in example.parameters}
    try:
        refuse_unknown(example, [name for name in context.request.query_params if name not in PAGE_PARAMETERS])
        return await show_query(context, filled_query(example, values), example, values)
    except (ParameterValueError, UnknownParameterError) as refusal:
        return await show_query(context, "", example, values, refusal)


async def show_query(
    context: PageContext,
    given: str,
    example: ExampleQuery | None = None,
    values: Mapping[str, str] | None = None,
    refusal: ServiceError | None = None,
) -> Response:
    """Return the form with a query, its results unless it is empty, and the description of the example if it is one.

    `values` are those of the parameters of the example, `refusal` says that one of them does not fit.
    """
    results, error, status = None, None, 200
    if refusal is not None:
        error, status = refusal.text(context.language), refusal.status
    if given.strip():
        try:
            results = await answer(context, given)
        except ServiceError as refusal:
            error, status = refusal.text(context.language), refusal.status
    examples = load_examples(context.base)
    audiences = list(dict.fromkeys(iri for each in examples for iri in each.audience))
    await context.load_names(audiences)
    return context.page(
        "query.html",
        status,
        {POLICY: f"{SECURITY_HEADERS[POLICY]}; style-src 'self' {EDITOR_STYLE}"},
        query=given or default_query(context.base),
        results=results,
        error=error,
        example=example,
        values=values or {},
        result_forms=OFFERED_FORMS,
        examples=examples,
        audiences=audiences,
        given=bool(given.strip()),
        editor_words={message(key, "en", **SLOTS): context.message(key, **SLOTS) for key in EDITOR_WORDS},
        most_rows=MOST_ROWS,
    )


async def answer(context: PageContext, query: str) -> Results:
    """Evaluate a query and return its first rows. Raise ServiceError."""
    if len(query.encode()) > context.settings.query_length:
        raise QueryTooLongError(limit=context.settings.query_length)
    question = Question(query=query, base=context.base, results=TSV, graph=N_TRIPLES)
    answer = await context.evaluator.evaluate(question)
    body, is_cut = bytearray(), False
    try:
        async for chunk in answer:
            body += chunk
            if len(body) > MOST_BYTES:
                del body[body.rindex(b"\n") + 1 :]
                is_cut = True
                break
    finally:
        await answer.close()
    if answer.media_type == N_TRIPLES:
        return _triples(context, bytes(body), is_cut)
    return _solutions(context, bytes(body), is_cut)


def _solutions(context: PageContext, body: bytes, is_cut: bool) -> Results:
    results = parse_query_results(body, QueryResultsFormat.TSV)
    if isinstance(results, QueryBoolean):
        return Results((), (), bool(results), is_cut)
    assert isinstance(results, QuerySolutions)
    columns = tuple(variable.value for variable in results.variables)
    rows: list[tuple[Term | None, ...]] = []
    for solution in results:
        if len(rows) == MOST_ROWS:
            is_cut = True
            break
        rows.append(tuple(_term(context, solution[column]) for column in columns))
    return Results(columns, tuple(rows), None, is_cut)


def _triples(context: PageContext, body: bytes, is_cut: bool) -> Results:
    rows: list[tuple[Term | None, ...]] = []
    for quad in parse(body, RdfFormat.N_TRIPLES):
        if len(rows) == MOST_ROWS:
            is_cut = True
            break
        rows.append(tuple(_term(context, term) for term in (quad.subject, quad.predicate, quad.object)))
    return Results(("subject", "predicate", "object"), tuple(rows), None, is_cut)


def _term(context: PageContext, term: object) -> Term | None:
    if isinstance(term, NamedNode):
        return Term(shorten(term.value, context.base), context.href(term.value))
    if isinstance(term, Literal):
        return Term(term.value, None, term.language or "", term.datatype.value.endswith(("#decimal", "#integer")))
    return None if term is None else Term(str(term) if isinstance(term, BlankNode) else repr(term))


def shorten(iri: str, base: str) -> str:
    """Shorten an IRI: a common prefix, or without the base for ours."""
    prefixes = {"": base + "def#"} | {
        name.lower(): getattr(namespaces, name)
        for name in ("DCAT", "DCT", "ORG", "OWL", "PROV", "QB", "RDF", "RDFS", "SH", "SKOS", "XSD")
    }
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(base) if iri.startswith(base) else iri


def default_query(base: str) -> str:
    """Return the query that the form shows at first."""
    return fill_query("which_figures_are_there").replace("<def#>", f"<{base}def#>")
