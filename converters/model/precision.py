"""The precision of printed figures: half of the finest digit in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from converters.model.figures import Figure

_YUAN = "code/unit/yuan"
_SEVERAL = 5
_LONG = 100
"""The least whole number of three digits."""


def half_of_last_digit(decimals: int) -> Decimal:
    """Return half of the last of `decimals` decimal places: 0.005 for two."""
    return Decimal(5).scaleb(-decimals - 1)


def prints_zeros(figures: Iterable[Figure]) -> bool:
    """Return whether all figures with decimals have the same number of them, and at least one ends in zero."""
    fine = [figure for figure in figures if figure.value and figure.decimals]
    alike = len({figure.decimals for figure in fine}) == 1
    return alike and any(map(_ends_in_zero, fine))


def _ends_in_zero(figure: Figure) -> bool:
    """Return whether the last of the decimals of a figure is a printed zero: 919.0."""
    return figure.decimals > 0 and figure.value == round(figure.value, figure.decimals - 1)


def rounds_to_yuan(figures: Collection[Figure]) -> bool:
    """Return whether at least as many sums in yuan are whole yuan, no multiples of ten, as have decimals.

    A multiple of ten yuan says nothing: a sum that was planned is such a number to the fen.
    """
    fine = sum(1 for figure in figures if figure.value and figure.decimals)
    whole = sum(1 for figure in figures if not figure.decimals and figure.value % 10)
    return 0 < fine <= whole


def finest(figures: Iterable[Figure]) -> Decimal:
    """Return half of the finest digit of the figures that are not zero, in their unit; 0 if there are none."""
    decimals = [figure.decimals for figure in figures if figure.value]
    return half_of_last_digit(max(decimals)) if decimals else Decimal(0)


@dataclass(frozen=True, slots=True)
class ColumnPrecision:
    """The precision of the figures of a column, by unit.

    `rounds_yuan` is true where sums in yuan without decimals are rounded to whole yuan, not printed without zero fen.
    """

    by_unit: Mapping[str, Decimal]
    rounds_yuan: bool

    def of(self, figure: Figure | None, unit: str) -> Decimal:
        """Return the precision of a figure: the precision of its column for `unit`; 0 for zero and for no figure."""
        if figure is None or not figure.value:
            return Decimal(0)
        rounded = self.rounds_yuan and unit == _YUAN and figure.decimals == 0
        return half_of_last_digit(0) if rounded else self.by_unit[unit]


def column_precision(figures: Iterable[Figure], indivisible: Collection[str]) -> ColumnPrecision:
    """Return the precision of the figures of a column; 0 for `indivisible` units, which are counted in whole ones.

    A sum in whole yuan is rounded to the yuan where the other sums print their fen, even zero fen, and where as many
    sums are whole yuan as have fen.
    """
    by_unit: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_unit[figure.unit or ""].append(figure)
    precisions = {unit: Decimal(0) if unit in indivisible else finest(found) for unit, found in by_unit.items()}
    yuan = by_unit.get(_YUAN, [])
    return ColumnPrecision(precisions, prints_zeros(yuan) or rounds_to_yuan(yuan))


@dataclass(frozen=True, slots=True)
class TextPrecision:
    """The precision of the figures of a text: by unit for the whole text, by (sentence, unit) for some sections."""

    of_text: Mapping[str, Decimal]
    of_section: Mapping[tuple[int, str], Decimal]

    def of(self, sentence: int, unit: str, figure: Figure) -> Decimal:
        """Return the precision of a figure of a unit in a sentence; 0 for units that are counted in whole ones.

        34.6 among 12.25 may be rounded, or have dropped a zero; so may 413, but neither 29 nor 410 nor 2.9.
        """
        of_section = self.of_section.get((sentence, unit), self.of_text.get(unit, Decimal(0)))
        return max(of_section, half_of_last_digit(figure.decimals)) if of_section and _is_long(figure) else of_section


def _is_long(figure: Figure) -> bool:
    """Return whether a figure has three digits or more and is of no planned amount, which ends in zero."""
    scaled = abs(figure.value).scaleb(max(figure.decimals, 0))
    return scaled >= _LONG and (figure.decimals > 0 or scaled % 10 != 0)


def text_precision(
    sections: Iterable[tuple[Sequence[int], Iterable[Figure]]], indivisible: Collection[str]
) -> TextPrecision:
    """Return the precision of the figures of a text, given as (numbers of the sentences, figures) of each section.

    A section with several different amounts, all in coarser digits than elsewhere, has a precision of its own; a
    section with few amounts may only have dropped trailing zeros. Figures without a unit are ignored.
    """
    most: dict[str, int] = defaultdict(int)
    own: dict[tuple[int, str], int] = {}
    for sentences, figures in sections:
        decimals: dict[str, dict[Decimal, int]] = defaultdict(dict)
        for figure in figures:
            if figure.unit is not None and figure.value:
                decimals[figure.unit][figure.value] = figure.decimals
        for unit, by_amount in decimals.items():
            in_section = max(by_amount.values())
            most[unit] = max(most[unit], in_section)
            if len(by_amount) >= _SEVERAL:
                own |= {(sentence, unit): in_section for sentence in sentences}

    def precision(unit: str, places: int) -> Decimal:
        return Decimal(0) if unit in indivisible else half_of_last_digit(places)

    return TextPrecision(
        {unit: precision(unit, places) for unit, places in most.items()},
        {(sentence, unit): precision(unit, places) for (sentence, unit), places in own.items()},
    )
