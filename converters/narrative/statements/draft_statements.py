"""Statements before they have full coordinates: a figure, its own words, and the whole that it is a part of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from converters.model.hierarchy import Hierarchy
from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.paragraphs import Sentence
from converters.narrative.subject_coordinates import merge
from converters.narrative.tokens import COUNT, Token

AMOUNT, SHARE, CHANGE, CHANGE_RATE = "def#amount", "def#share", "def#change", "def#changeRate"
QUANTITY, UNIT_PRICE = "def#quantity", "def#unitPrice"
CHANGES = (CHANGE, CHANGE_RATE)


@dataclass(frozen=True, slots=True)
class ComparedWith:
    """The year that a figure is compared with, None if it is not known, and the phase if one is named.

    The year is `relative` if a word such as 上年 names it, which counts from the year of the figure.
    """

    year: int | None
    phase: str | None = None
    relative: bool = False


StatedComparison = tuple[int | None, str | None]
"""The year and the phase that a sentence compares with, each None if it is not named."""


@dataclass(eq=False)
class DraftStatement:
    """A figure of a sentence with the words that place it.

    `number`: counts the figures of the sentence.
    `own`: coordinates from the words at the figure; `context`: coordinates from headings and topics.
    `both`: of revenue and expenditure at once; `grand`: of the total of all years and uses.
    `whole`: the statement of which this one is a part in a list.
    `subject`: of a change, rate or share, the statement of the amount; `like`: a statement with the same coordinates.
    `reference`: of a share, the statement of the whole; `total`: the coordinates of a total that its words name.
    `budget_phases`: of a degree of completion whose budget the text does not state, the phases that it may have.
    `base`: of a change, the amount that it is counted from.
    `again`: of a further comparison of an amount that was compared with something else before, the amount;
    `rate_of`: of its rate, the change.
    `against`: the year and phase that a change refers to, as far as its sentence names them; `comparison`: the same,
    completed from the context.
    `direction`: increase, decrease or level, of a change. `as_of`: the day that a figure describes, as printed.
    `reason`: the printed reason of a change; `reason_direction`: the direction that the reason speaks of.
    `purpose`: what the money is for, as printed.
    `implied`: of a change, whether no words name what it is of; `general`: the coordinates of words that name a whole
    (总支出), None if its words name no whole.
    `reasons`: the changes that explain a change; `explained`: whether these are all reasons.
    `compared`: False if the subject is not known, so that the statement is compared with no table.
    `scope_around`: of a number of people or things, the scope that headings settle.
    `said_against`: the budget, or the degree of completion, that contradicts what the text says of an outturn, in the
    words `said`: that it is above or below the budget (`said_direction`).
    `named`: of a part of a list, whether it stands under a name of its own that no code list holds.
    `left_open`: the dimensions in which an amount may be of something else or wider than its coordinates say.
    `calculation`: how the figure follows from others beside it, whatever it is of.
    `understood`: of an amount that no table is compared with, whether its words are understood nevertheless.
    `filling`: of a number of people, whether they fill the posts of a kind that the statement before it counts.
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
    like: DraftStatement | None = None
    reference: DraftStatement | None = None
    total: Mapping[str, str] | None = None
    budget_phases: frozenset[str] = frozenset()
    base: DraftStatement | None = None
    again: DraftStatement | None = None
    rate_of: DraftStatement | None = None
    direction: str | None = None
    comparison: ComparedWith | None = None
    against: StatedComparison | None = None
    as_of: str | None = None
    reason: str | None = None
    reason_direction: str | None = None
    reasons: list[DraftStatement] = field(default_factory=list)
    explained: bool = False
    purpose: str | None = None
    compared: bool = True
    scope_around: str | None = None
    said_against: DraftStatement | None = None
    said: str | None = None
    said_direction: str | None = None
    filling: bool = False
    named: bool = False
    implied: bool = False
    general: Mapping[str, str] | None = None
    left_open: frozenset[str] = frozenset()
    calculation: Calculation | None = None
    understood: bool = False

    @property
    def counts(self) -> bool:
        """Whether the figure is a number of people or things."""
        return self.token.sort == COUNT

    def tokens_until(self, figure: Token) -> list[Token]:
        """The tokens of the sentence between this figure and a later one."""
        return [t for t in self.sentence.tokens if self.token.end <= t.start and t.end <= figure.start]

    @property
    def owner(self) -> DraftStatement:
        """The statement whose coordinates the figure has: its subject, the statement it is like, or itself."""
        return self.subject or (self.like.owner if self.like is not None else self)

    def coordinates(self, hierarchy: Hierarchy) -> dict[str, str]:
        """The coordinates settled by own words, by the wholes of lists, and by headings and topics."""
        if self.owner is not self:
            return self.owner.coordinates(hierarchy)
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
    `inline` lists end with their sentence. A list adds up if it is `complete` by its wording and no entry is `broken`;
    one that names only `some` of the parts, by its wording, may fall short of the whole. `last` is its last statement,
    `before` the last one of the entries before the present one. `nearest` is the amount right before the list where
    that is of another year or phase than the whole, so that the parts may be its parts.
    """

    whole: DraftStatement | None
    coordinates: Mapping[str, str]
    inline: bool
    complete: bool
    bracket: bool = False
    some: bool = False
    rank: str | None = None
    parts: list[DraftStatement] = field(default_factory=list)
    last: DraftStatement | None = None
    before: DraftStatement | None = None
    broken: bool = False
    nearest: DraftStatement | None = None

    @property
    def names_parts(self) -> bool:
        """Whether words that are not in the vocabulary can name its parts: of a known amount, and no part otherwise."""
        named = all(part.named for part in self.parts)
        return named and self.inline and self.complete and self.whole is not None and self.whole.compared

    @property
    def latest(self) -> DraftStatement | None:
        """The last statement of the present entry."""
        return self.last if self.last is not self.before else None

    def begin_entry(self) -> None:
        """Begin an entry that has no statement yet."""
        self.before = self.last
