"""Amounts and numbers of things, with the coordinates that their words settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from converters.narrative.clause_state import ClauseState, printed_words, printed_year
from converters.narrative.statements.counts import (
    ESTABLISHMENT,
    HEAD_COUNT,
    QUOTA,
    fits_unit,
    is_of_all,
    kind_before,
    names_posts,
)
from converters.narrative.statements.draft_statements import AMOUNT, QUANTITY, DraftStatement
from converters.narrative.statements.figure_roles import names_nothing, names_total
from converters.narrative.statements.statement_context import StatementContext
from converters.narrative.subject_coordinates import NAMING, RESTATING, SubjectMeaning, merge, of_money
from converters.narrative.tokens import FINAL, Token
from ontology.narrative_words import NOUN, bare

_COUNTED = frozenset({"line", "scope", "organisation", "year", "phase"})


class AmountStatements(StatementContext):
    """Builds statements of amounts and of numbers of people and things."""

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
        if measure == HEAD_COUNT and not listed and self._counts_posts(token, words, coordinates, state):
            measure = ESTABLISHMENT
        if kind is not None:
            coordinates |= self._filled(kind)
        elif again and whole is not None and measure != whole.measure:
            self.enumerations.close_list()
        repeats = again and whole is not None and measure == whole.measure and whole.sentence is state.sentence
        nouns = [t for t in words if t.sort == NOUN]
        state.counted = {d: c for d, c in reading.coordinates.items() if d != "line"}
        state.counted_label = printed_words(words, state)
        label = printed_words(nouns, state)
        draft = self.add_statement(token, measure, replace(reading, coordinates=coordinates), label, state)
        scoped = "scope" in draft.coordinates(self.hierarchy)
        some = some or repeats or ("line" not in coordinates and self.is_some_of(words, state))
        draft.compared = draft.compared and (scoped if measure in (QUANTITY, QUOTA) else not some)
        if kind is not None:
            draft.filling, draft.compared = True, draft.compared and kind.measure != measure

    def _counts_posts(
        self, figure: Token, words: Sequence[Token], coordinates: Mapping[str, str], state: ClauseState
    ) -> bool:
        """Whether words name posts of a kind and no people in them: 行政编制, but not 实有行政编制人员.

        Behind words for people present (实有58人，其中行政编制19人), and behind the posts of the same kind in the
        paragraph, they are people.
        """
        names = [token.text for token in words if token.sort == NOUN]
        paragraph, before = state.sentence.paragraph, [t for t in state.sentence.tokens if t.end <= figure.start]
        begin = max((t.end for t in before if t.sort == "semicolon"), default=state.sentence.start)
        said = bare(paragraph.text[begin : figure.start])
        told = any(
            draft.measure == ESTABLISHMENT
            and draft.sentence.paragraph is paragraph
            and draft.coordinates(self.hierarchy).get("line") == coordinates.get("line")
            for draft in self.drafts
        )
        posts = bool(names) and all(names_posts(name, self.lexicon.words) for name in names)
        return posts and not told and not any(sign in said for sign in self.lexicon.phrases.signs["present"])

    def _filled(self, kind: DraftStatement) -> dict[str, str]:
        """Return the line of posts that people fill; their list, of posts and people in turn, does not add up."""
        if names_posts(kind.label, self.lexicon.words):
            kind.measure = ESTABLISHMENT
        self.enumerations.break_off()
        return {"line": kind.coordinates(self.hierarchy)["line"]}
