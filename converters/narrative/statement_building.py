"""Matched clauses to draft statements; figures of unmatched clauses to issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from converters.model.document import Issue
from converters.model.hierarchy import Hierarchy
from converters.narrative.clause_patterns import Match
from converters.narrative.clause_state import ClauseState, printed_words
from converters.narrative.draft_statements import AMOUNT, CHANGE, CHANGE_RATE, SHARE, DraftStatement
from converters.narrative.enumerations import EnumerationStack
from converters.narrative.sections import SectionStack
from converters.narrative.tokens import FIGURES, MARK, MONEY, UNCHANGED, Lexicon, Token
from converters.narrative.word_meanings import SubjectMeaning, interpret_subject, merge
from ontology.phrases import FILLER, NOUN, bare

_COUNTED = frozenset({"line", "scope", "organisation", "year", "phase"})
_RESTATING = frozenset({"flow", "phase", "year", "period", "organisation"})
_DIVIDING = frozenset({MARK, "comma", "enumeration", "semicolon", "colon", "stop"})
_TIMELESS = _RESTATING - {"flow"}
_DIRECTIONS = {"increase": "increase", "decrease": "decrease", UNCHANGED: "level"}


class StatementBuilder:
    """Collects the drafts and issues of one document.

    `current` is the latest statement and `changes` are its changes. `topic` are coordinates of a sentence without
    figures, `purpose` is what it says money is for, both for the rest of the paragraph; `topic_hidden` is True if the
    paragraph has such a sentence that was not understood.
    """

    def __init__(
        self, lexicon: Lexicon, hierarchy: Hierarchy, sections: SectionStack, enumerations: EnumerationStack
    ) -> None:
        self._lexicon, self._hierarchy = lexicon, hierarchy
        self._sections, self._enumerations = sections, enumerations
        self.drafts: list[DraftStatement] = []
        self.issues: list[Issue] = []
        self.topic: dict[str, str] = {}
        self.purpose: str | None = None
        self.topic_hidden = False
        self._section_begins = 0
        self.current: DraftStatement | None = None
        self.changes: list[DraftStatement] = []

    def begin_section(self) -> None:
        """Forget the latest statement."""
        self.current, self.changes = None, []
        self._section_begins = len(self.drafts)
        self.begin_paragraph()

    def begin_paragraph(self) -> None:
        """Forget the topic of a paragraph."""
        self.topic, self.purpose, self.topic_hidden = {}, None, False

    def read(self, tokens: Sequence[Token], state: ClauseState, counted: bool = False) -> SubjectMeaning:
        """Interpret the words of a subject in the context of the clause."""
        base = self._enumerations.coordinates()
        surroundings = self._context(state) if base is None else base
        return interpret_subject(tokens, surroundings, self._lexicon, self._hierarchy, counted)

    def _context(self, state: ClauseState) -> dict[str, str]:
        coordinates = merge(self._sections.current.coordinates, self._topic(state), self._hierarchy)
        if state.all:
            coordinates.pop("scope", None)
        return coordinates

    def _topic(self, state: ClauseState) -> dict[str, str]:
        coordinates = merge(self.topic, state.topic, self._hierarchy)
        if state.all:
            coordinates.pop("scope", None)
        return coordinates

    def add_clause(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add the statements of a clause that matches a pattern with figures."""
        pattern = match.pattern
        counted = match.all("counted")
        for count, noun in zip(counted[::2], counted[1::2], strict=True):
            self._add_count(count, [noun], state, clause)
        if pattern.name == "things":
            self._add_count(match.all("count")[0], match.all("subject", "noun"), state, clause)
        elif pattern.yields == AMOUNT:
            words = match.all("subject")
            reading = self.read(words, state)
            hidden = state.opaque or state.obscure or not self._sections.current.understood
            if reading.unclear is not None or hidden or self._is_nameless(reading, words, state):
                self.report([t for t in clause if t.sort == MONEY], clause, state)
                state.opaque = True
            else:
                named = [tokens for slot, tokens in match.filled if slot == "subject"][-1]
                self.add_statement(match.all("money")[0], AMOUNT, reading, printed_words(named, state), state)
        elif pattern.yields is not None:
            self._add_derived(match, clause, state)

    def _add_count(self, token: Token, words: Sequence[Token], state: ClauseState, clause: Sequence[Token]) -> None:
        reading = self.read(words, state, counted=True)
        whole = self._enumerations.top.whole
        measure = whole.measure if whole is not None and whole.counts else reading.measure
        if measure is None or reading.unclear is not None or state.obscure:
            self.report([token], clause, state)
            return
        coordinates = {d: c for d, c in reading.coordinates.items() if d in _COUNTED}
        nouns = [t for t in words if t.sort == NOUN]
        self.add_statement(
            token, measure, replace(reading, coordinates=coordinates), printed_words(nouns, state), state
        )

    def add_statement(
        self, token: Token, measure: str, reading: SubjectMeaning, label: str, state: ClauseState
    ) -> None:
        """Add a statement of an amount or a number of things.

        The label of a statement that continues the subject of the one before begins with the label of that.
        """
        own = self._own(reading, state) if measure == AMOUNT else reading.coordinates
        if (
            self.current is not None
            and not state.joined
            and own.keys() - reading.coordinates.keys() - self._topic(state).keys()
        ):
            about, _, _ = self.current.label.partition(" ")
            label = f"{about} {label}"
        draft = DraftStatement(
            sentence=state.sentence,
            number=state.numbers[token.start, token.end],
            token=token,
            measure=measure,
            label=label,
            heading=self._sections.current.text,
            own=own,
            context=self._context(state) if measure == AMOUNT else {},
            both=reading.both,
            grand=reading.grand,
            as_of=state.as_of,
            purpose=self.purpose,
        )
        self.purpose = None
        self._enumerations.add(draft)
        self.drafts.append(draft)
        self.current, self.changes = draft, []
        state.group = state.group or draft

    def _own(self, reading: SubjectMeaning, state: ClauseState) -> dict[str, str]:
        """The own coordinates of a statement, with those of its topic and those shared with the statement before.

        After an enumeration comma, in a list whose entries end with semicolons, it belongs to the same entry; a
        statement that names only another phase, year or flow has the subject of the statement before.
        """
        own, before = merge(self._topic(state), reading.coordinates, self._hierarchy), self.current
        if state.joined and state.group is not None and any(t.sort == "semicolon" for t in state.sentence.tokens):
            return {**state.group.own, **own}
        if before is None or not self._goes_on(state):
            return own
        differs = any(before.own.get(d) != own[d] for d in ("phase", "year", "flow") if d in own)
        return {**before.own, **own} if own and own.keys() <= _RESTATING and differs else own

    def _is_nameless(self, reading: SubjectMeaning, words: Sequence[Token], state: ClauseState) -> bool:
        """Whether words do not name the subject of an amount, which must not be taken for the total then.

        They name only some of it (有关支出), or only a year or phase where the context settles no more than the flow.
        """
        if self._is_some_of(words, state):
            return True
        if not reading.coordinates.keys() <= _RESTATING or self._goes_on(state):
            return False
        base = self._enumerations.coordinates()
        about = self._context(state) if base is None else base
        told = reading.both or reading.grand or "flow" in reading.coordinates or not about.keys() <= _RESTATING
        return self.topic_hidden or not told

    def _is_some_of(self, words: Sequence[Token], state: ClauseState) -> bool:
        """Whether the first named word follows a word for only some of it."""
        partial = self._lexicon.phrases.signs["partial"]
        named = next((word for word in words if word.word is not None and word.word.meanings), None)
        before = next((t for t in reversed(state.sentence.tokens) if named and t.end <= named.start), None)
        return before is not None and before.sort == FILLER and bare(before.text) in partial

    def _goes_on(self, state: ClauseState) -> bool:
        """Whether the latest statement is an amount in this paragraph."""
        before = self.current
        return before is not None and before.sentence.paragraph is state.sentence.paragraph and before.measure == AMOUNT

    def _add_derived(self, match: Match, clause: Sequence[Token], state: ClauseState) -> None:
        """Add a share, change or rate of the latest statement, or of the one that its own subject names."""
        figure = next(t for t in reversed(clause) if t.sort in FIGURES or t.sort == UNCHANGED)
        words = match.all("subject")
        yields = match.pattern.yields or SHARE
        subject, reference = self.current, None
        if yields == SHARE:
            reference = self._find(self.read(words, state), state) if words else (subject.whole if subject else None)
        elif words:
            subject = self._referent(self.read(words, state), state)
        elsewhere = state.obscure and subject is not None and subject.sentence is not state.sentence
        if subject is None or subject.subject is not None or elsewhere:
            self.report([t for t in clause if t.sort in FIGURES], clause, state)
            return
        directions = [_DIRECTIONS[t.sort] for t in clause if t.sort in _DIRECTIONS]
        draft = DraftStatement(
            sentence=state.sentence,
            number=state.numbers[figure.start, figure.end],
            token=figure,
            measure=yields,
            label=subject.label,
            heading=subject.heading,
            own={},
            subject=subject,
            reference=reference,
            direction=directions[-1] if directions and yields in (CHANGE, CHANGE_RATE) else None,
            compared_year=state.compared if yields in (CHANGE, CHANGE_RATE) else None,
        )
        self.drafts.append(draft)
        if draft.direction is not None:
            self.changes.append(draft)

    def _referent(self, words: SubjectMeaning, state: ClauseState) -> DraftStatement | None:
        """Return the latest statement if these words name it or something wider, else the one that they refer to."""
        current = self.current
        if words.unclear is not None:
            return None
        if current is not None:
            coordinates = current.coordinates(self._hierarchy)
            if all(
                d not in coordinates or self._hierarchy.is_within(coordinates[d], c)
                for d, c in words.coordinates.items()
            ):
                return current
        return self._find(words, state)

    def _find(self, words: SubjectMeaning, state: ClauseState) -> DraftStatement | None:
        """Return the latest statement that these words refer to, by phase in this paragraph or by equal coordinates.

        Words of a paragraph with a subject that is not understood refer to nothing outside it.
        """
        hidden = self.topic_hidden or state.opaque or state.obscure
        in_context = merge(self._context(state), words.coordinates, self._hierarchy)
        step = words.coordinates.keys() == {"phase"}
        for draft in reversed(self.drafts):
            if draft.measure == AMOUNT:
                stands = draft.coordinates(self._hierarchy)
                near = draft.sentence.paragraph is state.sentence.paragraph
                if hidden and not near:
                    return None
                if stands in (in_context, words.coordinates) or (
                    step and near and stands.items() >= words.coordinates.items()
                ):
                    return draft
        return None

    def whole_of(self, words: Mapping[str, str], state: ClauseState) -> DraftStatement | None:
        """Return the latest statement of the section at the coordinates of these words, of any phase and year."""
        wanted = _of_money(merge(self._context(state), words, self._hierarchy))
        for draft in reversed(self.drafts[self._section_begins :]):
            if draft.measure == AMOUNT:
                flow = {"flow": words["flow"]} if draft.both and "flow" in words else {}
                if _of_money(draft.coordinates(self._hierarchy) | flow) == wanted:
                    return draft
        return None

    def report(self, figures: Sequence[Token], clause: Sequence[Token], state: ClauseState) -> None:
        """Report each figure that is not placed as an issue, with the words around it."""
        ends = [t.end for t in state.sentence.tokens if t.sort in _DIVIDING and t.end <= clause[0].start]
        begin = max(ends, default=state.sentence.start)
        words = "".join(state.sentence.paragraph.text[begin : clause[-1].end].split())
        for token in figures:
            if token.sort in FIGURES:
                place = state.sentence.paragraph.locator(token.start)
                self.issues.append(Issue("figure-not-placed", place, {"figure": token.text, "words": words}))
                self._enumerations.spoil()
                self.current, self.changes = None, []


def _of_money(coordinates: Mapping[str, str]) -> dict[str, str]:
    return {d: c for d, c in coordinates.items() if d not in _TIMELESS}
