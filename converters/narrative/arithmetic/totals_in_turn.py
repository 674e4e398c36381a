"""Totals right behind the figures that they are of: 分别安排5万元、2万元，共7万元; 上半年…，下半年…，全年…."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.arithmetic.exclusive_names import ExclusiveNames
from converters.narrative.arithmetic.stated_figures import StatedFigure, tokens_between
from converters.narrative.tokens import COUNT, MONEY, Token
from ontology.narrative_words import Phrases, bare

_DIVIDING = frozenset({"because", "of-which"})
_SEVERAL = 2


def find_totals_in_turn(
    figures: Sequence[StatedFigure], phrases: Phrases, names: ExclusiveNames
) -> Iterator[Calculation]:
    """Yield the totals of a paragraph behind a word such as 分别, and of all parts of a year."""
    for at, total in enumerate(figures):
        if not total.is_plain or total.approximate:
            continue
        before = [f for f in figures[:at] if _can_add(f, total)]
        if total.words in phrases.signs["added-up"]:
            parts = _in_turn(before, phrases)
        elif total.words in phrases.signs["all-year"]:
            parts = next((before[-n:] for n in (2, 4) if names.are_all([f.words for f in before[-n:]])), [])
        else:
            continue
        if len(parts) >= _SEVERAL and not any(f.approximate for f in parts):
            yield Calculation(total, tuple(parts))


def _can_add(figure: StatedFigure, total: StatedFigure) -> bool:
    alike = figure.unit == total.unit and figure.sentence is total.sentence and figure.depth == total.depth
    return alike and figure.token.sort in (MONEY, COUNT)


def _in_turn(figures: Sequence[StatedFigure], phrases: Phrases) -> list[StatedFigure]:
    """The last figures that stand side by side without words, with the one before them behind 分别."""
    joined = (*phrases.signs["conjunction"], "")
    listed = [*takewhile(lambda f: f.words in joined, reversed(figures))][::-1]
    first = figures[len(figures) - len(listed) - 1] if len(listed) < len(figures) else None
    told = first is not None and any(sign in first.words for sign in phrases.signs["in-turn"])
    return [first, *listed] if told and first is not None and listed else []


def find_changes_of_all_parts(figures: Sequence[StatedFigure], names: ExclusiveNames) -> Iterator[Calculation]:
    """Yield the changes that a reason or a list divides among all parts: 减5万元，其中基本支出减9万元，项目支出增4万元.

    These are kinds of expenditure that leave nothing out, so that the main reasons are all there are. They may be told
    apart by semicolons: 增5万元，主要原因：一是基本支出增4万元；二是项目支出增1万元.
    """
    for at, whole in enumerate(figures):
        if whole.direction is None or whole.token.sort != MONEY or whole.approximate:
            continue
        behind = [f for f in figures[at + 1 :] if f.sentence is whole.sentence and f.depth == whole.depth]
        begun = bool(behind) and any(t.sort in _DIVIDING for t in _until(whole, behind))
        near = [f for f in behind if f.group == whole.group]
        parts = next((p for some in (near, behind) if (p := _changes_of_all(some, names))), []) if begun else []
        if parts:
            added = tuple(f for f in parts if f.direction == 1)
            taken = tuple(f for f in parts if f.direction == -1)
            yield Calculation(whole, added, taken, sign=whole.direction)


def _changes_of_all(figures: Sequence[StatedFigure], names: ExclusiveNames) -> list[StatedFigure]:
    """The amounts among figures if they are changes of all parts of something; none if they are not."""
    parts = [f for f in figures if f.token.sort == MONEY]
    told = not any(f.direction is None or f.approximate or f.compared for f in parts)
    return parts if told and names.are_all([_name_of(f) for f in parts]) else []


def _name_of(figure: StatedFigure) -> str:
    """The words before a figure, without a word such as 其中 that opens a list."""
    opened = [t.text for t in figure.tokens if t.sort == "of-which"]
    return figure.words.rpartition(bare(opened[-1]))[2] if opened else figure.words


def _until(whole: StatedFigure, reasons: Sequence[StatedFigure]) -> list[Token]:
    """The tokens between a change and the first amount of its reasons; a rate may stand between."""
    first = next((f for f in reasons if f.token.sort == MONEY), reasons[0])
    return tokens_between(whole, first)
