"""Amounts as they would be printed in the place of a figure: in its unit, with as many decimals as that place has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from ontology.numbers import most_decimals, number_like
from shapes.graph_reader import GraphReader, ReportedCell
from shapes.report import Operand

_PRINTED = """
SELECT DISTINCT ?printed WHERE {{
  ?figure <{own}printedIn> <{source}> ; <{own}printedUnit> <{unit}> ; <{own}measure> <{measure}> ;
    <{own}printed> ?printed
}}"""


class PrintedAmounts:
    """Rounds amounts to the last digit of the figures beside them; each table or text is looked at once."""

    def __init__(self, facts: GraphReader) -> None:
        self._facts = facts
        self._decimals: dict[tuple[str, str | None, str | None], int] = {}

    def candidates(self, changes: Iterable[tuple[str, Decimal]]) -> tuple[tuple[Operand, Decimal], ...]:
        """Return the changes of printed figures, each place once for each amount that would be printed there.

        A figure that is printed once may be claimed of two things ("收入支出总计"). There are none if one of the
        changes is that of the note of an empty table, in which no amount can be printed.
        """
        found: dict[tuple[Operand, Decimal], Operand] = {}
        for figure, amount in changes:
            cell = self._facts.cell(figure)
            if cell is not None and cell.note:
                return ()
            if cell is not None:
                place = replace(cell.operand, observation=None)
                found.setdefault((place, self._rounded(cell, amount)), cell.operand)
        return tuple((operand, amount) for (_, amount), operand in found.items())

    def _rounded(self, cell: ReportedCell, amount: Decimal) -> Decimal:
        """Return an amount as it would be printed; unchanged if that is what is printed already."""
        factor = self._facts.unit_factor(cell.unit or "") or Decimal(1)
        digit = Decimal(1).scaleb(-self._decimals_at(cell)) * factor
        rounded = (amount / digit).quantize(Decimal(1)) * digit
        return amount if rounded == Decimal(cell.operand.amount or 0) else rounded

    def _decimals_at(self, cell: ReportedCell) -> int:
        key = (cell.source, cell.unit, cell.measure)
        if key not in self._decimals:
            own = self._facts.namespace
            query = _PRINTED.format(own=own, source=cell.source, unit=cell.unit, measure=cell.measure)
            self._decimals[key] = most_decimals(row["printed"] for row in self._facts.rows(query))
        return self._decimals[key]


def amount_in_place(operand: Operand, amount: Decimal, factor: Decimal) -> str:
    """Return an amount in yuan as it would be printed in the place of a figure with a unit of `factor` yuan.

    >>> amount_in_place(Operand(printed="1,744,680"), Decimal(1845880), Decimal(1))
    '1,845,880'
    """
    return number_like(amount / factor, [operand.printed or ""])
