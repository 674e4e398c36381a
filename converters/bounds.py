"""Which printed whole a claim cannot exceed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from converters.hierarchy import Hierarchy
from converters.observations import Observation
from converters.points import Point
from ontology.vocabulary import Vocabulary

_BASIC = "code/kind/basic"
_Printed = Mapping[tuple[tuple[str, str], ...], tuple[Point, Observation]]


def find_bounds(
    points: Sequence[Point], vocabulary: Vocabulary, hierarchy: Hierarchy
) -> list[tuple[Observation, Observation]]:
    """(part, whole) pairs: the nearest printed whole in each dimension, all else equal, once for two points.

    An economic class that lies inside a scope is bounded, in basic expenditure, by that scope's amount of its fund.
    No part is bounded where a part beside it is negative.
    """
    printed: dict[tuple[tuple[str, str], ...], tuple[Point, Observation]] = {}
    for point in points:
        for claim in (point.claim, *point.claims):
            printed.setdefault(tuple(claim.coordinates.items()), (point, claim))
    pairs: dict[tuple[str, str], tuple[Observation, Observation]] = {}
    for point in points:
        for claim in (point.claim, *point.claims):
            for above, whole in _wholes(claim.coordinates, printed, vocabulary, hierarchy):
                if above is not point:
                    pairs.setdefault((point.key, above.key), (claim, whole))
    negative = {above for (_, above), (part, _) in pairs.items() if part.amount is not None and part.amount < 0}
    return [pair for (_, above), pair in pairs.items() if above not in negative]


def _wholes(
    coordinates: Mapping[str, str], printed: _Printed, vocabulary: Vocabulary, hierarchy: Hierarchy
) -> Iterator[tuple[Point, Observation]]:
    for dimension, concept in coordinates.items():
        wider = (printed.get(tuple({**coordinates, dimension: a}.items())) for a in hierarchy.line(concept)[1:])
        nearest = next((whole for whole in wider if whole is not None), None)
        if nearest is not None:
            yield nearest
    economic = vocabulary.concepts.get(coordinates["economic"])
    if economic is None or economic.inside_scope is None:
        return
    kinds = hierarchy.line(coordinates["kind"])
    if _BASIC in kinds:
        scope = {"economic": hierarchy.line(economic.key)[-1], "scope": economic.inside_scope}
        wider = (printed.get(tuple({**coordinates, **scope, "kind": kind}.items())) for kind in kinds)
        nearest = next((whole for whole in wider if whole is not None), None)
        if nearest is not None:
            yield nearest
