"""Names of purchases, projects and buyers, reduced to what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ontology.divisions import division_names
from ontology.procurement.link_words import LinkWords
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_MARKS = re.compile(r"[^\w]+|[_\d]+")
_LONGEST_DIVISION = 14
_SHORTEST_OFFICE = 3


def bare_purchase(name: str, buyer: str | None, words: LinkWords) -> str:
    """Return a name without its buyer, general words, digits and punctuation; "" if nothing is left.

    `宁川市文化局2026年展厅照明改造采购项目` of 宁川市文化局 becomes `展厅照明改造`.
    """
    text = _without_buyer(clean_label(name), clean_label(buyer or ""))
    text = _MARKS.sub("", text)
    for word in words.general:
        text = text.replace(word, "")
    return text


def _without_buyer(text: str, buyer: str) -> str:
    """Return a text without the longest end of the buyer's name in it: the place before an office is often left out."""
    for start in range(len(buyer) - _SHORTEST_OFFICE + 1):
        if buyer[start:] in text:
            return text.replace(buyer[start:], "")
    return text


def find_field(text: str, words: LinkWords) -> str | None:
    """Return the functional class of the branch of public work that a name tells, None if it tells none or several."""
    cleaned = clean_label(text)
    found: set[str] = set()
    for word, function in words.fields.items():
        if word in cleaned:
            found.add(function)
            cleaned = cleaned.replace(word, " ")
    return found.pop() if len(found) == 1 else None


def find_asides(name: str, words: LinkWords) -> str | None:
    """Return the services that accompany a purchase and that its name tells, None if it tells none."""
    cleaned = clean_label(name)
    return " ".join(sorted({kind for word, kind in words.asides.items() if word in cleaned})) or None


def usual_payments(items: Sequence[str], words: LinkWords) -> tuple[str, ...]:
    """Return the economic classes from which items are usually paid, by their codes."""
    found: dict[str, None] = {}
    for item in items:
        for length in range(len(item), 2, -1):
            if item[:length] in words.payments:
                found.update(dict.fromkeys(words.payments[item[:length]]))
                break
    return tuple(found)


@lru_cache(maxsize=65536)
def find_place(name: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """Return the code of the division with which a cleaned name begins, and the rest of the name.

    The code is None where several divisions have the name; the rest then still lacks it.
    """
    table = division_names(vocabulary)
    for length in range(min(_LONGEST_DIVISION, len(name) - 1), 1, -1):
        codes = table.get(name[:length])
        if codes is not None:
            return (next(iter(codes)) if len(codes) == 1 else None), name[length:]
    return None, name


def trimmed_item(code: str) -> str:
    """Return the code of an item without the zeros of the levels that it leaves open: `A02010000` is `A0201`."""
    letter, digits = code[:1], code[1:]
    while digits.endswith("00") and len(digits) % 2 == 0:
        digits = digits[:-2]
    return letter + digits
