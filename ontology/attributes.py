"""Properties of record classes, found by the labels printed above or beside their values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ontology.namespaces import XSD
from ontology.statements import Statements
from ontology.text import clean_label


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of records. `range` is the datatype of its values, None if they are resources.

    `scheme` is the code list of its values, `dimension` the dimension in which a known value places the record.
    `spans_rows` means that an empty cell repeats the one above. `numbered_class` is the class of values with a number.
    `first_date` and `last_date` are the properties for dates found in the text.
    """

    key: str
    range: str | None
    scheme: str | None = None
    dimension: str | None = None
    spans_rows: bool = False
    numbered_class: str | None = None
    first_date: str | None = None
    last_date: str | None = None


Attributes = Mapping[str, Attribute]


def read_attributes(statements: Statements) -> dict[str, Attributes]:
    """Return the attributes of each class of record by cleaned label."""
    classes: dict[str, dict[str, Attribute]] = defaultdict(dict)
    for key in statements.of:
        for class_ in statements.all(key, "attributeOf"):
            classes[class_].update(dict.fromkeys(printed_words(key, statements), _attribute(key, statements)))
    return dict(classes)


def _attribute(key: str, statements: Statements) -> Attribute:
    values = statements.one(key, "rdfs:range") or ""
    dimension = statements.one(key, "valueDimension")
    return Attribute(
        key=key,
        range=values if values.startswith(XSD) else None,
        scheme=statements.one(key, "valueScheme"),
        dimension=dimension.removeprefix("def#") if dimension else None,
        spans_rows=statements.one(key, "spansRows") == "true",
        numbered_class=statements.one(key, "numberedClass"),
        first_date=statements.one(key, "firstDate"),
        last_date=statements.one(key, "lastDate"),
    )


def printed_words(key: str, statements: Statements) -> tuple[str, ...]:
    """Return the printed labels of a property, cleaned."""
    names = ("rdfs:label", "altLabel", "hiddenLabel")
    return tuple(dict.fromkeys(clean_label(label) for name in names for label in statements.all(key, name)))
