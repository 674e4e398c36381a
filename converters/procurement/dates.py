"""Dates as notices print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import narrow


def parse_date(text: str, words: NoticeWords | None = None) -> date | None:
    """Return the first date in a text: `2026年7月1日 09:30`, `2026-07-01`, `2026/7/1`, `20260701`; None if none is.

    >>> parse_date("发布日期：2026-07-29 08:45")
    datetime.date(2026, 7, 29)
    """
    return next((day for _, day in _dates(text, words or load_notice_words())), None)


def text_before_date(text: str, words: NoticeWords) -> str:
    """Return the text before its last date, without an opening bracket at its end; the whole text if it has no date."""
    starts = [start for start, _ in _dates(text, words)]
    return text[: max(starts)].rstrip(" (\uff08[") if starts else text


def _dates(text: str, words: NoticeWords) -> Iterator[tuple[int, date]]:
    """Yield the positions of dates and the dates, those with the words for year, month and day first."""
    year, month, day = ("|".join(map(re.escape, words.words[key])) for key in ("year", "month", "day"))
    plain = narrow(text)
    for pattern in (
        rf"(?<!\d)(\d{{4}})\s*(?:{year})\s*(\d{{1,2}})\s*(?:{month})\s*(\d{{1,2}})\s*(?:{day})?",
        r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)",
        r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)",
    ):
        for match in re.finditer(pattern, plain):
            try:
                yield match.start(), date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
