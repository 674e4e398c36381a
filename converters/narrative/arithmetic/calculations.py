"""A figure of the text and what others beside it come to: averages, shares, rates, balances, differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from converters.narrative.arithmetic.stated_figures import DIGITS, StatedFigure
from converters.narrative.tokens import PERCENT
from ontology.numbers import decimal_to_text

_HUNDRED = Decimal(100)
_DECIMALS = 6
_ROUNDINGS = 3
"""How many times half of its last digit a quotient may be off: rounding, and one unit of its last digit."""


@dataclass(frozen=True, eq=False)
class Calculation:
    """A figure, and others of which it is the sum, the difference or the quotient.

    It is what the figures `added` less those `taken` come to, divided by the sum of those that it is `shared` among, if
    there are any, `less` others, and by `times`, a number of months. `sign` is that of a change: 1, -1, and 0 for
    figures without direction.
    """

    result: StatedFigure
    added: tuple[StatedFigure, ...]
    taken: tuple[StatedFigure, ...] = ()
    shared: tuple[StatedFigure, ...] = ()
    less: tuple[StatedFigure, ...] = ()
    times: int = 1
    sign: int = 0

    @property
    def operands(self) -> tuple[StatedFigure, ...]:
        """The figures that the result is calculated from."""
        return (*self.added, *self.taken, *self.shared, *self.less)

    @property
    def expected(self) -> Decimal:
        """What the result should be, in base units; negative for a fall."""
        return (_total(self.added) - _total(self.taken)) / self._divisor

    @property
    def stated(self) -> Decimal:
        """The result as printed, in base units; negative for a fall."""
        return self.result.value * (self.sign or 1)

    @property
    def margin(self) -> Decimal:
        """How far the result may be from what is expected, by what the digits of all figures leave open."""
        if not self.shared and self.times == 1:
            margins = [figure.margin for figure in (self.result, *self.operands)]
            return max(sum(margins, Decimal(0)), 2 * max(margins))
        over = self._divisor_margin
        above = sum((figure.margin for figure in (*self.added, *self.taken)), Decimal(0))
        return (above + abs(self.expected) * over) / (self._divisor - over) + _ROUNDINGS * self.result.margin

    @property
    def holds(self) -> bool:
        """Whether the printed figure is what the others come to."""
        return abs(self.stated - self.expected) <= self.margin

    @property
    def possible(self) -> bool:
        """Whether the figures can be divided."""
        return not self.shared or self._divisor > self._divisor_margin

    @property
    def _divisor(self) -> Decimal:
        return (_total(self.shared) - _total(self.less) if self.shared else Decimal(1)) * self.times

    @property
    def _divisor_margin(self) -> Decimal:
        return sum((figure.margin for figure in (*self.shared, *self.less)), Decimal(0)) * self.times

    @property
    def is_turned(self) -> bool:
        """Whether the difference is written the other way round: a fall that is told as a fall."""
        return self.sign < 0 and self.expected < 0 and bool(self.taken)

    @property
    def formula(self) -> str:
        """The calculation as it would be written: 99.68万元÷46辆; of a fall, what was before less what is now."""
        added, taken = (self.taken, self.added) if self.is_turned else (self.added, self.taken)
        above = "+".join(figure.token.text for figure in added)
        above += "".join(f"−{figure.token.text}" for figure in taken)
        several = len(self.added) + len(self.taken) > 1
        if not self.shared and self.times == 1:
            return above
        over = "+".join(figure.token.text for figure in self.shared)
        over += "".join(f"−{figure.token.text}" for figure in self.less)
        over = f"（{over}）" if len(self.shared) + len(self.less) > 1 else over
        parts = [f"（{above}）" if several else above, over, str(self.times) if self.times > 1 else ""]
        return "÷".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ExpectedFigure:
    """What a printed figure should be, by a `formula` as it would be written, with the margin of rounding.

    `amount` and `margin` are measured as the observation of the figure is.
    """

    amount: Decimal
    margin: Decimal
    formula: str


def expected_figure(calculation: Calculation, printed: Decimal) -> ExpectedFigure:
    """Return what a figure should be whose observation has the amount `printed`, which is negative for a fall."""
    figure = calculation.result
    scale = _HUNDRED if figure.unit == PERCENT else Decimal(1)
    turned = (calculation.sign or 1) * (-1 if printed < 0 else 1)
    amount = calculation.expected * scale * turned
    written = -calculation.expected if calculation.is_turned else calculation.expected
    digits = (written / figure.factor).quantize(Decimal(1).scaleb(-max(figure.token.decimals, 0)))
    unit = figure.token.text.lstrip(DIGITS) + (figure.behind if figure.is_difference else "")
    formula = f"{calculation.formula}={decimal_to_text(digits)}{unit}"
    return ExpectedFigure(round(amount, _DECIMALS), round(calculation.margin * scale, _DECIMALS), formula)


def _total(figures: Iterable[StatedFigure]) -> Decimal:
    return sum((figure.value for figure in figures), Decimal(0))


def quotient(part: StatedFigure, whole: StatedFigure, result: StatedFigure) -> Calculation:
    """Return the calculation of a percentage from a part and a whole."""
    return Calculation(result, (part,), shared=(whole,))


def is_quotient(
    result: StatedFigure, figures: Sequence[StatedFigure], parts: Collection[StatedFigure] | None = None
) -> bool:
    """Whether a percentage is that of one figure, among `parts` if these are given, in another.

    Where it is, its words may tell of these.
    """
    pairs = ((a, b) for a, b in _pairs(figures) if parts is None or a in parts)
    return any(quotient(a, b, result).holds for a, b in pairs)


def is_difference(result: StatedFigure, figures: Sequence[StatedFigure]) -> bool:
    """Whether a percentage is that of the difference of two figures in one of them."""
    return any(
        Calculation(result, (a,), (b,), shared=(c,)).holds for a, b in _pairs(figures) for c in (a, b) if c.value
    )


def _pairs(figures: Sequence[StatedFigure]) -> Iterator[tuple[StatedFigure, StatedFigure]]:
    """Yield the figures of one unit, each with each other that is not zero."""
    for a, b in permutations(figures, 2):
        if a.unit == b.unit != PERCENT and b.value:
            yield a, b
