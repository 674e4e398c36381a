"""The identity of a disclosure: its organisations, year, phase, level and title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from converters.entities.disclosure_context import StatedFacts
from converters.entities.organisations import DEPARTMENT, UNIT, Organisations, settle_organisations
from converters.model.document import Document, DocumentError, Issue
from converters.model.iris import mint_disclosure
from converters.recognition.captions import find_year, is_office_name, organisation_in
from converters.recognition.cover import read_cover, without_title_words
from converters.recognition.headers import NAME
from converters.recognition.row_names import is_total
from converters.recognition.table_parts import RowHeader
from converters.recognition.table_recognition import RecognisedTable
from ontology.locators import Locator
from ontology.register import Register
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_ORGANISATION = "organisation"
_LEVELS = "code/organisation-level"
_LONGEST_HEADING = 40
_SENTENCE_MARKS = frozenset("\u3002,;:!?")


@dataclass(frozen=True, slots=True)
class DisclosureIdentity:
    """The identity of a disclosure.

    `key` is the key of the disclosure, `phase` the key of a concept, `level` a notation (`department`, `unit`) and
    `title` the printed line that names the disclosure, or one composed of organisation, year and phase.
    """

    key: str
    organisations: Organisations
    year: int
    phase: str
    level: str
    title: str


def settle_identity(
    document: Document,
    recognised: Sequence[RecognisedTable],
    vocabulary: Vocabulary,
    register: Register,
    stated: StatedFacts,
) -> DisclosureIdentity:
    """Settle the identity of a disclosure from its cover, the titles of its tables and its printed codes.

    `stated` fills in what the document leaves out. Raises DocumentError if the document has neither a known table nor a
    cover with year and organisation, or if the year or the organisation remains unknown.
    """
    cover = read_cover(document.blocks, vocabulary)
    cover = replace(cover, year=cover.year or stated.year, organisation=cover.organisation or stated.organisation)
    if not any(table.kind for table in recognised) and None in (cover.year, cover.organisation):
        raise DocumentError("nothing-recognised", file=document.source, grids=len(document.grids))
    year = _settle_year(document, recognised, cover.year, vocabulary)
    if year is None:
        raise DocumentError("year-unknown", file=document.source)
    names = without_title_words(_names_in_titles(recognised, vocabulary), cover.organisation, vocabulary)
    names = names or ([cover.organisation] if cover.organisation else [])
    coded = _coded_organisations(recognised)
    if not coded and not names:
        raise DocumentError("organisation-unknown", file=document.source)
    uncoded = dict.fromkeys(name for table in recognised for name in _units_without_codes(table, vocabulary))
    organisations = settle_organisations(
        coded, names, _project_codes(recognised), vocabulary, register, year, uncoded=uncoded
    )
    root = organisations.root
    phase, level = _phase(document, vocabulary, stated), find_level(_texts(document), vocabulary)
    concept = vocabulary.concepts[phase]
    office = root.key.rsplit("/", 1)[-1]
    key = mint_disclosure(organisations.division, year, vocabulary.notation(phase), office, unit=level == UNIT)
    title = cover.title or f"{root.name} {year} {concept.label('zh')}"
    return DisclosureIdentity(key, organisations, year, phase, level, title)


def all_row_headers(recognised: Sequence[RecognisedTable]) -> list[RowHeader]:
    """Return the row headers of all tables, in document order."""
    return [row_header for table in recognised for part in table.parts for row_header in part.row_headers]


def naming_issues(organisations: Organisations) -> list[Issue]:
    """Return an issue that lists the names of the department, if several are printed."""
    names = tuple(dict.fromkeys(clean_label(name) for name in organisations.names))
    if len(names) < 2:
        return []
    values = {"n": len(names), "names": " / ".join(names), "name": organisations.root.name}
    return [Issue("several-names", Locator(), values)]


def _coded_organisations(recognised: Sequence[RecognisedTable]) -> list[tuple[str, str]]:
    """Printed organisation codes with their names, from rows about the organisation itself."""
    return [
        (code, row_header.names.get("organisation", row_header.label))
        for row_header in all_row_headers(recognised)
        if (code := row_header.codes.get("organisation")) is not None
        and ("organisation" in row_header.names or clean_label(row_header.code or "") == code)
    ]


def _units_without_codes(table: RecognisedTable, vocabulary: Vocabulary) -> list[str]:
    """The names in the rows of a table by units: below 单位名称, without codes, none known as anything else.

    At least two rows are named and a total stands beside them.
    """
    if table.kind is None or table.form is not None or table.kind.lists_records or len(table.parts) != 1:
        return []
    [part] = table.parts
    words = [clean_label(cell.text) for column in part.columns if NAME in column.roles for cell in column.path]
    if _ORGANISATION not in part.block.row_dimensions or not set(words) & set(vocabulary.cues[_ORGANISATION]):
        return []
    totals = [header for header in part.row_headers if is_total(header.label, vocabulary)]
    rows = [header for header in part.row_headers if header not in totals]
    named = all(h.issue is not None and h.issue.key == "unknown-row" and not h.code for h in rows)
    names = [header.label for header in rows]
    offices = all(is_office_name(clean_label(name), vocabulary) for name in names)
    return names if totals and len(set(names)) == len(names) > 1 and named and offices else []


def _project_codes(recognised: Sequence[RecognisedTable]) -> list[str]:
    return [code for header in all_row_headers(recognised) if (code := header.codes.get("project")) is not None]


def _names_in_titles(recognised: Sequence[RecognisedTable], vocabulary: Vocabulary) -> list[str]:
    return [name for table in recognised if table.kind and (name := organisation_in(table.caption, vocabulary))]


def _settle_year(
    document: Document, recognised: Sequence[RecognisedTable], cover: int | None, vocabulary: Vocabulary
) -> int | None:
    """The most frequent year in the titles of tables, the latest of equally frequent ones; else that of the cover.

    Where the cover names another year and not most of the tables have this one, titles and headings decide between
    the two, the cover among them.
    """
    titles = _title_years(recognised, vocabulary)
    if not titles:
        return cover
    found = max(set(titles), key=lambda year: (titles.count(year), year))
    if cover in (None, found) or 2 * titles.count(found) > len(recognised):
        return found
    votes = [*titles, *(_heading_years(document, vocabulary) or [cover])]
    return max((found, cover), key=lambda year: (votes.count(year), year or 0))


def _title_years(recognised: Sequence[RecognisedTable], vocabulary: Vocabulary) -> list[int]:
    """The years in the titles of tables.

    Of a form only the title counts: the other lines above a form give the date on which it was filled in.
    """
    named = (
        table.caption.year if table.form is None else find_year(table.caption.title, vocabulary) for table in recognised
    )
    return [year for year in named if year is not None]


def _heading_years(document: Document, vocabulary: Vocabulary) -> list[int]:
    """The years of lines that name a year and a phase and hold no sentence: 第二部分 2023年度部门决算表."""
    words = _phase_words(vocabulary)
    lines = (clean_label(block.text) for block in document.blocks)
    named = (line for line in lines if len(line) <= _LONGEST_HEADING and any(word in line for word in words))
    headings = (line for line in named if not _SENTENCE_MARKS & set(line))
    return [year for line in headings if (year := find_year(line, vocabulary)) is not None]


def _phase(document: Document, vocabulary: Vocabulary, stated: StatedFacts) -> str:
    """The phase that the text names first (部门预算, 部门决算); else the stated phase, else the budget."""
    return _first_named(_texts(document), _phase_words(vocabulary)) or f"code/phase/{stated.phase or 'budget'}"


def find_level(texts: Iterable[str], vocabulary: Vocabulary) -> str:
    """Return the level that the texts name first (部门预算, 单位预算), a department if they name none."""
    return vocabulary.notation(_first_named(texts, _level_words(vocabulary)) or f"{_LEVELS}/{DEPARTMENT}")


@lru_cache(maxsize=8)
def _level_words(vocabulary: Vocabulary) -> Mapping[str, str]:
    phase_words = _phase_words(vocabulary)
    labels = {
        label: concept.key
        for concept in vocabulary.concepts.values()
        if concept.scheme == _LEVELS
        for label in map(clean_label, concept.labels)
    }
    return {label: key for label, key in labels.items() if label in phase_words}


@lru_cache(maxsize=8)
def _phase_words(vocabulary: Vocabulary) -> Mapping[str, str]:
    return {
        label: places["phase"]
        for label, meanings in vocabulary.meanings.items()
        for places in (meaning.places for meaning in meanings)
        if "phase" in places
    }


def _texts(document: Document) -> Iterable[str]:
    return (block.text for block in document.blocks)


def _first_named(texts: Iterable[str], words: Mapping[str, str]) -> str | None:
    """The key of the word that occurs first in the texts, None if no word occurs."""
    for text in map(clean_label, texts):
        found = min(((at, words[word]) for word in words if (at := text.find(word)) >= 0), default=None)
        if found is not None:
            return found[1]
    return None
