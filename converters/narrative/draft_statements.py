"""Statements before they have full coordinates: a figure, its own words, and the whole that it is a part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from converters.model.hierarchy import Hierarchy
from converters.narrative.paragraphs import Sentence
from converters.narrative.tokens import COUNT, Token
from converters.narrative.word_meanings import merge

AMOUNT, SHARE, CHANGE, CHANGE_RATE = "def#amount", "def#share", "def#change", "def#changeRate"


@dataclass(eq=False)
class DraftStatement:
    """A figure of a sentence (`number` counts the figures of one sentence) and what its words say.

    `own` are the coordinates of its own words, `context` those of headings and topics, `whole` the statement that it is
    listed under. A change, rate or share has its `subject`, the statement it is about; a share its `reference` too.
    """

    sentence: Sentence
    number: int
    token: Token
    measure: str
    label: str
    heading: str
    own: Mapping[str, str]
    context: Mapping[str, str] = field(default_factory=dict)
    whole: DraftStatement | None = None
    both: bool = False
    grand: bool = False
    subject: DraftStatement | None = None
    reference: DraftStatement | None = None
    direction: str | None = None
    compared_year: int | None = None
    as_of: str | None = None
    reason: str | None = None
    reason_direction: str | None = None
    purpose: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the figure is a number of people or things."""
        return self.token.sort == COUNT

    def coordinates(self, hierarchy: Hierarchy) -> dict[str, str]:
        """The coordinates settled by own words, by the wholes of lists, and by headings and topics."""
        if self.subject is not None:
            return self.subject.coordinates(hierarchy)
        coordinates = merge(self.whole.coordinates(hierarchy) if self.whole else self.context, self.own, hierarchy)
        if self.both:
            coordinates.pop("flow", None)
        return coordinates

    @property
    def day(self) -> str | None:
        """The day that the figure, or its whole, describes."""
        return self.as_of or (self.whole.day if self.whole else None)


@dataclass(eq=False)
class Enumeration:
    """Statements listed one after the other, the parts of `whole` if there is one.

    `coordinates` are those of the words that open the list, `rank` the list mark of its entries (None without marks);
    `inline` lists end with their sentence. A list adds up if it is `complete` by its wording and no entry is `broken`.
    """

    whole: DraftStatement | None
    coordinates: Mapping[str, str]
    inline: bool
    complete: bool
    bracket: bool = False
    rank: str | None = None
    parts: list[DraftStatement] = field(default_factory=list)
    last: DraftStatement | None = None
    broken: bool = False
