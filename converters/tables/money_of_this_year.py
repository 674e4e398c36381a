"""Tables of one fund that hold this year's money only, without saying so, beside tables with what is carried over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from converters.entities.disclosure_context import DisclosureContext
from converters.model.observation import Observation, Table
from ontology.numbers import ZERO, agree

_TOTAL, _CURRENT, _CARRIED_OVER = "code/vintage/total", "code/vintage/current", "code/vintage/carried-over"
_REVENUE, _EXPENDITURE = "code/flow/revenue", "code/flow/expenditure"
_THIS_YEAR, _BASIC, _FISCAL = "code/kind/this-year", "code/kind/basic", "code/fund/fiscal"


def settle_money_of_this_year(tables: Sequence[Table], context: DisclosureContext) -> list[Table]:
    """Return the tables, with the figures of those that hold this year's money only at the vintage of this year.

    Such a table is one of expenditure out of one fund whose total is what the fund brings in within the year, where
    another table prints what is carried over of it, and the expenditure out of both together.
    """
    funds = {table.name: fund for table in tables if (fund := _fund(table, context)) is not None}
    whole = [t for t in tables if t.name in funds and _leaves_out(t, tables, funds[t.name], context)]
    basic = [o for table in whole for o in _totals(table, context, funds[table.name], _BASIC)]
    settled = {table.name for table in whole} | {
        table.name
        for table in tables
        if table.name in funds
        and any(_alike(own, o) for own in _totals(table, context, funds[table.name], _BASIC) for o in basic)
    }
    return [_of_this_year(table) if table.name in settled else table for table in tables]


def _fund(table: Table, context: DisclosureContext) -> str | None:
    """The one fund whose expenditure a table shows, None if it shows others or tells years apart itself."""
    kind = context.vocabulary.table_kinds.get(table.kind or "")
    if kind is None or kind.fixes.get("flow") != _EXPENDITURE:
        return None
    told = {o.coordinates["vintage"] for o in table.observations}
    return kind.fixes.get("fund") if told == {_TOTAL} else None


def _leaves_out(table: Table, tables: Sequence[Table], fund: str, context: DisclosureContext) -> bool:
    """Whether a table has spent what the fund brings in, and another what is carried over of it as well."""
    others = [other for other in tables if other is not table]
    widths = (fund, _FISCAL)
    received = [o for other in others for o in _totals(other, context, fund, None, _CURRENT) if o.amount]
    carried = [
        o for other in others for f in widths for o in _totals(other, context, f, None, _CARRIED_OVER) if o.amount
    ]
    spent = [o for other in others for f in widths for o in _totals(other, context, f, _THIS_YEAR)]
    together = [(_amount(r) + _amount(c), r.precision + c.precision) for r in received for c in carried]
    has_less = any(_alike(o, r) for o in _totals(table, context, fund, _THIS_YEAR) for r in received)
    return has_less and any(agree(both, (_amount(s), s.precision)) for both in together for s in spent)


def _totals(
    table: Table, context: DisclosureContext, fund: str, kind: str | None, vintage: str = _TOTAL
) -> Iterator[Observation]:
    """The amounts of a fund for the disclosure's year, phase and office, at the top of all dimensions not given.

    Without a kind of expenditure those of revenue.
    """
    flow = {"flow": _EXPENDITURE, "kind": kind} if kind else {"flow": _REVENUE}
    wanted = context.complete({**flow, "fund": fund, "vintage": vintage})
    return (o for o in table.observations if all(o.coordinates[d] == c for d, c in wanted.items()))


def _amount(figure: Observation) -> Decimal:
    return figure.amount or ZERO


def _alike(one: Observation, other: Observation) -> bool:
    return agree((_amount(one), one.precision), (_amount(other), other.precision))


def _of_this_year(table: Table) -> Table:
    def moved(figures: Iterable[Observation]) -> tuple[Observation, ...]:
        return tuple(replace(o, coordinates={**o.coordinates, "vintage": _CURRENT}) for o in figures)

    return replace(table, observations=moved(table.observations), gaps=moved(table.gaps), blanks=moved(table.blanks))
