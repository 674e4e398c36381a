"""Sentences to statements: clauses, notes and lists in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from converters.model.document import Issue
from converters.model.hierarchy import Hierarchy
from converters.narrative.clause_patterns import compile_patterns, match_pattern, prepare_tokens
from converters.narrative.clause_state import ClauseState, find_comparison, printed_words, stated_comparison
from converters.narrative.distributed_amounts import distribute_amounts
from converters.narrative.named_entries import NamedEntries, is_name
from converters.narrative.notes import add_purpose, add_reason
from converters.narrative.paragraphs import Paragraph, Sentence
from converters.narrative.sections import SectionStack
from converters.narrative.statements.draft_statements import AMOUNT, CHANGE
from converters.narrative.statements.enumerations import EnumerationStack
from converters.narrative.statements.figure_roles import ADJUSTING, FigureRole
from converters.narrative.statements.said_comparisons import add_said_comparison
from converters.narrative.statements.statement_building import StatementBuilder
from converters.narrative.subject_coordinates import LEVEL, SubjectMeaning, merge, of_money
from converters.narrative.tokens import (
    DATE,
    FIGURES,
    MARK,
    MONEY,
    PERCENT,
    UNCHANGED,
    Lexicon,
    Token,
)
from ontology.narrative_words import bare

_OPENERS = ("of-which", "as-follows")
_NOTES = ("because", "purpose")
_ENDS = frozenset({"comma", "semicolon", "colon", "stop", "open", "close", "aspect", "besides", *_OPENERS, *_NOTES})
_DERIVED = frozenset({"share", "completion", "change", "change-from", "rate", "unchanged", "comparison"})
_LIST = 2
"""Parts that a list has at least."""
_NAME_ENDS = frozenset({"semicolon", "colon", "stop", PERCENT, *_OPENERS, *_NOTES})


class SentenceReader:
    """Reads the sentences of one document in their order; their statements are collected in `builder`."""

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy, entries: NamedEntries) -> None:
        self._lexicon, self._hierarchy, self._entries = lexicon, hierarchy, entries
        self._patterns = compile_patterns(lexicon.phrases)
        self.sections = SectionStack(lexicon, hierarchy, entries)
        self.enumerations = EnumerationStack(hierarchy)
        self._title: tuple[Mapping[str, str], str] = {}, ""
        self.builder = StatementBuilder(lexicon, hierarchy, self.sections, self.enumerations, entries)

    def begin_section(self, heading: Paragraph) -> None:
        """Begin the section of a heading; it closes all lists but one whose entries are such headings."""
        listed = self.enumerations.enter_heading(heading.rank, self.sections.current.rank)
        self.sections.enter(heading, listed)
        self.builder.begin_section()

    def begin_paragraph(self, paragraph: Paragraph) -> None:
        """Close the lists, and leave the sections, that a paragraph with its list mark does not continue."""
        rank = paragraph.rank
        if rank is not None and self.sections.leave(paragraph):
            self.builder.begin_section()
        self.enumerations.enter(rank)
        topic, hidden = self._title if rank is None else ({}, "")
        self.builder.begin_paragraph()
        self.builder.topic, self.builder.hidden = dict(topic), hidden
        self._title = {}, ""

    def read(self, sentence: Sentence) -> None:
        """Read a sentence; each of its figures becomes a draft or an issue."""
        figures = [t for t in sentence.tokens if t.sort in FIGURES or t.sort == UNCHANGED]
        self._state = ClauseState(sentence, {(t.start, t.end): number for number, t in enumerate(figures, start=1)})
        prepared = prepare_tokens(sentence.tokens, self._lexicon)
        self._tokens = distribute_amounts(prepared, self._lexicon.phrases.signs["respectively"])
        self._fresh = True
        at = 0
        while at < len(self._tokens):
            at = self._step(at)
        if not figures and self._state.opaque:
            self.builder.hidden = self._state.hidden
        elif not figures and self._state.topic:
            self.builder.topic = self._state.topic
            if sentence.last and sentence.tokens[-1].sort == "colon":
                whole = self.builder.whole_of(self._state.topic, self._state)
                self.enumerations.open(of_money(self._state.topic), False, False, whole)
        self._keep_title(sentence)
        self.builder.end_sentence(sentence)
        whole = self.enumerations.end_sentence()
        if whole is not None:
            self.builder.current = self.builder.focus = whole

    def _keep_title(self, sentence: Sentence) -> None:
        """Keep what a marked paragraph that states no figure is about, if it is the title of the next.

        It names a class (3.教育支出（类）…。), or ends as titles do (2.公务用车购置费支出情况说明。).
        """
        marked = sentence.tokens[0].sort == MARK and sentence.last
        last = sentence.tokens[-1]
        said = bare(sentence.paragraph.text[sentence.start : last.start if last.sort == "stop" else last.end])
        titled = said.endswith(self._lexicon.phrases.signs["title"]) or any(t.sort == LEVEL for t in sentence.tokens)
        if marked and titled and not any(t.sort in FIGURES for t in sentence.tokens):
            self._title = self.builder.topic, self.builder.hidden

    def _step(self, at: int) -> int:
        """Read the clause that begins at a token; return the index of the next clause."""
        if self._tokens[at].sort == MARK:
            self._fresh = True
            return at + 1
        if self._fresh:
            self._fresh = False
            behind = self._entry(at)
            if behind is not None:
                return behind
        end, figured = at, False
        while end < len(self._tokens):
            sort = self._tokens[end].sort
            if sort in _ENDS or (sort == "enumeration" and figured):
                break
            figured = figured or sort in FIGURES
            end += 1
        clause = [t for t in self._tokens[at:end] if t.sort != "enumeration"]
        ending = self._sort(end)
        opening = self._clause(clause, ending) if clause else {}
        return self._behind(end, ending, clause, opening)

    def _sort(self, at: int) -> str:
        return self._tokens[at].sort if at < len(self._tokens) else "stop"

    def _end_group(self, semicolon: int) -> None:
        """Begin a new group of clauses, with a semicolon between them."""
        self._state.opaque, self._state.hidden, self._state.group = False, "", None
        self._state.lost = False
        if self._state.lasting_topic is not None:
            self._state.topic, self._state.lasting_topic = self._state.lasting_topic, None
        if self._ends_list(semicolon):
            self.enumerations.close_list()

    def _ends_list(self, semicolon: int) -> bool:
        """Whether a semicolon ends the open list, since one stands before its whole and none among its parts.

        收入9万元；支出8万元，其中基本支出5万元，项目支出3万元；年末结转1万元.
        """
        top = self.enumerations.top
        if not top.inline or top.bracket or top.whole is None or len(top.parts) < _LIST:
            return False
        sorts = [(t.start, t.sort) for t in self._tokens[:semicolon]]
        begin = top.whole.token.start
        divided = [start for start, sort in sorts if sort == "semicolon"]
        return any(start < begin for start in divided) and not any(start > begin for start in divided)

    def _behind(self, end: int, ending: str, clause: Sequence[Token], opening: Mapping[str, str] | None) -> int:
        """Read the token that ends a clause, which may open or close a list or begin a note; return the next index.

        Brackets behind words that are not understood (某中心（编制5名）) are of nothing before these words.
        """
        classes = ending == "purpose" and self._lists_classes(end + 1)
        if ending in _NOTES and not classes:
            return self._note(end)
        self._fresh = True
        self._state.joined = ending == "enumeration"
        if ending == "semicolon":
            self._end_group(end)
        elif ending in _OPENERS or classes or (ending == "aspect" and self._sort(end + 1) == "colon"):
            end = self._open_list(end, opening)
        elif ending == "open":
            nameless = opening is None and not any(t.sort in FIGURES for t in clause)
            self.enumerations.open({}, True, True, None if nameless else self.builder.current, bracket=True)
        elif ending == "close":
            whole = self.enumerations.close_bracket()
            if whole is not None:
                self.builder.current = self.builder.focus = whole
            elif self._state.obscure:
                self.builder.refer_to(None)
        elif ending == "besides":
            self.enumerations.clear()
        return end + 1

    def _lists_classes(self, at: int) -> bool:
        """Whether a functional class and its amount stand behind a purpose and its colon: 主要用于：教育支出9万元."""
        if self._sort(at) != "colon":
            return False
        end = at + 1
        while end < len(self._tokens) and self._sort(end) not in (*_ENDS, "enumeration"):
            end += 1
        clause = self._tokens[at + 1 : end]
        match = match_pattern(clause, self._patterns)
        if match is None or match.pattern.yields != AMOUNT or not match.all("subject"):
            return False
        reading = self.builder.read(match.all("subject"), self._state)
        return reading.unclear is None and "function" in reading.coordinates

    def _explains_plan(self, at: int) -> bool:
        """Whether a reason is that of an outturn above or below its plan (决算数小于预算数的主要原因是)."""
        begin = at
        while begin > 0 and self._sort(begin - 1) not in ("comma", "semicolon", "stop"):
            begin -= 1
        clause = bare(self._state.sentence.paragraph.text[self._tokens[begin].start : self._tokens[at].start])
        return any(label in clause for label in self._lexicon.phrases.signs["against-plan"])

    def _open_list(self, end: int, opening: Mapping[str, str] | None) -> int:
        """Open the list whose opening word stands at a token; return the index of the last token of the opening.

        Behind a semicolon, a word such as 按年度分为 divides the whole of the list before it once more; if that is not
        known, what is divided is not.
        """
        some = self._tokens[end].text in self._lexicon.phrases.signs["some-of"]
        end += self._sort(end + 1) in ("colon", "comma")
        going_on = any(t.sort != "stop" for t in self._tokens[end + 1 :]) or not self._state.sentence.last
        top = self.enumerations.top
        whole = self.builder.whole_listed(top.latest) or (top.whole if top.bracket else None)
        again = opening == {} and self._state.group is None and not self._state.lost
        if again and top.inline and not top.bracket:
            whole = top.whole
            self._state.opaque = whole is None
            self.enumerations.close_list()
            top = self.enumerations.top
        told = whole is self.builder.focus
        whole = self.builder.whole_of(opening, self._state) if opening else whole
        nearest = None if told or opening else top.latest
        changed = self.builder.changed_alone(self._state)
        if changed is not None and opening is not None:
            whole, opening = None, merge(changed, opening, self._hierarchy)
        if not top.bracket:
            self._state.explained = next((c for c in self.builder.changes if c.measure == CHANGE), None)
        self.enumerations.open(opening, going_on, True, whole, some=some, nearest=nearest)
        return end

    def _note(self, at: int) -> int:
        """Read a reason or purpose, up to a semicolon, full stop or the end of its bracket; return the next index.

        A purpose ends before a clause that says how the money has changed or what share it is.
        """
        begin = at
        while self._sort(begin) in (*_NOTES, "colon"):
            begin += 1
        end = begin
        reason = self._tokens[at].sort == "because"
        depth = 1 if self.enumerations.in_bracket else len(self._tokens)
        while self._sort(end) not in ("semicolon", "stop"):
            depth += {"open": 1, "close": -1}.get(self._sort(end), 0)
            if depth == 0:
                break
            if not reason and self._sort(end) == "comma" and self._is_derived(end + 1):
                break
            end += 1
        note, builder = self._tokens[begin:end], self.builder
        if not note:
            return end
        sentence = self._state.sentence
        stop = self._tokens[end].start if end < len(self._tokens) else sentence.tokens[-1].end
        text = "".join(sentence.paragraph.text[note[0].start : stop].split())
        current = builder.current
        if reason and self._explains_plan(at):
            return end
        if reason:
            whole = self._sort(end) != "semicolon"
            partial = self._lexicon.phrases.signs["partial"]
            main = any(label in token.text for token in self._tokens[at:begin] for label in partial)
            add_reason(note, text, whole, main, builder, self._state, self._lexicon)
        else:
            if current is not None and current.sentence.paragraph is sentence.paragraph:
                current.purpose = text
            elif builder.topic and not self._state.opaque:
                builder.purpose = text
            add_purpose(note, builder, self._state)
        return end

    def _is_derived(self, at: int) -> bool:
        """Whether a share, a change or a comparison begins at a token."""
        end = at
        while end < len(self._tokens) and self._sort(end) not in _ENDS:
            end += 1
        match = match_pattern(self._tokens[at:end], self._patterns)
        return match is not None and match.pattern.name in _DERIVED

    def _entry(self, at: int) -> int | None:
        """Read a named entry (project or line of a list) and its amount, if one begins here; return the next index."""
        coordinates, top = self.enumerations.coordinates(), self.enumerations.top
        if coordinates is None or top.whole is None or top.whole.measure != AMOUNT:
            return None
        behind = at
        while self._sort(behind) != MONEY and self._sort(behind) not in _NAME_ENDS and behind < len(self._tokens):
            behind += 1
        if behind == at or self._sort(behind) != MONEY or any(t.sort in ADJUSTING for t in self._tokens[at:behind]):
            return None
        money, words = self._tokens[behind], self._tokens[at : behind + 1]
        name = "".join(self._state.sentence.paragraph.text[words[0].start : money.start].split())
        understood = match_pattern(words, self._patterns) is not None
        phase = _phase_behind_name(words)
        key: dict[str, str] | None = None
        if self._entries.are_projects(coordinates):
            projects = self._entries.projects(name.removesuffix(words[-2].text) if phase else name)
            if len(projects) == 1:
                key = {"project": next(iter(projects))}
            elif not understood:
                place = self._state.sentence.paragraph.locator(money.start)
                found = {"name": name, "figure": money.text, "count": len(projects)}
                self.builder.issues.append(Issue("project-not-found", place, found))
                key = {"line": self._mint(name, money, None)}
        elif not understood and (self._entries.are_lines(coordinates) or (top.names_parts and is_name(words[:-1]))):
            whole_name = self.builder.whole_name(FigureRole(money, AMOUNT, None, tuple(words)), self._state)
            name = printed_words(whole_name, self._state)
            key = {"line": self._mint(name, money, coordinates.get("line"))}
        if key is None:
            return None
        draft = self.builder.add_statement(money, AMOUNT, SubjectMeaning({**key, **phase}), name, self._state)
        draft.named = not understood and "line" in key
        return behind + 1

    def _mint(self, name: str, money: Token, parent: str | None) -> str:
        number = self._state.numbers[money.start, money.end]
        return self._entries.mint_line(name, self._state.sentence.number, number, parent)

    def _clause(self, clause: Sequence[Token], ending: str) -> Mapping[str, str] | None:
        """Read a clause; return the coordinates that it settles for a list that follows, None if not understood."""
        match = match_pattern(clause, self._patterns)
        self._state.against = stated_comparison(clause, self._lexicon) or self._state.against
        if match is None:
            return self._unmatched(clause)
        compared = find_comparison(match, self._lexicon)
        if compared is not None:
            words = self.builder.read(match.all("comparison", "base"), self._state).coordinates
            self._state.compared, self._state.compared_words = compared, dict(words)
        self._state.all = self._state.all or any(t.sort == "all" for t in clause)
        if match.pattern.name == "as-of":
            self._state.as_of = next((t.date for t in clause if t.sort == DATE), None)
        elif match.pattern.name == "topic":
            reading = self.builder.read(clause, self._state)
            if reading.unclear is not None:
                self._hide(clause)
                return None
            if ending in (*_OPENERS, "aspect"):
                return reading.coordinates
            if clause[-1].sort == "within" and reading.coordinates:
                self.enumerations.open({}, True, False, self.builder.whole_of(reading.coordinates, self._state))
            if self._state.group is not None and self._state.lasting_topic is None:
                self._state.lasting_topic = self._state.topic
            self._state.topic = merge(self._state.topic, reading.coordinates, self._hierarchy)
        else:
            self.builder.add_clause(match, clause, self._state)
        return {}

    def _unmatched(self, clause: Sequence[Token]) -> Mapping[str, str] | None:
        """Read a clause that no pattern matches; return None if it is not understood."""
        preamble = clause[0].sort == "preamble" and not any(t.sort in FIGURES for t in clause)
        if preamble or add_said_comparison(clause, self.builder, self._state):
            return {}
        self.builder.add_unmatched(clause, self._state)
        if not (any(t.sort == MONEY for t in clause) or self.builder.counts_goals(clause, self._state)):
            self._hide(clause)
        return None

    def _hide(self, clause: Sequence[Token]) -> None:
        """Doubt the clauses after one that is not understood; the whole sentence, if it should have been the topic."""
        stated = any(draft.sentence is self._state.sentence for draft in self.builder.drafts)
        self._state.opaque = True
        if not any(t.sort in FIGURES for t in clause):
            self._state.hidden = " ".join(filter(None, (self._state.hidden, printed_words(clause, self._state))))
            self._state.obscure = self._state.obscure or not stated


def _phase_behind_name(words: Sequence[Token]) -> Mapping[str, str]:
    """The phase that the last word before an amount tells: 校舍维修项目全年预算数20万元."""
    word = words[-2].word if len(words) > 1 else None
    meaning = word.meanings[0] if word is not None and len(word.meanings) == 1 else {}
    return meaning if meaning.keys() == {"phase"} else {}
