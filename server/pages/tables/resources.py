"""The table behind the page of a resource."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from pyoxigraph import RdfFormat, parse

from ontology.tabular.published_columns import DataTable, Row
from server.errors import NotFoundError, TooManyRowsError
from server.execution.evaluator import Question, read_answer
from server.linked_data.descriptions import VERSION, describe_thing
from server.linked_data.labels import labels_of
from server.linked_data.resources import N_TRIPLES
from server.linked_data.rule_versions import RulesAddress, parse_rules_address
from server.pages.codes.page import code_table
from server.pages.data.point import claims_at_point, claims_of_series
from server.pages.data.vocabulary import is_scheme
from server.pages.disclosure.coverage import read_coverage
from server.pages.figures import FigureView, find_figures
from server.pages.office.page import organisation_table
from server.pages.page_context import PageContext
from server.pages.procurement.supplier import PREFIX as SUPPLIER_PREFIX
from server.pages.procurement.supplier import supplier_table
from server.pages.tables.figures import FIGURES, figures_to_rows
from server.pages.tables.statements import STATEMENTS, statements_to_rows
from server.pages.tables.versions import (
    COVERAGE,
    DIFFERENCES,
    HISTORY,
    coverage_to_rows,
    history_to_rows,
    revision_to_rows,
)
from server.pages.tables.vocabulary import CONCEPTS, RULES, TERMS, concept_rows, rule_rows, term_rows
from server.sparql.query_templates import fill_query
from server.versions.history import load_history, load_revision
from shapes.versions import rules_version

MOST_FIGURES = 5000
"""The figures of a resource that go into a file."""
Table = tuple[DataTable, Iterable[Row]]
_OWN: tuple[tuple[str, Callable[[PageContext, str], Awaitable[Table]]], ...] = (
    ("id/org/", organisation_table),
    (SUPPLIER_PREFIX, supplier_table),
    ("code/", code_table),
)


async def resource_table(context: PageContext, iri: str) -> Table:
    """Return the table behind the page of a resource: of its own kind, else its figures, else what is said of it.

    Raise NotFoundError if nothing is known about it, TooManyRowsError if a file would be cut.
    """
    key = iri.removeprefix(context.base)
    if key.startswith(("history/", "diff/")):
        return await _versions(context, key)
    if key.endswith("/coverage") and VERSION.fullmatch(iri):
        coverage = await read_coverage(context, iri.removesuffix("/coverage"))
        return COVERAGE, coverage_to_rows(coverage, context.base) if coverage else ()
    address = RulesAddress(rules_version().key, "") if key == "rules" else parse_rules_address(key)
    if address is not None:
        return RULES, await rule_rows(context, address)
    if key == "prefixes":
        return await _constructed(context, "what_are_the_prefixes")
    if key == "def":
        return TERMS, await term_rows(context)
    if is_scheme(iri, context.base) and (concepts := await concept_rows(context, iri)):
        return CONCEPTS, concepts
    for prefix, read in _OWN:
        if key.startswith(prefix):
            try:
                return await read(context, iri)
            except NotFoundError:
                break
    return await _figures(context, iri) or await _statements(context, iri)


async def _constructed(context: PageContext, question: str) -> Table:
    query = Question(query=fill_query(question), base=context.base, graph=N_TRIPLES)
    body = await read_answer(await context.evaluator.evaluate(query))
    triples = [quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)]
    triples += await labels_of(context.evaluator, context.base, triples)
    return STATEMENTS, statements_to_rows(triples)


async def _versions(context: PageContext, key: str) -> Table:
    kind, _, path = key.partition("/")
    if kind == "diff":
        return DIFFERENCES, revision_to_rows(await load_revision(context.evaluator, context.base, path))
    return HISTORY, history_to_rows(await load_history(context.evaluator, context.base, f"{context.base}id/{path}"))


async def _figures(context: PageContext, iri: str) -> Table | None:
    """The figures that the page of a resource lists; None if it lists none."""
    figures = await _figures_of(context, iri)
    if not figures:
        return None
    names = await context.names_in_both_languages(figure.organisation for figure in figures)
    return FIGURES, list(figures_to_rows(figures, names, context.base))


async def _figures_of(context: PageContext, iri: str) -> Sequence[FigureView]:
    key = iri.removeprefix(context.base)
    if key.startswith("id/point/"):
        return list((await claims_at_point(context, iri)).claims.values())
    if key.startswith("id/series/"):
        return await claims_of_series(context, iri)
    if match := VERSION.fullmatch(iri):
        return list((await find_figures(context, [iri], match["version"])).values())
    if key.startswith("id/coordinates/"):
        rows = await context.select("which_figures_have_coordinates", coordinates=iri)
        return list((await find_figures(context, (row["claim"] for row in rows))).values())
    rows = await context.select("which_figures_carry_a_code", thing=iri, limit=MOST_FIGURES + 1, offset=0)
    if len(rows) > MOST_FIGURES:
        raise TooManyRowsError(limit=MOST_FIGURES)
    return list((await find_figures(context, (row["figure"] for row in rows))).values())


async def _statements(context: PageContext, iri: str) -> Table:
    description = await describe_thing(context.evaluator, context.base, iri, context.page_number)
    return STATEMENTS, statements_to_rows(description.triples, iri)
