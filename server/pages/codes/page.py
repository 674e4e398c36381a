"""The page of a code: what it was called over the years, the money under it, and who spends it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fastapi import Response

from ontology.tabular.published_columns import DataColumn, DataTable
from ontology.tabular.published_columns import Row as TableRow
from server.charts.bars import Bar, BarGroup, bar_chart
from server.charts.pivot import Pivot, make_pivot
from server.charts.svg import PictureCaption
from server.charts.yuan_and_wan import amount_to_text
from server.errors import NotFoundError
from server.facts.selection import SelectedFact
from server.pages.compare.request_parameters import CODE_AXES, CompareQuestion, parse_question
from server.pages.compare.slices import comparison_to_queries, facts_to_entries, read_parts_and_wholes
from server.pages.compare.table import comparison_table, pivot_to_rows
from server.pages.data.resource import resource_page
from server.pages.page_context import PageContext, QueryRow
from server.sparql.query_templates import nodes

MOST_OFFICES = 15
PHASES = ("budget", "final")
_CODE = re.compile(rf"code/(?P<axis>{'|'.join(CODE_AXES)})/(?P<code>[\w.-]+)")


@dataclass(frozen=True)
class CodeMoney:
    """The money under a code by office and year, for one phase; `further` offices spend less than those listed."""

    question: CompareQuestion
    pivot: Pivot
    offices: tuple[str, ...]
    further: int
    picture: str | None


async def code_page(context: PageContext, iri: str) -> Response:
    """Return the page of a code with its money; the page of any other resource is the general one.

    Raise NotFoundError if nothing is known about it.
    """
    match = _CODE.fullmatch(iri.removeprefix(context.base))
    if match is None or match["code"] == "total":
        return await resource_page(context, iri)
    names = await read_names_over_years(context, iri)
    found = await read_code_monies(context, match["axis"], match["code"])
    monies = [money for money in found.values() if money.pivot.cells]
    offices = [office for money in monies for office in money.offices]
    phases = [f"{context.base}code/phase/{money.question.chosen['phase'][0]}" for money in monies]
    await context.load_names([*offices, *phases, *(row["concept"] for row in names)])
    monies = [with_picture(context, money) for money in monies]
    further = {"monies": monies, "names": names_over_years(names), "phases": phases}
    return await resource_page(context, iri, "code.html", further)


async def read_names_over_years(context: PageContext, iri: str) -> list[QueryRow]:
    """Return the names of a code, of those that it replaced and of those that replaced it, with their years."""
    codes, found = {iri}, {iri}
    while found:
        rows = await context.select("which_codes_replaced_these", things=nodes(found))
        found = {row["other"] for row in rows} - codes
        codes |= found
    return await context.select("what_did_codes_hold", things=nodes(codes))


async def code_table(context: PageContext, iri: str) -> tuple[DataTable, list[TableRow]]:
    """Return the money under a code by office, year and phase. Raise NotFoundError if there is none."""
    match = _CODE.fullmatch(iri.removeprefix(context.base))
    table = comparison_table(parse_question([("rows", "organisation"), ("columns", "year")]))
    rows: list[TableRow] = []
    if match is not None:
        for phase, money in (await read_code_monies(context, match["axis"], match["code"])).items():
            names = await context.names_in_both_languages(money.pivot.rows)
            found = pivot_to_rows(money.pivot, money.question, names, context.base)
            rows += [{**row, "phase": phase} for row in found]
    if not rows:
        raise NotFoundError(iri=iri)
    return replace(table, columns=(*table.columns, DataColumn("phase"))), rows


async def read_code_monies(context: PageContext, axis: str, code: str) -> dict[str, CodeMoney]:
    """Return the expenditure under a code by office and year for each phase, the offices that spend most first.

    The facts of all phases are read at once.
    """
    both = parse_question(
        [("rows", "organisation"), ("columns", "phase"), (axis, code), *(("phase", phase) for phase in PHASES)]
    )
    parts, wholes = await read_parts_and_wholes(context, both, comparison_to_queries(both, context.base))
    return {
        phase: await context.compute(_money_of_phase, parts, wholes, axis, code, phase, context.base)
        for phase in PHASES
    }


def _money_of_phase(
    parts: Sequence[SelectedFact], wholes: Sequence[SelectedFact], axis: str, code: str, phase: str, base: str
) -> CodeMoney:
    question = parse_question([("rows", "organisation"), ("columns", "year"), (axis, code), ("phase", phase)])
    iri = f"{base}code/phase/{phase}"
    own_parts, own_wholes = ([fact for fact in facts if fact["phase"] == iri] for facts in (parts, wholes))
    entries, gaps = facts_to_entries(own_parts, own_wholes, question, base)
    pivot = make_pivot(entries, gaps, columns_add=False, sort_rows=True)
    offices = [row for row in pivot.rows if any(pivot.amount(row, column) for column in pivot.columns)]
    return CodeMoney(question, pivot, tuple(offices[:MOST_OFFICES]), max(0, len(offices) - MOST_OFFICES), None)


def with_picture(context: PageContext, money: CodeMoney) -> CodeMoney:
    """Return the money with bars of the years, if several have a sum; each says of how many offices it is."""
    sums = [(year, amount) for year in money.pivot.columns if (amount := money.pivot.by_column[year]) is not None]
    if len(sums) < 2 or not any(amount > 0 for _, amount in sums):
        return money
    title = context.message("code-years")
    groups = [
        BarGroup(
            context.message("code-year-offices", year=year, n=sum(column == year for _, column in money.pivot.cells)),
            (_bar(amount),),
        )
        for year, amount in sums
    ]
    caption = PictureCaption(title, context.message("picture-description", n=len(groups), title=title))
    return replace(money, picture=bar_chart(groups, [title], caption))


def names_over_years(rows: list[QueryRow]) -> list[QueryRow]:
    """Return the names of a code, if it had several or another code stands before or after it."""
    return rows if len({(row["concept"], row["name"]) for row in rows}) > 1 else []


def _bar(amount: Decimal) -> Bar:
    return Bar(0, amount, amount_to_text(amount, "wan"))
