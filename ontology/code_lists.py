"""What a printed code means in its year: every meaning that the codes of a list have had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ontology.concepts import Concept
from ontology.editions import Edition, Standing, attested, standing
from ontology.text import clean_label

_SHORTEST_CLIPPED = 5
_OPEN = 9999


@dataclass(frozen=True)
class CodeList:
    """The concepts of one scheme and the editions that show in which years they held."""

    scheme: str
    concepts: Mapping[str, Concept]
    editions: tuple[Edition, ...]

    @cached_property
    def by_notation(self) -> Mapping[str, tuple[Concept, ...]]:
        """Every meaning of a code; more than one where it was used again for something else."""
        found: dict[str, list[Concept]] = defaultdict(list)
        for concept in self.concepts.values():
            found[concept.notation].append(concept)
        return {notation: tuple(concepts) for notation, concepts in found.items()}

    @cached_property
    def by_label(self) -> Mapping[str, tuple[Concept, ...]]:
        """The concepts that go, or went, by a name (cleaned, see `clean_label`)."""
        found: dict[str, dict[str, Concept]] = defaultdict(dict)
        for concept in self.concepts.values():
            for label in concept.labels:
                found[clean_label(label)][concept.key] = concept
        return {label: tuple(concepts.values()) for label, concepts in found.items()}

    def resolve(self, code: str, year: int, name: str | None = None) -> str | None:
        """The key of what a code meant in a budget year; None if that is not known.

        An edition of the year decides. Where several meanings or none are shown for it, the printed name decides, if
        it is a name of exactly one meaning of this code or the beginning of one.
        """
        meanings = [c for c in self.by_notation.get(code, ()) if c.may_hold_in(year)]
        shown = [c for c in meanings if not self.editions or attested(self.editions, c.key, year)]
        named = [c for c in meanings if name and goes_by(c, name)]
        for candidates in ([c for c in shown if c in named], shown, named):
            if len(candidates) == 1:
                return candidates[0].key
        return None

    def newest_meaning(self, code: str, year: int) -> Concept | None:
        """Of the meanings of a code that may hold in a year, the one that an edition has for the latest years."""
        meanings = [c for c in self.by_notation.get(code, ()) if c.may_hold_in(year)]
        return max(meanings, key=self.last_listed, default=None)

    def last_listed(self, concept: Concept) -> int:
        """The last year for which an edition has the concept; an edition that is still open comes after all others."""
        last = [e.last or _OPEN for e in self.editions if concept.key in e.members]
        return max(last, default=0)

    def in_year(self, key: str, year: int) -> str:
        """The concept itself or, where it had not begun by `year`, the one concept it came after."""
        concept = self.concepts.get(key)
        if concept is None or concept.may_hold_in(year):
            return key
        before = [c.key for c in self.concepts.values() if key in c.replaced_by and c.may_hold_in(year)]
        return before[0] if len(before) == 1 else key

    def standing(self, key: str, year: int) -> Standing:
        """How a concept stands to the editions of a year."""
        return standing(self.editions, key, year)


class CodeLists:
    """The code lists by scheme. The older and longer part of some is read only when it is first asked for."""

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
        """The part of a list that is always at hand."""
        if scheme not in self._near:
            editions = tuple(e for e in self._editions if e.scheme == scheme)
            self._near[scheme] = CodeList(scheme, self._by_scheme.get(scheme, {}), editions)
        return self._near[scheme]

    def whole(self, scheme: str) -> CodeList:
        """The list with its older and longer part."""
        if scheme not in self._far:
            return self.near(scheme)
        if scheme not in self._whole:
            near = self.near(scheme)
            concepts, editions = self._far[scheme]()
            self._whole[scheme] = CodeList(scheme, {**concepts, **near.concepts}, (*editions, *near.editions))
        return self._whole[scheme]

    def resolve(self, scheme: str, code: str, year: int, name: str | None = None) -> str | None:
        """What a code meant in a year (see `CodeList.resolve`); the far part is read where the near one is silent."""
        return self.near(scheme).resolve(code, year, name) or (
            self.whole(scheme).resolve(code, year, name) if scheme in self._far else None
        )

    def standing(self, scheme: str, key: str, year: int) -> Standing:
        """How a concept stands to the editions of a year."""
        near = self.near(scheme)
        return (near if any(e.covers(year) for e in near.editions) else self.whole(scheme)).standing(key, year)


def goes_by(concept: Concept, name: str) -> bool:
    """Whether a printed name is one of the concept's, or the clipped beginning of one."""
    cleaned = clean_label(name)
    labels = [clean_label(label) for label in concept.labels]
    return cleaned in labels or (
        len(cleaned) >= _SHORTEST_CLIPPED and any(label.startswith(cleaned) for label in labels)
    )
