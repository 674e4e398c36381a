"""The amounts that changes are counted from, and what the words of a comparison refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from converters.narrative.clause_patterns import Match
from converters.narrative.clause_state import ClauseState, printed_words
from converters.narrative.statements.amount_statements import AmountStatements
from converters.narrative.statements.draft_statements import AMOUNT, DraftStatement
from converters.narrative.statements.figure_roles import FigureRole, follows_comparison, names_other
from converters.narrative.subject_coordinates import of_money
from converters.narrative.tokens import FIGURES, FINAL, UNKNOWN, Token
from ontology.narrative_words import FILLER


class ComparisonBases(AmountStatements):
    """Builds statements of the amounts that other amounts are compared with."""

    def _add_compared_amount(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add the amount that the next clauses count a change from: 较2023年预算数900万元，增加100万元.

        Where it is not known what is compared, as in 收入预算与上年900万元相比，增加100万元, the change is of no amount
        before it.
        """
        money, base, words = match.all("money")[0], match.all("base"), match.all("subject")
        current = self._compared(words, state)
        if current is None or current.measure != AMOUNT or current.sentence.paragraph is not state.sentence.paragraph:
            self._add_aside(FigureRole(money, AMOUNT, None, (*words, *base)), clause, state)
            if words:
                self.refer_to(None)
            return
        self.focus = current
        state.base = self._state_base(money, base, current, state)

    def _compared(self, words: Sequence[Token], state: ClauseState) -> DraftStatement | None:
        """Return the amount that the subject of a comparison names, the latest one if it has none.

        Where the subject of the sentence is not known, that is none before it.
        """
        if words:
            return self._referent(words, state)
        is_stale = self.focus is not None and self.focus.sentence is not state.sentence
        return None if state.obscure and is_stale else self.focus

    def _add_bracketed_base(self, money: Token, state: ClauseState) -> bool:
        """Add an amount alone in brackets after a comparison, as in 较上年（250万元）增加, if that is what it is."""
        current, compared = self.focus, state.compared
        if not self.enumerations.top.bracket or compared is None or current is None or current.measure != AMOUNT:
            return False
        if compared.year is None or not follows_comparison(money, state.sentence.tokens):
            return False
        own = {"year": str(compared.year)} | ({"phase": compared.phase} if compared.phase else {})
        state.base = self._restate(money, own, current, state)
        return True

    def _add_base(self, match: Match, state: ClauseState) -> DraftStatement | None:
        """Add the amount that a change is counted from, if the clause prints it.

        Without words for the time (较年初35万元减少15万元), it is one of the amount right before it.
        """
        money, current = match.all("money"), self._compared(match.all("subject"), state)
        if not match.all("compared") or not money or current is None or current.measure != AMOUNT:
            return None
        if not match.all("base") and any(t.sort in FIGURES for t in current.tokens_until(money[0])):
            self._add_aside(FigureRole(money[0], AMOUNT, None, ()), money, state)
            return None
        return self._state_base(money[0], match.all("base"), current, state)

    def _state_base(
        self, money: Token, words: Sequence[Token], current: DraftStatement, state: ClauseState
    ) -> DraftStatement | None:
        """Add the amount that a statement is compared with; None if its words name something else."""
        reading = self.read(words, state)
        if reading.unclear is None and self.antecedents.is_named(current, of_money(reading.coordinates)):
            own = {d: c for d, c in reading.coordinates.items() if d in ("year", "phase")}
            return self._restate(money, own, current, state)
        self._add_aside(FigureRole(money, AMOUNT, None, tuple(words)), words, state)
        return None

    def _add_aside(self, role: FigureRole, clause: Sequence[Token], state: ClauseState) -> None:
        """Add an amount that a statement is compared with, but not understood; changes are never of this amount."""
        before, last = (self.current, self.focus, self.changes), self.enumerations.top.last
        self.add_unknown(role, clause, state)
        self.refer_to(None)
        if not names_other(clause):
            self.enumerations.top.last = last
        if before[0] is not None and before[0].sentence.paragraph is state.sentence.paragraph:
            self.current, self.focus, self.changes = before

    def _add_adjustment(self, role: FigureRole, clause: Sequence[Token], state: ClauseState) -> None:
        """Add what was added to a budget or taken from it; later words refer to the amount before it."""
        before, last = (self.current, self.focus, self.changes), self.enumerations.top.last
        self.add_unknown(role, clause, state)
        self.enumerations.top.last = last
        self.current, self.focus, self.changes = before

    def _restate(
        self, money: Token, own: Mapping[str, str], current: DraftStatement, state: ClauseState
    ) -> DraftStatement:
        """Add the amount of another year or phase that a statement is compared with.

        In final accounts, another phase without a year is the budget of the same year: 完成年初预算204万元的93%.
        """
        draft = self.new_draft(money, AMOUNT, current.label, state)
        draft.own, draft.context, draft.whole = {**current.own, **own}, current.context, current.whole
        draft.both, draft.grand = current.both and "flow" not in own, current.grand
        carried_out = self.lexicon.phase == FINAL and own.get("phase", FINAL) != FINAL
        draft.compared = current.compared and ("year" in own or carried_out)
        self.drafts.append(draft)
        return draft

    def _referent(self, words: Sequence[Token], state: ClauseState) -> DraftStatement | None:
        """Return the latest statement if these words name it, else the one that they refer to."""
        reading = self.read(words, state)
        if reading.unclear is not None or any(word.sort == UNKNOWN for word in words):
            return None
        if again := self._called(printed_words(words, state), reading.coordinates, state):
            return again
        near = self.current is not None and (self.current.compared or self.goes_on(state))
        near = near and not (reading.both and self.current is not None and self.antecedents.is_left_over(self.current))
        if near and self.current is not None and self.antecedents.is_named(self.current, reading.coordinates):
            return self.named_again(self.current, words, reading, state)
        dated = bool(reading.coordinates) and reading.coordinates.keys() <= {"year", "phase"}
        if dated and self.current is not None and self.current.sentence is state.sentence:
            return self.antecedents.beside(self.current, reading.coordinates)
        return self.find(reading, state)

    def _called(self, name: str, words: Mapping[str, str], state: ClauseState) -> DraftStatement | None:
        """Return the latest amount of the sentence that was stated under this name, apart from fillers before it.

        If the words name a year or a phase, the amount is of that year or phase; else it is none that others are
        counted from: 与2022年90万元相比，收支总计增加10万元.
        In 本部门预算收入9万元，其中基金收入0万元，本部门预算收入增加1万元, it is the first amount.
        """
        told = [*takewhile(lambda draft: draft.sentence is state.sentence, reversed(self.drafts))]
        times = {d: c for d, c in words.items() if d in ("year", "phase")}
        bases = [] if times else [state.base, *(d.base for d in told)]
        for draft in (d for d in told if d.measure == AMOUNT and d.owner is d and d not in bases):
            placed = draft.coordinates(self.hierarchy)
            if any(placed.get(d, c) != c for d, c in times.items()):
                continue
            before = draft.label.rpartition(" ")[2].removesuffix(name)
            filler = self.lexicon.words.get(before)
            if name and draft.label.endswith(name) and (not before or (filler is not None and filler.sort == FILLER)):
                return draft
        return None
