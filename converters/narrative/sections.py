"""Headings: which section a paragraph stands in, and what that says of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from converters.model.hierarchy import Hierarchy
from converters.narrative.paragraphs import Paragraph
from converters.narrative.tokens import MARK, UNKNOWN, Lexicon
from converters.narrative.word_meanings import merge, read_subject
from ontology.phrases import FILLER, bare

_PART = "code/list-mark/0"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with all above it: its rank, its text, the places that it settles.

    `understood` is False where words of it are unknown; `signs` names what its title shows it to be (duties, glossary).
    """

    rank: str
    text: str
    places: Mapping[str, str]
    understood: bool
    signs: frozenset[str]


class Sections:
    """The headings above the current paragraph, outermost first."""

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy) -> None:
        self._lexicon, self._hierarchy = lexicon, hierarchy
        self._open: list[Section] = []

    @property
    def current(self) -> Section:
        """The innermost section."""
        return self._open[-1] if self._open else Section(_PART, "", {}, True, frozenset())

    def enter(self, heading: Paragraph) -> None:
        """Begin the section of a heading; those of its rank and below end."""
        rank = heading.rank or _PART
        self._open = [section for section in self._open if section.rank < rank]
        outer = self.current
        text = heading.text.strip()
        signs = self._lexicon.phrases.signs
        own = frozenset(name for name in ("duties", "units", "glossary") if bare(text).endswith(signs[name]))
        if rank == _PART:
            self._open.append(Section(rank, text, {}, True, own))
            return
        tokens = [t for t in heading.tokens if t.sort not in (FILLER, MARK)]
        reading = read_subject(tokens, outer.places, self._lexicon, self._hierarchy)
        understood = outer.understood and not any(t.sort == UNKNOWN for t in tokens)
        places = merge(outer.places, reading.places, self._hierarchy)
        self._open.append(Section(rank, text, places, understood, outer.signs | own))
