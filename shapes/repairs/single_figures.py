"""Mistakes in one figure: each change that repairs a failing comparison is applied to all others and scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
        yield FigureMistake(tuple(change for change in chosen if scored[change][1] == repaired), repaired)
        failing = [comparison for comparison in failing if comparison not in repaired]
