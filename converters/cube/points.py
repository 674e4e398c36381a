"""Points: claims about the same money, grouped by effective coordinates (`converters.cube.effective_coordinates`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from converters.cube.effective_coordinates import effective_by_time
from converters.model.document_context import DocumentContext
from converters.model.iris import NARRATIVE, mint_point
from converters.model.observation import Observation


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The claims at one point of the cube.

    `claim` is the preferred one: of a table before the text, then the most precise, then the first printed.
    """

    key: str
    coordinates: Mapping[str, str]
    claims: tuple[Observation, ...]
    claim: Observation


def find_points(observations: Sequence[Observation], disclosure: str, context: DocumentContext) -> list[Point]:
    """Return the points of one disclosure, in the order of their first claims.

    Claims with a measure that cannot be compared, or with uncertain coordinates, have no point. Only tables decide
    whether a concept is replaced by its parent (see `EffectiveCoordinates`). In claims of the narrative, concepts that
    no table prints are kept.
    """
    comparable = [o for o in observations if o.measure in context.vocabulary.comparable_measures]
    by_time = effective_by_time(comparable, context)
    groups: dict[str, list[Observation]] = defaultdict(list)
    effective: dict[str, Mapping[str, str]] = {}
    for observation in comparable:
        if observation.uncertain:
            continue
        raw = observation.coordinates
        effective_at = by_time.get((raw["year"], raw["phase"]))
        coordinates = effective_at.effective(raw, observation.table == NARRATIVE) if effective_at else raw
        key = mint_point(disclosure, coordinates)
        groups[key].append(observation)
        effective[key] = coordinates
    order = {id(o): i for i, o in enumerate(observations)}
    return [
        Point(
            key,
            effective[key],
            tuple(claims),
            min(claims, key=lambda o: (o.table == NARRATIVE, o.precision, order[id(o)])),
        )
        for key, claims in groups.items()
    ]
