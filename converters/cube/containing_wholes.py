"""Which printed whole a claim cannot exceed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from converters.cube.points import Point
from converters.cube.sums import differing
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.model.iris import NARRATIVE
from converters.model.observation import Observation, Place, coordinates_to_place
from ontology.concepts import Concept
from ontology.text import clean_label

_BASIC = "code/kind/basic"
_NEVER_WIDER = ("year", "phase", "flow", "period", "measure")
_INDEXED = ("organisation", "function", "economic", "project", "line")
_Claimed = tuple[Point, Observation]
_Printed = Mapping[Place, _Claimed]


def find_bounds(points: Sequence[Point], context: DocumentContext) -> list[tuple[Observation, Observation]]:
    """(part, whole) pairs, once for two points.

    A claim is bounded by the nearest printed whole in each dimension, all else equal. A line of a list is bounded by
    the nearest printed wholes of any sort: those that are as wide or wider in every dimension, that lie below no other
    such whole, and that are no line of another list. So a purchase is bounded by the total of its list, by its
    economic class in basic expenditure, by its project, by its function, whichever are printed.

    An economic class that lies inside a scope is bounded, in basic expenditure, by the amount of that scope, or of one
    that contains it, of its fund or of a wider one: running of vehicles by vehicles, the general public fund by all
    appropriations. Its name must not be that of something else.
    A claim of a part of a table that may exceed the totals of others (`mayExceedWholes`) is bounded by none.
    A whole that the text states is shown by the preferred claim of its point, which is that of a table where there is
    one. No part is bounded where a part beside it, in the same dimensions, is negative.
    """
    printed: dict[Place, _Claimed] = {}
    for point in points:
        for claim in (point.claim, *point.claims):
            printed.setdefault(coordinates_to_place(claim.coordinates), (point, claim))
    alike: dict[tuple[str, ...], list[_Claimed]] = defaultdict(list)
    for point, claim in printed.values():
        alike[tuple(claim.coordinates[d] for d in (*_NEVER_WIDER, *_INDEXED))].append((point, claim))
    pairs: dict[tuple[str, str], tuple[Observation, Observation]] = {}
    for point in points:
        for claim in (point.claim, *point.claims):
            if not claim.bounded:
                continue
            if context.hierarchy.parent(claim.coordinates["line"]) is not None:
                wholes = _wholes_of_line(claim, alike, context.hierarchy)
            else:
                wholes = _wholes(claim, printed, context)
            for above, whole in wholes:
                if above is not point:
                    shown = above.claim if whole.table == NARRATIVE else whole
                    pairs.setdefault((point.key, above.key), (claim, shown))
    negative = {
        (above, differing(whole.coordinates, part.coordinates, context.hierarchy))
        for (_, above), (part, whole) in pairs.items()
        if part.amount is not None and part.amount < 0
    }
    return [
        (part, whole)
        for (_, above), (part, whole) in pairs.items()
        if (above, differing(whole.coordinates, part.coordinates, context.hierarchy)) not in negative
    ]


def _wholes_of_line(
    line: Observation, alike: Mapping[tuple[str, ...], Sequence[_Claimed]], hierarchy: Hierarchy
) -> Iterator[_Claimed]:
    """Yield the nearest wholes of a line: claims that contain the line and contain no other claim that does."""
    shared = tuple(line.coordinates[dimension] for dimension in _NEVER_WIDER)
    wider = product(*(hierarchy.line(line.coordinates[dimension]) for dimension in _INDEXED))
    holding = [
        item
        for places in wider
        for item in alike.get((*shared, *places), ())
        if (item[1].table == line.table or hierarchy.parent(item[1].coordinates["line"]) is None)
        and differing(item[1].coordinates, line.coordinates, hierarchy)
    ]
    for item in holding:
        wide = item[1].coordinates
        if not any(other is not item and differing(wide, other[1].coordinates, hierarchy) for other in holding):
            yield item


def _wholes(claim: Observation, printed: _Printed, context: DocumentContext) -> Iterator[_Claimed]:
    coordinates = claim.coordinates
    for dimension, concept in coordinates.items():
        above = context.hierarchy.line(concept)[1:]
        wider = (printed.get(coordinates_to_place({**coordinates, dimension: wide})) for wide in above)
        nearest = next((whole for whole in wider if whole is not None), None)
        if nearest is not None:
            yield nearest
    yield from _wholes_of_scope(claim, printed, context)


def _wholes_of_scope(claim: Observation, printed: _Printed, context: DocumentContext) -> Iterator[_Claimed]:
    """Yield the nearest printed whole of an economic class that lies inside a scope, if there is one.

    There is none where the name beside the code is that of something else: then the code may be misprinted.
    """
    coordinates, hierarchy = claim.coordinates, context.hierarchy
    economic = context.vocabulary.concepts.get(coordinates["economic"])
    if economic is None or economic.inside_scope is None:
        return
    if not _is_named(claim.row_label, (economic, context.vocabulary.concepts[economic.inside_scope])):
        return
    kinds = hierarchy.line(coordinates["kind"])
    if _BASIC not in kinds:
        return
    everything = hierarchy.line(economic.key)[-1]
    wider = product(hierarchy.line(economic.inside_scope)[:-1], hierarchy.line(coordinates["fund"]), kinds)
    for scope, fund, kind in wider:
        place = {**coordinates, "economic": everything, "scope": scope, "fund": fund, "kind": kind}
        whole = printed.get(coordinates_to_place(place))
        if whole is not None:
            yield whole
            return


def _is_named(name: str, concepts: Iterable[Concept]) -> bool:
    """Whether a name, if there is one, and a label of the concepts contain one another."""
    printed = clean_label(name)
    labels = (clean_label(label) for concept in concepts for label in concept.labels)
    return not printed or any(label in printed or printed in label for label in labels)
