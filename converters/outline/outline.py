"""The outline of a document: headings with what stands below them, and what titles and notes of tables say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, takewhile

from converters.entities.disclosure_context import DisclosureContext
from converters.entities.organisation_matching import UNKNOWN_DIVISION, same_name
from converters.model.amounts import parse_amount
from converters.model.document import UNREAD_PARTS, Document, TextBlock
from converters.model.observation import Table
from converters.outline.contents import find_contents, find_missing
from converters.outline.denials import find_denials
from converters.outline.heading_numbers import find_skipped
from converters.outline.institutions import is_institution
from converters.outline.level_marks import find_misplaced_levels
from converters.outline.lone_titles import find_lone_titles
from converters.outline.passages import PrintedPassage, cell_passages, quote
from converters.outline.printed_days import find_approval, find_event, find_impossible_day
from converters.outline.section_funds import denies_another, find_section_funds
from converters.outline.slips import NO_SLIPS, find_slips
from converters.outline.tick_boxes import find_open_boxes
from converters.outline.wording import (
    Wording,
    compares,
    distinct,
    find_attached,
    find_inner_topics,
    find_places,
    find_remnants,
    find_repeated,
    find_topics,
    foreign_divisions,
    heading_rank,
    is_heading,
    is_listed,
    load_wording,
    names_phase,
    tells_execution,
    without_mark,
)
from converters.recognition.captions import declares_empty, find_year, organisation_in
from converters.recognition.personal_data import IDENTITY_NUMBER
from converters.recognition.table_recognition import RecognisedTable
from converters.recognition.titles import kinds_by_title
from ontology.narrative_words import bare
from ontology.text import narrow
from ontology.vocabulary import Vocabulary

_BUDGET = "code/phase/budget"
_SHOWN = ("kind", "scope", "phase", "fund")
_RUN_IN_END = re.compile("[:。]")
_SILENT = ("code/topic/duties", "code/topic/glossary")
"""Topics under which other topics are named without being told of."""


@dataclass(frozen=True, slots=True)
class TableOutline:
    """What is printed above a table and in its header, as far as rules compare it; `table` is its name.

    `organisation` is the printed name above the table if it is neither that of the department nor of a unit.
    `open_boxes` are the texts of a form in which no box, or more than one, is ticked.
    """

    table: str
    year: int | None
    kinds: tuple[str, ...]
    fund: str | None
    organisation: str | None
    shows: tuple[str, ...]
    divisions: tuple[str, ...]
    open_boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentOutline:
    """Passages in printed order, what stands above each table, and how many pages and tables were not read.

    `institution` is set where the office is a public institution, such as a school, and no administrative organ.
    """

    passages: tuple[PrintedPassage, ...] = ()
    tables: tuple[TableOutline, ...] = ()
    unread: int = 0
    institution: bool = False


def read_outline(
    document: Document, recognised: Sequence[RecognisedTable], tables: Sequence[Table], context: DisclosureContext
) -> DocumentOutline:
    """Read the outline of a document whose grids were recognised and converted, in the same order."""
    wording = load_wording(context.vocabulary)
    notes = _empty_notes(recognised, tables, context, wording)
    reader = _OutlineReader(document, recognised, notes, context, wording)
    printed = [*reader.passages(), *cell_passages(recognised, tables, wording)]
    passages = tuple(_numbered(printed))
    kinds = {table.kind for table in tables}
    headings = {block.locator for table in tables for block in table.grid.heading}
    lone = sum(1 for _ in find_lone_titles(document, kinds, headings, context.vocabulary))
    return DocumentOutline(
        passages,
        tuple(_table_outline(f, t, context, wording) for f, t in zip(recognised, tables, strict=True) if f.kind),
        sum(1 for issue in document.issues if issue.key in UNREAD_PARTS) + sum(map(_is_unread, tables)) + lone,
        is_institution(context.organisations.root.name, document.blocks, context.vocabulary),
    )


def _is_unread(table: Table) -> bool:
    """Whether a table of unknown kind prints figures."""
    figures = (c for c in table.grid.cells if parse_amount(c.text) and (c.row, c.col) not in table.labels)
    return table.kind is None and next(figures, None) is not None


def _empty_notes(
    recognised: Sequence[RecognisedTable], tables: Sequence[Table], context: DisclosureContext, wording: Wording
) -> dict[int, str]:
    """The blocks that declare a table empty, by identity, with the name of the table.

    The notes of a table end where the next numbered heading begins: the text that follows speaks of other things, and
    so may a line that declares something empty behind one that does not.
    """

    def is_empty(block: TextBlock) -> bool:
        return declares_empty(block.text, context.vocabulary)

    return {
        id(block): table.name
        for found, table in zip(recognised, tables, strict=True)
        if found.kind is not None
        for block in takewhile(
            is_empty, dropwhile(lambda b: not is_empty(b), _own_notes(found, wording, context.vocabulary))
        )
    }


def _own_notes(found: RecognisedTable, wording: Wording, vocabulary: Vocabulary) -> Iterator[TextBlock]:
    """The notes of a table up to the next numbered heading, a heading that names a phase or a topic, or the title of a
    table that was not read."""

    def is_note(block: TextBlock) -> bool:
        if next(kinds_by_title(block.text, vocabulary), None) is not None:
            return False
        if not is_heading(block.text) or declares_empty(block.text, vocabulary):
            return True
        named = names_phase(block.text, wording) or bool(find_topics(block.text, wording))
        return heading_rank(block.text, wording) is None and not named

    return takewhile(is_note, found.grid.notes)


class _OutlineReader:
    """Reads the passages of a document, line by line."""

    def __init__(
        self,
        document: Document,
        recognised: Sequence[RecognisedTable],
        notes: Mapping[int, str],
        context: DisclosureContext,
        wording: Wording,
    ) -> None:
        self._blocks = document.blocks
        self._captions = {id(block) for found in recognised if found.kind for block in found.grid.heading}
        self._has_tables = any(found.kind for found in recognised)
        self._notes, self._context, self._wording = notes, context, wording
        self._ranks = {id(block): heading_rank(block.text, wording) for block in document.blocks}
        self._topics = {id(block): find_topics(block.text, wording) for block in document.blocks}
        self._contents = find_contents(document.blocks, wording)
        self._slips = find_slips(document.blocks, wording)
        self._skipped = find_skipped(document.blocks, self._contents, wording)
        self._missing = {
            id(block)
            for block in find_missing(document.blocks, self._contents, wording)
            if next(kinds_by_title(without_mark(block.text, wording), context.vocabulary), None) is None
        }

        self._around = self._sections()
        ends = {
            i: self._end_of(i) for i, b in enumerate(self._blocks) if i not in self._contents and is_heading(b.text)
        }
        funds = find_section_funds(self._blocks, self._captions, ends, wording)
        self._section_funds = {id(self._blocks[index]): fund for index, fund in funds.items()}

    def passages(self) -> Iterator[PrintedPassage]:
        """Yield what rules compare: headings with topics, first mentions, notes, leftovers, titles with a year."""
        mentioned: set[str] = set()
        silent_until = -1
        for index, block in enumerate(self._blocks):
            listed = index in self._contents
            if is_listed(block.text) and not listed:
                continue
            topics: tuple[str, ...] = ()
            characters = None
            if id(block) not in self._captions and self._is_topic_heading(block):
                topics, characters = self._topics[id(block)], 0 if listed else self._length_below(index)
                if characters and set(topics) & set(_SILENT):
                    silent_until = self._end_of(index)
                mentioned.update(topics if characters else ())
            elif id(block) not in self._captions and index >= silent_until and not listed:
                told = (
                    *(t for t in self._topics[id(block)] if t not in _SILENT),
                    *self._run_in_topics(block),
                )
                topics = () if is_heading(block.text) else tuple(dict.fromkeys(t for t in told if t not in mentioned))
                characters = len(bare(block.text)) if topics else None
                mentioned.update(topics)
            inner = self._inner_topics(index, block) if index >= silent_until and not listed else ()
            topics += tuple(t for t in inner if t not in mentioned)
            mentioned.update(inner)
            passage = PrintedPassage(0, quote(block.text), block.locator, topics=topics, characters=characters)
            worded = self._with_words(passage, block, silent=index < silent_until or listed)
            slips = self._slips.get(index, NO_SLIPS) if id(block) not in self._captions and not listed else NO_SLIPS
            yield replace(worded, slips=slips, skipped=self._skipped.get(index))

    def _with_words(self, passage: PrintedPassage, block: TextBlock, *, silent: bool) -> PrintedPassage:
        """The passage with what its words say; a `silent` one is not asked what there is none of."""
        text, vocabulary, organisations = block.text, self._context.vocabulary, self._context.organisations
        table = self._notes.get(id(block))
        if id(block) in self._captions:
            return passage
        titled = is_heading(text) and names_phase(text, self._wording) and not compares(text, self._wording)
        titled = titled and not (self._context.phase == _BUDGET and tells_execution(text, self._wording))
        year = find_year(text, vocabulary)
        told = not silent and year in (None, self._context.year)
        foreign = (titled or table is not None) and organisations.division != UNKNOWN_DIVISION
        of = (self._context.year, self._context.phase, organisations.names)
        denials = tuple(find_denials(text, vocabulary, *of)) if told else ()
        fund = self._section_funds.get(id(block))
        return replace(
            passage,
            table=table,
            section_fund=fund if fund and denies_another(denials, fund, vocabulary) else None,
            note=table is not None,
            year=year if titled or table else None,
            funds=tuple(sorted(find_places(text, "fund", self._wording))) if table else (),
            none_of=denials,
            impossible_day=find_impossible_day(text, self._wording),
            approved=find_approval(text, self._wording),
            published=find_event(text, self._wording.published, self._wording),
            personal=IDENTITY_NUMBER in block.flags,
            remnants=tuple(find_remnants(text, self._wording)),
            repeated=find_repeated(text),
            misplaced_levels=distinct(find_misplaced_levels(text, vocabulary)),
            divisions=foreign_divisions(text, organisations.division, self._wording) if foreign else (),
            missing=id(block) in self._missing,
            attached=None if self._has_tables else find_attached(text, self._wording),
        )

    def _run_in_topics(self, block: TextBlock) -> tuple[str, ...]:
        """The topics of a heading that a colon or a stop ends: 一、部门职责：负责本镇公共事务。（一）部门职责。"""
        head = _RUN_IN_END.split(narrow(block.text), maxsplit=1)[0]
        numbered = head != block.text and self._ranks[id(block)] is not None
        return find_topics(head, self._wording) if numbered and is_heading(head) else ()

    def _inner_topics(self, index: int, block: TextBlock) -> tuple[str, ...]:
        """The subjects of a line that count only where their broader topic is told: in its section, or in its line."""
        if id(block) in self._captions or is_heading(block.text):
            return ()
        around = self._around[index]
        named = find_topics(block.text, self._wording)
        return tuple(
            key for key in find_inner_topics(block.text, self._wording) if self._wording.inner[key] in {*around, *named}
        )

    def _sections(self) -> list[tuple[str, ...]]:
        """The topics of the sections that each block stands in."""
        around: list[list[str]] = [[] for _ in self._blocks]
        for index, block in enumerate(self._blocks):
            if index not in self._contents and id(block) not in self._captions and self._is_topic_heading(block):
                for at in range(index + 1, self._end_of(index)):
                    around[at] += self._topics[id(block)]
        return [tuple(topics) for topics in around]

    def _is_topic_heading(self, block: TextBlock) -> bool:
        return (
            bool(self._topics[id(block)])
            and is_heading(block.text)
            and next(kinds_by_title(block.text, self._context.vocabulary), None) is None
        )

    def _end_of(self, index: int) -> int:
        """The index of the block that ends the section of a heading: a heading of its rank or above."""
        own = self._ranks[id(self._blocks[index])]
        for at in range(index + 1, len(self._blocks)):
            block = self._blocks[at]
            rank = self._ranks[id(block)]
            if rank is None:
                if own is None and self._is_topic_heading(block):
                    return at
            elif rank == 0 or (own is not None and rank <= own and self._closes(block, own)):
                return at
        return len(self._blocks)

    def _closes(self, block: TextBlock, own: int) -> bool:
        """Whether a marked line of the rank of a heading is a heading too, and no item of a list below it."""
        return own > 0 and is_heading(block.text)

    def _length_below(self, index: int) -> int:
        """The number of characters below a heading, up to the next heading of its rank."""
        end = self._end_of(index)
        return sum(len(bare(block.text)) for block in self._blocks[index + 1 : end] if not is_listed(block.text))


def _numbered(passages: Iterable[PrintedPassage]) -> Iterator[PrintedPassage]:
    """Yield the passages that say something, numbered; each topic stays at the first that tells of it, if any does."""
    kept: dict[str, int] = {}
    listed = list(passages)
    for index, passage in enumerate(listed):
        for topic in passage.topics:
            if topic not in kept or (passage.characters and not listed[kept[topic]].characters):
                kept[topic] = index
    number = 0
    for index, passage in enumerate(listed):
        topics = tuple(topic for topic in passage.topics if kept[topic] == index)
        said = (topics, passage.table, passage.year, passage.none_of, passage.remnants, passage.repeated)
        days = (passage.impossible_day, passage.approved, passage.published)
        if (
            any(said)
            or any(days)
            or passage.slips != NO_SLIPS
            or passage.skipped
            or passage.misplaced_levels
            or passage.missing
            or passage.personal
            or passage.attached
        ):
            number += 1
            yield replace(passage, number=number, topics=topics, characters=passage.characters if topics else None)


def _table_outline(found: RecognisedTable, table: Table, context: DisclosureContext, wording: Wording) -> TableOutline:
    vocabulary, organisations = context.vocabulary, context.organisations
    form = found.form is not None
    lines = [block.text for block in found.caption.inner_titles]
    kinds = [next(kinds_by_title(text, vocabulary), None) for text in (found.caption.title, *lines)]
    stated = distinct(str(y) for text in lines if (y := find_year(text, vocabulary)) is not None)
    name = organisation_in(found.caption, vocabulary) if not form else None
    known = [organisations.root.name, *(o.name for o in organisations.by_code.values())]
    strange = name is not None and not any(
        bare(name) in bare(k) or bare(k) in bare(name) or same_name(name, k, organisations.division, vocabulary)
        for k in known
    )
    shown = {
        key
        for part in found.parts
        for places in (*(c.places for c in part.columns), *(r.places for r in part.row_headers))
        for dimension, key in places.items()
        if dimension in _SHOWN
    }
    foreign = (
        [d for text in (*lines, name or "") for d in foreign_divisions(text, organisations.division, wording)]
        if organisations.division != UNKNOWN_DIVISION
        else []
    )
    return TableOutline(
        table=table.name,
        year=int(stated[0]) if len(stated) == 1 and not form else None,
        kinds=distinct(kind.key for kind in kinds if kind is not None),
        fund=found.kind.fixes.get("fund") if found.kind else None,
        organisation=name if strange else None,
        shows=tuple(sorted(shown)) if not form else (),
        divisions=distinct(foreign),
        open_boxes=find_open_boxes(found.form.fields, context.vocabulary.concepts) if found.form else (),
    )
