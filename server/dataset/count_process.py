"""The process that counts what the default graph of a generation holds: three queries that keep hardly anything.

The engine groups without reading the texts, which is several times faster than to be given every statement; no worker
could do it before the deadline of a query in a store of a thousand disclosures.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

LOW_PRIORITY = 10
CLASSES = "SELECT ?class (COUNT(*) AS ?n) { ?thing a ?class } GROUP BY ?class"
PROPERTIES = "SELECT ?property (COUNT(*) AS ?n) { ?thing ?property ?value } GROUP BY ?property"
WITHIN = "SELECT ?class ?property (COUNT(*) AS ?n) { ?thing a ?class ; ?property ?value } GROUP BY ?class ?property"


def main() -> None:
    """Print the counts of the database in the folder that the argument names, as JSON."""
    os.nice(LOW_PRIORITY)
    json.dump(count(Store.read_only(sys.argv[1])), sys.stdout)


def count(store: Store) -> dict[str, Any]:
    """Things by class, statements by property, and statements by class and property, all sorted."""
    within: dict[str, dict[str, int]] = {}
    for (class_, property_), number in numbers(store, WITHIN):
        within.setdefault(class_, {})[property_] = number
    return {
        "classes": {class_: number for (class_,), number in numbers(store, CLASSES)},
        "properties": {property_: number for (property_,), number in numbers(store, PROPERTIES)},
        "within": within,
    }


def numbers(store: Store, query: str) -> list[tuple[tuple[str, ...], int]]:
    """The IRIs of each row and its number; rows in which something else stands for an IRI are left out."""
    return sorted(_numbers(store, query))


def _numbers(store: Store, query: str) -> Iterator[tuple[tuple[str, ...], int]]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    for row in answer:
        *terms, number = row
        if all(isinstance(term, NamedNode) for term in terms) and isinstance(number, Literal):
            yield tuple(term.value for term in terms if isinstance(term, NamedNode)), int(number.value)


if __name__ == "__main__":
    main()
