"""What was there, what came in and went out, and what is left: 年初预算21万元，追加3万元，调整后预算24万元."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product

from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.arithmetic.stated_figures import StatedFigure, tokens_between
from converters.narrative.tokens import COUNT, MONEY
from ontology.narrative_words import Phrases


@dataclass(frozen=True)
class BalanceKind:
    """The signs of the words before the first and the last figure of a balance.

    `begins` tells whether the words for the first may also begin what stands before it: 年初固定资产9万元.
    """

    opening: str
    closing: str
    begins: bool


STOCK = BalanceKind("stock-opening", "stock-closing", begins=True)
BUDGETS = BalanceKind("budget-opening", "budget-closing", begins=False)
KINDS = (
    BUDGETS,
    BalanceKind("total-opening", "total-closing", begins=False),
    STOCK,
)
"""The kinds of balances. Of a stock, what went out may be left untold where only what came in is told."""
_LISTING = frozenset({"of-which", "as-follows"})
_SEVERAL = 2
_MOST = 6
"""Among how many figures another balance is looked for."""


@dataclass(frozen=True)
class BalanceLaws:
    """The balances of a paragraph: a figure at the beginning, what is added to it and taken from it, and the end."""

    figures: Sequence[StatedFigure]
    phrases: Phrases

    def find(self) -> Iterator[Calculation]:
        """Yield the figures that are what others of their sentence come to by the words before each."""
        for _, sentence in groupby(self.figures, key=lambda f: f.sentence.number):
            listed = [*sentence]
            for unit in dict.fromkeys(f.unit for f in listed if f.token.sort in (MONEY, COUNT)):
                yield from self._balances([f for f in listed if f.unit == unit])
                yield from self._adjusted([f for f in listed if f.unit == unit])
                yield from self._netted([f for f in listed if f.unit == unit])

    def _balances(self, figures: Sequence[StatedFigure]) -> Iterator[Calculation]:
        """Yield the balances among the figures of one unit of a sentence; what brackets hold is told once more."""
        for at, opening in enumerate(figures):
            kind = self._opens(opening)
            if kind is None:
                continue
            moved: list[tuple[StatedFigure, int]] = []
            last = opening
            for figure in (f for f in figures[at + 1 :] if f.depth == opening.depth):
                if figure.compared or any(t.sort in _LISTING for t in tokens_between(last, figure)):
                    break
                last = figure
                if moved and self._closes(figure, kind):
                    enough = kind is not STOCK or {sign for _, sign in moved} == {1, -1}
                    found = self._balance(opening, moved, figure) if enough else None
                    if found is not None:
                        yield found
                    break
                sign = self._sign(figure)
                if sign is None:
                    break
                moved.append((figure, sign))

    def _adjusted(self, figures: Sequence[StatedFigure]) -> Iterator[Calculation]:
        """Yield what was added to a budget or taken from it, in brackets behind the budget as changed."""
        for opening, closing, moved in zip(figures, figures[1:], figures[2:], strict=False):
            told = self._opens(opening) is BUDGETS and self._closes(closing, BUDGETS) and not closing.compared
            between = [t.sort for t in tokens_between(closing, moved)]
            sign = self._sign(moved) if told and between[:1] == ["open"] and moved.is_plain else None
            if sign is not None and moved.clause == closing.clause + 1 and not moved.approximate:
                yield Calculation(moved, (closing,) if sign > 0 else (opening,), (opening,) if sign > 0 else (closing,))

    def _balance(
        self, opening: StatedFigure, moved: Sequence[tuple[StatedFigure, int]], closing: StatedFigure
    ) -> Calculation | None:
        added = (opening, *(f for f, sign in moved if sign > 0))
        taken = tuple(f for f, sign in moved if sign < 0)
        found = Calculation(closing, added, taken)
        if found.holds or len(moved) > _MOST or any(f.approximate for f in (closing, *added, *taken)):
            return found if found.holds else None
        others = product((1, 0, -1), repeat=len(moved))
        for signs in others:
            plus = tuple(f for (f, _), s in zip(moved, signs, strict=True) if s > 0)
            minus = tuple(f for (f, _), s in zip(moved, signs, strict=True) if s < 0)
            if Calculation(closing, (opening, *plus), minus).holds or Calculation(closing, plus, minus).holds:
                return None
        return found

    def _opens(self, figure: StatedFigure) -> BalanceKind | None:
        """Return the kind of balance that a figure begins."""
        said = figure.words if figure.is_plain else ""
        for kind in KINDS:
            signs = self.phrases.signs[kind.opening]
            if said.endswith(signs) or (kind.begins and said.startswith(signs)):
                return kind
        return None

    def _closes(self, figure: StatedFigure, kind: BalanceKind) -> bool:
        signs = self.phrases.signs[kind.closing]
        return figure.words.startswith(signs) or figure.words.endswith(signs)

    def _sign(self, figure: StatedFigure) -> int | None:
        """1 for what is added, -1 for what is taken, None where the words tell neither or both."""
        said = figure.words
        added = any(sign in said for sign in self.phrases.signs["moved-in"])
        taken = any(sign in said for sign in self.phrases.signs["moved-out"])
        return None if added == taken else 1 if added else -1

    def _netted(self, figures: Sequence[StatedFigure]) -> Iterator[Calculation]:
        """Yield the change that several before it come to: 增减相抵，支出总额比上年净减少35.61万元."""
        for at, figure in enumerate(figures):
            begun = figures[at - 1].token.end if at else figure.sentence.start
            said = figure.sentence.paragraph.text[begun : figure.token.start]
            changes = [f for f in figures[:at] if f.direction is not None and f.depth == figure.depth]
            netting = any(sign in said for sign in self.phrases.signs["netting"])
            if not netting or figure.direction is None or len(changes) < _SEVERAL or len(changes) > _MOST:
                continue
            ways = [self._net(figure, some) for some in _choices(changes)]
            found = next((way for way in ways if way.holds), self._net(figure, changes))
            yield found

    def _net(self, figure: StatedFigure, changes: Sequence[StatedFigure]) -> Calculation:
        added = tuple(f for f in changes if f.direction == 1)
        taken = tuple(f for f in changes if f.direction == -1)
        return Calculation(figure, added, taken, sign=figure.direction or 0)


def _choices(changes: Sequence[StatedFigure]) -> Iterator[list[StatedFigure]]:
    """Yield all selections of at least two changes."""
    for chosen in product((True, False), repeat=len(changes)):
        some = [f for f, taken in zip(changes, chosen, strict=True) if taken]
        if len(some) >= _SEVERAL:
            yield some
