"""Numbers of headings, and where one is left out: behind 一、 and 二、 no heading begins with 四、."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from converters.model.document import TextBlock
from converters.outline.wording import Wording, heading_rank, is_heading, without_mark
from ontology.numbers import numerals_to_number

_PART, _SECTION = 0, 1
_SECOND = 2
_ONE_LEFT_OUT = 2
_TEN = 10
_MARK = "\u3001"
_MOST_LEFT_OUT = 2
"""How many numbers an author leaves out; where more are missing, the headings were not read."""


def find_skipped(blocks: Sequence[TextBlock], contents: Collection[int], wording: Wording) -> dict[int, str]:
    """Return the number that is left out before a heading, by the index of its line; `contents` are left aside.

    A list may stand within a section, and each part begins anew, with its number or with its title in the contents: a
    number continues the innermost list that it can. One that continues none is no heading's, unless it is higher than
    all of them, or headings run on behind it. The first heading of a part may stand on the line of the part. A number
    that comes later, as where tables changed places, is not left out, unless it continues a list that began in between.
    """
    numerals = {label: number for label, number in wording.vocabulary.numerals.items() if 0 < number <= _TEN}
    words = {number: numeral for numeral, number in reversed(numerals.items())}
    firsts = {
        index
        for index, block in enumerate(blocks)
        if any(numeral + _MARK in block.text for numeral, number in numerals.items() if number == 1)
    }
    ranks = [heading_rank(block.text, wording) for block in blocks]
    titles = _titles_of_parts(blocks, contents, ranks, wording)
    numbers = {
        index: number
        for index, block in enumerate(blocks)
        if index not in contents and ranks[index] == _SECTION
        if (number := _number(block.text, wording, numerals)) is not None
    }
    following = dict(zip(numbers, [*list(numbers.values())[1:], 1], strict=False))
    reader = _ListReader(firsts)
    for index, block in enumerate(blocks):
        if ranks[index] == _PART:
            reader.begin(index, [1 if index in firsts else 0])
        elif index in titles:
            reader.begin(index, [])
        if index in numbers:
            reader.read(index, numbers[index], following[index], heading=is_heading(block.text))
    return {index: "".join(_written(number, words)) for index, number in reader.skipped.items()}


class _ListReader:
    """The numbers last read of each list, the outermost first, and what they leave out by the index of a line."""

    def __init__(self, firsts: Collection[int]) -> None:
        self.skipped: dict[int, int] = {}
        self._firsts = firsts
        self._lists: list[int] = []
        self._awaited: dict[int, int] = {}
        self._last: int | None = None

    def begin(self, index: int, lists: list[int]) -> None:
        """Begin a part at a line."""
        self._lists, self._awaited, self._last = lists, {}, index

    def read(self, index: int, number: int, following: int, *, heading: bool) -> None:
        """Read the number of a line; `following` is the next number, 1 behind the last."""
        lists = self._lists
        if number == 1 and 0 not in lists:
            lists.append(1)
        elif number - 1 in lists:
            del lists[len(lists) - lists[::-1].index(number - 1) :]
            lists[-1] = number
        elif number in self._awaited:
            del self.skipped[self._awaited.pop(number)]
            return
        elif not heading or not self._skip(index, number, following):
            return
        self._last = index

    def _skip(self, index: int, number: int, following: int) -> bool:
        """Read a number that continues no list; return whether it is a heading's."""
        lists = self._lists
        highest = max(lists, default=number)
        if highest < number:
            if number - highest <= (_MOST_LEFT_OUT if highest else 1) + 1:
                self.skipped[index] = highest + 1
                self._awaited[highest + 1] = index
            del lists[lists.index(highest) + 1 :]
            lists[-1] = number
        elif lists and number - lists[-1] == _ONE_LEFT_OUT and following in (number + 1, 1):
            self.skipped[index] = number - 1
            lists[-1] = number
        elif number == _SECOND and self._last is not None and following == _SECOND + 1:
            if not any(at in self._firsts for at in range(self._last, index)):
                self.skipped[index] = 1
            lists.append(number)
        else:
            return False
        return True


def _titles_of_parts(
    blocks: Sequence[TextBlock], contents: Collection[int], ranks: Sequence[int | None], wording: Wording
) -> set[int]:
    """Return the indexes of lines without a number that print an entry of the highest rank of the contents."""
    highest = min((rank for index in contents if (rank := ranks[index]) is not None), default=None)
    if highest is None:
        return set()
    entries = {without_mark(blocks[index].text, wording) for index in contents if ranks[index] == highest}
    return {
        index
        for index, block in enumerate(blocks)
        if index not in contents and ranks[index] is None and without_mark(block.text, wording) in entries
    }


def _number(text: str, wording: Wording, numerals: Mapping[str, int]) -> int | None:
    """Return the number at the beginning of a line; None if it is not written with numerals up to ten."""
    marks = (m[0] for _, pattern in wording.vocabulary.list_marks if (m := pattern.match(text.strip())))
    mark = next(marks, "")[:-1]
    return None if mark.isdecimal() else numerals_to_number(mark, numerals)


def _written(number: int, words: Mapping[int, str]) -> Iterator[str]:
    tens, ones = divmod(number, _TEN)
    yield from (words[tens],) if tens > 1 else ()
    yield from (words[_TEN],) if tens else ()
    yield from (words[ones],) if ones else ()
