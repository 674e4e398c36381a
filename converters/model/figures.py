"""Parse printed figures with units and comparisons: shares, quantities and targets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from converters.model.amounts import may_be_two_numbers, parse_amount
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_OPERATORS = "code/operator"
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its printed unit and comparison.

    `value` is in the printed unit (90 for `90%`); `unit` is the key of a known unit, `unit_text` the word for it;
    `operator` the key of the comparison. All three are None where nothing is printed.
    """

    value: Decimal
    decimals: int
    unit: str | None = None
    unit_text: str | None = None
    operator: str | None = None


def parse_figure(text: str, vocabulary: Vocabulary) -> Figure | None:
    """Parse a text that is one number with an optional comparison and unit: `≥90%`, `8 次`, `不少于3场`, `95%以上`.

    Return None if the number is followed by anything but a known unit or a comparison, as in `3-5次` or `12月底前`.
    """
    if may_be_two_numbers(text):
        return None
    rest, operator = _take_operator(clean_label(text), vocabulary)
    match = _NUMBER.match(rest)
    amount = parse_amount(match[0]) if match else None
    if match is None or amount is None:
        return None
    unit_text = rest[match.end() :]
    if operator is None and unit_text not in vocabulary.units:
        unit_text, operator = _take_suffix(unit_text, vocabulary)
    if not unit_text:
        return Figure(amount.value, amount.decimals, operator=operator)
    unit = vocabulary.units.get(unit_text)
    return Figure(amount.value, amount.decimals, unit[0], unit_text, operator) if unit else None


def _take_operator(text: str, vocabulary: Vocabulary) -> tuple[str, str | None]:
    for label, key in _operators(vocabulary):
        if text.startswith(label):
            return text[len(label) :], key
    return text, None


def _take_suffix(text: str, vocabulary: Vocabulary) -> tuple[str, str | None]:
    for label, key in _operators(vocabulary):
        if text.endswith(label):
            return text[: -len(label)], key
    return text, None


@lru_cache(maxsize=8)
def _operators(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Comparisons as (label, key), longest label first: 不低于 must match before 低于."""
    labels = vocabulary.lists.near(_OPERATORS).by_label.items()
    return tuple(sorted(((label, found[0].key) for label, found in labels), key=lambda item: -len(item[0])))
