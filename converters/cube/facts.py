"""Facts: the money of one disclosure, each sum once, with marks that say which facts may be added up.

A fact is a point with its preferred amount. Facts overlap: a class lies within the total, a fund within all funds. The
marks of a fact (`own`, `quoted`, `basis`, `breakdown`, `depths`, `fund_only`, `source`, `adds`) select sets of facts
that add up; `docs/facts.md` explains them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from converters.cube.effective_coordinates import EffectiveCoordinates, effective_by_time
from converters.cube.points import Point
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.model.iris import NARRATIVE
from converters.model.observation import Observation, Place, coordinates_to_place
from ontology.numbers import sums_to
from ontology.vocabulary import Vocabulary

BASIS_YEAR, BASIS_ALL = "year", "all"
TABLE, TEXT = "table", "text"
TOTAL = "total"

_EXPENDITURE, _REVENUE = "code/flow/expenditure", "code/flow/revenue"
_THIS_YEAR, _CURRENT, _GENERAL_PUBLIC = "code/kind/this-year", "code/vintage/current", "code/fund/general-public"
_ALWAYS_ALL = frozenset(
    (
        "code/kind/carried-forward",
        "code/kind/distribution",
        "code/vintage/carried-over",
        "code/vintage/non-fiscal-balance",
    )
)
_IDENTIFYING = frozenset(("organisation", "year", "phase", "flow", "measure"))
_SPREAD_ORDER = ("line", "project", "economic", "function", "scope", "supplier", "kind", "fund", "vintage")
_PARTS_OF_PARENT = frozenset(("kind", "fund", "scope", "supplier", "vintage"))
_OF_WHICH = frozenset(("scope", "supplier"))


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """An amount at a point of the cube, counted once however often it is printed.

    `amount` and `precision` are those of `claim`, the preferred one of `claims`; `agree` is False if the claims
    contradict each other beyond rounding. `own` says that the money counts as that of the disclosure's organisation: it
    is the organisation's, or a project's that its tables print only with a unit. `quoted` says that year and phase are
    not those of the disclosure. `basis` is `year` or, with money of other years, `all`. `breakdown` names the
    dimensions in which the fact is a part of the reference (a year's expenditure or revenue), `depths` how many steps
    each dimension lies below it. `fund_only` is the narrowest fund that the fact is the money of. `source` is `table`
    or `text`.
    `adds` says that the fact belongs to a slice whose parts add up to its whole.
    """

    key: str
    coordinates: Mapping[str, str]
    amount: Decimal
    precision: Decimal
    claim: Observation
    claims: tuple[Observation, ...]
    agree: bool
    own: bool
    quoted: bool
    basis: str
    breakdown: tuple[str, ...]
    depths: Mapping[str, int]
    fund_only: str
    source: str
    adds: bool = False

    @property
    def breakdown_name(self) -> str:
        """`total`, `function`, `fund-function`."""
        return "-".join(self.breakdown) or TOTAL


def find_facts(
    points: Sequence[Point],
    organisation: str,
    year: int,
    phase: str,
    context: DocumentContext,
) -> list[Fact]:
    """Return the facts of the disclosure that `organisation` made for `year` and `phase`, one for each point."""
    vocabulary, hierarchy = context.vocabulary, context.hierarchy
    placed = _with_basis(points, vocabulary)
    effective = effective_by_time((o for p in points for o in p.claims), context)
    above = {c["project"] for p, c, _ in placed if c["organisation"] == organisation and _source(p.claims) == TABLE}
    top = vocabulary.dimensions["project"].top
    narrowest = {time: _narrowest_funds(points, time, at, hierarchy) for time, at in effective.items()}
    facts = []
    for point, coordinates, basis in placed:
        amount = point.claim.amount
        if amount is None:
            continue
        time = coordinates["year"], coordinates["phase"]
        fund = coordinates["fund"]
        facts.append(
            Fact(
                key=point.key,
                coordinates=coordinates,
                amount=amount,
                precision=point.claim.precision,
                claim=point.claim,
                claims=point.claims,
                agree=_agree(point.claims),
                own=coordinates["organisation"] == organisation
                or (
                    coordinates["project"] not in {*above, top}
                    and hierarchy.is_within(coordinates["organisation"], organisation)
                ),
                quoted=time != (str(year), phase),
                basis=basis,
                breakdown=tuple(
                    d
                    for d, c in coordinates.items()
                    if d not in _IDENTIFYING and c != _reference(d, coordinates, vocabulary)
                ),
                depths={d: _depth(c, hierarchy) for d, c in coordinates.items()},
                fund_only=narrowest.get(time, {}).get(fund, fund),
                source=_source(point.claims),
            )
        )
    return _with_adds(facts, organisation, vocabulary, hierarchy)


def _with_basis(points: Sequence[Point], vocabulary: Vocabulary) -> list[tuple[Point, Mapping[str, str], str]]:
    """The points with the coordinates and the basis of their facts.

    Where tables print a year's money apart from that of all years, the totals of kind and vintage are of all years;
    elsewhere the total is the year's.
    """
    apart = {
        (_time(p.coordinates), p.coordinates["flow"])
        for p in points
        if _source(p.claims) == TABLE and _year_value(p.coordinates) in p.coordinates.values()
    }
    taken = {coordinates_to_place(p.coordinates) for p in points}
    placed: list[tuple[Point, Mapping[str, str], str]] = []
    for point in points:
        coordinates, basis = point.coordinates, BASIS_YEAR
        dimension, of_year = _year_dimension(coordinates), _year_value(coordinates)
        if not _ALWAYS_ALL.isdisjoint(coordinates.values()):
            basis = BASIS_ALL
        elif coordinates[dimension] == f"code/{dimension}/{TOTAL}":
            moved = {**coordinates, dimension: of_year}
            if (_time(coordinates), coordinates["flow"]) in apart or coordinates_to_place(moved) in taken:
                basis = BASIS_ALL
            else:
                coordinates = moved
        placed.append((point, {d: coordinates[d] for d in vocabulary.dimensions}, basis))
    return placed


def _year_dimension(coordinates: Mapping[str, str]) -> str:
    return "vintage" if coordinates["flow"] == _REVENUE else "kind"


def _year_value(coordinates: Mapping[str, str]) -> str:
    return _CURRENT if coordinates["flow"] == _REVENUE else _THIS_YEAR


def _time(coordinates: Mapping[str, str]) -> tuple[str, str]:
    return coordinates["year"], coordinates["phase"]


def _reference(dimension: str, coordinates: Mapping[str, str], vocabulary: Vocabulary) -> str | None:
    """Return the concept that a dimension has in the whole of which a fact is a part.

    It is the top of the dimension. In the dimension that divides money by year (`vintage` of revenue, `kind` of
    expenditure) it is this year's money, unless the fact itself is at the top.
    """
    top = vocabulary.dimensions[dimension].top
    if dimension != _year_dimension(coordinates):
        return top
    return top if coordinates[dimension] == top else _year_value(coordinates)


def _depth(concept: str, hierarchy: Hierarchy) -> int:
    """Return the number of steps from a concept up to this year's money, or to the top if that is not above it."""
    line = hierarchy.line(concept)
    of_year = next((line.index(c) for c in (_THIS_YEAR, _CURRENT) if c in line), None)
    return len(line) - 1 if of_year is None else of_year


def _source(claims: Iterable[Observation]) -> str:
    return TEXT if all(claim.table == NARRATIVE for claim in claims) else TABLE


def _agree(claims: Sequence[Observation]) -> bool:
    """Whether the claims agree, or differ by no more than rounding explains (see `shapes/same.ttl`)."""
    intervals = [(c.amount - c.precision, c.amount + c.precision) for c in claims if c.amount is not None]
    gap = max(low for low, _ in intervals) - min(high for _, high in intervals)
    return gap <= max(c.precision for c in claims)


def _narrowest_funds(
    points: Iterable[Point], time: tuple[str, str], at: EffectiveCoordinates, hierarchy: Hierarchy
) -> dict[str, str]:
    """Return, for each effective fund of a year and phase, the narrowest printed fund that holds all of its money.

    Only funds with money are considered. A fund below the general public budget is replaced by the general public
    budget.
    """
    found: dict[str, str] = {}
    for claim in (o for p in points for o in p.claims):
        if claim.table == NARRATIVE or _time(claim.coordinates) != time or not claim.amount:
            continue
        line = hierarchy.line(claim.coordinates["fund"])
        fund = _GENERAL_PUBLIC if _GENERAL_PUBLIC in line else line[0]
        whole = at.effective(claim.coordinates)["fund"]
        known = found.get(whole, whole)
        if hierarchy.is_within(fund, known):
            found[whole] = fund
    return found


_Slice = tuple[str, Place, int, str | None]


def _with_adds(facts: Sequence[Fact], organisation: str, vocabulary: Vocabulary, hierarchy: Hierarchy) -> list[Fact]:
    by_coordinates = {coordinates_to_place(fact.coordinates): fact for fact in facts}
    slices: dict[_Slice, list[Fact]] = defaultdict(list)
    place: dict[int, _Slice] = {}
    for fact in facts:
        spread = next((d for d in _SPREAD_ORDER if d in fact.breakdown), None)
        if spread is not None and not hierarchy.united(fact.coordinates[spread]):
            place[id(fact)] = _slice(fact, spread, organisation, hierarchy)
            slices[place[id(fact)]].append(fact)

    def whole_of(of: _Slice, fact: Fact) -> Fact | None:
        spread, parent = of[0], of[3]
        reference = parent or _reference(spread, fact.coordinates, vocabulary)
        whole = {**fact.coordinates, spread: reference or "", "organisation": _owner(fact, organisation)}
        return by_coordinates.get(coordinates_to_place(whole))

    adding = {of: _adds_up(of, members, whole_of(of, members[0])) for of, members in slices.items()}
    return [
        replace(fact, adds=not fact.breakdown)
        if id(fact) not in place
        else replace(fact, adds=any(fact is member for member in adding[place[id(fact)]]))
        for fact in facts
    ]


def _owner(fact: Fact, organisation: str) -> str:
    """The organisation whose whole a fact is part of: projects of units are parts of the department's."""
    return organisation if fact.own else fact.coordinates["organisation"]


def _slice(fact: Fact, spread: str, organisation: str, hierarchy: Hierarchy) -> _Slice:
    """Return the key of a slice: the other coordinates, the depth and, in some dimensions, the parent."""
    owner = _owner(fact, organisation)
    others = coordinates_to_place({**fact.coordinates, "basis": fact.basis, spread: "", "organisation": owner})
    depth = fact.depths[spread]
    parent = hierarchy.parent(fact.coordinates[spread]) if spread in _PARTS_OF_PARENT and depth > 1 else None
    return spread, others, depth, parent


def _adds_up(of: _Slice, members: Sequence[Fact], whole: Fact | None) -> Sequence[Fact]:
    """The members of a slice if they add up to the whole; facts of the text count only where no table has any."""
    spread, _, depth, _ = of
    if whole is None or (spread in _OF_WHICH and depth == 1):
        return ()
    counted = [fact for fact in members if fact.source == TABLE] or list(members)
    adds_up = sums_to((whole.amount, whole.precision), ((fact.amount, fact.precision) for fact in counted))
    return counted if adds_up else ()
