"""The headings above a paragraph and the coordinates that they settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from converters.model.hierarchy import Hierarchy
from converters.narrative.named_entries import NamedEntries
from converters.narrative.paragraphs import Paragraph
from converters.narrative.subject_coordinates import interpret_subject, join_names, merge
from converters.narrative.tokens import CURRENT, MARK, UNKNOWN, YEAR, Lexicon, Token
from ontology.narrative_words import FILLER, bare
from ontology.numbers import numerals_to_number

_PART = "code/list-mark/0"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: the rank of its list mark, its text, and the coordinates settled by it and the headings above it.

    `understood` is False if a heading has unknown words; `signs` are the kinds of section that its title shows (duties,
    units, glossary). `number` is that of the list mark.
    """

    rank: str
    text: str
    coordinates: Mapping[str, str]
    understood: bool
    signs: frozenset[str]
    number: int | None = None


class SectionStack:
    """The headings above the current paragraph, outermost first."""

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy, entries: NamedEntries) -> None:
        self._lexicon, self._hierarchy, self._entries = lexicon, hierarchy, entries
        self._open: list[Section] = []

    @property
    def current(self) -> Section:
        """The innermost section."""
        return self._open[-1] if self._open else Section(_PART, "", {}, True, frozenset())

    def enter(self, heading: Paragraph, listed: Mapping[str, str]) -> None:
        """Begin the section of a heading and end the open sections of its rank and below.

        `listed` are the coordinates of a list that the heading is an entry of. A section about what was appropriated
        this year (一般公共预算当年拨款情况) leaves out what was carried over.
        """
        rank = heading.rank or _PART
        self._open = [section for section in self._open if section.rank < rank]
        outer = self.current
        text = heading.text.strip()
        signs = self._lexicon.phrases.signs
        own = frozenset(name for name in ("duties", "units", "glossary") if bare(text).endswith(signs[name]))
        if rank == _PART:
            self._open.append(Section(rank, text, self._entries.account_of_project(text), True, own))
            return
        tokens = [t for t in join_names(heading.tokens) if t.sort not in (FILLER, MARK)]
        tokens = _without_comparison(tokens)
        settled = merge(outer.coordinates, listed, self._hierarchy)
        reading = interpret_subject(tokens, settled, self._lexicon, self._hierarchy)
        understood = outer.understood and not any(t.sort == UNKNOWN for t in tokens)
        coordinates = merge(settled, reading.coordinates, self._hierarchy)
        if any(sign in bare(text) for sign in signs["appropriated"]):
            coordinates["vintage"] = CURRENT
        number = self._number(heading.tokens)
        self._open.append(Section(rank, text, coordinates, understood, outer.signs | own, number))

    def leave(self, paragraph: Paragraph) -> bool:
        """End the section whose number that of a paragraph follows, and those inside it; return whether there is one.

        Behind the heading 八、机关运行经费, 九、政府性基金支出9万元。 is a section of its own, in one sentence. Where
        the marks of a list inside a section are of its own rank, no later number ends the section.
        """
        number = self._number(paragraph.tokens)
        for at, section in enumerate(self._open):
            if section.rank != paragraph.rank or number is None or section.number is None:
                continue
            if number > section.number:
                del self._open[at:]
                return True
            self._open[at] = replace(section, number=None)
        return False

    def _number(self, tokens: Sequence[Token]) -> int | None:
        """The number of the list mark that a paragraph begins with."""
        numerals = self._lexicon.vocabulary.numerals
        if not tokens or tokens[0].sort != MARK:
            return None
        return numerals_to_number("".join(c for c in tokens[0].text if c.isdecimal() or c in numerals), numerals)


def _without_comparison(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a heading without the year that figures are compared with: 收支与2023年度决算对比情况."""
    at = next((at for at, token in enumerate(tokens) if token.sort == "compared"), len(tokens))
    dated = any(token.sort == YEAR for token in tokens[at:])
    return list(tokens[:at] if dated else tokens)
