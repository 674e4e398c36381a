"""Names of administrative divisions, as they begin the names of organisations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ontology.register import DIVISIONS
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_SHORTEST_NAME = 3


@lru_cache(maxsize=8)
def division_names(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Return the codes that each way to write a division may mean (its own name, after its parent's, after both).

    Groupings that are no places (市辖区) are in no name; a name of two characters (赵县) needs that of its parent.
    """
    concepts = vocabulary.lists.whole(DIVISIONS.rstrip("/")).concepts
    table: dict[str, set[str]] = {}
    for concept in concepts.values():
        if concept.grouping:
            continue
        written, above = "", concept.key
        while above in concepts:
            if not concepts[above].grouping:
                written = clean_label(concepts[above].labels[0]) + written
                if len(written) >= _SHORTEST_NAME:
                    table.setdefault(written, set()).add(concept.notation)
            above = concepts[above].parent or ""
    return {name: frozenset(codes) for name, codes in table.items()}
