"""The words of procurement notices, from `procurement-notices.ttl`: kinds, methods, labels, headings and cue words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from ontology.concepts import Concept, read_concepts
from ontology.shipped import FOLDER
from ontology.statements import Statements, index_triples, read_turtle
from ontology.text import clean_label

NOTICES_FILE = FOLDER / "procurement-notices.ttl"
_NUMERALS_FILE = FOLDER / "codes" / "numeral.ttl"
_KINDS, _METHODS, _FIELDS = "code/notice-kind", "code/procurement-method", "code/notice-field"
_SECTIONS, _WORDS, _NUMERALS = "code/notice-section", "code/notice-word", "code/numeral"


@dataclass(frozen=True, eq=False)
class NoticeWords:
    """Look-ups over the words of notices. Labels are cleaned (see `clean_label`); values are notations of concepts.

    `fields` are labels of values, `sections` headings, `kinds` and `methods` the words of titles. The keys and codes of
    data interfaces are in lower case. `words` are the labels of each cue word, the longest first, and `numerals` the
    numbers that characters stand for.
    """

    fields: Mapping[str, str]
    sections: Mapping[str, str]
    kinds: Mapping[str, str]
    methods: Mapping[str, str]
    interface_fields: Mapping[str, str]
    interface_kinds: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    numerals: Mapping[str, int]
    concepts: Mapping[str, Concept]

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The words of titles that name a kind of notice, the longest first."""
        return tuple(sorted(self.kinds, key=len, reverse=True))

    def label(self, scheme: str, notation: str, language: str) -> str:
        """Return the preferred label of a concept: `label("notice-kind", "award", "zh")`."""
        return self.concepts[f"code/{scheme}/{notation}"].label(language)


@cache
def load_notice_words() -> NoticeWords:
    """Load the words of notices that are shipped."""
    statements = index_triples(read_turtle([NOTICES_FILE, _NUMERALS_FILE]))
    concepts = read_concepts(statements)

    def labels_of(scheme: str) -> dict[str, str]:
        return {label: concept.notation for label, concept in _labelled(concepts, scheme)}

    words: dict[str, list[str]] = {}
    for label, concept in _labelled(concepts, _WORDS):
        words.setdefault(concept.notation, []).append(label)
    return NoticeWords(
        fields=labels_of(_FIELDS),
        sections=labels_of(_SECTIONS),
        kinds=labels_of(_KINDS),
        methods=labels_of(_METHODS),
        interface_fields=dict(_interface(statements, concepts, _FIELDS)),
        interface_kinds=dict(_interface(statements, concepts, _KINDS)),
        words={notation: tuple(sorted(found, key=len, reverse=True)) for notation, found in words.items()},
        numerals={label: int(number) for label, number in labels_of(_NUMERALS).items()},
        concepts=concepts,
    )


def _labelled(concepts: Mapping[str, Concept], scheme: str) -> Iterator[tuple[str, Concept]]:
    for concept in concepts.values():
        if concept.scheme == scheme:
            yield from ((clean_label(label), concept) for label in concept.labels)


def _interface(statements: Statements, concepts: Mapping[str, Concept], scheme: str) -> Iterator[tuple[str, str]]:
    for key, concept in concepts.items():
        if concept.scheme != scheme:
            continue
        yield from ((name.lower(), concept.notation) for name in statements.all(key, "interfaceName"))
