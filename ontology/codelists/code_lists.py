"""Code lists over the years: the meaning of a printed code in its budget year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ontology.codelists.editions import Edition, Standing, attested, standing
from ontology.concepts import Concept
from ontology.text import clean_label

_SHORTEST_CLIPPED = 5
_OPEN = 9999


@dataclass(frozen=True)
class CodeList:
    """The concepts of one scheme, and the editions with the years in which they were valid."""

    scheme: str
    concepts: Mapping[str, Concept]
    editions: tuple[Edition, ...]

    @cached_property
    def by_notation(self) -> Mapping[str, tuple[Concept, ...]]:
        """The meanings of each code; a code that was reused has several."""
        found: dict[str, list[Concept]] = defaultdict(list)
        for concept in self.concepts.values():
            found[concept.notation].append(concept)
        return {notation: tuple(concepts) for notation, concepts in found.items()}

    @cached_property
    def by_label(self) -> Mapping[str, tuple[Concept, ...]]:
        """The concepts by current and former names (cleaned, see `clean_label`)."""
        found: dict[str, dict[str, Concept]] = defaultdict(dict)
        for concept in self.concepts.values():
            for label in concept.labels:
                found[clean_label(label)][concept.key] = concept
        return {label: tuple(concepts.values()) for label, concepts in found.items()}

    def resolve(self, code: str, year: int, name: str | None = None) -> str | None:
        """Return the key of the meaning of a code in a budget year; None if unknown.

        An edition of the year decides. If it has several meanings or none, the printed `name` decides, provided it is a
        name of exactly one meaning of the code, or the beginning of one.
        """
        meanings = [c for c in self.by_notation.get(code, ()) if c.may_hold_in(year)]
        shown = [c for c in meanings if not self.editions or attested(self.editions, c.key, year)]
        named = [c for c in meanings if name and goes_by(c, name)]
        for candidates in ([c for c in shown if c in named], shown, named):
            if len(candidates) == 1:
                return candidates[0].key
        return None

    def newest_meaning(self, code: str, year: int) -> Concept | None:
        """Return the meaning of a code that may hold in a year and that editions list for the latest years."""
        meanings = [c for c in self.by_notation.get(code, ()) if c.may_hold_in(year)]
        return max(meanings, key=self.last_listed, default=None)

    def last_listed(self, concept: Concept) -> int:
        """Return the last year in which an edition lists the concept; an open edition is later than all others."""
        last = [e.last or _OPEN for e in self.editions if concept.key in e.members]
        return max(last, default=0)

    def in_year(self, key: str, year: int) -> str:
        """Return the key of the concept, or of its only predecessor valid in `year` if the concept is not."""
        concept = self.concepts.get(key)
        if concept is None or concept.may_hold_in(year):
            return key
        before = [c.key for c in self.concepts.values() if key in c.replaced_by and c.may_hold_in(year)]
        return before[0] if len(before) == 1 else key

    def standing(self, key: str, year: int) -> Standing:
        """Return the standing of a concept in the editions of a year."""
        return standing(self.editions, key, year)


class CodeLists:
    """Code lists by scheme. The long part of some lists is loaded on first use."""

    def __init__(
        self,
        concepts: Mapping[str, Concept],
        editions: tuple[Edition, ...],
        far: Mapping[str, Callable[[], tuple[Mapping[str, Concept], tuple[Edition, ...]]]],
    ) -> None:
        self._far = far
        self._editions = editions
        self._by_scheme: dict[str, dict[str, Concept]] = defaultdict(dict)
        for key, concept in concepts.items():
            self._by_scheme[concept.scheme][key] = concept
        self._near: dict[str, CodeList] = {}
        self._whole: dict[str, CodeList] = {}

    def near(self, scheme: str) -> CodeList:
        """Return the part of a list that is always loaded."""
        if scheme not in self._near:
            editions = tuple(e for e in self._editions if e.scheme == scheme)
            self._near[scheme] = CodeList(scheme, self._by_scheme.get(scheme, {}), editions)
        return self._near[scheme]

    def whole(self, scheme: str) -> CodeList:
        """Return the whole list, including its long part."""
        if scheme not in self._far:
            return self.near(scheme)
        if scheme not in self._whole:
            near = self.near(scheme)
            concepts, editions = self._far[scheme]()
            self._whole[scheme] = CodeList(scheme, {**concepts, **near.concepts}, (*editions, *near.editions))
        return self._whole[scheme]

    def resolve(self, scheme: str, code: str, year: int, name: str | None = None) -> str | None:
        """Return the meaning of a code in a year (see `CodeList.resolve`); the long part is loaded only if needed."""
        return self.near(scheme).resolve(code, year, name) or (
            self.whole(scheme).resolve(code, year, name) if scheme in self._far else None
        )

    def standing(self, scheme: str, key: str, year: int) -> Standing:
        """Return the standing of a concept in the editions of a year."""
        near = self.near(scheme)
        return (near if any(e.covers(year) for e in near.editions) else self.whole(scheme)).standing(key, year)


def goes_by(concept: Concept, name: str) -> bool:
    """Return whether a printed name is a name of the concept, or the truncated beginning of one."""
    cleaned = clean_label(name)
    labels = [clean_label(label) for label in concept.labels]
    return cleaned in labels or (
        len(cleaned) >= _SHORTEST_CLIPPED and any(label.startswith(cleaned) for label in labels)
    )
