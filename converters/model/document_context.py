"""What a document is read with: the vocabulary, and the hierarchy that the document extends."""

from __future__ import annotations

from dataclasses import dataclass

from converters.model.hierarchy import Hierarchy
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """The vocabulary, and the hierarchy of its concepts and of those that the document adds."""

    vocabulary: Vocabulary
    hierarchy: Hierarchy


def open_context(vocabulary: Vocabulary) -> DocumentContext:
    """Return the context of a document of which nothing is read yet."""
    parents = {key: concept.parent for key, concept in vocabulary.concepts.items()}
    return DocumentContext(vocabulary, Hierarchy(parents))
