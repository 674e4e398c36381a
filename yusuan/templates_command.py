"""`yusuan templates`: which table was recognised as what, by which words, and which words were not known."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ontology.messages import message
from yusuan.options import NOTHING, files_argument, language_option

if TYPE_CHECKING:
    from converters.headers import Column
    from converters.recognition import Recognised
    from ontology.vocabulary import Vocabulary


@click.command()
@files_argument
@language_option
def templates(files: tuple[Path, ...], language: str) -> None:
    """Show what the tables of disclosures were recognised as, and what their columns mean.

    A word marked as unknown can be taught: one label in ontology/ makes it known. Exit code 2 if a file could not be
    read or holds no known table.
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
    from converters.hierarchy import Hierarchy
    from converters.recognition import recognise
    from ontology import load_vocabulary

    vocabulary = load_vocabulary()
    hierarchy = Hierarchy({key: concept.parent for key, concept in vocabulary.concepts.items()})
    recognised = [recognise(grid, vocabulary, hierarchy) for grid in read_document(path).grids]
    lines = [path.name]
    for order, found in enumerate(recognised, start=1):
        lines += _table(found, order, vocabulary, language)
    return lines, any(found.kind is not None for found in recognised)


def _table(found: Recognised, order: int, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """The title and the kind of a table, then its columns and the words that are not known."""
    number = found.caption.number or str(order)
    if found.kind is None:
        yield message("template-unknown", language, number=number, title=found.caption.title)
        return
    kind = vocabulary.concepts[found.kind.key].label(language)
    yield message("template-table", language, number=number, title=found.caption.title, kind=kind)
    for part in found.parts:
        for column in part.columns:
            if column.path:
                yield from _column(column, vocabulary, language)
    heads = [head.issue for part in found.parts for head in part.heads]
    for issue in (*found.issues, *filter(None, heads)):
        word = issue.values.get("word") or issue.values.get("code")
        if word:
            yield "    " + message("template-word", language, word=word)


def _column(column: Column, vocabulary: Vocabulary, language: str) -> Iterator[str]:
    """What the words over a column mean; those that are not known on a line of their own."""
    said = [f"{name} {_label(key, vocabulary, language)}" for name, key in _places(column.places).items()]
    roles = [_label(f"code/role/{role}", vocabulary, language) for role in sorted(column.roles)]
    yield f"    {column.label}: {'; '.join([*roles, *said]) or '-'}"
    for cell in () if column.is_key else column.unplaced:
        yield "    " + message("template-word", language, word="".join(cell.text.split()))


def _places(places: Mapping[str, str]) -> Mapping[str, str]:
    return {name: key for name, key in places.items() if name != "measure"}


def _label(key: str, vocabulary: Vocabulary, language: str) -> str:
    concept = vocabulary.concepts.get(key)
    return key if concept is None else concept.label(language) or key
