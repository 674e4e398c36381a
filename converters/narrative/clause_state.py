"""The state of a sentence while its clauses are read, and the words and comparisons of a clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from converters.narrative.clause_patterns import Match
from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.draft_statements import ComparedWith, DraftStatement, StatedComparison
from converters.narrative.tokens import UNKNOWN, YEAR, Lexicon, Token
from ontology.text import is_ignored

_OPENING, _CLOSING = "“”"


@dataclass
class ClauseState:
    """The state of reading a sentence, clause by clause.

    `topic`: coordinates from clauses without figures; `lasting_topic`: those before a clause that has changed the topic
    behind an amount, as long as no other statement follows it.
    `opaque`: True after a clause that matched no pattern; `obscure`: True if that clause should have named the subject
    of the sentence; `hidden`: the words of such clauses.
    `counted`, `counted_label`: coordinates and label of the people or things counted last.
    `goals`: True behind a number of performance goals.
    `compared_words`: the coordinates of the words of the last comparison.
    `base`: the amount that the next change is counted from.
    `explained`: the change that the reasons of an open list explain.
    `against`: the last comparison that was stated.
    `joined`: True after an enumeration comma; `group`: the first statement since the last semicolon; `lost`: True if a
    figure since then is no statement.
    """

    sentence: Sentence
    numbers: Mapping[tuple[int, int], int]
    topic: dict[str, str] = field(default_factory=dict)
    lasting_topic: dict[str, str] | None = None
    opaque: bool = False
    obscure: bool = False
    hidden: str = ""
    joined: bool = False
    all: bool = False
    compared: ComparedWith | None = None
    compared_words: dict[str, str] = field(default_factory=dict)
    against: StatedComparison | None = None
    as_of: str | None = None
    counted: dict[str, str] = field(default_factory=dict)
    counted_label: str = ""
    goals: bool = False
    base: DraftStatement | None = None
    explained: DraftStatement | None = None
    group: DraftStatement | None = None
    lost: bool = False


def find_comparison(match: Match, lexicon: Lexicon) -> ComparedWith | None:
    """Return the year and phase that a clause compares with, None if it names no year."""
    tokens = match.all("comparison", "base") or (
        match.all("year", "term") if match.pattern.name == "change-against" else ()
    )
    return comparison_of(tokens, lexicon, told=True)


def comparison_of(tokens: Sequence[Token], lexicon: Lexicon, told: bool = False) -> ComparedWith | None:
    """Return the year and phase that tokens compare with, None if they name no year.

    The start of the own year (较2024年年初) and an unknown figure of it (较2024年控制数) are of no known year. Only
    tokens between a word of comparison and a word of change are read; all of them if `told`, which means that a
    clause pattern has matched them as a comparison.
    """
    if not told:
        begin = next((at for at, t in enumerate(tokens) if t.sort in ("compared", "year-on-year")), len(tokens))
        ends = [at for at, t in enumerate(tokens) if at > begin and t.sort in ("increase", "decrease", "unchanged")]
        tokens = tokens[begin : ends[0] if ends else len(tokens)]
    phases = [m["phase"] for t in tokens if t.word is not None for m in t.word.meanings if "phase" in m]
    phase = phases[-1] if phases else None
    if any(t.sort == "year-on-year" for t in tokens):
        return ComparedWith(lexicon.year - 1, phase, relative=True)
    dated = [t for t in tokens if t.sort == YEAR]
    years = [t.year for t in dated]
    if not years:
        return None
    if years[0] is None or (years[0] == lexicon.year and any(t.sort == UNKNOWN for t in tokens)):
        return ComparedWith(None)
    return ComparedWith(years[0], phase, relative=not dated[0].text[:1].isdigit())


def stated_comparison(tokens: Sequence[Token], lexicon: Lexicon) -> StatedComparison | None:
    """Return the year and phase that a clause names to compare with, None if it compares with nothing."""
    if not any(t.sort in ("compared", "year-on-year") for t in tokens):
        return None
    compared = comparison_of(tokens, lexicon)
    phases = [m["phase"] for t in tokens if t.word is not None for m in t.word.meanings if "phase" in m]
    return (compared.year, compared.phase) if compared is not None else (None, phases[-1] if phases else None)


def printed_words(tokens: Sequence[Token], state: ClauseState) -> str:
    """Return the text from the first to the last token without leading years and spaces.

    A quotation mark at the beginning is left out where the sentence closes it behind these words.
    """
    tokens = list(dropwhile(lambda token: token.sort == YEAR, tokens))
    if not tokens:
        return ""
    text, begin = state.sentence.paragraph.text, tokens[0].start
    while begin > 0 and is_ignored(text[begin - 1]) and not text[begin - 1].isspace():
        begin -= 1
    words = "".join(text[begin : tokens[-1].end].split())
    opened = words.startswith(_OPENING) and words.count(_OPENING) > words.count(_CLOSING)
    return words.removeprefix(_OPENING) if opened else words


def printed_year(token: Token, own: Mapping[str, str], usual: int, state: ClauseState) -> str:
    """Return the year as printed before a figure if its own coordinates name another year than the usual one."""
    year = own.get("year", str(usual))
    before = [t for t in state.sentence.tokens if t.sort == YEAR and str(t.year) == year and t.end <= token.start]
    return before[-1].text if before and year != str(usual) else ""
