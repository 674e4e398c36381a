"""The context of reading a document: the vocabulary, and the hierarchy that the document extends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from converters.model.hierarchy import Hierarchy
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """The vocabulary, and the hierarchy of its concepts and of the concepts that the document adds.

    `unread` are the coordinates, possibly partial, of printed money that could not be read.
    """

    vocabulary: Vocabulary
    hierarchy: Hierarchy
    unread: tuple[Mapping[str, str], ...] = field(default=(), kw_only=True)


def open_context(vocabulary: Vocabulary) -> DocumentContext:
    """Return the context of a document before reading."""
    parents = {key: concept.parent for key, concept in vocabulary.concepts.items()}
    unions = {key: concept.unites for key, concept in vocabulary.concepts.items() if concept.unites}
    return DocumentContext(vocabulary, Hierarchy(parents, unions))
