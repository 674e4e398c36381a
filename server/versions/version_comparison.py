"""Changes of figures between two versions of a disclosure.

Figures are matched by what they state, not by their cell: an inserted row moves every row below it and changes none.
Figures are paired by table and coordinates first, and by cell only if no coordinates match.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shapes.graph_reader import natural_order

ALTERED, REWRITTEN, REREAD, ADDED, REMOVED = "altered", "rewritten", "reread", "added", "removed"
KINDS = (ALTERED, REMOVED, ADDED, REREAD, REWRITTEN)


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure of a version: its IRI, its place in the version (`t05/r4c3`), its printed text and its statement."""

    iri: str
    place: str
    coordinates: str
    printed: str
    amount: Decimal | None
    measure: str = ""
    table_number: str = ""
    row_code: str = ""
    row_label: str = ""
    column_label: str = ""
    page: str = ""

    @property
    def table(self) -> str:
        """The table or narrative of the figure: `t05`, `n`."""
        return self.place.split("/", 1)[0]

    @property
    def words(self) -> tuple[str, ...]:
        """The text in the cell and beside it."""
        return self.printed, self.row_code, self.row_label, self.column_label


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A difference: its kind (one of `KINDS`), and the figure before and after, None if added or removed."""

    kind: str
    before: ComparedFigure | None
    after: ComparedFigure | None

    @property
    def figure(self) -> ComparedFigure:
        """The newer figure, or the older one if it was removed."""
        figure = self.after or self.before
        assert figure is not None
        return figure

    @property
    def difference(self) -> Decimal | None:
        """The later amount minus the earlier, if both are numbers."""
        if self.before is None or self.after is None or None in (self.before.amount, self.after.amount):
            return None
        assert self.before.amount is not None
        assert self.after.amount is not None
        return self.after.amount - self.before.amount


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences in document order, and the number of figures that are the same in both versions.

    `moved` counts those of them that are in another cell.
    """

    changes: tuple[FigureChange, ...]
    same: int
    moved: int

    def count(self, kind: str) -> int:
        """Return the number of differences of a kind."""
        return sum(change.kind == kind for change in self.changes)


def compare_figures(before: Iterable[ComparedFigure], after: Iterable[ComparedFigure]) -> Comparison:
    """Return the differences between the figures of two versions."""
    old, new = _in_order(before), _in_order(after)
    pairs: list[tuple[ComparedFigure, ComparedFigure]] = []
    for key in (_claim_and_words, _claim_and_place, _claim, _place_and_print, _place_and_names):
        found, old, new = _pair(old, new, key)
        pairs += found
    changes = [FigureChange(kind, a, b) for a, b in pairs if (kind := _kind(a, b)) is not None]
    changes += [FigureChange(REMOVED, a, None) for a in old] + [FigureChange(ADDED, None, b) for b in new]
    unchanged = [(a, b) for a, b in pairs if _kind(a, b) is None]
    return Comparison(
        tuple(sorted(changes, key=lambda change: natural_order(change.figure.place))),
        same=len(unchanged),
        moved=sum(a.place != b.place for a, b in unchanged),
    )


def _kind(before: ComparedFigure, after: ComparedFigure) -> str | None:
    """Return how the figures of a pair differ; None if they do not."""
    if before.amount != after.amount:
        return ALTERED
    if before.coordinates != after.coordinates:
        return REREAD
    return REWRITTEN if before.words != after.words else None


def _claim_and_words(figure: ComparedFigure) -> Hashable:
    return figure.table, figure.coordinates, figure.amount, figure.words


def _claim_and_place(figure: ComparedFigure) -> Hashable:
    return figure.place, figure.coordinates


def _claim(figure: ComparedFigure) -> Hashable:
    return figure.table, figure.coordinates


def _place_and_print(figure: ComparedFigure) -> Hashable:
    return figure.place, figure.printed


def _place_and_names(figure: ComparedFigure) -> Hashable:
    return figure.place, figure.row_label, figure.column_label


def _pair(
    old: Sequence[ComparedFigure], new: Sequence[ComparedFigure], key: Callable[[ComparedFigure], Hashable]
) -> tuple[list[tuple[ComparedFigure, ComparedFigure]], list[ComparedFigure], list[ComparedFigure]]:
    """Return pairs of figures with equal keys, in order, and the unpaired figures of both versions."""
    waiting: dict[Hashable, list[ComparedFigure]] = defaultdict(list)
    for figure in reversed(new):
        waiting[key(figure)].append(figure)
    pairs, left = [], []
    for figure in old:
        partners = waiting.get(key(figure))
        if partners:
            pairs.append((figure, partners.pop()))
        else:
            left.append(figure)
    taken = {after.iri for _, after in pairs}
    return pairs, left, [figure for figure in new if figure.iri not in taken]


def _in_order(figures: Iterable[ComparedFigure]) -> list[ComparedFigure]:
    return sorted(figures, key=lambda figure: natural_order(figure.place))
