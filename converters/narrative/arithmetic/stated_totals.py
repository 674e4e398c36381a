"""Totals that a sentence states of the amounts before them: 以上四项共计15.76万元, 合计1170万元."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations, groupby

from converters.cube.sums import Sum
from converters.model.precision import half_of_last_digit
from converters.narrative.statements.coordinate_assignment import Assigned
from converters.narrative.statements.draft_statements import AMOUNT, DraftStatement
from converters.narrative.statements.figure_roles import value_of
from converters.narrative.tokens import FIGURES, MONEY, PERCENT
from ontology.narrative_words import Phrases, bare

_DIVIDING = FIGURES | {"comma", "enumeration", "semicolon", "colon", "stop", "open", "close", "of-which", "as-follows"}
_OPENING = frozenset({"of-which", "as-follows", "colon"})
_MOST = 12
"""Among how many amounts a total is looked for in other readings."""


@dataclass(frozen=True, eq=False)
class StatedTotal:
    """An amount with the amounts before it that its words say are added up."""

    total: DraftStatement
    parts: tuple[DraftStatement, ...]


@dataclass(frozen=True)
class TotalWords:
    """The words that make an amount a total of those before it; `numerals` tell of how many."""

    phrases: Phrases
    numerals: Mapping[str, int]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        signs = self.phrases.signs
        together, added, alone, counted = (
            "|".join(map(re.escape, signs[name]))
            for name in ("taken-together", "added-up", "added-up-alone", "counted-parts")
        )
        number = "|".join(map(re.escape, (label for label in self.numerals if len(label) == 1)))
        several = rf"(?:{together})?(?P<number>{number}|\d)(?:{counted})(?:{added})"
        return re.compile(rf"(?P<several>{several})|(?P<listed>(?:{together})(?:{added}))|(?:{alone})")

    def number_of_parts(self, words: str) -> int | None:
        """Return how many amounts are added up, 0 if it is not told, None if words state no total."""
        found = self._pattern.fullmatch(words)
        if found is None:
            return None
        digit = found["number"]
        return 0 if digit is None else self.numerals.get(digit) or int(digit)


def find_stated_totals(drafts: Sequence[DraftStatement], words: TotalWords) -> list[StatedTotal]:
    """Return the totals that sentences state of the amounts before them.

    Where words do not tell how many amounts there are, and a total is what some amounts of its paragraph come to, these
    are its parts; which amounts are added up is certain only where nothing else may be meant.
    """
    found: list[StatedTotal] = []
    stated = [d for d in drafts if d.token.sort == MONEY]
    for _, group in groupby(stated, key=lambda d: id(d.sentence.paragraph)):
        beside = [*group]
        for at, draft in enumerate(beside):
            number = words.number_of_parts(_words_before(draft)) if draft.measure == AMOUNT else None
            if number is not None:
                parts = _parts(draft, beside[:at], number)
                if len(parts) > 1:
                    found.append(StatedTotal(draft, tuple(parts)))
    return found


def find_stated_differences(drafts: Sequence[DraftStatement], phrases: Phrases) -> list[StatedTotal]:
    """Return amounts that two others are said to divide: 原值9万元，累计折旧5万元，账面净值4万元.

    They stand one behind the other, and the paragraph states no amount behind them, which might be left out.
    """
    wholes, taken, rest = (phrases.signs[name] for name in ("deducted-from", "deducted", "remaining"))
    found: list[StatedTotal] = []
    stated = [d for d in drafts if d.token.sort == MONEY]
    for _, group in groupby(stated, key=lambda d: id(d.sentence.paragraph)):
        last = [*group][-3:]
        if len(last) < 3 or any(d.measure != AMOUNT or d.sentence is not last[0].sentence for d in last):
            continue
        whole, part, left = last
        figures = [t for t in whole.tokens_until(left.token) if t.sort in FIGURES or t.sort in ("open", "close")]
        named = _words_before(whole).endswith(wholes) and _words_before(part) in taken and _words_before(left) in rest
        if named and len(figures) == 1:
            found.append(StatedTotal(whole, (part, left)))
    return found


def settle_stated_totals(totals: Sequence[StatedTotal]) -> None:
    """Name totals as they are printed, and give one that states the whole of a list once more its coordinates."""
    for stated in totals:
        total, whole = stated.total, stated.parts[0].whole
        total.label = _words_before(total)
        alike = whole is not None and all(part.whole is whole for part in stated.parts)
        if whole is not None and alike and value_of(total) == value_of(whole) and not total.compared:
            total.own, total.context, total.whole = whole.own, whole.context, whole.whole
            total.compared, total.both, total.grand = whole.compared, whole.both, whole.grand


def total_sums(totals: Sequence[StatedTotal], assigned: Assigned) -> Iterator[Sum]:
    """Yield the sums of stated totals."""
    for stated in totals:
        figures = [assigned.get(draft, ()) for draft in (stated.total, *stated.parts)]
        if all(len(observations) == 1 for observations in figures):
            total, *parts = (observations[0] for observations in figures)
            yield Sum(total, tuple(parts), ("line",), "/sum-stated")


def _words_before(draft: DraftStatement) -> str:
    """The words between an amount and the punctuation or the figure before it."""
    sentence = draft.sentence
    ends = (t.end for t in sentence.tokens if t.sort in _DIVIDING and t.end <= draft.token.start)
    return bare(sentence.paragraph.text[max(ends, default=sentence.start) : draft.token.start])


def _parts(total: DraftStatement, before: Sequence[DraftStatement], number: int) -> Sequence[DraftStatement]:
    """The amounts that a total is of; none if this is not certain."""
    beside = [d for d in before if d.sentence is total.sentence]
    printed = [t for t in total.sentence.tokens if t.sort == MONEY and t.end <= total.token.start]
    if len(printed) != len(beside):
        return ()
    amounts = [d for d in before if d.measure == AMOUNT]
    if not beside and amounts and not number:
        beside = [d for d in amounts if d.sentence is amounts[-1].sentence]
    stated = [d for d in beside if d.measure == AMOUNT and _depth(d) == _depth(total)]
    listed = _behind_opening(stated)
    if number:
        return next((each for each in (listed, stated) if len(each) == number), ())
    if _comes_to(listed, total):
        return listed
    uncertain = (
        len(amounts) > _MOST
        or not _follows_amount(total)
        or any(_comes_to(some, total) for size in range(1, len(amounts) + 1) for some in combinations(amounts, size))
    )
    return () if uncertain else listed


def _follows_amount(total: DraftStatement) -> bool:
    """Whether the last figure before a total is an amount or its share: in 车辆12台，共计186万元, it is a number."""
    figures = [t.sort for t in total.sentence.tokens if t.sort in FIGURES and t.end <= total.token.start]
    return not figures or figures[-1] in (MONEY, PERCENT)


def _depth(draft: DraftStatement) -> int:
    """In how many brackets an amount stands."""
    before = [t.sort for t in draft.sentence.tokens if t.end <= draft.token.start]
    return before.count("open") - before.count("close")


def _behind_opening(amounts: Sequence[DraftStatement]) -> Sequence[DraftStatement]:
    """The amounts behind the last word or colon that opens a list, all if there are not several behind it."""
    if not amounts:
        return amounts
    tokens = amounts[0].sentence.tokens
    last = amounts[-1].token.start
    begin = max((t.end for t in tokens if t.sort in _OPENING and t.end <= last), default=0)
    behind = [d for d in amounts if d.token.start >= begin]
    return behind if len(behind) > 1 else amounts


def _comes_to(amounts: Sequence[DraftStatement], total: DraftStatement) -> bool:
    """Whether amounts add up to a total within what their digits leave open."""
    margin = sum((half_of_last_digit(d.token.decimals) * d.token.factor for d in (*amounts, total)), Decimal(0))
    return abs(sum(map(value_of, amounts), Decimal(0)) - value_of(total)) <= margin
