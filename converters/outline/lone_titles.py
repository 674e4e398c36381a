"""Titles of known tables under which no table of their kind was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from converters.model.document import Document
from converters.recognition.captions import names_unit
from converters.recognition.titles import kinds_by_title
from ontology.locators import Locator
from ontology.vocabulary import Vocabulary

_CAPTION_REACH = 3


def find_lone_titles(
    document: Document, kinds: Collection[str | None], headings: Collection[Locator], vocabulary: Vocabulary
) -> Iterator[int]:
    """Yield the number of each block of text that is the title of a table with a unit of money behind or below it.

    `kinds` are the keys of the kinds of table that were read, `headings` the places of the captions of tables. Each
    kind is named once.
    """
    known = set(kinds)
    for index, block in enumerate(document.blocks):
        lines = document.blocks[index : index + 1 + _CAPTION_REACH]
        if block.locator in headings or not any(names_unit(line.text, vocabulary) for line in lines):
            continue
        kind = next(kinds_by_title(block.text, vocabulary), None)
        if kind is not None and kind.key not in known:
            known.add(kind.key)
            yield index
