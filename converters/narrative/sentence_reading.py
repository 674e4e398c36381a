"""Sentences to statements: clauses are compared with frames, notes and lists are kept track of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from converters.model.document import Issue
from converters.model.hierarchy import Hierarchy
from converters.narrative.clause_patterns import compile_patterns, match_pattern
from converters.narrative.drafts import AMOUNT
from converters.narrative.enumerations import Enumerations
from converters.narrative.named_entries import NamedEntries
from converters.narrative.paragraphs import Paragraph, Sentence
from converters.narrative.sections import Sections
from converters.narrative.statement_building import ClauseState, StatementBuilder, compared_year
from converters.narrative.tokens import DATE, FIGURES, MARK, MONEY, PERCENT, UNCHANGED, UNKNOWN, Lexicon, Token
from converters.narrative.word_meanings import Reading, merge, reason_direction
from ontology.phrases import FILLER

_OPENERS = ("of-which", "as-follows")
_NOTES = ("because", "purpose")
_ENDS = frozenset({"comma", "semicolon", "colon", "stop", "open", "close", "aspect", "besides", *_OPENERS, *_NOTES})
_NAME_ENDS = frozenset({"semicolon", "colon", "stop", PERCENT, *_OPENERS, *_NOTES})


class Reader:
    """Reads the sentences of one document in their order; what they state is in `drafting`."""

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy, entries: NamedEntries) -> None:
        self._lexicon, self._hierarchy, self._entries = lexicon, hierarchy, entries
        self._frames = compile_patterns(lexicon.phrases)
        self.sections = Sections(lexicon, hierarchy)
        self.listings = Enumerations(hierarchy)
        self.drafting = StatementBuilder(lexicon, hierarchy, self.sections, self.listings)

    def begin_section(self, heading: Paragraph) -> None:
        """Enter the section of a heading; all lists end."""
        self.sections.enter(heading)
        self.listings.clear()
        self.drafting.begin_section()

    def begin_paragraph(self, rank: str | None) -> None:
        """Close the lists that a paragraph with this list mark does not go on with."""
        self.listings.enter(rank)
        self.drafting.begin_paragraph()

    def read(self, sentence: Sentence) -> None:
        """Take the statements of a sentence; every figure of it becomes a draft or an issue."""
        figures = [t for t in sentence.tokens if t.sort in FIGURES or t.sort == UNCHANGED]
        self._now = ClauseState(sentence, {(t.start, t.end): number for number, t in enumerate(figures, start=1)})
        self._tokens = _prepare(sentence.tokens)
        self._fresh = True
        at = 0
        while at < len(self._tokens):
            at = self._step(at)
        if not figures and self._now.opaque:
            self.drafting.topic_hidden = True
        elif not figures and self._now.topic:
            self.drafting.topic = self._now.topic
        self.drafting.current = self.listings.end_sentence() or self.drafting.current

    def _step(self, at: int) -> int:
        """Take the clause that begins at a token; returns where the next one begins."""
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
        return self._behind(end, ending, opening)

    def _sort(self, at: int) -> str:
        return self._tokens[at].sort if at < len(self._tokens) else "stop"

    def _behind(self, end: int, ending: str, opening: Mapping[str, str] | None) -> int:
        """Go on behind the end of a clause; what ends it may open or close a list, or begin a note."""
        if ending in _NOTES:
            return self._note(end)
        self._fresh = True
        self._now.joined = ending == "enumeration"
        if ending == "semicolon":
            self._now.opaque, self._now.group = False, None
        elif ending in _OPENERS or (ending == "aspect" and self._sort(end + 1) == "colon"):
            end += self._sort(end + 1) in ("colon", "comma")
            going_on = any(t.sort != "stop" for t in self._tokens[end + 1 :]) or not self._now.sentence.last
            whole = self.drafting.whole_of(opening, self._now) if opening else self.listings.top.last
            self.listings.open(opening, going_on, True, whole)
        elif ending == "open":
            self.listings.open({}, True, True, self.drafting.current, bracket=True)
        elif ending == "close":
            self.drafting.current = self.listings.close_bracket() or self.drafting.current
        elif ending == "besides":
            self.listings.clear()
        return end + 1

    def _note(self, at: int) -> int:
        """Why, or for what: the words up to a semicolon or full stop, as text of what is spoken of."""
        begin = at
        while self._sort(begin) in (*_NOTES, "colon"):
            begin += 1
        end = begin
        while self._sort(end) not in ("semicolon", "stop"):
            end += 1
        note, drafting = self._tokens[begin:end], self.drafting
        if not note:
            return end
        sentence = self._now.sentence
        stop = self._tokens[end].start if end < len(self._tokens) else sentence.tokens[-1].end
        text = "".join(sentence.paragraph.text[note[0].start : stop].split())
        current, changes = drafting.current, drafting.changes
        if self._tokens[at].sort == "because":
            whole = self._sort(end) != "semicolon"
            for change in changes:
                change.reason = text
                change.reason_direction = reason_direction(text, self._lexicon.phrases) if whole else None
        elif current is not None and current.sentence.paragraph is sentence.paragraph:
            current.purpose = text
        elif drafting.topic and not self._now.opaque:
            drafting.purpose = text
        drafting.refuse(note, note, self._now)
        drafting.current, drafting.changes = current, changes
        return end

    def _entry(self, at: int) -> int | None:
        """Take an entry with a name of its own (a project, a line of a list) and its amount, if one begins here."""
        places, top = self.listings.places(), self.listings.top
        if places is None or top.whole is None or top.whole.measure != AMOUNT:
            return None
        behind = at
        while self._sort(behind) != MONEY and self._sort(behind) not in _NAME_ENDS and behind < len(self._tokens):
            behind += 1
        if behind == at or self._sort(behind) != MONEY:
            return None
        money, words = self._tokens[behind], self._tokens[at : behind + 1]
        name = "".join(self._now.sentence.paragraph.text[words[0].start : money.start].split())
        understood = match_pattern(words, self._frames) is not None
        key: dict[str, str] | None = None
        if self._entries.are_projects(places):
            projects = self._entries.projects(name)
            if len(projects) == 1:
                key = {"project": next(iter(projects))}
            elif not understood:
                place = self._now.sentence.paragraph.locator(money.start)
                found = {"name": name, "figure": money.text, "count": len(projects)}
                self.drafting.issues.append(Issue("project-not-found", place, found))
                self.listings.spoil()
                return behind + 1
        elif self._entries.are_lines(places) and not understood:
            number = self._now.numbers[money.start, money.end]
            key = {"line": self._entries.mint_line(name, self._now.sentence.number, number)}
        if key is None:
            return None
        self.drafting.state(money, AMOUNT, Reading(key), name, self._now)
        return behind + 1

    def _clause(self, clause: Sequence[Token], ending: str) -> Mapping[str, str] | None:
        """Take what a clause states; returns what it settles for a list that follows, None if it is not understood."""
        match = match_pattern(clause, self._frames)
        if match is None:
            self.drafting.refuse(clause, clause, self._now)
            self._hide(clause)
            return None
        self._now.compared = compared_year(match, self._lexicon) or self._now.compared
        self._now.all = self._now.all or any(t.sort == "all" for t in clause)
        if match.frame.name == "as-of":
            self._now.as_of = next((t.date for t in clause if t.sort == DATE), None)
        elif match.frame.name == "topic":
            reading = self.drafting.read(clause, self._now)
            if reading.unclear is not None:
                self._hide(clause)
                return None
            if ending in (*_OPENERS, "aspect"):
                return reading.places
            if clause[-1].sort == "within" and reading.places:
                self.listings.open({}, True, False, self.drafting.whole_of(reading.places, self._now))
            self._now.topic = merge(self._now.topic, reading.places, self._hierarchy)
        else:
            self.drafting.take(match, clause, self._now)
        return {}

    def _hide(self, clause: Sequence[Token]) -> None:
        """What comes behind a clause that is not understood is in doubt, the whole sentence if that was its topic."""
        stated = any(draft.sentence is self._now.sentence for draft in self.drafting.drafts)
        self._now.opaque = True
        if not stated and not any(t.sort in FIGURES for t in clause):
            self._now.obscure = True


def _prepare(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without fillers; what stands in brackets without figures is dropped, or one unknown word."""
    kept: list[Token] = []
    opened: list[int] = []
    for token in tokens:
        if token.sort == FILLER:
            continue
        kept.append(token)
        if token.sort == "open":
            opened.append(len(kept) - 1)
        elif token.sort == "close" and opened:
            begin = opened.pop()
            inside = kept[begin + 1 : -1]
            if not any(t.sort in FIGURES or t.sort == UNCHANGED for t in inside):
                unknown = any(t.sort == UNKNOWN for t in inside)
                bracket = replace(token, sort=UNKNOWN, text="", start=kept[begin].start)
                kept[begin:] = [bracket] if unknown else []
    return kept
