"""Amounts of money whose number has words in it: 12万3456.78元, 1亿2,300万元, 3千5百万元, 二十万元."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from converters.model.amounts import Amount, parse_amount

_TEN, _HUNDRED = Decimal(10), Decimal(100)
_LARGE = Decimal(10_000)
"""From this numeral on, a numeral multiplies all that stands before it since the last one as large."""
_FIGURE = r"(?:\d{1,3}(?:,\d{3})++(?!\d)|\d++)(?:\.\d++)?"
_MOST_PARTS = 40
_UNBOUNDED = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class WrittenAmount:
    """An amount as printed: its text, its number, its unit with the factor; `amount` is None if the number is unclear.

    The decimals of an amount are negative where its number ends with a numeral: 3千5百万 is printed to the million.
    """

    text: str
    digits: str
    amount: Amount | None
    unit: str
    factor: Decimal


class WrittenAmounts:
    """Recognises amounts by numerals (label to number) and units of money (label to key and factor).

    `vague` are words that leave the number behind them open, as in 几十万元.
    """

    def __init__(self, numerals: Mapping[str, int], units: Mapping[str, tuple[str, str]], vague: Sequence[str]) -> None:
        self._numerals = {label: Decimal(number) for label, number in numerals.items()}
        self._units, self._vague = units, (*numerals, *vague)
        beginning = "".join(label for label, number in numerals.items() if 0 < number <= _TEN)
        base = "|".join(re.escape(label) for label, (_, factor) in units.items() if Decimal(factor) == 1)
        part = rf"{_FIGURE}|[{''.join(numerals)}]"
        self._part = re.compile(part)
        self._run = re.compile(rf"(?=\d|[{beginning}])((?:{part}){{2,{_MOST_PARTS}}})(?:{base})")

    def match(self, plain: str, at: int) -> WrittenAmount | None:
        """Return the amount that begins at an offset; None if there is none, or only a figure before a unit."""
        found = self._run.match(plain, at)
        if found is None or plain[:at].endswith(self._vague):
            return None
        parts = self._part.findall(found[1])
        label = next(each for each in self._units if found[0].endswith(each))
        digits = found[0].removesuffix(label)
        if digits == parts[0] and digits not in self._numerals:
            return None
        unit, factor = self._units[label]
        value = self._value(parts)
        amount = value and Amount(value.value / Decimal(factor), value.decimals + _zeros(Decimal(factor)))
        return WrittenAmount(found[0], digits or found[0], amount, unit, Decimal(factor))

    def _value(self, parts: Sequence[str]) -> Amount | None:
        """Return a number in words; None for one that has two readings or is none.

        3万2 is 32000 when spoken and 30002 when written; 1.2亿3000万 and 二三十万 are no numbers.
        """
        total = section = Decimal(0)
        pending: Decimal | None = None
        small = large = _UNBOUNDED
        decimals, last = 0, Decimal(1)
        for part, before in zip(parts, ("", *parts), strict=False):
            number = self._numerals.get(part)
            if number is None or number < _TEN:
                read = parse_amount(part) if number is None else Amount(number, 0)
                if read is None or pending is not None or decimals:
                    return None
                pending = read.value or None
                decimals, last = read.decimals, Decimal(1)
                spoken = pending is not None and pending < _TEN and self._numerals.get(before, _TEN) >= _HUNDRED
                continue
            if number < _LARGE:
                if pending is None and number == _TEN and not section:
                    pending = Decimal(1)
                if pending is None or pending * number >= small:
                    return None
                section, small = section + pending * number, number
            else:
                value = section + (pending or 0)
                if not value or value * number >= large or (pending and (pending >= small or (section and spoken))):
                    return None
                total, section, small, large = total + value * number, Decimal(0), _UNBOUNDED, number
            pending, last = None, last * number
        rest = section + (pending or 0)
        if rest >= large or (pending and (pending >= small or spoken)):
            return None
        return Amount(total + rest, decimals - _zeros(last))


def _zeros(power: Decimal) -> int:
    """The number of zeros of a power of ten."""
    return power.adjusted()
