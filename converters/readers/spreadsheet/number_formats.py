"""Display of values by number format codes of spreadsheets (ECMA-376, 18.8.31)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

GENERAL = "General"
_SIGNIFICANT = 15  # significant digits of a number in a spreadsheet
_EXACT = Context(prec=400)  # the largest float has 309 digits
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|@)|(?P<exponent>[Ee][+-])|(?P<noon>AM/PM|A/P)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_SHORT_DATES = {"mm-dd-yy": "yyyy/m/d"}
"""Built-in codes that are displayed in the order of the reader's country."""

FormatToken = tuple[str, str]
Displayed = Decimal | bool | str | date | time | timedelta | None


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One of up to four sections of a format code, with its condition."""

    tokens: tuple[FormatToken, ...]
    condition: tuple[str, Decimal] | None

    def kinds(self) -> set[str]:
        """The kinds of token in the section."""
        return {kind for kind, _ in self.tokens}


def float_to_decimal(number: float) -> Decimal:
    """Return a stored number rounded to the 15 digits that a spreadsheet keeps."""
    return Decimal(f"{number:.{_SIGNIFICANT}g}")


def display(value: Displayed, code: str | None) -> str:
    """Return the text that a cell displays for its value under a format code.

    >>> display(Decimal("14835573.24"), "#,##0.00")
    '14,835,573.24'
    >>> display(Decimal("1"), "0%")
    '100%'
    """
    code = _SHORT_DATES.get(code or "", code) or GENERAL
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    sections = parse_code(code)
    if isinstance(value, str):
        return _display_text(value, sections)
    if isinstance(value, Decimal):
        return _display_number(value, sections)
    return _display_date(value, sections[0])


def is_date_code(code: str) -> bool:
    """Return whether a format code displays a number as a date or time."""
    kinds = parse_code(code)[0].kinds()
    return "date" in kinds and "digit" not in kinds


@cache
def parse_code(code: str) -> tuple[FormatSection, ...]:
    """Return the sections of a format code; most codes have only one."""
    sections: list[list[FormatToken]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0]
        if kind == "other" and text == ";":
            sections.append([])
            conditions.append(None)
        elif kind == "bracket":
            condition = _CONDITION.fullmatch(text.strip())
            if condition is not None:
                conditions[-1] = (condition[1], Decimal(condition[2]))
            elif text.startswith("$"):
                sections[-1].append(("quoted", text[1:].partition("-")[0]))
            elif text and text.lower() in {"h", "hh", "m", "mm", "s", "ss"}:
                sections[-1].append(("date", text))
        else:
            sections[-1].append((kind, text))
    return tuple(FormatSection(tuple(tokens), c) for tokens, c in zip(sections, conditions, strict=True))


def _display_text(text: str, sections: Sequence[FormatSection]) -> str:
    shown = sections[3] if len(sections) > 3 else sections[-1]
    if ("general", "@") not in shown.tokens:
        return text
    return "".join(text if token == ("general", "@") else _literal(*token) for token in shown.tokens).strip()


def _display_number(number: Decimal, sections: Sequence[FormatSection]) -> str:
    section, sign = _choose(number, sections)
    kinds = section.kinds()
    if "exponent" in kinds or ("general" in kinds and "digit" not in kinds):
        return "".join(
            _general(number) if kind == "general" else _literal(kind, text) for kind, text in section.tokens
        ).strip() or _general(number)
    if "digit" not in kinds:
        return (sign + "".join(_literal(*token) for token in section.tokens)).strip()
    return (sign + _fill(abs(number), section.tokens)).strip()


def _general(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _choose(number: Decimal, sections: Sequence[FormatSection]) -> tuple[FormatSection, str]:
    """Return the section for a number, and the sign that the section does not print."""
    for section in sections[:3]:
        if section.condition is not None and _holds(number, *section.condition):
            return section, "-" if number < 0 and section is sections[0] else ""
    if any(section.condition for section in sections):
        return sections[min(len(sections), 3) - 1], "-" if number < 0 else ""
    if number < 0 and len(sections) > 1:
        return sections[1], ""
    if number == 0 and len(sections) > 2:
        return sections[2], ""
    return sections[0], "-" if number < 0 else ""


def _holds(number: Decimal, operator: str, limit: Decimal) -> bool:
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[operator]


def _fill(number: Decimal, tokens: Sequence[FormatToken]) -> str:
    """Return the tokens with the digits of a number, all at the first placeholder."""
    digits = [n for n, (kind, _) in enumerate(tokens) if kind == "digit"]
    point = next((n for n, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    whole = [n for n in digits if n < point]
    fraction = [tokens[n][1] for n in digits if n > point]
    commas = [n for n, (kind, _) in enumerate(tokens) if kind == "comma"]
    grouped = any(whole and whole[0] < n < whole[-1] for n in commas)
    scaled = sum(1 for n in commas if n > digits[-1] or (whole and whole[-1] < n < point))
    percents = sum(1 for kind, _ in tokens if kind == "percent")
    number = number * 100**percents / Decimal(1000) ** scaled
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP, _EXACT)
    before, _, after = format(rounded, "f").partition(".")
    least = sum(1 for n in whole if tokens[n][1] == "0")
    before = before.lstrip("0").rjust(least, "0")
    if grouped and before:
        before = f"{int(before):,}".rjust(len(before), "0")
    optional = next((i for i, kind in enumerate(reversed(fraction)) if kind == "0"), len(fraction))
    kept = after[: len(after) - optional] + after[len(after) - optional :].rstrip("0")
    figure = before + ("." + kept if point < len(tokens) else "")
    start = min(digits[0], point)
    return "".join(
        figure if n == start else _literal(kind, text)
        for n, (kind, text) in enumerate(tokens)
        if n == start or kind not in {"digit", "point", "comma"}
    )


def _literal(kind: str, text: str) -> str:
    if kind == "pad":
        return " "
    return text if kind in {"quoted", "escaped", "percent", "other"} else ""


def _display_date(value: date | time | timedelta, section: FormatSection) -> str:
    if "date" not in section.kinds():
        return str(value)
    if isinstance(value, timedelta):
        moment = datetime(1900, 1, 1) + value  # noqa: DTZ001 - a cell has no zone
    elif isinstance(value, time):
        moment = datetime.combine(date(1900, 1, 1), value)
    else:
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    hours = ""
    shown = []
    half = "noon" in section.kinds()
    for kind, text in section.tokens:
        letter = text[0].lower()
        if kind == "date":
            minutes = letter == "m" and hours in {"h", "s"} and len(text) < 3
            shown.append(_part(moment, "n" if minutes else letter, len(text), half))
            hours = letter
        elif kind == "noon":
            shown.append("AM" if moment.hour < 12 else "PM")
        elif kind in {"point", "comma"}:
            shown.append(text)
        else:
            shown.append(_literal(kind, text))
    return "".join(shown).strip()


def _part(moment: datetime, letter: str, length: int, half: bool) -> str:
    if letter == "y":
        return str(moment.year) if length > 2 else f"{moment.year % 100:02d}"
    if length > 2 and letter in "md":
        return moment.strftime({"m": "%b", "d": "%a"}[letter] if length == 3 else {"m": "%B", "d": "%A"}[letter])
    hour = (moment.hour % 12 or 12) if half else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[letter]
    return str(number).rjust(length, "0")
