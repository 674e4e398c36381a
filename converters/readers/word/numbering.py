"""List numbers, which Word computes and does not store as text: `一、`, `（二）`, `3.` before a paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from docx.oxml.ns import qn
from lxml import etree

from ontology.messages import message

_PLACEHOLDER = re.compile(r"%([1-9])")
_MOST_LEVELS = 9
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_ONES = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_COUNTING = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting")
_DIGITAL = ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital")
_FIRST_CIRCLED, _LAST_CIRCLED = 0x2460, 20


@cache
def _digits() -> tuple[str, str]:
    """Return the Chinese digits from zero to nine, and the numerals for ten and hundred."""
    return message("numeral-digits", "zh"), message("numeral-powers", "zh")


def chinese_numeral(number: int) -> str:
    """Return a number below a thousand in Chinese numerals: 21 is `二十一`."""
    digits, powers = _digits()
    ten, hundred = powers[0], powers[1]
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = digits[hundreds] + hundred if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + ten
    elif hundreds and ones:
        text += digits[0]
    return text + (digits[ones] if ones else "")


def _digital(number: int) -> str:
    return "".join(_digits()[0][int(digit)] for digit in str(number))


def _letter(number: int) -> str:
    repeated, rest = divmod(max(number, 1) - 1, 26)
    return chr(ord("a") + rest) * (repeated + 1)


def _roman(number: int) -> str:
    text = ""
    for value, letters in (*_ROMAN, *_ROMAN_ONES):
        count, number = divmod(number, value)
        text += letters * count
    return text


def _circled(number: int) -> str:
    return chr(_FIRST_CIRCLED + number - 1) if 0 < number <= _LAST_CIRCLED else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    **dict.fromkeys(_COUNTING, chinese_numeral),
    **dict.fromkeys(_DIGITAL, _digital),
}


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: its first number, its number format, and the text around its numbers."""

    start: int
    format: str
    text: str


@dataclass
class Numbering:
    """The lists of a document with their counters; `number` returns the next list number of a paragraph."""

    levels: Mapping[tuple[str, int], Level]
    shared: Mapping[str, str]
    styles: Mapping[str, tuple[str, int]]
    counts: dict[str, list[int]] = field(default_factory=dict)

    def number(self, paragraph: etree._Element) -> str:
        """Return the list number printed before a paragraph, the empty string if it has none."""
        found = _list_of(paragraph) or self.styles.get(_style_of(paragraph))
        if found is None:
            return ""
        identifier, depth = found
        level = self.levels.get((identifier, depth))
        if level is None or level.format in {"bullet", "none"}:
            return ""
        counts = self.counts.setdefault(self.shared.get(identifier, identifier), [])
        del counts[depth + 1 :]
        while len(counts) <= depth:
            above = self.levels.get((identifier, len(counts)))
            start = above.start if above else 1
            counts.append(start - 1 if len(counts) == depth else start)
        counts[depth] += 1

        def shown(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            known = self.levels.get((identifier, index))
            counted = counts[index] if index < len(counts) else 1
            return _FORMATS.get(known.format if known else "", str)(counted)

        return _PLACEHOLDER.sub(shown, level.text)


def _style_of(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else style.get(qn("w:val"), "")


def _list_of(properties_of: etree._Element) -> tuple[str, int] | None:
    """Return (list, depth) of a paragraph or style; list `0` means none."""
    properties = properties_of.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if properties is None:
        return None
    identifier = properties.find(qn("w:numId"))
    depth = properties.find(qn("w:ilvl"))
    level = 0 if depth is None else _integer(depth.get(qn("w:val")), 0)
    return None if identifier is None else (identifier.get(qn("w:val"), "0"), min(level, _MOST_LEVELS - 1))


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default


def load_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Return the lists that a document defines, and the styles whose paragraphs belong to a list."""
    in_lists = {}
    for style in () if styles is None else styles.iterfind(qn("w:style")):
        found = _list_of(style)
        if found is not None:
            in_lists[style.get(qn("w:styleId"), "")] = found
    if numbering is None:
        return Numbering({}, {}, in_lists)
    abstract = {element.get(qn("w:abstractNumId")): element for element in numbering.iterfind(qn("w:abstractNum"))}
    levels: dict[tuple[str, int], Level] = {}
    shared: dict[str, str] = {}
    for number in numbering.iterfind(qn("w:num")):
        identifier = number.get(qn("w:numId"), "")
        reference = number.find(qn("w:abstractNumId"))
        key = None if reference is None else reference.get(qn("w:val"))
        definition = None if key is None else abstract.get(key)
        overrides = number.findall(qn("w:lvlOverride"))
        if not overrides and key is not None:
            shared[identifier] = f"abstract {key}"
        for element in () if definition is None else definition.iterfind(qn("w:lvl")):
            depth = _integer(element.get(qn("w:ilvl")), 0)
            levels[identifier, depth] = _level(element)
        for override in overrides:
            depth = _integer(override.get(qn("w:ilvl")), 0)
            replaced = override.find(qn("w:lvl"))
            start = override.find(qn("w:startOverride"))
            known = levels.get((identifier, depth)) if replaced is None else _level(replaced)
            if known is not None:
                first = known.start if start is None else _integer(start.get(qn("w:val")), known.start)
                levels[identifier, depth] = Level(first, known.format, known.text)
    return Numbering(levels, shared, in_lists)


def _level(element: etree._Element) -> Level:
    def value(name: str, default: str) -> str:
        child = element.find(qn(f"w:{name}"))
        return default if child is None else child.get(qn("w:val"), default)

    return Level(_integer(value("start", "1"), 1), value("numFmt", "decimal"), value("lvlText", ""))
