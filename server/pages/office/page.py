"""The page of an organisation: its disclosures, its money over the years and where it goes, its subordinate units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response

from ontology.tabular.published_columns import DataTable
from ontology.tabular.published_columns import Row as TableRow
from server.errors import NotFoundError
from server.pages.data.home import list_of_office
from server.pages.data.resource import figures_at
from server.pages.office.charts import classes_picture, findings_picture, flows_picture, years_picture
from server.pages.office.evaluations import evaluations_of
from server.pages.office.figures_over_years import Execution, OverYears, Time, executions_of, personnel_shares, years_of
from server.pages.office.flows import MoneyFlow, flows_of
from server.pages.office.money import EXPENDITURE, OfficeFact, OfficeMoney, claims_of, read_money
from server.pages.office.performance import goals_of
from server.pages.office.table import OFFICE_TABLE, money_to_rows
from server.pages.page_context import PageContext
from server.sparql.query_templates import nodes

TOTAL = "code/function/total"
MOST_PROJECTS = 25


@dataclass(frozen=True)
class Spending:
    """Spending of an organisation: a column for each (year, phase), a row for each functional class, and the total."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[OfficeFact | None, ...]], ...]
    total: tuple[OfficeFact | None, ...]

    @property
    def facts(self) -> Iterator[OfficeFact]:
        """All facts shown."""
        return (fact for _, facts in (*self.rows, ("", self.total)) for fact in facts if fact is not None)


@dataclass(frozen=True)
class OfficeView:
    """The data of the tables and pictures of an office; `shown` is the disclosure whose money is drawn."""

    money: OfficeMoney
    times: list[Time]
    shown: Time | None
    years: list[OverYears]
    executions: dict[str, list[Execution]]
    flows: list[MoneyFlow]
    classes: list[OfficeFact]
    economic: list[OfficeFact]
    projects: list[OfficeFact]
    further_projects: int

    def concepts(self) -> set[str]:
        """Return the IRIs of all that is named."""
        named = {phase for _, phase, _ in self.times} | {line.subject for line in self.years if ":" in line.subject}
        named |= {end[1] for flow in self.flows for end in (flow.source, flow.target)}
        named |= {line.subject for lines in self.executions.values() for line in lines}
        named |= {concept for fact in self.economic for concept in (fact.codes["economic"], fact.fund)}
        return named | {fact.codes["function"] for fact in self.classes} | {f.codes["project"] for f in self.projects}


async def organisation_table(context: PageContext, iri: str) -> tuple[DataTable, list[TableRow]]:
    """Return the facts that the page of an organisation shows. Raise NotFoundError if it has none."""
    rows = await context.select("which_disclosures_does_an_office_have", organisation=iri)
    money = await read_money(context, list(dict.fromkeys(row["version"] for row in rows)))
    if not money.facts:
        raise NotFoundError(iri=iri)
    names = await context.names_in_both_languages(code for fact in money.facts for code in fact.codes.values())
    return OFFICE_TABLE, list(money_to_rows(money, names, context.base))


async def organisation_page(context: PageContext, iri: str) -> Response:
    """Return the page of an organisation. Raise NotFoundError if it is unknown."""
    rows = await context.select("what_is_said_of_a_thing", thing=iri)
    if not rows:
        raise NotFoundError(iri=iri)
    above = [row["above"] for row in await context.select("what_stands_above_a_thing", thing=iri)]
    below = [row["below"] for row in await context.select("what_stands_below_a_thing", thing=iri)]
    disclosures = await list_of_office(context, iri)
    figures, has_more = ([], False) if disclosures else await figures_at(context, iri)
    division = division_of(iri, context.base)
    versions = [entry.version for entry in disclosures]
    view = view_of(await read_money(context, versions), context)
    spending = spending_of(view.money, context.base)
    classes = [row[0] for row in spending.rows]
    phases = [phase for _, phase in spending.columns]
    await context.load_names([iri, division, *above, *below, *classes, *phases, *view.concepts()])
    return context.page(
        "office.html",
        iri=iri,
        division=division if division in context.labels else None,
        above=above,
        below=below,
        disclosures=disclosures,
        spending=spending,
        claims=await claims_of(context, spending.facts),
        goals=await goals_of(context, view.shown[2].removesuffix("/facts")) if view.shown else [],
        evaluations=await evaluations_of(context, view.shown[2].removesuffix("/facts")) if view.shown else [],
        figures=figures,
        has_more=has_more,
        number=context.page_number,
        view=view,
        purchases=await purchases_of(context, versions),
        shares=personnel_shares(view.money, view.times, context.base),
        flows_picture=flows_picture(context, view.flows, context.message("office-flows")),
        classes_picture=classes_picture(context, view.classes, context.message("office-classes")),
        years_picture=years_picture(context, view.money, view.times, context.message("office-years")),
        findings_picture=findings_picture(context, disclosures, context.message("office-findings")),
    )


async def purchases_of(context: PageContext, versions: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Return the key of the disclosure and its number of purchases, by version, for versions that list purchases."""
    if not versions:
        return {}
    start = f"{context.base}id/disclosure/"
    keys = {version: version.removeprefix(start).partition("/v/")[0] for version in versions}
    disclosures = nodes(f"{start}{key}" for key in keys.values())
    rows = await context.select("which_of_these_disclosures_list_purchases", disclosures=disclosures)
    lines = {row["disclosure"].removeprefix(start): int(row["lines"]) for row in rows}
    return {version: (key, lines[key]) for version, key in keys.items() if lines.get(key)}


def view_of(money: OfficeMoney, context: PageContext) -> OfficeView:
    """Return what the page shows of the facts; the parameter `shown` (`2024/budget`) chooses the disclosure drawn.

    Without it that is the latest. Raise NotFoundError if the office has no such disclosure.
    """
    times = money.times()
    asked = context.request.query_params.get("shown")
    named = {f"{year}/{phase.rpartition('/')[2]}": (year, phase, set_) for year, phase, set_ in times}
    if asked and asked not in named:
        raise NotFoundError(iri=str(context.request.url))
    shown = named[asked] if asked else (times[-1] if times else None)
    set_ = shown[2] if shown else ""
    projects = money.parts(set_, EXPENDITURE, {"project": 2}, {"kind": f"{context.base}code/kind/project"})
    projects = projects or money.parts(set_, EXPENDITURE, {"project": 1}, {"kind": f"{context.base}code/kind/project"})
    largest = sorted(projects, key=lambda fact: (-fact.amount, fact.iri))
    return OfficeView(
        money,
        times,
        shown,
        years_of(money, times, context.base),
        executions_of(money, times),
        flows_of(money, set_, context.base),
        money.parts(set_, EXPENDITURE, {"function": 1}),
        economic_classes(money, set_, context.base),
        largest[:MOST_PROJECTS],
        max(0, len(largest) - MOST_PROJECTS),
    )


def economic_classes(money: OfficeMoney, set_: str, base: str) -> list[OfficeFact]:
    """Return the basic expenditure of a disclosure by economic class of both levels, as printed, without zeros."""
    basic = f"{base}code/kind/basic"
    found = [
        fact
        for fact in money.facts
        if (fact.set, fact.flow, fact.breakdown) == (set_, EXPENDITURE, "economic-kind")
        and fact.codes["kind"] == basic
        and fact.amount
    ]
    return sorted(found, key=lambda fact: fact.codes["economic"])


def division_of(organisation: str, base: str) -> str | None:
    """Return the IRI of the administrative division in the IRI of an organisation, if it has one."""
    parts = organisation.removeprefix(base + "id/org/").split("/")
    return f"{base}code/division/{parts[0]}" if len(parts) == 2 and parts[0].isdecimal() else None


def spending_of(money: OfficeMoney, base: str) -> Spending:
    """Tabulate the totals and the functional classes of expenditure, without classes that are zero in every column."""
    total = f"{base}{TOTAL}"
    columns = tuple(sorted({(fact.year, fact.phase) for fact in money.facts if fact.flow == EXPENDITURE}))
    cells: dict[str, dict[tuple[str, str], OfficeFact]] = {total: {}}
    for fact in money.facts:
        class_ = fact.codes["function"]
        is_class = fact.breakdown == "function" and money.depth(class_) == 1
        if fact.flow == EXPENDITURE and (is_class or fact.breakdown == "total"):
            cells.setdefault(class_, {}).setdefault((fact.year, fact.phase), fact)

    def line(amounts: Mapping[tuple[str, str], OfficeFact]) -> tuple[OfficeFact | None, ...]:
        return tuple(amounts.get(column) for column in columns)

    shown = [key for key, amounts in cells.items() if key != total and any(s.amount for s in amounts.values())]
    return Spending(columns, tuple((key, line(cells[key])) for key in sorted(shown)), line(cells[total]))
