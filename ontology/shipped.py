"""The shipped Turtle files: those always loaded, and long lists loaded on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.codelists.editions import Edition, read_editions
from ontology.concepts import Concept, read_concepts
from ontology.register import REGISTER_FILE
from ontology.statements import index_triples, read_turtle

FOLDER = Path(__file__).parent
# Files needed only for certain look-ups, by scheme: loaded on first use, published like all others.
FAR_LISTS = {
    "code/division": "division",
    "code/economic": "economic-2009",
    "code/function": "function-2009",
    "code/procurement-item": "procurement",
}


def turtle_files() -> list[Path]:
    """Return the Turtle files of the vocabulary: terms, components, kinds of table and code lists, without messages."""
    return [*near_files(), *map(_far_file, FAR_LISTS.values())]


def near_files() -> list[Path]:
    """Return the files that are always loaded."""
    top = [p for p in sorted(FOLDER.glob("*.ttl")) if not p.name.startswith("messages") and p != REGISTER_FILE]
    far = {_far_file(name) for name in FAR_LISTS.values()}
    return top + [path for path in sorted((FOLDER / "codes").glob("*.ttl")) if path not in far]


def _far_file(name: str) -> Path:
    return FOLDER / "codes" / f"{name}.ttl"


@cache
def far_triples(name: str) -> tuple[ox.Triple, ...]:
    """Return the triples of a long list by the name of its file."""
    return tuple(read_turtle([_far_file(name)]))


@cache
def read_far_list(name: str) -> tuple[Mapping[str, Concept], tuple[Edition, ...]]:
    """Return the concepts and editions of a long list by the name of its file."""
    statements = index_triples(far_triples(name))
    return read_concepts(statements), tuple(read_editions(statements))
