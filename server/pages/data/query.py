"""The query page: a form, the example queries, and results as a table."""

from __future__ import annotations

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
from server.errors import NotFoundError, QueryTooLongError, ServiceError
from server.execution.evaluator import Question
from server.pages.page_context import SECURITY_HEADERS, PageContext
from server.sparql.query_templates import fill_query

POLICY = "Content-Security-Policy"
TSV, N_TRIPLES = "text/tab-separated-values", "application/n-triples"
# The editor's own words are English; ours say the same in each language.
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
MOST_ROWS, MOST_BYTES = 500, 4 * 2**20


@dataclass(frozen=True, slots=True)
class Term:
    """A term in a table of results: its text, shortened if it is an IRI, where it leads, and its language."""

    text: str
    href: str | None = None
    language: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """The beginning of an answer. `answer` is that of an ASK; `is_cut` says that there is more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    answer: bool | None
    is_cut: bool


async def query_page(visit: PageContext) -> Response:
    """The form; with a query, its results, or what is wrong with it."""
    return await show_query(visit, visit.request.query_params.get("query", "").replace("\r\n", "\n"))


async def example_page(visit: PageContext, iri: str) -> Response:
    """The form with an example query and its results; raises NotFoundError."""
    for example in load_examples(visit.base):
        if example.iri == iri:
            return await show_query(visit, example.query, example)
    raise NotFoundError(iri=iri)


async def show_query(visit: PageContext, given: str, example: ExampleQuery | None = None) -> Response:
    """The form with a query, unless it is empty its results, and what the example says if it is one."""
    results, error, status = None, None, 200
    if given.strip():
        try:
            results = await answer(visit, given)
        except ServiceError as refusal:
            error, status = refusal.text(visit.language), refusal.status
    examples = load_examples(visit.base)
    audiences = list(dict.fromkeys(iri for each in examples for iri in each.audience))
    await visit.learn_names(audiences)
    return visit.page(
        "query.html",
        status,
        {POLICY: f"{SECURITY_HEADERS[POLICY]}; style-src 'self' {EDITOR_STYLE}"},
        query=given or default_query(visit.base),
        results=results,
        error=error,
        example=example,
        examples=examples,
        audiences=audiences,
        given=bool(given.strip()),
        editor_words={message(key, "en", **SLOTS): visit.word(key, **SLOTS) for key in EDITOR_WORDS},
        most_rows=MOST_ROWS,
    )


async def answer(visit: PageContext, query: str) -> Results:
    """The first rows of the answer to a query; raises ServiceError."""
    if len(query.encode()) > visit.settings.query_length:
        raise QueryTooLongError(limit=visit.settings.query_length)
    question = Question(query=query, base=visit.base, results=TSV, graph=N_TRIPLES)
    answer = await visit.evaluator.evaluate(question)
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
        return _triples(visit, bytes(body), is_cut)
    return _solutions(visit, bytes(body), is_cut)


def _solutions(visit: PageContext, body: bytes, is_cut: bool) -> Results:
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
        rows.append(tuple(_term(visit, solution[column]) for column in columns))
    return Results(columns, tuple(rows), None, is_cut)


def _triples(visit: PageContext, body: bytes, is_cut: bool) -> Results:
    rows: list[tuple[Term | None, ...]] = []
    for quad in parse(body, RdfFormat.N_TRIPLES):
        if len(rows) == MOST_ROWS:
            is_cut = True
            break
        rows.append(tuple(_term(visit, term) for term in (quad.subject, quad.predicate, quad.object)))
    return Results(("subject", "predicate", "object"), tuple(rows), None, is_cut)


def _term(visit: PageContext, term: object) -> Term | None:
    if isinstance(term, NamedNode):
        return Term(shorten(term.value, visit.base), visit.href(term.value))
    if isinstance(term, Literal):
        return Term(term.value, None, term.language or "", term.datatype.value.endswith(("#decimal", "#integer")))
    return None if term is None else Term(str(term) if isinstance(term, BlankNode) else repr(term))


def shorten(iri: str, base: str) -> str:
    """An IRI with a usual prefix, ours without the base."""
    known = {"": base + "def#"} | {
        name.lower(): getattr(namespaces, name)
        for name in ("DCAT", "DCT", "ORG", "OWL", "PROV", "QB", "RDF", "RDFS", "SH", "SKOS", "XSD")
    }
    for prefix, namespace in known.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(base) if iri.startswith(base) else iri


def default_query(base: str) -> str:
    """What the form begins with."""
    return fill_query("which_figures_are_there").replace("<def#>", f"<{base}def#>")
