"""The rule by which facts of a disclosure are added: parts that make up their whole, each counted once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ontology.numbers import sums_to

SPREAD = ("line", "project", "economic", "function", "scope", "supplier", "kind", "fund", "vintage")
"""The dimensions over which money can be spread."""
OF_WHICH = frozenset(("scope", "supplier"))
"""The dimensions whose parts never make up the whole."""

FactRow = Mapping[str, Any]
"""A fact by the columns of the table of facts; amounts are decimals or floats."""


def choose_parts(
    parts: Sequence[FactRow], wholes: Sequence[FactRow], spread: Sequence[str]
) -> tuple[list[FactRow], str | None]:
    """Return the parts of one disclosure that add up to its whole, and None; else an empty list and a reason.

    `parts` are facts spread over the dimensions `spread` at one depth, `wholes` the facts that they divide. The reason
    is the key of a message: `totals-no-parts`, `totals-no-whole`, `totals-parts-apart` or `totals-overlap`. Parts by
    `scope` or `supplier` never make up a whole; of these only repeated parts are refused.
    """
    if not parts:
        return [], "totals-no-parts"
    chosen = list(parts)
    if set(spread) - OF_WHICH:
        chosen = [row for row in parts if row["adds"]]
        if not wholes and len(spread) > 1:
            return [], "totals-no-whole"
        if not chosen or (wholes and not _adds_up(chosen, wholes)):
            return [], "totals-parts-apart"
    if len({tuple(row[name] for name in spread) for row in chosen}) < len(chosen):
        return [], "totals-overlap"
    return chosen, None


def exact_sum(amounts: Iterable[object]) -> Decimal:
    """Return the sum of amounts without the rounding of binary fractions."""
    return sum((Decimal(str(amount)) for amount in amounts), Decimal(0))


def _adds_up(parts: Sequence[FactRow], wholes: Sequence[FactRow]) -> bool:
    return sums_to(_interval(wholes), [_interval(parts)])


def _interval(rows: Sequence[FactRow]) -> tuple[Decimal, Decimal]:
    return exact_sum(row["amount"] for row in rows), exact_sum(row["precision"] for row in rows)
