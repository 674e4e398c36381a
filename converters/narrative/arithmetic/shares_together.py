"""Shares that are listed one behind the other and are all of one whole, which need not be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from converters.narrative.arithmetic.calculations import Calculation, is_quotient
from converters.narrative.arithmetic.stated_figures import StatedFigure
from converters.narrative.tokens import COUNT, MONEY, PERCENT
from ontology.narrative_words import Phrases

_SEVERAL = 2
_ROUNDINGS = 3
Pair = tuple[StatedFigure, StatedFigure]


def find_shares_together(figures: Sequence[StatedFigure], phrases: Phrases) -> Iterator[Calculation]:
    """Yield the shares of a sentence that contradict those beside them: 甲60万元，占60%；乙40万元，占43%.

    They are of the sum of their parts where the shares add up to a hundred percent, or where all but one are those of
    that sum. A share that is one of any other figure of the paragraph is left out.
    """
    amounts = [f for f in figures if f.token.sort in (MONEY, COUNT)]
    for _, sentence in groupby(figures, key=lambda f: f.sentence.number):
        beside = [*sentence]
        pairs, shares = _pairs(beside, phrases), [f for f in beside if f.token.sort == PERCENT]
        parts = tuple(part for part, _ in pairs)
        if (
            len(pairs) < max(_SEVERAL, len(shares))
            or len({(f.unit, f.depth) for f in parts}) > 1
            or not sum(f.value for f in parts)
        ):
            continue
        found = [Calculation(share, (part,), shared=parts) for part, share in pairs]
        wrong = [each for each in found if not each.holds]
        told = sum((share.value for _, share in pairs), Decimal(0))
        whole = abs(told - 1) <= _ROUNDINGS * sum((share.margin for _, share in pairs), Decimal(0))
        certain = whole or (len(wrong) == 1 and len(pairs) > 1)
        if certain and not any(is_quotient(each.result, amounts) for each in wrong):
            yield from found


def _pairs(figures: Sequence[StatedFigure], phrases: Phrases) -> list[Pair]:
    """The amounts of a sentence with the shares right behind them whose words name no whole."""
    return [
        (part, share)
        for part, share in pairwise(figures)
        if share.token.sort == PERCENT
        and part.token.sort in (MONEY, COUNT)
        and part.is_plain
        and share.clause == part.clause + 1
        and share.depth == part.depth
        and share.words in phrases.signs["share-of"]
        and not share.approximate
        and not part.approximate
    ]
