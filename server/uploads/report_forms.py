"""The forms in which the service gives a report: names, media types and file extensions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.reports import FORMATS
from server.serialization.media_types import preferred_type

_OTHERS = {
    "json": ("application/json", ".json"),
    "ttl": ("text/turtle; charset=utf-8", ".ttl"),
    "pdf": ("application/pdf", ".pdf"),
    "receipt": ("text/turtle; charset=utf-8", ".receipt.ttl"),
}
_NAMES = ("json", "html", "text", "ttl", "csv", "docx", "xlsx", "pdf", "sarif", "junit", "earl", "receipt")
TYPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: _OTHERS.get(name) or (FORMATS[name].media_type, FORMATS[name].extension) for name in _NAMES}
)
"""Media type and extension of each form; of two with the same type, the first is meant by an Accept header."""


def form_type(form: str) -> str:
    """Return the media type of a form."""
    return TYPES[form][0]


def form_extension(form: str) -> str:
    """Return the extension of files of a form."""
    return TYPES[form][1]


def choose_form(accept: str, name: str | None) -> str | None:
    """Return the form that `?format=` names, else the one whose media type the client prefers; None if there is none.

    >>> choose_form("text/html,*/*;q=0.1", None), choose_form("*/*", "sarif")
    ('html', 'sarif')
    """
    by_type: dict[str, str] = {}
    for form, (media_type, _) in TYPES.items():
        by_type.setdefault(media_type.partition(";")[0], form)
    if name:
        return name if name in TYPES else by_type.get(name)
    preferred = preferred_type(accept, None, by_type)
    return None if preferred is None else by_type[preferred]
