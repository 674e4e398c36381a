"""The vocabulary of Yusuan in Turtle (terms, code lists, kinds of table, messages) and its loader."""

from ontology.namespaces import DEFAULT_BASE
from ontology.vocabulary import Vocabulary, load_vocabulary

__all__ = ["DEFAULT_BASE", "Vocabulary", "load_vocabulary"]
