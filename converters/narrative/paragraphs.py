"""Paragraphs and sentences of the running text, joined across page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from converters.model.document import Document, TextBlock
from converters.narrative.tokens import FIGURES, MARK, YEAR, Lexicon, Token, tokenize
from ontology.locators import Locator
from ontology.narrative_words import bare
from ontology.text import clean_label, is_ignored

_BULLET = re.compile(r"^\s*[-\u2022\u25cf\u00b7]\s+(?=\S)")
_PAGE_NUMBER = re.compile(r"[-\u2014\u2013\s]*\d{1,4}[-\u2014\u2013\s]*")
_LEADERS = re.compile(r"[.\u2026\u00b7]{4}|\u2026{2}")
_ENDING = ("stop", "semicolon", "colon")
_CLAUSE_ENDS = ("comma", "semicolon", "colon", "stop")
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the running text.

    `pieces` are pairs of an offset in `text` and the locator of the line that begins there. A `heading` is a short line
    with a list mark or the words of a title, without figures and without punctuation that ends a clause.
    """

    text: str
    pieces: tuple[tuple[int, Locator], ...]
    tokens: tuple[Token, ...]
    heading: bool

    @property
    def rank(self) -> str | None:
        """The key of the rank of the leading list mark, None without one."""
        return self.tokens[0].rank if self.tokens else None

    def locator(self, offset: int) -> Locator:
        """Return the locator of the line that holds the character at `offset`."""
        return [place for begin, place in self.pieces if begin <= offset][-1]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its number in the document; `last` marks the last one of its paragraph."""

    number: int
    paragraph: Paragraph
    tokens: tuple[Token, ...]
    last: bool

    @property
    def start(self) -> int:
        """The offset of the sentence in the text of the paragraph, a leading quotation mark included."""
        text, start = self.paragraph.text, self.tokens[0].start
        while start > 0 and is_ignored(text[start - 1]) and not text[start - 1].isspace():
            start -= 1
        return start

    @property
    def text(self) -> str:
        """The sentence as printed, lines joined."""
        return self.paragraph.text[self.start : self.tokens[-1].end]

    @property
    def locator(self) -> Locator:
        """The locator of the first character."""
        return self.paragraph.locator(self.start)

    def text_since_semicolon(self, token: Token) -> str:
        """Return what stands before a token, from the last semicolon on if there is one."""
        ends = (t.end for t in self.tokens if t.sort == "semicolon" and t.end <= token.start)
        return self.paragraph.text[max(ends, default=self.start) : token.start]


def read_paragraphs(document: Document, lexicon: Lexicon) -> list[Paragraph]:
    """Return the paragraphs outside tables and captions, in printed order."""
    paragraphs: list[Paragraph] = []
    pieces: list[tuple[TextBlock, Paragraph]] = []
    begun = False
    for block in _running_text(document, lexicon):
        alone = _paragraph([block], lexicon)
        if not begun and _is_cover_line(alone):
            alone = replace(alone, heading=True)
        begun = begun or any(t.sort in FIGURES or t.sort in (*_CLAUSE_ENDS, MARK) for t in alone.tokens)
        if pieces and (alone.heading or alone.rank is not None or _is_closed(pieces[-1][1])):
            paragraphs.append(_join(pieces, lexicon))
            pieces = []
        if alone.heading:
            paragraphs.append(alone)
        else:
            pieces.append((block, alone))
    if pieces:
        paragraphs.append(_join(pieces, lexicon))
    return [paragraph for paragraph in paragraphs if paragraph.tokens]


def _running_text(document: Document, lexicon: Lexicon) -> Iterator[TextBlock]:
    captions = {id(block) for grid in document.grids for block in grid.heading}
    empty = lexicon.vocabulary.cues["empty-table"]
    for block in document.blocks:
        text = _BULLET.sub("", block.text)
        if id(block) in captions or _PAGE_NUMBER.fullmatch(text) or _LEADERS.search(text):
            continue
        stated = not any(cue in clean_label(text) for cue in empty)
        if stated or any(token.sort in FIGURES for token in tokenize(text, lexicon)):
            yield TextBlock(text, block.locator)


def _is_closed(piece: Paragraph) -> bool:
    """Whether a line ends with punctuation that ends a paragraph."""
    return bool(piece.tokens) and piece.tokens[-1].sort in _ENDING


def _join(pieces: Sequence[tuple[TextBlock, Paragraph]], lexicon: Lexicon) -> Paragraph:
    return pieces[0][1] if len(pieces) == 1 else _paragraph([block for block, _ in pieces], lexicon)


def _paragraph(blocks: Sequence[TextBlock], lexicon: Lexicon) -> Paragraph:
    text, pieces = "", []
    for block in blocks:
        pieces.append((len(text), block.locator))
        text += block.text
    tokens = tuple(tokenize(text, lexicon))
    return Paragraph(text, tuple(pieces), tokens, _is_heading(text, tokens, lexicon))


def _is_heading(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    if len(text) > _LONGEST_TITLE or any(t.sort in FIGURES or t.sort in _CLAUSE_ENDS for t in tokens):
        return False
    signs = lexicon.phrases.signs
    titled = bare(text).endswith((*signs["title"], *signs["glossary"], *signs["duties"]))
    return bool(tokens) and (tokens[0].sort == MARK or titled)


def _is_cover_line(line: Paragraph) -> bool:
    """Whether a line before all text names a year and a phase, and states nothing: 某局2023年度部门决算."""
    if len(line.text) > _LONGEST_TITLE or any(t.sort in FIGURES or t.sort in _CLAUSE_ENDS for t in line.tokens):
        return False
    phased = any("phase" in meaning for t in line.tokens if t.word is not None for meaning in t.word.meanings)
    return phased and any(t.sort == YEAR for t in line.tokens)


def read_sentences(paragraph: Paragraph, first: int) -> list[Sentence]:
    """Return the sentences of a paragraph, numbered from `first`."""
    groups: list[list[Token]] = [[]]
    for token in paragraph.tokens:
        groups[-1].append(token)
        if token.sort == "stop":
            groups.append([])
    full = [group for group in groups if group]
    return [
        Sentence(number, paragraph, tuple(group), group is full[-1]) for number, group in enumerate(full, start=first)
    ]
