"""The vocabulary of Yusuan in Turtle (terms, code lists, kinds of table, messages) and its loader.

The loader is imported when it is first asked for: processes that need only the names of terms start sooner.
"""

from typing import TYPE_CHECKING

from ontology.namespaces import DEFAULT_BASE

__all__ = ["DEFAULT_BASE", "Vocabulary", "load_vocabulary"]

if TYPE_CHECKING:
    from ontology.vocabulary import Vocabulary, load_vocabulary
else:

    def __getattr__(name):
        """Return a name of the loader."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from ontology import vocabulary

        return getattr(vocabulary, name)
