"""A document as text and tables in reading order, ready to be written in another format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from converters.model.amounts import parse_amount
from converters.model.document import Document, Grid
from ontology.locators import Locator


@dataclass(frozen=True)
class Piece:
    """A paragraph, or a table with the lines above and below it."""

    text: str = ""
    heading: tuple[str, ...] = ()
    grid: Grid | None = None
    notes: tuple[str, ...] = ()


def read_pieces(document: Document) -> Iterator[Piece]:
    """The paragraphs and tables of a document in the order in which they stand in it.

    The text behind the last table is no note of it, but the text of the disclosure.
    """
    if document.grids:
        *others, last = document.grids
        document = replace(document, grids=(*others, replace(last, notes=())))
    taken = {id(block) for grid in document.grids for block in (*grid.heading, *grid.notes)}
    placed = [(_position(block.locator), Piece(text=block.text)) for block in document.blocks if id(block) not in taken]
    for grid in document.grids:
        heading, notes = ([block.text for block in part] for part in (grid.heading, grid.notes))
        first = grid.heading[0].locator if grid.heading else grid.cells[0].locator
        placed.append((_position(first), Piece(heading=tuple(heading), grid=grid, notes=tuple(notes))))
    yield from (piece for _, piece in sorted(placed, key=lambda item: item[0]))


def _position(locator: Locator) -> tuple[int, float]:
    return locator.page or 0, locator.line or (locator.bbox[1] if locator.bbox else 0)


def stored_number(text: str) -> tuple[Decimal, str] | None:
    """The number that a printed figure is and the format code that shows it so; None for words and codes."""
    amount = parse_amount(text)
    plain = text.strip()
    if amount is None or (amount.decimals == 0 and "," not in plain and plain != "0"):
        return None
    whole = "#,##0" if "," in plain else "0"
    code = whole + ("." + "0" * amount.decimals if amount.decimals else "")
    return amount.value, f"{code}_);({code})" if plain.startswith(("(", "（")) else code
