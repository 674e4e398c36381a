"""Clauses to draft statements; figures without a role to issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from converters.narrative.clause_patterns import Match
from converters.narrative.clause_state import ClauseState, comparison_of, printed_words, printed_year
from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.counts import ESTABLISHMENT, QUOTA, fits_unit, is_of_all, kind_before, names_posts
from converters.narrative.statements.draft_statements import AMOUNT, CHANGE, CHANGES, QUANTITY, SHARE, DraftStatement
from converters.narrative.statements.figure_roles import (
    COMPLETION,
    FigureRole,
    find_roles,
    follows_comparison,
    names_nothing,
    names_other,
    names_total,
    tie_to_wholes,
)
from converters.narrative.statements.statement_log import StatementLog
from converters.narrative.subject_coordinates import NAMING, RESTATING, SubjectMeaning, merge, of_money
from converters.narrative.tokens import FIGURES, FINAL, MONEY, UNCHANGED, UNKNOWN, Token
from ontology.narrative_words import NOUN

_COUNTED = frozenset({"line", "scope", "organisation", "year", "phase"})
_DIRECTIONS = {"increase": "increase", "decrease": "decrease", UNCHANGED: "level"}


class StatementBuilder(StatementLog):
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
            if role.measure is None:
                state.counted_label = printed_words(clause, state) or state.counted_label
                self.report([role.figure], clause, state)
            elif role.measure == AMOUNT and not role.subject and self._add_bracketed_base(role.figure, state):
                continue
            elif role.measure == AMOUNT and any(t.sort == "compared" and t.end <= role.figure.start for t in clause):
                self._add_aside(role, clause, state)
                if names_other(clause):
                    self.refer_to(None)
            elif role.measure == AMOUNT or (role.subject and (role.measure != SHARE or role.named)):
                self.add_unknown(role, clause, state)
            else:
                self._derive(role, None, state, clause)

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
        """Return the amount that the subject of a comparison names, the latest one if it has none."""
        return self._referent(words, state) if words else self.focus

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

    def _add_count(
        self, token: Token, words: Sequence[Token], state: ClauseState, clause: Sequence[Token], some: bool = False
    ) -> None:
        """Add a number of things; if words behind it say what they do, there may be more of them."""
        reading = self.read(words, state, counted=True)
        whole = self.enumerations.top.whole
        coordinates = {d: c for d, c in reading.coordinates.items() if d in _COUNTED}
        kind = kind_before(token, reading.measure, coordinates, self.drafts, self.hierarchy)
        again = whole is not None and whole.counts and is_of_all(coordinates, whole, self.hierarchy)
        listed = whole is not None and whole.counts and whole.token.unit == token.unit and not again
        measure = whole.measure if whole is not None and listed else reading.measure
        fits = measure is not None and fits_unit(measure, token.unit, self.lexicon.vocabulary.base_units)
        if measure is None or not fits or reading.unclear is not None or state.obscure:
            self.report([token], clause, state)
            return
        if kind is not None:
            coordinates |= self._filled(kind)
        elif again and whole is not None and measure != whole.measure:
            self.enumerations.close_list()
        nouns = [t for t in words if t.sort == NOUN]
        state.counted = {d: c for d, c in reading.coordinates.items() if d != "line"}
        state.counted_label = printed_words(words, state)
        label = printed_words(nouns, state)
        draft = self.add_statement(token, measure, replace(reading, coordinates=coordinates), label, state)
        scoped = "scope" in draft.coordinates(self.hierarchy)
        draft.compared = draft.compared and (scoped if measure in (QUANTITY, QUOTA) else not some)
        if kind is not None:
            draft.filling, draft.compared = True, draft.compared and kind.measure != measure

    def _filled(self, kind: DraftStatement) -> dict[str, str]:
        """Return the line of posts that people fill; their list, of posts and people in turn, does not add up."""
        if names_posts(kind.label, self.lexicon.words):
            kind.measure = ESTABLISHMENT
        self.enumerations.break_off()
        return {"line": kind.coordinates(self.hierarchy)["line"]}

    def add_statement(
        self, token: Token, measure: str, reading: SubjectMeaning, label: str, state: ClauseState
    ) -> DraftStatement:
        """Add a statement of an amount or a number of things.

        The label of a statement that continues the subject of the one before begins with the label of that.
        """
        own = self._own(reading, token, state) if measure == AMOUNT else reading.coordinates
        before = self.current
        continued = own.keys() - reading.coordinates.keys() - self.topic_of(state).keys()
        if before is not None and not state.joined and continued:
            year = printed_year(token, reading.coordinates, self.lexicon.year, state)
            label = f"{before.label.partition(' ')[0]} {year}{label}".strip()
        draft = self.new_draft(token, measure, label, state)
        draft.own, draft.both, draft.grand = own, reading.both, reading.grand
        draft.context = self.context_of(state) if measure == AMOUNT else {}
        draft.as_of, draft.purpose = state.as_of, self.purpose
        draft.compared = before is None or not continued or before.compared
        if before is not None and draft.compared and measure == AMOUNT and state.group is not None:
            draft.compared = not self._leaves_fund_open(before, draft)
        self.purpose = None
        if draft.compared:
            self.enumerations.add(draft)
        self.drafts.append(draft)
        self.refer_to(draft)
        state.group = state.group or draft
        return draft

    def _leaves_fund_open(self, before: DraftStatement, draft: DraftStatement) -> bool:
        """Whether a statement may be about the fund of the one before: 政府性基金收入0万元，本年支出0万元.

        A word for a total says that it is about all funds.
        """
        if self.enumerations.top.whole is not None or before.sentence is not draft.sentence:
            return False
        named, told = before.coordinates(self.hierarchy), draft.coordinates(self.hierarchy)
        if "fund" in told or "fund" not in named or told.keys() & set(NAMING):
            return False
        return not names_total(before, draft.token)

    def _own(self, reading: SubjectMeaning, token: Token, state: ClauseState) -> dict[str, str]:
        """The own coordinates of a statement, with those of its topic and those shared with the statement before.

        After an enumeration comma, in a list whose entries end with semicolons, it belongs to the same entry; a
        statement that names only another phase, year or flow has the subject of the statement before.
        """
        topic = self.topic_of(state) if self.enumerations.top.whole is None else of_money(self.topic_of(state))
        own, before = merge(topic, reading.coordinates, self.hierarchy), self.current
        if state.joined and state.group is not None and any(t.sort == "semicolon" for t in state.sentence.tokens):
            stated = before.own if before is not None and before.sentence is state.sentence else {}
            same_year = {"year": stated["year"]} if own.keys() == {"phase"} and "year" in stated else {}
            return {**state.group.own, **same_year, **own}
        if before is None or not self.goes_on(state):
            return own
        differs = any(before.own.get(d) != own[d] for d in ("phase", "year", "flow") if d in own)
        again = differs or (before.sentence is state.sentence and not names_total(before, token))
        if again and self.antecedents.is_carried_out(before, reading.coordinates):
            return {**before.own, **own, "phase": FINAL}
        return {**before.own, **own} if own and own.keys() <= RESTATING and differs else own

    def _is_nameless(self, reading: SubjectMeaning, words: Sequence[Token], state: ClauseState) -> bool:
        """Whether words do not name the subject of an amount, which must not be taken for the total then.

        They name only some of it (有关支出), things that stand for no coordinates (通用设备), or only a year or phase
        where the context settles no more than the flow.
        """
        named = not reading.coordinates.keys() <= RESTATING
        if self.is_some_of(words, state) or (not named and any(names_nothing(word) for word in words)):
            return True
        if named or self.goes_on(state):
            return False
        base = self.enumerations.coordinates()
        about = self.context_of(state) if base is None else base
        stated = {*reading.coordinates, *state.topic}
        told = reading.both or reading.grand or "flow" in stated or not about.keys() <= RESTATING
        return (bool(self.hidden) and not reading.both and not reading.grand) or not told

    def _add_derived(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add a share, change or rate of the latest statement, or of the one that its own subject names."""
        figure = next(t for t in reversed(clause) if t.sort in FIGURES or t.sort == UNCHANGED)
        directions = [_DIRECTIONS[t.sort] for t in clause if t.sort in _DIRECTIONS]
        measure = match.pattern.yields or SHARE
        direction = directions[-1] if directions and measure in CHANGES else None
        base = self._add_base(match, state)
        if figure.sort == UNCHANGED and figure.text.startswith(self.lexicon.phrases.signs["roughly"]):
            self._leave_open(state)
            return
        completion = bool(match.all(COMPLETION))
        role = FigureRole(figure, measure, direction, match.all("subject"), completion=completion)
        self._derive(role, base, state, clause)

    def _leave_open(self, state: ClauseState) -> None:
        """Read words that state no exact change (基本持平); a reason behind them explains no earlier sentence."""
        state.base = None
        self.changes = [change for change in self.changes if change.sentence is state.sentence]

    def _add_base(self, match: Match, state: ClauseState) -> DraftStatement | None:
        """Add the amount that a change is counted from, if the clause prints it."""
        money, current = match.all("money"), self._compared(match.all("subject"), state)
        if not match.all("base") or not money or current is None or current.measure != AMOUNT:
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

    def _restate(
        self, money: Token, own: Mapping[str, str], current: DraftStatement, state: ClauseState
    ) -> DraftStatement:
        """Add the amount of another year or phase that a statement is compared with."""
        draft = self.new_draft(money, AMOUNT, current.label, state)
        draft.own, draft.context, draft.whole = {**current.own, **own}, current.context, current.whole
        draft.compared = current.compared and "year" in own
        self.drafts.append(draft)
        return draft

    def _derive(
        self, role: FigureRole, base: DraftStatement | None, state: ClauseState, clause: Sequence[Token]
    ) -> None:
        subject, reference, base = self._subject_of(role, base, state)
        if state.obscure and subject is not None and subject.sentence is not state.sentence:
            subject = None
        if subject is None:
            self._derive_alone(role, clause, state)
            return
        draft = self.new_draft(role.figure, role.measure or SHARE, subject.label, state)
        draft.heading, draft.reference, draft.base = subject.heading, reference, base
        degree = role.measure == SHARE and self.is_degree(role, subject, state)
        draft.total = self.named_total(role.subject) if role.measure == SHARE and not degree else None
        if degree and reference is None:
            draft.budget_phases = self.antecedents.budget_phases(self.read(role.subject, state).coordinates)
        draft.direction, draft.compared = role.direction, subject.compared
        draft.comparison = self.comparison_with(subject, state) if role.measure in CHANGES else None
        if role.measure in CHANGES:
            draft.against = state.against
        if self.antecedents.is_compared_again(draft, subject):
            draft.like, draft.compared = subject, False
        elif subject.measure == AMOUNT or subject.counts:
            draft.subject = subject
        else:
            draft.like = subject
        self.drafts.append(draft)
        self._explain(draft, state)
        self.focus = subject
        if draft.direction is not None:
            if self.changes and self.changes[-1].owner is not draft.owner:
                self.changes = []
            self.changes.append(draft)

    def _subject_of(
        self, role: FigureRole, base: DraftStatement | None, state: ClauseState
    ) -> tuple[DraftStatement | None, DraftStatement | None, DraftStatement | None]:
        """Return what a share or change is about, the whole of a share, and the amount that a change is counted from.

        A change without a subject is that of the statement that was changed last, else of the latest one; beside an
        amount of an earlier year, it is that of the later year.
        """
        subject = self.focus if self.focus is None else self.focus.subject or self.focus
        if role.measure == SHARE and self.current is not None and self.is_degree(role, self.current, state):
            return *self.antecedents.carried_out(self.current, self.read(role.subject, state).coordinates), None
        if role.measure == SHARE:
            return self.current, self.shared_whole(role.subject, state), None
        if role.subject:
            return self._referent(role.subject, state), None, base
        restated = self.antecedents.restated_by(subject) if subject is not None else None
        if subject is not None and restated is not None:
            base, state.base = base or state.base, None
            return restated, None, base or self.antecedents.earlier_amount(restated, subject, state.against)
        before = self.changes[-1] if self.changes else None
        if base is None and before is not None and before.subject is subject and before.against == state.against:
            base = before.base
        base, state.base = base or state.base, None
        if base is None and subject is not None and state.against is not None:
            subject, base = self.antecedents.counted_from(subject, state.against)
        return subject, None, base

    def _derive_alone(self, role: FigureRole, clause: Sequence[Token], state: ClauseState) -> None:
        """Add a change of something whose amount the text does not state."""
        if role.figure.sort == UNCHANGED:
            return
        if role.figure.sort not in (MONEY, "percent"):
            self.report([role.figure], clause, state)
            return
        reading = self.read(role.subject, state)
        known = role.subject and role.measure in CHANGES and reading.unclear is None and not self.is_hidden(state)
        if not known or self._is_nameless(reading, role.subject, state):
            draft = self.add_unknown(role, clause, state)
        else:
            draft = self.new_draft(role.figure, role.measure or CHANGE, printed_words(role.subject, state), state)
            draft.own, draft.context = self._own(reading, role.figure, state), self.context_of(state)
            draft.direction, draft.compared = role.direction, False
            self.drafts.append(draft)
            self.focus = draft
        self.changes = []
        draft.comparison = state.compared if role.measure in CHANGES else None
        self._explain(draft, state)
        self.changes.append(draft)

    def end_sentence(self, sentence: Sentence) -> None:
        """Tie changes of list entries of a sentence to the wholes of their lists where they are those of the wholes."""
        tie_to_wholes([d for d in self.drafts if d.sentence is sentence and d.subject is not None])

    def _explain(self, draft: DraftStatement, state: ClauseState) -> None:
        """Make a change of a list one of the reasons of the change that the list explains."""
        whole = state.explained
        if whole is not None and draft.measure == CHANGE and draft.owner is not whole.owner:
            whole.reasons.append(draft)

    def _referent(self, words: Sequence[Token], state: ClauseState) -> DraftStatement | None:
        """Return the latest statement if these words name it, else the one that they refer to."""
        reading = self.read(words, state)
        if reading.unclear is not None or any(word.sort == UNKNOWN for word in words):
            return None
        if self.current is not None and self.antecedents.is_named(self.current, reading.coordinates):
            return self.named_again(self.current, reading, state)
        dated = bool(reading.coordinates) and reading.coordinates.keys() <= {"year", "phase"}
        if dated and self.current is not None and self.current.sentence is state.sentence:
            return self.antecedents.beside(self.current, reading.coordinates)
        return self.find(reading, state)
