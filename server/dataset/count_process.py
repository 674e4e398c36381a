"""The process that counts what the default graph of a generation holds, in one pass that keeps hardly anything.

The store gives statements subject by subject, so that the classes of a thing are at hand when its other statements are
counted; no query could do that before its deadline in a store of a thousand disclosures.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from ontology.namespaces import RDF

TYPE = NamedNode(RDF + "type")
LOW_PRIORITY = 10


def main() -> None:
    """Print the counts of the database in the folder that the argument names, as JSON."""
    os.nice(LOW_PRIORITY)
    store = Store.read_only(sys.argv[1])
    json.dump(count(store.quads_for_pattern(None, None, None, DefaultGraph())), sys.stdout)


def count(quads: Iterable[Quad]) -> dict[str, Any]:
    """Things by class, statements by property, and statements by class and property, of quads grouped by subject."""
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    within: dict[str, Counter[str]] = {}
    for types, used in things(quads):
        properties.update(used)
        for class_ in types:
            classes[class_] += 1
            within.setdefault(class_, Counter()).update(used)
    return {"classes": classes, "properties": properties, "within": within}


def things(quads: Iterable[Quad]) -> Iterator[tuple[list[str], dict[str, int]]]:
    """For each subject the IRIs of its classes, and how many statements it has of each property."""
    for _, statements in groupby(quads, attrgetter("subject")):
        types: list[str] = []
        used: dict[str, int] = {}
        for quad in statements:
            predicate = quad.predicate
            used[predicate.value] = used.get(predicate.value, 0) + 1
            if predicate == TYPE and isinstance(quad.object, NamedNode):
                types.append(quad.object.value)
        yield types, used


if __name__ == "__main__":
    main()
