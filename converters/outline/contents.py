"""The table of contents of a document, and the lines of it that are printed nowhere else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, takewhile

from converters.model.document import TextBlock
from converters.outline.wording import Wording, heading_rank, is_heading, is_listed, without_mark
from ontology.narrative_words import bare

_STOP = "。"
_GAP = re.compile(r"\s{2,}|[\u3000\t]+")
_PAGE = re.compile(r"[.\u2026\u00b7]*\d{0,3}$")
_LONGEST = 80
_SHORTEST = 4
_ALIKE = 0.7
_SAME = 0.83
_MOST_MISSING = 2


def find_contents(blocks: Sequence[TextBlock], wording: Wording) -> range:
    """Return the indexes of the lines of a table of contents, empty if there is none.

    It begins below its title and ends with its last line with leaders; without leaders before the first line that
    repeats one of it (第一部分 概况 with its number, since its words are short), that is a sentence, or that begins a
    page without a list mark. Entries may stand side by side.
    """
    start = next((i for i, block in enumerate(blocks) if bare(block.text) in wording.contents), None)
    if start is None:
        return range(0)
    rows = sum(1 for _ in takewhile(lambda block: _has_several_entries(block.text, wording), blocks[start + 1 :]))
    if rows:
        return range(start + 1, start + 1 + rows)
    seen: set[str] = set()
    led = 0
    for index in range(start + 1, len(blocks)):
        block, before = blocks[index], blocks[index - 1]
        words = without_mark(block.text, wording)
        turned = block.locator.page != before.locator.page and heading_rank(block.text, wording) is None
        if led and not is_listed(block.text) and (turned or _STOP in words):
            return range(start + 1, led + 1)
        entry = words if len(words) >= _SHORTEST else _PAGE.sub("", bare(block.text))
        if entry in seen or _STOP in words or (turned and not led and seen):
            return range(start + 1, led + 1 if led else index)
        led = index if is_listed(block.text) else led
        if len(entry) >= _SHORTEST:
            seen.add(entry)
    return range(0)


def _has_several_entries(text: str, wording: Wording) -> bool:
    """Whether entries of a table of contents stand side by side in a line, each with its number."""
    pieces = _GAP.split(text.strip())
    return len(pieces) > 1 and all(heading_rank(piece, wording) is not None for piece in pieces)


def find_missing(blocks: Sequence[TextBlock], contents: range, wording: Wording) -> list[TextBlock]:
    """Return the lines of a table of contents without a heading or a title for them after it.

    A line printed in another wording is matched to the most similar line that no other line was matched to. Where more
    than two lines are missing, the headings are worded freely, and none is returned.
    """
    listed = [
        b for b in (blocks[i] for i in contents) if _is_entry(b, wording) and not _has_several_entries(b.text, wording)
    ]
    after = [without_mark(b.text, wording) for b in blocks[contents.stop :] if len(b.text) <= _LONGEST]
    lines = [*after, *(one + two for one, two in pairwise(after))]
    free = [line for line in dict.fromkeys(after) if len(line) >= _SHORTEST]
    missing: list[tuple[TextBlock, str]] = []
    for block in listed:
        words = without_mark(block.text, wording)
        found = next((line for line in lines if words in line or (len(line) >= _SHORTEST * 2 and line in words)), None)
        if found is None:
            missing.append((block, words))
        elif found in free and (found == words):
            free.remove(found)
    unmatched = [
        block
        for block, words in missing
        if not _take_similar(words, free) and not any(_likeness(words, line) >= _SAME for line in after)
    ]
    return unmatched if len(unmatched) <= _MOST_MISSING else []


def _is_entry(block: TextBlock, wording: Wording) -> bool:
    words = without_mark(block.text, wording)
    return len(words) >= _SHORTEST and (is_heading(block.text) or is_listed(block.text))


def _take_similar(words: str, free: list[str]) -> bool:
    """Whether a free line is similar to some words; the line is no longer free then."""
    best = max(free, key=lambda line: _likeness(words, line), default=None)
    if best is None or _likeness(words, best) < _ALIKE:
        return False
    free.remove(best)
    return True


def _likeness(one: str, other: str) -> float:
    """How alike a listed line and a printed one are, from 0 to 1: by their characters, in any order.

    What stands before a colon in the printed line (the number of a table) may be left out.
    """
    return max(_alike(one, other), _alike(one, other.rpartition(":")[2]))


def _alike(one: str, other: str) -> float:
    shared = (Counter(one) & Counter(other)).total()
    return 2 * shared / ((len(one) + len(other)) or 1)
