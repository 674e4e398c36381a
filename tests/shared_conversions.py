"""Conversions and checks of a test process, kept so that none is made twice.

Many tests convert or check the same disclosure, each to look at something else. What is kept is found by the whole
document, or the whole graph, and by all else that the result depends on; errors are not kept.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

import pyoxigraph as ox

import converters
import shapes
from converters import Conversion, Document
from converters.entities.disclosure_context import NOTHING_STATED, StatedFacts
from ontology import DEFAULT_BASE, load_vocabulary
from ontology.register import Register, load_register
from ontology.statements import NTriples, write_ntriples
from ontology.vocabulary import Vocabulary
from shapes import Report

MOST_KEPT = 40
_convert, _check = converters.convert_document, shapes.check
Made = TypeVar("Made")


class Kept(Generic[Made]):
    """The results that were used last, by key."""

    def __init__(self) -> None:
        self.results: OrderedDict[Hashable, Made] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The result of a key, made unless it is kept."""
        if key not in self.results:
            self.results[key] = make()
        self.results.move_to_end(key)
        while len(self.results) > MOST_KEPT:
            self.results.popitem(last=False)
        return self.results[key]


CONVERSIONS = Kept[list[tuple[Document, tuple[object, ...], Conversion]]]()
"""Conversions by the digests of files; where a test changed what was read, the documents differ."""
REPORTS = Kept[tuple[object, Report]]()
is_shared = True


def share_conversions() -> None:
    """Let all modules that are loaded share the conversions and checks of this process."""
    for function, sharing in ((_convert, shared_conversion), (_check, shared_check)):
        for module in [*sys.modules.values()]:
            if getattr(module, function.__name__, None) is function:
                setattr(module, function.__name__, sharing)


@contextmanager
def nothing_shared() -> Iterator[None]:
    """Let everything be made anew while this lasts."""
    global is_shared
    is_shared = False
    try:
        yield
    finally:
        is_shared = True


def _placeless(document: Document) -> Document:
    """The document wherever its files lie."""
    return replace(document, source=Path(document.source.name), parts=tuple(map(_placeless, document.parts)))


@wraps(_convert)
def shared_conversion(
    document: Document,
    base: str = DEFAULT_BASE,
    *,
    vocabulary: Vocabulary | None = None,
    register: Register | None = None,
    stated: StatedFacts = NOTHING_STATED,
) -> Conversion:
    def convert() -> Conversion:
        return _convert(document, base, vocabulary=vocabulary, register=register, stated=stated)

    if not is_shared:
        return convert()
    asked = (vocabulary or load_vocabulary(), register or load_register(), base, stated)
    known = CONVERSIONS.get(tuple(file.sha256 for file in document.files), list)
    placeless = _placeless(document)
    for other, same, conversion in known:
        if same[2:] == asked[2:] and same[0] is asked[0] and same[1] is asked[1] and other == placeless:
            kept = zip(conversion.documents, document.files, strict=True)
            documents = tuple(replace(file, source=asked_for.source) for file, asked_for in kept)
            return conversion if documents == conversion.documents else replace(conversion, documents=documents)
    conversion = convert()
    known.append((placeless, asked, conversion))
    return conversion


@wraps(_check)
def shared_check(
    triples: Iterable[ox.Triple],
    *,
    vocabulary: Iterable[ox.Triple] = (),
    base: str = DEFAULT_BASE,
    families: Collection[str] | None = None,
) -> Report:
    if not (is_shared and isinstance(triples, NTriples | tuple | list) and isinstance(vocabulary, tuple)):
        return _check(triples, vocabulary=vocabulary, base=base, families=families)
    graph = sha256(write_ntriples(triples)).digest()
    key = (graph, id(vocabulary), base, None if families is None else frozenset(families))
    # The vocabulary is kept beside the report, so that no other has its identity.
    made = REPORTS.get(key, lambda: (vocabulary, _check(triples, vocabulary=vocabulary, base=base, families=families)))
    return made[1]
