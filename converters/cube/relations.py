"""Relations between the figures of a disclosure: points, facts, bounds, sums, shares and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from converters.cube.changes import Change, find_changes
from converters.cube.containing_wholes import find_bounds
from converters.cube.facts import Fact, find_facts
from converters.cube.points import Point, find_points
from converters.cube.share_wholes import Share, find_shares
from converters.cube.sums import Sum, find_blank_totals, find_sums
from converters.model.document_context import DocumentContext
from converters.model.observation import Observation, Table


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations between the figures of one disclosure.

    `bounds` are (part, whole) pairs; `blank_totals` are sums whose total is a blank cell.
    """

    points: tuple[Point, ...]
    facts: tuple[Fact, ...]
    bounds: tuple[tuple[Observation, Observation], ...]
    sums: tuple[Sum, ...]
    shares: tuple[Share, ...]
    changes: tuple[Change, ...]
    blank_totals: tuple[Sum, ...]


def find_relations(
    tables: Sequence[Table],
    narrative: Sequence[Observation],
    disclosure: str,
    organisation: str,
    year: int,
    phase: str,
    context: DocumentContext,
) -> Relations:
    """Find the relations between the figures of a disclosure.

    Points, facts and bounds cover the figures of all tables and the figures of the narrative that are compared with
    tables (`narrative`); sums, shares and changes cover the tables alone. `disclosure`, `organisation` and `phase` are
    keys; `context.unread` must hold the coordinates of money that was not read.
    """
    points = find_points([*(o for table in tables for o in table.observations), *narrative], disclosure, context)
    sums = find_sums(tables, context)
    return Relations(
        points=tuple(points),
        facts=tuple(find_facts(points, organisation, year, phase, context)),
        bounds=tuple(find_bounds(points, context)),
        sums=tuple(sums),
        shares=tuple(find_shares(tables, sums)),
        changes=tuple(find_changes(tables)),
        blank_totals=tuple(find_blank_totals(tables, context)),
    )
