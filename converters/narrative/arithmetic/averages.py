"""Amounts of each person, vehicle or piece beside the number and the amount of all: 9.16万元，4辆，平均每辆2.29万元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.arithmetic.stated_figures import DIGITS, StatedFigure
from converters.narrative.tokens import MONEY
from ontology.narrative_words import Phrases, bare
from ontology.vocabulary import Vocabulary

_SCHEME = "code/average"
_KEPT = 4
_MONTH = "code/unit/month"
_MONTHS = (1, 12)
_LONGEST_GAP = 2
"""How many figures may stand between two of the three."""


@dataclass(frozen=True)
class AverageWords:
    """The words for an amount of each of some things, and the units in which these are counted, by kind of things."""

    words: Mapping[str, tuple[str, ...]]
    units: Mapping[str, frozenset[str]]

    def units_of(self, words: str) -> frozenset[str]:
        """Return the units of what an amount is of each of; none if the words do not tell of each."""
        said = [key for key, labels in self.words.items() if any(label in words for label in labels)]
        return frozenset().union(*(self.units[key] for key in said)) if said else frozenset()


@lru_cache(maxsize=_KEPT)
def load_average_words(vocabulary: Vocabulary) -> AverageWords:
    """Return the words for averages of a vocabulary, computed once for each vocabulary."""
    concepts = [concept for concept in vocabulary.concepts.values() if concept.scheme == _SCHEME]
    units = {c.parent: frozenset(map(bare, c.labels)) for c in concepts if c.parent is not None}
    words = {c.key: tuple(map(bare, c.labels)) for c in concepts if c.key in units}
    return AverageWords(words, units)


def find_averages(figures: Sequence[StatedFigure], names: AverageWords, phrases: Phrases) -> Iterator[Calculation]:
    """Yield the averages of a paragraph whose amount and number it states.

    Where any amount and number of the paragraph make the average, it is theirs. Where none do, an average is theirs
    only if its sentence has one amount and one number that may be meant, or if the three stand side by side.
    """
    for figure in figures:
        said = _behind_limit(figure.words, phrases.signs["threshold"])
        units = names.units_of(said) if figure.token.sort == MONEY and not figure.approximate else frozenset()
        limit = any(sign in figure.words + figure.behind for sign in phrases.signs["limiting"])
        if not units or limit or figure.compared or figure.direction is not None:
            continue
        each = phrases.signs["each"]
        amounts = [f for f in figures if f.token.sort == MONEY and f.direction is None and not _is_of_each(f, each)]
        numbers = [f for f in figures if f.is_plain and _counted_in(f, units) and not _is_of_each(f, each)]
        others = [f for f in figures if f.sentence is figure.sentence and f is not figure and _is_of_each(f, each)]
        periods = _months(figure, figures, phrases)
        ways = [
            Calculation(figure, (amount,), shared=(number,), times=months)
            for amount, number in product(amounts, numbers)
            for months in {*periods, *_MONTHS}
            if number.value
        ]
        found = next((way for way in ways if way.holds), None)
        if found is None:
            found = _meant(figure, amounts, numbers, periods)
            if found is not None and others and found.added[0].number > figure.number:
                continue  # the amount may be what several come to
        if found is not None and found.possible:
            yield found


def _behind_limit(words: str, limits: Sequence[str]) -> str:
    """Return the words behind a limit, which an average in them is that of: 单价50万元以上通用设备."""
    return words[max((words.rfind(limit) + len(limit) for limit in limits if limit in words), default=0) :]


def _is_of_each(figure: StatedFigure, each: Sequence[str]) -> bool:
    """Whether a figure is that of each of some things: 每期50人, 批均0.11万元."""
    return any(sign in figure.words for sign in each)


def _counted_in(figure: StatedFigure, units: frozenset[str]) -> bool:
    return figure.token.text.lstrip(DIGITS) in units


def _months(figure: StatedFigure, figures: Sequence[StatedFigure], phrases: Phrases) -> tuple[int, ...]:
    """Return for how many months an amount of each month is paid; none if that is not told, one if it is of none."""
    if any(sign in figure.words for sign in phrases.signs["each-time"]):
        return ()
    if not any(sign in figure.words for sign in phrases.signs["each-month"]):
        return (1,)
    beside = [f for f in figures if f.sentence is figure.sentence]
    told = [int(f.value) for f in beside if f.token.unit == _MONTH and f.value]
    yearly = any(sign in f.words for f in beside for sign in phrases.signs["all-year"])
    return tuple(told) or ((_MONTHS[-1],) if yearly else ())


def _meant(
    figure: StatedFigure, amounts: Sequence[StatedFigure], numbers: Sequence[StatedFigure], periods: Sequence[int]
) -> Calculation | None:
    """Return the calculation that words certainly mean."""
    beside = [f for f in numbers if f.sentence is figure.sentence and not f.approximate]
    stated = [f for f in amounts if f.sentence is figure.sentence and f.is_plain and not f.approximate]
    if not stated:
        before = [f for f in amounts if f.is_plain and f.number < figure.number and _shares_name(f, figure)]
        stated = before[-1:]
    if len(periods) != 1:
        return None
    if len(stated) > 1 or len(beside) > 1:
        stated = [f for f in stated if abs(f.number - figure.number) <= _LONGEST_GAP][-1:]
        beside = [f for f in beside if abs(f.number - figure.number) <= _LONGEST_GAP][-1:]
        three = sorted(f.number for f in (*stated, *beside, figure))
        if three != [*range(three[0], three[0] + 3)] or len({f.group for f in (*stated, *beside, figure)}) > 1:
            return None
    if len(stated) != 1 or len(beside) != 1 or not beside[0].value:
        return None
    return Calculation(figure, (stated[0],), shared=(beside[0],), times=periods[0])


def _shares_name(amount: StatedFigure, average: StatedFigure) -> bool:
    """Whether an amount is named by the last words of an average: 公务用车运行维护费, 车均运行维护费."""
    size = 3
    return any(average.words[at : at + size] in amount.words for at in range(2, len(average.words) - size + 1))
