"""Changes that stand beside both figures, and their rates: 由4辆减至3辆，减少1辆; 比上年的62.40%提高2.65个百分点."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.arithmetic.stated_figures import StatedFigure, is_placed_by, tokens_between
from converters.narrative.tokens import COUNT, FINAL, MONEY, PERCENT, YEAR, Token
from ontology.narrative_words import FILLER, Phrases

_REACHED = "reached"
_BETWEEN = frozenset({_REACHED, YEAR, FILLER, "word"})
_DIRECTIONS = frozenset({"increase", "decrease"})
_SHORT = 2
"""How many characters that name nothing may stand before a word of increase: 两年增加."""
_COMPARING = frozenset({"compared", "year-on-year"})
_LISTING = frozenset({"of-which", "as-follows", "because", "purpose"})
_TIMES = frozenset({"phase", "flow", "year"})
_OUTTURN = {FINAL}


@dataclass(frozen=True)
class DifferenceLaws:
    """The changes of a paragraph whose two figures stand before them, and the rates of these changes."""

    figures: Sequence[StatedFigure]
    phrases: Phrases

    def find(self) -> Iterator[Calculation]:
        """Yield the changes, and the rates behind them."""
        wrong: set[StatedFigure] = set()
        for at, figure in enumerate(self.figures):
            before = [f for f in self.figures[:at] if f.sentence is figure.sentence]
            if figure.direction is None or len(before) < 2 or figure.approximate:
                continue
            found = self._reached(figure, before) or self._against_base(figure, before) or self._rate(figure, before)
            found = found or self._against_budget(figure, before) or self._rate_of_present(figure, before)
            if found is None or not found.possible or not wrong.isdisjoint(found.operands):
                continue
            if not found.holds:
                wrong.add(figure)
            yield found

    def _reached(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the change from one figure to the next: 由4辆减至3辆，减少1辆."""
        start, end = before[-2:]
        if not (start.unit == end.unit == figure.unit) or figure.token.sort not in (MONEY, COUNT):
            return None
        between = tokens_between(start, end)
        reached = [t.sort for t in between].count(_REACHED) == 1 and all(t.sort in _BETWEEN for t in between)
        yearly = any(sign in figure.words for sign in self.phrases.signs["yearly"])
        named = sum(len(t.text) for t in figure.tokens if t.sort not in _DIRECTIONS) > _SHORT
        listed = any(t.sort == "of-which" for t in tokens_between(end, figure))
        if not reached or yearly or start.approximate or end.approximate or figure.compared or named or listed:
            return None
        return Calculation(figure, (end,), (start,), sign=figure.direction or 0)

    def _against_base(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the change behind the figure that it is counted from, and that behind the present one.

        门诊服务6317人次，比上年6037人次增加280人次. The comparison names nothing: the figure before it is meant.
        """
        now, base = before[-2:]
        near = base.compared and not base.approximate and not now.approximate and base.direction is None
        if not near or not (now.unit == base.unit == figure.unit) or not _can_differ(figure):
            return None
        begins = bool(base.tokens) and base.tokens[0].sort in _COMPARING
        level = now.depth == base.depth == figure.depth
        together = level and base.clause == figure.clause and base.clause == now.clause + 1
        plain = now.is_plain or (now.token.sort == PERCENT and now.direction is None and not now.compared)
        if not begins or not together or not plain or figure.compared:
            return None
        found = Calculation(figure, (now,), (base,), sign=figure.direction or 0)
        others = [f for f in self.figures if f.unit == figure.unit and f not in (now, base, figure)]
        if not found.holds and any(Calculation(figure, (f,), (base,), sign=found.sign).holds for f in others):
            return None
        return found

    def _rate(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the rate right behind a change from a printed figure: 比上年50万元增加5万元，增长10%."""
        base, change = before[-2:]
        if figure.token.sort != PERCENT or change.direction is None or base.unit != change.unit:
            return None
        counted = base.compared and base.direction is None and base.value > base.margin
        behind = figure.clause == change.clause + 1 and figure.depth == change.depth == base.depth
        if not counted or not behind or figure.compared or change.compared or not _can_differ(change):
            return None
        if not self._names_nothing(figure) or not self._names_nothing(change, base):
            return None
        return Calculation(figure, (change,), shared=(base,))

    def _against_budget(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the difference of an outturn from its budget: 年初预算31万元，支出决算26万元，决算数比预算数减少5万元.

        The outturn names nothing but its phase. Where the difference is that from another figure, that one is meant.
        """
        at = next((at for at, t in enumerate(figure.tokens) if t.sort in _COMPARING), None)
        against = _phases(figure.tokens[at:]) if at is not None else set()
        plain = [f for f in before if f.is_plain and f.token.sort == MONEY and f.group == figure.group]
        several = (*self.phrases.signs["all-told"], *self.phrases.signs["added-up"])
        if any(sign in figure.words for sign in several):
            return None
        if not against or against & _OUTTURN or len(plain) < 2 or any(t.sort == YEAR for t in figure.tokens):
            return None
        base, now = plain[-2:]
        level = now.depth == base.depth == figure.depth and now.number == base.number + 1
        told = _phases(base.tokens) and not _phases(base.tokens) & _OUTTURN and _phases(now.tokens) == _OUTTURN
        named = all(t.sort == FILLER or is_placed_by(t, _TIMES) for t in now.tokens)
        meant = all(t.sort == FILLER or is_placed_by(t, _TIMES) for t in figure.tokens[:at])
        if not (level and told and named and meant) or any(f.approximate for f in (base, now)):
            return None
        if any(t.sort in _LISTING for t in tokens_between(base, figure)) or figure.number - now.number > 2:
            return None
        ways = [_difference(figure, now, f) for f in before if f.unit == base.unit and f.value > f.margin]
        held = next((way for way in ways if way.holds), None)
        return held or (_difference(figure, now, base) if base.value > base.margin else None)

    def _rate_of_present(self, figure: StatedFigure, before: Sequence[StatedFigure]) -> Calculation | None:
        """Return the rate right behind a change of the only amount before it: 收入9万元，同比增收1万元，增长12.5%.

        The amount that it is counted from is the present one less the change.
        """
        change = before[-1]
        behind = figure.clause == change.clause + 1 and figure.depth == change.depth and not figure.compared
        alike = change.direction == figure.direction and change.direction is not None
        if figure.token.sort != PERCENT or not behind or not alike or not self._names_nothing(figure):
            return None
        if not _can_differ(change) or change.approximate:
            return None
        if not self._names_nothing(change, change):
            return None
        earlier = [f for f in self.figures if f.number < change.number and f.unit == change.unit and _is_present(f)]
        signs = self.phrases.signs
        bases = [f for f in earlier if f.words.startswith(signs["equal-to"]) and f.behind in signs["attributive"]]
        stated = [f for f in earlier if f not in bases]
        stated = [f for f in stated if f.sentence is not figure.sentence or not _is_divided(f, change)]
        ways = [way for f in stated if (way := _rate_from(figure, change, f)) is not None]
        found = next((way for way in ways if way.holds), None)
        if found is not None or len(stated) != 1 or stated[0].sentence is not figure.sentence:
            return found
        return ways[0] if ways else None

    def _names_nothing(self, figure: StatedFigure, base: StatedFigure | None = None) -> bool:
        """Whether the words between a figure and what it follows name no other thing."""
        turns = (*self.phrases.signs["risen"], *self.phrases.signs["fallen"])
        kept = [t for t in figure.tokens if t.sort not in (*_DIRECTIONS, FILLER) and t.text not in turns]
        if base is not None:
            kept = [t for t in kept if t.sort not in (*_COMPARING, YEAR)]
        return not kept


def _difference(figure: StatedFigure, now: StatedFigure, base: StatedFigure) -> Calculation:
    """Return the calculation of a change, or of its rate, between two amounts."""
    shared = (base,) if figure.token.sort == PERCENT else ()
    return Calculation(figure, (now,), (base,), shared=shared, sign=figure.direction or 0)


def _phases(tokens: Sequence[Token]) -> set[str]:
    """The phases that words name: those of budgets and outturns."""
    return {m["phase"] for t in tokens if t.word is not None for m in t.word.meanings if "phase" in m}


def _is_present(figure: StatedFigure) -> bool:
    return figure.is_plain and not figure.approximate


def _is_divided(figure: StatedFigure, change: StatedFigure) -> bool:
    """Whether a list or a reason begins between an amount and a change."""
    return any(t.sort in _LISTING for t in tokens_between(figure, change))


def _rate_from(rate: StatedFigure, change: StatedFigure, present: StatedFigure) -> Calculation | None:
    """Return the calculation of a rate from a change and the present figure, if there was anything before."""
    if change.direction == -1:
        return Calculation(rate, (change,), shared=(present, change)) if present.value + change.value else None
    if present.value - change.value <= present.margin + change.margin:
        return None
    return Calculation(rate, (change,), shared=(present,), less=(change,))


def _can_differ(figure: StatedFigure) -> bool:
    """Whether a figure can be the difference of two of its unit: amounts, numbers of things, percentage points."""
    return figure.token.sort in (MONEY, COUNT)
