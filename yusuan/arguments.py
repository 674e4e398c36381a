"""Errors of the Python interface that are told in both languages, and checks of arguments.

ValueError
└── MessageError
    ├── ArgumentError   an argument that cannot be used
    └── TotalsError     a sum that would count money twice or leave some out (`yusuan.fact_totals`)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ontology.messages import message

MOST_NAMED = 30
"""The number of known values that a message names."""


class MessageError(ValueError):
    """An error with a message in both languages; `key` is that of the message, `values` fill its slots."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(message(key, "en", **values))
        self.key, self.values = key, values

    def text(self, language: str) -> str:
        """Return the message in `zh` or `en`."""
        return message(self.key, language, **self.values)


class ArgumentError(MessageError):
    """Raised for an argument of the wrong type, or with a value that is not known; the message names those that are."""


def require_known(argument: str, value: object, known: Collection[object]) -> None:
    """Raise ArgumentError if the value of an argument is not among the known ones."""
    if isinstance(value, bool) or value not in known:
        raise ArgumentError("argument-value", argument=argument, value=repr(value), known=listed(known))


def require_type(argument: str, value: object, types: tuple[type, ...], expected: str) -> None:
    """Raise ArgumentError if the value of an argument has none of the types; `expected` says what may be given."""
    if isinstance(value, bool) or not isinstance(value, types):
        given = f"{value!r:.60} ({type(value).__name__})"
        raise ArgumentError("argument-type", argument=argument, value=given, expected=expected)


def listed(values: Iterable[object]) -> str:
    """Return values as a list for a message, cut if there are many."""
    texts = [str(value) for value in values]
    return ", ".join(texts[:MOST_NAMED]) + (f", … ({len(texts)})" if len(texts) > MOST_NAMED else "") or "–"
