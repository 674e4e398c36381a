"""The words of Yusuan: terms, code lists, kinds of table and messages, as Turtle, with a loader."""

from ontology.namespaces import DEFAULT_BASE
from ontology.vocabulary import Vocabulary, load_vocabulary

__all__ = ["DEFAULT_BASE", "Vocabulary", "load_vocabulary"]
