"""The table of main points that procurement sites print above a notice (公告概要), with or without colons and lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from converters.procurement.labels import Labelled, split_mark
from converters.procurement.reading_order import NoticeFlow, NoticeLine
from ontology.locators import Locator
from ontology.procurement.notice_words import NoticeWords
from ontology.text import narrow

_MOST_LINES = 60


def split_summary(flow: NoticeFlow, words: NoticeWords) -> tuple[list[tuple[Labelled, Locator]], NoticeFlow]:
    """Return the values of the summary, with their places, and the flow without it.

    The summary begins with its title and ends before the first heading that has a list mark in characters (`一、`).
    Labels may follow values without anything between them: `采购单位某局行政区域某市公告时间2026年7月1日`.
    """
    start = next((n for n, part in enumerate(flow) if _begins(part, words)), None)
    if start is None:
        return [], flow
    lines: list[NoticeLine] = []
    for part in flow[start:]:
        if len(lines) > _MOST_LINES or not isinstance(part, NoticeLine) or (lines and _ends(part, words)):
            break
        lines.append(part)
    found = _values(lines, words)
    return found, (*flow[:start], *flow[start + len(lines) :])


def _begins(part: object, words: NoticeWords) -> bool:
    return isinstance(part, NoticeLine) and part.text.lstrip("# ").startswith(words.words["summary"])


def _ends(line: NoticeLine, words: NoticeWords) -> bool:
    level, text = split_mark(line.text, words)
    return level == 1 or narrow(text).rstrip(":") in words.sections or line.text.startswith("## ")


@cache
def _pattern(words: NoticeWords) -> re.Pattern[str]:
    """The labels of the summary, and the labels of contacts and attachments, which end a value."""
    longest = sorted((*words.words["summary-value"], *words.words["summary-end"]), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))


def _values(lines: Sequence[NoticeLine], words: NoticeWords) -> list[tuple[Labelled, Locator]]:
    """Return the values between the labels; of each label the first counts, since contacts repeat some."""
    text = "\n".join(line.text for line in lines)
    cuts: list[tuple[int, int, str]] = []
    seen: set[str] = set()
    for match in _pattern(words).finditer(narrow(text)):
        role = words.fields[match[0]] if match[0] in words.words["summary-value"] else ""
        if role and role in seen:
            continue
        seen.add(role)
        cuts.append((match.start(), match.end(), role))
    values = []
    for number, (start, end, role) in enumerate(cuts):
        until = cuts[number + 1][0] if number + 1 < len(cuts) else len(text)
        pieces = [piece for piece in text[end:until].lstrip(" :\uff1a\n\u3000").splitlines() if piece.strip()]
        if role and pieces:
            line = lines[text.count("\n", 0, start)]
            values.append((Labelled(role, text[start:end], pieces[0].strip()), line.locator))
    return values
