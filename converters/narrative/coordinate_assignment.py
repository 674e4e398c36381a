"""Drafts to observations: coordinates, exact values, precision; and the sums of lists that are complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from converters.cube.sums import Sum, partitions
from converters.entities.disclosure_context import DisclosureContext
from converters.model.document import Issue
from converters.model.iris import NARRATIVE
from converters.model.observation import Observation
from converters.model.precision import half_of_last_digit
from converters.narrative.drafts import AMOUNT, CHANGE, CHANGE_RATE, Draft, Enumeration
from converters.narrative.paragraphs import Sentence
from converters.narrative.tokens import FIGURES, MONEY, PERCENT, UNCHANGED
from ontology.phrases import Phrases

_FLOWS = ("code/flow/revenue", "code/flow/expenditure")
_SEVERAL = 5
_LOSES = frozenset({CHANGE, CHANGE_RATE})
Placed = Mapping[Draft, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Precisions:
    """Half of the finest digit in use, by unit for the text and by sentence and unit where a section has its own."""

    of_text: Mapping[str, Decimal]
    of_section: Mapping[tuple[int, str], Decimal]

    def of(self, sentence: int, unit: str) -> Decimal:
        """The precision of a figure; 0 for what is counted in whole ones."""
        return self.of_section.get((sentence, unit), self.of_text.get(unit, Decimal(0)))


def find_precisions(sections: Iterable[Sequence[Sentence]], phrases: Phrases) -> Precisions:
    """How finely the text says its figures; percentages are left out, each is rounded for itself.

    A section that tells several different amounts, all in coarser digits than the text elsewhere, rounds them; one that
    tells few has perhaps only dropped zeros at the end.
    """
    finest: dict[str, int] = defaultdict(int)
    own: dict[tuple[int, str], int] = {}
    for section in sections:
        told: dict[str, dict[Decimal, int]] = defaultdict(dict)
        for token in (token for sentence in section for token in sentence.tokens):
            if token.sort in FIGURES and token.sort != PERCENT and token.unit is not None and token.amount:
                told[token.unit][token.amount] = token.decimals
        for unit, decimals in told.items():
            most = max(decimals.values())
            finest[unit] = max(finest[unit], most)
            if len(decimals) >= _SEVERAL:
                own |= {(sentence.number, unit): most for sentence in section}
    text = {unit: _precision(unit, decimals, phrases) for unit, decimals in finest.items()}
    return Precisions(text, {place: _precision(place[1], decimals, phrases) for place, decimals in own.items()})


def _precision(unit: str, decimals: int, phrases: Phrases) -> Decimal:
    return Decimal(0) if unit in phrases.indivisible else half_of_last_digit(decimals)


class CoordinateAssignment:
    """Places the drafts of one document; a draft about both flows becomes two observations."""

    def __init__(self, listings: Sequence[Enumeration], precisions: Precisions, setting: DisclosureContext) -> None:
        self._setting, self._hierarchy, self._precisions = setting, setting.hierarchy, precisions
        self._parts = {
            listing.whole: listing.parts
            for listing in listings
            if listing.whole is not None and listing.complete and not listing.broken
        }
        self._by_flow: dict[tuple[Draft, str], dict[str, str]] = {}
        self.issues: list[Issue] = []

    def place(self, drafts: Sequence[Draft]) -> dict[Draft, tuple[Observation, ...]]:
        """The observations of each draft; one whose flow no word tells is an issue."""
        placed: dict[Draft, tuple[Observation, ...]] = {}
        for draft in drafts:
            flows = self._flows(draft)
            if flows:
                placed[draft] = tuple(
                    self._observation(draft, self._coordinates(draft, flow), reading)
                    for reading, flow in enumerate(flows, start=1)
                )
            else:
                place = draft.sentence.paragraph.locator(draft.token.start)
                self.issues.append(Issue("flow-not-told", place, {"figure": draft.token.text, "words": draft.label}))
        return placed

    def _flows(self, draft: Draft) -> tuple[str, ...]:
        """Revenue, expenditure, or both; a change of both is published once, with revenue."""
        spoken = draft.subject or draft
        places = spoken.places(self._hierarchy)
        told = places.get("flow") or self._implied_flow(spoken, places)
        if told is not None:
            return (told,)
        if not spoken.both:
            return ()
        return _FLOWS if draft.subject is None else _FLOWS[:1]

    def _implied_flow(self, draft: Draft, places: Mapping[str, str]) -> str | None:
        """What is counted by use, and what is no money, is about expenditure."""
        if draft.measure != AMOUNT:
            return _FLOWS[1]
        implied = self._setting.vocabulary.implied
        tops = (self._hierarchy.line(c)[-1] for c in places.values() if self._hierarchy.parent(c) is not None)
        return next((flow for top in tops if (flow := implied.get(top, {}).get("flow"))), None)

    def _coordinates(self, draft: Draft, flow: str) -> dict[str, str]:
        setting = self._setting
        places = self._settled(draft.subject or draft, flow)
        return setting.tops() | self._holder(places) | places | {"measure": draft.measure}

    def _holder(self, places: Mapping[str, str]) -> dict[str, str]:
        """The unit that holds the project spoken of, where the table of projects prints it."""
        project = next((p for p in self._setting.projects if p.key == places.get("project")), None)
        return {"organisation": project.organisation} if project is not None and project.organisation else {}

    def _settled(self, draft: Draft, flow: str) -> dict[str, str]:
        """The places of a statement with what its flow implies.

        The whole of a list stands, where its own words do not say, at the lowest common ancestor of the parts.
        """
        known = self._by_flow.get((draft, flow))
        if known is not None:
            return known
        places = draft.places(self._hierarchy) | {"flow": flow}
        if draft.measure == AMOUNT:
            implied = self._setting.vocabulary.implied
            if draft.grand:
                tops = {d: self._hierarchy.line(c)[-1] for f in _FLOWS for d, c in implied[f].items()}
                places = tops | places
            parts = [self._settled(p, f) for p in self._parts.get(draft, ()) for f in self._flows(p) if f == flow]
            for dimension, concept in implied[flow].items():
                within = [part[dimension] for part in parts if dimension in part]
                places.setdefault(dimension, self._hierarchy.lowest_common_ancestor(within) or concept)
        self._by_flow[draft, flow] = places
        return places

    def _observation(self, draft: Draft, coordinates: Mapping[str, str], reading: int) -> Observation:
        token = draft.token
        unit = token.unit or (draft.subject.token.unit if draft.subject else None) or ""
        factor = token.factor if token.sort == MONEY else Decimal(1)
        amount = Decimal(0) if token.sort == UNCHANGED else (token.amount or Decimal(0)) * factor
        if draft.measure in _LOSES and draft.direction == "decrease":
            amount = -amount
        exact = not amount and token.sort != UNCHANGED
        scale = draft.subject.token.factor if token.sort == UNCHANGED and draft.subject else factor
        own = half_of_last_digit(token.decimals) if token.sort == PERCENT else None
        rounded = self._precisions.of(draft.sentence.number, unit) if own is None else own
        dimensions = self._setting.vocabulary.dimensions
        return Observation(
            table=NARRATIVE,
            row=draft.sentence.number,
            column=reading,
            coordinates={name: coordinates[name] for name in dimensions},
            amount=amount,
            precision=Decimal(0) if exact else rounded * scale,
            printed=token.digits or token.text,
            unit=unit,
            row_code=None,
            row_label=draft.label,
            column_label=draft.heading,
            locator=draft.sentence.paragraph.locator(token.start),
            ordinal=draft.number,
        )


def find_list_sums(listings: Sequence[Enumeration], placed: Placed, setting: DisclosureContext) -> Iterator[Sum]:
    """The sums that complete lists state, of two entries or more inside the whole and apart from each other."""
    used: dict[Observation, int] = defaultdict(int)
    for listing in listings:
        if not listing.complete or listing.broken or listing.whole is None or len(listing.parts) < 2:
            continue
        parts = [placed.get(part, ()) for part in listing.parts]
        if any(len(observations) != 1 for observations in parts):
            continue
        entries = [observations[0] for observations in parts]
        for total in placed.get(listing.whole, ()):
            ways = partitions(total, entries, setting.vocabulary, setting.hierarchy)
            if len(ways) == 1 and len(ways[0][1]) == len(entries):
                used[total] += 1
                suffix = "/sum" + (f"-{used[total]}" if used[total] > 1 else "")
                yield Sum(total, ways[0][1], ways[0][0], suffix)
