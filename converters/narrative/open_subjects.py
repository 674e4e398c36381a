"""Amounts of the text whose words leave open what tables tell apart, such as 预算收入 with or without 上年结转."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from converters.cube.effective_coordinates import effective_by_time
from converters.model.document_context import DocumentContext
from converters.model.hierarchy import Hierarchy
from converters.model.observation import Observation, Place, coordinates_to_place
from converters.narrative.narrative import Narrative, Statement
from converters.narrative.tokens import CARRIED_OVER, CURRENT, FINAL, PERFORMANCE
from ontology.numbers import ZERO, agree

_OPEN = ("flow", "fund", "kind", "vintage")


def withdraw_open_subjects(narrative: Narrative, tables: Iterable[Observation], context: DocumentContext) -> Narrative:
    """Return the text without comparisons of amounts that a table prints in another reading of the same words.

    An amount that a table prints where its words are usually placed stays compared, and so does one that is the same
    money there, since the tables print that nothing was carried over. Other readings are the amount with
    what is carried over or carried forward, and that of one fund; of performance goals, that of all outlay; of what was
    appropriated this year, the revenue. What is carried over counts even where tables print it only beside the amount,
    and so does a table that leaves it out. Money with performance goals that a final account tells of was planned: what
    its tables print was spent. So it is with what an amount may take from headings and from amounts before it.
    """
    hierarchy, tables = context.hierarchy, [*tables]
    beside: dict[Place, list[Observation]] = defaultdict(list)
    for figure in tables:
        if figure.measure == "amount":
            beside[_named(figure.coordinates)].append(figure)
    effective = effective_by_time(tables, context)

    def is_same_money(figure: Observation, stated: Observation) -> bool:
        placed = effective.get((stated.coordinates["year"], stated.coordinates["phase"]))
        if placed is None or not _alike(figure, stated):
            return False
        return placed.effective(figure.coordinates) == placed.effective(stated.coordinates)

    statements = []
    for statement in narrative.statements:
        figures = beside[_named(_managed(statement, hierarchy))] if statement.compared else []
        withdrawn = statement.compared and (
            _is_withdrawn(statement, figures, hierarchy) or _is_read_otherwise(statement, figures, beside, hierarchy)
        )
        same = withdrawn and any(is_same_money(figure, statement.observation) for figure in figures)
        statements.append(replace(statement, compared=False) if withdrawn and not same else statement)
    return replace(narrative, statements=tuple(statements))


def _is_withdrawn(statement: Statement, figures: Sequence[Observation], hierarchy: Hierarchy) -> bool:
    if statement.open_dimensions and _is_otherwise(statement, figures, hierarchy):
        return True
    stated = statement.observation
    printed = stated.amount or ZERO, stated.precision
    is_planned = stated.coordinates["scope"] == PERFORMANCE and stated.coordinates["phase"] == FINAL
    return is_planned and not any(agree((f.amount or ZERO, f.precision), printed) for f in figures)


def _is_read_otherwise(
    statement: Statement,
    figures: Sequence[Observation],
    beside: Mapping[Place, Sequence[Observation]],
    hierarchy: Hierarchy,
) -> bool:
    """Whether tables print an amount where its words may also be placed, and not where they are."""
    stated = statement.observation
    if not stated.amount or not statement.readings:
        return False
    if any(
        _alike(f, stated) and hierarchy.comparable(f.coordinates["kind"], stated.coordinates["kind"]) for f in figures
    ):
        return False
    return any(
        _alike(f, stated) and _differing(f.coordinates, reading) <= {"fund", "vintage"}
        for reading in statement.readings
        for f in beside.get(_named(reading), ())
    )


def _managed(statement: Statement, hierarchy: Hierarchy) -> Mapping[str, str]:
    """The coordinates of an amount; where it has performance goals, those of all money of that kind."""
    coordinates = statement.observation.coordinates
    if coordinates["scope"] != PERFORMANCE:
        return coordinates
    return {**coordinates, "scope": hierarchy.line(PERFORMANCE)[-1]}


def _named(coordinates: Mapping[str, str]) -> Place:
    return coordinates_to_place({**coordinates, **dict.fromkeys(_OPEN, "")})


def _is_otherwise(statement: Statement, figures: Sequence[Observation], hierarchy: Hierarchy) -> bool:
    stated = statement.observation
    if stated.measure != "amount" or not stated.amount:
        return False
    printed = stated.amount, stated.precision
    alike = [f for f in figures if agree((f.amount or ZERO, f.precision), printed)]
    is_placed = hierarchy.comparable if "flow" in statement.open_dimensions else hierarchy.is_within
    readings = [
        _differing(f.coordinates, stated.coordinates)
        for f in alike
        if hierarchy.comparable(f.coordinates["fund"], stated.coordinates["fund"])
        and is_placed(stated.coordinates["kind"], f.coordinates["kind"])
        and (f.coordinates["vintage"] == CURRENT or is_placed(stated.coordinates["vintage"], f.coordinates["vintage"]))
    ]
    if not all(readings):
        return False
    return (
        any(differing <= statement.open_dimensions | {"vintage"} for differing in readings)
        or _is_with_carried_over(statement, figures, hierarchy)
        or _is_without_carried_over(statement, figures, hierarchy)
    )


def _is_with_carried_over(statement: Statement, figures: Sequence[Observation], hierarchy: Hierarchy) -> bool:
    """Whether an amount is the sum of two that a table prints: of this year, and carried over."""
    stated = statement.observation
    printed = stated.amount or ZERO, stated.precision
    if "vintage" not in statement.open_dimensions:
        return False
    of_year = [
        f for f in figures if _differing(f.coordinates, stated.coordinates) <= statement.open_dimensions - {"vintage"}
    ]
    beside = [
        (f, g)
        for f in of_year
        for g in figures
        if g.table == f.table and _differing(f.coordinates, g.coordinates) == {"vintage"}
    ]
    return any(
        not hierarchy.comparable(f.coordinates["vintage"], g.coordinates["vintage"])
        and agree(((f.amount or ZERO) + (g.amount or ZERO), f.precision + g.precision), printed)
        for f, g in beside
    )


def _is_without_carried_over(statement: Statement, figures: Sequence[Observation], hierarchy: Hierarchy) -> bool:
    """Whether what was appropriated this year falls short of a printed amount by no more than what was carried over."""
    stated = statement.observation
    if "flow" not in statement.open_dimensions:
        return False
    carried = [
        f.amount or ZERO
        for f in figures
        if f.coordinates["vintage"] == CARRIED_OVER
        and hierarchy.comparable(f.coordinates["fund"], stated.coordinates["fund"])
    ]
    usual = [f.amount or ZERO for f in figures if not _differing(f.coordinates, stated.coordinates)]
    return any(ZERO <= amount - (stated.amount or ZERO) <= max(carried, default=ZERO) for amount in usual)


def _alike(one: Observation, other: Observation) -> bool:
    return agree((one.amount or ZERO, one.precision), (other.amount or ZERO, other.precision))


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    """The dimensions that words may leave open in which two coordinates differ."""
    return {d for d in _OPEN if one[d] != other[d]}
