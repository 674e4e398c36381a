"""Printed figures as pages show them: loading, anchors, and the format of amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from server.pages.page_context import PageContext, QueryRow
from server.sparql.query_templates import nodes
from shapes.graph_reader import natural_order

LEAST_DECIMALS = 2
_SIGNS_OF_SHARES = frozenset("%％‰")


@dataclass(frozen=True, slots=True)
class FigureView:
    """A printed figure. `amount` and `precision` are in yuan, or in the measure's own unit; IRIs are full."""

    iri: str
    printed: str
    amount: Decimal | None
    precision: Decimal
    measure: str
    unit: str
    table: str
    table_number: str
    row_code: str
    row_label: str
    column_label: str
    point: str | None
    organisation: str
    year: str
    phase: str

    @property
    def version(self) -> str:
        """The version of the disclosure in which the figure is printed."""
        return self.table.rsplit("/", 1)[0]

    @property
    def anchor(self) -> str:
        """The HTML id of the figure on the page of its version."""
        return anchor(self.iri, self.version)

    @property
    def has_printed_unit(self) -> bool:
        """Whether a unit or a word for it is printed with the figure, as in `95%`; none need stand behind it then."""
        last = self.printed.rstrip()[-1:]
        return last.isalpha() or last in _SIGNS_OF_SHARES

    @property
    def low(self) -> Decimal | None:
        """The lower end of the interval: amount less precision."""
        return None if self.amount is None else self.amount - self.precision

    @property
    def high(self) -> Decimal | None:
        """The upper end of the interval: amount plus precision."""
        return None if self.amount is None else self.amount + self.precision


def anchor(iri: str, version: str) -> str:
    """Return the HTML id of a table or figure on the page of its version: `t05`, `t05-r4c3`."""
    return iri.removeprefix(version + "/").replace("/", "-")


async def find_figures(context: PageContext, iris: Iterable[str], graph: str | None = None) -> dict[str, FigureView]:
    """Return the figures with these IRIs from `graph`, or from all current versions; figures of tables come first."""
    wanted = nodes(iris)
    if not wanted:
        return {}
    rows = await context.select("what_do_figures_say", default_graphs=[graph] if graph else [], figures=wanted)
    found = {row["figure"]: row_to_figure(row) for row in rows}
    return {iri: found[iri] for iri in sorted(found, key=lambda iri: (not found[iri].table_number, natural_order(iri)))}


def row_to_figure(row: QueryRow) -> FigureView:
    """Return the figure described by a row of the query `what_do_figures_say`."""
    return FigureView(
        iri=row["figure"],
        printed=row.get("printed", ""),
        amount=to_decimal(row.get("amount")),
        precision=to_decimal(row.get("precision")) or Decimal(0),
        measure=row.get("measure", ""),
        unit=row.get("unit", ""),
        table=row["table"],
        table_number=row.get("number", ""),
        row_code=row.get("rowCode", ""),
        row_label=row.get("rowLabel", ""),
        column_label=row.get("columnLabel", ""),
        point=row.get("point"),
        organisation=row.get("organisation", ""),
        year=row.get("year", ""),
        phase=row.get("phase", ""),
    )


def to_decimal(text: str | None) -> Decimal | None:
    """Parse a decimal; None if the text is absent or not a number."""
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None


def money(amount: Decimal) -> str:
    """Format an amount with thousands separators and at least two decimals: `14,835,573.24`, `10,000.00`, `0.005`."""
    exponent = amount.normalize().as_tuple().exponent
    decimals = max(LEAST_DECIMALS, -exponent if isinstance(exponent, int) else 0)
    return f"{amount:,.{decimals}f}"


def number(amount: Decimal) -> str:
    """Format a number with thousands separators and no trailing zeros: `26`, `5.88`, `1,250`."""
    exponent = amount.normalize().as_tuple().exponent
    return f"{amount:,.{max(0, -exponent if isinstance(exponent, int) else 0)}f}"
