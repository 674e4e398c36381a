"""The statements of a document in their order, what they refer to, and what is not understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile

from converters.model.document import Issue
from converters.model.hierarchy import Hierarchy
from converters.narrative.clause_state import ClauseState, printed_words
from converters.narrative.named_entries import NamedEntries
from converters.narrative.paragraphs import Paragraph
from converters.narrative.sections import SectionStack
from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGE,
    CHANGE_RATE,
    DraftStatement,
    StatedComparison,
)
from converters.narrative.statements.enumerations import EnumerationStack
from converters.narrative.statements.figure_roles import FigureRole
from converters.narrative.subject_coordinates import (
    TIMELESS,
    SubjectMeaning,
    agrees,
    interpret_subject,
    merge,
    of_money,
)
from converters.narrative.tokens import FIGURES, MARK, UNKNOWN, YEAR, Lexicon, Token
from ontology.narrative_words import FILLER

_NAMING = ("scope", "function", "economic", "project", "line")
_RESTATING = TIMELESS | {"flow"}
_OF_TOTALS = frozenset({"flow", "kind", "vintage"})
_DIVIDING = frozenset({MARK, "comma", "enumeration", "semicolon", "colon", "stop"})
_CHANGES = (CHANGE, CHANGE_RATE)
_BEFORE_NAME = FIGURES | _DIVIDING | {"of-which", "as-follows", "because", "purpose", "involves", "as-of", "besides"}
_LINKING = frozenset({"particle", "copula", "budgeting"})


class Antecedents:
    """The statements of one document in their order, and look-ups among them."""

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy) -> None:
        self._lexicon, self._hierarchy = lexicon, hierarchy
        self.drafts: list[DraftStatement] = []
        self._section_begins = 0

    def begin_section(self) -> None:
        """Mark the beginning of a section."""
        self._section_begins = len(self.drafts)

    def is_named(self, draft: DraftStatement, words: Mapping[str, str]) -> bool:
        """Whether words name a statement: by its own name, or by something wider that holds it.

        公务用车费 does not name a statement about 公务用车运行费, which is only a part of it.
        """
        coordinates = draft.coordinates(self._hierarchy)
        return all(
            coordinates.get(d) == c
            if d in _NAMING
            else d not in coordinates or self._hierarchy.is_within(coordinates[d], c)
            for d, c in words.items()
        )

    def find(
        self, words: Mapping[str, str], context: Mapping[str, str], paragraph: Paragraph, hidden: bool
    ) -> DraftStatement | None:
        """Return the latest amount that words refer to, by phase in this paragraph or by equal coordinates.

        Years and phases that the words leave open are those of the disclosure. If `hidden`, the subject of the
        paragraph is not known, and its words refer to nothing outside it.
        """
        in_context = merge(context, words, self._hierarchy)
        step = words.keys() == {"phase"}
        for draft in self._amounts(0):
            stands = draft.coordinates(self._hierarchy)
            near = draft.sentence.paragraph is paragraph
            if hidden and not near:
                return None
            if stands in (in_context, words) or (step and near and stands.items() >= words.items()):
                return draft
            if near and not step and self._is_current(stands, in_context, words):
                return draft
        return None

    def _is_current(self, stands: Mapping[str, str], in_context: Mapping[str, str], words: Mapping[str, str]) -> bool:
        """Whether coordinates are those of words in everything but the year and phase of the disclosure."""
        if not any(dimension in _NAMING for dimension in words) or of_money(stands) != of_money(in_context):
            return False
        usual = {"year": str(self._lexicon.year), "phase": self._lexicon.phase}
        return all(stands.get(d, usual[d]) == in_context.get(d, usual[d]) for d in usual)

    def whole_of(self, words: Mapping[str, str], context: Mapping[str, str]) -> DraftStatement | None:
        """Return the latest amount of the section at the coordinates of these words, of any phase and year."""
        wanted = of_money(merge(context, words, self._hierarchy))
        for draft in self._amounts(self._section_begins):
            flow = {"flow": words["flow"]} if draft.both and "flow" in words else {}
            if of_money(draft.coordinates(self._hierarchy) | flow) == wanted:
                return draft
        return None

    def restated_by(self, draft: DraftStatement) -> DraftStatement | None:
        """Return the amount of the latest year that an amount of an earlier year was stated beside, if any."""
        coordinates = draft.coordinates(self._hierarchy)
        year = coordinates.get("year")
        if year is None or int(year) >= self._lexicon.year:
            return None
        later = [other for other in self._beside(draft) if self._placed(other)["year"] > year]
        return max(later, key=lambda other: int(self._placed(other)["year"]), default=None)

    def earlier_amount(
        self, subject: DraftStatement, latest: DraftStatement, against: StatedComparison | None
    ) -> DraftStatement | None:
        """Return the amount that a change of the latest year of a sentence is counted from.

        This is the one with the year and phase compared with; where none is named, the only other amount.
        """
        if against is not None and against[0] is not None:
            return self.counted_from(subject, against)[1]
        if against is not None and against[1] is not None:
            return self.beside(subject, {"phase": against[1]})
        return latest if len(self._beside(subject)) == 1 else None

    def beside(self, draft: DraftStatement, words: Mapping[str, str]) -> DraftStatement | None:
        """Return the only amount of the same money in the same sentence that has this year and phase, if any."""
        found = [other for other in self._beside(draft) if self._placed(other).items() >= words.items()]
        return found[0] if len(found) == 1 else None

    def _beside(self, draft: DraftStatement) -> list[DraftStatement]:
        """The amounts of the same money in the same sentence, in another year or phase, the latest first."""
        own = self._placed(draft)
        return [
            other
            for other in self._amounts(self._section_begins)
            if other.sentence is draft.sentence
            and other is not draft
            and of_money(self._placed(other)) == of_money(own)
            and any(self._placed(other)[dimension] != own[dimension] for dimension in ("year", "phase"))
        ]

    def counted_from(
        self, subject: DraftStatement, against: StatedComparison
    ) -> tuple[DraftStatement, DraftStatement | None]:
        """Return what a change is about, and the amount of its sentence that has the year and phase compared with.

        In 2023年执行数为90万元，2024年预算100万元，比2023年执行数增长11%, this is the first amount. Where the amount
        before the change has itself the year and phase compared with, the change is that of the other amount of the
        sentence: 决算数8万元，预算数10万元，比预算数减少2万元.
        """
        year, phase = against
        own = self._placed(subject)
        wanted = {"year": own["year"] if year is None else str(year)} | ({"phase": phase} if phase is not None else {})
        beside = self._beside(subject)
        if phase is not None and own.items() >= wanted.items():
            return (beside[0], subject) if len(beside) == 1 else (subject, None)
        bases = [draft for draft in beside if self._placed(draft).items() >= wanted.items()]
        return subject, bases[0] if len(bases) == 1 else None

    def _placed(self, draft: DraftStatement) -> dict[str, str]:
        """The coordinates of a statement, with the year and phase of the disclosure where its words leave them open."""
        usual = {"year": str(self._lexicon.year), "phase": self._lexicon.phase}
        return usual | draft.coordinates(self._hierarchy)

    def _amounts(self, begin: int) -> Iterator[DraftStatement]:
        """Amounts with a subject, the latest first."""
        return (draft for draft in reversed(self.drafts[begin:]) if draft.measure == AMOUNT)


def _is_linking(token: Token) -> bool:
    return token.sort == FILLER and token.word is not None and token.word.name in _LINKING


class StatementLog:
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

    def whole_of(self, words: Mapping[str, str], state: ClauseState) -> DraftStatement | None:
        """Return the latest amount of the section at the coordinates of these words, of any phase and year."""
        return self.antecedents.whole_of(words, self.context_of(state))

    def context_of(self, state: ClauseState) -> dict[str, str]:
        """Return the coordinates settled by headings, opening words of lists and topics."""
        settled = merge(self.sections.current.coordinates, self.enumerations.opening(), self.hierarchy)
        coordinates = merge(settled, self.topic_of(state), self.hierarchy)
        if state.all:
            coordinates.pop("scope", None)
        return coordinates

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
        self._census("subject-not-known", role.figure, clause, state)
        draft.context, draft.as_of = self.context_of(state), state.as_of
        self.enumerations.spoil(draft)
        self.drafts.append(draft)
        if role.measure == AMOUNT:
            self.refer_to(draft)
            state.group = state.group or draft
        else:
            self.focus, self.changes = draft, [draft] if role.measure in _CHANGES else self.changes
        return draft

    def draft_unknown(self, role: FigureRole, state: ClauseState) -> DraftStatement:
        """Return the draft of a figure with the coordinates that its words settle, and a line for their rest."""
        hidden = state.hidden or self.hidden
        words = printed_words(self._whole_name(role, state) if role.subject or not hidden else (), state)
        about = self.enumerations.top.whole or (self.current if self.goes_on(state) else None)
        name = " ".join(filter(None, (hidden, words)))
        name = name or (about.label if about is not None else state.counted_label or self.sections.current.text)
        reading = self.read(role.subject, state)
        named = any(word.sort == UNKNOWN for word in role.subject)
        draft = self.new_draft(role.figure, role.measure or AMOUNT, name, state)
        draft.own = {
            **reading.coordinates,
            "line": self._line(name if named else hidden or name, draft),
        }
        draft.direction = role.direction if role.measure in _CHANGES else None
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
        """Add a figure of a note about the latest statement; a subject that its words name needs no line."""
        about = self.focus
        draft = self.draft_unknown(role, state)
        named = draft.own.keys() - _RESTATING - {"line"}
        if named and not any(t.sort == UNKNOWN for t in role.subject):
            draft.own = {d: c for d, c in draft.own.items() if d != "line"}
        if about is not None and not about.counts:
            draft.whole, draft.context = None, about.coordinates(self.hierarchy)
        else:
            draft.context = self.context_of(state)
        self.enumerations.break_off()
        self.drafts.append(draft)
        return draft

    def _whole_name(self, role: FigureRole, state: ClauseState) -> Sequence[Token]:
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
        """The line of a subject that is not known, one for all figures of a paragraph with the same words."""
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
        alone = focus is not None and focus.sentence is state.sentence and focus.measure in _CHANGES
        return of_money(focus.coordinates(self.hierarchy)) if focus is not None and alone else None

    def named_total(self, words: Sequence[Token]) -> dict[str, str] | None:
        """Return the coordinates of the total of a flow that words name, in the year and phase of the disclosure."""
        reading = interpret_subject(words, {}, self.lexicon, self.hierarchy)
        usual = {"year": str(self.lexicon.year), "phase": self.lexicon.phase}
        told = {d: c for d, c in reading.coordinates.items() if usual.get(d) != c}
        known = reading.unclear is None and not any(word.sort == UNKNOWN for word in words)
        return told if known and "flow" in told and told.keys() <= _OF_TOTALS else None

    def may_name_again(self, current: DraftStatement, reading: SubjectMeaning, state: ClauseState) -> bool:
        """Whether words such as 支出, which name no more than a flow, may be about the latest amount.

        In another sentence they are not about one with a name of its own, such as the last entry of a list.
        """
        named = current.coordinates(self.hierarchy).keys() & set(_NAMING)
        return current.sentence is state.sentence or bool(reading.coordinates.keys() - _RESTATING) or not named

    def find(self, words: SubjectMeaning, state: ClauseState) -> DraftStatement | None:
        """Return the latest amount that words refer to, if any."""
        hidden = bool(self.hidden) or state.opaque or state.obscure
        return self.antecedents.find(words.coordinates, self.context_of(state), state.sentence.paragraph, hidden)

    def _census(self, key: str, figure: Token, clause: Sequence[Token], state: ClauseState) -> None:
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
                self._census("figure-not-placed", token, clause, state)
                self.enumerations.spoil()
                self.refer_to(None)
