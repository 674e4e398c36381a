"""`/compare` as a page, and its answers as CSV, XLSX, Parquet, JSON, Turtle and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from fastapi import Response

from ontology.tabular.published_columns import Row
from server.charts.bars import Bar, BarGroup, bar_chart
from server.charts.pivot import Gap, Pivot, make_pivot
from server.charts.svg import COLOURS, PictureCaption
from server.charts.yuan_and_wan import amount_to_text, growth_to_text, share_to_text
from server.dataset.downloads import TABLE_FORMATS, TYPES
from server.errors import ComparisonRefusedError, NotFoundError, ServiceError
from server.execution.evaluator import Question, read_answer
from server.exports.table_files import table_to_bytes
from server.pages.compare.per_head import COUNTED, Counts, amount_per_count, count_of_cell, read_counts
from server.pages.compare.request_parameters import AXES, CompareQuestion, named_offices, parse_question, with_example
from server.pages.compare.slices import Slices, comparison_to_queries, read_entries, settled_codes
from server.pages.compare.snippet import comparison_to_python, has_snippet
from server.pages.compare.table import Names, comparison_table, pivot_to_rows
from server.pages.download_response import file_response, rows_to_json
from server.pages.page_context import PageContext
from server.sparql.query_templates import fill_query, nodes

ADDRESS = "/compare"
FORMS = (*TABLE_FORMATS, "json", "ttl", "svg")
MOST_GROUPS, MOST_SERIES = 20, len(COLOURS)
_NOT_ADDING = frozenset(("year", "phase", "scope"))
_NAME = "comparison"
_SVG = "image/svg+xml"
QUESTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("compare-question-vehicles", (("scope", "vehicles"), ("show", "per-head"), ("unit", "yuan"))),
    ("compare-question-three-public", (("scope", "three-public"), ("show", "per-head"), ("unit", "yuan"))),
    ("compare-question-training", (("economic", "30216"), ("unit", "yuan"))),
    ("compare-question-classes", (("rows", "function"), ("columns", "organisation"), ("show", "share"))),
    ("compare-question-execution", (("rows", "organisation"), ("columns", "phase"))),
)
"""Questions that people ask, and the parameters that answer them."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A comparison with its pivot, the queries that selected its facts, and the counts by which amounts are divided.

    `other_years` were chosen too, but money of several years is not added.
    """

    comparison: CompareQuestion
    pivot: Pivot
    queries: Slices
    counts: Counts
    other_years: tuple[str, ...] = ()


async def compare_page(context: PageContext) -> Response:
    """Return the page of a comparison: the form, the table, a picture, what cannot be added, and the query."""
    try:
        answered = await _answer(context)
    except ComparisonRefusedError as error:
        return await _refusal(context, error)
    comparison, pivot = answered.comparison, answered.pivot
    offered = await offered_offices(context)
    await context.load_made()
    made = _made_offices(context, pivot)
    await _load_names(context, answered, offered)
    return context.page(
        "compare.html",
        comparison=comparison,
        pivot=pivot,
        rows=await context.compute(_shown_rows, answered, context.base),
        other_years=answered.other_years,
        years_chosen={**comparison.chosen, "year": (*comparison.chosen["year"], *answered.other_years)},
        lacks_counts=comparison.show in COUNTED and await context.compute(_lacks_counts, answered, context.base),
        questions=[(key, f"{context.root}{ADDRESS}?{urlencode(given)}") for key, given in QUESTIONS],
        picture=await context.compute(_picture, context, answered),
        shown=lambda row, column: _shown(answered, context.base, row, column),
        amount=lambda value: amount_to_text(value, comparison.unit),
        gaps=_left_out(pivot.gaps),
        settled=settled_codes(comparison),
        offered=offered,
        axis_options=[(axis, context.message(f"axis-{axis}")) for axis in AXES],
        address=lambda **changed: _address(context, comparison, **changed),
        downloads=[(form, _address(context, comparison, form=form)) for form in FORMS],
        query=answered.queries.parts,
        without_made=_address(context, comparison, without=tuple(sorted({*comparison.without, *made})))
        if made
        else None,
        permanent=f"{_host(context)}{_address(context, comparison).removeprefix(context.root)}",
        python=comparison_to_python(comparison, f"{_host(context)}/") if has_snippet(comparison) else None,
        choices={axis: await _codes(context, axis) for axis in ("kind", "fund", "scope")},
        error=None,
    )


async def compare_file(context: PageContext, form: str) -> Response:
    """Return the answer to a comparison in a format. Raise NotFoundError for a format that is not offered."""
    if form not in FORMS:
        raise NotFoundError(iri=str(context.request.url))
    answered = await _answer(context)
    if form == "ttl":
        return await _facts_as_turtle(context, answered.pivot)
    await _load_names(context, answered, [])
    if form == "svg":
        picture = await context.compute(_picture, context, answered)
        if picture is None:
            raise NotFoundError(iri=str(context.request.url))
        return file_response(picture.encode(), _NAME, form, _SVG)
    keys = (*answered.pivot.rows, *answered.pivot.columns)
    names = await context.names_in_both_languages(key for key in keys if not key.isdecimal())
    table = comparison_table(answered.comparison)
    rows = await context.compute(_rows_of, answered, names, context.base)
    if form == "json":
        parameters, query = answered.comparison.parameters(), answered.queries.parts
        return file_response(rows_to_json(rows, parameters=parameters, query=query), _NAME, form)
    return file_response(await context.compute(table_to_bytes, table, rows, form), _NAME, form)


async def _codes(context: PageContext, axis: str) -> list[tuple[str, str]]:
    """The notation and name of each concept of a short code list, in the language of the page."""
    rows = await context.select("which_concepts_does_a_scheme_have", scheme=f"{context.base}code/{axis}", limit=200)
    iris = [row["concept"] for row in rows]
    await context.load_names(iris)
    return [(iri.rpartition("/")[2], context.name(iri).text) for iri in iris if not iri.endswith("/total")]


async def offered_offices(context: PageContext) -> list[dict[str, str]]:
    """Return each office, year and phase of which there is a disclosure."""
    return await context.select("what_can_be_compared")


async def _read_question(context: PageContext) -> CompareQuestion:
    """Read the question of a request. Raise ComparisonRefusedError, also for an office that nobody knows."""
    try:
        question = parse_question(context.request.query_params.multi_items())
        named = named_offices(question, context.base)
        await context.load_names(named)
        for iri, refusal in named.items():
            if iri not in context.labels:
                raise refusal
        return question
    except ComparisonRefusedError as refusal:
        offered = await offered_offices(context)
        if not offered:
            raise
        newest = max(offered, key=lambda row: row["year"])
        key = newest["organisation"].removeprefix(f"{context.base}id/org/")
        raise with_example(refusal, key, newest["year"]) from refusal


async def _answer(context: PageContext) -> Answered:
    comparison = await _read_question(context)
    other_years: tuple[str, ...] = ()
    if "year" not in comparison.axes:
        chosen = comparison.chosen["year"]
        newest = max(chosen or [row["year"] for row in await offered_offices(context)], default="")
        other_years = tuple(year for year in chosen if year != newest)
        comparison = comparison.of_year(newest)
    queries = comparison_to_queries(comparison, context.base)
    entries, gaps = await read_entries(context, comparison, queries)
    pivot = await context.compute(
        make_pivot,
        entries,
        gaps,
        rows_add=comparison.rows not in _NOT_ADDING,
        columns_add=comparison.columns not in _NOT_ADDING,
        sort_rows=comparison.rows != "year",
    )
    return Answered(comparison, pivot, queries, await read_counts(context, comparison), other_years)


async def _refusal(context: PageContext, error: ServiceError) -> Response:
    return context.page("compare.html", error.status, error=error.text(context.language))


async def _load_names(context: PageContext, answered: Answered, offered: Sequence[dict[str, str]]) -> None:
    base, comparison = context.base, answered.comparison
    wanted = {*answered.pivot.rows, *answered.pivot.columns}
    wanted |= {row["organisation"] for row in offered} | {row["phase"] for row in offered}
    wanted |= {f"{base}code/{axis}/{code}" for axis, code in settled_codes(comparison).items()}
    wanted |= {f"{base}id/org/{key}" for key in (*comparison.chosen["organisation"], *comparison.without)}
    wanted |= {f"{base}code/{axis}/{key}" for axis in ("division", "phase") for key in comparison.chosen[axis]}
    wanted |= {gap.disclosure.partition("/v/")[0] for gap in answered.pivot.gaps}
    await context.load_names(iri for iri in wanted if not iri.isdecimal())


def _shown(answered: Answered, base: str, row: str, column: str) -> str | None:
    """The words in a cell, None if it has no sum or no share."""
    pivot, comparison = answered.pivot, answered.comparison
    if comparison.show == "share":
        share = pivot.share(row, column)
        return None if share is None else share_to_text(share)
    if comparison.show == "growth":
        growth = pivot.growth(row, column) if comparison.columns == "year" else None
        return None if growth is None else growth_to_text(growth)
    amount = _amount(answered, base, row, column)
    return None if amount is None else amount_to_text(amount, comparison.unit)


def _amount(answered: Answered, base: str, row: str, column: str) -> Decimal | None:
    """The amount in a cell, or for each of those by whom it is divided."""
    pivot, comparison = answered.pivot, answered.comparison
    if comparison.show in COUNTED:
        return amount_per_count(pivot, comparison, answered.counts, base, row, column)
    return pivot.amount(row, column)


def _lacks_counts(answered: Answered, base: str) -> bool:
    """Whether amounts cannot be divided, since an office does not state by what."""
    return any(_amount(answered, base, *place) is None for place in answered.pivot.cells)


def _made_offices(context: PageContext, pivot: Pivot) -> list[str]:
    """The keys of the offices in a table whose disclosures are made up."""
    shown = frozenset().union(*(cell.offices for cell in pivot.cells.values()))
    made = {*context.made.values()} & shown
    return sorted(office.removeprefix(f"{context.base}id/org/") for office in made)


def _rows_of(answered: Answered, names: Names, base: str) -> list[Row]:
    def count_of(row: str, column: str) -> Decimal | None:
        return count_of_cell(answered.pivot, answered.comparison, answered.counts, base, row, column)

    return list(pivot_to_rows(answered.pivot, answered.comparison, names, base, count_of))


def _shown_rows(answered: Answered, base: str) -> list[str]:
    """The rows that have money or a gap; where amounts are divided, those with the largest result first."""
    pivot, comparison = answered.pivot, answered.comparison
    rows = [row for row in pivot.rows if not _is_zero(pivot, row)]
    if comparison.show not in COUNTED or comparison.rows == "year":
        return rows

    def largest(row: str) -> Decimal:
        return max((_amount(answered, base, row, column) or Decimal(0) for column in pivot.columns), default=Decimal(0))

    return sorted(rows, key=largest, reverse=True)


def _is_zero(pivot: Pivot, row: str) -> bool:
    """Whether a row has money in no column, and no gap."""
    return not any(pivot.amount(row, column) or pivot.gap(row, column) for column in pivot.columns)


def _left_out(gaps: Sequence[Gap]) -> dict[str, list[Gap]]:
    """The gaps by their reason."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.reason, []).append(gap)
    return found


def _picture(context: PageContext, answered: Answered) -> str | None:
    """Bars of the largest rows; None where there is nothing to draw, or more series than colours."""
    pivot, comparison = answered.pivot, answered.comparison
    if not pivot.cells or len(pivot.columns) > MOST_SERIES:
        return None
    groups = []
    for row in _shown_rows(answered, context.base)[:MOST_GROUPS]:
        bars = [
            Bar(position, amount, amount_to_text(amount, comparison.unit))
            for position, column in enumerate(pivot.columns)
            if (amount := _amount(answered, context.base, row, column)) is not None
        ]
        if bars:
            groups.append(BarGroup(_label(context, row), tuple(bars)))
    title = context.message(
        "compare-picture-title",
        rows=context.message(f"axis-{comparison.rows}"),
        columns=context.message(f"axis-{comparison.columns}"),
        unit=context.message(f"unit-{comparison.unit}"),
    )
    if comparison.show in COUNTED:
        title = f"{title}{context.message('colon')}{context.message(f'show-{comparison.show}')}"
    description = context.message("picture-description", n=len(groups), title=title)
    return bar_chart(groups, [_label(context, column) for column in pivot.columns], PictureCaption(title, description))


def _label(context: PageContext, key: str) -> str:
    if key.isdecimal():
        return key
    name = context.name(key)
    return f"{name.code} {name.text}" if name.code and "/org/" not in key else name.text


def _address(context: PageContext, comparison: CompareQuestion, form: str = "", **changed: object) -> str:
    """The address of a comparison with some of its parts changed; with `form`, that of a file."""
    parameters = replace(comparison, **changed).parameters()  # type: ignore[arg-type] # as the template names them
    suffix = f".{form}" if form else ""
    return f"{context.root}{ADDRESS}{suffix}?{urlencode(parameters)}"


def _host(context: PageContext) -> str:
    return str(context.request.base_url).rstrip("/")


async def _facts_as_turtle(context: PageContext, pivot: Pivot) -> Response:
    """The facts that a pivot adds, as they stand in the store."""
    facts = nodes(fact for cell in pivot.cells.values() for fact in cell.facts)
    question = Question(
        query=fill_query("what_is_said_of_these_things", things=facts), base=context.base, graph=TYPES["ttl"]
    )
    return file_response(await read_answer(await context.evaluator.evaluate(question)), _NAME, "ttl")
