"""Classes of the procurement catalogue that a notice names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from converters.procurement.notice import NoticeItem
from converters.procurement.statements import NoticeStatement
from converters.procurement.values.names import is_nothing, tidy_name
from ontology.procurement.notice_words import NoticeWords
from ontology.text import narrow

_CODE = re.compile(r"(?<![A-Za-z0-9])([ABC]\d{2,8})(?!\d)")


def read_items(statements: Sequence[NoticeStatement], words: NoticeWords) -> tuple[NoticeItem, ...]:
    """Return the classes in printed order: codes (`A02010104 台式计算机`), names, or paths of names (`货物/设备/…`)."""
    found: dict[NoticeItem, None] = {}
    codes = [s for s in statements if s.role == "item-code"]
    rows = {s.row: s.value for s in codes if s.row is not None or len(codes) == 1}
    for statement in statements:
        if statement.role == "item":
            for text in re.split(r"[,;\n]", narrow(statement.value)):
                found.update(dict.fromkeys(parse_items(text, words, rows.get(statement.row))))
    if not found:
        for statement in codes:
            found.update(dict.fromkeys(parse_items(statement.value, words)))
    return tuple(found)


def parse_items(text: str, words: NoticeWords, code: str | None = None) -> list[NoticeItem]:
    """Return the class that a text names, with `code` from beside it; nothing if the text names none."""
    match = _CODE.search(narrow(code or text))
    name = tidy_name(_CODE.sub("", narrow(text)).strip(" -()[]/\u2014"))
    if is_nothing(name, words) or name.isdigit():
        name = ""
    if match is None and not name:
        return []
    return [NoticeItem(match[1] if match else None, name or None)]
