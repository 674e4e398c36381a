"""Names of parts that exclude one another: 流动资产 and 固定资产, years, things under names of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile

from converters.narrative.arithmetic.printed_lists import PrintedList
from converters.narrative.tokens import FIGURES, MONEY, PROJECT, UNKNOWN, YEAR, Token
from ontology.narrative_words import FILLER, bare
from ontology.vocabulary import Vocabulary

_SCHEME = "code/exclusive"
_SETS_OF_SOURCES = ("code/exclusive/levels", "code/exclusive/funds")
_KEPT = 4
_DIVIDING = FIGURES | {"comma", "semicolon", "colon", "stop", "open", "close"}
_PROJECTS = "projects"
_SOURCES = frozenset({"fund", "vintage", "year", "phase"})


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

    def name_sources(self, names: Sequence[str]) -> bool:
        """Whether a name of a part tells where money comes from: a level of government, a budget."""
        sources = [self.members.get(key, {}) for key in _SETS_OF_SOURCES]
        return any(label in name for name in names for members in sources for label in members)

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


def exclude_one_another(listed: PrintedList, unit: str, names: ExclusiveNames) -> bool:
    """Whether the entries of a list with a figure in a unit do not overlap, by their names."""
    if listed.interrupted:
        return False
    called = [entry.name for entry in listed.column(unit)]
    own = unit == MONEY and are_things_of_their_own(listed, names)
    return own or names.are_disjoint(called) or _are_of_other_years(listed, unit)


def are_things_of_their_own(listed: PrintedList, names: ExclusiveNames) -> bool:
    """Whether all entries of projects have names of their own that no code list holds, and none is a source.

    In 项目支出9万元，其中：花坛养护5万元，苗圃改造6万元, they do not overlap; 中央资金5万元 may pay for both. Of all
    expenditure they may: 支出9万元，其中民生支出8万元，三农支出3万元.
    """
    called = [entry.name for entry in listed.entries]
    words = [[t for t in entry.words if t.sort != FILLER] for entry in listed.entries]
    own = all(any(t.sort == UNKNOWN for t in each) and not _SOURCES & _dimensions(each) for each in words)
    apart = not any(one in other for at, one in enumerate(called) for i, other in enumerate(called) if i != at)
    alone = len(listed.candidates(MONEY)) == 1 and len(listed.column(MONEY)) == len(listed.entries)
    of_projects = _is_of_projects(listed.origin.tokens, listed.wholes(MONEY)[0])
    return own and apart and alone and of_projects and not names.name_sources(called)


def _is_of_projects(tokens: Sequence[Token], whole: Token) -> bool:
    """Whether the words right before an amount name projects."""
    before = reversed([t for t in tokens if t.end <= whole.start])
    named = [*takewhile(lambda t: t.sort not in _DIVIDING, before)]
    kinds = {m.get("kind") for t in named if t.word is not None for m in t.word.meanings}
    return PROJECT in kinds or any(t.word is not None and t.word.name == _PROJECTS for t in named)


def _are_of_other_years(listed: PrintedList, unit: str) -> bool:
    """Whether all entries begin with years, none twice: 总投资9万元，其中2023年安排3万元，2024年安排4万元."""
    first = [entry.words[0] for entry in listed.entries if entry.words]
    years = [t.year for t in first if t.sort == YEAR and t.year]
    return len(set(years)) == len(listed.entries) == len(listed.column(unit)) and len(listed.candidates(unit)) == 1


def _dimensions(words: Sequence[Token]) -> set[str]:
    """The dimensions in which words say what money is."""
    return {d for t in words if t.word is not None for m in t.word.meanings for d in m}
