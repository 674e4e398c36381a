"""What lists and calculations of the text are of, as statements; the subject of some figures could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from converters.cube.sums import Sum
from converters.narrative.arithmetic.calculations import Calculation
from converters.narrative.arithmetic.printed_sums import PrintedSum
from converters.narrative.arithmetic.stated_figures import read_figures
from converters.narrative.arithmetic.stated_totals import StatedTotal
from converters.narrative.named_entries import NamedEntries
from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.coordinate_assignment import Assigned
from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    CHANGES,
    QUANTITY,
    SHARE,
    DraftStatement,
)
from converters.narrative.tokens import FIGURES, MONEY, PERCENT, UNCHANGED, Token
from ontology.narrative_words import Phrases


class ListTotals:
    """The totals of printed lists, and calculated figures, as statements.

    A figure of which nothing tells what it is of becomes a statement (`added`) that is compared with nothing.
    """

    def __init__(self, drafts: Sequence[DraftStatement], entries: NamedEntries, phrases: Phrases) -> None:
        self._known = {(id(d.sentence.paragraph), d.token.start): d for d in drafts}
        self._entries, self._phrases = entries, phrases
        self.added: list[DraftStatement] = []
        self.totals: list[StatedTotal] = []

    def add(self, found: Iterable[PrintedSum]) -> None:
        """Add the totals of printed lists; where figures are read as different things, their sum is a calculation."""
        for each in found:
            figures = [(each.origin, each.whole, each.name), *((each.sentence, t, name) for t, name in each.parts)]
            known = [d for sentence, token, _ in figures if (d := self._draft_of(sentence, token)) is not None]
            measures = {d.measure for d in known} or {AMOUNT if each.whole.sort == MONEY else QUANTITY}
            if len(measures) == 1:
                whole, *parts = (self._make(*figure, measure=min(measures), beside=known) for figure in figures)
                self.totals.append(StatedTotal(whole, tuple(parts)))
            elif (sum_of := _calculated(each, self._phrases)) is not None:
                self.add_calculations([sum_of])

    def add_calculations(self, found: Iterable[Calculation]) -> None:
        """Give each calculated figure its calculation; one that other statements tell already gets none.

        The rules for changes and shares hold a statement that is tied to its amount and to its base.
        """
        for each in found:
            figure = each.result
            known = self._draft_of(figure.sentence, figure.token)
            if known is None or not self._is_held(known):
                measure = _measure_of(each)
                name = _name_of(each, measure)
                draft = self._make(figure.sentence, figure.token, name, measure, ())
                if known is None:
                    draft.direction = {1: "increase", -1: "decrease"}.get(each.sign)
                draft.calculation = each

    def _is_held(self, draft: DraftStatement) -> bool:
        """Whether a change or share is tied to all that it follows from."""
        if draft.measure == SHARE:
            return draft.subject is not None and draft.reference is not None
        if draft.measure not in CHANGES:
            return False
        changes = [d for d in self._known.values() if d.measure == CHANGE and d.subject is draft.subject]
        with_change = draft.measure == CHANGE_RATE and draft.subject is not None and bool(changes)
        of_base = draft.base is not None and (draft.subject is not None or draft.again is not None)
        return with_change or of_base or draft.rate_of is not None

    def _draft_of(self, sentence: Sentence, token: Token) -> DraftStatement | None:
        return self._known.get((id(sentence.paragraph), token.start))

    def _make(
        self, sentence: Sentence, token: Token, name: str, measure: str, beside: Sequence[DraftStatement]
    ) -> DraftStatement:
        known = self._draft_of(sentence, token)
        if known is not None:
            known.label = known.label if known.compared else name or known.label
            return known
        starts = [t.start for t in sentence.tokens if t.sort in FIGURES or t.sort == UNCHANGED]
        number = starts.index(token.start) + 1
        heading = beside[0].heading if beside else ""
        line = self._entries.mint_line(name, sentence.number, number)
        draft = DraftStatement(sentence, number, token, measure, name, heading, {"line": line}, compared=False)
        self._known[id(sentence.paragraph), token.start] = draft
        self.added.append(draft)
        return draft


def _calculated(found: PrintedSum, phrases: Phrases) -> Calculation | None:
    """Return the sum of a list in one sentence as a calculation of its whole."""
    figures = {f.token.start: f for f in read_figures([found.sentence], phrases)}
    whole = figures.get(found.whole.start)
    parts = tuple(figures[token.start] for token, _ in found.parts if token.start in figures)
    alike = found.origin is found.sentence and whole is not None and len(parts) == len(found.parts)
    return Calculation(whole, parts) if alike and whole is not None else None


def _name_of(calculation: Calculation, measure: str) -> str:
    """The words that name a calculated figure: its own, of a share its part, of a change what stands before it."""
    figure = calculation.result
    if measure in (AMOUNT, QUANTITY):
        return figure.words
    if measure == SHARE:
        return calculation.added[0].words
    first = min(calculation.operands, key=lambda operand: operand.number)
    return first.words if first.number < figure.number else ""


def _measure_of(calculation: Calculation) -> str:
    """What a calculated figure measures if no statement tells of it."""
    figure = calculation.result
    if figure.token.sort == PERCENT:
        return CHANGE_RATE if figure.direction is not None else SHARE
    if calculation.sign:
        return CHANGE
    return AMOUNT if figure.token.sort == MONEY else QUANTITY


def list_sums(totals: Sequence[StatedTotal], assigned: Assigned, known: Sequence[Sum]) -> Iterator[Sum]:
    """Yield the sums of printed lists that are not `known`, nor part of one that is known with more parts."""
    stated = {(each.total, frozenset(each.parts)) for each in known}
    for each in totals:
        figures = [assigned.get(draft, ()) for draft in (each.total, *each.parts)]
        if any(len(observations) != 1 for observations in figures):
            continue
        total, *parts = (observations[0] for observations in figures)
        told = frozenset(parts)
        if not any(known_total == total and told <= known_parts for known_total, known_parts in stated):
            stated.add((total, told))
            yield Sum(total, tuple(parts), ("line",), "/sum-listed")
