"""Entries with names of their own: the projects of a document, and lines of lists whose names no code list holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from converters.entities.entities import Entity
from converters.entities.name_matching import match_name
from converters.entities.name_normalisation import bare_name
from converters.entities.organisations import Organisations
from converters.model.document import TextBlock
from converters.model.hierarchy import Hierarchy
from ontology import DEFAULT_BASE
from ontology.phrases import WORD, Phrases, Word, bare

_PROJECTS, _LINES = "code/project/total", "code/line/total"
_PROJECT_KIND = "code/kind/project"
_SHORTEST = 4
_SHORTEST_OFFICE = 3
_BEFORE_YEAR = re.compile(r"([^\W\d_]{3,24})(?:19|20)\d\d")


def organisation_words(organisations: Organisations, blocks: Iterable[TextBlock]) -> dict[str, Word]:
    """The names of a document's organisations as words, those of the department also without its division.

    Before the year that begins a line they may be shortened. A name is a shortened one of the department if its
    characters stand in the department's name in that order.
    """
    words = {bare(name): organisations.root.key for name in organisations.names}
    words |= {bare(o.name): o.key for o in organisations.by_code.values()}
    for name in organisations.names:
        short = bare(bare_name(name, organisations.division))
        if len(short) >= _SHORTEST_OFFICE:
            words.setdefault(short, organisations.root.key)
    for block in blocks:
        begin = _BEFORE_YEAR.match(bare(block.text))
        if begin and any(_shortens(begin[1], name) for name in map(bare, organisations.names)):
            words.setdefault(begin[1], organisations.root.key)
    return {name: Word(WORD, meanings=({"organisation": key},)) for name, key in words.items() if name}


def _shortens(short: str, name: str) -> bool:
    rest = iter(name)
    return short[-1] == name[-1:] and all(character in rest for character in short)


class NamedEntries:
    """Finds entries by name, those of `projects` (key to name) first.

    Lines that it mints take their place in the hierarchy and in `things`.
    """

    def __init__(self, projects: Mapping[str, str], phrases: Phrases, hierarchy: Hierarchy) -> None:
        self._projects, self._phrases, self._hierarchy = projects, phrases, hierarchy
        self.things: list[Entity] = []

    def are_projects(self, places: Mapping[str, str]) -> bool:
        """Whether the parts of what stands at `places` are projects."""
        kind = self._hierarchy.is_within(places.get("kind", ""), _PROJECT_KIND)
        return kind and places.get("project", _PROJECTS) == _PROJECTS

    def are_lines(self, places: Mapping[str, str]) -> bool:
        """Whether the parts of what stands at `places` have names outside all code lists."""
        itemised = places.get("scope") in self._phrases.itemised
        return itemised and places.get("line", _LINES) == _LINES

    def projects(self, name: str) -> set[str]:
        """The projects that a name may mean."""
        return match_name(name, self._projects, self._phrases)

    def mint_line(self, name: str, sentence: int, number: int) -> str:
        """The key of a line that stands for a named entry."""
        notation = f"s{sentence:03d}.{number}"
        key = f"code/line/{notation}"
        self._hierarchy.add(key, _LINES)
        self.things.append(Entity(key, DEFAULT_BASE + "def#Line", notation, name, _LINES, unlisted=True))
        return key
