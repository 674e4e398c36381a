"""Labels of notices: values behind them, headings of sections, marks of lots."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from converters.procurement.money import money_units, parse_numeral
from ontology.procurement.notice_words import NoticeWords
from ontology.text import clean_label, narrow

_LONGEST_LABEL = 40
_BRACKET = re.compile(r"\([^()]*\)$")
_ENCLOSED = re.compile(r"\([^()]*\)")
_LOT_NUMERALS = 3
_SPACED_LABEL, _WORDY_LABEL = 2, 5
_RUN_ON, _RUN_ON_WITHIN = 2, 3
"""How many headings in order tell that a line lost its breaks: if it begins with the first of them, and if not."""


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


def find_role(label: str, roles: dict[str, str] | None, words: NoticeWords) -> str | None:
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
def _contact_labels(words: NoticeWords) -> frozenset[str]:
    """The labels of addresses, telephone numbers and persons, alone and behind the word for a party."""
    parties = [label for label, role in words.fields.items() if role in ("buyer", "agency", "supplier")]
    return frozenset(party + contact for party in ("", *parties) for contact in words.words["contact"])


@cache
def _inner_pattern(words: NoticeWords) -> re.Pattern[str]:
    known = sorted({*words.fields, *_contact_labels(words)}, key=len, reverse=True)
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
    role = find_role(head, None, words) if colon and len(head) <= _LONGEST_LABEL else None
    if role is not None:
        starts.append((0, len(head) + 1, role, text[: len(head)]))
    for match in _inner_pattern(words).finditer(plain):
        listed = match.start() > 0 and plain[match.start() - 1] == "、"  # otherwise a label of two parts (`甲、乙：`)
        if (not starts and not listed) or (starts and match.start() >= starts[-1][1]):
            role = words.fields.get(match[1], "")
            starts.append((match.start(), match.end(), role, text[match.start() : match.end() - 1]))
            if match.start() and plain[match.start() - 1] == "(":
                closed[match.end()] = _bracket_end(plain, match.end())
    if not starts:
        return _split_pieces(text, words)
    ends = [*(start for start, *_ in starts), len(text)][1:]
    return [
        Labelled(role, label.strip(), text[end : min(until, closed.get(end, until))].rstrip("(\uff08 ").strip())
        for (_, end, role, label), until in zip(starts, ends, strict=True)
        if role
    ]


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


def unfold(text: str, words: NoticeWords) -> list[str]:
    """Return the lines of a text that lost its line breaks: divided before headings, labels and lots.

    Interfaces and search engines give whole notices in a line (`一、项目编号：A-1二、项目名称：桌椅三、…`). Headings
    whose list marks follow one another tell it. A list inside a heading is left as it is, and so is any other line.
    """
    cuts = _headings_in_order(text, words)
    starts_with_one = bool(cuts) and not text[: cuts[0]].strip("# \u3000\t")
    if len(cuts) < (_RUN_ON if starts_with_one else _RUN_ON_WITHIN):
        return [text]
    cuts += _labels_in_order(narrow(text), words)
    ends = sorted({0, len(text), *cuts})
    pieces = (text[start:end].strip() for start, end in pairwise(ends))
    return [line for piece in pieces if piece for line in _heading_apart(piece, words)]


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
        found.append(start)
    return found


@cache
def _run_on_pattern(words: NoticeWords) -> re.Pattern[str]:
    """Where a line begins in a text without breaks: a label with its colon, a lot, a date that ends the text."""
    headed = [label for label, section in words.sections.items() if section in ("buyer", "agency")]
    known = sorted({*words.fields, *_contact_labels(words)}, key=len, reverse=True)
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
    if rest and find_role(head, dict(words.sections), words) is not None and not find_role(head, None, words):
        return [piece[: len(piece) - len(text) + len(head)], rest.strip()]
    return [piece]
