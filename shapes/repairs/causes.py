"""Mistakes that are no change of a figure: a form filled in out of line, a wrong unit, a row under another code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ontology.namespaces import DCT, SKOS
from shapes.graph_reader import GraphReader
from shapes.repairs.comparisons import Amounts, FigureComparison, finding_key, finding_law, holds
from shapes.report import Finding, Repair
from shapes.rules import SENTENCE_FAMILIES

_MISFILED, _UNIT, _OTHER_NAME = "project-form-misfiled", "unit-differs", "code-name-of-other"
_CAUSES = (_MISFILED, _UNIT, _OTHER_NAME)
_TEXT_UNIT = "text-unit"
_UNIT_FACTORS = (Decimal(10_000), Decimal("0.0001"))
_ROW = re.compile(r"(.+/r\d+c)\d+\b")
_CODE_NAMES = """SELECT ?name WHERE {{ ?concept <{skos}notation> "{code}" ; <{skos}prefLabel> ?name }}"""


def find_causes(
    findings: Sequence[Finding],
    wrong: Sequence[Finding],
    comparisons: Sequence[FigureComparison],
    amounts: Amounts,
    facts: GraphReader,
) -> Iterator[Repair]:
    """Yield a repair without figures for each such mistake from which other findings follow.

    Of the comparisons that `wrong` tells of, those follow that hold, or compare nothing, without the figures of the
    form, table or row. A missing parent row follows from a row that has its name under another code, and an identity
    between two tables from the unit of one of them.
    """
    explained: set[str] = set()
    for cause in findings:
        place = _place(cause, facts) if cause.rule in _CAUSES else None
        if place is None:
            continue
        without = dict(_without_figures(place, comparisons, amounts))
        follow = [f.id for f in wrong if without.get((finding_law(f), finding_key(f)))]
        follow += [f.id for f in findings if _is_consequence(f, cause, place, facts)]
        if cause.rule == _UNIT:
            follow += [f.id for f in findings if f.rule == _TEXT_UNIT and _is_compared(f, place, comparisons)]
        follow = [identifier for identifier in dict.fromkeys(follow) if identifier not in explained]
        if follow:
            explained.update(follow)
            yield Repair((), (cause.id, *follow))
    for cause in findings:
        if cause.rule == _TEXT_UNIT and cause.id not in explained:
            follow = _of_unit_in_text(cause, findings, wrong, comparisons, amounts)
            follow += _of_unit_in_tables(cause, findings, wrong, comparisons, amounts, facts)
            follow = [identifier for identifier in dict.fromkeys(follow) if identifier not in explained]
            if follow:
                explained.update(follow)
                yield Repair((), (cause.id, *follow))


def _place(cause: Finding, facts: GraphReader) -> str | None:
    """Return the beginning of the IRIs of the figures that a mistake is about: of a form, a table or a row."""
    if cause.rule == _MISFILED:
        return f"{facts.text(cause.value or '', DCT + 'isPartOf')}/"
    if cause.rule == _UNIT:
        return f"{cause.focus}/"
    row = _ROW.fullmatch((cause.left and cause.left.observation) or "")
    return row[1] if row else None


def _without_figures(
    place: str, comparisons: Sequence[FigureComparison], amounts: Amounts
) -> Iterator[tuple[tuple[str, str], bool]]:
    """Yield the comparisons with figures of a place by law and key, and whether they hold without them."""
    for comparison in comparisons:
        others = tuple(figure for figure in comparison.figures if not figure.startswith(place))
        if others and len(others) < len(comparison.figures):
            alone = comparison.law not in ("same", "sum") or len(others) < 2
            yield (
                (comparison.law, comparison.key),
                alone or holds(replace(comparison, figures=others), amounts),
            )


def _is_compared(finding: Finding, place: str, comparisons: Sequence[FigureComparison]) -> bool:
    """Return whether a figure of a finding stands at one point with a figure of a place."""
    figures = {part.observation for part in finding.parts}
    return any(
        comparison.law == "same"
        and not figures.isdisjoint(comparison.figures)
        and any(figure.startswith(place) for figure in comparison.figures)
        for comparison in comparisons
    )


def _of_unit_in_text(
    cause: Finding,
    findings: Sequence[Finding],
    wrong: Sequence[Finding],
    comparisons: Sequence[FigureComparison],
    amounts: Amounts,
) -> list[str]:
    """Return the findings that are gone with the figures of a text in the other unit, and those about its sentences."""
    figures = {part.observation for part in cause.parts if part.observation is not None} & amounts.keys()
    touching = [comparison for comparison in comparisons if not figures.isdisjoint(comparison.figures)]
    keys = {(finding_law(finding), finding_key(finding)) for finding in wrong}
    repaired: list[tuple[str, str]] = []
    for factor in _UNIT_FACTORS:
        scaled = {f: (amount * factor, precision * factor) for f in figures for amount, precision in [amounts[f]]}
        held = [(c.law, c.key) for c in touching if (c.law, c.key) in keys and holds(c, {**amounts, **scaled})]
        repaired = max(repaired, held, key=len)
    follow = [finding.id for finding in wrong if (finding_law(finding), finding_key(finding)) in repaired]
    about = [
        finding.id
        for finding in findings
        if finding.family in SENTENCE_FAMILIES
        and any(side is not None and side.observation in figures for side in (finding.left, finding.right))
    ]
    return list(dict.fromkeys([*follow, *about]))


def _of_unit_in_tables(
    cause: Finding,
    findings: Sequence[Finding],
    wrong: Sequence[Finding],
    comparisons: Sequence[FigureComparison],
    amounts: Amounts,
    facts: GraphReader,
) -> list[str]:
    """Return the findings that are gone with the tables that a text contradicts, and those that agree, in its unit.

    There are none if that would break a comparison that holds: then the tables have the unit of other parts.
    """
    told = {part.observation for part in cause.parts if part.observation is not None} & amounts.keys()
    against = (cause.right.observation if cause.right is not None else None) or ""
    if against not in amounts or not told:
        return []
    sources = {figure: facts.source(figure) for comparison in comparisons for figure in comparison.figures}
    texts = {sources.get(figure) for figure in told}
    factor = max(_UNIT_FACTORS) if amounts[against][0] < max(amounts[f][0] for f in told) else min(_UNIT_FACTORS)
    contradicted = {
        sources.get(figure)
        for comparison in comparisons
        if comparison.law == "same" and not told.isdisjoint(comparison.figures)
        for figure in comparison.figures
        if any(_near(amounts[figure][0] * factor, amounts[f][0]) for f in told.intersection(comparison.figures))
    }
    tables = _agreeing({sources.get(against), *contradicted}, texts, comparisons, amounts, sources)
    if tables is None:
        return []
    scaled = {f: (amounts[f][0] * factor, amounts[f][1] * factor) for f, source in sources.items() if source in tables}
    touched = [
        c for c in comparisons if any(f in scaled for f in c.figures) and any(f not in scaled for f in c.figures)
    ]
    after = {**amounts, **scaled}
    if any(holds(c, amounts) and not holds(c, after) for c in touched):
        return []
    mended = {(c.law, c.key) for c in touched if not holds(c, amounts) and holds(c, after)}
    follow = [finding.id for finding in wrong if (finding_law(finding), finding_key(finding)) in mended]
    return follow + [finding.id for finding in findings if _is_identity_across(finding, scaled.__contains__)]


def _near(amount: Decimal, other: Decimal) -> bool:
    return abs(amount - other) < Decimal("0.001") * abs(other)


def _agreeing(
    tables: set[str | None],
    texts: set[str | None],
    comparisons: Sequence[FigureComparison],
    amounts: Amounts,
    sources: Mapping[str, str],
) -> set[str | None] | None:
    """Return tables with all that print an amount of theirs in the same unit; None if the texts are among these."""
    alike: list[set[str | None]] = []
    for comparison in comparisons:
        first, *rest = comparison.figures
        if comparison.law == "same":
            by_size: dict[int, set[str | None]] = {}
            for figure in comparison.figures:
                if amounts[figure][0]:
                    by_size.setdefault(amounts[figure][0].adjusted(), set()).add(sources.get(figure))
            alike += by_size.values()
        elif comparison.law == "bound" and amounts[first][0] and amounts[first][0] == amounts[rest[0]][0]:
            alike.append({sources.get(first), sources.get(rest[0])})
    tables = set(tables)
    grown = True
    while grown:
        joined = set().union(*(group for group in alike if group & tables)) | tables
        grown, tables = joined != tables, joined
    return None if tables & texts else tables


def _is_identity_across(finding: Finding, inside: Callable[[str], bool]) -> bool:
    """Return whether a finding is about an identity between one figure inside some tables and one outside."""
    sides = [side.observation or "" for side in (finding.left, finding.right) if side is not None]
    return finding.family == "identities" and len(sides) == 2 and sum(map(inside, sides)) == 1


def _is_consequence(finding: Finding, cause: Finding, place: str, facts: GraphReader) -> bool:
    """Return whether a finding that compares no figures of one law follows from a mistake."""
    if cause.rule == _UNIT:
        return _is_identity_across(finding, lambda figure: figure.startswith(place))
    if cause.rule == _OTHER_NAME and finding.rule == "row-missing" and place.startswith(f"{finding.focus}/"):
        code = finding.quote or ""
        names = facts.rows(_CODE_NAMES.format(skos=SKOS, code=code)) if code.isdigit() else ()
        return cause.quote in {row["name"] for row in names}
    return False
