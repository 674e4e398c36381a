"""The state of a sentence while its clauses are read, and the words and years of a clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile

from converters.narrative.clause_patterns import Match
from converters.narrative.draft_statements import DraftStatement
from converters.narrative.paragraphs import Sentence
from converters.narrative.tokens import YEAR, Lexicon, Token
from ontology.text import is_ignored


@dataclass
class ClauseState:
    """The state of reading a sentence, clause by clause.

    `topic` are coordinates of clauses without figures. `opaque` is True after a clause that is not understood,
    `obscure` after one that should have named the subject of the sentence; `joined` after an enumeration
    comma; `group` is the first statement since the last semicolon.
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
    group: DraftStatement | None = None


def compared_year(match: Match, lexicon: Lexicon) -> int | None:
    """Return the year that a clause compares with, None if it names none."""
    tokens = match.all("comparison") or (match.all("year") if match.pattern.name == "change-against" else ())
    if any(t.sort == "year-on-year" for t in tokens):
        return lexicon.year - 1
    return next((t.year for t in tokens if t.sort == YEAR), None)


def printed_words(tokens: Sequence[Token], state: ClauseState) -> str:
    """Return the text from the first to the last token without leading years and spaces."""
    tokens = list(dropwhile(lambda token: token.sort == YEAR, tokens))
    if not tokens:
        return ""
    text, begin = state.sentence.paragraph.text, tokens[0].start
    while begin > 0 and is_ignored(text[begin - 1]) and not text[begin - 1].isspace():
        begin -= 1
    return "".join(text[begin : tokens[-1].end].split())
