"""Where a header ends, and what its words place: the columns of a grid as coordinates and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from converters.model.amounts import parse_amount
from converters.model.document import Cell, Grid
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.recognition.header_labels import (
    compared_words,
    find_attribute,
    find_short_year,
    part_words,
    split_unit,
    split_year,
)
from ontology.attributes import Attribute, Attributes
from ontology.text import clean_label
from ontology.vocabulary import Meaning, Vocabulary

TOTAL, CODE, NAME, ITEM, HOLDER, HEADING = "total", "code", "name", "item", "holder", "heading"
AMOUNT = "def#amount"
CODE_PARTS = ("code-class", "code-group", "code-item")
"""The roles of columns over which the code of a row is split, in order."""
EVERYWHERE = ("year", "phase", "measure")
"""The dimensions that the words over a column may set in any table."""
_CHANGE = Meaning("def#change", {}, measure="def#change")
KEY_ROLES = frozenset({CODE, NAME, ITEM, HOLDER, *CODE_PARTS})
ORDINAL = "ordinal"
IDLE_ROLES = frozenset({ORDINAL, "contact"})


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows come before the first that holds a number."""
    return next((i for i, row in enumerate(rows) if any(parse_amount(text) for text in row)), len(rows))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid: its header path from top to bottom and what the words of it mean.

    `places` are coordinates by dimension, the measure among them; `unplaced` the header cells whose words are not in
    the vocabulary; `code_dimensions` those whose codes a code column may hold, empty where its words do not say.
    `attribute` is what its cells say of the records in its rows; `unit` the unit printed inside a label.
    """

    number: int
    path: tuple[Cell, ...]
    roles: frozenset[str]
    places: Mapping[str, str]
    contradictions: tuple[Cell, ...] = ()
    unplaced: tuple[Cell, ...] = ()
    code_dimensions: frozenset[str] = frozenset()
    attribute: Attribute | None = None
    unit: str | None = None

    @property
    def label(self) -> str:
        """The header words from top to bottom, without the spaces inside them."""
        return " ".join("".join(cell.text.split()) for cell in self.path)

    @property
    def is_key(self) -> bool:
        """Whether the column says what its rows are about and holds no figures."""
        return self.attribute is not None or bool(self.roles & (KEY_ROLES | IDLE_ROLES))

    @property
    def measure(self) -> str:
        """What the figures of the column count; money where no word says otherwise."""
        return self.places.get("measure", AMOUNT)

    @property
    def holds_figures(self) -> bool:
        """Whether the words of the column say that figures stand under them, and which."""
        return not self.is_key and not self.unplaced and bool(self.places or self.roles - {HEADING})


def header_path(grid: Grid, column: int) -> tuple[Cell, ...]:
    """The labelled header cells over a column, top to bottom, a merged cell once."""
    cells = (grid.covering.get((row, column)) for row in grid.header)
    return tuple(dict.fromkeys(cell for cell in cells if cell is not None and cell.text.strip()))


def column_paths(grid: Grid, last: int, vocabulary: Vocabulary) -> Mapping[int, tuple[Cell, ...]]:
    """The header cells of each column up to `last`, with what its first row says of split codes, and the names beside
    a bare column.

    The row that says which part of a code stands where may hold figures already. A column without header that holds
    only words goes on with the names in the column before it.
    """
    first = grid.row(grid.header_rows + 1) if grid.n_rows > grid.header_rows else ()
    parts = {cell.col: cell for cell in first if _roles(cell.text, vocabulary) & set(CODE_PARTS)}
    if not any(CODE_PARTS[0] in _roles(cell.text, vocabulary) for cell in parts.values()):
        parts = {}
    paths: dict[int, tuple[Cell, ...]] = {}
    for column in range(1, last + 1):
        path = header_path(grid, column)
        if column in parts:
            path = (*path, parts[column])
        elif not path and column > 1 and _names_rows(paths[column - 1], vocabulary) and _holds_words(grid, column):
            path = paths[column - 1]
        paths[column] = path
    return paths


def _names_rows(path: Iterable[Cell], vocabulary: Vocabulary) -> bool:
    return any(_roles(cell.text, vocabulary) & {NAME, ITEM} for cell in path)


def _holds_words(grid: Grid, column: int) -> bool:
    """Whether something stands in a column below the header, and none of it is an amount."""
    found = False
    for row in grid.body:
        text = grid.text(row, column).strip()
        if parse_amount(text):
            return False
        found = found or bool(text)
    return found


def _roles(text: str, vocabulary: Vocabulary) -> set[str]:
    return {meaning.role for meaning in vocabulary.meanings.get(clean_label(text), ()) if meaning.role is not None}


def choose_meaning(
    meanings: Iterable[Meaning], dimensions: Iterable[str], fixed: Mapping[str, str], hierarchy: Hierarchy
) -> Meaning | None:
    """The one meaning of a word in its surroundings, or None.

    A meaning fits when every dimension it sets is one that runs here or is fixed; among those that fit, one that
    contradicts nothing that is fixed goes before one that does, and one that runs here before one that only repeats
    what is fixed; two that say different things are no meaning at all.
    """
    running = set(dimensions) | fixed.keys()
    fitting = [m for m in meanings if m.role is not None or _runs(m, running)]
    agreeing = [m for m in fitting if all(_on_one_line(fixed.get(d), c, hierarchy) for d, c in m.places.items())]
    distinct = {(m.role, m.measure, tuple(sorted(m.places.items()))): m for m in agreeing or fitting}
    placing = {key: m for key, m in distinct.items() if m.role is None}
    telling = {key: m for key, m in placing.items() if m.measure or m.places.keys() & set(dimensions)}
    roles = {key: m for key, m in distinct.items() if m.role is not None}
    chosen = next((found for found in (telling or placing, roles) if len(found) == 1), {})
    return next(iter(chosen.values()), None)


def _runs(meaning: Meaning, running: set[str]) -> bool:
    needed = meaning.places.keys() | meaning.contrasts.keys() | ({"measure"} if meaning.measure else set())
    return needed <= running


def _on_one_line(fixed: str | None, concept: str, hierarchy: Hierarchy) -> bool:
    return fixed is None or hierarchy.comparable(fixed, concept)


def read_columns(
    grid: Grid,
    numbers: Sequence[int],
    context: DocumentContext,
    dimensions: Sequence[str],
    fixed: Mapping[str, str],
    attributes: Attributes | None = None,
) -> list[Column]:
    """The columns `numbers` of a grid, their words looked up, their 合计 columns placed above their siblings.

    Where the rows are records, `attributes` are theirs by label, and the names of dimensions head columns too.
    """
    columns = []
    contrasted: list[tuple[int, Mapping[str, str]]] = []
    paths = column_paths(grid, max(numbers, default=0), context.vocabulary)
    for number in numbers:
        path = paths[number]
        places: dict[str, str] = {}
        roles: set[str] = set()
        codes: set[str] = set()
        contradictions, unplaced = [], []
        attribute, unit = None, None
        for cell in path:
            label, printed_unit = split_unit(cell.text, context.vocabulary)
            unit = printed_unit or unit
            found = None if attributes is None else find_attribute(label, attributes, context.vocabulary)
            if found is not None:
                attribute = found
                continue
            meaning, year = _read_label(label, context, dimensions, fixed)
            places |= {"year": year} if year is not None else {}
            if meaning is None and year is not None:
                continue
            if meaning is None:
                unplaced.append(cell)
            elif meaning.role is not None:
                roles.add(meaning.role)
                codes.update(meaning.code_dimensions)
            else:
                wrong = [d for d, c in meaning.places.items() if not _on_one_line(fixed.get(d), c, context.hierarchy)]
                if wrong:
                    contradictions.append(cell)
                narrow_into(places, {d: c for d, c in meaning.places.items() if d not in wrong}, context.hierarchy)
                if meaning.measure is not None:
                    places["measure"] = meaning.measure
                if meaning.contrasts and "year" not in places:
                    contrasted.append((number, meaning.contrasts))
        columns.append(
            Column(
                number,
                path,
                frozenset(roles),
                places,
                tuple(contradictions),
                tuple(unplaced),
                frozenset(codes),
                attribute,
                unit,
            )
        )
    return _contrast(_place_totals(columns, context), contrasted)


def _read_label(
    label: str,
    context: DocumentContext,
    dimensions: Sequence[str],
    fixed: Mapping[str, str],
) -> tuple[Meaning | None, str | None]:
    """What a label means, and the year that it is or begins with where years run."""
    words = context.vocabulary.meanings.get(label) or context.vocabulary.meanings.get(
        part_words(label, context.vocabulary), ()
    )
    meaning = choose_meaning(words, dimensions, fixed, context.hierarchy)
    if meaning is not None or "year" not in dimensions:
        return meaning, None
    compared = compared_words(label, context.vocabulary)
    if compared is not None:
        said = (m for m in context.vocabulary.meanings.get(compared, ()) if m.measure is not None)
        return next(said, _CHANGE if not compared else None), None
    dated = split_year(label, context.vocabulary)
    if dated is None or not dated[1]:
        return None, find_short_year(label, context.vocabulary)
    meaning = choose_meaning(context.vocabulary.meanings.get(dated[1], ()), dimensions, fixed, context.hierarchy)
    return meaning, dated[0] if meaning is not None else None


def _contrast(columns: Sequence[Column], contrasted: Sequence[tuple[int, Mapping[str, str]]]) -> list[Column]:
    """Figures of the same measure that do not stand under a contrasting word get the places it contrasts with."""
    under = {number for number, _ in contrasted}
    measures = {column.measure for column in columns if column.number in under and not column.is_key}
    places = {d: c for _, contrasts in contrasted for d, c in contrasts.items()}
    return [
        replace(column, places={**places, **column.places})
        if column.number not in under and column.holds_figures and column.measure in measures
        else column
        for column in columns
    ]


def narrow_into(places: dict[str, str], more: Mapping[str, str], hierarchy: Hierarchy) -> list[str]:
    """Add coordinates to `places`, the narrower winning; returns the dimensions in which both exclude each other."""
    conflicts = []
    for dimension, concept in more.items():
        present = places.get(dimension)
        if present is None or hierarchy.is_within(concept, present):
            places[dimension] = concept
        elif not hierarchy.is_within(present, concept):
            conflicts.append(dimension)
    return conflicts


def _place_totals(columns: Sequence[Column], context: DocumentContext) -> list[Column]:
    """A total column stands at the lowest common ancestor of its siblings, the columns under the same parent cell.

    Where a sibling is not known, only an ancestor at the very top is certain.
    """
    placed = []
    for column in columns:
        depth = next((i for i, cell in enumerate(column.path) if _is_total(cell, context.vocabulary)), None)
        if depth is None or column.is_key:
            placed.append(column)
            continue
        parents = column.path[:depth]
        beside = [
            other
            for other in columns
            if other is not column
            and not other.is_key
            and other.path[:depth] == parents
            and not (len(other.path) > depth and _is_total(other.path[depth], context.vocabulary))
        ]
        siblings = [other.places for other in beside if other.places.keys()]
        unknown = any(other.unplaced for other in beside)
        places = dict(column.places)
        for dimension in {d for s in siblings for d in s} - set(EVERYWHERE):
            top = context.vocabulary.dimensions[dimension].top
            values = [s.get(dimension, top) for s in siblings]
            ancestor = context.hierarchy.lowest_common_ancestor([value for value in values if value is not None])
            if ancestor is not None and (not unknown or ancestor == top):
                narrow_into(places, {dimension: ancestor}, context.hierarchy)
        placed.append(replace(column, places=places))
    return placed


def _is_total(cell: Cell, vocabulary: Vocabulary) -> bool:
    return any(m.role == TOTAL for m in vocabulary.meanings.get(split_unit(cell.text, vocabulary)[0], ()))
