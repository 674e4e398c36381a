"""Lists of disclosures and of links as files: CSV, XLSX, JSON, and what the store says of their members as Turtle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from fastapi import Response
from fastapi.responses import RedirectResponse

from ontology.tabular.published_columns import DECIMAL, INTEGER, DataColumn, DataTable, Row, short_key
from server.dataset.downloads import TYPES
from server.errors import NotFoundError, TooManyRowsError
from server.execution.evaluator import Question, read_answer
from server.exports.table_files import table_to_bytes
from server.known_parameters import EVERYWHERE
from server.pages.data.home import list_whole, read_browse_request
from server.pages.download_response import file_response, rows_to_json
from server.pages.page_context import PageContext
from server.pages.procurement.links import find_links
from server.pages.procurement.purchases import answer_question
from server.pages.tables.figures import office_columns
from server.protocols.example_results import refuse_unknown
from server.sparql.query_templates import fill_query, nodes

FORMS = ("csv", "xlsx", "json", "ttl")
LINKS_OF_A_FILE = 20_000
GRAPHS_OF_LINKS = ("links/suggestions", "links/decisions")
_COUNTS = ("figures", "violation", "warning", "information")
DISCLOSURES = DataTable(
    "disclosures",
    "disclosure",
    (
        *map(
            DataColumn, ("disclosure", "version", "title", "organisation", "organisation_name", "organisation_name_en")
        ),
        *(DataColumn("year", INTEGER), DataColumn("phase")),
        *(DataColumn(name, INTEGER) for name in _COUNTS),
    ),
)
LINKS = DataTable(
    "links",
    "link",
    (
        *(DataColumn("link"), DataColumn("probability", DECIMAL), DataColumn("recommended", "boolean")),
        *map(DataColumn, ("notice", "title", "issued", "buyer", "budget_line", "organisation", "organisation_name")),
        *(DataColumn("organisation_name_en"), DataColumn("year", INTEGER), DataColumn("amount", DECIMAL)),
        *map(DataColumn, ("decision_reason", "decided_at")),
    ),
)
Members = tuple[DataTable, list[Row], Iterable[str], tuple[str, ...]]
"""A table, its rows, the IRIs of what it lists, and the keys of the graphs that describe them, none for the default."""


async def list_file(context: PageContext, path: str, form: str) -> Response:
    """Return the list at a path in a form, whole. Raise NotFoundError for another form, TooManyRowsError."""
    if form not in FORMS:
        raise NotFoundError(iri=str(context.request.url))
    if path == "/purchases":
        return await _purchases(context, form)
    table, rows, members, graphs = await _LISTS[path](context)
    if form == "ttl":
        return file_response(await _described(context, members, graphs), table.name, form)
    if form == "json":
        return file_response(rows_to_json(rows), table.name, form)
    return file_response(await context.compute(table_to_bytes, table, rows, form), table.name, form)


async def _disclosures(context: PageContext) -> Members:
    entries = await list_whole(context, read_browse_request(context))
    names = await context.names_in_both_languages(entry.organisation for entry in entries)
    start = f"{context.base}id/disclosure/"
    rows: list[Row] = [
        {
            "disclosure": entry.version.removeprefix(start).partition("/v/")[0],
            "version": entry.version,
            "title": entry.title,
            **office_columns(entry.organisation, names, context.base),
            "year": int(entry.year) if entry.year else None,
            "phase": short_key(entry.phase.removeprefix(context.base)) if entry.phase else None,
            "figures": entry.figures,
            **{severity: (entry.counts or {}).get(severity) for severity in _COUNTS[1:]},
        }
        for entry in entries
    ]
    members = [iri for entry in entries for iri in (entry.version.partition("/v/")[0], entry.version)]
    return DISCLOSURES, rows, members, ()


async def _links(context: PageContext) -> Members:
    links = await find_links(context, LINKS_OF_A_FILE + 1)
    if len(links) > LINKS_OF_A_FILE:
        raise TooManyRowsError(limit=LINKS_OF_A_FILE)
    names = await context.names_in_both_languages(office for link in links if (office := link.line.get("office")))
    rows: list[Row] = [
        {
            "link": link.iri,
            "probability": _number(link.probability),
            "recommended": link.recommended,
            **{name: link.notice.get(name) for name in ("notice", "title", "issued", "buyer")},
            "budget_line": link.line.get("key"),
            **office_columns(link.line.get("office", ""), names, context.base),
            "year": int(link.line["year"]) if link.line.get("year") else None,
            "amount": _number(link.line.get("amount", "")),
            "decision_reason": link.reason or None,
            "decided_at": link.at or None,
        }
        for link in links
    ]
    return LINKS, rows, [link.iri for link in links], GRAPHS_OF_LINKS


_LISTS: Mapping[str, Callable[[PageContext], Awaitable[Members]]] = {"/disclosures": _disclosures, "/links": _links}


async def _purchases(context: PageContext, form: str) -> Response:
    """The answer to a question about purchases: that of its example query, or what its members are said to be."""
    answered = await answer_question(context)
    refuse_unknown(
        answered.example, [name for name in context.request.query_params if name not in EVERYWHERE], ["question"]
    )
    if form != "ttl":
        return RedirectResponse(context.link(f"/query/{answered.example.name}.{form}", **answered.values), 303)
    members = {value for row in answered.rows for value in row.values() if value.startswith(f"{context.base}id/")}
    return file_response(await _described(context, sorted(members), ()), "purchases", form)


async def _described(context: PageContext, members: Iterable[str], graphs: Sequence[str]) -> bytes:
    """What the store says of each member of a list, in Turtle."""
    wanted = nodes(members)
    if not wanted:
        return b""
    question = Question(
        query=fill_query("what_is_said_of_these_things", things=wanted),
        base=context.base,
        graph=TYPES["ttl"],
        default_graphs=tuple(context.base + graph for graph in graphs),
    )
    return await read_answer(await context.evaluator.evaluate(question))


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
