"""The figures of a paragraph with the words around them, whatever they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from converters.model.precision import half_of_last_digit
from converters.narrative.paragraphs import Sentence
from converters.narrative.tokens import COUNT, FIGURES, MONEY, NUMBER, PERCENT, Token
from ontology.narrative_words import Phrases, bare

_SEPARATORS = frozenset({"comma", "enumeration", "semicolon", "colon", "stop", "open", "close"})
_DIRECTIONS: Mapping[str, int] = {"increase": 1, "decrease": -1}
_HUNDREDTH = Decimal("0.01")
_COMPARING = frozenset({"compared", "year-on-year"})
DIGITS = "+-0123456789,."
PERSON = "code/unit/person"


@dataclass(frozen=True, eq=False)
class StatedFigure:
    """A figure of a sentence; `number` counts the figures of its paragraph.

    `words` are the words between it and the separator or figure before it, `tokens` these as tokens, `behind` the words
    up to the next separator or figure. `unit` is the unit in which figures can be added: one for all money and one for
    persons, else the printed one. `clause` counts the separators before it, `group` the semicolons and full stops,
    `depth` the open brackets. `direction` is 1 behind a word of increase, -1 behind one of decrease, else None.
    """

    sentence: Sentence
    token: Token
    number: int
    words: str
    tokens: tuple[Token, ...]
    behind: str
    unit: str
    clause: int
    group: int
    depth: int
    approximate: bool
    direction: int | None

    @property
    def value(self) -> Decimal:
        """The value in base units: yuan, things, or parts of one for percentages and percentage points."""
        return (self.token.amount or Decimal(0)) * self.factor

    @property
    def factor(self) -> Decimal:
        """How many base units one of the printed number is."""
        return _HUNDREDTH if self.is_difference else self.token.factor

    @property
    def is_difference(self) -> bool:
        """Whether the figure is a number of percentage points."""
        return self.unit == PERCENT and self.token.sort != PERCENT

    @property
    def margin(self) -> Decimal:
        """By how much the value may be off by rounding; numbers of things are exact."""
        exact = self.token.sort == COUNT and not self.is_difference
        return Decimal(0) if exact else half_of_last_digit(self.token.decimals) * self.factor

    @property
    def compared(self) -> bool:
        """Whether a word of comparison stands before the figure, and none of increase or decrease behind that."""
        return any(t.sort in _COMPARING for t in self.tokens)

    @property
    def is_plain(self) -> bool:
        """Whether the figure is an amount or a number of its own: no change, percentage or earlier amount."""
        return self.token.sort in (MONEY, COUNT) and self.direction is None and not self.compared


def read_figures(sentences: Sequence[Sentence], phrases: Phrases) -> list[StatedFigure]:
    """Return the figures of the sentences of one paragraph in printed order; bare numbers are none."""
    return [*_figures(sentences, phrases)]


def _figures(sentences: Sequence[Sentence], phrases: Phrases) -> Iterator[StatedFigure]:
    number = clause = group = 0
    for sentence in sentences:
        text, depth, begun = sentence.paragraph.text, 0, sentence.start
        words: list[Token] = []
        for at, token in enumerate(sentence.tokens):
            if token.sort in FIGURES and token.sort != NUMBER:
                before = bare(text[begun : token.start])
                behind = _behind(sentence.tokens, at)
                end = behind[-1].end if behind else token.end
                after = bare(text[token.end : end])
                points = bare(text[token.start : end]).lstrip(DIGITS).startswith(phrases.signs["percentage-point"])
                vague = before.endswith((*phrases.signs["about"], *phrases.signs["bordering"])) or any(
                    sign in token.text for sign in phrases.signs["approximate"]
                )
                yield StatedFigure(
                    sentence,
                    token,
                    number,
                    before,
                    tuple(words),
                    after,
                    PERCENT if points else _unit_of(token),
                    clause,
                    group,
                    depth,
                    vague,
                    _direction(words, before, phrases),
                )
                number += 1
            if token.sort in _SEPARATORS or token.sort in FIGURES:
                begun, words = token.end, []
                depth += {"open": 1, "close": -1}.get(token.sort, 0)
                clause += token.sort in _SEPARATORS
                group += token.sort in ("semicolon", "stop")
            else:
                words.append(token)


def _behind(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    end = at + 1
    while end < len(tokens) and tokens[end].sort not in _SEPARATORS and tokens[end].sort not in FIGURES:
        end += 1
    return tokens[at + 1 : end]


def _direction(tokens: Sequence[Token], words: str, phrases: Phrases) -> int | None:
    """Return 1 behind a word of increase, -1 behind one of decrease, None behind neither."""
    turns = [_DIRECTIONS[t.sort] for t in tokens if t.sort in _DIRECTIONS]
    if turns:
        return turns[-1]
    return 1 if words.endswith(phrases.signs["risen"]) else -1 if words.endswith(phrases.signs["fallen"]) else None


def _unit_of(token: Token) -> str:
    if token.sort in (MONEY, PERCENT):
        return token.sort
    return PERSON if token.unit == PERSON else token.text.lstrip(DIGITS)


def tokens_between(one: StatedFigure, other: StatedFigure) -> list[Token]:
    """Return the tokens between a figure and a later one of its sentence."""
    return [t for t in one.sentence.tokens if one.token.end <= t.start and t.end <= other.token.start]


def is_placed_by(token: Token, dimensions: frozenset[str]) -> bool:
    """Whether a word tells nothing but some dimensions, in all its meanings."""
    meanings = token.word.meanings if token.word is not None else ()
    return bool(meanings) and all(m.keys() <= dimensions for m in meanings)
