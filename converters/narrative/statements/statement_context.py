"""The statements of a document in their order, and what is not understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import dropwhile, takewhile

from converters.model.document import Issue
from converters.model.hierarchy import Hierarchy
from converters.narrative.clause_state import ClauseState, printed_words
from converters.narrative.named_entries import NamedEntries
from converters.narrative.sections import SectionStack
from converters.narrative.statements.antecedents import Antecedents
from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGE,
    CHANGES,
    ComparedWith,
    DraftStatement,
)
from converters.narrative.statements.enumerations import EnumerationStack
from converters.narrative.statements.figure_roles import FigureRole
from converters.narrative.statements.unplaced_subjects import item_of_two_meanings, unplaced_subject
from converters.narrative.subject_coordinates import (
    NAMING,
    RESTATING,
    SubjectMeaning,
    agrees,
    interpret_subject,
    merge,
    of_money,
)
from converters.narrative.tokens import BUDGET, FIGURES, MARK, OPERATING, PERFORMANCE, UNKNOWN, YEAR, Lexicon, Token
from ontology.narrative_words import FILLER, bare

_LEFT_OPEN = ("flow", "kind")
_SOURCES = frozenset({"fund", "vintage"})
OF_TOTALS = frozenset({"flow", "kind", "vintage"})
_DIVIDING = frozenset({MARK, "comma", "enumeration", "semicolon", "colon", "stop"})
_BEFORE_NAME = FIGURES | _DIVIDING | {"of-which", "as-follows", "because", "purpose", "involves", "as-of", "besides"}
_BASIC = "code/kind/basic"
_OF_SENTENCE = "sentence "
_LINKING = frozenset({"particle", "copula", "budgeting"})


def _is_linking(token: Token) -> bool:
    return token.sort == FILLER and token.word is not None and token.word.name in _LINKING


def _uses(coordinates: Mapping[str, str]) -> dict[str, str]:
    """What coordinates say money is for: without time, office, flow, fund and vintage."""
    return {d: c for d, c in coordinates.items() if d not in RESTATING | _SOURCES}


class StatementContext:
    """Collects the drafts and issues of one document, and the wordings of it that are not understood.

    `current` is the latest statement, `focus` the one that a change without a subject is about, `changes` are its
    changes. `topic` are coordinates of a sentence without figures, `purpose` is what it says money is for, both for the
    rest of the paragraph; `hidden` are the words of such a sentence that was not understood.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        hierarchy: Hierarchy,
        sections: SectionStack,
        enumerations: EnumerationStack,
        entries: NamedEntries,
    ) -> None:
        self.lexicon, self.hierarchy = lexicon, hierarchy
        self.sections, self.enumerations, self._entries = sections, enumerations, entries
        self.antecedents = Antecedents(lexicon, hierarchy)
        self.issues: list[Issue] = []
        self.wordings: list[Issue] = []
        self.topic: dict[str, str] = {}
        self.purpose: str | None = None
        self.hidden = ""
        self._lines: dict[str, str] = {}
        self.current: DraftStatement | None = None
        self.focus: DraftStatement | None = None
        self.changes: list[DraftStatement] = []

    @property
    def drafts(self) -> list[DraftStatement]:
        """The statements in printed order."""
        return self.antecedents.drafts

    def begin_section(self) -> None:
        """Forget the latest statement."""
        self.refer_to(None)
        self.antecedents.begin_section()
        self.begin_paragraph()

    def begin_paragraph(self) -> None:
        """Forget the topic of a paragraph."""
        self.topic, self.purpose, self.hidden = {}, None, ""
        self._lines = {}

    def refer_to(self, draft: DraftStatement | None) -> None:
        """Make a statement the latest one, without changes so far."""
        self.current = self.focus = draft
        self.changes = []

    def read(self, tokens: Sequence[Token], state: ClauseState, counted: bool = False) -> SubjectMeaning:
        """Interpret the words of a subject in the context of the clause."""
        base = self.enumerations.coordinates()
        surroundings = self.context_of(state) if base is None else base
        return interpret_subject(tokens, surroundings, self.lexicon, self.hierarchy, counted)

    def _interpret(self, tokens: Sequence[Token], around: Mapping[str, str]) -> SubjectMeaning:
        return interpret_subject(tokens, around, self.lexicon, self.hierarchy)

    def whole_of(self, words: Mapping[str, str], state: ClauseState) -> DraftStatement | None:
        """Return the latest amount of the section at the coordinates of these words, of any phase and year."""
        return self.antecedents.whole_of(words, self.context_of(state))

    def whole_listed(self, latest: DraftStatement | None) -> DraftStatement | None:
        """Return the amount whose parts a list gives: the latest one, or that of the own year and phase beside it.

        In 采购预算12万元，上年10万元，其中货物9万元, these are the goods of the 12万元.
        """
        return (self.antecedents.principal(latest) if latest is not None else None) or latest

    def context_of(self, state: ClauseState) -> dict[str, str]:
        """Return the coordinates settled by headings, opening words of lists and topics."""
        settled = merge(self.sections.current.coordinates, self.enumerations.opening(), self.hierarchy)
        coordinates = merge(settled, self.topic_of(state), self.hierarchy)
        if state.all:
            coordinates.pop("scope", None)
        return coordinates

    def left_open(self, figure: Token, state: ClauseState) -> frozenset[str]:
        """Return the dimensions in which an amount may be wider than its words say, or of something else.

        All that has performance goals may be meant (绩效目标管理全覆盖，涉及拨款90万元), which tables may print
        as revenue only; so may what was appropriated this year (当年拨款).
        """
        topic = merge(self.topic, state.topic, self.hierarchy)
        settled = merge(self.sections.current.coordinates, topic, self.hierarchy)
        before = reversed([t for t in state.sentence.tokens if t.end <= figure.start])
        clause = takewhile(lambda t: t.sort not in FIGURES | _DIVIDING, before)
        if any(t.text in self.lexicon.phrases.signs["appropriated"] for t in clause):
            return OF_TOTALS
        return frozenset(OF_TOTALS if state.all and settled.get("scope") == PERFORMANCE else ())

    def topic_of(self, state: ClauseState) -> dict[str, str]:
        """Return the coordinates settled by the topics of a sentence and its paragraph."""
        coordinates = merge(self.topic, state.topic, self.hierarchy)
        if state.all:
            coordinates.pop("scope", None)
        return coordinates

    def is_hidden(self, state: ClauseState) -> bool:
        """Whether the subject of a clause is not known, since words before it are not understood."""
        return state.opaque or state.obscure or not self.sections.current.understood

    def new_draft(self, token: Token, measure: str, label: str, state: ClauseState) -> DraftStatement:
        """Return a draft with the words of its place and no coordinates yet."""
        number = state.numbers[token.start, token.end]
        return DraftStatement(state.sentence, number, token, measure, label, self.sections.current.text, {})

    def add_unknown(self, role: FigureRole, clause: Sequence[Token], state: ClauseState) -> DraftStatement:
        """Add a figure whose subject is not known: a line of its own inside what is known of it."""
        draft = self.draft_unknown(role, state)
        if not draft.understood:
            self._record_wording("subject-not-known", role.figure, clause, state)
        draft.context, draft.as_of = self.context_of(state), state.as_of
        self.enumerations.spoil(draft)
        self.drafts.append(draft)
        if role.measure == AMOUNT:
            self.refer_to(draft)
            state.group = state.group or draft
        else:
            self.focus, self.changes = draft, [draft] if role.measure in CHANGES else self.changes
        return draft

    def add_average(self, role: FigureRole, state: ClauseState) -> None:
        """Add an amount of each person, vehicle or the like.

        Later words refer to the amount before it, and to none if the sentence states none: 车均费用3万元，比上年下降2%.
        """
        draft = self.draft_unknown(role, state)
        draft.context = self.context_of(state)
        state.obscure = state.obscure or not any(d.sentence is state.sentence for d in self.drafts)
        self.drafts.append(draft)

    def draft_unknown(
        self, role: FigureRole, state: ClauseState, around: Mapping[str, str] | None = None
    ) -> DraftStatement:
        """Return the draft of a figure with the coordinates that its words settle, and a line for their rest.

        Words are read in the context of the clause, or in that of the coordinates `around`.
        """
        hidden = state.hidden or self.hidden
        words = printed_words(self.whole_name(role, state) if role.subject or not hidden else (), state)
        about = self.enumerations.top.whole or (self.current if self.goes_on(state) else None)
        name = " ".join(filter(None, (hidden, words)))
        name = name or (about.label if about is not None else state.counted_label or self.sections.current.text)
        reading = self.read(role.subject, state) if around is None else self._interpret(role.subject, around)
        named = any(word.sort == UNKNOWN for word in role.subject)
        draft = self.new_draft(role.figure, role.measure or AMOUNT, name, state)
        restated = not named and "phase" in reading.coordinates and reading.coordinates.keys() <= RESTATING
        key = f"{_OF_SENTENCE}{state.sentence.number}" if restated else name
        draft.own = {**reading.coordinates, "line": self._line(name if named else hidden or key, draft)}
        amounts = (d for d in reversed(self.drafts) if d.measure in (AMOUNT, CHANGE))
        told, project = unplaced_subject(role, reading, next(amounts, None), state.sentence, self.lexicon.phrases.signs)
        if project:
            told["line"], draft.label = self._line(project, draft), f"{project} {printed_words(role.subject, state)}"
        elif not told and (told := item_of_two_meanings(role, reading)):
            draft.own = {d: c for d, c in draft.own.items() if d != "line"}
        draft.own, draft.understood = {**draft.own, **told}, bool(told)
        draft.direction = role.direction if role.measure in CHANGES else None
        draft.both, draft.compared = reading.both, False
        whole = self.enumerations.top.whole
        if (
            whole is not None
            and not whole.counts
            and agrees(whole.coordinates(self.hierarchy), reading.coordinates, self.hierarchy)
        ):
            draft.whole = whole
        return draft

    def add_part(self, role: FigureRole, state: ClauseState) -> DraftStatement:
        """Add a figure of a note about the latest statement; if its words are all known, it gets no `line`."""
        about = self.focus
        around = about.coordinates(self.hierarchy) if about is not None and about.measure == AMOUNT else {}
        draft = self.draft_unknown(role, state, around if "economic" in around else None)
        named = draft.own.keys() - RESTATING - {"line"}
        if named and not any(t.sort == UNKNOWN for t in role.subject):
            draft.own = {d: c for d, c in draft.own.items() if d != "line"}
        if about is not None and not about.counts:
            draft.whole, draft.context = None, about.coordinates(self.hierarchy)
        else:
            draft.context = self.context_of(state)
        self.enumerations.break_off()
        self.drafts.append(draft)
        return draft

    def is_item_of(self, draft: DraftStatement, about: DraftStatement) -> bool:
        """Whether an amount is an economic item of basic or operating expenditure that the text has told before.

        Where that is of an economic class itself (商品和服务支出250万元), the item has to be within this.
        """
        around = about.coordinates(self.hierarchy)
        named = draft.own.keys() <= RESTATING | {"economic"} and "economic" in draft.own
        settled = about.compared and about.measure == AMOUNT and "function" not in about.own
        basic = self.hierarchy.is_within(around.get("kind", ""), _BASIC) or around.get("scope") == OPERATING
        item, wider = draft.own.get("economic", ""), around.get("economic")
        within = wider is None or (item != wider and self.hierarchy.is_within(item, wider))
        return draft.measure == AMOUNT and named and settled and basic and within and draft.sentence is about.sentence

    def whole_name(self, role: FigureRole, state: ClauseState) -> Sequence[Token]:
        """The words of the subject of an amount as printed, fillers inside its name included: 财政业务费, 自筹资金."""
        if role.measure != AMOUNT:
            return role.subject
        before = [t for t in state.sentence.tokens if t.end <= role.figure.start]
        begin = role.subject[0].start if role.subject else role.figure.start
        ends = [at for at, t in enumerate(before) if t.sort in _BEFORE_NAME and t.end <= begin]
        words = before[ends[-1] + 1 if ends else 0 :]
        while words and _is_linking(words[-1]):
            words.pop()
        return [*dropwhile(lambda t: t.sort in ("open", "close", YEAR), words)] or role.subject

    def _line(self, name: str, draft: DraftStatement) -> str:
        """The line of a subject that is not known, one for all figures of a paragraph with the same words.

        Words that name no more than a phase (全年预算数20万元，执行数18万元) are those of one subject in a sentence.
        """
        if name not in self._lines:
            self._lines[name] = self._entries.mint_line(name, draft.sentence.number, draft.number)
        return self._lines[name]

    def goes_on(self, state: ClauseState) -> bool:
        """Whether the latest statement is an amount in this paragraph."""
        before = self.current
        return before is not None and before.sentence.paragraph is state.sentence.paragraph and before.measure == AMOUNT

    def changed_alone(self, state: ClauseState) -> dict[str, str] | None:
        """Return the coordinates of the latest change of this sentence if the text does not state its amount."""
        focus = self.focus
        alone = focus is not None and focus.sentence is state.sentence and focus.measure in CHANGES
        return of_money(focus.coordinates(self.hierarchy)) if focus is not None and alone else None

    def named_total(self, words: Sequence[Token]) -> dict[str, str] | None:
        """Return the coordinates of the total of a flow, kind or scope that words name, in the usual year and phase."""
        reading = interpret_subject(words, {}, self.lexicon, self.hierarchy)
        usual = {"year": str(self.lexicon.year), "phase": self.lexicon.phase}
        told = {d: c for d, c in reading.coordinates.items() if usual.get(d) != c}
        known = reading.unclear is None and not any(word.sort == UNKNOWN for word in words)
        named = {"flow", "scope", "kind"} & told.keys() and told.keys() <= {*OF_TOTALS, "scope"}
        return told if known and named else None

    def shared_whole(self, words: Sequence[Token], state: ClauseState) -> DraftStatement | None:
        """Return what the latest statement is a share of: what words name, the whole of its list if there are none.

        Where the words name that whole, it is meant, though it may name its fund as well.
        """
        whole = self.current.whole if self.current is not None else None
        if not words or any(word.sort == UNKNOWN for word in words):
            return whole if not words else None
        reading = self.read(words, state)
        named = _uses(interpret_subject(words, {}, self.lexicon, self.hierarchy).coordinates)
        if whole is not None and named and named == _uses(whole.coordinates(self.hierarchy)):
            return whole
        found = self.find(reading, state)
        return found if found is not self.current else None

    def named_again(
        self, current: DraftStatement, words: Sequence[Token], reading: SubjectMeaning, state: ClauseState
    ) -> DraftStatement | None:
        """Return what words that fit the latest amount are about: it, a part of it, or nothing.

        Words such as 支出, which name no more than a flow, are in another sentence not about an amount with a name of
        its own, such as the last entry of a list. In 9万元，其中财政拨款6万元。财政拨款经费减少2万元, it is the part.
        """
        coordinates = current.coordinates(self.hierarchy)
        if part := self.antecedents.part_with_name(current, printed_words(words, state)):
            return part
        implied = self.lexicon.vocabulary.implied.get(coordinates.get("flow", ""), {})
        if any(d not in coordinates and c != implied.get(d) for d, c in reading.coordinates.items() if d in _SOURCES):
            part = self.find(reading, state)
            if part is None or part.whole is current:
                return part
        named = coordinates.keys() & set(NAMING)
        fits = current.sentence is state.sentence or bool(reading.coordinates.keys() - RESTATING) or not named
        return current if fits else None

    def is_some_of(self, words: Sequence[Token], state: ClauseState) -> bool:
        """Whether the first named word follows a word for only some of it."""
        partial = self.lexicon.phrases.signs["partial"]
        named = next((word for word in words if word.word is not None and word.word.meanings), None)
        before = next((t for t in reversed(state.sentence.tokens) if named and t.end <= named.start), None)
        return before is not None and before.sort == FILLER and bare(before.text) in partial

    def comparison_with(self, subject: DraftStatement, state: ClauseState) -> ComparedWith | None:
        """Return what a change of a statement is compared with; another measure of the own year is of no year.

        Of an amount of an earlier year, the year before is that before its own.
        """
        compared, own = state.compared, subject.coordinates(self.hierarchy)
        if compared is not None and compared.relative and int(own.get("year", self.lexicon.year)) < self.lexicon.year:
            return ComparedWith(int(own["year"]) - 1, compared.phase)
        if compared is None or compared.year != self.lexicon.year:
            return compared
        words = of_money(state.compared_words)
        return ComparedWith(None) if any(self._differs(own, d, c) for d, c in words.items()) else compared

    def _differs(self, own: Mapping[str, str], dimension: str, code: str) -> bool:
        """Whether a code is of other money than coordinates are, which may leave the flow and the kind open."""
        if dimension in own:
            return not self.hierarchy.is_within(own[dimension], code)
        return dimension not in _LEFT_OPEN

    def is_degree(self, role: FigureRole, amount: DraftStatement, state: ClauseState) -> bool:
        """Whether a percentage tells how far the budget of an amount was carried out: 完成预算的80%, 占年初预算的80%.

        This is a share of its own budget, and never of the whole of which the amount is a part.
        """
        named = self.read(role.subject, state).coordinates
        dated = bool(named) and named.keys() <= {"year", "phase"}
        phase = named.get("phase", BUDGET if role.completion else None)
        told = not any(word.sort == UNKNOWN for word in role.subject)
        other = phase is not None and not self.antecedents.is_of_phase(amount, phase)
        return (dated and told and other) or (role.completion and (other or self.lexicon.phase != BUDGET))

    def find(self, words: SubjectMeaning, state: ClauseState) -> DraftStatement | None:
        """Return the latest amount that words refer to, if any."""
        hidden = bool(self.hidden) or state.opaque or state.obscure
        return self.antecedents.find(words.coordinates, self.context_of(state), state.sentence.paragraph, hidden)

    def _record_wording(self, key: str, figure: Token, clause: Sequence[Token], state: ClauseState) -> None:
        """Record the wording around a figure that is not understood."""
        ends = [t.end for t in state.sentence.tokens if t.sort in _DIVIDING and t.end <= clause[0].start]
        begin = max(ends, default=state.sentence.start)
        words = "".join(state.sentence.paragraph.text[begin : clause[-1].end].split())
        place = state.sentence.paragraph.locator(figure.start)
        self.wordings.append(Issue(key, place, {"figure": figure.text, "words": words}))

    def report(self, figures: Sequence[Token], clause: Sequence[Token], state: ClauseState) -> None:
        """Report each figure that becomes no statement, with the words around it."""
        for token in figures:
            if token.sort in FIGURES:
                self._record_wording("figure-not-placed", token, clause, state)
                self.enumerations.spoil()
                self.refer_to(None)
                state.lost = True
