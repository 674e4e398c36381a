"""Names in row headers: looked up, and nested under the names before them by list marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from converters.model.document import Cell, Issue
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.recognition.headers import KIND, TOTAL, choose_meaning, find_economic_class, narrow_into
from converters.recognition.table_parts import RowHeader, text_of
from ontology.locators import Locator
from ontology.text import clean_label
from ontology.vocabulary import Meaning, TableBlock, Vocabulary

AMOUNTS = "amount"
"""The role of words that only say that figures are sums of money (预算数)."""
_IN_BRACKETS = re.compile(r"\(([^()]+(?:\([^()]+\))?)\)$")


@dataclass(slots=True)
class Outline:
    """The coordinates of the names above a row, updated row by row; None stands for a name that is not known.

    `open` holds the marked names by rank of their list mark, `unmarked` the last name without mark, and `last` the row
    before, to which a name after 其中 belongs. `parted` holds the name that a list after 其中 divides and the
    coordinates of its last part. A numbering that restarts belongs to the last unmarked name; so does an unmarked name
    with coordinates that occurred before (`seen`).
    """

    open: list[tuple[str, dict[str, str] | None]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    unmarked: dict[str, str] | None = field(default_factory=dict)
    last: dict[str, str] | None = field(default_factory=dict)
    parted: tuple[dict[str, str], dict[str, str]] | None = None
    seen: list[dict[str, str]] = field(default_factory=list)

    def above(self, rank: str | None, mark: str) -> dict[str, str] | None:
        """Return the coordinates of the name above a name with this mark, None if not known; close deeper ranks."""
        while self.open and (rank is None or self.open[-1][0] >= rank):
            self.open.pop()
        if self.open:
            return self.open[-1][1]
        return self.unmarked if rank is not None and mark in self.marks else {}

    def repeats(self, rank: str | None, places: dict[str, str]) -> bool:
        """Return whether an unmarked name repeats earlier coordinates, and so is a part of the last unmarked name."""
        return (
            rank is None
            and bool(self.unmarked)
            and places in self.seen
            and places.keys() != (self.unmarked or {}).keys()
        )

    def restarts(self, rank: str | None, places: dict[str, str]) -> dict[str, str] | None:
        """Return the last marked name, if an unmarked name repeats coordinates of a part of an earlier marked name."""
        above = self.open[-1][1] if self.open else None
        repeated = rank is None and places in self.seen and above and places.keys() - above.keys()
        return above if repeated else None

    def continues(self, rank: str | None, places: dict[str, str], hierarchy: Hierarchy) -> dict[str, str] | None:
        """Return the name divided by the list after 其中, if an unmarked name is a sibling of the last part."""
        if rank is not None or self.parted is None:
            return None
        above, last = self.parted
        beside = places.keys() == last.keys() and all(
            hierarchy.parent(places[d]) == hierarchy.parent(concept) for d, concept in last.items()
        )
        return above if beside else None

    def add(self, rank: str | None, mark: str, places: dict[str, str] | None) -> None:
        """Record a name with this mark and its coordinates, None if not known."""
        self.last = places
        if rank is None:
            self.unmarked = places
        else:
            self.open.append((rank, places))
            self.marks.add(mark)


def place_nested(
    row_header: RowHeader,
    group: RowHeader | None,
    cells: Sequence[Cell | None],
    block: TableBlock,
    fixed: Mapping[str, str],
    context: DocumentContext,
) -> RowHeader | None:
    """Place a row named in two columns, in place: the first names a group, the second a part of it or its subtotal.

    Return the group for the rows below.
    """
    first, *rest = [cell if cell is not None and cell.text.strip() else None for cell in cells]
    inner = next((cell for cell in reversed(rest) if cell is not None and cell is not first), None)
    if first is not None and (inner is None or group is None or text_of(first) != group.label):
        group = RowHeader(row_header.row, label=text_of(first) or "")
        place_name(group, first, block, fixed, context, Outline())
    if inner is None:
        if first is not None and group is not None:
            row_header.label, row_header.places, row_header.issue = group.label, dict(group.places), group.issue
        return group
    row_header.label = text_of(inner) or ""
    if group is not None and is_total(row_header.label, context.vocabulary):
        row_header.label = f"{group.label} {row_header.label}"
        row_header.places, row_header.issue = dict(group.places), group.issue
        return group
    place_name(row_header, inner, block, fixed, context, Outline())
    if group is not None and row_header.issue is None:
        conflicts = narrow_into(row_header.places, group.places, context.hierarchy)
        if group.issue is not None or conflicts:
            row_header.issue = group.issue or Issue("unknown-row", inner.locator, {"word": row_header.label})
    return group


def place_name(
    row_header: RowHeader,
    cell: Cell | None,
    block: TableBlock,
    fixed: Mapping[str, str],
    context: DocumentContext,
    outline: Outline,
) -> None:
    """Look up the name of a row and place it under the names before it, in place.

    The rank of the list mark gives the depth. An unknown name becomes an issue, for the row and for the rows below it.
    """
    rank, word = split_list_mark(row_header.label, context.vocabulary)
    part = _part_of_last(word, context.vocabulary)
    word = word if part is None else split_list_mark(part, context.vocabulary)[1]
    meanings = context.vocabulary.meanings.get(clean_label(word), ())
    if is_total(word, context.vocabulary):
        total = choose_meaning((m for m in meanings if m.role is None), block.row_dimensions, fixed, context.hierarchy)
        row_header.places = dict(total.places) if total is not None else {}
        outline.last = row_header.places
        return
    mark = clean_label(row_header.label).removesuffix(word)
    meaning = choose_meaning(meanings, block.row_dimensions, fixed, context.hierarchy) or choose_meaning(
        meanings, (*block.row_dimensions, *block.column_dimensions), fixed, context.hierarchy
    )
    own = dict(meaning.places) if meaning is not None and meaning.role is None else None
    if own is None and rank is not None and part is None and _says_whole(meanings, fixed, context):
        own = {}
    if own is None:
        own = _economic_class(rank, mark, word, part is not None, fixed, context, outline)
    above, is_part = _name_above(rank, mark, own, part is not None, outline, context.hierarchy)
    if own is None or above is None or ((part or not above) and _adds_nothing(own, above, context.hierarchy)):
        row_header.issue = Issue("unknown-row", cell.locator if cell else Locator(), {"word": word})
    else:
        row_header.places = dict(own)
        if narrow_into(row_header.places, above, context.hierarchy) and is_part:
            row_header.issue = Issue("unknown-row", cell.locator if cell else Locator(), {"word": word})
        outline.seen.append(own)
    row_header.of_which = is_part
    if not is_part:
        outline.parted = None
        outline.add(rank, mark, None if row_header.issue else row_header.places)
    elif own is not None and above is not None:
        outline.parted = above, own


def _says_whole(meanings: Iterable[Meaning], fixed: Mapping[str, str], context: DocumentContext) -> bool:
    """Whether a word says no more than that a figure is the whole of what its table shows (支出合计)."""
    dimensions = context.vocabulary.dimensions
    return any(m.places and all(c in (dimensions[d].top, fixed.get(d)) for d, c in m.places.items()) for m in meanings)


def _economic_class(
    rank: str | None,
    mark: str,
    word: str,
    is_part: bool,
    fixed: Mapping[str, str],
    context: DocumentContext,
    outline: Outline,
) -> dict[str, str] | None:
    """The economic class named by a row below a kind of outlay, None if it names none."""
    if rank is None and not is_part:
        above = outline.parted[0] if outline.parted is not None else None
    else:
        above = outline.last if is_part else outline.above(rank, mark)
    found = find_economic_class(word, context, fixed) if above and KIND in above else None
    return dict(found.places) if found is not None else None


def _name_above(
    rank: str | None,
    mark: str,
    own: dict[str, str] | None,
    is_part: bool,
    outline: Outline,
    hierarchy: Hierarchy,
) -> tuple[dict[str, str] | None, bool]:
    """The coordinates of the name above a name, None if not known, and whether the name is only a part of it."""
    if is_part:
        return outline.last, True
    if own is not None:
        if (divided := outline.continues(rank, own, hierarchy)) is not None:
            return divided, True
        if outline.repeats(rank, own):
            return outline.unmarked, True
        if (restarted := outline.restarts(rank, own)) is not None:
            return restarted, True
    return outline.above(rank, mark), False


def _adds_nothing(own: dict[str, str], above: dict[str, str], hierarchy: Hierarchy) -> bool:
    """Whether a name has no narrower coordinates than the name above it."""
    return all(d in above and hierarchy.is_within(above[d], concept) for d, concept in own.items())


def _part_of_last(word: str, vocabulary: Vocabulary) -> str | None:
    """The name after a word for "of which" (`其中：公务用车购置费`), None if there is no such word."""
    cue = next((cue for cue in vocabulary.cues["of-which"] if word.startswith(cue)), "")
    return word[len(cue) :].lstrip(":") or None if cue else None


def split_list_mark(text: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """Split a label into (rank of its list mark or None, rest without spaces)."""
    cleaned = clean_label(text)
    for key, pattern in vocabulary.list_marks:
        if match := pattern.match(cleaned):
            return key, cleaned[match.end() :]
    return None, cleaned


def is_total(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a word labels a total."""
    return any(meaning.role == TOTAL for meaning in vocabulary.meanings.get(clean_label(text), ()))


def place_phases(row_headers: Sequence[RowHeader], vocabulary: Vocabulary) -> None:
    """Place the rows that are named by a phase only, in place: 预算数 and 决算数 below columns that say for what.

    A row of amounts without a phase stands beside a phase that implies its own: a budget beside an outturn is that of
    the full year.
    """
    unknown = [row_header for row_header in row_headers if row_header.issue and row_header.issue.key == "unknown-row"]
    beside: dict[str, str] = {}
    bare = []
    for row_header in unknown:
        meanings = vocabulary.meanings.get(split_list_mark(row_header.label, vocabulary)[1], ())
        phase = next((meaning for meaning in meanings if meaning.places.keys() == {"phase"}), None)
        if phase is not None:
            row_header.places, row_header.issue = dict(phase.places), None
            beside |= phase.contrasts
        elif any(meaning.role == AMOUNTS for meaning in meanings):
            bare.append(row_header)
    for row_header in bare if beside else ():
        row_header.places, row_header.issue = dict(beside), None


def counts_things(label: str, vocabulary: Vocabulary) -> bool:
    """Return whether the name of a row ends with a unit of counting in brackets: `国内公务接待批次（个）`."""
    unit = _IN_BRACKETS.search(clean_label(label))
    return unit is not None and vocabulary.units.get(unit[1], ("",))[0] in vocabulary.indivisible
