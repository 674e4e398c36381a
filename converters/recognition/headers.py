"""Read column headers: the coordinates, role and attribute of each column of a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from converters.model.amounts import is_blank, parse_amount
from converters.model.document import Cell, Grid
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.recognition.label_parts import (
    compared_words,
    find_attribute,
    find_short_year,
    label_meanings,
    names_part,
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
"""The roles, in order, of columns that each hold a part of the code of a row."""
EVERYWHERE = ("year", "phase", "measure")
"""The dimensions that a column header may set in any table."""
_CHANGE = Meaning("def#change", {}, measure="def#change")
KIND = "kind"
_FUND = "fund"
_CLASSES = frozenset({"function", "economic"})
_EXCLUSIVE = _CLASSES | {KIND, _FUND}
"""The dimensions in which a header names one thing: a word that excludes what stands above it is not understood."""
FLOW = "flow"
"""The dimension in which a word may differ from its table: 上年结转 is revenue, and also a column of expenditure."""
KEY_ROLES = frozenset({CODE, NAME, ITEM, HOLDER, *CODE_PARTS})
ORDINAL = "ordinal"
IDLE_ROLES = frozenset({ORDINAL, "contact", "remark", "other-class"})


def count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of rows before the first row with a number or with a dash in place of one."""
    return next((i for i, row in enumerate(rows) if any(map(_stands_for_figure, row))), len(rows))


def _stands_for_figure(text: str) -> bool:
    return parse_amount(text) is not None or (bool(text.strip()) and is_blank(text))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a grid: its header cells from top to bottom and their meaning.

    `places` are coordinates by dimension, including the measure; `unplaced` the header cells absent from the
    vocabulary; `contradictions` the header cells that contradict the kind of table; `code_dimensions` the dimensions of
    the codes in a code column, empty if the header does not name them. `attribute` is the attribute that the cells fill
    in the records of their rows; `unit` the unit printed inside a label. `of_which` is set under 其中, where
    columns may be some of the parts only; `uncertain` beside an unknown column of figures, which may narrow this one.
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
    of_which: bool = False
    uncertain: bool = False

    @property
    def label(self) -> str:
        """The header words from top to bottom, without the spaces inside them."""
        return " ".join("".join(cell.text.split()) for cell in self.path)

    @property
    def is_key(self) -> bool:
        """Whether the column identifies its rows or fills an attribute, and contains no figures."""
        return self.attribute is not None or bool(self.roles & (KEY_ROLES | IDLE_ROLES))

    @property
    def measure(self) -> str:
        """The measure of the figures in the column, an amount of money by default."""
        return self.places.get("measure", AMOUNT)

    @property
    def holds_figures(self) -> bool:
        """Whether the header of the column is fully known and labels figures."""
        return not self.is_key and not self.unplaced and bool(self.places or self.roles - {HEADING})


def header_path(grid: Grid, column: int) -> tuple[Cell, ...]:
    """Return the labelled header cells of a column, top to bottom, a merged cell once."""
    cells = (grid.covering.get((row, column)) for row in grid.header)
    return tuple(dict.fromkeys(cell for cell in cells if cell is not None and cell.text.strip()))


def column_paths(grid: Grid, last: int, vocabulary: Vocabulary) -> Mapping[int, tuple[Cell, ...]]:
    """Return the header cells of each column up to `last`.

    The path of a column includes a label for a part of a split code in the first row below the header, since that row
    may already contain figures. A column without header that contains only words continues a column of names before it
    and has the same path.
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
        elif not path and column > 1 and _names_rows(paths[column - 1], vocabulary) and holds_words(grid, column):
            path = paths[column - 1]
        paths[column] = path
    return paths


def _names_rows(path: Iterable[Cell], vocabulary: Vocabulary) -> bool:
    return any(_roles(cell.text, vocabulary) & {NAME, ITEM} for cell in path)


def holds_words(grid: Grid, column: int) -> bool:
    """Return whether a column has text below the header, and no amounts."""
    found = False
    for row in grid.body:
        text = grid.text(row, column).strip()
        if parse_amount(text):
            return False
        found = found or bool(text)
    return found


def _roles(text: str, vocabulary: Vocabulary) -> set[str]:
    return {meaning.role for meaning in label_meanings(clean_label(text), vocabulary) if meaning.role is not None}


def choose_meaning(
    meanings: Iterable[Meaning], dimensions: Iterable[str], fixed: Mapping[str, str], hierarchy: Hierarchy
) -> Meaning | None:
    """Choose the only meaning of a word that fits its table, None if none or several fit.

    `dimensions` are the running dimensions of the rows or columns, `fixed` the coordinates shared by the table. A
    meaning fits if it sets only running or fixed dimensions. Meanings that agree with `fixed` are preferred, and among
    them meanings that set a running dimension.
    """
    running = set(dimensions) | fixed.keys()
    fitting = [m for m in meanings if m.role is not None or _runs(m, running)]
    agreeing = [m for m in fitting if all(_agrees(fixed.get(d), c, hierarchy) for d, c in m.places.items())]
    distinct = {(m.role, m.measure, tuple(sorted(m.places.items()))): m for m in agreeing or fitting}
    placing = {key: m for key, m in distinct.items() if m.role is None}
    informative = {key: m for key, m in placing.items() if m.measure or m.places.keys() & set(dimensions)}
    roles = {key: m for key, m in distinct.items() if m.role is not None}
    chosen = next((found for found in (informative or placing, roles) if len(found) == 1), {})
    return next(iter(chosen.values()), None)


def _runs(meaning: Meaning, running: set[str]) -> bool:
    needed = meaning.places.keys() | meaning.contrasts.keys() | ({"measure"} if meaning.measure else set())
    return needed <= running


def _agrees(fixed: str | None, concept: str, hierarchy: Hierarchy) -> bool:
    return fixed is None or hierarchy.comparable(fixed, concept)


def read_columns(
    grid: Grid,
    numbers: Sequence[int],
    context: DocumentContext,
    dimensions: Sequence[str],
    fixed: Mapping[str, str],
    attributes: Attributes | None = None,
) -> list[Column]:
    """Read the columns `numbers` of a grid: look up header labels, and place totals (合计) above their siblings.

    `dimensions` are the running dimensions, `fixed` the coordinates shared by the table. If rows are records,
    `attributes` are their attributes by label; names of dimensions are then captions too.
    """
    columns = []
    contrasted: list[tuple[int, Meaning]] = []
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
            meaning, year = _read_label(label, context, dimensions, fixed, places)
            places |= {"year": year} if year is not None else {}
            if meaning is None and year is not None:
                continue
            if meaning is None:
                unplaced.append(cell)
            elif meaning.role is not None:
                roles.add(meaning.role)
                codes.update(meaning.code_dimensions)
            else:
                wrong = [d for d, c in meaning.places.items() if not _agrees(fixed.get(d), c, context.hierarchy)]
                kept = meaning.places.keys() - set(wrong)
                if wrong and not (wrong == [FLOW] and kept & set(dimensions)):
                    contradictions.append(cell)
                placed = {d: c for d, c in meaning.places.items() if d not in wrong}
                astray = _EXCLUSIVE & set(narrow_into(places, placed, context.hierarchy))
                unplaced += [cell] if astray else []
                if meaning.measure is not None:
                    places["measure"] = meaning.measure
                if meaning.contrasts and "year" not in places:
                    contrasted.append((number, meaning))
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
                of_which=any(names_part(cell.text, context.vocabulary) for cell in path),
            )
        )
    return _mark_uncertain(
        _contrast(_place_totals(columns, context), contrasted, context.hierarchy), grid, context.vocabulary
    )


def _mark_uncertain(columns: Sequence[Column], grid: Grid, vocabulary: Vocabulary) -> list[Column]:
    """Mark the columns, other than totals, that share their upper header with an unknown column of figures."""
    unknown = [
        column.path[: column.path.index(column.unplaced[0])]
        for column in columns
        if column.unplaced
        and not column.is_key
        and any(parse_amount(grid.text(row, column.number)) for row in grid.body)
    ]
    return [
        replace(column, uncertain=True)
        if any(
            column.path[: len(above)] == above
            and len(column.path) > len(above)
            and not _is_total(column.path[len(above)], vocabulary)
            for above in unknown
        )
        else column
        for column in columns
    ]


def _read_label(
    label: str,
    context: DocumentContext,
    dimensions: Sequence[str],
    fixed: Mapping[str, str],
    above: Mapping[str, str],
) -> tuple[Meaning | None, str | None]:
    """The meaning of a label, and its year if years are a running dimension; `above` are the coordinates of its column.

    Below a kind of outlay a label may name an economic class; below a class, a name of several classes is the one of
    them that belongs to it.
    """
    words = label_meanings(label, context.vocabulary) or context.vocabulary.meanings.get(
        part_words(label, context.vocabulary), ()
    )
    meaning = choose_meaning(words, dimensions, fixed, context.hierarchy)
    if meaning is None and above:
        meaning = choose_meaning(words, dimensions, {**fixed, **above}, context.hierarchy)
    if meaning is None and KIND in above:
        meaning = find_economic_class(label, context, fixed)
    if meaning is not None or "year" not in dimensions:
        return meaning, None
    compared = compared_words(label, context.vocabulary)
    if compared is not None:
        measures = (m for m in context.vocabulary.meanings.get(compared, ()) if m.measure is not None)
        return next(measures, _CHANGE if not compared else None), None
    dated = split_year(label, context.vocabulary)
    if dated is None or not dated[1]:
        return None, find_short_year(label, context.vocabulary)
    meaning = choose_meaning(context.vocabulary.meanings.get(dated[1], ()), dimensions, fixed, context.hierarchy)
    return meaning, dated[0] if meaning is not None else None


def find_economic_class(label: str, context: DocumentContext, fixed: Mapping[str, str]) -> Meaning | None:
    """Return the economic class that a label names, None if it names none: the parts of a kind of outlay."""
    meanings = [m for m in context.vocabulary.meanings.get(label, ()) if m.places.keys() == {"economic"}]
    return choose_meaning(meanings, ("economic",), fixed, context.hierarchy)


def _contrast(
    columns: Sequence[Column], contrasted: Sequence[tuple[int, Meaning]], hierarchy: Hierarchy
) -> list[Column]:
    """Return the columns, with the contrasted coordinates of labels added to columns that lack these labels.

    Example: beside a column of money carried over, a column of the same measure holds money of this year. Labels of
    another fund than that of a column are left out. Coordinates outside `EVERYWHERE`, such as the vintage, are added
    only to columns that have other coordinates, because a column without any may hold the total.
    """
    under = {number for number, _ in contrasted}
    measures = {column.measure for column in columns if column.number in under and not column.is_key}
    placed = []
    for column in columns:
        places: dict[str, str] = {}
        for _, label in contrasted:
            if _FUND not in column.places or _agrees(label.places.get(_FUND), column.places[_FUND], hierarchy):
                places |= label.contrasts
        applies = (
            column.number not in under
            and column.holds_figures
            and column.measure in measures
            and (places.keys() <= set(EVERYWHERE) or column.places.keys() - {*EVERYWHERE, "period"})
        )
        placed.append(replace(column, places={**places, **column.places}) if applies else column)
    return placed


def narrow_into(places: dict[str, str], more: Mapping[str, str], hierarchy: Hierarchy) -> list[str]:
    """Merge coordinates into `places`, keeping the narrower; return the dimensions in which both exclude each other."""
    conflicts = []
    for dimension, concept in more.items():
        common = hierarchy.common_part(concept, places.get(dimension, concept))
        if common is None:
            conflicts.append(dimension)
        else:
            places[dimension] = common
    return conflicts


def _place_totals(columns: Sequence[Column], context: DocumentContext) -> list[Column]:
    """Place each total column at the lowest common ancestor of its siblings, the columns under the same parent cell.

    If a sibling is not known, only the top concept is certain.
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
