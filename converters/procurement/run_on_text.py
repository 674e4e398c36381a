"""Text that lost its line breaks: where headings, labels and lots begin in it."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from converters.procurement.labels import contact_labels, find_role, split_mark
from converters.procurement.values.money import money_units, parse_numeral
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_SPACED_LABEL, _WORDY_LABEL = 2, 5
_RUN_ON, _RUN_ON_WITHIN = 2, 3
"""How many headings in order tell that a line lost its breaks: if the first begins it or is known, and if not."""
_SHORTEST_SECTION = 4
_LIST_MARK = re.compile(r"(?:^|(?<=[^0-9A-Za-z.-]))\d{1,2}[\u3001.]\s*$")


def unfold(text: str, words: NoticeWords) -> list[str]:
    """Return the lines of a text that lost its line breaks: divided before headings, labels and lots.

    Interfaces and search engines give whole notices in a line (`一、项目编号：A-1二、项目名称：桌椅三、…`). Headings
    whose list marks follow one another tell it. A list inside a heading is left as it is, and so is any other line.
    """
    cuts = _headings_in_order(text, words)
    begins = bool(cuts) and (not text[: cuts[0]].strip("# \u3000\t") or _is_section(text[cuts[0] :], words))
    if len(cuts) < (_RUN_ON if begins else _RUN_ON_WITHIN):
        return [text]
    cuts += _labels_in_order(narrow(text), words)
    ends = sorted({0, len(text), *cuts})
    pieces = (text[start:end].strip() for start, end in pairwise(ends))
    return [line for piece in pieces if piece for line in _heading_apart(piece, words)]


def _is_section(text: str, words: NoticeWords) -> bool:
    """Whether a text is the heading of a known section with its list mark, and what follows."""
    plain = clean_label(split_mark(text, words)[1])
    return any(plain.startswith(section) for section in words.sections if len(section) >= _SHORTEST_SECTION)


@cache
def _heading_pattern(words: NoticeWords) -> re.Pattern[str]:
    numerals = "".join(map(re.escape, words.numerals))
    before = "".join(map(re.escape, words.words["ordinal-prefix"]))
    return re.compile(rf"(?<![{numerals}{before}])([{numerals}]{{1,3}})、(?![{numerals}])")


def next_mark(text: str, words: NoticeWords) -> int:
    """Return where the list mark of a further heading stands in a text (`A-1二、`), the end of the text without one."""
    match = _heading_pattern(words).search(text, 1)
    return match.start() if match else len(text)


def _headings_in_order(text: str, words: NoticeWords) -> list[int]:
    """Return where the list marks in characters stand that count on, lists inside of them left out."""
    found: list[int] = []
    levels: list[int] = []
    for match in _heading_pattern(words).finditer(text):
        number = parse_numeral(match[1], words) or 0
        while len(levels) > 1 and number != levels[-1] + 1 and number == levels[-2] + 1:
            levels.pop()
        if levels and number == levels[-1] + 1:
            levels[-1] = number
        elif not levels or number == 1:
            levels.append(number)
        else:
            continue
        if len(levels) == 1:
            found.append(match.start())
    return found


def _labels_in_order(plain: str, words: NoticeWords) -> list[int]:
    """Return where a text without breaks goes on with a label, a lot, or the date at its end.

    The name of a project may end with what a label begins with (`设备采购项目编号：`): the name has it, unless the
    label before begins so too (`采购项目名称：`).
    """
    found: list[int] = []
    before = ""
    for match in _run_on_pattern(words).finditer(plain):
        start, label = match.start(), clean_label(match[0]).rstrip(":")
        glued = start > 0 and plain[start - 1].isalnum()
        for end in words.words["project-end"] if glued and label in words.fields else ():
            shorter = label.removeprefix(end)
            if shorter != label and words.fields.get(shorter) == words.fields[label] and not before.startswith(end):
                start += len(end)
                break
        before = label
        mark = _LIST_MARK.search(plain, 0, start)
        found.append(mark.start() if mark else start)
    return found


@cache
def _run_on_pattern(words: NoticeWords) -> re.Pattern[str]:
    """Where a line begins in a text without breaks: a label with its colon, a lot, a date that ends the text."""
    headed = [label for label, section in words.sections.items() if section in ("buyer", "agency")]
    known = sorted({*words.fields, *contact_labels(words)}, key=len, reverse=True)
    spaced = (r"\s*".join(label) if len(label) <= _SPACED_LABEL else re.escape(label) for label in known)
    labels, headings = "|".join(spaced), "|".join(map(re.escape, headed))
    lots = "|".join(map(re.escape, words.words["lot"]))
    wordy = "|".join(re.escape(label) for label in known if len(label) > _WORDY_LABEL)
    summary, units = ("|".join(map(re.escape, each)) for each in (words.words["summary"], money_units()))
    alternatives = (
        rf"(?:{labels})\s*(?:\([^()]*\))?\s*:",
        rf"(?:\d[.、])?(?:{headings})(?=\s|{labels})",
        rf"(?<=\s)(?:{lots})\s*\d+\s*:",
        rf"(?<!:)(?:{summary}):",
        rf"(?<=\s)(?:{wordy})(?=\w)",
        r"(?<=\s)\d{4}\D\d{1,2}\D\d{1,2}\D?$",
        rf"(?<=\s)(?!{units})[^\W\d][^\s:,;\uff0c\u3002\u3001]{{1,15}}:",
    )
    return re.compile("|".join(alternatives))


def _heading_apart(piece: str, words: NoticeWords) -> list[str]:
    """Return a heading and the text behind it, which a space divides; any other text as it is."""
    _, text = split_mark(piece, words)
    head, _, rest = text.partition(" ")
    if rest and find_role(head, words.sections, words) is not None and not find_role(head, None, words):
        return [piece[: len(piece) - len(text) + len(head)], rest.strip()]
    return [piece]
