"""Sums of money as notices print them: with units and currency signs, in Chinese numerals, several in one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ontology import load_vocabulary
from ontology.procurement.notice_words import NoticeWords, load_notice_words
from ontology.text import clean_label

RATE, FOREIGN, NO_UNIT, GLUED, UNREAD = "rate", "foreign", "no-unit", "glued", "unread"
_RUN = re.compile(r"(?<![\d.,])[\d.,]*\d")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_YUAN_SIGNS = "\u00a5"
_MONEY_UNITS = tuple(f"code/unit/{name}" for name in ("yuan", "thousand", "ten-thousand", "million", "hundred-million"))
_LONGEST_RATE_SIGN = 1
_MOST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Money:
    """The sums of a text in yuan, in order, or the `problem` for which there is none.

    `candidates` are the possible readings of digits that run together with others (`88.671512750.00元`).
    """

    amounts: tuple[Decimal, ...] = ()
    problem: str | None = None
    candidates: tuple[Decimal, ...] = ()

    @property
    def first(self) -> Decimal | None:
        """The first sum, None if there is none."""
        return self.amounts[0] if self.amounts else None


@cache
def money_units() -> Mapping[str, Decimal]:
    """Return the units of money with the yuan in each, the longest word first."""
    units = load_vocabulary().units
    return {word: Decimal(int(Decimal(factor))) for word, (key, factor) in units.items() if key in _MONEY_UNITS}


def find_unit(label: str) -> Decimal | None:
    """Return the yuan in the unit that is named in brackets at the end of a label: `预算金额（万元）`.

    The unit of a price per piece (`元/人`) is none.
    """
    match = re.search(rf"[(\[]\D*?({'|'.join(map(re.escape, money_units()))})[)\]]?$", clean_label(label))
    return money_units()[match[1]] if match else None


def find_unit_behind(text: str) -> Decimal | None:
    """Return the yuan in the unit that stands behind the first number of a text, or behind written numerals."""
    plain = clean_label(text)
    run = _RUN.search(plain)
    if run is not None:
        return _unit_after(plain, run.end())
    return next((factor for word, factor in money_units().items() if word in plain), None)


def parse_money(text: str, unit: Decimal | None = None, words: NoticeWords | None = None) -> Money:
    """Return the sums of money in a text.

    `unit` is the number of yuan in the unit named by a label or column header; a unit in the text takes precedence. A
    number without either is a sum only behind a yuan sign. Rates, unit prices and foreign currencies are problems, as
    is a written sum (`壹佰万元整`) that differs from the sum in digits beside it.
    """
    words = words or load_notice_words()
    plain = _without_prefixes(clean_label(text), words)
    runs = list(_RUN.finditer(plain))
    problem = _problem(plain, runs, words)
    if problem is not None:
        return Money(problem=problem)
    found: list[Decimal] = []
    for run in runs:
        factor = _factor(plain, run, unit)
        numbers = list(_split_run(run[0]))
        if not numbers:
            return Money(problem=GLUED, candidates=tuple(_suffixes(run[0], factor)))
        if factor is not None:
            found += [number * factor for number in numbers]
    written = _written_sum(plain, words)
    if written is not None and found and written not in found:
        return Money(problem=UNREAD)
    if written is not None or found:
        return Money(tuple(found) if written is None else (written,))
    return Money(problem=NO_UNIT if runs else UNREAD)


def _problem(plain: str, runs: Sequence[re.Match[str]], words: NoticeWords) -> str | None:
    """Why a text is no sum in yuan, None if it may be one."""
    if any(word in plain.upper() for word in words.words["foreign"]):
        return FOREIGN
    if any(word in plain for word in words.words["per"]) or _is_rate(plain, runs, words):
        return RATE
    if any(sum(map(str.isdigit, run[0])) > _MOST_DIGITS and "," not in run[0] for run in runs):
        return GLUED
    return None


def _factor(plain: str, run: re.Match[str], unit: Decimal | None) -> Decimal | None:
    """The yuan in the unit of a number: that behind it, that of its label, or one behind a yuan sign."""
    following = _unit_after(plain, run.end())
    if following is not None or unit is not None:
        return following or unit
    signed = run.start() > 0 and plain[run.start() - 1] in _YUAN_SIGNS
    return Decimal(1) if signed else None


def _without_prefixes(plain: str, words: NoticeWords) -> str:
    for word in words.words["renminbi"]:
        plain = plain.replace(word, _YUAN_SIGNS)
    return plain


def _is_rate(plain: str, runs: Sequence[re.Match[str]], words: NoticeWords) -> bool:
    """Whether a number is a share: a sign stands behind it, or a word for rates anywhere."""
    for word in words.words["rate"]:
        if len(word) > _LONGEST_RATE_SIGN:
            if word in plain:
                return True
        elif any(plain[run.end() :].lstrip("([").startswith(word) for run in runs):
            return True
    return False


def _unit_after(plain: str, position: int) -> Decimal | None:
    rest = plain[position:].lstrip("([:")
    return next((factor for word, factor in money_units().items() if rest.startswith(word)), None)


def _split_run(run: str) -> Iterator[Decimal]:
    """Yield the numbers of a run of digits, points and commas: one number, or several that commas divide.

    Nothing is yielded for a run that is no such list.
    """
    if _NUMBER.fullmatch(run):
        yield Decimal(run.replace(",", ""))
        return
    parts = run.split(",")
    if len(parts) > 1 and all(re.fullmatch(r"\d+(?:\.\d+)?", part) for part in parts):
        yield from map(Decimal, parts)


def _suffixes(run: str, factor: Decimal | None) -> Iterator[Decimal]:
    """Yield what the last number of a run of joined numbers may be."""
    for start in range(len(run)):
        rest = run[start:]
        if _NUMBER.fullmatch(rest) and not rest.startswith("0"):
            yield Decimal(rest.replace(",", "")) * (factor or 1)


def _written_sum(plain: str, words: NoticeWords) -> Decimal | None:
    """Return the sum written in characters (`壹佰贰拾叁万肆仟元整`), None if there is none.

    Everyday numerals (`一百万元`) are read only where a character for a power of ten stands among them.
    """
    numerals = words.numerals
    digits = "".join(map(re.escape, numerals))
    yuan, jiao, fen = ("|".join(map(re.escape, words.words[key])) for key in ("yuan", "jiao", "fen"))
    pattern = rf"([{digits}]{{2,}})(?:{yuan})(?:([{digits}]+)(?:{jiao}))?(?:([{digits}]+)(?:{fen}))?"
    match = re.search(pattern, plain)
    if match is None or all(numerals[character] < 10 for character in match[1]):
        return None
    whole = parse_numeral(match[1], words)
    if whole is None:
        return None
    tenths = parse_numeral(match[2], words) if match[2] else 0
    hundredths = parse_numeral(match[3], words) if match[3] else 0
    if tenths is None or hundredths is None:
        return None
    return Decimal(whole) + Decimal(tenths) / 10 + Decimal(hundredths) / 100


def parse_numeral(text: str, words: NoticeWords | None = None) -> int | None:
    """Return the number that Chinese numerals or digits stand for; None for any other text.

    >>> parse_numeral("十二"), parse_numeral("叁佰零伍万"), parse_numeral("03")
    (12, 3050000, 3)
    """
    numerals = (words or load_notice_words()).numerals
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if not text or any(character not in numerals for character in text):
        return None
    total = section = digit = 0
    for character in text:
        value = numerals[character]
        if value < 10:
            digit = value
        elif value < 10_000:
            section += (digit or 1) * value
            digit = 0
        elif value == 10_000:
            total += (section + digit) * value
            section = digit = 0
        else:
            total = (total + section + digit) * value
            section = digit = 0
    return total + section + digit
