"""Parts of the labels of rows and columns: units, years and comparisons inside them."""

from __future__ import annotations

import re

from ontology.attributes import Attribute, Attributes
from ontology.text import clean_label
from ontology.vocabulary import Meaning, Vocabulary

LAST_YEAR = "-1"
"""The year of a column labelled "last year" without digits."""
_BRACKETED_UNIT = re.compile(r"(.+)\(([^()]+)\)")
_BRACKETED = re.compile(r"([^()]+)\(([^()]+)\)")
_NAMING = ("name", "item")
_YEAR = re.compile(r"(?:19|20)?\d\d")
_DATED = re.compile(r"(?:19|20)\d\d")


def split_unit(text: str, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """Split a label into (cleaned label, unit in brackets at its end or None): `单价(元)`.

    A label known together with its brackets is not split: `增减(%)` and `增减` have different meanings.
    """
    label = clean_label(text).rstrip(":")
    if label in vocabulary.meanings or compared_words(label, vocabulary) in vocabulary.meanings:
        return label, None
    match = _BRACKETED_UNIT.fullmatch(label)
    return (match[1], match[2]) if match and match[2] in vocabulary.units else (label, None)


def label_meanings(label: str, vocabulary: Vocabulary) -> tuple[Meaning, ...]:
    """Return the meanings of a cleaned label.

    A label that is unknown together with the words in its brackets has the meaning of its words for names of rows:
    `单位名称(科目)`, `单位(科目名称)`.
    """
    found = tuple(vocabulary.meanings.get(label, ()))
    match = None if found else _BRACKETED.fullmatch(label)
    words = match.groups() if match else ()
    return found or tuple(m for word in words for m in vocabulary.meanings.get(word, ()) if m.role in _NAMING)[:1]


def find_attribute(label: str, attributes: Attributes, vocabulary: Vocabulary) -> Attribute | None:
    """Return the attribute that a label captions: an attribute of the record, or a dimension by name."""
    dimension = vocabulary.dimension_words.get(label)
    if label in attributes or dimension is None:
        return attributes.get(label)
    return Attribute(f"def#{dimension}", None, dimension=dimension)


def find_short_year(label: str, vocabulary: Vocabulary) -> str | None:
    """Return the year of a label such as `22年` or `2022年度`, None for other labels; two digits mean 20xx."""
    digits = next((label.removesuffix(word) for word in vocabulary.cues["year"] if label.endswith(word)), "")
    match = _YEAR.fullmatch(digits)
    return None if match is None else f"20{digits}"[-4:]


def split_year(label: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Split a label that begins with a year into (year, rest): `2024年预算数`; "last year" is `-1`."""
    last = next((word for word in vocabulary.cues["last-year"] if label.startswith(word)), None)
    if last is not None:
        return LAST_YEAR, label.removeprefix(last)
    match = _DATED.match(label)
    word = next((w for w in vocabulary.cues["year"] if match and label.startswith(w, match.end())), None)
    return (match[0], label[match.end() + len(word) :]) if match and word else None


def compared_words(label: str, vocabulary: Vocabulary) -> str | None:
    """Return the words after a comparison of two years: `增减%` in `2024年预算数比2023年增减%`; None without one.

    Each side of the comparison is a year with an optional phase; the left side may be a phase alone, or empty.
    """
    for cue in vocabulary.cues["compared-with"]:
        left, found, right = label.partition(cue)
        earlier = split_year(right, vocabulary)
        dated = not left or split_year(left, vocabulary) is not None or _is_step(left, vocabulary)
        if found and earlier is not None and dated:
            rest = earlier[1]
            ends = (end for end in range(len(rest), 0, -1) if _is_step(rest[:end], vocabulary))
            return rest[next(ends, 0) :]
    return None


def part_words(label: str, vocabulary: Vocabulary) -> str:
    """Return a label without a leading word for "of which" (`其中:一般公共预算`)."""
    cue = next((cue for cue in vocabulary.cues["of-which"] if label.startswith(cue)), "")
    return label.removeprefix(cue).lstrip(":") or label


def names_part(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a header cell begins with a word for "of which" (`其中:一般公共预算`, `其中`)."""
    return clean_label(text).startswith(vocabulary.cues["of-which"])


def _is_step(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word names a phase or figures in general (执行数, 预算数)."""
    return any("phase" in m.places or m.role == "amount" for m in vocabulary.meanings.get(word, ()))
