"""Resolve printed codes to concepts of the year of a disclosure; mint concepts for codes in no list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from converters.entities.named_entities import Entity
from converters.model.document_context import DocumentContext
from converters.recognition.table_parts import RowHeader
from ontology.codelists.editions import Standing
from ontology.namespaces import SKOS
from ontology.statements import NTriples
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

CLASSIFIED = ("function", "economic")
_RESOLVED_ELSEWHERE = ("organisation", "project")


def settle_codes(
    row_headers: Sequence[RowHeader], year: int, context: DocumentContext
) -> tuple[dict[tuple[str, str], str], list[Entity]]:
    """Return concept keys by (dimension or scheme, printed code), and entities for the codes unknown in `year`.

    A code is resolved in the editions of the year of the disclosure, whatever the year of a column: a document uses the
    classification in force when it was written. Printed names decide between several candidates. All concepts are
    added to the hierarchy, an unknown code under its longest known prefix.
    """
    keys: dict[tuple[str, str], str] = {}
    entities: list[Entity] = []
    for (name, code), labels in _printed(row_headers).items():
        dimension = context.vocabulary.dimensions.get(name)
        scheme = _scheme(name, context.vocabulary)
        found = (context.vocabulary.resolve(scheme, code, year, label) for label in (labels or {"": None}))
        known = next((key for key in found if key is not None), None)
        if known is None:
            known = context.vocabulary.mint_unlisted(scheme, code, year)
            parent = _above(name, code, keys, year, context.vocabulary) or (dimension.top if dimension else None)
            kind = dimension.range if dimension else SKOS + "Concept"
            entities.append(Entity(known, kind, code, next(iter(labels), ""), parent, unlisted=True))
            context.hierarchy.add(known, parent)
        keys[name, code] = known
        _add_with_ancestors(keys[name, code], context)
        _nest(name, code, keys, context)
    return keys, entities


def names_of_codes(
    row_headers: Sequence[RowHeader], keys: Mapping[tuple[str, str], str]
) -> dict[str, list[dict[str, str]]]:
    """Return the coordinates that each name of a functional or economic class printed beside a code stands for.

    `keys` are concept keys by (dimension, printed code). A name in several places of a classification has several
    coordinates.
    """
    names: dict[str, list[dict[str, str]]] = defaultdict(list)
    for (name, code), labels in _printed(row_headers).items():
        for label in labels if name in CLASSIFIED and (name, code) in keys else ():
            names[label].append({name: keys[name, code]})
    return dict(names)


def _nest(name: str, code: str, keys: Mapping[tuple[str, str], str], context: DocumentContext) -> None:
    """Put a code under the longest printed code that is a prefix of it, whatever lists contain the two.

    A class may have a new name that is in no list yet, while the codes inside it are known from an older list.
    """
    beginnings = (keys.get((name, code[:length])) for length in range(len(code) - 1, 0, -1))
    above = next((key for key in beginnings if key is not None), None)
    if name in context.vocabulary.dimensions and above is not None:
        key = keys[name, code]
        if not context.hierarchy.is_within(key, above):
            context.hierarchy.move(key, above)


def _scheme(name: str, vocabulary: Vocabulary) -> str:
    """The code list of a dimension; `name` itself if it is a code list."""
    dimension = vocabulary.dimensions.get(name)
    return name if dimension is None else dimension.scheme or ""


def _printed(row_headers: Sequence[RowHeader]) -> Mapping[tuple[str, str], Mapping[str, None]]:
    """The labels printed beside each code; shorter codes first, since longer ones refer to them."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row_header in row_headers:
        for name, code in row_header.codes.items():
            if name not in _RESOLVED_ELSEWHERE:
                own = clean_label(row_header.code or "") == code
                label = row_header.names.get(name, row_header.label if own else "")
                found[name, code].update({label: None} if label else {})
        for filled in row_header.filled:
            if filled.code is not None and filled.attribute.scheme is not None:
                found[filled.attribute.scheme, filled.code].update({filled.name: None} if filled.name else {})
    return dict(sorted(found.items(), key=lambda item: len(item[0][1])))


def _above(name: str, code: str, keys: Mapping[tuple[str, str], str], year: int, vocabulary: Vocabulary) -> str | None:
    """The key of the longest prefix of a code that is printed in the document or in a list of the year."""
    scheme = _scheme(name, vocabulary)
    for length in range(len(code) - 1, 0, -1):
        key = keys.get((name, code[:length])) or vocabulary.resolve(scheme, code[:length], year)
        if key is not None:
            return key
    return None


def _add_with_ancestors(key: str, context: DocumentContext) -> None:
    """Add a concept of another edition, and its ancestors, to the hierarchy."""
    while not context.hierarchy.contains(key) and (concept := context.vocabulary.concept(key)) is not None:
        context.hierarchy.add(key, concept.parent)
        if concept.parent is None:
            return
        key = concept.parent


def code_standings(graph: NTriples, year: int, vocabulary: Vocabulary, base: str) -> list[tuple[str, Standing]]:
    """Return the standing of each code used in a graph in the editions of `year`, as sorted (concept key, standing).

    Totals and the lists without editions (funds, kinds of expenditure), which this project defines, are left out.
    """
    # Line breaks in literals are escaped, so that only the object of a triple stands before the end of a line.
    objects = re.compile(rf" <{re.escape(base)}(code/[^>]*)> \.\n".encode())
    keys = sorted(key.decode() for key in set(objects.findall(graph.text)))
    tops = {dimension.top for dimension in vocabulary.dimensions.values()}
    return [(key, vocabulary.standing(key, year)) for key in keys if key not in tops and vocabulary.has_editions(key)]
