"""Files that hold the tables of several offices, one disclosure behind the other: only the first is converted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from converters.model.document import OTHER_OFFICES, Document, Issue
from converters.recognition.captions import organisation_in
from converters.recognition.table_recognition import RecognisedTable
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_SEVERAL = 3
"""From how many kinds of tables on a name is that of another disclosure."""
_TOLD = 3
"""How many names the message tells."""


def first_office_alone(
    document: Document, recognised: list[RecognisedTable], vocabulary: Vocabulary
) -> tuple[Document, list[RecognisedTable]]:
    """Return a document and its tables without the disclosures of other offices behind the first one.

    Another disclosure begins where tables of kinds that were printed before are headed by the name of another office.
    An issue of the document tells where, and of whom.
    """
    if document.parts:
        return document, recognised
    named = [(table, _office(table, vocabulary)) for table in recognised]
    own = next((name for _, name in named if name), "")
    before = {table.kind.key for table, name in named if table.kind and name == own}
    kinds: dict[str, set[str]] = {}
    for table, name in named:
        if name and table.kind and table.kind.key in before and not _may_be_same(name, own):
            kinds.setdefault(name, set()).add(table.kind.key)
    others = [name for name, found in kinds.items() if len(found) >= _SEVERAL]
    first = next((at for at, (_, name) in enumerate(named) if name in others), None)
    if first is None or any(name == own for _, name in named[first:]):
        return document, recognised
    begin = _first_line(document, recognised, first, others[0])
    values = {"names": " / ".join(others[:_TOLD]), "count": len(others), "tables": len(recognised) - first}
    place = document.blocks[begin].locator if begin < len(document.blocks) else Locator()
    alone = replace(
        document,
        blocks=document.blocks[:begin],
        grids=document.grids[:first],
        issues=(*document.issues, Issue(OTHER_OFFICES, place, values)),
    )
    return alone, recognised[:first]


def _office(table: RecognisedTable, vocabulary: Vocabulary) -> str:
    """The name of the office above a table of totals; empty for a form or a list, which a unit may fill in."""
    if table.kind is None or table.form is not None or table.kind.lists_records:
        return ""
    return clean_label(organisation_in(table.caption, vocabulary) or "")


def _may_be_same(name: str, own: str) -> bool:
    """Whether two names may be of one office, written with more or fewer divisions before it."""
    return name.endswith(own) or own.endswith(name)


def _first_line(document: Document, recognised: Sequence[RecognisedTable], first: int, name: str) -> int:
    """The index of the line from which on a document is of another office: the first with its name behind a table."""
    places: Mapping[int, int] = {id(block): index for index, block in enumerate(document.blocks)}
    heads = [[places[id(b)] for b in t.grid.heading if id(b) in places] for t in recognised[: first + 1]]
    behind = max((index for head in heads[:-1] for index in head), default=-1) + 1
    begin = min(heads[-1], default=len(document.blocks))
    return next((i for i in range(behind, begin) if name in clean_label(document.blocks[i].text)), begin)
