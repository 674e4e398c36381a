"""Lists as a sentence prints them: entries behind a word such as 其中, told apart by punctuation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.figure_roles import ADJUSTING, AVERAGE
from converters.narrative.tokens import COUNT, FIGURES, MONEY, UNCHANGED, YEAR, Token
from ontology.narrative_words import FILLER, Phrases, bare

_OF_WHICH = "of-which"
_ITEM = "code/unit/item"
_DIGITS = "+-0123456789,."
_SAYING = ADJUSTING | {"increase", "decrease", "compared", "year-on-year", "share", "completion", "reached"}
_SAYING |= {AVERAGE, UNCHANGED}
"""The sorts of words behind which a figure of a clause is no amount of its own: a change, a rate, an average."""
_NOTES = frozenset({"because", "purpose"})
_ENDS = frozenset({"comma", "enumeration", "semicolon", "stop"})
_SUMMED = frozenset({MONEY, COUNT})
_NAMELESS = frozenset({FILLER, "involves", COUNT, MONEY})
"""The sorts of words that do not name an entry."""


@dataclass(eq=False)
class ListEntry:
    """An entry of a list: the words that name it and its figures by unit, money under one unit."""

    words: list[Token]
    figures: dict[str, Token]

    @property
    def name(self) -> str:
        """The name as printed, without spaces."""
        return bare("".join(token.text for token in self.words))


@dataclass(eq=False)
class PrintedList:
    """The entries behind a word such as 其中, and the figures that may be their whole, nearest first.

    `opener` is the word. `plain` are those of the figures that are no change, rate or average, in `origin`.
    `years` are those named beside them. `clear` is False where nothing tells which figures are entries, `interrupted`
    where another list begins inside.
    """

    opener: Token
    origin: Sentence
    plain: list[Token]
    others: list[Token]
    years: frozenset[int]
    entries: list[ListEntry] = field(default_factory=list)
    clear: bool = True
    interrupted: bool = False

    def wholes(self, unit: str) -> list[Token]:
        """The figures that may be the whole, nearest first."""
        return [t for t in self.plain if unit_of(t) == unit]

    def candidates(self, unit: str) -> list[Token]:
        """Every figure before the list, of whatever role."""
        return [t for t in (*self.plain, *self.others) if unit_of(t) == unit]

    def column(self, unit: str) -> list[ListEntry]:
        """The entries with a figure in a unit."""
        return [entry for entry in self.entries if unit in entry.figures]


def name_before(sentence: Sentence, figure: Token) -> str:
    """The words between a figure and the punctuation or figure before it."""
    ends = [t.end for t in sentence.tokens if t.end <= figure.start and (t.sort in _ENDS or t.sort in FIGURES)]
    return bare(sentence.paragraph.text[max(ends, default=sentence.start) : figure.start])


def unit_of(figure: Token) -> str:
    """The unit in which figures can be added: one for all money, one for things, but for visits and the like."""
    label = figure.text.lstrip(_DIGITS)
    if figure.unit == _ITEM and len(label) > 1:
        return label
    return MONEY if figure.sort == MONEY else figure.unit or COUNT


def value_of_figure(figure: Token) -> Decimal:
    """The value of a figure in base units."""
    return (figure.amount or Decimal(0)) * figure.factor


def find_openers(sentence: Sentence, phrases: Phrases) -> Iterator[tuple[int, bool]]:
    """Yield the index of each token that opens a list of parts, and whether the list stands in brackets.

    These are words such as 其中, brackets and colons right behind an amount, and colons behind 由三部分组成.
    """
    tokens, respectively = sentence.tokens, phrases.signs["respectively"]
    depth = 0
    for at, token in enumerate(tokens):
        depth += {"open": 1, "close": -1}.get(token.sort, 0)
        behind = tokens[at + 1].sort if at + 1 < len(tokens) else ""
        named = token.sort == _OF_WHICH and token.text not in respectively
        marked = token.sort in ("open", "colon") and behind != _OF_WHICH
        made = token.sort == "colon" and at > 0 and says_made_up(sentence, tokens[at - 1], phrases)
        if named or made or (marked and at > 0 and tokens[at - 1].sort in _SUMMED):
            yield at, depth > 0


def says_made_up(sentence: Sentence, last: Token, phrases: Phrases) -> bool:
    """Whether the words before a colon say that what follows makes up a whole: 由三部分组成, 按资金来源分."""
    ends = [t.end for t in sentence.tokens if t.end <= last.start and (t.sort in _ENDS or t.sort in FIGURES)]
    clause = bare(sentence.paragraph.text[max(ends, default=sentence.start) : last.end])
    divided = clause.startswith(phrases.signs["divided-by"]) and clause.endswith(phrases.signs["division-ending"])
    return divided or clause.endswith(phrases.signs["made-up"])


def read_list(sentence: Sentence, opener: int, before: Sentence | None, phrases: Phrases) -> PrintedList:
    """Read the figures before a token that opens a list, and the entries behind it."""
    tokens = sentence.tokens
    if before is not None and not any(t.sort in _SUMMED for t in tokens[:opener]):
        listed = _list_after(tokens[opener], before)
    else:
        inside = tokens[opener].sort == "open" or tokens[opener - 1].sort == "open"
        region = _region(tokens[: opener + (tokens[opener].sort == "open")], inside)
        listed = PrintedList(tokens[opener], sentence, *_figures(region), _years(region))
    _EntryReader(listed, phrases.signs["rest"]).read(tokens[opener + 1 :])
    return listed


def _list_after(opener: Token, before: Sentence) -> PrintedList:
    """Return a list that divides a figure of the sentence before it; parts of a list there are no likely wholes."""
    tokens = before.tokens
    cut = next((at for at, t in enumerate(tokens) if t.sort == _OF_WHICH), len(tokens))
    region = _region(tokens[:cut], False)
    plain, others = _figures(region)
    parts = _figures(_region(tokens[cut:], False))
    return PrintedList(opener, before, plain, [*others, *parts[0], *parts[1]], _years(region))


def _years(region: Sequence[Token]) -> frozenset[int]:
    return frozenset(t.year for t in region if t.sort == YEAR and t.year)


def _region(tokens: Sequence[Token], inside: bool) -> list[Token]:
    """The tokens before a list, back to a semicolon or the list that they are in, without what stands in brackets."""
    region: list[Token] = []
    depth = 0
    for token in reversed(tokens[:-1] if inside and tokens and tokens[-1].sort == "open" else tokens):
        depth += {"close": 1, "open": -1}.get(token.sort, 0)
        if depth < 0 or (depth == 0 and token.sort in ("semicolon", _OF_WHICH) and region):
            break
        if depth == 0 and token.sort not in ("open", "close"):
            region.append(token)
    return region[::-1]


def _figures(region: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """The figures of a text that are amounts or numbers of their own, and the others, each nearest first."""
    plain: list[Token] = []
    others: list[Token] = []
    saying = noted = False
    for token in region:
        noted = (noted or token.sort in _NOTES) and token.sort != "semicolon"
        saying = (saying or token.sort in _SAYING) and token.sort not in _ENDS
        if token.sort in _SUMMED:
            (others if saying or noted else plain).append(token)
    return plain[::-1], others[::-1]


class _EntryReader:
    """Reads the entries of a list, to a full stop, the end of its brackets, or a semicolon behind several entries."""

    def __init__(self, listed: PrintedList, rest: tuple[str, ...]) -> None:
        self._listed, self._rest = listed, rest
        self._words: list[Token] = []
        self._figures: list[Token] = []
        self._begun, self._noted, self._by_semicolon = 0, False, False

    def read(self, tokens: Sequence[Token]) -> None:
        """Read the entries of the list that begins with these tokens; those in brackets inside it are left out."""
        depth = 0
        for token in tokens:
            depth += {"open": 1, "close": -1}.get(token.sort, 0)
            self._listed.interrupted = depth == 0 and token.sort == _OF_WHICH
            if depth < 0 or self._listed.interrupted or self._ends_with(token, depth):
                break
        self._end_entry()
        if self._by_semicolon:
            self._fold()

    def _ends_with(self, token: Token, depth: int) -> bool:
        """Take a token in; return whether the list ends with it."""
        if depth > 0 or token.sort in ("open", "close", "colon"):
            return False
        if token.sort not in _ENDS:
            self._take(token)
            return False
        if token.sort == "enumeration" and not self._figures:
            self._words += [token] if self._words else []
            return False
        self._end_entry()
        return token.sort == "stop" or (token.sort == "semicolon" and self._ends_with_semicolon())

    def _take(self, token: Token) -> None:
        self._noted = self._noted or token.sort in _NOTES
        said = self._noted or any(t.sort in _SAYING for t in self._words)
        if token.sort in _SUMMED and not said:
            self._figures.append(token)
        if not self._figures:
            self._words.append(token)

    def _ends_with_semicolon(self) -> bool:
        """Whether a semicolon ends the list, and not only one of its entries: two entries before it have one unit."""
        self._noted = False
        units = [unit for entry in self._listed.entries[self._begun :] for unit in entry.figures]
        if not self._by_semicolon and len(units) > len(set(units)):
            return True
        self._by_semicolon = True
        self._fold()
        self._begun = len(self._listed.entries)
        return False

    def _end_entry(self) -> None:
        """End an entry; figures without a name are further ones of the entry before them."""
        listed, words, figures = self._listed, self._words, self._figures
        self._words, self._figures = [], []
        if not figures:
            return
        found = {unit_of(figure): figure for figure in reversed(figures)}
        if listed.entries and all(t.sort in _NAMELESS and t.text not in self._rest for t in words):
            known = listed.entries[-1].figures
            listed.clear = listed.clear and not known.keys() & found.keys()
            listed.entries[-1].figures = found | known
        else:
            listed.clear = listed.clear and len(found) == len(figures)
            listed.entries.append(ListEntry(words, found))

    def _fold(self) -> None:
        """Make what stands between two semicolons one entry, under the first name."""
        listed, segment = self._listed, self._listed.entries[self._begun :]
        for entry in segment[1:]:
            listed.clear = listed.clear and not segment[0].figures.keys() & entry.figures.keys()
            segment[0].figures = entry.figures | segment[0].figures
        listed.entries[self._begun :] = segment[:1]
