"""Captions of tables: number, title, unit, organisation and kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from converters.model.amounts import parse_amount
from converters.model.document import Grid, TextBlock
from converters.recognition.titles import cue_patterns, kinds_by_title, split_title, split_vintage
from ontology.divisions import division_names
from ontology.text import clean_label
from ontology.vocabulary import TableKind, Vocabulary

_LONGEST_HEADING = 8
_SHORTEST_NAME, _SHORTEST_OFFICE = 4, 3
_LONGEST_LABEL, _LONGEST_DATE = 12, 12
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"^[^:]{2,12}:\s*(?:19|20)\d\d\s*[-./年]\s*\d{1,2}(?!\d)")
_CODE_BEFORE_NAME = re.compile(r"\s*(?:[\[(]\d{3,}[\])]|\d{3,}\s*[-_:\u2013\u2014]|\d{3,}\s|\d{6,})\s*(?=\D{3})")
_SENTENCE_MARKS = frozenset("\u3002,;!?")


@dataclass(frozen=True, slots=True)
class Caption:
    """The lines above a table. `kind` is the kind of table named by the title, None if the title is not known.

    `places` are the coordinates that brackets behind the title state: of which years the money is (不含上年结转).
    """

    number: str | None
    title: str
    block: TextBlock | None
    kind: TableKind | None
    unit: str | None
    organisation: str | None
    year: int | None
    inner_titles: tuple[TextBlock, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


def compatibility_form(text: str) -> str:
    """Return the text in its compatibility form (NFKC), with its spaces, which `clean_label` would remove."""
    return unicodedata.normalize("NFKC", text)


def is_caption_line(texts: Sequence[str], vocabulary: Vocabulary, *, titled: bool = False) -> bool:
    """Return whether a row consists only of caption lines, without any figure.

    One states the unit or the organisation, or is the number of the table (公开01表). Beside it may stand title, year,
    date, number of the page, and in the first place the bare name of an organisation; beside the unit, or below a title
    (`titled`), also any `label：value`.
    """
    printed = [compatibility_form(text).strip() for text in texts if text.strip()]
    cues = cue_patterns(vocabulary)
    naming = ("unit", "organisation")
    stated = {
        text for text in printed if any(cues[name].match(text) for name in naming) or cues["number"].fullmatch(text)
    }
    measured = any(cues["unit"].match(text) for text in stated)
    labelled = {text for text in printed if (titled or measured) and _is_labelled(text, vocabulary)}
    if not (stated or labelled):
        return False
    beside = (text for text in printed if text not in stated and text not in labelled)
    return all(
        _counts_or_dates(text, vocabulary)
        or (text == printed[0] and _names_office(text, vocabulary))
        or _ends_with_title(text, vocabulary)
        for text in beside
    )


def _names_office(text: str, vocabulary: Vocabulary) -> bool:
    known = vocabulary.meanings.get(clean_label(text))
    return ":" not in text and not known and is_office_name(text, vocabulary)


def _is_labelled(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is a label with its value, no figure and no part of the row above (其中：专户资金)."""
    label, _, value = map(str.strip, text.partition(":"))
    known = label in vocabulary.cues["of-which"] or value in vocabulary.meanings or _is_figure(value)
    return 0 < len(label) <= _LONGEST_LABEL and bool(value) and not known and not _SENTENCE_MARKS & set(text)


def _is_figure(text: str) -> bool:
    return parse_amount(text) is not None and not _YEAR.fullmatch(text)


def _counts_or_dates(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is a year, a date, or the number of the table or page: short, with a digit, and no amount."""
    cues = cue_patterns(vocabulary)
    short = len(text) <= _LONGEST_DATE and any(map(str.isdigit, text)) and parse_amount(text.rpartition(":")[2]) is None
    return short or any(cues[name].fullmatch(text) for name in ("only-year", "number"))


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
    return unit, (without_code(named[1]) if named else None) or office


def begins_caption(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a line begins with the number of a table (`表3`)."""
    return cue_patterns(vocabulary)["number"].match(compatibility_form(text)) is not None


def numbers_table(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a line is only the number of a table or page, in any words (`预算11表`), and names no year."""
    printed = compatibility_form(text).strip()
    return _counts_or_dates(printed, vocabulary) and not _YEAR.search(printed)


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
    number below a title belongs to the same heading, with lines that state office or unit between them.
    """
    blocks = [piece for block in blocks for piece in _divided(block, vocabulary)]
    start = max(0, len(blocks) - _LONGEST_HEADING)
    titled = len(blocks)
    for index in range(len(blocks) - 1, start - 1, -1):
        if cue_patterns(vocabulary)["number"].match(compatibility_form(blocks[index].text)):
            above = index
            while above > start and is_caption_line([blocks[above - 1].text], vocabulary):
                above -= 1
            if titled == len(blocks) and above > 0 and _ends_with_title(blocks[above - 1].text, vocabulary):
                index = above - 1
            return tuple(blocks[:index]), tuple(blocks[index:])
        if titled == len(blocks) and _ends_with_title(blocks[index].text, vocabulary):
            titled = index
    return tuple(blocks[:titled]), tuple(blocks[titled:])


def _ends_with_title(text: str, vocabulary: Vocabulary) -> bool:
    return next(kinds_by_title(text, vocabulary), None) is not None


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
        organisation = (without_code(named[1]) if named else None) or organisation
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
    year = next((y for b in dated if (y := find_year(_without_dates(b.text), vocabulary))), None)
    _, places = split_vintage(clean_label(title), vocabulary)
    return Caption(number, title, titles[0] if titles else None, kind, unit, organisation, year, tuple(titles), places)


def _without_dates(text: str) -> str:
    """The cells of a line without labels with a date (编制日期：2025年1月), whose year is not that of the table."""
    return "\t".join(cell for cell in text.split("\t") if not _DATE.match(compatibility_form(cell)))


def _unit_and_office(stated: Sequence[str], vocabulary: Vocabulary) -> tuple[str | None, str | None]:
    """The printed unit of money and organisation named after 单位.

    单位 means both "unit" and "office". If one of the words is a unit of money, the first other word is the office.
    """
    units = [word for word in stated if clean_label(word) in vocabulary.units]
    if not units:
        return (stated[-1] if stated else None), None
    return units[-1], next((without_code(word) for word in stated if word not in units), None)


def without_code(name: str) -> str:
    """Return the name of an office without the code before it.

    >>> without_code("601001-某局"), without_code("601001 某县水利局"), without_code("110指挥中心")
    ('某局', '某县水利局', '110指挥中心')
    """
    return _CODE_BEFORE_NAME.sub("", name, count=1) if _CODE_BEFORE_NAME.match(name) else name


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
    text, title = split_title(printed, caption.kind, vocabulary)
    year = cue_patterns(vocabulary)["year"].search(text)
    if year and caption.kind:
        name = without_list_mark(text[: year.start()], vocabulary) or text[year.end() :].removesuffix(title)
        if is_office_name(name, vocabulary):
            return name
    elif text != printed and caption.kind:
        name = text.removesuffix(title)
        if is_office_name(name, vocabulary):
            return name
    return clean_label(caption.organisation or "") or None


def title_words(caption: Caption, vocabulary: Vocabulary) -> str:
    """Return the longest known title at the end of a caption, empty if there is none."""
    return split_title(clean_label(caption.title), caption.kind, vocabulary)[1]


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
