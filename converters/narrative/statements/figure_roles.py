"""Roles of figures: what a figure measures by the keywords before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    SHARE,
    UNIT_PRICE,
    DraftStatement,
)
from converters.narrative.subject_coordinates import GRAND
from converters.narrative.tokens import FIGURES, MONEY, PERCENT, UNKNOWN, Token
from ontology.narrative_words import NOUN, WORD

COMPLETION = "completion"
_SHARING = frozenset({"share", COMPLETION})
_COMPARING = frozenset({"compared", "year-on-year"})
_REACHED = "reached"
AVERAGE = "average"
ADJUSTING = frozenset({"added", "withdrawn"})
_TOTALS = frozenset({"amount", "revenue-sum", "expenditure-sum"})
_DIRECTIONS: Mapping[str, str] = {"increase": "increase", "decrease": "decrease"}


@dataclass(frozen=True, slots=True)
class FigureRole:
    """What a figure measures (None if no keyword tells), in which direction, and the words of its subject.

    A share is `named` if words before its keyword tell what it is a share of: 小微企业占合同金额的50%. It is a
    `completion` if the keyword says that a budget was carried out. An amount is `adjusting` if it was added to a
    budget, or taken from it: 年中追加20万元.
    """

    figure: Token
    measure: str | None
    direction: str | None
    subject: tuple[Token, ...]
    named: bool = False
    completion: bool = False
    adjusting: bool = False


def find_roles(clause: Sequence[Token], direction: str | None = None) -> Iterator[FigureRole]:
    """Yield the role of each figure of a clause, from the words since the figure before it.

    An amount after a word of increase or decrease is a change, as in 增加办公经费20万元; `direction` is that of an
    amount without such a word.
    """
    words: list[Token] = []
    for token in clause:
        if token.sort not in FIGURES:
            words.append(token)
            continue
        yield _role(token, words, direction)
        words = []


def _role(figure: Token, words: Sequence[Token], usual: str | None) -> FigureRole:
    turns = [at for at, word in enumerate(words) if word.sort in _DIRECTIONS]
    direction = _DIRECTIONS[words[turns[-1]].sort] if turns else None
    measure: str | None = None
    if figure.sort == PERCENT:
        shares = [at for at, word in enumerate(words) if word.sort in _SHARING]
        if shares and shares[0] > 0:
            return FigureRole(figure, SHARE, None, tuple(words[: shares[0]]), named=True)
        if shares:
            subject = tuple(_subject(words, turns[-1] if turns else None))
            return FigureRole(figure, SHARE, direction, subject, completion=words[0].sort == COMPLETION)
        measure = CHANGE_RATE if direction else None
    elif figure.sort == MONEY and any(word.sort == AVERAGE for word in words):
        return FigureRole(figure, UNIT_PRICE, None, tuple(words))
    elif figure.sort == MONEY and any(word.sort == _REACHED for word in words):
        return FigureRole(figure, AMOUNT, None, tuple(words))
    elif figure.sort == MONEY and not turns and any(word.sort in ADJUSTING for word in words):
        return FigureRole(figure, AMOUNT, None, tuple(words), adjusting=True)
    elif figure.sort == MONEY:
        direction = direction or usual
        measure = CHANGE if direction else AMOUNT
    return FigureRole(figure, measure, direction, tuple(_subject(words, turns[-1] if turns else None)))


def _subject(words: Sequence[Token], turn: int | None) -> Sequence[Token]:
    """The words after the last word of direction if there are any, else those before it and before a comparison."""
    if turn is None:
        return words
    behind = words[turn + 1 :]
    if behind:
        return behind
    before = words[:turn]
    ends = [at for at, word in enumerate(before) if word.sort in _COMPARING]
    return before[: ends[0]] if ends else before


def value_of(draft: DraftStatement) -> Decimal:
    """Return the value of a figure in base units."""
    return (draft.token.amount or Decimal(0)) * draft.token.factor


def total_of(drafts: Iterable[DraftStatement]) -> Decimal:
    """Return the sum of figures in base units."""
    return sum(map(value_of, drafts), Decimal(0))


def add_up(parts: Sequence[DraftStatement], whole: DraftStatement) -> bool:
    """Whether two parts or more add up to an amount, without rounding."""
    return len(parts) > 1 and value_of(whole) == total_of(parts)


def follows_comparison(money: Token, sentence: Sequence[Token]) -> bool:
    """Whether a word of comparison stands before an amount, with no figure between them: 较上年（250万元）."""
    before = [t for t in sentence if t.end <= money.start]
    last = next((t for t in reversed(before) if t.sort in FIGURES | _COMPARING), None)
    return last is not None and last.sort in _COMPARING


def names_other(clause: Sequence[Token]) -> bool:
    """Whether a clause names something, without an amount of it, before the word of comparison."""
    before = [*takewhile(lambda token: token.sort != "compared", clause)]
    return not any(t.sort in FIGURES for t in before) and any(t.sort in (WORD, NOUN, UNKNOWN) for t in before)


def names_nothing(token: Token) -> bool:
    """Whether a noun stands for no coordinates."""
    return token.sort == NOUN and token.word is not None and not any(token.word.meanings)


def names_total(before: DraftStatement, figure: Token) -> bool:
    """Whether a word for a total stands between a statement and a later figure of its sentence."""
    return any(t.sort == GRAND or (t.word is not None and t.word.name in _TOTALS) for t in before.tokens_until(figure))
