"""Shares of what the words name and only tables state: 占本年支出合计的96.55%, 完成年初预算的96.55%."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from converters.model.hierarchy import Hierarchy
from converters.model.observation import Observation, coordinates_to_place
from converters.narrative.narrative import Narrative, Statement
from ontology.numbers import ZERO, agree

_USES = ("function", "economic", "project", "scope", "supplier", "line")
_HUNDRED = 100
_OF_ALL_KINDS = 2
"""The depth of the kinds of outlay that a total may be of: all outlay, or that of this year."""
_ROUNDINGS = 3
"""How many times its precision a printed percentage may miss: rounding, and one unit of its last digit."""


def add_share_totals(narrative: Narrative, tables: Iterable[Observation], hierarchy: Hierarchy) -> Narrative:
    """Return the text with the whole of each share whose whole only tables print: a named total, or a budget.

    Words such as 支出合计 leave open whether the money of one fund or of one kind is meant. A share that follows from
    any total of its time, or that has none of its flow to compare with, is left as it is; else the share is held to
    the total of its flow.
    """
    tables = tuple(tables)
    figures = [o for o in (*tables, *narrative.compared) if _is_total(o, hierarchy)]
    statements = tuple(
        replace(s, share_in=_scope_of(s, tables, hierarchy))
        if s.share_total is not None and "scope" in s.share_total
        else replace(s, share_in=_total_of(s, figures, hierarchy))
        if s.share_total is not None
        else replace(s, share_in=_budget_of(s, tables, hierarchy))
        if s.budget_phases
        else s
        for s in narrative.statements
    )
    return replace(narrative, statements=statements)


def _budget_of(statement: Statement, tables: Sequence[Observation], hierarchy: Hierarchy) -> Observation | None:
    """Return the budget beside an outturn in a table that a degree of completion divides by; None if there are several.

    Only a table that prints the outturn of the text counts; it may name the fund more narrowly than the text does.
    """
    share, part = statement.observation, statement.share_of
    if part is None or not part.amount or share.amount is None:
        return None
    spent = [o for o in tables if _is_printed_in(part, o, hierarchy)]
    rows = {(o.table, coordinates_to_place({**o.coordinates, "phase": ""})) for o in spent}
    budgets = [
        o
        for o in tables
        if o.coordinates["phase"] in statement.budget_phases
        and o.amount
        and (o.table, coordinates_to_place({**o.coordinates, "phase": ""})) in rows
    ]
    following = next((o for o in budgets if _follows(share, part, o)), None)
    alike = len({o.amount for o in budgets}) == 1
    return following or (budgets[0] if alike else None)


def _scope_of(statement: Statement, tables: Sequence[Observation], hierarchy: Hierarchy) -> Observation | None:
    """Return the figure of a named scope that a table prints for a part of it; None if there are several amounts.

    The figure has the coordinates of the part but for its scope; the table may name the fund more widely or narrowly.
    """
    share, part, named = statement.observation, statement.share_of, statement.share_total or {}
    if part is None or not part.amount or share.amount is None:
        return None
    scope = named["scope"]
    if scope == part.coordinates["scope"] or not hierarchy.is_within(part.coordinates["scope"], scope):
        return None
    wholes = [
        o
        for o in tables
        if o.measure == "amount"
        and o.coordinates["scope"] == scope
        and all(
            hierarchy.comparable(o.coordinates[d], c) if d == "fund" else o.coordinates[d] == c
            for d, c in part.coordinates.items()
            if d != "scope"
        )
    ]
    following = next((o for o in wholes if _follows(share, part, o)), None)
    alike = len({o.amount for o in wholes}) == 1
    return following or (wholes[0] if alike else None)


def _is_printed_in(stated: Observation, cell: Observation, hierarchy: Hierarchy) -> bool:
    """Whether a cell of a table prints an amount of the text: the same money, of the same fund or of a part of it."""
    one, other = ((o.amount or ZERO, o.precision) for o in (stated, cell))
    return agree(one, other) and all(
        hierarchy.comparable(stated.coordinates[d], c) if d == "fund" else stated.coordinates[d] == c
        for d, c in cell.coordinates.items()
    )


def _is_total(observation: Observation, hierarchy: Hierarchy) -> bool:
    """Whether a figure is an amount of money of all uses."""
    coordinates = observation.coordinates
    return observation.measure == "amount" and all(hierarchy.parent(coordinates[use]) is None for use in _USES)


def _is_narrow(total: Observation, hierarchy: Hierarchy) -> bool:
    """Whether an amount is of one kind of outlay, such as basic expenditure: no total unless words name it."""
    return len(hierarchy.line(total.coordinates["kind"])) > _OF_ALL_KINDS


def _total_of(statement: Statement, figures: Sequence[Observation], hierarchy: Hierarchy) -> Observation | None:
    share, part = statement.observation, statement.share_of
    if part is None or not part.amount or share.amount is None or statement.share_total is None:
        return None
    times = ("year", "phase", "organisation", "period")
    totals = [o for o in figures if all(o.coordinates[d] == part.coordinates[d] for d in times)]
    if any(_follows(share, part, total) for total in totals):
        return None
    own = [
        o
        for o in totals
        if o.coordinates["flow"] == part.coordinates["flow"]
        and hierarchy.parent(o.coordinates["fund"]) is None
        and (o.amount or ZERO) >= part.amount
        and o is not part
        and not (_is_narrow(o, hierarchy) and o.coordinates["kind"] != statement.share_total.get("kind"))
    ]
    wanted = [o for o in own if statement.share_total.items() <= o.coordinates.items()]
    narrow = len(hierarchy.line(statement.share_total.get("kind", ""))) > _OF_ALL_KINDS
    return next(iter(wanted if narrow else wanted or own), None)


def _follows(share: Observation, part: Observation, total: Observation) -> bool:
    """Whether a percentage is a part divided by a total, as precisely as the three are printed."""
    (s, e), (x, p), (w, q) = ((o.amount or ZERO, o.precision) for o in (share, part, total))
    return (s - _ROUNDINGS * e) * (w - q) <= _HUNDRED * (x + p) and _HUNDRED * (x - p) <= (s + _ROUNDINGS * e) * (w + q)
