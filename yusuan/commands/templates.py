"""`yusuan templates`: which table was recognised as what, by which words, and which words were not known."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from ontology.messages import message
from yusuan.commands.options import NOTHING, files_argument, language_option

if TYPE_CHECKING:
    from converters.recognition.headers import Column
    from converters.recognition.table_parts import TablePart
    from converters.recognition.table_recognition import RecognisedTable
    from ontology.vocabulary import Vocabulary


@click.command()
@files_argument
@language_option
def templates(files: tuple[Path, ...], language: str) -> None:
    """Show what the tables of disclosures were recognised as, and what their columns and rows mean.

    For each table: the words of its title that told its kind, what the kind settles for every cell, what the words over
    each column mean, and how many of its rows are known. A word marked as unknown can be taught: one label in ontology/
    makes it known. Exit code 2 if a file could not be read or holds no known table.
    """
    from converters import DocumentError

    failed = False
    for path in files:
        try:
            lines, known = _describe(path, language)
        except DocumentError as error:
            click.echo(error.text(language), err=True)
            failed = True
            continue
        failed |= not known
        for line in lines:
            click.echo(line)
    sys.exit(NOTHING if failed else 0)


def _describe(path: Path, language: str) -> tuple[list[str], bool]:
    """The lines about one file, and whether a table of it is known."""
    from converters import read_document
    from converters.model.hierarchy import Hierarchy
    from converters.recognition.table_recognition import recognise
    from ontology import load_vocabulary

    vocabulary = load_vocabulary()
    hierarchy = Hierarchy({key: concept.parent for key, concept in vocabulary.concepts.items()})
    recognised = [recognise(grid, vocabulary, hierarchy) for grid in read_document(path).grids]
    known = sum(1 for found in recognised if found.kind is not None)
    lines = [message("template-file", language, file=path.name, known=known, tables=len(recognised))]
    for order, found in enumerate(recognised, start=1):
        lines += _table(found, order, vocabulary, language)
    return lines, known > 0


def _table(found: RecognisedTable, order: int, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """The title and the kind of a table and how they were told, its columns and rows, the words that are not known."""
    number = found.caption.number or str(order)
    place = _place(found, language)
    if found.kind is None:
        yield message("template-unknown", language, number=number, title=found.caption.title, place=place)
        return
    kind = vocabulary.concepts[found.kind.key].label(language)
    yield message("template-table", language, number=number, title=found.caption.title, kind=kind)
    yield _told_by(found, place, vocabulary, language)
    for part in found.parts:
        for column in part.columns:
            if column.path:
                yield from _column(column, vocabulary, language)
    heads = [head for part in found.parts for head in part.heads if head.label or head.code]
    if heads:
        known = sum(1 for head in heads if head.issue is None)
        yield "    " + message("template-rows", language, known=known, rows=len(heads), labels=_sample(found.parts))
    issues = (*found.issues, *(head.issue for head in heads if head.issue is not None))
    words = Counter(str(word) for i in issues if (word := i.values.get("word") or i.values.get("code")))
    for word, count in words.items():
        yield "      " + _unknown(word, count, language)


def _told_by(found: RecognisedTable, place: str, vocabulary: Vocabulary, language: str) -> str:
    """By which words of the title the kind was told, where the table stands, its unit and what the kind settles."""
    from converters.recognition.captions import title_words

    fixes = found.kind.fixes if found.kind else {}
    settled = [_said(name, key, vocabulary, language) for name, key in sorted(fixes.items())]
    words = title_words(found.caption) or found.caption.title
    unit = found.caption.unit or "-"
    return "    " + message(
        "template-told", language, words=words, place=place, unit=unit, settled="; ".join(settled) or "-"
    )


def _place(found: RecognisedTable, language: str) -> str:
    from converters.model.document import Locator, place_text

    cell = next(iter(found.grid.cells), None)
    locator = Locator() if cell is None else Locator(page=cell.locator.page, line=cell.locator.line)
    return place_text(locator, language)


def _sample(parts: tuple[TablePart, ...]) -> str:
    """The first and the last row that is known, by their labels or codes."""
    labels = ["".join((head.label or head.code or "").split()) for p in parts for head in p.heads if not head.issue]
    shown = [label for label in labels if label]
    return " … ".join(dict.fromkeys((shown[0], shown[-1]))) if shown else "-"


def _column(column: Column, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """What the words over a column mean; those that are not known on a line of their own."""
    said = [_said(name, key, vocabulary, language) for name, key in column.places.items()]
    roles = [_label(f"code/role/{role}", vocabulary, language) for role in sorted(column.roles)]
    filled = [_term(column.attribute.key, language)] if column.attribute is not None else []
    meaning = "; ".join([*roles, *filled, *said])
    if not meaning and not column.unplaced:
        meaning = _term("def#amount", language)
    yield f"    {column.label}: {meaning or '-'}"
    for cell in () if column.is_key else column.unplaced:
        yield "      " + _unknown("".join(cell.text.split()), 1, language)


def _unknown(word: str, count: int, language: str) -> str:
    return message("template-word", language, word=word) + (f" ×{count}" if count > 1 else "")


def _said(name: str, key: str, vocabulary: Vocabulary, language: str) -> str:
    """A dimension and what stands in it: `fund fiscal appropriation`."""
    value = _term(key, language) if name == "measure" else _label(key, vocabulary, language)
    return f"{_term(f'def#{name}', language)} {value}"


def _label(key: str, vocabulary: Vocabulary, language: str) -> str:
    concept = vocabulary.concepts.get(key)
    return key if concept is None else concept.label(language) or key


def _term(key: str, language: str) -> str:
    """The label of a dimension, a measure or an attribute; its key without one."""
    return _term_labels(language).get(key, key)


@cache
def _term_labels(language: str) -> Mapping[str, str]:
    from ontology import load_vocabulary
    from ontology.namespaces import DEF, RDFS

    return {
        triple.subject.value.replace(DEF, "def#"): triple.object.value
        for triple in load_vocabulary().near_triples
        if isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.Literal)
        and triple.predicate.value == RDFS + "label"
        and triple.object.language == language
    }
