"""What an office reports on its projects after the year: money used, targets and results, marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from server.pages.office.performance import document_order
from server.pages.page_context import PageContext, QueryRow
from shapes.graph_reader import natural_order

_MEASURES = {"target": "target", "actual": "result", "score": "score"}


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value as printed; `iri` is the figure or the text that says so, `amount` its number, None for words."""

    iri: str
    printed: str
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """An indicator with its target, result and score; `full` is the highest score, `deviation` why the two differ."""

    names: tuple[str, ...]
    sign: str
    unit: str
    full: str
    deviation: str
    values: dict[str, PrintedValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectEvaluation:
    """A self-evaluation: its form, the project if known, goal and achievement in words, indicators.

    `money` holds the money of the project by phase (`initial`, `full-year`, `final`), `rate` the rate of execution and
    `score` and `full` the marks of the whole, None where not printed.
    """

    form: str
    project: str | None
    name: str
    goal: str
    achievement: str
    rating: str
    indicators: tuple[IndicatorResult, ...]
    money: dict[str, PrintedValue]
    rate: PrintedValue | None
    score: PrintedValue | None
    full: PrintedValue | None


async def evaluations_of(context: PageContext, version: str) -> list[ProjectEvaluation]:
    """Return the self-evaluations of projects in a version, in the order of the document."""
    rows = await context.select("what_do_project_evaluations_report", default_graphs=[version])
    totals = await context.select("which_figures_do_evaluations_total", default_graphs=[version]) if rows else []
    return rows_to_evaluations(rows, totals)


def rows_to_evaluations(rows: Iterable[QueryRow], totals: Iterable[QueryRow]) -> list[ProjectEvaluation]:
    """Return evaluations from the rows of the two queries of `evaluations_of`."""
    forms: dict[str, QueryRow] = {}
    indicators: dict[str, dict[str, IndicatorResult]] = {}
    for row in rows:
        forms.setdefault(row["form"], row)
        of_form = indicators.setdefault(row["form"], {})
        if "indicator" in row:
            result = of_form.setdefault(row["indicator"], _indicator(row))
            name = _MEASURES.get(_last(row.get("measure", "")))
            if name is not None:
                result.values[name] = PrintedValue(row["value"], row["printed"])
    figures: dict[str, list[QueryRow]] = {iri: [] for iri in forms}
    for row in totals:
        figures[row["form"]].append(row)
    return [_evaluation(iri, forms[iri], indicators[iri], figures[iri]) for iri in sorted(forms, key=document_order)]


def _indicator(row: QueryRow) -> IndicatorResult:
    names = tuple(row[part] for part in ("class", "group", "label") if row.get(part))
    sign, unit, full, deviation = (row.get(name, "") for name in ("sign", "unit", "weight", "deviation"))
    return IndicatorResult(names, sign, unit, full, deviation)


def _evaluation(
    iri: str, form: QueryRow, indicators: dict[str, IndicatorResult], figures: list[QueryRow]
) -> ProjectEvaluation:
    by_measure: dict[str, list[QueryRow]] = {}
    for row in sorted(figures, key=lambda row: natural_order(row["figure"])):
        by_measure.setdefault(_last(row["measure"]), []).append(row)
    money = {_last(row["phase"]): _printed(row) for row in reversed(by_measure.get("amount", []))}
    rate = next(map(_printed, by_measure.get("executionRate", [])), None)
    last = max(indicators, key=natural_order, default="")
    score, full = (_below(last, by_measure.get(name, [])) for name in ("score", "fullScore"))
    if form.get("total"):
        score = PrintedValue(iri, form["total"])
    return ProjectEvaluation(
        form=iri,
        project=form.get("project"),
        name=form["name"],
        goal=form.get("goal", ""),
        achievement=form.get("achievement", ""),
        rating=form.get("rating", ""),
        indicators=tuple(indicators[key] for key in sorted(indicators, key=natural_order)),
        money=money,
        rate=rate,
        score=score,
        full=full,
    )


def _below(indicator: str, rows: list[QueryRow]) -> PrintedValue | None:
    """The figure below the last indicator: marks above are those for the use of the budget, not for everything."""
    below = (row for row in rows if indicator and natural_order(row["figure"]) > natural_order(indicator))
    return next(map(_printed, below), None)


def _printed(row: QueryRow) -> PrintedValue:
    return PrintedValue(row["figure"], row["printed"], Decimal(row["amount"]))


def _last(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
