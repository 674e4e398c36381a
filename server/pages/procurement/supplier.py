"""The page of a supplier: what it was awarded, by office, function and year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Response

from ontology.tabular.published_columns import DECIMAL, INTEGER, DataColumn, DataTable
from ontology.tabular.published_columns import Row as TableRow
from server.errors import NotFoundError
from server.pages.data.resource import resource_page
from server.pages.page_context import PageContext, QueryRow
from server.pages.procurement.cells import cell_to_text

PREFIX = "id/supplier/"
MOST_LISTED = 500
"""The notices that a page lists one by one; its sums and tables are of all."""
_COLUMNS = ("year", "buyer", "function", "notice", "title", "issued", "awarded")
_TYPES = {"year": INTEGER, "awarded": DECIMAL}
TABLE = DataTable("awards", "notice", tuple(DataColumn(name, _TYPES.get(name, "string")) for name in _COLUMNS))


@dataclass(frozen=True)
class AwardSum:
    """The awards of one year, buyer and function; `awarded` is None where no notice prints an amount.

    `unpriced` counts the awards without an amount.
    """

    year: str
    buyer: str
    function: str
    awards: int
    unpriced: int
    awarded: Decimal | None


async def supplier_page(context: PageContext, iri: str) -> Response:
    """Return the page of a supplier with its awards. Raise NotFoundError if nothing is known about it."""
    awards = await read_awards(context, iri)
    sums = sum_awards(awards)
    await context.load_names(each.function for each in sums if each.function)
    return await resource_page(
        context,
        iri,
        "supplier.html",
        {"awards": awards, "most": MOST_LISTED, "sums": sums, "cell": cell_to_text, "total": total_awarded(sums)},
    )


async def supplier_table(context: PageContext, iri: str) -> tuple[DataTable, list[TableRow]]:
    """Return the awards of a supplier, a row each; amounts are in yuan. Raise NotFoundError if there are none."""
    rows: list[TableRow] = [{name: row.get(name) for name in _COLUMNS} for row in await read_awards(context, iri)]
    if not rows:
        raise NotFoundError(iri=iri)
    return TABLE, rows


async def read_awards(context: PageContext, iri: str) -> Sequence[QueryRow]:
    """Return the awards of a supplier, the latest year first; the function is left out where a project has several."""
    rows = await context.select("what_was_a_supplier_awarded", thing=iri)
    return [row if row.get("functions") == "1" else _without_function(row) for row in rows]


def _without_function(row: QueryRow) -> QueryRow:
    return {name: value for name, value in row.items() if name != "function"}


def sum_awards(rows: Iterable[QueryRow]) -> list[AwardSum]:
    """Return the sums of awards by year, buyer and function, in the order of the rows."""
    groups: dict[tuple[str, str, str], list[Decimal | None]] = {}
    for row in rows:
        key = row.get("year") or "", row.get("buyer") or "", row.get("function") or ""
        awarded = row.get("awarded")
        groups.setdefault(key, []).append(Decimal(awarded) if awarded else None)
    return [
        AwardSum(
            *key,
            awards=len(amounts),
            unpriced=amounts.count(None),
            awarded=sum((a for a in amounts if a is not None), Decimal(0)) if any(amounts) else None,
        )
        for key, amounts in groups.items()
    ]


def total_awarded(sums: Iterable[AwardSum]) -> Decimal | None:
    """Return the sum of all amounts, None if no notice prints one."""
    amounts = [each.awarded for each in sums if each.awarded is not None]
    return sum(amounts, Decimal(0)) if amounts else None
