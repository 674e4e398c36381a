"""Labels of notices: values behind them, headings of sections, marks of lots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from converters.procurement.values.money import parse_numeral
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_LONGEST_LABEL = 40
_BRACKET = re.compile(r"\([^()]*\)$")
_ENCLOSED = re.compile(r"\([^()]*\)")
_LISTED = re.compile(r"(?<!\d)、$")
_NEXT_ITEM = re.compile(r"(?<=[^0-9A-Za-z.-])\d{1,2}[\u3001.](?:\s*$|\s*[^\W\d][^\s:,;\uff0c\u3002\u3001]{1,15}:)")
_LOT_NUMERALS = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value behind a label. `role` is the notation of a field; `label` the label as printed."""

    role: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class LotMark:
    """The mark of a lot at the beginning of a text: its number, a name in brackets behind it, and the rest.

    `spaced` if nothing but a space divides the rest from the mark (`包1 课桌椅`).
    """

    number: str
    name: str | None
    rest: str
    spaced: bool = False


def find_role(label: str, roles: Mapping[str, str] | None, words: NoticeWords) -> str | None:
    """Return the role of a label, with or without remarks in brackets behind it (`预算金额（元）`).

    `roles` are the labels to look in, by default those of fields.
    """
    known = words.fields if roles is None else roles
    plain = clean_label(label).rstrip(":")
    if plain.count("(") > plain.count(")"):  # the bracket ends on the next line
        plain = plain.partition("(")[0]
    while plain:
        if plain in known:
            return known[plain]
        shorter = _BRACKET.sub("", plain)
        if shorter == plain:
            return None
        plain = shorter
    return None


@cache
def _mark_pattern(words: NoticeWords) -> re.Pattern[str]:
    numerals = "".join(map(re.escape, words.numerals))
    return re.compile(
        rf"\s*(?:(?P<first>[{numerals}]{{1,3}})[、.．]"
        rf"|[(（]?(?P<other>[{numerals}]{{1,3}}|\d{{1,2}})(?:[)）]|(?<=\d)(?:、|[.．](?!\d))))\s*"
    )


def split_mark(text: str, words: NoticeWords) -> tuple[int | None, str]:
    """Return the level of the list mark of a line and the rest.

    The level is 1 for `一、`, 2 for `1.` or `（一）`, None without a mark.
    """
    plain = text.lstrip("# \u3000\t")
    match = _mark_pattern(words).match(plain)
    if match is None:
        return None, plain
    return (1 if match["first"] else 2), plain[match.end() :]


@cache
def contact_labels(words: NoticeWords) -> frozenset[str]:
    """Return the labels of addresses, telephone numbers and persons, alone and behind the word for a party."""
    parties = [label for label, role in words.fields.items() if role in ("buyer", "agency", "supplier")]
    return frozenset(party + contact for party in ("", *parties) for contact in words.words["contact"])


@cache
def _inner_pattern(words: NoticeWords) -> re.Pattern[str]:
    known = sorted({*words.fields, *contact_labels(words)}, key=len, reverse=True)
    labels = "|".join(map(re.escape, known))
    return re.compile(rf"(?:(?<=[\s;,。、(])|(?<=^))({labels})((?:\([^()]*\)|\[[^\[\]]*\])*)\s*:")


def split_labels(text: str, words: NoticeWords) -> list[Labelled]:
    """Return the labelled values of a line, in order; a label ends with a colon.

    >>> [(found.role, found.value) for found in split_labels("项目编号：A-1  项目名称：桌椅", load_notice_words())]
    [('number', 'A-1'), ('project', '桌椅')]
    """
    if _ENCLOSED.fullmatch(narrow(text).strip()):
        text = text.strip()[1:-1]
    plain = narrow(text)
    closed: dict[int, int] = {}
    starts: list[tuple[int, int, str, str]] = []
    head, colon, _ = plain.partition(":")
    short = bool(colon) and len(head) <= _LONGEST_LABEL
    role = (find_role(head, None, words) or _repeated_label(head, words)) if short else None
    if role is not None:
        starts.append((0, len(head) + 1, role, text[: len(head)]))
    for match in _inner_pattern(words).finditer(plain):
        listed = _LISTED.search(plain, 0, match.start()) is not None  # a label of two parts (`甲、乙：`)
        if (not starts and not listed) or (starts and match.start() >= starts[-1][1]):
            role = words.fields.get(match[1], "")
            starts.append((match.start(), match.end(), role, text[match.start() : match.end() - 1]))
            if match.start() and plain[match.start() - 1] == "(":
                closed[match.end()] = _bracket_end(plain, match.end())
    if not starts:
        return _split_pieces(text, words)
    ends = [*(start for start, *_ in starts), len(text)][1:]
    return [
        Labelled(role, label.strip(), _before_next_item(text[end : min(until, closed.get(end, until))]))
        for (_, end, role, label), until in zip(starts, ends, strict=True)
        if role
    ]


def _before_next_item(text: str) -> str:
    """The value before the list mark of the next item of a line (`桌椅 3、采购方式：`)."""
    match = _NEXT_ITEM.search(narrow(text))
    return (text[: match.start()] if match else text).rstrip("(\uff08 ").strip()


def _repeated_label(head: str, words: NoticeWords) -> str | None:
    """The role of a label that follows its own heading without anything between them (`项目名称采购项目名称`)."""
    plain = clean_label(head)
    roles = (
        words.fields[plain[position:]]
        for position in range(2, len(plain) - 1)
        if plain[position:] in words.fields and (plain[:position] in words.fields or plain[:position] in words.sections)
    )
    return next(roles, None)


def _bracket_end(plain: str, start: int) -> int:
    """Return where the bracket ends in which a position stands, the end of the text if it does not."""
    depth = 1
    for position in range(start, len(plain)):
        depth += {"(": 1, ")": -1}.get(plain[position], 0)
        if depth == 0:
            return position
    return len(plain)


def _split_pieces(text: str, words: NoticeWords) -> list[Labelled]:
    """Return the values of pieces between semicolons that begin with a label and a space (`供应商名称 某公司 ；…`).

    One such piece alone may be a sentence, and gives nothing.
    """
    found = []
    for piece in re.split(r"[;\uff1b]", text):
        label, space, value = piece.strip().lstrip("1234567890:\uff1a.\u3001").strip().partition(" ")
        role = find_role(label, None, words) if space else None
        if role is not None and value.strip():
            found.append(Labelled(role, label, value.strip()))
    return found if len(found) > 1 else []


@cache
def _lot_pattern(words: NoticeWords) -> re.Pattern[str]:
    numerals = "".join(map(re.escape, words.numerals))
    number = rf"[{numerals}]{{1,{_LOT_NUMERALS}}}|\d{{1,{_LOT_NUMERALS}}}|[A-Z]"
    lots = "|".join(map(re.escape, words.words["lot"]))
    prefix = "|".join(map(re.escape, words.words["ordinal-prefix"]))
    return re.compile(
        rf"\s*(?:(?:{prefix})?\s*(?P<before>{number})\s*(?:{lots})|(?:{lots})\s*(?P<after>{number}))"
        r"(?=$|[\s:,;、()\[\]-])"
    )


def split_lot(text: str, words: NoticeWords) -> LotMark | None:
    """Return the mark of a lot at the beginning of a text (`第一包：`, `01包：…`, `标项二`), None without one."""
    plain = narrow(text)
    match = _lot_pattern(words).match(plain)
    if match is None:
        return None
    printed = match["before"] or match["after"]
    number = parse_numeral(printed, words)
    rest = text[match.end() :]
    name = re.match(r"\s*\((.*)\)\s*:?\s*$", narrow(rest))
    if name is not None:
        return LotMark(_number_text(number, printed), rest[name.start(1) : name.end(1)].strip(), "")
    behind = rest.lstrip(" \u3000:\uff1a-\u3001,\uff0c").strip()
    return LotMark(_number_text(number, printed), None, behind, rest.strip() == behind)


def _number_text(number: int | None, printed: str) -> str:
    return printed if number is None else str(number)


def find_lots(text: str, words: NoticeWords) -> Iterator[str]:
    """Yield the numbers of the lots that a text names, in order."""
    plain = narrow(text)
    for position in range(len(plain)):
        if position == 0 or not plain[position - 1].isalnum() or plain[position] in words.words["ordinal-prefix"]:
            mark = split_lot(text[position:], words)
            if mark is not None and not plain[position].isspace():
                yield mark.number
