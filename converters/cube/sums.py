"""Which observations a printed total is the sum of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.model.observation import COLUMN, ROW, Observation, Place, Table, coordinates_to_place
from ontology.numbers import ZERO, sums_to
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Sum:
    """A printed total and the printed parts it should add up to.

    `along` names the dimensions in which the parts are narrower; `suffix` is what the address adds to the total's.
    """

    total: Observation
    parts: tuple[Observation, ...]
    along: tuple[str, ...]
    suffix: str

    @property
    def holds(self) -> bool:
        """Whether the parts add up to the total within the precision of all."""
        whole = self.total.amount or ZERO, self.total.precision
        return sums_to(whole, ((part.amount or ZERO, part.precision) for part in self.parts))


def find_sums(tables: Sequence[Table], context: DocumentContext) -> list[Sum]:
    """The sums printed in the rows and columns of the tables, and those whose total stands in another table.

    A line that holds a figure whose place is not known has no sum, nor has a table that states that items are left out.
    Where the parts of a total in different dimensions add up to it all together, none of these dimensions needs to.
    """
    return [s for table in tables for s in _printed_sums(table, context)] + list(_virtual_sums(tables, context))


def _lines(table: Table, vocabulary: Vocabulary) -> Iterator[tuple[str, int, list[Observation]]]:
    """The rows and columns of a table as (direction, number, its figures of one comparable measure).

    Where a table stands in halves side by side, each half has its own row; columns under the same words are one.
    """
    first: dict[str, int] = {}
    for direction in (ROW, COLUMN):
        lines: dict[tuple[int, str, str], list[Observation]] = defaultdict(list)
        for o in sorted((*table.observations, *table.gaps), key=lambda o: (o.row, o.column, o.ordinal)):
            if o.measure in vocabulary.comparable_measures:
                column = first.setdefault(o.column_label or str(o.column), o.column)
                number, head = (o.row, f"{o.row_code} {o.row_label}") if direction == ROW else (column, "")
                lines[number, head, o.measure].append(o)
        for (number, _, _), figures in lines.items():
            yield direction, number, figures


def _printed_sums(table: Table, context: DocumentContext) -> Iterator[Sum]:
    for direction, number, figures in _lines(table, context.vocabulary):
        if table.withholds or any((row if direction == ROW else col) == number for row, col in table.unplaced):
            continue
        distinct = first_claims(figures)
        for total in figures:
            if total.amount is None:
                continue
            nodes = []
            for along, parts in partitions(total, distinct, context):
                if all(part.amount is not None for part in parts) and _is_complete(
                    total, parts, along, direction, context
                ):
                    nodes.append((along, parts))
            several = len(nodes) > 1
            sums = [
                Sum(total, parts, along, f"/sum/{direction}" + ("-" + "-".join(along) if several else ""))
                for along, parts in nodes
            ]
            whole = Sum(total, tuple(dict.fromkeys(part for s in sums for part in s.parts)), (), "")
            yield from (s for s in sums if s.holds or not (several and whole.holds))


def find_blank_totals(tables: Sequence[Table], context: DocumentContext) -> list[Sum]:
    """The blank cells of totals, each with the printed parts that it should be the sum of, which is not zero.

    A total that is printed in another cell of its line is not missing.
    """
    found: dict[int, Sum] = {}
    for table in tables:
        if not table.blanks or table.withholds or table.unplaced:
            continue
        for direction, _, figures in _lines(table, context.vocabulary):
            known = {coordinates_to_place(o.coordinates) for o in figures}
            for blank in table.blanks:
                placed = coordinates_to_place(blank.coordinates) in known
                if placed or id(blank) in found or not _share_line(blank, figures[0], direction):
                    continue
                for along, parts in partitions(blank, first_claims(figures), context):
                    whole = Sum(blank, parts, along, f"/sum/{direction}")
                    if _has_figures(parts) and _is_complete(blank, parts, along, direction, context):
                        found.setdefault(id(blank), whole)
    return list(found.values())


def _share_line(one: Observation, other: Observation, direction: str) -> bool:
    """Whether two cells of a table stand in one row, or in columns under the same words, and measure the same."""
    in_row = one.row == other.row and one.row_label == other.row_label
    in_column = one.column_label == other.column_label
    return one.measure == other.measure and (in_row if direction == ROW else in_column)


def _has_figures(parts: Sequence[Observation]) -> bool:
    """Whether all parts could be read, and do not add up to nothing."""
    amounts = [part.amount for part in parts if part.amount is not None and part.doubt is None]
    return len(amounts) == len(parts) and sum(amounts, ZERO) != ZERO


def first_claims(figures: Sequence[Observation]) -> list[Observation]:
    """The figures with each set of coordinates once, the first printed."""
    return list({coordinates_to_place(o.coordinates): o for o in reversed(figures)}.values())[::-1]


def differing(wide: Mapping[str, str], narrow: Mapping[str, str], hierarchy: Hierarchy) -> tuple[str, ...] | None:
    """The dimensions in which `narrow` is strictly within `wide`, in the order of `wide`.

    None if it is not within it everywhere.
    """
    dimensions = []
    for dimension, concept in wide.items():
        if narrow[dimension] != concept:
            if not hierarchy.is_within(narrow[dimension], concept):
                return None
            dimensions.append(dimension)
    return tuple(dimensions)


def disjoint(one: Mapping[str, str], other: Mapping[str, str], hierarchy: Hierarchy) -> bool:
    """Whether two sets of coordinates share no money: in some dimension they have nothing in common."""
    return any(c != other[d] and not hierarchy.comparable(c, other[d]) for d, c in one.items())


def partitions(
    total: Observation, figures: Sequence[Observation], context: DocumentContext
) -> list[tuple[tuple[str, ...], tuple[Observation, ...]]]:
    """The ways in which the immediate children of `total` among `figures` divide it, as (dimensions, parts).

    One way if all children are pairwise disjoint; else one for each set of dimensions whose children are. A concept
    that unites parts of its siblings is left out.
    """
    below = []
    for figure in figures:
        dimensions = differing(total.coordinates, figure.coordinates, context.hierarchy)
        if dimensions and not any(_is_of_which(total.coordinates[d], context.vocabulary) for d in dimensions):
            below.append((figure, dimensions))
    children = [
        (figure, dimensions)
        for figure, dimensions in below
        if not any(
            other is not figure and differing(other.coordinates, figure.coordinates, context.hierarchy)
            for other, _ in below
        )
    ]
    children = _without_unions(total, children, figures, context.hierarchy)
    if not children:
        return []
    if _pairwise_disjoint([f for f, _ in children], context.hierarchy):
        along = tuple(d for d in total.coordinates if any(d in dimensions for _, dimensions in children))
        return [(along, tuple(f for f, _ in children))]
    by_dimensions: dict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for figure, dimensions in children:
        by_dimensions[dimensions].append(figure)
    return [(d, tuple(parts)) for d, parts in by_dimensions.items() if _pairwise_disjoint(parts, context.hierarchy)]


def _without_unions(
    total: Observation,
    children: Sequence[tuple[Observation, tuple[str, ...]]],
    figures: Sequence[Observation],
    hierarchy: Hierarchy,
) -> list[tuple[Observation, tuple[str, ...]]]:
    """Return the children without those that unite parts of others: 运转类 beside 基本支出 and 项目支出.

    None if a figure that unites parts of several others holds some of the total (运转类 for 基本支出).
    """
    unions = [f for f in figures if not hierarchy.unions.isdisjoint(f.coordinates.values())]
    if any(_overlap(f.coordinates, total.coordinates, hierarchy) for f in unions):
        return []
    divided = [figure for figure, _ in children if figure not in unions]
    return [
        (figure, dimensions)
        for figure, dimensions in children
        if figure not in unions or not _is_united_by(figure, dimensions, divided, hierarchy)
    ]


def _overlap(one: Mapping[str, str], other: Mapping[str, str], hierarchy: Hierarchy) -> bool:
    """Whether two sets of coordinates share money, and neither holds all of the other."""
    within = differing(one, other, hierarchy) is not None or differing(other, one, hierarchy) is not None
    return not within and not disjoint(one, other, hierarchy)


def _is_united_by(
    union: Observation, dimensions: Sequence[str], divided: Sequence[Observation], hierarchy: Hierarchy
) -> bool:
    """Whether all that a figure unites lies within figures that differ from it in one dimension only."""
    for dimension in dimensions:
        united = hierarchy.united(union.coordinates[dimension])
        rest = {**union.coordinates, dimension: ""}
        beside = [o.coordinates[dimension] for o in divided if {**o.coordinates, dimension: ""} == rest]
        if united and all(any(hierarchy.is_within(part, other) for other in beside) for part in united):
            return True
    return False


def _is_of_which(concept: str, vocabulary: Vocabulary) -> bool:
    known = vocabulary.concepts.get(concept)
    return known is not None and known.parts_incomplete


def _pairwise_disjoint(figures: Sequence[Observation], hierarchy: Hierarchy) -> bool:
    return all(disjoint(a.coordinates, b.coordinates, hierarchy) for a, b in combinations(figures, 2))


def _is_complete(
    total: Observation,
    parts: Sequence[Observation],
    along: Sequence[str],
    direction: str,
    context: DocumentContext,
) -> bool:
    """Whether the parts must add up to the total.

    A department is the sum of its units only when all units of the document are among the parts, and a list after 其中
    adds up only if it holds every part that the vocabulary knows.
    """
    complete = set(along) & {"organisation"}
    if any(direction in part.of_which for part in parts):
        complete |= set(along)
    return all(
        set(context.hierarchy.children(total.coordinates[d])) <= {part.coordinates[d] for part in parts}
        for d in complete
    )


def _virtual_sums(tables: Sequence[Table], context: DocumentContext) -> Iterator[Sum]:
    """Parts whose line prints no total, against the total another table prints at their lowest common ancestor."""
    everywhere: dict[Place, Observation] = {}
    for table in tables:
        for o in table.observations:
            if o.uncertain:
                continue
            everywhere.setdefault(coordinates_to_place(o.coordinates), o)
    for table in tables:
        if table.withholds or table.unplaced:
            continue
        for direction, number, figures in _lines(table, context.vocabulary):
            tops = [
                f
                for f in first_claims(figures)
                if not any(o is not f and differing(o.coordinates, f.coordinates, context.hierarchy) for o in figures)
            ]
            whole = _common_whole(tops, context.hierarchy)
            if whole is None or any(part.amount is None or part.uncertain for part in tops):
                continue
            along, coordinates = whole
            total = everywhere.get(coordinates_to_place(coordinates))
            if total is None or total.table == table.name or _is_of_which(coordinates[along], context.vocabulary):
                continue
            if _is_complete(total, tops, (along,), direction, context):
                yield Sum(total, tuple(tops), (along,), f"/sum/{table.name}-{direction}{number}")


def _common_whole(parts: Sequence[Observation], hierarchy: Hierarchy) -> tuple[str, dict[str, str]] | None:
    """The one dimension in which disjoint parts differ, and the coordinates at their lowest common ancestor."""
    if len(parts) < 2:
        return None
    first = parts[0].coordinates
    varying = [d for d in first if any(part.coordinates[d] != first[d] for part in parts[1:])]
    if len(varying) != 1 or not _pairwise_disjoint(parts, hierarchy):
        return None
    ancestor = hierarchy.lowest_common_ancestor([part.coordinates[varying[0]] for part in parts])
    return None if ancestor is None else (varying[0], {**first, varying[0]: ancestor})
