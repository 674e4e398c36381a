"""Percentages of figures that stand beside them: 占教职工总数的83.51%, 为年初计划300万元的106.2%, 支付进度78.28%."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converters.narrative.arithmetic.calculations import Calculation, is_difference, is_quotient, quotient
from converters.narrative.arithmetic.stated_figures import StatedFigure, is_placed_by, tokens_between
from converters.narrative.tokens import COUNT, MONEY, PERCENT, YEAR
from ontology.narrative_words import FILLER, Phrases, bare

_SHORTEST_NAME = 2
_TIMES = frozenset({"phase", "year"})
_FULL_NAME = 4
_LONG_NAME = 6
_LONGEST_END = 3
"""How many characters may follow the name of a whole before its figure: 预算数."""
_PAIR = 2
_FARTHEST = 6
"""How many figures may stand between a share's whole and its part: 甲20万元，占采购总额的20%；乙…."""
_MOST = 4
"""How many figures may stand before a rate in its part of the sentence."""


@dataclass(frozen=True)
class PercentLaws:
    """The percentages of a paragraph, each held to the figures that its words certainly mean."""

    figures: Sequence[StatedFigure]
    phrases: Phrases

    def find(self) -> Iterator[Calculation]:
        """Yield the percentages that their words certainly say are those of two figures of the paragraph."""
        for at, figure in enumerate(self.figures):
            if figure.token.sort != PERCENT or figure.approximate or figure.direction is not None:
                continue
            before = self.figures[:at]
            printed = self._of_printed_base(figure, before)
            share = self._of_named_whole(figure, before) or self._of_named_base(figure, before)
            found = printed or share or self._rate(figure, before) or self._difference_rate(figure, before)
            amounts = [f for f in self.figures if f.token.sort in (MONEY, COUNT)]
            if found is None:
                continue
            named = share is not None and printed is None
            exact = named and self._names_one(figure, before)
            others = not exact and is_quotient(figure, amounts, found.added if named else None)
            doubtful = others or (share is None and printed is None and is_difference(figure, amounts))
            if found.holds or not doubtful:
                yield found

    def _of_printed_base(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the calculation of a percentage right behind its base: 为年初计划300.00万元的106.20%."""
        base = before[-1] if before else None
        if base is None or base.sentence is not figure.sentence or base.token.sort not in (MONEY, COUNT):
            return None
        joined = figure.words in self.phrases.signs["attributive"] and figure.clause == base.clause
        if not joined or not base.words.startswith(self.phrases.signs["equal-to"]):
            return None
        parts = [f for f in before[:-1] if f.sentence is figure.sentence and f.unit == base.unit and f.is_plain]
        if not parts or parts[-1].number != base.number - 1 or not _can_divide(base):
            return None
        return quotient(parts[-1], base, figure)

    def _of_named_whole(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the calculation of a share of what its words name, or of the whole of its list."""
        part = before[-1] if before else None
        if part is None or part.sentence is not figure.sentence or not part.is_plain or part.approximate:
            return None
        named = self._name_of_whole(figure)
        if named is None or figure.clause - part.clause != 1 or part.depth != figure.depth:
            return None
        larger = [f for f in before[:-1] if f.is_plain and f.unit == part.unit and f.value >= part.value]
        wholes = [f for f in larger if f.depth == part.depth and _can_divide(f)]
        if named and self._names_fully(figure, named):
            found = [f for f in wholes if self._is_called(f, named) and f.words != part.words]
        elif named:
            found = [f for f in wholes if named in f.words]
            found = [f for f in found if not self._has_share(f)] or found
        else:
            found = wholes[-1:] if self._opens_list(part, wholes[-1:]) else []
        return quotient(part, found[-1], figure) if found and part.number - found[-1].number <= _FARTHEST else None

    def _has_share(self, figure: StatedFigure) -> bool:
        """Whether a share stands right behind a figure, which is a part itself."""
        behind = self.figures[figure.number + 1 : figure.number + 2]
        return any(f.token.sort == PERCENT and f.words.startswith(self.phrases.signs["share-of"]) for f in behind)

    def _is_called(self, figure: StatedFigure, named: str) -> bool:
        """Whether a name is that of a figure: a long one inside its words, a short one but for years and phases."""
        told = [t for t in figure.tokens if t.sort not in (YEAR, FILLER, "of-which")]
        kept = bare("".join(t.text for t in told if not is_placed_by(t, _TIMES)))
        alike = kept.startswith(named) and len(kept) - len(named) <= _LONGEST_END
        return named in figure.words and (len(named) >= _LONG_NAME or alike)

    def _names_one(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> bool:
        """Whether a long name of a whole stands before one amount only, so that nothing else can be meant."""
        named = self._name_of_whole(figure) or ""
        called = [f for f in before if named in f.words and f.token.sort in (MONEY, COUNT)]
        return len(named) >= _LONG_NAME and len(called) == 1

    def _names_fully(self, figure: StatedFigure, named: str) -> bool:
        """Whether a name stands before a percentage without a word for a total, as in 占合同金额的."""
        return any(figure.words.endswith(named + ending) for ending in ("", *self.phrases.signs["share-ending"]))

    def _of_named_base(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the degree to which the figure right before it carries out the one before that, by its name.

        年初预算数为9万元，决算数为10万元，完成年初预算的111.11%.
        """
        if len(before) < _PAIR or not figure.words.startswith(self.phrases.signs["equal-to"]):
            return None
        base, part = before[-_PAIR:]
        start = next(sign for sign in self.phrases.signs["equal-to"] if figure.words.startswith(sign))
        named = figure.words.removeprefix(start)
        for ending in self.phrases.signs["share-ending"]:
            named = named.removesuffix(ending)
        alike = (
            base.unit == part.unit and part.token.sort in (MONEY, COUNT) and base.depth == part.depth == figure.depth
        )
        near = base.sentence is figure.sentence and part.clause + 1 == figure.clause and base.clause + 1 == part.clause
        told = len(named) > _SHORTEST_NAME and named in base.words and named not in part.words
        if not (alike and near and told and base.is_plain and part.is_plain and _can_divide(base)):
            return None
        return quotient(part, base, figure)

    def _name_of_whole(self, figure: StatedFigure) -> str | None:
        """Return what words before a percentage name as its whole: 占教职工总数的; empty if they name none.

        A full name needs no word for a total: 占授予中小企业合同金额的, 占事业收入的.
        """
        said = figure.words
        start = next((sign for sign in self.phrases.signs["share-of"] if said.startswith(sign)), None)
        if start is None:
            return None
        rest = said.removeprefix(start)
        for ending in self.phrases.signs["share-ending"]:
            rest = rest.removesuffix(ending)
        named = rest
        for ending in self.phrases.signs["total-ending"]:
            named = named.removesuffix(ending)
        if not rest:
            return ""
        return named if len(named) >= (_SHORTEST_NAME if named != rest else _FULL_NAME) else None

    def _opens_list(self, part: StatedFigure, wholes: Sequence[StatedFigure]) -> bool:
        """Whether a word such as 其中 stands between a whole and the first of its parts, and no other figures."""
        if not wholes or wholes[0].sentence is not part.sentence:
            return False
        named = part.words.startswith(self.phrases.signs["some-of"])
        opened = named or any(t.sort == "of-which" for t in tokens_between(wholes[0], part))
        return opened and part.number == wholes[0].number + 1

    def _rate(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the calculation of a rate named after its part: 已支付89.53万元，支付进度78.28%."""
        stem = self._stem(figure.words)
        near = [f for f in before if f.group == figure.group and f.depth == figure.depth]
        if stem is None or not near or len(near) > _MOST or near[-1].token.sort not in (MONEY, COUNT):
            return None
        part = near[-1]
        denied = any(sign in part.words for sign in self.phrases.signs["not"] if sign not in stem)
        if denied:
            return None
        larger = [f for f in near[:-1] if f.is_plain and f.unit == part.unit and f.value >= part.value]
        wholes = [f for f in larger if _can_divide(f)]
        named = stem in part.words or (wholes and self._names_both(stem, part, wholes[0]))
        return quotient(part, wholes[0], figure) if named and wholes and part.is_plain else None

    def _names_both(self, stem: str, part: StatedFigure, whole: StatedFigure) -> bool:
        """Whether the beginning of the name of a rate is those of its whole and of its part: 预算执行 of 预算执行率."""
        size = _SHORTEST_NAME
        return len(stem) == 2 * size and stem[:size] in whole.words and stem[size:] in part.words

    def _difference_rate(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the difference of two figures in the first: 预算数9万元，决算数10万元，预决算差异率11.11%."""
        if not any(sign in figure.words for sign in self.phrases.signs["difference-rate"]) or len(before) < _PAIR:
            return None
        first, second = before[-_PAIR:]
        alike = first.unit == second.unit and first.token.sort in (MONEY, COUNT)
        if not alike or second.group != figure.group or not second.is_plain or not _can_divide(first):
            return None
        if first.group != figure.group or first.direction is not None:
            return None
        larger, smaller = sorted((first, second), key=lambda f: f.value, reverse=True)
        return Calculation(figure, (larger,), (smaller,), shared=(first,))

    def _stem(self, words: str) -> str | None:
        """Return the beginning of the name of a rate: 支付 of 支付进度."""
        for ending in ("", *self.phrases.signs["copula"]):
            said = words.removesuffix(ending)
            for rate in self.phrases.signs["rate-ending"]:
                stem = said.removesuffix(rate)
                if stem != said and len(stem) >= _SHORTEST_NAME:
                    return stem
        return None


def _can_divide(figure: StatedFigure) -> bool:
    return figure.value > figure.margin
