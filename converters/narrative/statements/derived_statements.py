"""Shares, changes and rates of other statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from converters.narrative.arithmetic.printed_bases import settle_printed_bases
from converters.narrative.clause_patterns import Match
from converters.narrative.clause_state import ClauseState, printed_words
from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.changes_of_wholes import names_whole, settle_changes_of_wholes
from converters.narrative.statements.comparison_bases import ComparisonBases
from converters.narrative.statements.draft_statements import AMOUNT, CHANGE, CHANGES, SHARE, DraftStatement
from converters.narrative.statements.figure_roles import COMPLETION, FigureRole
from converters.narrative.statements.implied_subjects import settle_implied_subjects, tie_to_wholes
from converters.narrative.statements.share_bases import is_of_other_money, settle_bases_of_shares
from converters.narrative.subject_coordinates import RESTATING, interpret_subject, of_money
from converters.narrative.tokens import FIGURES, MONEY, UNCHANGED, UNKNOWN, Token
from ontology.narrative_words import bare

_CLAUSE_ENDS = frozenset({"comma", "semicolon", "colon", "open", "stop"})
_DIRECTIONS = {"increase": "increase", "decrease": "decrease", UNCHANGED: "level"}


class DerivedStatements(ComparisonBases):
    """Builds the shares and changes of statements, and changes of amounts that the text does not state."""

    def _add_derived(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add a share, change or rate of the latest statement, or of the one that its own subject names."""
        figure = next(t for t in reversed(clause) if t.sort in FIGURES or t.sort == UNCHANGED)
        directions = [_DIRECTIONS[t.sort] for t in clause if t.sort in _DIRECTIONS]
        measure = match.pattern.yields or SHARE
        direction = directions[-1] if directions and measure in CHANGES else None
        if measure == SHARE and match.all("base"):
            self._add_share_of_amount(match, clause, state)
            return
        base = self._add_base(match, state)
        if figure.sort == UNCHANGED and figure.text.startswith(self.lexicon.phrases.signs["roughly"]):
            self._leave_open(state)
            return
        completion = bool(match.all(COMPLETION))
        role = FigureRole(figure, measure, direction, match.all("subject"), completion=completion)
        self._derive(role, base, state, clause)

    def _add_share_of_amount(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add a share with the amount that it is a share of: 完成年初预算204万元的93%, 占采购总额12万元的80%."""
        money, percent, words = match.all("money")[0], match.all("percent")[0], match.all("base")
        current, reading = self.current, self.read(words, state)
        if current is None or current.measure != AMOUNT or current.sentence is not state.sentence:
            self._add_aside(FigureRole(money, AMOUNT, None, words), words, state)
            self.report([percent], clause, state)
            return
        if reading.coordinates.keys() <= RESTATING:
            times = {d: c for d, c in reading.coordinates.items() if d in ("year", "phase")}
            whole = self._restate(money, times, current, state)
        else:
            whole = self.new_draft(money, AMOUNT, printed_words(words, state), state)
            whole.own, whole.context, whole.compared = reading.coordinates, self.context_of(state), False
            self.drafts.append(whole)
        share = self.new_draft(percent, SHARE, current.label, state)
        share.heading, share.subject, share.reference = current.heading, current, whole
        share.compared = current.compared
        self.drafts.append(share)

    def _leave_open(self, state: ClauseState) -> None:
        """Read words that state no exact change (基本持平); a reason behind them explains no earlier sentence."""
        state.base = None
        self.changes = [change for change in self.changes if change.sentence is state.sentence]

    def _derive(
        self, role: FigureRole, base: DraftStatement | None, state: ClauseState, clause: Sequence[Token]
    ) -> None:
        subject, reference, base = self._subject_of(role, base, state)
        if state.obscure and subject is not None and subject.sentence is not state.sentence:
            subject = None
        of_several = not role.subject and self._is_of_several(role.figure, state)
        if role.measure in CHANGES and (self._is_adjusted(role.figure, state) or of_several):
            self.add_unknown(replace(role, subject=()), clause, state)
            self.changes = []
            return
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
        draft.implied = role.measure in CHANGES and not role.subject
        if role.measure in CHANGES:
            draft.comparison, draft.against = self.comparison_with(subject, state), state.against
            draft.general, draft.context = self._whole_named(role, state), self.context_of(state)
        if self.antecedents.is_compared_again(draft, subject):
            draft.like, draft.compared = subject, False
            self._compare_again(draft, subject)
        elif subject.measure == AMOUNT or subject.counts:
            draft.subject = subject
        else:
            draft.like = subject
        self.drafts.append(draft)
        self._explain(draft, state)
        self.focus = subject
        self.current = subject if degree and subject.sentence is state.sentence else self.current
        if draft.direction is not None:
            if self.changes and self.changes[-1].owner is not draft.owner:
                self.changes = []
            self.changes.append(draft)

    def _is_adjusted(self, figure: Token, state: ClauseState) -> bool:
        """Whether a change is one of adjusted amounts that are not printed: 剔除一次性因素后，比上年增加5万元."""
        said = bare(state.sentence.text_since_semicolon(figure))
        return any(sign in said for sign in self.lexicon.phrases.signs["adjusted"])

    def _is_of_several(self, figure: Token, state: ClauseState) -> bool:
        """Whether a change is that of several amounts together: 甲项目预算9万元，决算8万元；乙…，比预算共减少2万元."""
        signs = self.lexicon.phrases.signs
        said = bare(self._words_before(figure, state))
        if not any(sign in said for sign in (*signs["all-told"], *signs["added-up"])) or self._summed_up(figure, state):
            return False
        near = takewhile(lambda d: d.sentence is state.sentence, reversed(self.drafts))
        told = [d for d in near if d.measure == AMOUNT and d.owner is d and d.whole is None]
        return len({frozenset(of_money(d.coordinates(self.hierarchy)).items()) for d in told}) > 1

    def _whole_named(self, role: FigureRole, state: ClauseState) -> dict[str, str] | None:
        """Return the coordinates of words that name a whole that a change is of: 总支出增加2万元, 合计增加2万元."""
        if not role.subject:
            said = bare(self._words_before(role.figure, state))
            overall = any(sign in said for sign in self.lexicon.phrases.signs["overall"])
            return {} if overall and self._summed_up(role.figure, state) is None else None
        told = interpret_subject(role.subject, {}, self.lexicon, self.hierarchy)
        known = told.unclear is None and not any(word.sort == UNKNOWN for word in role.subject)
        return dict(told.coordinates) if known and names_whole(told.coordinates, self.hierarchy) else None

    def _words_before(self, figure: Token, state: ClauseState) -> str:
        """The text of a clause before a figure."""
        before = [*takewhile(lambda t: t.end <= figure.start, state.sentence.tokens)]
        begin = max((t.end for t in before if t.sort in _CLAUSE_ENDS | FIGURES), default=state.sentence.start)
        return state.sentence.paragraph.text[begin : figure.start]

    def _compare_again(self, draft: DraftStatement, subject: DraftStatement) -> None:
        """Tie a further change of an amount to it, and a rate right behind such a change to the change."""
        if subject.measure != AMOUNT:
            return
        before = self.drafts[-1]
        if draft.measure == CHANGE:
            draft.again = subject
        elif before.again is subject and before.sentence is draft.sentence and before.against == draft.against:
            draft.rate_of = before

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
            return *self._shared(role, state), None
        if role.subject:
            return self._referent(role.subject, state), None, base
        whole = self._summed_up(role.figure, state)
        if whole is not None:
            return whole, None, base
        before = self.changes[-1] if self.changes else None
        changed = before is not None and before.subject is subject and before.against == state.against
        restated = self.antecedents.restated_by(subject) if subject is not None and not changed else None
        if subject is not None and restated is not None:
            base, state.base = base or state.base, None
            return restated, None, base or self.antecedents.earlier_amount(restated, subject, state.against)
        if base is None and before is not None and before.subject is subject and before.against == state.against:
            base = before.base
        base, state.base = base or state.base, None
        if base is None and subject is not None and state.against is not None:
            subject, base = self.antecedents.counted_from(subject, state.against)
        return subject, None, base

    def _shared(self, role: FigureRole, state: ClauseState) -> tuple[DraftStatement | None, DraftStatement | None]:
        """Return the amount that a share is of, and its whole; nothing where other money stands between."""
        latest, whole = self.current, self.shared_whole(role.subject, state)
        other = latest is not None and is_of_other_money(
            role.figure, latest, whole, self.antecedents.of_section, state.sentence, self.hierarchy
        )
        return (None, None) if other else (latest, whole)

    def _summed_up(self, figure: Token, state: ClauseState) -> DraftStatement | None:
        """Return the whole of the open list if a change without a subject is that of all: 总额比上年增加2万元."""
        before = [*takewhile(lambda t: t.end <= figure.start, state.sentence.tokens)]
        begin = max((t.end for t in before if t.sort in _CLAUSE_ENDS | FIGURES), default=state.sentence.start)
        said = any(t.text in self.lexicon.phrases.signs["all-told"] for t in before if t.start >= begin)
        top = self.enumerations.top
        return top.whole if said and top.inline and not top.bracket and top.parts else None

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
        """Tie changes of a sentence to other amounts than those right before them where they are theirs.

        The change of a single entry is no reason for that of the whole list, whose entries may go on behind full stops.
        """
        paragraph = [*takewhile(lambda d: d.sentence.paragraph is sentence.paragraph, reversed(self.drafts))][::-1]
        derived = [d for d in paragraph if d.sentence is sentence and d.owner is not d]
        settle_printed_bases([d for d in paragraph if d.sentence is sentence])
        settle_changes_of_wholes(derived, self.antecedents.of_section, self.hierarchy)
        settle_implied_subjects(derived, paragraph, self.lexicon.phrases.signs["in-turn"])
        tie_to_wholes([d for d in derived if d.subject is not None])
        settle_bases_of_shares(derived)
        for draft in paragraph:
            draft.reasons = draft.reasons if len(draft.reasons) > 1 else []

    def _explain(self, draft: DraftStatement, state: ClauseState) -> None:
        """Make a change of a list one of the reasons of the change that the list explains."""
        whole = state.explained
        if whole is not None and draft.measure == CHANGE and draft.owner is not whole.owner:
            whole.reasons.append(draft)
            flow = whole.coordinates(self.hierarchy).get("flow")
            if draft.owner is draft and flow is not None:
                draft.context = {**draft.context, "flow": flow}
