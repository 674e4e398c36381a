"""Marks of levels behind names of functional classes: 住房改革支出（类）, though it is of the second level."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ontology.narrative_words import bare
from ontology.text import narrow
from ontology.vocabulary import Vocabulary

_LEVELS, _FUNCTION = "code/level", "code/function"
_DIGITS = {"category": 3, "group": 5, "item": 7}
_SHORTEST_NAME = 4
_NAME = r"(?<![^\W\d])([^\W\d]+)"


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    """The pattern of a name with a mark, each mark as usual with its number of digits, and those of each name."""

    marked: re.Pattern[str]
    marks: Mapping[str, tuple[str, int]]
    names: Mapping[str, frozenset[int]]


@lru_cache(maxsize=4)
def _load_levels(vocabulary: Vocabulary) -> _Levels:
    marks = {
        narrow(label): (label, _DIGITS[concept.notation])
        for concept in vocabulary.concepts.values()
        if concept.scheme == _LEVELS
        for label in concept.labels
    }
    names: dict[str, set[int]] = defaultdict(set)
    for concept in vocabulary.lists.whole(_FUNCTION).concepts.values():
        for label in concept.labels:
            names[bare(label)].add(len(concept.notation))
    pattern = re.compile(_NAME + "(" + "|".join(map(re.escape, marks)) + ")")
    return _Levels(pattern, marks, {name: frozenset(digits) for name, digits in names.items()})


def find_misplaced_levels(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the names of classes in a text, with their marks, that have no code of the level marked.

    Only a whole name that a code list has is told of: a list may lack classes, and a shorter name may be another.
    """
    levels = _load_levels(vocabulary)
    for match in levels.marked.finditer(narrow(text)):
        name, (mark, digits) = match[1], levels.marks[match[2]]
        known = levels.names.get(bare(name), frozenset())
        if len(name) >= _SHORTEST_NAME and known and digits not in known:
            yield f"{name}{mark}"
