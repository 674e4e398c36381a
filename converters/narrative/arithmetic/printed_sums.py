"""What the entries of printed lists come to, where this is certain, whatever they are of.

The lists of `enumerations` follow the coordinates of their parts, and need words of the vocabulary. Here parts under
any names are held to their whole: a list that ends with the others (其他资产) is whole, and so is one whose numbers of
things add up, for the money beside them; parts whose names exclude one another never exceed their whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from converters.model.precision import half_of_last_digit
from converters.narrative.arithmetic.exclusive_names import ExclusiveNames
from converters.narrative.arithmetic.printed_lists import (
    ListEntry,
    PrintedList,
    find_openers,
    name_before,
    read_list,
    value_of_figure,
)
from converters.narrative.paragraphs import Sentence
from converters.narrative.tokens import MONEY, YEAR, Token
from ontology.narrative_words import Phrases

_CLASSES = frozenset({"function", "economic", "flow"})
_SEVERAL = 2
_MOST = 12
"""Among how many amounts another sum is looked for."""


@dataclass(frozen=True, eq=False)
class PrintedSum:
    """A whole, in the sentence `origin`, with its parts in `sentence`, and their names."""

    origin: Sentence
    whole: Token
    name: str
    sentence: Sentence
    parts: tuple[tuple[Token, str], ...]


def find_printed_sums(sentences: Sequence[Sentence], phrases: Phrases, names: ExclusiveNames) -> Iterator[PrintedSum]:
    """Yield the wholes of printed lists with their parts, where these certainly add up to them or exceed them."""
    for at, sentence in enumerate(sentences):
        before = sentences[at - 1] if at and sentences[at - 1].paragraph is sentence.paragraph else None
        previous: PrintedList | None = None
        for opener, bracketed in find_openers(sentence, phrases):
            listed = read_list(sentence, opener, before)
            certain = bracketed or previous is None or not previous.interrupted or _holds(previous)
            if listed.clear and certain:
                yield from _sums_of(listed, sentence, phrases, names)
            previous = previous if bracketed else listed


def _margin(figures: Sequence[Token]) -> Decimal:
    """What the digits of amounts leave open; numbers of things are exact."""
    money = [t for t in figures if t.sort == MONEY]
    return sum((half_of_last_digit(t.decimals) * t.factor for t in money), Decimal(0))


def _equals(whole: Token, parts: Sequence[Token]) -> bool:
    return abs(value_of_figure(whole) - _added(parts)) <= _margin((whole, *parts))


def _added(parts: Sequence[Token]) -> Decimal:
    return sum(map(value_of_figure, parts), Decimal(0))


def _holds(listed: PrintedList) -> bool:
    """Whether the entries of a list add up to a figure before it, so that the list is over."""
    units = {unit for entry in listed.entries for unit in entry.figures}
    columns = {unit: [entry.figures[unit] for entry in listed.column(unit)] for unit in units}
    return any(
        len(parts) >= _SEVERAL and any(_equals(whole, parts) for whole in listed.wholes(unit))
        for unit, parts in columns.items()
    )


def _sums_of(listed: PrintedList, sentence: Sentence, phrases: Phrases, names: ExclusiveNames) -> Iterator[PrintedSum]:
    """Yield the sums of a list, one for each unit."""
    for unit in dict.fromkeys(unit for entry in listed.entries for unit in entry.figures):
        entries, wholes = listed.column(unit), listed.wholes(unit)
        parts = [entry.figures[unit] for entry in entries]
        if len(parts) < _SEVERAL or not wholes:
            continue
        candidates = listed.candidates(unit)
        whole = next((t for t in wholes if _equals(t, parts)), wholes[0])
        name = name_before(listed.origin, whole)
        said = [name, *(name_before(sentence, t) for t in parts)]
        if len({any(sign in words for sign in phrases.signs["gross-value"]) for words in said}) > 1:
            continue  # what an asset has cost may exceed what all assets are worth
        found = PrintedSum(
            listed.origin,
            whole,
            name,
            sentence,
            tuple((entry.figures[unit], entry.name) for entry in entries),
        )
        called = [entry.name for entry in entries]
        if _is_whole(listed, unit, phrases, names):
            if not any(_equals(t, parts) for t in candidates if t is not whole) and not _are_some(candidates, parts):
                yield found
        elif names.are_disjoint(called) and not listed.interrupted and not _are_some(candidates, parts):
            first = any(_equals(t, parts[:size]) for t in candidates for size in range(_SEVERAL, len(parts)))
            exceeded = all(_added(parts) - value_of_figure(t) > _margin((t, *parts)) for t in candidates)
            if exceeded and not first:
                yield found


def _are_some(candidates: Sequence[Token], parts: Sequence[Token]) -> bool:
    """Whether some of the amounts of a list, but not all of them, come to a figure before it."""
    amounts = [t for t in parts if t.sort == MONEY and t.amount]
    if len(amounts) > _MOST:
        return True
    return any(
        _equals(t, some)
        for size in range(_SEVERAL, len(amounts))
        for some in combinations(amounts, size)
        for t in candidates
    )


def _is_whole(listed: PrintedList, unit: str, phrases: Phrases, names: ExclusiveNames) -> bool:
    """Whether a list certainly names all parts of its whole."""
    entries = listed.column(unit)
    absent = [entry for entry in listed.entries if unit not in entry.figures]
    if listed.interrupted or any(any(value_of_figure(t) for t in entry.figures.values()) for entry in absent):
        return False
    last = entries[-1]
    if last.name.startswith(phrases.signs["rest"]) and not _names_class(last):
        return True
    called = [entry.name for entry in entries]
    return names.are_all(called) or _names_all_years(listed, unit) or _counts_all(listed, unit)


def _names_class(entry: ListEntry) -> bool:
    """Whether a name is that of a class or flow, as 其他支出 is, which need not be all the others."""
    return any(m.keys() & _CLASSES for t in entry.words if t.word is not None for m in t.word.meanings)


def _names_all_years(listed: PrintedList, unit: str) -> bool:
    """Whether entries are those of each year from the first to the last that the text before the list names.

    Beside several figures, as in 2023年支出90万元，2024年支出100万元，其中…, the years may be those of these figures.
    """
    if len(listed.candidates(unit)) > 1:
        return False
    entries = listed.column(unit)
    told = [t.year for entry in entries for t in entry.words if t.sort == YEAR and t.year]
    span = range(min(listed.years), max(listed.years) + 1) if len(listed.years) >= _SEVERAL else ()
    return len(told) == len(entries) and told == [*span]


def _counts_all(listed: PrintedList, unit: str) -> bool:
    """Whether the numbers of things beside the amounts of a list add up to the number before it."""
    if unit != MONEY:
        return False
    for other in {each for entry in listed.entries for each in entry.figures} - {MONEY}:
        counted = [entry.figures[other] for entry in listed.entries if other in entry.figures]
        if len(counted) == len(listed.entries) and any(_equals(t, counted) for t in listed.wholes(other)[:1]):
            return True
    return False
