"""Amounts and numbers of things, with the coordinates that their words settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from converters.narrative.clause_state import ClauseState, printed_words, printed_year
from converters.narrative.statements.counts import (
    ESTABLISHMENT,
    HEAD_COUNT,
    QUOTA,
    UNITS,
    fits_unit,
    is_of_all,
    is_qualified,
    kind_before,
    names_offices,
    names_posts,
)
from converters.narrative.statements.draft_statements import AMOUNT, QUANTITY, DraftStatement
from converters.narrative.statements.figure_roles import names_nothing, names_total, value_of
from converters.narrative.statements.statement_context import OF_TOTALS, StatementContext
from converters.narrative.subject_coordinates import NAMING, RESTATING, SubjectMeaning, merge, of_money
from converters.narrative.tokens import CURRENT, FINAL, OPERATING, YEAR, Token
from ontology.narrative_words import NOUN, bare

_SEVERAL = 2
_REVENUE = "code/flow/revenue"
_NEAR = 3
"""How many tokens behind an amount the word that opens a list of its parts may stand."""
_LONGEST_NAME = 12
_PUNCTUATION = frozenset({"comma", "colon"})
_OF_OFFICE = frozenset({"organisation", "flow", "phase"})
"""What words for the total of an office tell."""
_COUNTED = frozenset({"line", "scope", "organisation", "year", "phase", "supplier"})


class AmountStatements(StatementContext):
    """Builds statements of amounts and of numbers of people and things."""

    def add_statement(
        self, token: Token, measure: str, reading: SubjectMeaning, label: str, state: ClauseState
    ) -> DraftStatement:
        """Add a statement of an amount or a number of things.

        The label of a statement that continues the subject of the one before begins with the label of that.
        """
        latest = self.current
        if measure == AMOUNT and latest is not None:
            self.current = self._restated(latest, reading, token, state)
        own = self._own(reading, token, state) if measure == AMOUNT else reading.coordinates
        before = self.current
        continued = own.keys() - reading.coordinates.keys() - self.topic_of(state).keys()
        if before is not None and not state.joined and continued:
            year = printed_year(token, reading.coordinates, self.lexicon.year, state)
            label = f"{self._name_of(before)} {year}{label}".strip()
        draft = self.new_draft(token, measure, label, state)
        draft.own, draft.both, draft.grand = own, reading.both, reading.grand
        draft.context = self.context_of(state) if measure == AMOUNT else {}
        if measure == AMOUNT:
            draft.left_open = self.left_open(token, state)
            draft.own = {**self._appropriated(draft), **own}
        draft.as_of, draft.purpose = state.as_of, self.purpose
        draft.compared = before is None or not continued or before.compared
        if before is not None and draft.compared and measure == AMOUNT:
            beside = (before,) if state.group is None else (before, state.group)
            draft.compared = not any(self._leaves_fund_open(told, draft, state) for told in beside)
        if measure == AMOUNT and (self._follows_unknown(reading, token, state) or self._follows_fund(draft)):
            draft.compared = False
        if latest is not None and before is not latest and value_of(draft) == value_of(latest):
            draft.compared = False
        self.purpose = None
        if before is not latest and before is not None:
            self.enumerations.close_lists_of(before)
        if draft.compared:
            self.enumerations.add(draft)
        else:
            self.enumerations.spoil(draft)
        self.drafts.append(draft)
        self.refer_to(draft)
        state.group, state.lasting_topic = state.group or draft, None
        return draft

    def _appropriated(self, draft: DraftStatement) -> dict[str, str]:
        """Return the flow of what was appropriated this year where words name its fund only: 一般公共预算当年拨款."""
        told = draft.coordinates(self.hierarchy)
        named = "fund" in draft.own and draft.own.keys() <= RESTATING | {"fund", "vintage"}
        if "flow" in told or not named or draft.both:
            return {}
        if self._is_of_headed_fund(draft, told):
            draft.left_open |= OF_TOTALS
        return {"flow": _REVENUE, "vintage": CURRENT} if "flow" in draft.left_open else {}

    def _is_of_headed_fund(self, draft: DraftStatement, told: Mapping[str, str]) -> bool:
        """Whether a sentence begins with what the fund of its heading grants, and names nothing else: 一般公共预算拨款.

        What the fund grants within the year may be printed as revenue only.
        """
        headed = self.sections.current.coordinates.get("fund") == draft.own["fund"]
        granted = draft.label.endswith(self.lexicon.phrases.signs["grant-ending"])
        alone = self.enumerations.top.whole is None and not any(d.sentence is draft.sentence for d in self.drafts)
        return headed and granted and alone and told.keys() <= RESTATING | {"fund", "vintage"}

    def _name_of(self, draft: DraftStatement) -> str:
        """Return the first words of a label, without a year and a word for the phase at their end: 三公经费2022年决算.

        Words for no more than a flow and a phase (收入预算) are no name.
        """
        if draft.compared and draft.own.keys() <= RESTATING:
            return ""
        name = draft.label.partition(" ")[0]
        words = {t.text: t for t in draft.sentence.tokens if t.end <= draft.token.start}
        for text, token in reversed(words.items()):
            meanings = token.word.meanings if token.word is not None else ()
            if token.sort == YEAR or (meanings and all(m.keys() == {"phase"} for m in meanings)):
                name = name.removesuffix(text)
        return name

    def _restated(
        self, before: DraftStatement, reading: SubjectMeaning, token: Token, state: ClauseState
    ) -> DraftStatement:
        """Return the amount that an amount of another phase, year or flow restates: the latest one, or its whole.

        In 年初预算9万元，其中基本支出6万元、项目支出3万元；决算8万元, it is the whole, since the entries of the list do
        not name a phase of their own. Behind a comma, it is the whole if the same list follows.
        """
        told = {d: c for d, c in reading.coordinates.items() if d in RESTATING}
        if not told or told.keys() != reading.coordinates.keys() or not self.goes_on(state):
            return before
        until = before.tokens_until(token)
        if not any(t.sort == "semicolon" for t in until) and not self._lists_again(before, token, state):
            return before
        return self.antecedents.restated_whole(before, told)

    def _lists_again(self, before: DraftStatement, token: Token, state: ClauseState) -> bool:
        """Whether the list behind an amount begins with the name of the first entry of the list before it."""
        told = [*takewhile(lambda d: d.sentence is before.sentence, reversed(self.drafts))]
        first = next((d for d in reversed(told) if d.whole is before.whole), None)
        behind = [t for t in state.sentence.tokens if t.start >= token.end]
        at = next((at for at, t in enumerate(behind[:_NEAR]) if t.sort == "of-which"), None)
        if first is None or before.whole is None or at is None or not first.label:
            return False
        named = "".join(t.text for t in behind[at + 1 : at + 1 + _LONGEST_NAME] if t.sort not in _PUNCTUATION)
        return named.startswith(first.label)

    def _follows_unknown(self, reading: SubjectMeaning, token: Token, state: ClauseState) -> bool:
        """Whether words for no more than a flow may be of an amount not understood: 到位资金9万元；实际支出8万元."""
        if not reading.coordinates or not reading.coordinates.keys() <= RESTATING or reading.both or reading.grand:
            return False
        before = next((d for d in reversed(self.drafts) if d.measure == AMOUNT), None)
        if before is None or before.sentence is not state.sentence or state.topic:
            return False
        return not before.compared and "line" in before.own and not names_total(before, token)

    def _follows_fund(self, draft: DraftStatement) -> bool:
        """Whether a statement may be of the fund of the amount before a colon: 一般公共预算支出9万元：基本支出6万元."""
        if "fund" in draft.own or self.enumerations.top.whole is not None:
            return False
        tokens = draft.sentence.tokens
        ends = {one.end for one, other in pairwise(tokens) if other.sort == "colon" and other.end <= draft.token.start}
        beside = [*takewhile(lambda d: d.sentence is draft.sentence, reversed(self.drafts))] if ends else []
        stated = (d for d in reversed(beside) if d.measure == AMOUNT)
        opening = next((d for d in stated if d.token.end in ends and "fund" in d.own), None)
        return opening is not None and not names_total(opening, draft.token)

    def _leaves_fund_open(self, before: DraftStatement, draft: DraftStatement, state: ClauseState) -> bool:
        """Whether a statement may be about the fund of the one before: 政府性基金收入0万元，本年支出0万元.

        A word for a total says that it is about all funds. Behind a semicolon, only the other flow may be of the fund.
        The fund that the first amount names may be that of all: 政府性基金年初结转1万元，本年收入8万元，本年支出9万元.
        """
        listed = self.enumerations.top.whole is not None and self.enumerations.top.inline
        if listed or before.sentence is not draft.sentence:
            return False
        named, told = before.coordinates(self.hierarchy), draft.coordinates(self.hierarchy)
        if "fund" in draft.own or named.get("fund") in (None, told.get("fund")) or told.keys() & set(NAMING):
            return False
        if state.group is None and told.get("flow", "") == named.get("flow", ""):
            return False
        return not names_total(before, draft.token)

    def _own(self, reading: SubjectMeaning, token: Token, state: ClauseState) -> dict[str, str]:
        """The own coordinates of a statement, with those of its topic and those shared with the statement before.

        After an enumeration comma, in a list whose entries end with semicolons, it belongs to the same entry; a
        statement that names only another phase, year or flow has the subject of the statement before. An entry of a
        list under a name of its own is of the whole of the list, whatever the topic.
        """
        if "line" in reading.coordinates and self.enumerations.top.whole is not None:
            return dict(reading.coordinates)
        topic = self.topic_of(state) if self.enumerations.top.whole is None else of_money(self.topic_of(state))
        own, before = merge(topic, reading.coordinates, self.hierarchy), self.current
        if state.joined and state.group is not None and self._is_same_entry(before, state):
            stated = before.own if before is not None and before.sentence is state.sentence else {}
            same_year = {"year": stated["year"]} if own.keys() == {"phase"} and "year" in stated else {}
            return {**state.group.own, **same_year, **own}
        if before is None or not self.goes_on(state) or reading.both or reading.grand:
            return own
        differs = any(before.own.get(d) != own[d] for d in ("phase", "year", "flow") if d in own)
        again = differs or (before.sentence is state.sentence and not names_total(before, token))
        if again and self.antecedents.is_carried_out(before, reading.coordinates):
            return {**before.own, **own, "phase": FINAL}
        return {**self._subject_restated(before, own), **own} if own and own.keys() <= RESTATING and differs else own

    def _subject_restated(self, before: DraftStatement, own: Mapping[str, str]) -> Mapping[str, str]:
        """The own coordinates of an amount that another year, phase or flow of it has as well.

        What was carried over, or is carried forward, is of one flow: behind 年初结转1万元, 支出 is not of that.
        """
        if "flow" not in own or not self.antecedents.is_left_over(before):
            return before.own
        return {d: c for d, c in before.own.items() if d not in ("vintage", "kind")}

    def _is_same_entry(self, before: DraftStatement | None, state: ClauseState) -> bool:
        """Whether a statement behind an enumeration comma is of the entry of a list whose entries end with semicolons.

        Amounts of several funds, and the parts in brackets behind one, are no such entry.
        """
        group, top = state.group, self.enumerations.top
        if group is None or (self.enumerations.in_bracket and top.whole is not None):
            return False
        funds = {d.own["fund"] for d in (group, before) if d is not None and "fund" in d.own}
        return len(funds) < _SEVERAL and any(t.sort == "semicolon" for t in state.sentence.tokens)

    def _is_nameless(self, reading: SubjectMeaning, words: Sequence[Token], state: ClauseState) -> bool:
        """Whether words do not name the subject of an amount, which must not be taken for the total then.

        They name only some of it (有关支出), money of some offices (事业单位公用经费, but not
        行政单位机关运行经费: no other offices have that), things that stand for no coordinates (通用设备), the whole
        of a project, which may be that of several years, or only a year or phase where the context settles no more
        than the flow. In a paragraph about something that is not understood, 某局收入预算 is the total of the office
        none the less.
        """
        named = not reading.coordinates.keys() <= RESTATING
        if (
            self.is_some_of(words, state)
            or (reading.coordinates.get("scope") != OPERATING and any(names_offices(word) for word in words))
            or (not named and any(names_nothing(word) for word in words))
            or (reading.grand and "project" in reading.coordinates)
        ):
            return True
        if named or self.goes_on(state):
            return False
        base = self.enumerations.coordinates()
        about = self.context_of(state) if base is None else base
        stated = {*reading.coordinates, *state.topic}
        told = reading.both or reading.grand or "flow" in stated or not about.keys() <= RESTATING
        total = reading.both or reading.grand or reading.coordinates.keys() >= _OF_OFFICE
        return (bool(self.hidden) and not total) or not told

    def _add_count(
        self, token: Token, words: Sequence[Token], state: ClauseState, clause: Sequence[Token], some: bool = False
    ) -> None:
        """Add a number of things; if words behind it say what they do, there may be more of them.

        In a list or in brackets behind something that is not understood, nothing tells what it is of.
        """
        reading = self.read(words, state, counted=True)
        whole = self.enumerations.top.whole
        if whole is not None and whole.measure == ESTABLISHMENT and self._are_present(token, words, whole, state):
            self.enumerations.close_list()
            whole = self.enumerations.top.whole
        coordinates = {d: c for d, c in reading.coordinates.items() if d in _COUNTED}
        kind = kind_before(token, reading.measure, coordinates, self.drafts, self.hierarchy)
        again = whole is not None and whole.counts and is_of_all(coordinates, whole, self.hierarchy)
        listed = whole is not None and whole.counts and whole.token.unit == token.unit and not again
        measure = whole.measure if whole is not None and listed else reading.measure
        fits = measure is not None and fits_unit(measure, token.unit, self.lexicon.vocabulary.base_units)
        unnamed = self.enumerations.top.inline and whole is None and (state.lost or state.opaque)
        if measure is None or not fits or reading.unclear is not None or state.obscure or unnamed:
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
        draft.scope_around = self.sections.current.coordinates.get("scope")
        scoped = "scope" in draft.coordinates(self.hierarchy)
        some = some or repeats or ("line" not in coordinates and self.is_some_of(words, state))
        some = some or is_qualified(nouns, state.sentence.tokens, self.lexicon.phrases.signs["attributive"])
        some = some or (measure == UNITS and label.startswith(self.lexicon.phrases.signs["subordinate"]))
        draft.compared = draft.compared and (scoped if measure in (QUANTITY, QUOTA) else not some)
        if kind is not None:
            draft.filling, draft.compared = True, draft.compared and kind.measure != measure

    def _are_present(self, figure: Token, words: Sequence[Token], posts: DraftStatement, state: ClauseState) -> bool:
        """Whether words behind a semicolon name people present, who are no part of posts: 编制9名；实有行政人员8人."""
        begin = posts.token.end if posts.sentence.paragraph is state.sentence.paragraph else 0
        between = (t for t in state.sentence.tokens if begin <= t.start and t.end <= figure.start)
        ends = [t.end for t in between if t.sort == "semicolon"]
        said = bare(state.sentence.paragraph.text[ends[-1] : figure.start]) if ends else ""
        named = any(names_posts(token.text, self.lexicon.words) for token in words if token.sort == NOUN)
        return not named and any(sign in said for sign in self.lexicon.phrases.signs["present"])

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
