"""Mistakes of writing in running text: unfinished reasons, figures without a unit, doubled or unpaired marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from converters.model.document import TextBlock
from converters.outline.wording import Wording, heading_rank
from ontology.narrative_words import bare, load_phrases
from ontology.text import narrow

_PAIRS = ("()", "[]", "\u3010\u3011", "\u201c\u201d", "\u300a\u300b", "\u3008\u3009", "\u3014\u3015")
_DOUBLED = re.compile(r"[\u3002\uff0c;\u3001]\s*[\u3002\uff0c;\u3001]")
_ENDING = ("\u3002", ";", ":", "!", "?")
_NUMBERED = re.compile(r"(?:^|[\s\u3002\uff0c\u3001;:])(?:\d{1,3}|[A-Za-z\u2460-\u2473]|[^\W\d_A-Za-z]{1,2})\)")
_ITEM = re.compile(r"(?<![\d.%])\d{1,2}\)(?=[^\W\d_])")
_DECIMAL = r"\d[\d,]*\.\d+"
_PAUSE = r"[\u3002\uff0c;]"
_AROUND = 6
_REACH = 3
"""How many paragraphs apart the two marks of a pair may stand, as where a page or a heading interrupts a quotation."""


@dataclass(frozen=True, slots=True)
class Slips:
    """What is wrong in one line, each as printed, None where nothing is."""

    empty_reason: str | None = None
    unmeasured: str | None = None
    doubled: str | None = None
    unpaired: str | None = None


NO_SLIPS = Slips()
_WAYS = ("increase", "decrease")
"""The words before a change, by the names of their concepts."""


def find_slips(blocks: Sequence[TextBlock], wording: Wording) -> dict[int, Slips]:
    """Return the slips of running text by the index of the line in which they stand.

    Lines up to the end of a sentence are read as one paragraph. Brackets and quotation marks are counted over such a
    paragraph; only one that has a single mark without its partner, there and near by, is told of, since several come
    from the font of a file rather than from its author.
    """
    phrases = load_phrases(wording.vocabulary)
    signs = phrases.signs
    leads = "|".join(map(re.escape, sorted(map(narrow, signs["reason-lead"]), key=len, reverse=True)))
    following = "|".join(map(re.escape, map(narrow, signs["reason-none"])))
    empty = re.compile(rf"(?:{leads})\s*:?\s*(?:{following})")
    unmeasured = _without_unit([w for w, word in phrases.words.items() if word.name in _WAYS], wording.vocabulary.units)
    found: dict[int, Slips] = {}
    paragraphs = [_joined(blocks, indices) for indices in _paragraphs(blocks, wording)]
    unpaired = _unpaired([text for text, _ in paragraphs])
    for (text, begins), alone in zip(paragraphs, unpaired, strict=True):
        for name, at, printed in (*_slips_of(text, empty, unmeasured), *_told_marks(text, alone)):
            index = begins[max(begin for begin in begins if begin <= at)]
            found[index] = _with(found.get(index, NO_SLIPS), name, printed)
    return found


def _joined(blocks: Sequence[TextBlock], indices: Iterable[int]) -> tuple[str, dict[int, int]]:
    """Return the text of some lines, and the index of each line by its offset in the text."""
    text, begins = "", {}
    for index in indices:
        begins[len(text)] = index
        text += narrow(blocks[index].text)
    return text, begins


def _with(slips: Slips, name: str, printed: str) -> Slips:
    fields: Mapping[str, str] = {name: printed}
    return slips if getattr(slips, name) is not None else replace(slips, **fields)


def _paragraphs(blocks: Sequence[TextBlock], wording: Wording) -> Iterator[list[int]]:
    """Yield the indices of the lines of each paragraph; a line of punctuation alone belongs to the one before it."""
    indices: list[int] = []
    for index, block in enumerate(blocks):
        ended = bool(indices) and bare(blocks[indices[-1]].text).endswith(_ENDING)
        if indices and (heading_rank(block.text, wording) is not None or (ended and not _is_mark(block))):
            yield indices
            indices = []
        indices.append(index)
    if indices:
        yield indices


def _is_mark(block: TextBlock) -> bool:
    return bare(block.text) in _ENDING


def _without_unit(ways: Iterable[str], units: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of a change without a unit, in the group `change`, behind a figure of its sentence that has one.

    Only figures with decimals are told of: whole numbers may count anything. No other figure follows, which could have
    the unit of both.
    """
    before, unit = (
        "|".join(map(re.escape, sorted(map(narrow, words), key=len, reverse=True))) for words in (ways, units)
    )
    change = rf"(?P<change>(?:{before})\s*{_DECIMAL})(?=\s*{_PAUSE}(?!\s*\d))"
    return re.compile(rf"\d\s*(?:{unit})[^\u3002;]*?{change}")


def _slips_of(text: str, empty: re.Pattern[str], unmeasured: re.Pattern[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the slips of a paragraph: the field of `Slips`, the offset and the words."""
    for match in empty.finditer(text):
        yield "empty_reason", match.start(), match[0]
    for match in unmeasured.finditer(text):
        yield "unmeasured", match.start("change"), "".join(match["change"].split())
    for match in _DOUBLED.finditer(text):
        yield "doubled", match.start(), "".join(match[0].split())


def _unpaired(texts: Sequence[str]) -> list[list[list[int]]]:
    """Return, for each paragraph and each pair, the offsets of the marks that have no partner there or near by."""
    unpaired: list[list[list[int]]] = [[] for _ in texts]
    numbered = [{m.end() - 1 for pattern in (_NUMBERED, _ITEM) for m in pattern.finditer(text)} for text in texts]
    for pair in _PAIRS:
        alone = [_without_partner(text, pair, numbers) for text, numbers in zip(texts, numbered, strict=True)]
        opened: list[tuple[int, int]] = []
        for at, text in enumerate(texts):
            for mark in [mark for mark in alone[at] if text[mark] == pair[1]]:
                if opened and at - opened[-1][0] <= _REACH:
                    alone[at].remove(mark)
                    alone[opened[-1][0]].remove(opened.pop()[1])
            opened += [(at, mark) for mark in alone[at] if text[mark] == pair[0]]
        for marks, own in zip(unpaired, alone, strict=True):
            marks.append(own)
    return unpaired


def _told_marks(text: str, alone: Iterable[Sequence[int]]) -> Iterator[tuple[str, int, str]]:
    """Yield the only mark of a pair that a whole paragraph has without its partner."""
    if bare(text).endswith(_ENDING):
        for marks in alone:
            if len(marks) == 1:
                [at] = marks
                yield "unpaired", at, text[max(0, at - _AROUND) : at + _AROUND + 1].strip()


def _without_partner(text: str, pair: str, numbers: set[int]) -> list[int]:
    """Return the offsets of the marks of a pair that have no partner; the bracket behind a list number needs none."""
    opened: list[int] = []
    closed: list[int] = []
    for at, character in enumerate(text):
        if character == pair[0]:
            opened.append(at)
        elif character == pair[1] and opened:
            opened.pop()
        elif character == pair[1] and at not in numbers:
            closed.append(at)
    return [*closed, *opened]
