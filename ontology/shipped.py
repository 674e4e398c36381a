"""The Turtle files that are shipped: those always at hand, and the long lists that are read when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.concepts import Concept, read_concepts
from ontology.editions import Edition, read_editions
from ontology.register import REGISTER_FILE
from ontology.statements import index_triples, read_turtle

FOLDER = Path(__file__).parent
# Files that only certain look-ups need, by scheme: read when first asked for, published like all others.
FAR_LISTS = {
    "code/division": "division",
    "code/economic": "economic-2009",
    "code/function": "function-2009",
    "code/procurement-item": "procurement",
}


def turtle_files() -> list[Path]:
    """The Turtle files of the vocabulary: terms, components, kinds of table and code lists (messages are apart)."""
    return [*near_files(), *map(_far_file, FAR_LISTS.values())]


def near_files() -> list[Path]:
    """Those of them that are always read."""
    top = [p for p in sorted(FOLDER.glob("*.ttl")) if not p.name.startswith("messages") and p != REGISTER_FILE]
    far = {_far_file(name) for name in FAR_LISTS.values()}
    return top + [path for path in sorted((FOLDER / "codes").glob("*.ttl")) if path not in far]


def _far_file(name: str) -> Path:
    return FOLDER / "codes" / f"{name}.ttl"


@cache
def far_triples(name: str) -> tuple[ox.Triple, ...]:
    """The triples of a long list, by the name of its file."""
    return tuple(read_turtle([_far_file(name)]))


@cache
def read_far_list(name: str) -> tuple[Mapping[str, Concept], tuple[Edition, ...]]:
    """The concepts and editions of a long list, by the name of its file."""
    statements = index_triples(far_triples(name))
    return read_concepts(statements), tuple(read_editions(statements))
