"""The calculations of a text: each figure that others beside it certainly come to, found by one law after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from converters.narrative.arithmetic.averages import find_averages, load_average_words
from converters.narrative.arithmetic.balances import BalanceLaws
from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.arithmetic.differences import DifferenceLaws
from converters.narrative.arithmetic.exclusive_names import load_exclusive_names
from converters.narrative.arithmetic.quotients import PercentLaws
from converters.narrative.arithmetic.shares_together import find_shares_together
from converters.narrative.arithmetic.stated_figures import StatedFigure, read_figures
from converters.narrative.arithmetic.totals_in_turn import find_changes_of_all_parts, find_totals_in_turn
from converters.narrative.paragraphs import Sentence
from ontology.narrative_words import Phrases
from ontology.vocabulary import Vocabulary

_FEWEST = 3


def find_calculations(sentences: Sequence[Sentence], phrases: Phrases, vocabulary: Vocabulary) -> Iterator[Calculation]:
    """Yield the calculations of the sentences of a text, at most one for each figure."""
    names, exclusive = load_average_words(vocabulary), load_exclusive_names(vocabulary)
    for _, paragraph in groupby(sentences, key=lambda sentence: id(sentence.paragraph)):
        figures = read_figures([*paragraph], phrases)
        if len(figures) < _FEWEST:
            continue
        told: set[StatedFigure] = set()
        for found in (
            *find_averages(figures, names, phrases),
            *PercentLaws(figures, phrases).find(),
            *find_shares_together(figures, phrases),
            *DifferenceLaws(figures, phrases).find(),
            *find_totals_in_turn(figures, phrases, exclusive),
            *find_changes_of_all_parts(figures, exclusive),
            *BalanceLaws(figures, phrases).find(),
        ):
            if found.result not in told:
                told.add(found.result)
                yield found
