"""Numbers of headings, and where one is left out: behind 一、 and 二、 no heading begins with 四、."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce

from converters.model.document import TextBlock
from converters.outline.wording import Wording, heading_rank, is_heading

_PART, _SECTION = 0, 1
_TEN = 10
_MARK = "\u3001"
_MOST_LEFT_OUT = 2
"""How many numbers an author leaves out; where more are missing, the headings were not read."""


def find_skipped(blocks: Sequence[TextBlock], contents: Collection[int], wording: Wording) -> dict[int, str]:
    """Return the number that is left out before a heading, by the index of its line; `contents` are left aside.

    A list may stand within a section, and each part begins anew: a number continues the innermost list that it can.
    A number that continues none and is not higher than all of them is no heading's. The first heading of a part may
    stand on the line of the part. A number that comes later, as where tables changed places, is not left out.
    """
    numerals = {label: number for label, number in wording.vocabulary.numerals.items() if 0 < number <= _TEN}
    words = {number: numeral for numeral, number in reversed(numerals.items())}
    firsts = [numeral + _MARK for numeral, number in numerals.items() if number == 1]
    skipped: dict[int, str] = {}
    awaited: dict[int, int] = {}
    lists: list[int] = []
    for index, block in enumerate(blocks):
        rank = heading_rank(block.text, wording)
        if rank == _PART:
            lists, awaited = [1 if any(first in block.text for first in firsts) else 0], {}
        number = _number(block.text, wording, numerals) if rank == _SECTION and index not in contents else None
        if number is None:
            continue
        if number in awaited:
            del skipped[awaited.pop(number)]
        if number == 1 and 0 not in lists:
            lists.append(1)
        elif number - 1 in lists:
            del lists[len(lists) - lists[::-1].index(number - 1) :]
            lists[-1] = number
        elif lists and max(lists) < number and is_heading(block.text):
            if number - max(lists) <= (_MOST_LEFT_OUT if max(lists) else 1) + 1:
                skipped[index] = "".join(_written(max(lists) + 1, words))
                awaited[max(lists) + 1] = index
            del lists[lists.index(max(lists)) + 1 :]
            lists[-1] = number
    return skipped


def _number(text: str, wording: Wording, numerals: Mapping[str, int]) -> int | None:
    """Return the number at the beginning of a line; None if it is not written with numerals up to ten."""
    marks = (m[0] for _, pattern in wording.vocabulary.list_marks if (m := pattern.match(text.strip())))
    mark = next(marks, "")[:-1]
    return reduce(_add, map(numerals.__getitem__, mark), 0) if mark and set(mark) <= numerals.keys() else None


def _add(number: int, numeral: int) -> int:
    return max(number, 1) * _TEN if numeral == _TEN else number + numeral


def _written(number: int, words: Mapping[int, str]) -> Iterator[str]:
    tens, ones = divmod(number, _TEN)
    yield from (words[tens],) if tens > 1 else ()
    yield from (words[_TEN],) if tens else ()
    yield from (words[ones],) if ones else ()
