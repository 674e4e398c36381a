"""The words by which notices are linked with budget lines, from `codes/link-word.ttl`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ontology.concepts import read_concepts
from ontology.shipped import FOLDER
from ontology.statements import index_triples, read_turtle
from ontology.text import clean_label

LINK_WORDS_FILE = FOLDER / "codes" / "link-word.ttl"
_GENERAL, _FIELD, _PAYMENT, _ASIDE, _SUFFIX = "general", "field-", "payment-", "aside-", "own-name"


@dataclass(frozen=True, eq=False)
class LinkWords:
    """Words for linking, the longest first.

    `general` are left out of names. `fields` gives the functional class of each word of a branch of public work,
    `payments` the usual economic classes of an item by the beginning of its code, `asides` the kind of accompanying
    service that a word tells. `suffixes` stand behind the name of a department that buys for itself.
    """

    general: tuple[str, ...]
    fields: Mapping[str, str]
    payments: Mapping[str, tuple[str, ...]]
    asides: Mapping[str, str]
    suffixes: tuple[str, ...]


@cache
def load_link_words() -> LinkWords:
    """Load the shipped words."""
    statements = index_triples(read_turtle([LINK_WORDS_FILE]))
    general: list[str] = []
    fields: dict[str, str] = {}
    payments: dict[str, tuple[str, ...]] = {}
    asides: dict[str, str] = {}
    suffixes: list[str] = []
    for concept in read_concepts(statements).values():
        words = [clean_label(label) for label in concept.labels[1:]]
        matches = tuple(sorted(key.rpartition("/")[2] for key in statements.all(concept.key, "relatedMatch")))
        if concept.notation == _GENERAL:
            general.extend(words)
        elif concept.notation == _SUFFIX:
            suffixes.extend(words)
        elif concept.notation.startswith(_ASIDE):
            asides.update(dict.fromkeys(words, concept.notation))
        elif concept.notation.startswith(_FIELD):
            fields.update(dict.fromkeys(words, matches[0]))
        elif concept.notation.startswith(_PAYMENT):
            payments[concept.notation.removeprefix(_PAYMENT)] = matches
    return LinkWords(
        tuple(sorted(general, key=len, reverse=True)),
        dict(sorted(fields.items(), key=lambda entry: -len(entry[0]))),
        payments,
        asides,
        tuple(sorted(suffixes, key=len, reverse=True)),
    )
