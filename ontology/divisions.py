"""Names of administrative divisions at the beginning of names of organisations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ontology.register import DIVISIONS
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_SHORTEST_NAME = 3


@lru_cache(maxsize=8)
def division_names(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Return the codes that each form of a division's name may mean: the name alone, or after its parent's names.

    Every label counts: 阿坝州红原县 is 阿坝藏族羌族自治州红原县. Groupings that are not places (市辖区) are omitted; a
    name of two characters (赵县) requires the name of its parent.
    """
    concepts = vocabulary.lists.whole(DIVISIONS.rstrip("/")).concepts
    table: dict[str, set[str]] = {}
    for concept in concepts.values():
        if concept.grouping:
            continue
        written, above = [""], concept.key
        while above in concepts:
            if not concepts[above].grouping:
                written = [clean_label(label) + name for label in concepts[above].labels for name in written]
                for name in written:
                    if len(name) >= _SHORTEST_NAME:
                        table.setdefault(name, set()).add(concept.notation)
            above = concepts[above].parent or ""
    return {name: frozenset(codes) for name, codes in table.items()}
