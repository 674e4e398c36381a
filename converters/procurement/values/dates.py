"""Dates as notices print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from converters.procurement.values.money import parse_numeral
from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import narrow

_LAST_DIGIT = 9


def parse_date(text: str, words: NoticeWords | None = None) -> date | None:
    """Return the first date in a text, None if none is in it.

    Dates are printed as `2026年7月1日 09:30`, `二〇二六年七月一日`, `2026-07-01`, `2026/7/1` or `20260701`; a
    time of the day may follow without a space (`2026-07-0109:30`).

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
    numeral = "".join(map(re.escape, words.numerals))
    written = rf"([{numeral}]{{4}})(?:{year})([{numeral}]{{1,3}})(?:{month})([{numeral}]{{1,3}})(?:{day})"
    for pattern in (
        rf"(?<!\d)(\d{{4}})\s*(?:{year})\s*(\d{{1,2}})\s*(?:{month})\s*(\d{{1,2}})\s*(?:{day})?",
        written,
        r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)",
        r"(?<!\d)(\d{4})[-/.](\d{2})[-/.](\d{2})(?=\d{1,2}:\d{2})",
        r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)",
    ):
        for match in re.finditer(pattern, plain):
            try:
                yield match.start(), date(*(_number(part, words) for part in match.groups()))
            except ValueError:
                continue


def _number(text: str, words: NoticeWords) -> int:
    """Return the number that digits, or characters one by one (`二〇二五`) or with tens (`二十五`), stand for."""
    if any(words.numerals.get(character, 0) > _LAST_DIGIT for character in text):
        return parse_numeral(text, words) or 0
    return int("".join(str(words.numerals.get(character, character)) for character in text))
