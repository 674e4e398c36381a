"""Names of parts that exclude one another: 流动资产 and 固定资产."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ontology.narrative_words import bare
from ontology.vocabulary import Vocabulary

_SCHEME = "code/exclusive"
_KEPT = 4


@dataclass(frozen=True)
class ExclusiveNames:
    """Sets of names; `members` are the keys by label and set, `whole` the sizes of the sets that leave nothing out."""

    members: Mapping[str, Mapping[str, str]]
    whole: Mapping[str, int]

    def are_disjoint(self, names: Sequence[str]) -> bool:
        """Whether names of parts are those of different members of one set."""
        return self._set_of(names) is not None

    def are_all(self, names: Sequence[str]) -> bool:
        """Whether names of parts are those of all members of a set that leaves nothing out."""
        found = self._set_of(names)
        return found is not None and self.whole.get(found) == len(names)

    def are_unknown(self, names: Sequence[str]) -> bool:
        """Whether no name of a part holds that of a member of any set."""
        return not any(self._labels_in(name) for name in names)

    def _set_of(self, names: Sequence[str]) -> str | None:
        """The set of which each name holds one label, none twice; a label inside a longer one does not count."""
        told = [self._labels_in(name) for name in names]
        if any(len(labels) != 1 for labels in told):
            return None
        for key, members in self.members.items():
            found = {members.get(labels[0]) for labels in told}
            if None not in found and len(found) == len(names):
                return key
        return None

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(label for members in self.members.values() for label in members)

    def _labels_in(self, name: str) -> list[str]:
        found = [label for label in self._labels if label in name]
        return [label for label in found if not any(label != other and label in other for other in found)]


@lru_cache(maxsize=_KEPT)
def load_exclusive_names(vocabulary: Vocabulary) -> ExclusiveNames:
    """Return the sets of names of a vocabulary, computed once for each vocabulary."""
    concepts = [concept for concept in vocabulary.concepts.values() if concept.scheme == _SCHEME]
    members: dict[str, dict[str, str]] = {}
    sizes: dict[str, int] = {}
    for concept in concepts:
        if concept.parent is not None:
            members.setdefault(concept.parent, {}).update((bare(label), concept.key) for label in concept.labels)
            sizes[concept.parent] = sizes.get(concept.parent, 0) + 1
    open_sets = {concept.key for concept in concepts if concept.parts_incomplete}
    return ExclusiveNames(members, {key: size for key, size in sizes.items() if key not in open_sets})
