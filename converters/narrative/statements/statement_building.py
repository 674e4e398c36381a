"""Clauses to draft statements; figures without a role to issues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from converters.narrative.clause_patterns import Match
from converters.narrative.clause_state import ClauseState, comparison_of, printed_words
from converters.narrative.statements.derived_statements import DerivedStatements
from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    SHARE,
    UNIT_PRICE,
    DraftStatement,
)
from converters.narrative.statements.figure_roles import FigureRole, find_roles, names_other
from converters.narrative.subject_coordinates import SubjectMeaning, merge
from converters.narrative.tokens import PERCENT, Token

_ACCOUNTS = frozenset({"project", "line"})


class StatementBuilder(DerivedStatements):
    """Builds statements from clauses: amounts and counts, and the shares and changes of other statements."""

    def add_clause(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add the statements of a clause that matches a pattern with figures."""
        pattern = match.pattern
        counted = match.all("counted")
        for count, noun in zip(counted[::2], counted[1::2], strict=True):
            self._add_count(count, [noun], state, clause, some=bool(match.all("subject")))
        if pattern.name == "things":
            self._add_count(match.all("count")[0], match.all("subject", "noun"), state, clause)
        elif match.all("base") and pattern.yields == AMOUNT:
            self._add_compared_amount(match, clause, state)
        elif pattern.yields == AMOUNT:
            words = match.all("subject")
            reading = self.read(words, state) if words else SubjectMeaning(state.counted)
            if match.all("involves"):
                reading = replace(reading, coordinates=merge(state.counted, reading.coordinates, self.hierarchy))
            if reading.unclear is not None or self.is_hidden(state) or self._is_nameless(reading, words, state):
                money = match.all("money")[0]
                self.add_unknown(FigureRole(money, AMOUNT, None, words), clause, state)
            else:
                named = [tokens for slot, tokens in match.filled if slot == "subject"]
                label = printed_words(named[-1] if named else match.all("involves"), state)
                label = label if named else state.counted_label or label
                self.add_statement(match.all("money")[0], AMOUNT, reading, label, state)
        elif pattern.yields is not None:
            self._add_derived(match, clause, state)

    def add_unmatched(self, clause: Sequence[Token], state: ClauseState) -> None:
        """Add the figures of a clause that matches no pattern, as far as keywords tell what they measure."""
        state.compared = comparison_of(clause, self.lexicon) or state.compared
        for role in find_roles(clause):
            if len(clause) == 1 and (change := self._change_before_bracket(role.figure)) is not None:
                self._derive(_rate_of(change, role.figure), None, state, clause)
            elif role.measure is None:
                state.counted_label = printed_words(clause, state) or state.counted_label
                self.report([role.figure], clause, state)
            elif role.measure == UNIT_PRICE:
                self.add_average(role, state)
            elif role.adjusting:
                self._add_adjustment(role, clause, state)
            elif role.measure == AMOUNT and not role.subject and self._add_alone(role.figure, state):
                continue
            elif role.measure == AMOUNT and any(t.sort == "compared" and t.end <= role.figure.start for t in clause):
                self._add_aside(role, clause, state)
                if names_other(clause):
                    self.refer_to(None)
            elif role.measure == AMOUNT or (role.subject and (role.measure != SHARE or role.named)):
                self.add_unknown(role, clause, state)
            else:
                self._derive(role, None, state, clause)

    def _change_before_bracket(self, figure: Token) -> DraftStatement | None:
        """Return the change that a percentage alone in brackets is the rate of: 增加20万元（25%）."""
        before = self.drafts[-1] if self.drafts and figure.sort == PERCENT else None
        if before is None or before.measure != CHANGE:
            return None
        return before if [t.sort for t in before.tokens_until(figure)] == ["open"] else None

    def _add_alone(self, figure: Token, state: ClauseState) -> bool:
        """Add an amount without words of its own, if it is one compared with, or that of a project.

        A paragraph in the account of a project that is an amount and nothing else tells that of the project.
        """
        tokens = [t for t in state.sentence.paragraph.tokens if t.sort != "stop"]
        section = self.sections.current
        if len(tokens) == 1 and section.understood and not section.coordinates.keys().isdisjoint(_ACCOUNTS):
            self.add_statement(figure, AMOUNT, SubjectMeaning(), section.text, state)
            return True
        return self._add_bracketed_base(figure, state)


def _rate_of(change: DraftStatement, figure: Token) -> FigureRole:
    """The role of a rate without words of its own; a sign before it tells its direction: 减少20万元（-20%）."""
    if figure.amount is not None and figure.amount < 0:
        return FigureRole(replace(figure, amount=-figure.amount), CHANGE_RATE, "decrease", ())
    return FigureRole(figure, CHANGE_RATE, change.direction, ())
