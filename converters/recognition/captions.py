"""Captions of tables: number, title, unit, organisation and kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from converters.model.document import Grid, TextBlock
from ontology.divisions import division_names
from ontology.text import clean_label
from ontology.vocabulary import TableKind, Vocabulary

_LONGEST_HEADING = 8
_SHORTEST_WORD = 3
_LONGEST_START = 3
_FLOW = "flow"
_SHORTEST_NAME, _SHORTEST_OFFICE = 4, 3
_SENTENCE_MARKS = frozenset("\u3002,;!?")
_REMARK = re.compile(r"\(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class Caption:
    """The lines above a table. `kind` is the kind of table named by the title, None if the title is not known."""

    number: str | None
    title: str
    block: TextBlock | None
    kind: TableKind | None
    unit: str | None
    organisation: str | None
    year: int | None
    inner_titles: tuple[TextBlock, ...] = ()


@lru_cache(maxsize=8)
def cue_patterns(vocabulary: Vocabulary) -> dict[str, re.Pattern[str]]:
    """Return the patterns of the lines above a table, by what they state: number, unit, organisation, year."""
    spaced = {name: [r"\s*".join(map(re.escape, word)) for word in words] for name, words in vocabulary.cues.items()}
    cues = {name: "|".join(words) for name, words in spaced.items()}
    money = "|".join(map(re.escape, sorted(vocabulary.units, key=len, reverse=True)))
    glued = rf"(?:{cues['unit']})\s*:\s*(?:{money})(?=$|[\s)])"
    return {
        "number": re.compile(
            rf"^\s*(?:(?:{cues['table-number']})\s*0*(?P<after>\d{{1,3}})(?=\D|$)"
            rf"|(?:{cues['table-number-before']})\s*0*(?P<between>\d{{1,3}})\s*(?:{cues['table-number']}))\s*[.:、]?"
        ),
        "unit": re.compile(rf"(?:(?:^|(?<=[\s(,;]))(?:{cues['unit']})|(?={glued})(?:{cues['unit']}))\s*:\s*([^\s),]+)"),
        "unit-behind": re.compile(rf"\((?:(?:{cues['unit']}):[^()]*|{money})\)$"),
        "only-unit": re.compile(rf"\(\s*({money})\s*\)"),
        "organisation": re.compile(
            rf"^\s*(?:{cues['organisation']})\s*:\s*(.*?)\s*(?=$|\s(?:{cues['unit']})\s*:|{glued})"
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


def compatibility_form(text: str) -> str:
    """Return the text in its compatibility form (NFKC), with its spaces, which `clean_label` would remove."""
    return unicodedata.normalize("NFKC", text)


def is_caption_line(texts: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Return whether a row consists only of caption lines: unit, organisation, year."""
    printed = [compatibility_form(text).strip() for text in texts if text.strip()]
    cues = cue_patterns(vocabulary)
    stated = [text for text in printed if cues["unit"].match(text) or cues["organisation"].match(text)]
    return bool(stated) and all(text in stated or cues["only-year"].fullmatch(text) for text in printed)


def stated_unit_and_office(text: str, vocabulary: Vocabulary) -> tuple[str | None, str | None] | None:
    """Return the unit of money and the organisation that a line states, None for a line that says anything else.

    >>> stated_unit_and_office("部门：某局　金额单位：万元", load_vocabulary())  # doctest: +SKIP
    ('万元', '某局')
    """
    cues = cue_patterns(vocabulary)
    line = compatibility_form(text).strip()
    named = cues["organisation"].match(line)
    rest = line[named.end() :] if named else line
    stated = cues["unit"].findall(rest) + cues["only-unit"].findall(rest)
    if (not named and not stated) or cues["only-unit"].sub("", cues["unit"].sub("", rest)).strip(" ()"):
        return None
    unit, office = _unit_and_office(stated, vocabulary)
    return unit, (named[1] if named else None) or office


def begins_caption(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a line begins with the number of a table (`表3`)."""
    return cue_patterns(vocabulary)["number"].match(compatibility_form(text)) is not None


def declares_empty(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text declares a table empty; a year inside the words is ignored.

    >>> declares_empty("本单位无2024年政府性基金支出", load_vocabulary())  # doctest: +SKIP
    True
    """
    return has_cue(text, "empty-table", vocabulary)


def has_cue(text: str, cue: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text contains a word of a cue, with or without a year inside the word."""
    cleaned = clean_label(text)
    years = "|".join(map(re.escape, vocabulary.cues["year"]))
    undated = re.sub(rf"(?:19|20)\d\d(?:{years})?", "", cleaned)
    return any(word in cleaned or word in undated for word in vocabulary.cues[cue])


def names_unit(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a line states the unit of money of a table."""
    return unit_named_in(text, vocabulary) is not None


def unit_named_in(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return the unit of money that a line states, as its key and its factor to yuan; None if it states none."""
    found = cue_patterns(vocabulary)["unit"].search(compatibility_form(text))
    return vocabulary.units.get(clean_label(found[1])) if found else None


def is_titled(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a line begins with the number of a table or ends with a known title."""
    return bool(cue_patterns(vocabulary)["number"].match(compatibility_form(text))) or any(
        _ends_with_title(piece, vocabulary) for piece in _caption_pieces(text, vocabulary)
    )


def _divided(block: TextBlock, vocabulary: Vocabulary) -> Sequence[TextBlock]:
    pieces = _caption_pieces(block.text, vocabulary)
    return [replace(block, text=piece) for piece in pieces] if len(pieces) > 1 else [block]


def _caption_pieces(text: str, vocabulary: Vocabulary) -> list[str]:
    """Divide a line that has the title of a table and what belongs beside it: number, office, unit.

    >>> _caption_pieces("支出决算表 公开03表 单位：万元", load_vocabulary())  # doctest: +SKIP
    ['支出决算表', '公开03表', '单位：万元']
    >>> _caption_pieces("支出决算表（单位：万元）", load_vocabulary())  # doctest: +SKIP
    ['支出决算表', '(单位:万元)']
    """
    cues = cue_patterns(vocabulary)
    narrow = compatibility_form(text).strip()
    if not cues["piece"].search(narrow):
        return [text]
    pieces = cues["piece"].split(narrow)
    names = ("unit", "only-unit", "organisation", "number")
    stated = any(cues[name].match(piece.removeprefix("(")) for piece in pieces for name in names)
    return pieces if stated and any(_ends_with_title(piece, vocabulary) for piece in pieces) else [text]


def split_notes(
    blocks: Sequence[TextBlock], vocabulary: Vocabulary
) -> tuple[tuple[TextBlock, ...], tuple[TextBlock, ...]]:
    """Split the text between two tables into (notes of the first, heading of the second).

    The heading begins at the last line with a table number, else at the last line that ends with a known title. A
    number right below a title belongs to the same heading.
    """
    blocks = [piece for block in blocks for piece in _divided(block, vocabulary)]
    start = max(0, len(blocks) - _LONGEST_HEADING)
    titled = len(blocks)
    for index in range(len(blocks) - 1, start - 1, -1):
        if cue_patterns(vocabulary)["number"].match(compatibility_form(blocks[index].text)):
            if titled == len(blocks) and index > 0 and _ends_with_title(blocks[index - 1].text, vocabulary):
                index -= 1
            return tuple(blocks[:index]), tuple(blocks[index:])
        if titled == len(blocks) and _ends_with_title(blocks[index].text, vocabulary):
            titled = index
    return tuple(blocks[:titled]), tuple(blocks[titled:])


def _ends_with_title(text: str, vocabulary: Vocabulary) -> bool:
    return next(kinds_by_title(text, vocabulary), None) is not None


def kinds_by_title(text: str, vocabulary: Vocabulary) -> Iterator[TableKind]:
    """Yield the kinds of table with a title at the end of `text`, longest title first.

    The title may follow a number, a name and a year, but no word that makes it a different title (财政拨款 before
    支出总表, 基本 before 支出总表). The longest title decides: where such a word precedes it, no shorter title counts.
    Brackets after the title may state the unit of money, the year or the number, the classification of the rows, or
    repeat what all tables of the kind have in common.
    """
    cleaned = _without_remark(cue_patterns(vocabulary)["unit-behind"].sub("", clean_label(text)), vocabulary)
    remark = _REMARK.search(cleaned)
    found = [
        (title, kind, whole.removesuffix(title))
        for kind in vocabulary.table_kinds.values()
        for title in kind.titles
        for whole in (
            (cleaned, cleaned[: remark.start()]) if remark and _fits(remark[1], kind, vocabulary) else (cleaned,)
        )
        if whole.endswith(title)
    ]
    ordered = sorted(found, key=lambda item: (-len(item[0]), item[1].key))
    if ordered and _is_narrowed(*ordered[0], vocabulary):
        return iter(())
    return (kind for title, kind, rest in ordered if not _is_narrowed(title, kind, rest, vocabulary))


def _without_remark(text: str, vocabulary: Vocabulary) -> str:
    """The cleaned text without a year or number in brackets at its end, as in `支出决算表(公开03表)`."""
    remark, patterns = _REMARK.search(text), cue_patterns(vocabulary)
    if remark and (patterns["only-year"].fullmatch(remark[1]) or patterns["number"].fullmatch(remark[1])):
        return text[: remark.start()]
    return text


def _without_row_words(text: str, kind: TableKind | None, vocabulary: Vocabulary) -> str:
    """The cleaned title without the classification of its rows in brackets at its end."""
    remark = _REMARK.search(text)
    if remark and kind and _fits(remark[1], kind, vocabulary) and text[: remark.start()].endswith(kind.titles):
        return text[: remark.start()]
    return text


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


def names_form(heading: Sequence[TextBlock], vocabulary: Vocabulary) -> bool:
    """Return whether the lines above a table name a form, which has captions beside and above cells and no header."""
    _, kind = _title(heading, vocabulary)
    return kind is not None and kind.form_class is not None


def find_year(text: str, vocabulary: Vocabulary) -> int | None:
    """Return the first year named in `text` (`2024 年`, `2024年度`), None if there is none."""
    match = cue_patterns(vocabulary)["year"].search(clean_label(text))
    return int(match[1]) if match else None


def read_caption(grid: Grid, vocabulary: Vocabulary) -> Caption:
    """Read the caption of a grid; a title that wraps over two lines is joined."""
    cues = cue_patterns(vocabulary)
    titles: list[TextBlock] = []
    stated: list[str] = []
    organisation = None
    for block in (piece for each in grid.heading for piece in _divided(each, vocabulary)):
        text = compatibility_form(block.text)
        named, measured = cues["organisation"].match(text), cues["unit"].findall(text)
        measured += cues["only-unit"].findall(text) if cues["only-unit"].fullmatch(text) else []
        organisation = (named[1] if named else None) or organisation
        stated += measured
        if not named and not measured and not cues["only-year"].fullmatch(text):
            titles.append(block)
    unit, office = _unit_and_office(stated, vocabulary)
    organisation = organisation or office
    number = next(
        (m["after"] or m["between"] for b in grid.heading if (m := cues["number"].match(compatibility_form(b.text)))),
        None,
    )
    title, kind = _title(titles, vocabulary)
    dated = [*titles, *(block for block in grid.heading if block not in titles)]
    year = next((y for b in dated if (y := find_year(b.text, vocabulary))), None)
    return Caption(number, title, titles[0] if titles else None, kind, unit, organisation, year, tuple(titles))


def _unit_and_office(stated: Sequence[str], vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """The printed unit of money and organisation named after 单位.

    单位 means both "unit" and "office". If one of the words is a unit of money, the first other word is the office.
    """
    units = [word for word in stated if clean_label(word) in vocabulary.units]
    if not units:
        return (stated[-1] if stated else None), None
    return units[-1], next((word for word in stated if word not in units), None)


def _title(lines: Sequence[TextBlock], vocabulary: Vocabulary) -> tuple[str, TableKind | None]:
    """The first line, or pair of consecutive lines, that ends with a known title, and the kind of table it names."""
    for text in _candidates(lines):
        kind = next(kinds_by_title(text, vocabulary), None)
        if kind is not None:
            return text, kind
    return (lines[0].text if lines else ""), None


def _candidates(lines: Sequence[TextBlock]) -> Iterable[str]:
    for index, block in enumerate(lines):
        yield block.text
        if index + 1 < len(lines):
            yield block.text + lines[index + 1].text


def organisation_in(caption: Caption, vocabulary: Vocabulary) -> str | None:
    """Return the organisation named above a table: before the year, between year and title, or in a separate line."""
    printed = clean_label(cue_patterns(vocabulary)["number"].sub("", compatibility_form(caption.title)))
    text = _without_row_words(_without_remark(printed, vocabulary), caption.kind, vocabulary)
    year = cue_patterns(vocabulary)["year"].search(text)
    if year and caption.kind:
        name = without_list_mark(text[: year.start()], vocabulary) or text[year.end() :].removesuffix(
            title_words(caption, vocabulary)
        )
        if is_office_name(name, vocabulary):
            return name
    elif text != printed and caption.kind:
        name = text.removesuffix(title_words(caption, vocabulary))
        if is_office_name(name, vocabulary):
            return name
    return clean_label(caption.organisation or "") or None


def title_words(caption: Caption, vocabulary: Vocabulary) -> str:
    """Return the longest known title at the end of a caption, empty if there is none."""
    text = _without_row_words(_without_remark(clean_label(caption.title), vocabulary), caption.kind, vocabulary)
    titles = caption.kind.titles if caption.kind else ()
    return max((title for title in titles if text.endswith(title)), key=len, default="")


def is_office_name(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a part of a title is the name of an organisation: no word for offices, division or number."""
    generic = (
        text in vocabulary.cues["title-word"]
        or text in division_names(vocabulary)
        or cue_patterns(vocabulary)["number"].fullmatch(text) is not None
    )
    long_enough = len(text) >= _SHORTEST_NAME or (
        len(text) >= _SHORTEST_OFFICE and text.endswith(vocabulary.cues["office-ending"])
    )
    return long_enough and not generic and not _SENTENCE_MARKS & set(text)


def without_list_mark(text: str, vocabulary: Vocabulary) -> str:
    """Return the text without its list mark."""
    marks = (match for _, pattern in vocabulary.list_marks if (match := pattern.match(text)))
    return next((text[match.end() :] for match in marks), text)
