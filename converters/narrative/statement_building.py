"""Clauses that fit a frame to drafts of claims; figures that fit none to issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile

from converters.model.document import Issue
from converters.model.hierarchy import Hierarchy
from converters.narrative.clause_patterns import Match
from converters.narrative.drafts import AMOUNT, CHANGE, CHANGE_RATE, SHARE, Draft
from converters.narrative.enumerations import Enumerations
from converters.narrative.paragraphs import Sentence
from converters.narrative.sections import Sections
from converters.narrative.tokens import FIGURES, MARK, MONEY, UNCHANGED, YEAR, Lexicon, Token
from converters.narrative.word_meanings import Reading, merge, read_subject
from ontology.phrases import FILLER, NOUN, bare
from ontology.text import is_ignored

_COUNTED = frozenset({"line", "scope", "organisation", "year", "phase"})
_RESTATING = frozenset({"flow", "phase", "year", "period", "organisation"})
_DIVIDING = frozenset({MARK, "comma", "enumeration", "semicolon", "colon", "stop"})
_TIMELESS = _RESTATING - {"flow"}
_DIRECTIONS = {"increase": "increase", "decrease": "decrease", UNCHANGED: "level"}


@dataclass
class ClauseState:
    """What the words of a sentence have settled so far.

    `topic` are places of clauses that state nothing. `opaque` is True behind a clause that is not understood, `obscure`
    behind one that would have said what the sentence is about; `joined` behind an enumeration comma; `group` is the
    first statement since the last semicolon.
    """

    sentence: Sentence
    numbers: Mapping[tuple[int, int], int]
    topic: dict[str, str] = field(default_factory=dict)
    opaque: bool = False
    obscure: bool = False
    joined: bool = False
    all: bool = False
    compared: int | None = None
    as_of: str | None = None
    group: Draft | None = None


class StatementBuilder:
    """Collects the drafts and issues of one document.

    `current` is the statement that was made last, `changes` what was said of it; `topic` are places of a sentence that
    states nothing, `purpose` what it says money is for, both for the rest of their paragraph; `topic_hidden` is True if
    the paragraph has such a sentence that was not understood.
    """

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy, sections: Sections, listings: Enumerations) -> None:
        self._lexicon, self._hierarchy = lexicon, hierarchy
        self._sections, self._listings = sections, listings
        self.drafts: list[Draft] = []
        self.issues: list[Issue] = []
        self.topic: dict[str, str] = {}
        self.purpose: str | None = None
        self.topic_hidden = False
        self._section_begins = 0
        self.current: Draft | None = None
        self.changes: list[Draft] = []

    def begin_section(self) -> None:
        """Forget what was spoken of."""
        self.current, self.changes = None, []
        self._section_begins = len(self.drafts)
        self.begin_paragraph()

    def begin_paragraph(self) -> None:
        """Forget what a paragraph was about."""
        self.topic, self.purpose, self.topic_hidden = {}, None, False

    def read(self, tokens: Sequence[Token], moment: ClauseState, counted: bool = False) -> Reading:
        """What the words of a subject say in their place."""
        base = self._listings.places()
        surroundings = self._context(moment) if base is None else base
        return read_subject(tokens, surroundings, self._lexicon, self._hierarchy, counted)

    def _context(self, moment: ClauseState) -> dict[str, str]:
        places = merge(self._sections.current.places, self._topic(moment), self._hierarchy)
        if moment.all:
            places.pop("scope", None)
        return places

    def _topic(self, moment: ClauseState) -> dict[str, str]:
        places = merge(self.topic, moment.topic, self._hierarchy)
        if moment.all:
            places.pop("scope", None)
        return places

    def take(self, match: Match, clause: Sequence[Token], moment: ClauseState) -> None:
        """The statements of a clause that fits a frame with figures."""
        frame = match.frame
        counted = match.all("counted")
        for count, noun in zip(counted[::2], counted[1::2], strict=True):
            self._count(count, [noun], moment, clause)
        if frame.name == "things":
            self._count(match.all("count")[0], match.all("subject", "noun"), moment, clause)
        elif frame.yields == AMOUNT:
            words = match.all("subject")
            reading = self.read(words, moment)
            hidden = moment.opaque or moment.obscure or not self._sections.current.understood
            if reading.unclear is not None or hidden or self._is_nameless(reading, words, moment):
                self.refuse([t for t in clause if t.sort == MONEY], clause, moment)
                moment.opaque = True
            else:
                named = [tokens for slot, tokens in match.filled if slot == "subject"][-1]
                self.state(match.all("money")[0], AMOUNT, reading, _printed(named, moment), moment)
        elif frame.yields is not None:
            self._derive(match, clause, moment)

    def _count(self, token: Token, words: Sequence[Token], moment: ClauseState, clause: Sequence[Token]) -> None:
        reading = self.read(words, moment, counted=True)
        whole = self._listings.top.whole
        measure = whole.measure if whole is not None and whole.counts else reading.measure
        if measure is None or reading.unclear is not None or moment.obscure:
            self.refuse([token], clause, moment)
            return
        places = {d: c for d, c in reading.places.items() if d in _COUNTED}
        nouns = [t for t in words if t.sort == NOUN]
        self.state(token, measure, replace(reading, places=places), _printed(nouns, moment), moment)

    def state(self, token: Token, measure: str, reading: Reading, label: str, moment: ClauseState) -> None:
        """A statement of an amount or a number of things.

        One that goes on about what was spoken of has the label of that before its own.
        """
        own = self._own(reading, moment) if measure == AMOUNT else reading.places
        if (
            self.current is not None
            and not moment.joined
            and own.keys() - reading.places.keys() - self._topic(moment).keys()
        ):
            about, _, _ = self.current.label.partition(" ")
            label = f"{about} {label}"
        draft = Draft(
            sentence=moment.sentence,
            number=moment.numbers[token.start, token.end],
            token=token,
            measure=measure,
            label=label,
            heading=self._sections.current.text,
            own=own,
            context=self._context(moment) if measure == AMOUNT else {},
            both=reading.both,
            grand=reading.grand,
            as_of=moment.as_of,
            purpose=self.purpose,
        )
        self.purpose = None
        self._listings.add(draft)
        self.drafts.append(draft)
        self.current, self.changes = draft, []
        moment.group = moment.group or draft

    def _own(self, reading: Reading, moment: ClauseState) -> dict[str, str]:
        """The places of a statement, with those of its topic and those that it shares with the one before.

        Behind an enumeration comma, in a list whose entries end with semicolons, it belongs to the same entry; and a
        statement that names only another step, year or flow is about what was spoken of before.
        """
        own, before = merge(self._topic(moment), reading.places, self._hierarchy), self.current
        if moment.joined and moment.group is not None and any(t.sort == "semicolon" for t in moment.sentence.tokens):
            return {**moment.group.own, **own}
        if before is None or not self._goes_on(moment):
            return own
        differs = any(before.own.get(d) != own[d] for d in ("phase", "year", "flow") if d in own)
        return {**before.own, **own} if own and own.keys() <= _RESTATING and differs else own

    def _is_nameless(self, reading: Reading, words: Sequence[Token], moment: ClauseState) -> bool:
        """Whether words do not tell which amount they are about, so that it must not be taken for that of everything.

        They name it only as a part (有关支出), or they say no more than a year or step where nothing else settles more
        than the flow.
        """
        if self._is_some_of(words, moment):
            return True
        if not reading.places.keys() <= _RESTATING or self._goes_on(moment):
            return False
        base = self._listings.places()
        about = self._context(moment) if base is None else base
        told = reading.both or reading.grand or "flow" in reading.places or not about.keys() <= _RESTATING
        return self.topic_hidden or not told

    def _is_some_of(self, words: Sequence[Token], moment: ClauseState) -> bool:
        """Whether a word for some of something stands right before what is named."""
        partial = self._lexicon.phrases.signs["partial"]
        named = next((word for word in words if word.word is not None and word.word.meanings), None)
        before = next((t for t in reversed(moment.sentence.tokens) if named and t.end <= named.start), None)
        return before is not None and before.sort == FILLER and bare(before.text) in partial

    def _goes_on(self, moment: ClauseState) -> bool:
        """Whether the paragraph has spoken of an amount of money just now."""
        before = self.current
        return (
            before is not None and before.sentence.paragraph is moment.sentence.paragraph and before.measure == AMOUNT
        )

    def _derive(self, match: Match, clause: Sequence[Token], moment: ClauseState) -> None:
        """A share, a change or a rate of the statement made before, or of the one that its own subject names."""
        figure = next(t for t in reversed(clause) if t.sort in FIGURES or t.sort == UNCHANGED)
        words = match.all("subject")
        yields = match.frame.yields or SHARE
        subject, reference = self.current, None
        if yields == SHARE:
            reference = self._find(self.read(words, moment), moment) if words else (subject.whole if subject else None)
        elif words:
            subject = self._spoken_of(self.read(words, moment), moment)
        elsewhere = moment.obscure and subject is not None and subject.sentence is not moment.sentence
        if subject is None or subject.subject is not None or elsewhere:
            self.refuse([t for t in clause if t.sort in FIGURES], clause, moment)
            return
        directions = [_DIRECTIONS[t.sort] for t in clause if t.sort in _DIRECTIONS]
        draft = Draft(
            sentence=moment.sentence,
            number=moment.numbers[figure.start, figure.end],
            token=figure,
            measure=yields,
            label=subject.label,
            heading=subject.heading,
            own={},
            subject=subject,
            reference=reference,
            direction=directions[-1] if directions and yields in (CHANGE, CHANGE_RATE) else None,
            compared_year=moment.compared if yields in (CHANGE, CHANGE_RATE) else None,
        )
        self.drafts.append(draft)
        if draft.direction is not None:
            self.changes.append(draft)

    def _spoken_of(self, words: Reading, moment: ClauseState) -> Draft | None:
        """The statement made before, if these words name it or something wider; else the one that they point to."""
        current = self.current
        if words.unclear is not None:
            return None
        if current is not None:
            places = current.places(self._hierarchy)
            if all(d not in places or self._hierarchy.is_within(places[d], c) for d, c in words.places.items()):
                return current
        return self._find(words, moment)

    def _find(self, words: Reading, moment: ClauseState) -> Draft | None:
        """The latest statement that these words point to: the same step in this paragraph, or the very same places.

        Where the paragraph is about something that is not understood, its words point to nothing outside it.
        """
        hidden = self.topic_hidden or moment.opaque or moment.obscure
        in_context = merge(self._context(moment), words.places, self._hierarchy)
        step = words.places.keys() == {"phase"}
        for draft in reversed(self.drafts):
            if draft.measure == AMOUNT:
                stands = draft.places(self._hierarchy)
                near = draft.sentence.paragraph is moment.sentence.paragraph
                if hidden and not near:
                    return None
                if stands in (in_context, words.places) or (step and near and stands.items() >= words.places.items()):
                    return draft
        return None

    def whole_of(self, words: Mapping[str, str], moment: ClauseState) -> Draft | None:
        """The latest statement of the section that stands where these words point, whatever its step and year."""
        wanted = _of_money(merge(self._context(moment), words, self._hierarchy))
        for draft in reversed(self.drafts[self._section_begins :]):
            if draft.measure == AMOUNT:
                flow = {"flow": words["flow"]} if draft.both and "flow" in words else {}
                if _of_money(draft.places(self._hierarchy) | flow) == wanted:
                    return draft
        return None

    def refuse(self, figures: Sequence[Token], clause: Sequence[Token], moment: ClauseState) -> None:
        """An issue for each figure that is not placed, with the words around it."""
        ends = [t.end for t in moment.sentence.tokens if t.sort in _DIVIDING and t.end <= clause[0].start]
        begin = max(ends, default=moment.sentence.start)
        words = "".join(moment.sentence.paragraph.text[begin : clause[-1].end].split())
        for token in figures:
            if token.sort in FIGURES:
                place = moment.sentence.paragraph.locator(token.start)
                self.issues.append(Issue("figure-not-placed", place, {"figure": token.text, "words": words}))
                self._listings.spoil()
                self.current, self.changes = None, []


def _of_money(places: Mapping[str, str]) -> dict[str, str]:
    return {d: c for d, c in places.items() if d not in _TIMELESS}


def compared_year(match: Match, lexicon: Lexicon) -> int | None:
    """The year that a clause compares with, None if it names none."""
    tokens = match.all("comparison") or (match.all("year") if match.frame.name == "change-against" else ())
    if any(t.sort == "year-on-year" for t in tokens):
        return lexicon.year - 1
    return next((t.year for t in tokens if t.sort == YEAR), None)


def _printed(tokens: Sequence[Token], moment: ClauseState) -> str:
    """The text from the first to the last token, without years before it and spaces inside."""
    tokens = list(dropwhile(lambda token: token.sort == YEAR, tokens))
    if not tokens:
        return ""
    text, begin = moment.sentence.paragraph.text, tokens[0].start
    while begin > 0 and is_ignored(text[begin - 1]) and not text[begin - 1].isspace():
        begin -= 1
    return "".join(text[begin : tokens[-1].end].split())
