"""Effective coordinates: a part of fund, vintage or kind is replaced by its whole where it is all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from converters.model.document_context import DocumentContext
from converters.model.iris import NARRATIVE
from converters.model.observation import Observation, Place, coordinates_to_place
from ontology.numbers import agree

_CLIMBING = ("fund", "vintage", "kind")
_AT_TOP = ("function", "economic", "project", "organisation")
_KIND_FLOW = "code/flow/expenditure"
Time = tuple[str, str]
"""A year and a phase."""


def effective_by_time(
    observations: Iterable[Observation], context: DocumentContext
) -> dict[Time, EffectiveCoordinates]:
    """Return the effective coordinates of each year and phase, found from the tables of a document alone."""
    by_time: dict[Time, list[Observation]] = defaultdict(list)
    for observation in observations:
        if observation.table != NARRATIVE:
            by_time[observation.coordinates["year"], observation.coordinates["phase"]].append(observation)
    return {time: EffectiveCoordinates(claims, context) for time, claims in by_time.items()}


class EffectiveCoordinates:
    """The concepts of fund, vintage and kind that hold all money of their parents, in one year and phase.

    A concept does not count as such if money that was not read may belong to a sibling.
    """

    def __init__(self, claims: Iterable[Observation], context: DocumentContext) -> None:
        self._vocabulary, self._hierarchy = context.vocabulary, context.hierarchy
        self._claims = [
            o
            for o in claims
            if o.measure == "amount"
            and all(o.coordinates[d] == context.vocabulary.dimensions[d].top for d in ("scope", "period"))
        ]
        self._whole: dict[tuple[str, str], bool] = {}
        self._unread = context.unread

    def effective(self, raw: Mapping[str, str], printed_only: bool = False) -> Mapping[str, str]:
        """Return coordinates in which a concept is replaced by its parent where it holds all money of the parent.

        The replacement is repeated up to the first parent that holds more. If `printed_only`, a concept is kept unless
        a table prints it or a concept below it.
        """
        coordinates = dict(raw)
        for dimension in _CLIMBING:
            if printed_only and not self._holds_claims(dimension, coordinates[dimension]):
                continue
            while (parent := self._hierarchy.parent(coordinates[dimension])) is not None:
                if not self._is_whole(dimension, coordinates[dimension], parent):
                    break
                coordinates[dimension] = parent
        return coordinates

    def _holds_claims(self, dimension: str, concept: str) -> bool:
        return any(self._hierarchy.is_within(o.coordinates[dimension], concept) for o in self._claims)

    def _is_whole(self, dimension: str, concept: str, parent: str) -> bool:
        known = self._whole.get((dimension, concept))
        if known is None:
            known = self._whole[dimension, concept] = self._judge(dimension, concept, parent)
        return known

    def _judge(self, dimension: str, concept: str, parent: str) -> bool:
        """Return whether a concept holds all money of its parent.

        That is so if no sibling holds or may hold money, and either all siblings are printed (as zero) or the figures
        of concept and parent agree.
        """
        whole = self._vocabulary.concepts.get(parent)
        if self._hierarchy.united(concept) or (whole is not None and whole.parts_incomplete):
            return False
        claims = [o for o in self._claims if dimension != "kind" or o.coordinates["flow"] == _KIND_FLOW]
        printed: dict[str, bool] = {}
        for claim in claims:
            at = claim.coordinates[dimension]
            printed[at] = printed.get(at, False) or bool(claim.amount)
        siblings = [s for s in self._vocabulary.children.get(parent, ()) if s != concept]
        if any(self._may_hold(places.get(dimension), s) for places in self._unread for s in siblings):
            return False
        if any(holds and self._hierarchy.is_within(at, s) for at, holds in printed.items() for s in siblings):
            return False
        if all(self._is_printed(s, printed.keys()) for s in siblings):
            return True
        return self._tops_agree(dimension, concept, parent, claims)

    def _may_hold(self, place: str | None, concept: str) -> bool:
        """Whether money that is known to lie in or around `place` may lie within a concept."""
        return place is not None and self._hierarchy.comparable(place, concept)

    def _is_printed(self, concept: str, printed: Iterable[str]) -> bool:
        children = self._vocabulary.children.get(concept, ())
        return concept in printed or (bool(children) and all(self._is_printed(c, printed) for c in children))

    def _tops_agree(self, dimension: str, concept: str, parent: str, claims: Sequence[Observation]) -> bool:
        """Return whether the figures of a concept and of its parent agree.

        Figures at the top of the other dimensions are compared; if no such pair is printed, all pairs with the same
        other coordinates. Without any pair the answer is False.
        """
        root = {d: self._vocabulary.dimensions[d].top for d in _AT_TOP}
        sides: dict[str, dict[Place, Observation]] = {concept: {}, parent: {}}
        for claim in claims:
            if claim.coordinates[dimension] in sides:
                rest = coordinates_to_place({**claim.coordinates, dimension: ""})
                sides[claim.coordinates[dimension]].setdefault(rest, claim)
        pairs = [(part, sides[parent][rest]) for rest, part in sides[concept].items() if rest in sides[parent]]
        tops = [(p, w) for p, w in pairs if all(self._at_top(p.coordinates[d], root[d]) for d in _AT_TOP)]
        compared = tops or pairs
        return bool(compared) and all(_agree(part, whole) for part, whole in compared)

    def _at_top(self, concept: str, top: str | None) -> bool:
        return concept == top if top is not None else self._hierarchy.parent(concept) is None


def _agree(one: Observation, other: Observation) -> bool:
    if one.amount is None or other.amount is None:
        return False
    return agree((one.amount, one.precision), (other.amount, other.precision))
