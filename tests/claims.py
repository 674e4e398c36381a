"""Claims made by hand: observations at stated coordinates, everything that is not stated at its total."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from converters import Observation, Table
from converters.model.document import Grid
from converters.model.document_context import DocumentContext, open_context
from ontology import load_vocabulary
from ontology.locators import Locator

VOCABULARY = load_vocabulary()
DISCLOSURE = "id/disclosure/420107/2024/budget/108"
DEPARTMENT, OFFICE, STATION = "108", "108001", "108002"


def context_of(*units: str) -> DocumentContext:
    """The shipped code lists with department 108 and its units."""
    known = open_context(VOCABULARY)
    for code in (DEPARTMENT, *units):
        known.hierarchy.add(f"id/org/420107/{code}", None if code == DEPARTMENT else f"id/org/420107/{DEPARTMENT}")
    return known


def claim(
    amount: str | None,
    *,
    table: str = "t01",
    precision: str = "0",
    year: str = "2024",
    organisation: str = DEPARTMENT,
    flow: str = "expenditure",
    **notations: str,
) -> Observation:
    """A claim; `notations` are by dimension (`fund="own"`), an `amount` of None is a cell that cannot be read."""
    coordinates = {name: d.top for name, d in VOCABULARY.dimensions.items() if d.top is not None}
    coordinates |= {d: f"code/{d}/{n}" for d, n in {"phase": "budget", "flow": flow, **notations}.items()}
    coordinates |= {"organisation": f"id/org/420107/{organisation}", "year": year, "measure": "def#amount"}
    return Observation(
        table=table,
        row=1,
        column=1,
        coordinates={name: coordinates[name] for name in VOCABULARY.dimensions},
        amount=None if amount is None else Decimal(amount),
        precision=Decimal(precision),
        printed=amount or "?",
        unit="code/unit/yuan",
        row_code=None,
        row_label="",
        column_label="",
        locator=Locator(),
    )


def table_of(*figures: Observation) -> Table:
    """A table that prints these figures."""
    name = figures[0].table
    return Table(
        name=name,
        number=name.removeprefix("t"),
        title="",
        kind=None,
        unit="code/unit/yuan",
        declared_empty=False,
        labelled_columns=1,
        printed_columns=1,
        contradiction=None,
        observations=tuple(f for f in figures if f.amount is not None),
        gaps=tuple(f for f in figures if f.amount is None),
        grid=Grid((), (), 1, 1, 0, (), 1, "tabs"),
        title_locator=Locator(),
    )


def printed(claims: Sequence[Observation]) -> list[str]:
    """What the claims print, in order."""
    return [claim.printed for claim in claims]


def row(*claims: Observation, table: str = "t01", number: int = 1, first: int = 1) -> list[Observation]:
    """The claims side by side in one row, from the first column on."""
    return [replace(claim, table=table, row=number, column=at) for at, claim in enumerate(claims, start=first)]


def column(*claims: Observation, table: str = "t01", number: int = 1) -> list[Observation]:
    """The claims one below the other in one column."""
    return [replace(claim, table=table, row=at, column=number) for at, claim in enumerate(claims, start=1)]
