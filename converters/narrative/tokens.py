"""Tokenizer for running text: numbers with units, years, list marks and words of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from converters.entities.codes import CLASSIFIED
from converters.model.amounts import parse_amount
from converters.narrative.written_amounts import WrittenAmounts
from ontology.narrative_words import NOUN, WORD, Phrases, Word, bare
from ontology.text import is_ignored
from ontology.vocabulary import Vocabulary

MONEY, PERCENT, COUNT, NUMBER, REFERENCE = "money", "percent", "count", "number", "reference"
YEAR, DATE, MARK, UNKNOWN = "year", "date", "mark", "unknown"
FIGURES = frozenset({MONEY, PERCENT, COUNT, NUMBER})
UNCHANGED = "unchanged"
_MONEY_MEASURE = "def#amount"
_MEASURES = {_MONEY_MEASURE: MONEY, "def#share": PERCENT}
_SEPARATORS = ("comma", "enumeration", "semicolon", "colon", "stop", "open")
_SHORT_CODE = 3
CODED = "code"
BUDGET = "code/phase/budget"
FINAL = "code/phase/final"
CURRENT, CARRIED_OVER = "code/vintage/current", "code/vintage/carried-over"
CARRIED_FORWARD, PROJECT = "code/kind/carried-forward", "code/kind/project"
PERFORMANCE, OPERATING = "code/scope/performance", "code/scope/operating-expense"
_OFFSETS = {"this-year": 0, "last-year": -1}
_CODED_LEVEL = re.compile(r"\(\d{2,7}([^\W\d_])\)")
_BRACKETED_CODE = re.compile(r"\((\d{2,3}|\d{5}|\d{7})\)")
_CODE = re.compile(r"(?<![\dA-Za-z-])(\d{2,7})(?![\d.,])")
_JOINT = re.compile(r"[-\u2013\u2014]{1,2}")
_MARK_BEFORE_CODE = re.compile(r"\d{1,2}\.(?=(?:\d{5}|\d{7})[^\W\d])")
_FOUR_DIGITS = re.compile(r"(?:19|20)\d\d")
_NEAR_YEARS = 5
_SHORT_NAME = 2  # such words only tell the time: 年初, 年末
_LEFT_OVER = 100


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `start` and `end` are offsets in the text as given, `text` has no spaces.

    A figure has an `amount`, printed as `digits`, in its `unit` (a key, None without a unit), of which one is `factor`
    base units; a year has `year`, a whole date `date` (ISO), a list mark the key of its rank as `rank`.
    """

    sort: str
    text: str
    start: int
    end: int
    word: Word | None = None
    amount: Decimal | None = None
    decimals: int = 0
    unit: str | None = None
    factor: Decimal = Decimal(1)
    year: int | None = None
    date: str | None = None
    rank: str | None = None
    digits: str = ""


@dataclass(frozen=True)
class Lexicon:
    """The words that text is divided into.

    `names` are words of one document, its organisations and classes; `code_keys` the concepts of its printed codes by
    dimension and code.
    """

    phrases: Phrases
    vocabulary: Vocabulary
    year: int
    names: Mapping[str, Word]
    phase: str = ""
    code_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def words(self) -> Mapping[str, Word]:
        """Every word by its label; outside budgets, an item with the word for its budget has this phase too."""
        words = {**self.phrases.words, **self.names}
        return words if self.phase == BUDGET else words | dict(self._budgeted(words))

    def _budgeted(self, words: Mapping[str, Word]) -> Iterator[tuple[str, Word]]:
        """The items whose label ends with the word for the budget: 机关运行经费预算数."""
        endings = tuple(label for label, word in words.items() if word.meanings == ({"phase": BUDGET},))
        for label, word in words.items():
            if label.endswith(endings) and all(meaning.keys() == {"scope"} for meaning in word.meanings):
                yield label, replace(word, meanings=tuple({**m, "phase": BUDGET} for m in word.meanings))

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """The lengths of the labels, in ascending order."""
        return tuple(sorted({len(label) for label in self.words}))

    @cached_property
    def lengths_by_beginning(self) -> Mapping[str, tuple[int, ...]]:
        """The lengths of the labels that begin with a character, in ascending order."""
        lengths: dict[str, set[int]] = {}
        for label in self.words:
            lengths.setdefault(label[:1], set()).add(len(label))
        return {beginning: tuple(sorted(found)) for beginning, found in lengths.items()}

    def words_at(self, text: str, at: int) -> Iterator[tuple[int, Word]]:
        """Iterate over the words that begin at an offset, with their lengths, shortest first."""
        for size in self.lengths_by_beginning.get(text[at : at + 1], ()):
            if (word := self.words.get(text[at : at + size])) is not None and at + size <= len(text):
                yield size, word

    @cached_property
    def number(self) -> re.Pattern[str]:
        """A date, a year, or a number with or without a unit."""
        signs, cues = self.phrases.signs, self.vocabulary.cues
        year, month, day = ("|".join(labels) for labels in (cues["year"], signs["month"], signs["day"]))
        units = "|".join(re.escape(bare(unit)) for unit in self.vocabulary.units)
        dated = rf"(?:(?P<y>(?:19|20)\d\d)(?:{year}))?(?P<m>\d{{1,2}})(?:{month})(?:(?P<d>\d{{1,2}})(?:{day}))?"
        rounded = "|".join(signs["approximate"])
        digits = r"(?P<digits>(?:(?<![0-9A-Za-z])[-+])?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
        return re.compile(
            rf"(?P<date>{dated})|{self._end_of_year()}|{self._year_before_name()}|(?P<year>(?:19|20)\d\d)(?:{year})"
            rf"|{digits}(?:(?:{rounded})?(?P<unit>{units}))?"
        )

    def _end_of_year(self) -> str:
        """The pattern of a year whose last day is meant: 截至2024年底, or 2024年末 before a comma."""
        year, end = ("|".join(labels) for labels in (self.vocabulary.cues["year"], self.phrases.signs["year-end"]))
        as_of = "".join(sorted({label[-1] for label, word in self.words.items() if word.sort == "as-of"}))
        alone = rf"(?=\d{{4}}(?:{year})(?:{end})[,\uff0c])"
        return rf"(?:(?<=[{as_of}])|{alone})(?P<ended>(?:19|20)\d\d)(?:{year})(?:{end})"

    def _year_before_name(self) -> str:
        """The pattern of a year with whose word a name begins: 2024 in 2024年末结转和结余."""
        year, *longer = sorted(self.vocabulary.cues["year"], key=len)
        names = (label for label in self.words if label.startswith(year) and not label.startswith(tuple(longer)))
        named = "|".join(re.escape(name) for name in sorted(names) if len(name) > _SHORT_NAME)
        return rf"(?P<named>(?:19|20)\d\d)(?={named})"

    @cached_property
    def document_number(self) -> re.Pattern[str]:
        """The year in brackets and the number of an official document: 〔2007〕179号."""
        opening, closing = (
            "|".join(re.escape(label) for label, word in self.words.items() if word.sort == sort)
            for sort in ("open", "close")
        )
        ending = "|".join(self.phrases.signs["document-number"])
        return re.compile(rf"(?:{opening})(?:19|20)\d\d(?:{closing})\D?\d+(?:{ending})")

    @cached_property
    def short_units(self) -> Mapping[str, tuple[str, str]]:
        """Units of money without their last word, as in 12万."""
        units = {bare(label): unit for label, unit in self.vocabulary.units.items()}
        single = [label for label, (_, factor) in units.items() if len(label) == 1 and Decimal(factor) == 1]
        return {
            label[:-1]: unit
            for label, unit in units.items()
            if len(label) > 1 and label[-1] in single and self.phrases.unit_measures.get(unit[0]) == _MONEY_MEASURE
        }

    @cached_property
    def written_amounts(self) -> WrittenAmounts:
        """The amounts of money whose number has words in it."""
        numerals = {label: number for label, number in self.vocabulary.numerals.items() if len(label) == 1}
        measures, units = self.phrases.unit_measures, self.vocabulary.units
        money = {bare(label): unit for label, unit in units.items() if measures.get(unit[0]) == _MONEY_MEASURE}
        vague = (*self.phrases.signs["approximate"], *self.phrases.signs["vague"])
        return WrittenAmounts(numerals, money, vague)

    @cached_property
    def level_marks(self) -> Mapping[str, Word]:
        """The marks of levels without their brackets."""
        return {label.strip("()"): word for label, word in self.words.items() if word.sort == "level"}

    @cached_property
    def flow_endings(self) -> tuple[tuple[str, str], ...]:
        """The names of the flows, revenue and expenditure, with their keys."""
        concepts = self.vocabulary.concepts.values()
        top = self.vocabulary.dimensions["flow"].scheme
        return tuple((bare(label), c.key) for c in concepts if c.scheme == top for label in c.labels)

    def class_of(self, code: str) -> Word | None:
        """Return the functional or economic class with a printed code as a word, None if the code is not known."""
        for dimension in CLASSIFIED:
            scheme = self.vocabulary.dimensions[dimension].scheme or ""
            key = self.code_keys.get((dimension, code)) or self.vocabulary.resolve(scheme, code, self.year)
            if key is not None:
                return Word(WORD, CODED, ({dimension: key},), (key,))
        return None

    @cached_property
    def references(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words before and after a number that make it an ordinal."""
        tables = self.vocabulary.cues["table-number"]
        return (*self.phrases.signs["reference"], *tables), tables


def tokenize(text: str, lexicon: Lexicon) -> list[Token]:
    """Divide a text into tokens, with the fewest unknown characters and then the fewest words."""
    offsets = [i for i, c in enumerate(text) if not is_ignored(c)]
    plain = bare(text)
    fixed = _fixed_tokens(plain, lexicon)
    best: list[tuple[int, int, Word | None]] = [(0, 0, None)] * (len(plain) + 1)
    for at in range(len(plain) - 1, -1, -1):
        best[at] = _best_step(plain, at, fixed, best, lexicon)
    return list(_collect(plain, offsets, fixed, best, lexicon))


def _best_step(
    plain: str,
    at: int,
    fixed: Mapping[int, tuple[int, Token]],
    best: list[tuple[int, int, Word | None]],
    lexicon: Lexicon,
) -> tuple[int, int, Word | None]:
    """Return (cost to the end of the text, length of the next token, its word); of equal costs, the longest token."""
    if at in fixed:
        length = fixed[at][0]
        return best[at + length][0] + 1, length, None
    cost, length, word = best[at + 1][0] + _LEFT_OVER, 1, None
    for size, found in lexicon.words_at(plain, at):
        if best[at + size][0] + 1 <= cost:
            cost, length, word = best[at + size][0] + 1, size, found
    return cost, length, word


def _fixed_tokens(plain: str, lexicon: Lexicon) -> dict[int, tuple[int, Token]]:
    """Return numbers, list marks and level marks with a code by their offset in the text without spaces."""
    fixed: dict[int, tuple[int, Token]] = {}
    at = 0
    while at < len(plain):
        token = _list_mark(plain, at, lexicon) or _coded_level(plain, at, lexicon) or _code(plain, at, lexicon)
        token = token or _written_amount(plain, at, lexicon)
        match = None if token else lexicon.number.match(plain, at)
        token = token or (_number_token(match, plain, lexicon) if match else None) or _document(plain, at, lexicon)
        if token is not None:
            fixed[at] = (len(token.text), token)
            at += len(token.text)
        else:
            at += 1
    return fixed


def _list_mark(plain: str, at: int, lexicon: Lexicon) -> Token | None:
    """A list mark at the beginning of the text or after punctuation."""
    before = lexicon.words.get(plain[at - 1]) if at else None
    if at and (before is None or before.sort not in _SEPARATORS):
        return None
    coded = _MARK_BEFORE_CODE.match(plain, at)
    text = coded[0] if coded else plain[at:]
    for rank, pattern in lexicon.vocabulary.list_marks:
        if match := pattern.match(text):
            return Token(MARK, match[0], 0, 0, rank=rank)
    return None


def _coded_level(plain: str, at: int, lexicon: Lexicon) -> Token | None:
    """A level mark with digits of the code, (06款), which means the same as the mark alone."""
    match = _CODED_LEVEL.match(plain, at)
    word = lexicon.words.get(f"({match[1]})") if match else None
    return Token(word.sort, match[0], 0, 0, word) if match and word and word.level else None


def _code(plain: str, at: int, lexicon: Lexicon) -> Token | None:
    """The code of a class before its name (2010101-行政运行), or behind it, in brackets or before the mark of a level.

    Behind a name, 01项 means what the mark of the level alone does, and (01) adds nothing; a code in brackets may stand
    behind the mark of the level, too: 行政运行（项）（2010101）.
    """
    after_name = at > 0 and plain[at - 1].isalpha()
    if (after_name or _ends_level(plain, at, lexicon)) and (bracketed := _BRACKETED_CODE.match(plain, at)):
        word = lexicon.class_of(bracketed[1])
        return Token(REFERENCE if word is None else WORD, bracketed[0], 0, 0, word)
    match = _CODE.match(plain, at)
    if match is None:
        return None
    code, end = match[1], match.end()
    level = lexicon.level_marks.get(plain[end : end + 1])
    if level is not None and after_name and (code[0] == "0" or _ends_name(plain, at, lexicon)):
        return Token(level.sort, plain[at : end + 1], 0, 0, level)
    joint = _JOINT.match(plain, end) if len(code) > _SHORT_CODE else None
    begin = joint.end() if joint else end + (level is not None)
    named = _begins_name(plain, begin, len(code) > _SHORT_CODE, lexicon)
    return Token(WORD, plain[at:begin], 0, 0, word) if named and (word := lexicon.class_of(code)) else None


def _ends_level(plain: str, at: int, lexicon: Lexicon) -> bool:
    """Whether the mark of a level in brackets ends before an offset."""
    begin = plain.rfind("(", 0, at)
    word = lexicon.words.get(plain[begin:at]) if begin >= 0 else None
    return word is not None and word.level is not None


def _begins_name(plain: str, at: int, any_name: bool, lexicon: Lexicon) -> bool:
    """Whether the name of a class begins at an offset; of a class in no list if `any_name`, but no unit."""
    if any_name and plain[at : at + 1].isalpha():
        return not any(plain.startswith(bare(unit), at) for unit in lexicon.vocabulary.units)
    return any(size > 1 and _is_class(word) for size, word in lexicon.words_at(plain, at))


def _ends_name(plain: str, at: int, lexicon: Lexicon) -> bool:
    """Whether the name of a class ends before an offset."""
    names = (lexicon.words.get(plain[at - size : at]) for size in lexicon.lengths if 1 < size <= at)
    return any(_is_class(word) for word in names if word is not None)


def _is_class(word: Word) -> bool:
    return any(d in m for m in word.meanings for d in CLASSIFIED)


def _document(plain: str, at: int, lexicon: Lexicon) -> Token | None:
    match = lexicon.document_number.match(plain, at)
    return Token(REFERENCE, match[0], 0, 0) if match else None


def _short_money(match: re.Match[str], plain: str, lexicon: Lexicon) -> tuple[str, tuple[str, str]] | None:
    """The unit of an amount without its last word, unless something counted comes next: 12万, but not 3万人次."""
    for short, unit in lexicon.short_units.items():
        if plain.startswith(short, match.end()):
            rest = plain[match.end() + len(short) :]
            following = [word for _, word in lexicon.words_at(rest, 0)]
            counted = any(rest.startswith(bare(label)) for label in lexicon.vocabulary.units)
            if not rest or (following and following[-1].sort not in (NOUN, WORD) and not counted):
                return short, unit
    return None


def _is_year(digits: str, rest: str, lexicon: Lexicon) -> bool:
    """Whether digits before a word for a phase are a year that lacks its word: 比2025预算执行数减少."""
    if not _FOUR_DIGITS.fullmatch(digits) or abs(int(digits) - lexicon.year) > _NEAR_YEARS:
        return False
    return any("phase" in meaning for _, word in lexicon.words_at(rest, 0) for meaning in word.meanings)


def _written_amount(plain: str, at: int, lexicon: Lexicon) -> Token | None:
    """An amount whose number has words in it; a number without unit where it is unclear what it is."""
    if (found := lexicon.written_amounts.match(plain, at)) is None:
        return None
    if found.amount is None:
        return Token(NUMBER, found.text, 0, 0)
    limit = plain.startswith(lexicon.phrases.signs["threshold"], at + len(found.text))
    figure = Token(REFERENCE if limit else MONEY, found.text, 0, 0, None, found.amount.value, found.amount.decimals)
    return figure if limit else replace(figure, unit=found.unit, factor=found.factor, digits=found.digits)


def _number_token(match: re.Match[str], plain: str, lexicon: Lexicon) -> Token:
    text = match[0]
    if match["date"]:
        parts = (match["y"], match["m"], match["d"])
        date = f"{parts[0]}-{int(parts[1]):02d}-{int(parts[2]):02d}" if all(parts) else None
        return Token(DATE, text, 0, 0, date=date)
    if match["ended"]:
        return Token(DATE, text, 0, 0, date=f"{match['ended']}-12-31")
    if match["year"] or match["named"]:
        return Token(YEAR, text, 0, 0, year=int(match["year"] or match["named"]))
    amount = parse_amount(match["digits"])
    if amount is None:
        return Token(NUMBER, text, 0, 0)
    short = _short_money(match, plain, lexicon) if match["unit"] is None else None
    end = match.end() + (len(short[0]) if short else 0)
    limits = lexicon.phrases.signs["threshold"]
    if short is None and match["unit"] is None:
        if _is_year(match["digits"], plain[end:], lexicon):
            return Token(YEAR, text, 0, 0, year=int(text))
        before, behind = lexicon.references
        ordinal = plain[: match.start()].endswith(before) or plain.startswith(behind, match.end())
        return Token(REFERENCE if ordinal else NUMBER, text, 0, 0, amount=amount.value, decimals=amount.decimals)
    unit, factor = short[1] if short else lexicon.vocabulary.units[match["unit"]]
    text = plain[match.start() : end]
    if plain.startswith(limits, end):
        return Token(REFERENCE, text, 0, 0, amount=amount.value, decimals=amount.decimals)
    sort = _MEASURES.get(lexicon.phrases.unit_measures.get(unit, ""), COUNT)
    figure = Token(sort, text, 0, 0, None, amount.value, amount.decimals, unit, Decimal(factor))
    return replace(figure, digits=match["digits"])


def _collect(
    plain: str,
    offsets: list[int],
    fixed: Mapping[int, tuple[int, Token]],
    best: list[tuple[int, int, Word | None]],
    lexicon: Lexicon,
) -> Iterator[Token]:
    at = 0
    while at < len(plain):
        begin = at
        if at in fixed:
            length, token = fixed[at]
            at += length
        else:
            _, length, word = best[at]
            at += length
            while word is None and at < len(plain) and at not in fixed and best[at][2] is None:
                at += best[at][1]
            token = Token(word.sort if word else UNKNOWN, plain[begin:at], 0, 0, word)
        offset = _OFFSETS.get(token.sort)
        sort, year = (token.sort, token.year) if offset is None else (YEAR, lexicon.year + offset)
        yield replace(token, sort=sort, year=year, start=offsets[begin], end=offsets[at - 1] + 1)
