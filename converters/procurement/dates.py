"""Dates as notices print them."""

from __future__ import annotations

import re
from datetime import date

from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import narrow


def parse_date(text: str, words: NoticeWords | None = None) -> date | None:
    """Return the first date in a text: `2026年7月1日 09:30`, `2026-07-01`, `2026/7/1`, `20260701`; None if none is.

    >>> parse_date("发布日期：2026-07-29 08:45")
    datetime.date(2026, 7, 29)
    """
    known = (words or load_notice_words()).words
    year, month, day = ("|".join(map(re.escape, known[key])) for key in ("year", "month", "day"))
    plain = narrow(text)
    for pattern in (
        rf"(?<!\d)(\d{{4}})\s*(?:{year})\s*(\d{{1,2}})\s*(?:{month})\s*(\d{{1,2}})\s*(?:{day})?",
        r"(?<!\d)(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?!\d)",
        r"(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)",
    ):
        for match in re.finditer(pattern, plain):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None
