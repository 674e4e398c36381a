"""The page of an organisation: its disclosures, what it spends on what, the units below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from server.errors import NotFoundError
from server.pages.data.home import list_disclosures
from server.pages.data.observation import statements
from server.pages.data.things import figures_at
from server.pages.figures import to_decimal
from server.pages.page_context import PageContext, Row

TOTAL = "code/function/total"


@dataclass(frozen=True, slots=True)
class Spent:
    """An amount and the figure that claims it."""

    amount: Decimal
    figure: str


@dataclass(frozen=True)
class Spending:
    """What an office spends: a column for each (year, phase), a row for each functional class, the total last."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Spent | None, ...]], ...]
    total: tuple[Spent | None, ...]


async def organisation_page(visit: PageContext, iri: str) -> Response:
    """The page; raises NotFoundError."""
    said = await visit.ask("what_is_said_of_a_thing", thing=iri)
    if not said:
        raise NotFoundError(iri=iri)
    above = [row["above"] for row in await visit.ask("what_stands_above_a_thing", thing=iri)]
    below = [row["below"] for row in await visit.ask("what_stands_below_a_thing", thing=iri)]
    disclosures = await list_disclosures(visit, await visit.ask("which_disclosures_has_an_office", organisation=iri))
    spending = spending_of(await visit.ask("what_does_an_office_spend_on_each_class", organisation=iri), visit.base)
    figures, has_more = ([], False) if disclosures else await figures_at(visit, iri)
    division = division_of(iri, visit.base)
    classes = [row[0] for row in spending.rows]
    phases = [phase for _, phase in spending.columns]
    await visit.learn_names([iri, division, *above, *below, *classes, *phases])
    return visit.page(
        "organisation.html",
        iri=iri,
        said=statements(said),
        division=division if division in visit.labels else None,
        above=above,
        below=below,
        disclosures=disclosures,
        spending=spending,
        figures=figures,
        has_more=has_more,
        number=visit.page_number,
    )


def division_of(organisation: str, base: str) -> str | None:
    """The administrative division in the address of an organisation."""
    parts = organisation.removeprefix(base + "id/org/").split("/")
    return f"{base}code/division/{parts[0]}" if len(parts) == 2 and parts[0].isdecimal() else None


def spending_of(rows: Iterable[Row], base: str) -> Spending:
    """The table of rows of (year, phase, class, claim, amount), without the classes that are nothing throughout."""
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
