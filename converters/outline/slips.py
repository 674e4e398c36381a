"""Mistakes of writing in running text: unfinished reasons, doubled punctuation, marks that do not pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from converters.model.document import TextBlock
from converters.outline.wording import Wording, heading_rank
from ontology.narrative_words import bare, load_phrases
from ontology.text import narrow

_PAIRS = ("()", "[]", "\u3010\u3011", "\u201c\u201d", "\u300a\u300b", "\u3008\u3009", "\u3014\u3015")
_DOUBLED = re.compile(r"[\u3002\uff0c;\u3001]\s*[\u3002\uff0c;\u3001]")
_ENDING = ("\u3002", ";", ":", "!", "?")
_NUMBERED = re.compile(r"(?:^|[\s\u3002\uff0c\u3001;:])(?:\d{1,3}|[A-Za-z\u2460-\u2473]|[^\W\d_A-Za-z]{1,2})\)")
_AROUND = 6


@dataclass(frozen=True, slots=True)
class Slips:
    """What is wrong in one line, each as printed, None where nothing is."""

    empty_reason: str | None = None
    doubled: str | None = None
    unpaired: str | None = None


NO_SLIPS = Slips()


def find_slips(blocks: Sequence[TextBlock], wording: Wording) -> dict[int, Slips]:
    """Return the slips of running text by the index of the line in which they stand.

    Lines up to the end of a sentence are read as one paragraph. Brackets and quotation marks are counted over such a
    paragraph; only one that has a single mark without its partner is told of, since several come from the font of a
    file rather than from its author.
    """
    signs = load_phrases(wording.vocabulary).signs
    leads = "|".join(map(re.escape, sorted(map(narrow, signs["reason-lead"]), key=len, reverse=True)))
    following = "|".join(map(re.escape, map(narrow, signs["reason-none"])))
    empty = re.compile(rf"(?:{leads})\s*:?\s*(?:{following})")
    found: dict[int, Slips] = {}
    for indices in _paragraphs(blocks, wording):
        text, begins = "", {}
        for index in indices:
            begins[len(text)] = index
            text += narrow(blocks[index].text)
        for name, at, printed in _slips_of(text, empty):
            index = begins[max(begin for begin in begins if begin <= at)]
            found[index] = _with(found.get(index, NO_SLIPS), name, printed)
    return found


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


def _slips_of(text: str, empty: re.Pattern[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the slips of a paragraph: the field of `Slips`, the offset and the words."""
    for match in empty.finditer(text):
        yield "empty_reason", match.start(), match[0]
    for match in _DOUBLED.finditer(text):
        yield "doubled", match.start(), "".join(match[0].split())
    if not bare(text).endswith(_ENDING):
        return
    numbers = {match.end() - 1 for match in _NUMBERED.finditer(text)}
    for pair in _PAIRS:
        alone = _without_partner(text, pair, numbers)
        if len(alone) == 1:
            [at] = alone
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
