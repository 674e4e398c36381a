"""Lists of revenue or expenditure that name what is carried over or forward beside this year's money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.draft_statements import AMOUNT, DraftStatement, Enumeration
from converters.narrative.statements.figure_roles import value_of


def settle_carried_money(
    enumerations: Iterable[Enumeration], implied: Mapping[str, Mapping[str, str]], hierarchy: Hierarchy
) -> None:
    """Take the other entries of a list that names 上年结转 or 结转下年 by itself for money of this year.

    `implied` are the dimensions and concepts that a flow implies. In 收入总预算100万元，其中：一般公共预算拨款90万元，
    上年结转10万元, the 90万元 do not include what is carried over; they may where the list does not add up, and do
    where the others alone add up to the whole. A table may print them so for all appropriations together.
    """
    for enumeration in enumerations:
        whole = enumeration.whole
        if whole is None or whole.measure != AMOUNT:
            continue
        for flow, usual in implied.items():
            parts = [p for p in enumeration.parts if p.coordinates(hierarchy).get("flow") == flow]
            for dimension, concept in usual.items():
                _settle(whole, parts, dimension, concept, hierarchy)


def _settle(
    whole: DraftStatement, parts: list[DraftStatement], dimension: str, concept: str, hierarchy: Hierarchy
) -> None:
    apart = [p for p in parts if dimension in p.own and not hierarchy.comparable(p.own[dimension], concept)]
    others = [p for p in parts if dimension not in p.own]
    named = [p for p in parts if p not in apart]
    around = whole.coordinates(hierarchy).get(dimension, concept)
    if not apart or not hierarchy.comparable(around, concept) or _total(named) == value_of(whole):
        return
    added = _total(parts) == value_of(whole)
    for part in others:
        part.own = {**part.own, dimension: concept}
        part.left_open |= frozenset() if added else {dimension, "fund"}


def _total(parts: Iterable[DraftStatement]) -> Decimal:
    return sum((value_of(part) for part in parts), Decimal(0))
