"""Mistakes in several figures of one table or text: the same amount too much, or the figures of other rows.

An amount that was put into the wrong column changes two figures; a text that was not brought up to date repeats the
old total and its part. Each of them contradicts another table, and each by the same amount. Rows that are exchanged, or
that slipped by a line, contradict another table by different amounts, but each of their figures is that of another row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shapes.graph_reader import natural_order
from shapes.repairs.comparisons import Amounts, FigureComparison, score_changes
from shapes.repairs.single_figures import FigureMistake

_CELL = re.compile(r".+/r(\d+)c(\d+)")
_LEAST_GAP = 10
"""How many times the coarsest precision a gap must be: smaller ones recur by chance."""


@dataclass(frozen=True, slots=True)
class _Contradiction:
    """Two amounts of one point: the figures of one source, with what others say there, and the other way round."""

    comparison: FigureComparison
    own: Mapping[str, Decimal]
    others: Mapping[str, Decimal]
    gap: Decimal
    coarsest: Decimal


def find_shared_mistakes(
    failing: Sequence[FigureComparison],
    touching: Mapping[str, Sequence[FigureComparison]],
    amounts: Amounts,
    source: Callable[[str], str],
) -> Iterator[FigureMistake]:
    """Yield mistakes that explain several contradictions of one `source` of figures by displaced rows or the same gap.

    The side is at fault whose change repairs more and breaks less, or else the one of fewer sources: the text where two
    tables contradict it. Two that are equal in this are both named. Where other figures support both sides, the
    contradictions are one mistake if no third place takes part in them.
    """
    open_ones = list(failing)
    for group in _groups(failing, amounts, source):
        contradictions = [each for each in group if each.comparison in open_ones]
        if len(contradictions) < 2:
            continue
        sides = []
        for changes in ([each.own for each in contradictions], [each.others for each in contradictions]):
            changed = {figure: amount for change in changes for figure, amount in change.items()}
            score, repaired = score_changes(changed, touching, open_ones, amounts)
            sides.append((score, -len({source(figure) for figure in changed}), changed, repaired))
        likeliest = max((score, fewest) for score, fewest, *_ in sides)
        best = likeliest[0]
        two_places = len({source(f) for each in contradictions for f in each.comparison.figures}) == 2
        if best < len(contradictions) and not two_places:
            continue
        explained = best >= len(contradictions)
        chosen = [(changed, repaired) for *rank, changed, repaired in sides if (*rank,) == likeliest or not explained]
        repaired = chosen[0][1] if explained else frozenset(each.comparison for each in contradictions)
        if len(chosen) == 1:
            yield FigureMistake(_in_order(chosen[0][0]), repaired, together=len(chosen[0][0]) > 1)
        else:
            first = min(contradictions, key=lambda each: natural_order(each.comparison.key))
            yield FigureMistake(_in_order({**first.own, **first.others}), repaired)
        open_ones = [comparison for comparison in open_ones if comparison not in repaired]


def _in_order(changed: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted(changed.items(), key=lambda change: natural_order(change[0])))


def _groups(
    failing: Sequence[FigureComparison], amounts: Amounts, source: Callable[[str], str]
) -> Iterator[list[_Contradiction]]:
    """Yield the contradictions of each source in displaced rows, then those by gap; the largest groups first."""
    by_source: dict[str, list[_Contradiction]] = {}
    for comparison in failing:
        if comparison.law == "same":
            for name in dict.fromkeys(map(source, comparison.figures)):
                found = _contradiction(comparison, amounts, name, source)
                if found is not None:
                    by_source.setdefault(name, []).append(found)
    displaced = [_in_displaced_rows(found_there) for found_there in by_source.values()]
    yield from sorted((group for group in displaced if group), key=len, reverse=True)
    groups = [group for found_there in by_source.values() for group in _of_equal_gap(found_there)]
    yield from sorted((group for group in groups if len(group) > 1), key=len, reverse=True)


def _in_displaced_rows(contradictions: Sequence[_Contradiction]) -> list[_Contradiction]:
    """Return the contradictions of rows that are exchanged or slipped by a line, in document order.

    In each column a figure of the group is what others say of another row, or, at an end of a block, what others say of
    it is printed in another row. Fewer than two figures in a column that are those of other rows may be chance.
    """
    columns: dict[int, list[_Contradiction]] = defaultdict(list)
    for each in contradictions:
        cell = _CELL.fullmatch(min(each.own, key=natural_order))
        if cell is not None:
            columns[int(cell[2])].append(each)
    displaced: list[_Contradiction] = []
    for found_there in columns.values():
        taken = [each for each in found_there if any(_holds_figure_of(each, o) for o in found_there if o is not each)]
        if len(taken) > 1:
            displaced += [
                each for each in found_there if each in taken or any(_holds_figure_of(o, each) for o in taken)
            ]
    return sorted(displaced, key=lambda each: natural_order(min(each.own, key=natural_order)))


def _holds_figure_of(each: _Contradiction, other: _Contradiction) -> bool:
    """Return whether a figure is what the places that contradict another one say there."""
    mine, theirs = next(iter(each.others.values())), next(iter(other.own.values()))
    return abs(mine - theirs) <= each.coarsest + other.coarsest


def _of_equal_gap(contradictions: Sequence[_Contradiction]) -> list[list[_Contradiction]]:
    """Return the contradictions by gap; gaps are equal up to the precision of their figures."""
    groups: list[list[_Contradiction]] = []
    for each in sorted(contradictions, key=lambda c: c.gap):
        last = groups[-1][-1] if groups else None
        if last is not None and each.gap - last.gap <= 2 * (each.coarsest + last.coarsest):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _contradiction(
    comparison: FigureComparison, amounts: Amounts, name: str, source: Callable[[str], str]
) -> _Contradiction | None:
    """Return the contradiction between a source and all others; None if either side is not of one mind."""
    own = [figure for figure in comparison.figures if source(figure) == name]
    others = [figure for figure in comparison.figures if source(figure) != name]
    coarsest = max(amounts[figure][1] for figure in comparison.figures)
    if not others or any(_spread(side, amounts) > 2 * coarsest for side in (own, others)):
        return None
    mine, theirs = (amounts[min(side, key=lambda figure: amounts[figure][1])][0] for side in (own, others))
    gap = abs(mine - theirs)
    if gap <= _LEAST_GAP * coarsest:
        return None
    return _Contradiction(comparison, dict.fromkeys(own, theirs), dict.fromkeys(others, mine), gap, coarsest)


def _spread(figures: Sequence[str], amounts: Amounts) -> Decimal:
    values = [amounts[figure][0] for figure in figures]
    return max(values) - min(values)
