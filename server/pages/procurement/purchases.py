"""`/purchases`: what became of budgets on the market, one question at a time, each an example query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Response

from ontology.example_queries import ExampleQuery
from server.errors import NotFoundError, ParameterValueError
from server.pages.page_context import PageContext, QueryRow
from server.pages.procurement.cells import FIGURES, cell_to_text
from server.protocols.example_results import filled_query, find_example

ADDRESS = "/purchases"
QUESTIONS = (
    "what-became-of-each-procurement-line",
    "which-procurement-lines-have-no-notice",
    "which-notices-have-no-budget-line",
    "which-notices-print-the-project-of-another-office",
    "which-awards-exceed-the-budget",
    "how-much-is-reserved-for-small-firms",
    "what-was-each-supplier-awarded",
    "what-does-a-catalogue-item-cost",
)
MOST_ROWS = 500
_VARIABLE = re.compile(r"\((?:[^()]|\([^()]*\))*\bAS \?(?P<named>\w+)\)|\?(?P<plain>\w+)")
_ROW = re.compile(r"/t\d+/r(?P<number>\d+)$")
_NAMES = {"itemName": "item", "title": "notice", "supplierName": "supplier"}
"""Columns that hold the name of what another column identifies."""


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """An example query with values of its parameters, and its answer or the message about a value that does not fit.

    `offered` holds the key and the title of each disclosure that can be asked about.
    """

    example: ExampleQuery
    values: dict[str, str]
    offered: list[tuple[str, str]]
    rows: list[QueryRow]
    error: str | None
    status: int


async def answer_question(context: PageContext) -> AnsweredQuestion:
    """Return the answer to the question of a request. Raise NotFoundError for another question."""
    question = context.request.query_params.get("question", QUESTIONS[0])
    if question not in QUESTIONS:
        raise NotFoundError(iri=str(context.request.url))
    example = find_example(f"{context.base}query/{question}", context.base)
    disclosures = await context.select("which_disclosures_have_procurement_lines")
    values = {p.name: context.request.query_params.get(p.name, p.default).strip() for p in example.parameters}
    space = f"{context.base}id/disclosure/"
    offered = [(row["disclosure"].removeprefix(space), row["title"]) for row in disclosures]
    if "disclosure" in values and "disclosure" not in context.request.query_params and offered:
        values["disclosure"] = offered[0][0]
    return AnsweredQuestion(example, values, offered, *await _rows(context, example, values))


async def purchases_page(context: PageContext) -> Response:
    """Return the answer to a question as a table, with the form of its parameters. Raise NotFoundError."""
    answered = await answer_question(context)
    example, rows = answered.example, answered.rows
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    shown = [name for name in _columns(example) if name in columns and _NAMES.get(name) not in columns]
    await context.load_names(value for row in rows for value in row.values() if value.startswith(context.base))
    return context.page(
        "purchases.html",
        answered.status,
        question=example.name,
        questions=[find_example(f"{context.base}query/{name}", context.base) for name in QUESTIONS],
        example=example,
        values=answered.values,
        offered=answered.offered,
        columns=shown,
        rows=rows[:MOST_ROWS],
        is_cut=len(rows) > MOST_ROWS,
        cell=cell_to_text,
        is_figure=lambda column: column in FIGURES,
        row_of=_row_number,
        title_of=lambda row, column: next((row.get(n) for n, of in _NAMES.items() if of == column), None),
        given=urlencode(answered.values),
        error=answered.error,
    )


async def _rows(
    context: PageContext, example: ExampleQuery, values: dict[str, str]
) -> tuple[list[QueryRow], str | None, int]:
    """Return the rows, or the message about a parameter that does not fit and its status."""
    try:
        return await context.select_text(filled_query(example, values)), None, 200
    except ParameterValueError as error:
        return [], error.text(context.language), error.status


def _row_number(iri: str) -> str | None:
    """Return the number of the row of a table that an IRI is of (`…/t05/r3`), None if it is of something else."""
    match = _ROW.search(iri)
    return match["number"] if match else None


def _columns(example: ExampleQuery) -> Sequence[str]:
    """Return the variables of the outermost SELECT, in its order."""
    head = example.select.partition("WHERE")[0]
    return [match["named"] or match["plain"] for match in _VARIABLE.finditer(head)]
