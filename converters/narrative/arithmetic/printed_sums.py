"""What the entries of printed lists come to, where this is certain, whatever they are of.

The lists of `enumerations` follow the coordinates of their parts, and need words of the vocabulary. Here parts under
any names are held to their whole: a list that ends with the others (其他资产) is whole, and so is one whose numbers of
things add up, for the money beside them; parts whose names exclude one another never exceed their whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from converters.model.precision import half_of_last_digit
from converters.narrative.arithmetic.exclusive_names import (
    ExclusiveNames,
    are_things_of_their_own,
    exclude_one_another,
)
from converters.narrative.arithmetic.printed_lists import (
    ListEntry,
    PrintedList,
    find_openers,
    name_before,
    read_list,
    says_made_up,
    unit_of,
    value_of_figure,
)
from converters.narrative.paragraphs import Sentence
from converters.narrative.tokens import COUNT, MONEY, YEAR, Token
from ontology.narrative_words import Phrases, bare

_CLASSES = frozenset({"function", "economic", "flow"})
_DIVIDING = frozenset({"comma", "semicolon", "stop", "colon"})
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


@dataclass(frozen=True)
class ListWords:
    """The words by which lists are understood: signs, names that exclude one another, and numerals."""

    phrases: Phrases
    names: ExclusiveNames
    numerals: Mapping[str, int]


def find_printed_sums(sentences: Sequence[Sentence], words: ListWords) -> Iterator[PrintedSum]:
    """Yield the wholes of printed lists with their parts, where these certainly add up to them or exceed them."""
    for at, sentence in enumerate(sentences):
        before = sentences[at - 1] if at and sentences[at - 1].paragraph is sentence.paragraph else None
        previous: PrintedList | None = None
        for opener, bracketed in find_openers(sentence, words.phrases):
            listed = read_list(sentence, opener, before, words.phrases)
            certain = bracketed or previous is None or not previous.interrupted or _holds(previous)
            if listed.clear and certain:
                yield from _sums_of(listed, sentence, words)
            elif listed.clear and listed.wholes(MONEY) and listed.column(MONEY):
                exceeding = _exceeding(listed, MONEY, sentence, words.phrases)
                yield from [] if exceeding is None else [exceeding]
            previous = previous if bracketed else listed
        yield from _uses_of(sentence, words)


def _uses_of(sentence: Sentence, words: ListWords) -> Iterator[PrintedSum]:
    """Yield the amounts of a sentence that are exceeded by what they are used for: 经费9万元，用于甲5万元、乙6万元."""
    for at, token in enumerate(sentence.tokens):
        listed = read_list(sentence, at, None, words.phrases) if token.sort == "purpose" else None
        if listed is None or not listed.clear or listed.interrupted or not listed.wholes(MONEY):
            continue
        entries = listed.column(MONEY)
        parts = [entry.figures[MONEY] for entry in entries]
        named = {entry.name for entry in entries}
        if len(parts) < _SEVERAL or len(named) < len(parts) or len(entries) < len(listed.entries):
            continue
        alone = len(listed.candidates(MONEY)) == 1 and [t.sort for t in sentence.tokens].count("purpose") == 1
        between = [t.sort for t in sentence.tokens if token.end <= t.start and t.end <= parts[-1].start]
        divided = not _DIVIDING.isdisjoint(between[1:] if between[:1] == ["colon"] else between)
        certain = alone and (not divided or are_things_of_their_own(listed, words.names))
        if certain and _is_exceeded(listed, MONEY, parts):
            whole = listed.wholes(MONEY)[0]
            told = tuple((entry.figures[MONEY], entry.name) for entry in entries)
            yield PrintedSum(sentence, whole, name_before(sentence, whole), sentence, told)


def _is_exceeded(listed: PrintedList, unit: str, parts: Sequence[Token]) -> bool:
    """Whether parts come to more than any figure before their list, and none of these is the sum of some of them."""
    candidates = listed.candidates(unit)
    first = any(_equals(t, parts[:size]) for t in candidates for size in range(_SEVERAL, len(parts)))
    exceeded = all(_added(parts) - value_of_figure(t) > _margin((t, *parts)) for t in candidates)
    return exceeded and not first and not _are_some(candidates, parts)


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


def _sums_of(listed: PrintedList, sentence: Sentence, words: ListWords) -> Iterator[PrintedSum]:
    """Yield the sums of a list, one for each unit."""
    phrases, names = words.phrases, words.names
    for unit in dict.fromkeys(unit for entry in listed.entries for unit in entry.figures):
        entries, wholes = listed.column(unit), listed.wholes(unit)
        parts = [entry.figures[unit] for entry in entries]
        if not wholes:
            continue
        exceeding = _exceeding(listed, unit, sentence, phrases)
        if len(parts) < _SEVERAL or exceeding is not None:
            yield from [] if exceeding is None else [exceeding]
            continue
        if any(_equals(t, parts) for t in _figures_before(sentence, parts[0], unit) if t not in wholes):
            continue
        if _tells_other_things(listed, entries, phrases):
            continue
        candidates = listed.candidates(unit)
        whole = next((t for t in wholes if _equals(t, parts)), wholes[0])
        name = name_before(listed.origin, whole)
        said = [name, *(name_before(sentence, t) for t in parts)]
        gross, *of_parts = (any(sign in each for sign in phrases.signs["gross-value"]) for each in said)
        if (not gross and any(of_parts)) or len(set(of_parts)) > 1:
            continue  # what an asset has cost may exceed what all assets are worth
        found = PrintedSum(
            listed.origin,
            whole,
            name,
            sentence,
            tuple((entry.figures[unit], entry.name) for entry in entries),
        )
        if _is_whole(listed, unit, sentence, words):
            if not any(_equals(t, parts) for t in candidates if t is not whole) and not _are_some(candidates, parts):
                yield found
        elif _is_exceeded(listed, unit, parts) and exclude_one_another(listed, unit, names):
            yield found


def _figures_before(sentence: Sentence, part: Token, unit: str) -> list[Token]:
    """The figures of a unit in the paragraph before a figure, whatever they are of."""
    figures = (t for t in sentence.paragraph.tokens if t.sort in (MONEY, COUNT) and t.end <= part.start)
    return [t for t in figures if unit_of(t) == unit]


def _exceeding(listed: PrintedList, unit: str, sentence: Sentence, phrases: Phrases) -> PrintedSum | None:
    """Return the whole of a first part that is more than any figure it may be a part of; of a balance, it may be.

    It may be a part of any amount before it: 采购预算9万元，其中货物3万元、服务6万元，其中面向小企业7万元. Where the
    two are in different units, one of these is the slip.
    """
    entry, wholes = listed.column(unit)[0], listed.wholes(unit)
    part, candidates = entry.figures[unit], listed.candidates(unit)
    said = [name_before(listed.origin, t) for t in candidates]
    net = any(sign in words for sign in phrases.signs["net"] for words in said)
    called = bare(sentence.paragraph.text[listed.opener.end : part.start])
    people = () if any(sign in said[0] for sign in phrases.signs["present"]) else phrases.signs["present"]
    other = any(sign in called for sign in (*phrases.signs["gross-value"], *people))
    near = listed.opener.sort == "of-which" and listed.origin is sentence and entry is listed.entries[0]
    phased = any("phase" in m for t in entry.words if t.word is not None for m in t.word.meanings)
    if not near or net or other or phased or part.factor != wholes[0].factor:
        return None
    if any(_added([part]) - value_of_figure(t) <= _margin((t, part)) for t in _figures_before(sentence, part, unit)):
        return None
    return PrintedSum(listed.origin, wholes[0], said[0], sentence, ((part, entry.name),))


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


def _is_whole(listed: PrintedList, unit: str, sentence: Sentence, words: ListWords) -> bool:
    """Whether a list certainly names all parts of its whole."""
    phrases, names = words.phrases, words.names
    entries = listed.column(unit)
    absent = [entry for entry in listed.entries if unit not in entry.figures]
    if listed.interrupted or any(any(value_of_figure(t) for t in entry.figures.values()) for entry in absent):
        return False
    last = entries[-1]
    rest = last.name.startswith(phrases.signs["rest"]) and not _names_class(last)
    if rest or last.name.endswith(phrases.signs["rest-ending"]):
        return True
    called = [entry.name for entry in entries]
    whole = name_before(listed.origin, listed.wholes(unit)[0])
    carrying = any(sign in whole for sign in phrases.signs["carrying"])
    return (
        (names.are_all(called) and not carrying)
        or (not carrying and _is_divided(listed, sentence, phrases))
        or _names_entries(listed, called, unit)
        or _names_all_years(listed, unit)
        or _counts_all(listed, unit)
        or _names_number(listed, sentence, unit, words)
    )


def _is_divided(listed: PrintedList, sentence: Sentence, phrases: Phrases) -> bool:
    """Whether the words right before a colon say that the list makes up its whole."""
    before = [t for t in sentence.tokens if t.end <= listed.opener.start]
    colon = listed.opener.sort == "colon" and bool(before)
    return colon and says_made_up(sentence, before[-1], phrases)


def _names_entries(listed: PrintedList, called: Sequence[str], unit: str) -> bool:
    """Whether the words before the whole name each entry of its list: 会议费、培训费合计9万元，其中会议费…、培训费…."""
    whole = listed.wholes(unit)[0]
    before = [t for t in listed.origin.tokens if t.end <= whole.start]
    begin = max((t.end for t in before if t.sort in _DIVIDING or t.sort in (MONEY, COUNT)), default=listed.origin.start)
    said = bare(listed.origin.paragraph.text[begin : whole.start])
    commas = sum(1 for t in before if t.sort == "enumeration" and t.start >= begin)
    named = all(len(name) > 1 and name in said for name in called) and len(set(called)) == len(called)
    return named and (commas == len(called) - 1 or len(called) > _SEVERAL)


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


def _tells_other_things(listed: PrintedList, entries: Sequence[ListEntry], phrases: Phrases) -> bool:
    """Whether entries are no parts: the same in other years, in brackets, or what some of them come to.

    经费9万元（2023年8万元、2022年7万元）; 经费9万元，其中甲3万元、乙2万元，两项合计5万元.
    """
    years = all(entry.words and all(t.sort == YEAR for t in entry.words) for entry in entries)
    added = any(entry.name.endswith(phrases.signs["added-up"]) for entry in entries)
    return added or (years and listed.opener.sort == "open")


def _counts_all(listed: PrintedList, unit: str) -> bool:
    """Whether other figures of the entries of a list add up to the figure before it.

    In 项目5个，涉及9万元，其中：甲类2个，涉及4万元；乙类3个，涉及5万元, the numbers say that nothing is left out.
    """
    for other in {each for entry in listed.entries for each in entry.figures} - {unit}:
        counted = [entry.figures[other] for entry in listed.entries if other in entry.figures]
        if len(counted) == len(listed.entries) and any(_equals(t, counted) for t in listed.wholes(other)[:1]):
            return True
    return False


def _names_number(listed: PrintedList, sentence: Sentence, unit: str, words: ListWords) -> bool:
    """Whether the text before a list tells that it has as many entries as are listed: 共安排3个项目, 由三部分组成."""
    entries = listed.column(unit)
    if unit != MONEY or len(entries) != len(listed.entries) or listed.origin is not sentence:
        return False
    begin = entries[0].words[0].start if entries[0].words else 0
    said = bare(sentence.paragraph.text[sentence.start : begin])
    number = [str(len(entries)), *(label for label, n in words.numerals.items() if n == len(entries))]
    told = [f"{each}{counted}" for each in number for counted in words.phrases.signs["counted-entries"]]
    return any(_ends_number(said, each) for each in told)


def _ends_number(said: str, told: str) -> bool:
    """Whether a text tells a number of things that is not the end of a longer number."""
    at = said.find(told)
    return at >= 0 and not said[at - 1 : at].isdigit()
