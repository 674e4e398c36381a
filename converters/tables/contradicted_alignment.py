"""Figures read by alignment that contradict other figures: the reading may be at fault, so they are withheld."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from converters.cube.containing_wholes import find_bounds
from converters.cube.points import find_points
from converters.cube.sums import find_sums
from converters.entities.disclosure_context import DisclosureContext
from converters.model.document import ALIGNED, Issue
from converters.model.observation import Observation, Table
from converters.tables.coordinates import unread_places

_MOST = 4
"""A table of which more than one in so many figures contradict others was not understood: all of it is withheld,
the figures that are not compared (unit prices) too."""
_ZERO = Decimal(0)
_QUANTITY, _UNIT_PRICE, _AMOUNT, _FACTORS = "quantity", "unitPrice", "amount", 2


def withhold_contradicted(
    tables: Sequence[Table], narrative: Sequence[Observation], disclosure: str, context: DisclosureContext
) -> tuple[list[Table], list[Issue]]:
    """Return the tables without the figures that were read by alignment and contradict other figures, and issues.

    In a table without ruling lines a contradiction may be a mistake of the disclosure or of the reading, and nothing
    tells which. The figures count as not read. `narrative` are the figures of the text that are compared with tables,
    `disclosure` is the key of the disclosure.
    """
    kept = list(tables)
    while any(_aligned(table) for table in kept):
        settled = replace(context, unread=tuple(unread_places(kept, context)))
        against = set(_contradicted(kept, narrative, disclosure, settled))
        if not against:
            break
        kept = [_without(table, against) for table in kept]
    withheld = [
        (after, len(before.observations) - len(after.observations)) for before, after in zip(tables, kept, strict=True)
    ]
    issues = [
        Issue("alignment-contradicted", table.title_locator, {"title": table.title, "count": count})
        for table, count in withheld
        if count
    ]
    return kept, issues


def _aligned(table: Table) -> list[Observation]:
    return [o for o in table.observations if o.doubt == ALIGNED]


def _contradicted(
    tables: Sequence[Table], narrative: Sequence[Observation], disclosure: str, context: DisclosureContext
) -> Iterator[Observation]:
    """The figures read by alignment in sums, points, bounds and products that do not hold."""
    for found in find_sums(tables, context):
        figures = (found.total, *found.parts)
        added = sum((part.amount or _ZERO for part in found.parts), _ZERO)
        distance = abs((found.total.amount or _ZERO) - added)
        if distance > max(_margin(figures), 2 * max(o.precision for o in figures)):
            yield from _read_by_alignment(figures)
    points = find_points([*(o for table in tables for o in table.observations), *narrative], disclosure, context)
    for point in points:
        highest = max((o.amount or _ZERO) - o.precision for o in point.claims)
        lowest = min((o.amount or _ZERO) + o.precision for o in point.claims)
        if highest - lowest > max(o.precision for o in point.claims):
            yield from _read_by_alignment(point.claims)
    for part, whole in find_bounds(points, context):
        over = (part.amount or _ZERO) - (whole.amount or _ZERO)
        if over > max(_margin((part, whole)), 2 * max(part.precision, whole.precision)):
            yield from _read_by_alignment((part, whole))
    for table in tables:
        yield from _contradicted_products(table, context)


def _contradicted_products(table: Table, context: DisclosureContext) -> Iterator[Observation]:
    """The figures of the records of a list in which quantity times unit price is not the amount."""
    total = context.vocabulary.dimensions["supplier"].top
    lines: dict[int, dict[str, list[Observation]]] = {}
    for o in _aligned(table):
        if o.record is not None and o.coordinates["supplier"] == total:
            lines.setdefault(o.record, {}).setdefault(o.measure, []).append(o)
    for held in lines.values():
        factors = [*held.get(_QUANTITY, ()), *held.get(_UNIT_PRICE, ())]
        for amount in held.get(_AMOUNT, ()) if len(factors) == _FACTORS else ():
            product = (factors[0].amount or _ZERO) * (factors[1].amount or _ZERO)
            if abs((amount.amount or _ZERO) - product) > amount.precision:
                yield from (*factors, amount)


def _margin(figures: Iterable[Observation]) -> Decimal:
    return sum((o.precision for o in figures), _ZERO)


def _read_by_alignment(figures: Iterable[Observation]) -> Iterator[Observation]:
    return (o for o in figures if o.doubt == ALIGNED)


def _without(table: Table, against: set[Observation]) -> Table:
    aligned = _aligned(table)
    wrong = [o for o in aligned if o in against]
    if len(wrong) * _MOST > len(aligned):
        wrong = [o for o in table.observations if ALIGNED in table.grid.covering[o.row, o.column].flags]
    if not wrong:
        return table
    places = {(o.row, o.column) for o in wrong}
    return replace(
        table,
        observations=tuple(o for o in table.observations if (o.row, o.column) not in places),
        unplaced=table.unplaced | places,
    )
