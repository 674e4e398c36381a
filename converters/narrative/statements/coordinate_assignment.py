"""Draft statements to observations: coordinates, exact values, precision; and the sums of complete lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from converters.cube.sums import Sum, partitions
from converters.entities.disclosure_context import DisclosureContext
from converters.model.document import Issue
from converters.model.figures import Figure
from converters.model.hierarchy import Hierarchy
from converters.model.iris import NARRATIVE
from converters.model.observation import Observation
from converters.model.precision import TextPrecision, half_of_last_digit, text_precision
from converters.narrative.paragraphs import Sentence
from converters.narrative.statements.counts import STAFF
from converters.narrative.statements.draft_statements import (
    AMOUNT,
    CHANGES,
    SHARE,
    DraftStatement,
    Enumeration,
)
from converters.narrative.tokens import FIGURES, MONEY, PERCENT, PERFORMANCE, UNCHANGED, Token
from ontology.locators import Locator
from ontology.narrative_words import Phrases, bare, load_phrases

_FLOWS = ("code/flow/revenue", "code/flow/expenditure")
_OF_SOME = frozenset({"fund", "vintage", "period", "phase"})
"""Dimensions in which a part of money is often told without the name that tables give it."""
_HUNDRED = 100
_KINDS_OF_STAFF = 3
_LINE = "line"
"""The dimension of things that have no classification of money: kinds of vehicles, of assets, of staff."""
Assigned = Mapping[DraftStatement, tuple[Observation, ...]]


def find_precision(sections: Iterable[Sequence[Sentence]], phrases: Phrases) -> TextPrecision:
    """Find the precision of the figures of a text; percentages are left out, each has its own."""
    return text_precision(
        (([sentence.number for sentence in section], _figures(section)) for section in sections), phrases.indivisible
    )


def _figures(section: Iterable[Sentence]) -> Iterator[Figure]:
    for token in (token for sentence in section for token in sentence.tokens):
        if token.sort in FIGURES and token.sort != PERCENT and token.amount:
            yield Figure(token.amount, token.decimals, token.unit)


class CoordinateAssignment:
    """Assigns coordinates to the drafts of one document; a draft about both flows becomes two observations."""

    def __init__(
        self, enumerations: Sequence[Enumeration], precision: TextPrecision, context: DisclosureContext
    ) -> None:
        self._context, self._hierarchy, self._precision = context, context.hierarchy, precision
        self._lists = {
            enumeration.whole: enumeration
            for enumeration in sorted(enumerations, key=lambda each: len(each.parts))
            if enumeration.whole is not None and enumeration.complete and not enumeration.broken
        }
        self._by_flow: dict[tuple[DraftStatement, str], dict[str, str]] = {}
        self._divided: frozenset[Locator] = frozenset()
        self.issues: list[Issue] = []

    def assign(self, drafts: Sequence[DraftStatement]) -> dict[DraftStatement, tuple[Observation, ...]]:
        """Return the observations of each draft; one without a flow is compared with no table, and becomes an issue."""
        assigned: dict[DraftStatement, tuple[Observation, ...]] = {}
        self._divided = frozenset(
            d.sentence.paragraph.locator(0) for d in drafts if d.measure == AMOUNT and "fund" in d.own
        )
        for draft in drafts:
            if not self._flows(draft):
                draft.owner.compared = False
                place = draft.sentence.paragraph.locator(draft.token.start)
                self.issues.append(Issue("flow-not-told", place, {"figure": draft.token.text, "words": draft.label}))
            draft.compared = draft.compared and draft.owner.compared and not self._is_unnamed_part(draft)
            assigned[draft] = tuple(
                self._observation(draft, self._coordinates(draft, flow), reading)
                for reading, flow in enumerate(self._flows(draft), start=1)
            )
        return assigned

    def open_dimensions(self, draft: DraftStatement) -> frozenset[str]:
        """Return the dimensions that the words of an amount leave open.

        These are those that its flow usually implies, the fund of a class, the kind of outlay that has performance
        goals, the flow of what was appropriated this year, and a fund that is wider than that of the heading; a word
        for a total leaves nothing open, but it may not hold for parts of what it names:
        收入总预算90万元，其中财政拨款收入80万元.
        """
        coordinates = draft.coordinates(self._hierarchy)
        if draft.measure != AMOUNT or draft.grand:
            return frozenset()
        implied = {d for flow in self._flows(draft) for d in self._context.vocabulary.implied[flow]}
        classed = {"fund"} if "function" in coordinates or "economic" in coordinates else set()
        managed = {"kind"} if coordinates.get("scope") == PERFORMANCE else set()
        inherited = coordinates.keys() - draft.own.keys() if draft.whole is not None else set()
        widest = {d for d in implied & inherited if self._hierarchy.parent(coordinates[d]) is None}
        told = {"flow"} | coordinates.keys()
        wider = {"fund"} if self._names_wider_fund(draft, coordinates) else set()
        return frozenset(((implied | classed) - told) | widest | managed | wider | draft.left_open)

    def complete(self, reading: Mapping[str, str], flow: str) -> dict[str, str]:
        """Return the coordinates of an amount of a flow, with what that implies, and the totals of the others."""
        told = {**self._context.vocabulary.implied[flow], **reading, "flow": flow, "measure": AMOUNT}
        return self._context.complete(told)

    def _names_wider_fund(self, draft: DraftStatement, coordinates: Mapping[str, str]) -> bool:
        """Whether words name a fund that holds that of the heading: 财政拨款支出 under 一般公共预算支出情况."""
        own, placed = draft.own.get("fund"), coordinates.get("fund")
        return own is not None and placed is not None and own != placed and self._hierarchy.is_within(placed, own)

    def _is_unnamed_part(self, draft: DraftStatement) -> bool:
        """Whether a smaller part has the coordinates of its whole, so that its words do not tell which part it is.

        In 12万元，其中当年财政拨款10万元 and 52万元，其中上年结转6万元，本年安排46万元, it is only some of the whole;
        so it is in 房屋3000平方米，其中办公用房2000平方米.
        """
        whole = draft.whole
        if whole is None or draft.measure != whole.measure or not (draft.measure == AMOUNT or draft.counts):
            return False
        smaller = (draft.token.amount or 0) * draft.token.factor < (whole.token.amount or 0) * whole.token.factor
        divided = draft.counts or draft.own.keys() <= {"year"} or not draft.own.keys().isdisjoint(_OF_SOME)
        return (
            smaller
            and divided
            and any(self._coordinates(draft, f) == self._coordinates(whole, f) for f in self._flows(draft))
        )

    def _flows(self, draft: DraftStatement) -> tuple[str, ...]:
        """Revenue, expenditure, or both; a change of both is one observation, of revenue.

        A figure that is compared with no table is about expenditure unless words tell.
        """
        owner = draft.owner
        coordinates = owner.coordinates(self._hierarchy)
        told = coordinates.get("flow") or self._implied_flow(owner, coordinates)
        if told is not None:
            return (told,)
        if owner.both:
            return _FLOWS if draft is owner and draft.measure == AMOUNT else _FLOWS[:1]
        return () if owner.compared else _FLOWS[1:]

    def _implied_flow(self, draft: DraftStatement, coordinates: Mapping[str, str]) -> str | None:
        """Figures by use, and figures other than money, are about expenditure."""
        if draft.counts:
            return _FLOWS[1]
        implied = self._context.vocabulary.implied
        tops = (self._hierarchy.line(c)[-1] for c in coordinates.values() if self._hierarchy.parent(c) is not None)
        return next((flow for top in tops if (flow := implied.get(top, {}).get("flow"))), None)

    def _coordinates(self, draft: DraftStatement, flow: str) -> dict[str, str]:
        context = self._context
        coordinates = self._settled(draft.owner, flow)
        return context.complete(self._holder(coordinates) | coordinates | {"measure": draft.measure})

    def _holder(self, coordinates: Mapping[str, str]) -> dict[str, str]:
        """The unit that holds the project, if the table of projects prints it."""
        project = next((p for p in self._context.projects if p.key == coordinates.get("project")), None)
        return {"organisation": project.organisation} if project is not None and project.organisation else {}

    def _settled(self, draft: DraftStatement, flow: str) -> dict[str, str]:
        """The coordinates of a statement, completed by what its flow implies.

        A scope implies the fund that pays for it by definition, unless its words name one, or the paragraph tells what
        a fund pays. In dimensions that its own words leave open, the whole of a list takes the lowest common ancestor
        of the parts; of the parts and what the flow implies, if the list may lack a part.
        """
        known = self._by_flow.get((draft, flow))
        if known is not None:
            return known
        coordinates = draft.coordinates(self._hierarchy) | {"flow": flow}
        if not draft.counts:
            implied = self._context.vocabulary.implied
            by_definition = "scope" in coordinates and draft.sentence.paragraph.locator(0) not in self._divided
            for wider in self._hierarchy.line(coordinates["scope"]) if by_definition else ():
                coordinates = {d: c for d, c in implied.get(wider, {}).items() if d != "flow"} | coordinates
            if draft.grand:
                tops = {d: self._hierarchy.line(c)[-1] for f in _FLOWS for d, c in implied[f].items()}
                coordinates = tops | coordinates
            listed = self._lists.get(draft)
            entries = listed.parts if listed is not None else ()
            parts = [self._settled(p, f) for p in entries for f in self._flows(p) if f == flow]
            lacking = listed is None or _may_lack_parts(listed)
            for dimension, concept in implied[flow].items():
                within = [part[dimension] for part in parts if dimension in part]
                within += [concept] if lacking else []
                coordinates.setdefault(dimension, self._hierarchy.lowest_common_ancestor(within) or concept)
        self._by_flow[draft, flow] = coordinates
        return coordinates

    def _observation(self, draft: DraftStatement, coordinates: Mapping[str, str], reading: int) -> Observation:
        """Return the observation of a draft.

        A printed zero is exact, unless it has decimals of ten thousand yuan: 0.00万元 may be less than fifty yuan.
        Where all amounts of the section are whole, 0万元 may be less than 5,000 yuan.
        """
        token = draft.token
        owner = draft.owner.token
        unit = token.unit or owner.unit or ""
        factor = (
            token.factor * _HUNDRED if token.sort == PERCENT else token.factor if token.sort == MONEY else Decimal(1)
        )
        amount = Decimal(0) if token.sort == UNCHANGED else (token.amount or Decimal(0)) * factor
        if draft.measure in CHANGES and draft.direction == "decrease":
            amount = -amount
        rounds = token.sort == MONEY and token.decimals > 0 and factor > 1
        scale = owner.factor if token.sort == UNCHANGED else factor
        alone = token.sort == PERCENT or token.decimals < 0 or (rounds and not amount)
        own = half_of_last_digit(token.decimals) if alone else None
        if _is_approximate(draft, load_phrases(self._context.vocabulary)):
            own = max(2 * half_of_last_digit(token.decimals), half_of_last_digit(_significant_decimals(token)))
        figure = Figure(token.amount or Decimal(0), token.decimals, unit)
        rounded = self._precision.of(draft.sentence.number, unit, figure) if own is None else own
        whole = token.sort == MONEY and factor > 1 and rounded >= half_of_last_digit(0)
        exact = not amount and token.sort != UNCHANGED and not rounds and not whole
        dimensions = self._context.vocabulary.dimensions
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


def find_list_sums(
    enumerations: Sequence[Enumeration], assigned: Assigned, context: DisclosureContext, phrases: Phrases
) -> Iterator[Sum]:
    """Yield the sums of complete lists: of two entries or more that are disjoint parts of the whole.

    A list of some of the parts that falls short is no sum, unless the entries are all parts there are, have shares that
    add up, or the last of several things (其他用车) is all the others.
    """
    used: dict[Observation, int] = defaultdict(int)
    for enumeration in enumerations:
        if not enumeration.complete or enumeration.broken or enumeration.whole is None or len(enumeration.parts) < 2:
            continue
        parts = [assigned.get(part, ()) for part in enumeration.parts]
        if any(len(observations) != 1 for observations in parts):
            continue
        entries = [observations[0] for observations in parts]
        for total in assigned.get(enumeration.whole, ()):
            ways = partitions(total, entries, context)
            if len(ways) != 1 or len(ways[0][1]) != len(entries):
                continue
            along, found = ways[0]
            is_whole = (
                not enumeration.some
                or not _falls_short(total, entries)
                or _are_all(total, entries, along, context.hierarchy)
                or _share_all(enumeration.parts, assigned)
                or (along == (_LINE,) and enumeration.parts[-1].label.startswith(phrases.signs["rest"]))
            )
            if is_whole:
                used[total] += 1
                suffix = "/sum" + (f"-{used[total]}" if used[total] > 1 else "")
                yield Sum(total, found, along, suffix)


def _is_approximate(draft: DraftStatement, phrases: Phrases) -> bool:
    """Whether words at a figure say that it is approximate: 约688万元, 688余万元."""
    token = draft.token
    before = bare(draft.sentence.paragraph.text[: token.start])
    return before.endswith(phrases.signs["about"]) or any(sign in token.text for sign in phrases.signs["approximate"])


def _significant_decimals(token: Token) -> int:
    """The decimals of a figure, negative for a whole number that ends with zeros: 700 is rounded to the hundred."""
    if token.decimals or not token.amount:
        return token.decimals
    digits = str(int(token.amount))
    return len(digits.rstrip("0")) - len(digits)


def _may_lack_parts(listed: Enumeration) -> bool:
    """Whether a list may name only some of the parts: a single one, or some by its wording that fall short."""
    if len(listed.parts) < 2 or listed.whole is None:
        return True
    whole, parts = listed.whole.token, [part.token for part in listed.parts]
    margin = sum((half_of_last_digit(token.decimals) * token.factor for token in (whole, *parts)), Decimal(0))
    added = sum(((token.amount or Decimal(0)) * token.factor for token in parts), Decimal(0))
    return listed.some and (whole.amount or Decimal(0)) * whole.factor - added > margin


def _falls_short(total: Observation, parts: Sequence[Observation]) -> bool:
    """Whether parts add up to less than the whole, beyond their precision."""
    margin = total.precision + sum((part.precision for part in parts), Decimal(0))
    added = sum((part.amount or Decimal(0) for part in parts), Decimal(0))
    return (total.amount or Decimal(0)) - added > margin


def _are_all(total: Observation, parts: Sequence[Observation], along: Sequence[str], hierarchy: Hierarchy) -> bool:
    """Whether parts are all that a whole has, in one dimension: personnel and public of basic expenditure.

    Where all kinds of staff but one are told, the last may be left out, since few offices have all four.
    """
    children = set(hierarchy.children(total.coordinates[along[0]]))
    missing = children - {part.coordinates[along[0]] for part in parts}
    few = total.coordinates["line"] == STAFF and len(missing) == 1 and len(children) > _KINDS_OF_STAFF
    return len(along) == 1 and bool(children) and (not missing or few)


def _share_all(parts: Sequence[DraftStatement], assigned: Assigned) -> bool:
    """Whether every part has a printed share, and the shares add up to a hundred percent as rounded."""
    shares = {d.subject: d.token for d in assigned if d.measure == SHARE and d.subject in parts}
    printed = [(token.amount or Decimal(0), half_of_last_digit(token.decimals)) for token in shares.values()]
    whole = abs(sum((amount for amount, _ in printed), Decimal(0)) - _HUNDRED) <= 2 * sum(
        (margin for _, margin in printed), Decimal(0)
    )
    return len(shares) == len(parts) and whole
