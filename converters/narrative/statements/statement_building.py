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
from converters.narrative.statements.unplaced_subjects import EVALUATED, evaluated_project
from converters.narrative.subject_coordinates import SubjectMeaning, merge
from converters.narrative.tokens import COUNT, PERCENT, PERFORMANCE, PROJECT, UNKNOWN, YEAR, Token
from ontology.narrative_words import NOUN, bare

_EXPENDITURE = "code/flow/expenditure"
_ACCOUNTS = frozenset({"project", "line"})
_PROJECTS, _AMOUNT = "projects", "amount"


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
            money = match.all("money")[0]
            if match.all("involves") and self._is_evaluated(money, words, state):
                self._add_of_some_projects(money, words, EVALUATED, state)
                return
            if match.all("involves") and state.goals and not state.all:
                self._add_of_some_projects(money, words, PERFORMANCE, state)
                return
            if match.all("involves"):
                reading = replace(reading, coordinates=merge(state.counted, reading.coordinates, self.hierarchy))
            role = FigureRole(money, AMOUNT, None, words)
            known = reading.unclear is None and not self.is_hidden(state)
            other = known and evaluated_project(role, reading, state.sentence, self.lexicon.phrases.signs)
            if not known or other or self._is_nameless(reading, words, state):
                self.add_unknown(role, clause, state)
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
            elif role.measure == AMOUNT and self._add_alone(role, state):
                continue
            elif role.measure == AMOUNT and any(t.sort == "compared" and t.end <= role.figure.start for t in clause):
                self._add_aside(role, clause, state)
                if names_other(clause):
                    self.refer_to(None)
            elif role.measure == AMOUNT or (role.subject and (role.measure != SHARE or role.named)):
                self.add_unknown(role, clause, state)
            else:
                self._derive(role, None, state, clause)

    def counts_goals(self, clause: Sequence[Token], state: ClauseState) -> bool:
        """Whether a clause without unknown words counts performance goals, which the money behind it is about."""
        reading = self.read(clause, state)
        known = any(t.sort == COUNT for t in clause) and not any(t.sort == UNKNOWN for t in clause)
        state.goals = known and reading.unclear is None and reading.coordinates.get("scope") == PERFORMANCE
        return state.goals

    def _is_evaluated(self, figure: Token, words: Sequence[Token], state: ClauseState, counted: bool = False) -> bool:
        """Whether an amount is that of projects under evaluation: 对4个项目开展绩效自评，涉及资金90万元.

        Where its words do not say that it is involved, projects have to be `counted` right before it. Behind a number
        of anything else (发现问题3个，涉及资金9万元), and between other semicolons than the evaluation, it is not.
        """
        signs = self.lexicon.phrases.signs["evaluated"]
        before = state.sentence.text_since_semicolon(figure)
        group = bare(before + state.sentence.paragraph.text[figure.start : self._end_of_group(figure, state)])
        if not any(sign in group for sign in signs) or any(word.sort == UNKNOWN for word in words):
            return False
        projects = self._counts_projects(figure, state)
        return projects if projects is not None else not counted and any(sign in bare(before) for sign in signs)

    def _counts_projects(self, figure: Token, state: ClauseState) -> bool | None:
        """Whether the last number before an amount is one of projects; None if there is no number."""
        tokens = state.sentence.tokens
        counts = [at for at, t in enumerate(tokens) if t.sort == COUNT and t.end <= figure.start]
        beside = tokens[max(counts[-1] - 1, 0) : counts[-1] + 2] if counts else ()
        words = [t.word for t in beside if t.word is not None]
        named = any(word.sort == NOUN and word.name == _PROJECTS for word in words)
        outlay = any(m.get("kind") == PROJECT for word in words for m in word.meanings)
        return named or outlay if counts else None

    def _is_of_goals(self, figure: Token, state: ClauseState) -> bool:
        """Whether an amount without a name is that of counted projects with goals: 2个项目设定绩效目标，金额9万元."""
        before = [t for t in state.sentence.tokens if t.end <= figure.start]
        words = [t.word for t in before if t.word is not None]
        managed = any(m.get("scope") == PERFORMANCE for word in words for m in word.meanings)
        named = bool(before) and before[-1].word is not None and before[-1].word.name == _AMOUNT
        return named and managed and bool(self._counts_projects(figure, state))

    def _end_of_group(self, figure: Token, state: ClauseState) -> int:
        """Return the offset at which the clauses of a figure end with a semicolon or their sentence."""
        tokens = state.sentence.tokens
        ends = (t.start for t in tokens if t.sort == "semicolon" and t.start >= figure.end)
        return next(ends, tokens[-1].end)

    def _add_of_some_projects(self, figure: Token, words: Sequence[Token], scope: str, state: ClauseState) -> None:
        """Add the amount of projects that may be some of all, so that no table has it for certain."""
        years = [t.year for t in state.sentence.tokens if t.sort == YEAR and t.year and t.end <= figure.start]
        own = {d: c for d, c in self.read(words, state).coordinates.items() if d in ("fund", "vintage")}
        own |= {"scope": scope, "flow": _EXPENDITURE} | ({"year": str(years[-1])} if years else {})
        name = printed_words(words, state) or self.lexicon.vocabulary.concepts[scope].label("zh")
        draft = self.new_draft(figure, AMOUNT, name, state)
        draft.own, draft.as_of, draft.compared = own, state.as_of, False
        self.enumerations.spoil(draft)
        self.drafts.append(draft)
        self.refer_to(draft)
        state.group = state.group or draft

    def _change_before_bracket(self, figure: Token) -> DraftStatement | None:
        """Return the change that a percentage alone in brackets is the rate of: 增加20万元（25%）."""
        before = self.drafts[-1] if self.drafts and figure.sort == PERCENT else None
        if before is None or before.measure != CHANGE:
            return None
        return before if [t.sort for t in before.tokens_until(figure)] == ["open"] else None

    def _add_alone(self, role: FigureRole, state: ClauseState) -> bool:
        """Add an amount whose clause does not name it: of projects counted beside it, or without words of its own.

        The latter is one compared with, or that of a project: a paragraph in the account of a project that is an amount
        and nothing else tells that of the project.
        """
        if self._is_evaluated(role.figure, role.subject, state, counted=True):
            self._add_of_some_projects(role.figure, role.subject, EVALUATED, state)
            return True
        if role.subject:
            return False
        if self._is_of_goals(role.figure, state):
            self._add_of_some_projects(role.figure, (), PERFORMANCE, state)
            return True
        tokens = [t for t in state.sentence.paragraph.tokens if t.sort != "stop"]
        section = self.sections.current
        if len(tokens) == 1 and section.understood and not section.coordinates.keys().isdisjoint(_ACCOUNTS):
            self.add_statement(role.figure, AMOUNT, SubjectMeaning(), section.text, state)
            return True
        return self._add_bracketed_base(role.figure, state)


def _rate_of(change: DraftStatement, figure: Token) -> FigureRole:
    """The role of a rate without words of its own; a sign before it tells its direction: 减少20万元（-20%）."""
    if figure.amount is not None and figure.amount < 0:
        return FigureRole(replace(figure, amount=-figure.amount), CHANGE_RATE, "decrease", ())
    return FigureRole(figure, CHANGE_RATE, change.direction, ())
