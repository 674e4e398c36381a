"""The page of an organisation: its disclosures, its spending by functional class, its subordinate units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from server.errors import NotFoundError
from server.pages.data.home import list_disclosures
from server.pages.data.resource import figures_at
from server.pages.figures import to_decimal
from server.pages.page_context import PageContext, Row

TOTAL = "code/function/total"


@dataclass(frozen=True, slots=True)
class Spent:
    """An amount and the IRI of the figure that prints it."""

    amount: Decimal
    figure: str


@dataclass(frozen=True)
class Spending:
    """Spending of an organisation: a column for each (year, phase), a row for each functional class, and the total."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Spent | None, ...]], ...]
    total: tuple[Spent | None, ...]


async def organisation_page(context: PageContext, iri: str) -> Response:
    """Return the page of an organisation. Raise NotFoundError if it is unknown."""
    rows = await context.select("what_is_said_of_a_thing", thing=iri)
    if not rows:
        raise NotFoundError(iri=iri)
    above = [row["above"] for row in await context.select("what_stands_above_a_thing", thing=iri)]
    below = [row["below"] for row in await context.select("what_stands_below_a_thing", thing=iri)]
    disclosures = await list_disclosures(
        context, await context.select("which_disclosures_has_an_office", organisation=iri)
    )
    spending = spending_of(
        await context.select("what_does_an_office_spend_on_each_class", organisation=iri), context.base
    )
    figures, has_more = ([], False) if disclosures else await figures_at(context, iri)
    division = division_of(iri, context.base)
    classes = [row[0] for row in spending.rows]
    phases = [phase for _, phase in spending.columns]
    await context.load_names([iri, division, *above, *below, *classes, *phases])
    return context.page(
        "organisation.html",
        iri=iri,
        division=division if division in context.labels else None,
        above=above,
        below=below,
        disclosures=disclosures,
        spending=spending,
        figures=figures,
        has_more=has_more,
        number=context.page_number,
    )


def division_of(organisation: str, base: str) -> str | None:
    """Return the IRI of the administrative division in the IRI of an organisation, if it has one."""
    parts = organisation.removeprefix(base + "id/org/").split("/")
    return f"{base}code/division/{parts[0]}" if len(parts) == 2 and parts[0].isdecimal() else None


def spending_of(rows: Iterable[Row], base: str) -> Spending:
    """Tabulate rows of (year, phase, class, claim, amount); classes that are zero in every column are left out."""
    cells: dict[str, dict[tuple[str, str], Spent]] = {}
    for row in rows:
        amount = to_decimal(row["amount"])
        if amount is not None:
            spent = Spent(amount, row["claim"])
            cells.setdefault(row["class"], {}).setdefault((row["year"], row["phase"]), spent)
    columns = tuple(sorted({column for amounts in cells.values() for column in amounts}))

    def line(amounts: dict[tuple[str, str], Spent]) -> tuple[Spent | None, ...]:
        return tuple(amounts.get(column) for column in columns)

    shown: Sequence[str] = [key for key, amounts in cells.items() if any(s.amount for s in amounts.values())]
    rows_ = tuple((key, line(cells[key])) for key in sorted(shown) if key != base + TOTAL)
    return Spending(columns, rows_, line(cells.get(base + TOTAL, {})))
