"""Mistakes in one figure: each change that repairs a failing comparison is applied to all others and scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shapes.graph_reader import natural_order
from shapes.repairs.comparisons import Amounts, FigureComparison, changes, score_changes


@dataclass(frozen=True, slots=True)
class FigureMistake:
    """A likely mistake: changes of figures, and the comparisons that they repair.

    The changes are alternatives unless they are made `together`.
    """

    changes: tuple[tuple[str, Decimal], ...]
    repaired: frozenset[FigureComparison]
    together: bool = False


def find_single_mistakes(
    failing: Sequence[FigureComparison], touching: Mapping[str, Sequence[FigureComparison]], amounts: Amounts
) -> Iterator[FigureMistake]:
    """Yield the mistakes in one figure, those that repair most first.

    A change that breaks as many comparisons as it repairs is no explanation: others support the figure as it stands.
    """
    failing = list(failing)
    while failing:
        scored: dict[tuple[str, Decimal], tuple[int, frozenset[FigureComparison]]] = {}
        for comparison in failing:
            for figure, amount in changes(comparison, amounts):
                if (figure, amount) not in scored:
                    scored[figure, amount] = score_changes({figure: amount}, touching, failing, amounts)
        best = max((score for score, _ in scored.values()), default=0)
        if best <= 0:
            return
        chosen = sorted(
            (change for change, (score, _) in scored.items() if score == best), key=lambda c: natural_order(c[0])
        )
        repaired = scored[chosen[0]][1]
        alike = [change for change in chosen if scored[change][1] == repaired]
        yield FigureMistake(tuple(_without_roundings(alike, repaired, amounts)), repaired)
        failing = [comparison for comparison in failing if comparison not in repaired]


def _without_roundings(
    alike: Sequence[tuple[str, Decimal]], repaired: Iterable[FigureComparison], amounts: Amounts
) -> Iterator[tuple[str, Decimal]]:
    """Yield the changes without those to an amount that another change of the same figure gives more precisely."""
    precisions: dict[Decimal, Decimal] = {}
    for comparison in repaired:
        for amount, precision in (amounts[figure] for figure in comparison.figures):
            precisions[amount] = min(precision, precisions.get(amount, precision))
    for figure, amount in alike:
        precision = precisions.get(amount, Decimal(0))
        others = (other for known, other in alike if known == figure and precisions.get(other, Decimal(0)) < precision)
        if not any(abs(other - amount) <= precision for other in others):
            yield figure, amount
