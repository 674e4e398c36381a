"""Titles of tables: the kind of table that one names, what brackets behind it say, and the patterns of captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from ontology.text import clean_label
from ontology.vocabulary import TableKind, Vocabulary

_SHORTEST_WORD = 3
_LONGEST_START = 3
_FLOW, _VINTAGE = "flow", "vintage"
_REMARK = re.compile(r"\(([^()]+)\)$")
_BETWEEN_REMARKS = re.compile(r"[-,、;]")


@lru_cache(maxsize=8)
def cue_patterns(vocabulary: Vocabulary) -> dict[str, re.Pattern[str]]:
    """Return the patterns of the lines above a table, by what they state: number, unit, organisation, year."""
    spaced = {name: [r"\s*".join(map(re.escape, word)) for word in words] for name, words in vocabulary.cues.items()}
    cues = {name: "|".join(words) for name, words in spaced.items()}
    units = sorted(vocabulary.units, key=len, reverse=True)
    money = "|".join(r"\s*".join(map(re.escape, unit)) for unit in units)
    glued = rf"(?:{cues['unit']})\s*:\s*(?:{money})(?=$|[\s)])"
    return {
        "number": re.compile(
            rf"^\s*(?:(?:{cues['table-number']})\s*0*(?P<after>\d{{1,3}})(?=\D|$)"
            rf"|(?:{cues['table-number-before']})\s*0*(?P<between>\d{{1,3}})\s*(?:{cues['table-number']}))\s*[.:、]?"
        ),
        "unit": re.compile(
            rf"(?:(?:^|(?<=[\s(,;]))(?:{cues['unit']})|(?={glued})(?:{cues['unit']}))\s*:"
            rf"\s*((?:{money})(?=$|[\s(),、;])|[^\s),]+)"
        ),
        "unit-behind": re.compile(rf"\((?:(?:{cues['unit']}):[^()]*|{money})\)$"),
        "only-unit": re.compile(rf"\(\s*({money})\s*\)"),
        "organisation": re.compile(
            rf"^\s*(?:{cues['organisation']})\s*:\s*(.*?)\s*"
            rf"(?=$|\t|\s(?:{cues['unit']})\s*:|\s(?:19|20)\d\d\s*(?:{cues['year']})(?:\s|$)|{glued}"
            rf"|\s(?:{cues['table-number-before']})\s*\d{{1,3}}\s*(?:{cues['table-number']}))"
        ),
        "piece": re.compile(
            rf"\s+(?=(?:{cues['unit']}|{cues['organisation']})\s*:)"
            rf"|\s*(?=\(\s*(?:(?:{cues['unit']})\s*:[^()]*|{money})\s*\)\s*$)"
            rf"|\s+(?=(?:{cues['table-number-before']})\s*\d{{1,3}}\s*(?:{cues['table-number']}))"
            rf"|(?<=[{''.join({word[-1] for word in vocabulary.cues['table-number']})}])\s+"
        ),
        "only-year": re.compile(rf"\s*(?:19|20)\d\d\s*(?:{cues['year']})\s*"),
        "year": re.compile(rf"((?:19|20)\d\d)(?:{cues['year']})"),
    }


def kinds_by_title(text: str, vocabulary: Vocabulary) -> Iterator[TableKind]:
    """Yield the kinds of table with a title at the end of `text`, longest title first.

    The title may follow a number, a name and a year, but no word that makes it a different title (财政拨款 before
    支出总表, 基本 before 支出总表). The longest title, brackets left out, decides: where such a word precedes it, no
    shorter title counts.
    Brackets after the title may state the unit of money, the year or the number, the classification of the rows, of
    which years the money is, or repeat what all tables of the kind have in common.
    """
    return iter(_kinds_by_title(text, vocabulary))


@lru_cache(maxsize=4096)
def _kinds_by_title(text: str, vocabulary: Vocabulary) -> tuple[TableKind, ...]:
    """The kinds of table with a title at the end of a line; several steps of reading ask about the same lines."""
    cleaned = _without_remark(cue_patterns(vocabulary)["unit-behind"].sub("", clean_label(text)), vocabulary)
    found = [
        (title, kind, whole[: -len(title)])
        for kind in vocabulary.table_kinds.values()
        for whole in _wordings(cleaned, kind, vocabulary)
        for title in _titles_at_end(whole, kind, vocabulary)
    ]
    ordered = sorted(found, key=lambda item: (-len(_REMARK.sub("", item[0])), -len(item[0]), item[1].key))
    if ordered and _is_narrowed(*ordered[0], vocabulary):
        return ()
    return tuple(kind for title, kind, rest in ordered if not _is_narrowed(title, kind, rest, vocabulary))


def _titles_at_end(text: str, kind: TableKind, vocabulary: Vocabulary) -> list[str]:
    """The titles of a kind with which a cleaned text ends; any conjunction may join the things that they name."""
    alike, titles = text.translate(_conjunctions(vocabulary)), _alike(kind.titles, vocabulary)
    return [t for t, a in zip(kind.titles, titles, strict=True) if alike.endswith(a)] if alike.endswith(titles) else []


@lru_cache(maxsize=1024)
def _alike(titles: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The titles with one conjunction for all."""
    return tuple(title.translate(_conjunctions(vocabulary)) for title in titles)


@lru_cache(maxsize=8)
def _conjunctions(vocabulary: Vocabulary) -> dict[int, str]:
    """The table that translates every conjunction, a single character, to the first of them."""
    first, *others = sorted(vocabulary.cues["conjunction"])
    return {ord(other): first for other in others}


def _without_remark(text: str, vocabulary: Vocabulary) -> str:
    """The cleaned text without a year or number in brackets at its end, as in `支出决算表(公开03表)`.

    Nor with words in them that say of which years the money is, as in `支出表(按经济科目-不含上年结转)`, or with a word
    for offices in general, as in `收支预算总表(部门)`.
    """
    text, _ = split_vintage(text, vocabulary)
    remark, patterns = _REMARK.search(text), cue_patterns(vocabulary)
    stated = remark and any(patterns[name].fullmatch(remark[1]) for name in ("only-year", "number"))
    if remark and (stated or remark[1] in vocabulary.cues["title-word"]):
        return text[: remark.start()]
    return text


def split_vintage(text: str, vocabulary: Vocabulary) -> tuple[str, dict[str, str]]:
    """Divide a cleaned title into the rest and what the brackets at its end say of the years of the money.

    >>> split_vintage("支出表(按经济科目-不含上年结转)", load_vocabulary())  # doctest: +SKIP
    ('支出表(按经济科目)', {'vintage': 'code/vintage/current'})
    """
    remark = _REMARK.search(text)
    if remark is None:
        return text, {}
    others, places = [], dict[str, str]()
    for piece in _BETWEEN_REMARKS.split(remark[1]):
        stated = [
            meaning.places for meaning in vocabulary.meanings.get(piece, ()) if meaning.places.keys() == {_VINTAGE}
        ]
        places |= stated[0] if stated else {}
        others += [] if stated else [piece]
    if not places:
        return text, {}
    rest = text[: remark.start()]
    return (f"{rest}({','.join(others)})" if others else rest), places


def _wordings(text: str, kind: TableKind, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a cleaned title as it stands and as the titles of a kind may word it.

    That is without a word that says that the table is made public (支出决算公开表), without brackets that the kind
    makes superfluous, and with each other name of the classification in them.
    """
    yield text
    for public, table in product(vocabulary.cues["table-number-before"], vocabulary.cues["table-number"]):
        if text.endswith(public + table):
            yield text.removesuffix(public + table) + table
    if remark := _REMARK.search(text):
        if _fits(remark[1], kind, vocabulary):
            yield text[: remark.start()]
        dimension = next(iter(kind.blocks[0].row_dimensions), "")
        words = vocabulary.cues.get(f"by-{dimension}", ())
        yield from (f"{text[: remark.start()]}({word})" for word in words if remark[1] in words and word != remark[1])


def _is_narrowed(title: str, kind: TableKind, rest: str, vocabulary: Vocabulary) -> bool:
    """Whether the text before a title makes it a different title.

    It does if a word ends there that is no phase (财政拨款 before 支出总表), if a word goes on in the title and says
    what the table does not (基本 before 支出总表), or if a word contradicts what all tables of the kind share.
    """
    rest = _REMARK.sub("", rest)
    year = cue_patterns(vocabulary)["year"].search(rest)
    rest = rest[year.end() :] if year else rest
    text, end = rest + title, len(rest)
    for start in range(end):
        longest = min(end + _LONGEST_START, len(text), start + vocabulary.longest_label)
        for stop in range(start + 2, longest + 1):
            for meaning in vocabulary.meanings.get(text[start:stop], ()):
                keys = meaning.places.keys()
                if stop == end and stop - start >= _SHORTEST_WORD and keys != {"phase"}:
                    return True
                if stop > end and not keys <= {"phase", *kind.fixes}:
                    return True
                if stop < end and any(kind.fixes.get(d, c) != c for d, c in meaning.places.items() if d != _FLOW):
                    return True
    return False


def _fits(remark: str, kind: TableKind, vocabulary: Vocabulary) -> bool:
    """Whether words in brackets repeat what all tables of a kind share, or name the classification of their rows."""
    places = [meaning.places for meaning in vocabulary.meanings.get(remark, ())]
    if any(shared and shared.items() <= kind.fixes.items() for shared in places):
        return True
    return remark in _row_classifications(kind.blocks[0].row_dimensions, vocabulary) and len(kind.blocks) == 1


def _row_classifications(dimensions: Iterable[str], vocabulary: Vocabulary) -> Iterator[str]:
    for dimension in dimensions:
        yield from vocabulary.cues.get(f"by-{dimension}", ())


def split_title(printed: str, kind: TableKind | None, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return a cleaned title in the wording that ends with the longest title of its kind, and that title.

    As it stands, without year and number in brackets, and an empty title if there is none.
    """
    text = _without_remark(printed, vocabulary)
    if kind is None:
        return text, ""
    found = (
        (whole, whole[-len(title) :])
        for whole in _wordings(text, kind, vocabulary)
        for title in _titles_at_end(whole, kind, vocabulary)
    )
    return max(found, key=lambda each: len(each[1]), default=(text, ""))
