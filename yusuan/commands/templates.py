"""`yusuan templates`: how each table was recognised, and which words are unknown."""

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
from yusuan.commands.shared.options import NOTHING, files_argument, language_option

if TYPE_CHECKING:
    from converters.recognition.headers import Column
    from converters.recognition.table_parts import TablePart
    from converters.recognition.table_recognition import RecognisedTable
    from ontology.vocabulary import Vocabulary


@click.command()
@files_argument
@language_option
def templates(files: tuple[Path, ...], language: str) -> None:
    """Show how the tables of disclosures were recognised, and the meaning of their columns and rows.

    For each table: the words of the title that identify its kind, the coordinates that the kind fixes for all cells,
    the meaning of each column header, and the number of rows recognised. To teach an unknown word, add it as a label
    in ontology/. Exit code 2 if a file could not be read or contains no known table.
    """
    from converters import DocumentError

    failed = False
    for path in files:
        try:
            lines, known = _describe_file(path, language)
        except DocumentError as error:
            click.echo(error.text(language), err=True)
            failed = True
            continue
        failed |= not known
        for line in lines:
            click.echo(line)
    sys.exit(NOTHING if failed else 0)


def _describe_file(path: Path, language: str) -> tuple[list[str], bool]:
    """Return the lines about one file, and whether any of its tables was recognised."""
    from converters import read_document
    from converters.model.document import document_errors
    from converters.model.document_context import open_context
    from converters.recognition.table_recognition import recognise
    from ontology import load_vocabulary

    vocabulary = load_vocabulary()
    context = open_context(vocabulary)
    with document_errors(path):
        recognised = [recognise(grid, context) for grid in read_document(path).grids]
    known = sum(1 for found in recognised if found.kind is not None)
    lines = [message("template-file", language, file=path.name, known=known, tables=len(recognised))]
    for order, found in enumerate(recognised, start=1):
        lines += _table_lines(found, order, vocabulary, language)
    return lines, known > 0


def _table_lines(found: RecognisedTable, order: int, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """Yield the lines about a table: title, kind, columns, rows, unknown words."""
    number = found.caption.number or str(order)
    place = _place(found, language)
    if found.kind is None:
        yield message("template-unknown", language, number=number, title=found.caption.title, place=place)
        return
    kind = vocabulary.concepts[found.kind.key].label(language)
    yield message("template-table", language, number=number, title=found.caption.title, kind=kind)
    yield _recognition_line(found, place, vocabulary, language)
    for part in found.parts:
        for column in part.columns:
            if column.path:
                yield from _column_lines(column, vocabulary, language)
    row_headers = [
        row_header for part in found.parts for row_header in part.row_headers if row_header.label or row_header.code
    ]
    if row_headers:
        known = sum(1 for row_header in row_headers if row_header.issue is None)
        yield "    " + message(
            "template-rows", language, known=known, rows=len(row_headers), labels=_sample(found.parts)
        )
    issues = (*found.issues, *(row_header.issue for row_header in row_headers if row_header.issue is not None))
    words = Counter(str(word) for i in issues if (word := i.values.get("word") or i.values.get("code")))
    for word, count in words.items():
        yield "      " + _unknown_line(word, count, language)


def _recognition_line(found: RecognisedTable, place: str, vocabulary: Vocabulary, language: str) -> str:
    """Render the words of the title that identify the kind, the place, the unit and the fixed coordinates."""
    from converters.recognition.captions import title_words

    fixes = found.kind.fixes if found.kind else {}
    settled = [_coordinate(name, key, vocabulary, language) for name, key in sorted(fixes.items())]
    words = title_words(found.caption, vocabulary) or found.caption.title
    unit = found.caption.unit or "-"
    return "    " + message(
        "template-recognition", language, words=words, place=place, unit=unit, settled="; ".join(settled) or "-"
    )


def _place(found: RecognisedTable, language: str) -> str:
    from ontology.locators import Locator, locator_to_text

    cell = next(iter(found.grid.cells), None)
    locator = Locator() if cell is None else Locator(page=cell.locator.page, line=cell.locator.line)
    return locator_to_text(locator, language)


def _sample(parts: tuple[TablePart, ...]) -> str:
    """Return the first and the last recognised row, by label or code."""
    labels = [
        "".join((row_header.label or row_header.code or "").split())
        for p in parts
        for row_header in p.row_headers
        if not row_header.issue
    ]
    shown = [label for label in labels if label]
    return " … ".join(dict.fromkeys((shown[0], shown[-1]))) if shown else "-"


def _column_lines(column: Column, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """Yield the meaning of a column header, and a line for each unknown word."""
    ordered = ((name, column.places[name]) for name in vocabulary.dimensions if name in column.places)
    meanings = [_coordinate(name, key, vocabulary, language) for name, key in ordered]
    roles = [_label(f"code/role/{role}", vocabulary, language) for role in sorted(column.roles)]
    filled = [_term(column.attribute.key, language)] if column.attribute is not None else []
    meaning = "; ".join([*roles, *filled, *meanings])
    if not meaning and not column.unplaced:
        meaning = _term("def#amount", language)
    yield f"    {column.label}: {meaning or '-'}"
    for cell in () if column.is_key else column.unplaced:
        yield "      " + _unknown_line("".join(cell.text.split()), 1, language)


def _unknown_line(word: str, count: int, language: str) -> str:
    return message("template-word", language, word=word) + (f" ×{count}" if count > 1 else "")


def _coordinate(name: str, key: str, vocabulary: Vocabulary, language: str) -> str:
    """Render a dimension and its value: `fund fiscal appropriation`."""
    value = _term(key, language) if name == "measure" else _label(key, vocabulary, language)
    return f"{_term(f'def#{name}', language)} {value}"


def _label(key: str, vocabulary: Vocabulary, language: str) -> str:
    concept = vocabulary.concepts.get(key)
    return key if concept is None else concept.label(language) or key


def _term(key: str, language: str) -> str:
    """Return the label of a dimension, measure or attribute, or its key if it has none."""
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
