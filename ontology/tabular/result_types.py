"""The types of columns in results of queries, by the datatypes of their literals."""

from __future__ import annotations

from collections.abc import Iterable

from ontology.namespaces import XSD
from ontology.tabular.published_columns import BOOLEAN, DECIMAL, INTEGER, STRING

_WHOLE = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "gYear")
_TYPES = {
    **dict.fromkeys((XSD + name for name in ("decimal", "double", "float")), DECIMAL),
    **dict.fromkeys((XSD + name for name in _WHOLE), INTEGER),
    XSD + "boolean": BOOLEAN,
}


def datatype_to_type(datatype: str | None) -> str:
    """Return the type of a term: `integer` for years too, `string` for IRIs, texts and other datatypes."""
    return _TYPES.get(datatype or "", STRING)


def common_type(types: Iterable[str]) -> str:
    """Return the type of a column: `decimal` for whole and broken numbers, `string` for what is mixed otherwise."""
    found = set(types)
    if found == {INTEGER, DECIMAL}:
        return DECIMAL
    return found.pop() if len(found) == 1 else STRING
