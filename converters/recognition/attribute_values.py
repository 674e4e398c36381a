"""Filled cells of records: attribute, code and name of each, converted to values of properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from converters.model.document import Cell
from converters.model.line_breaks import is_wrapped, join_wraps, split_code
from converters.model.markup import EMPTY, TICKED
from converters.model.observation import PropertyValue
from ontology.attributes import Attribute
from ontology.namespaces import XSD
from ontology.text import clean_label, narrow
from ontology.vocabulary import Vocabulary

_DATE = re.compile(r"((?:19|20)\d\d)\D{1,3}?(\d{1,2})(?:\D{1,3}?(\d{1,2}))?(?!\d)")
# Signs of their own, then those of the symbol fonts Wingdings and Wingdings 2 as PDF and Word give them.
_TICKED_SIGNS = "\u221a\u2713\u2714\u2705\u25a0\u2612\u25cf" + "\uf0fe\uf0fd\uf0fc\uf050\uf051\uf052"
_EMPTY_SIGNS = "\u25a1\u25cb\u2b1c" + "\uf0a8\uf06f\uf0a3"
_TICKS = str.maketrans(dict.fromkeys(_TICKED_SIGNS, TICKED) | dict.fromkeys(_EMPTY_SIGNS, EMPTY))
_BOX = re.compile(f"([{TICKED}{EMPTY}])")


@dataclass(frozen=True, slots=True)
class FilledAttribute:
    """The cells that fill one attribute of a record, with their text split into code and name."""

    attribute: Attribute
    cells: tuple[Cell, ...]
    code: str | None
    name: str

    @property
    def printed(self) -> str:
        """The text of the cells as printed."""
        return " ".join(cell.text.strip() for cell in self.cells)

    @property
    def is_wrapped(self) -> bool:
        """Whether the cells were read across line breaks."""
        return any(is_wrapped(cell.text) for cell in self.cells)


def fill(attribute: Attribute, cells: Sequence[Cell], vocabulary: Vocabulary) -> FilledAttribute:
    """Return the attribute filled from the joined text of cells."""
    joined = " ".join(join_wraps(cell.text) for cell in cells)
    return FilledAttribute(attribute, tuple(cells), *fill_text(attribute, joined, vocabulary))


def fill_text(attribute: Attribute, text: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """Split a text into (code, name); the code is None unless a list of the attribute has codes of that form."""
    schemes = {attribute.scheme, vocabulary.dimensions[attribute.dimension].scheme if attribute.dimension else None}
    code, name = split_code(text)
    if code is not None and any(scheme in schemes and p.fullmatch(code) for scheme, p in vocabulary.patterns):
        return code, name
    return None, join_wraps(text)


def values_of(
    filled: FilledAttribute, code_keys: Mapping[tuple[str, str], str], vocabulary: Vocabulary
) -> Iterator[tuple[str, PropertyValue]]:
    """Yield the (property, value) pairs of a filled attribute; none if its words are absent from its code list.

    `code_keys` are concept keys by (scheme, printed code). Attributes that set a coordinate yield no value.
    """
    attribute = filled.attribute
    if attribute.range == XSD + "boolean":
        answers = (("yes", "true"), ("no", "false"))
        found = (answer for name, answer in answers if clean_label(filled.name) in vocabulary.cues[name])
        yield from ((attribute.key, PropertyValue(answer, attribute.range)) for answer in found)
    elif attribute.range == XSD + "date":
        yield from (
            (attribute.key, PropertyValue(day.isoformat(), attribute.range)) for day in find_dates(filled.name)[:1]
        )
    elif attribute.range is not None:
        yield attribute.key, PropertyValue(filled.name, attribute.range)
    elif attribute.scheme is not None:
        key = code_keys.get((attribute.scheme, filled.code or ""))
        key = key or listed(attribute.scheme, chosen_option(filled.name), vocabulary)
        if key is not None:
            yield attribute.key, PropertyValue(key, None)
    if attribute.first_date is not None and attribute.last_date is not None:
        days = find_dates(filled.name)
        if len(days) == 2:
            yield attribute.first_date, PropertyValue(days[0].isoformat(), XSD + "date")
            yield attribute.last_date, PropertyValue(days[1].isoformat(), XSD + "date")


def listed(scheme: str, name: str, vocabulary: Vocabulary) -> str | None:
    """Return the key of the only concept of a list with a label, None if there is none or several."""
    found = vocabulary.lists.near(scheme).by_label.get(clean_label(name), ())
    return found[0].key if len(found) == 1 else None


def find_dates(text: str) -> list[date]:
    """Return the dates in a text, in order; a month stands for its first day, or its last day at the end of a span."""
    days: list[date] = []
    for match in _DATE.finditer(narrow(text)):
        year, month, day = int(match[1]), int(match[2]), match[3]
        try:
            days.append(date(year, month, int(day)) if day else _month(year, month, last=bool(days)))
        except ValueError:
            return []
    return days


def _month(year: int, month: int, last: bool) -> date:
    first = date(year, month, 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1) if last else first


def unified_boxes(text: str) -> str:
    """Return a text with one character for ticked boxes and one for empty ones."""
    return text.translate(_TICKS)


def chosen_option(text: str) -> str:
    """Return the option with a ticked box (`延续性项目 ☑ 新增性项目 ☐`, `☑延续性 ☐新增性`).

    A text without boxes is returned unchanged; if no box or several are ticked, the result is empty.
    """
    marked = unified_boxes(text)
    if TICKED not in marked and EMPTY not in marked:
        return text
    before = marked.strip()[0] in (TICKED, EMPTY)
    parts = _BOX.split(marked)
    words, boxes = parts[0::2], parts[1::2]
    ticked = [words[i + 1] if before else words[i] for i, box in enumerate(boxes) if box == TICKED]
    return ticked[0].strip() if len(ticked) == 1 else ""
