"""The smallest repair: the change of one figure that satisfies the failing comparisons.

Each change that repairs one failing comparison is applied to all others: its score is the number of comparisons
repaired minus the number broken. The change with the best score is the likeliest mistake; the findings it repairs are
consequences of that mistake.

Three kinds of mistake are not the change of a figure. A form whose values are shifted describes the wrong project, and
its figures contradict other tables. A table with a wrong unit contradicts them in every figure. And if no change
repairs more than one comparison, but the same two columns of a table fail in several rows, the columns were misread
or exchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pyoxigraph as ox

from ontology.namespaces import DCT
from shapes.graph_reader import GraphReader, natural_order
from shapes.report import Finding, Repair

MOST_CANDIDATES = 5
_LAWS = ("same", "sum", "bound", "balance")
_MISFILED, _UNIT = "project-form-misfiled", "unit-differs"
_FIGURES = """
SELECT ?figure ?amount ?precision WHERE {{
  ?figure <{own}measure> ?measure ; ?measure ?amount ; <{own}precision> ?precision FILTER(isNumeric(?amount))
}}"""
_SUMS = "SELECT ?node ?total ?part WHERE {{ ?node <{own}total> ?total ; <{own}part> ?part }}"
_POINTS = "SELECT ?point ?claim WHERE {{ ?claim <{own}point> ?point }}"
_BOUNDS = "SELECT ?part ?whole WHERE {{ ?part <{own}boundedBy> ?whole }}"


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A comparison: its law, its figures (the total of a sum or the part of a bound first), and its finding's key."""

    law: str
    figures: tuple[str, ...]
    key: str


_Amounts = Mapping[str, tuple[Decimal, Decimal]]
"""Figure -> (amount, precision)."""


def find_repairs(facts: GraphReader, findings: Iterable[Finding]) -> tuple[Repair, ...]:
    """Return the likely mistakes behind violations of the laws, those that repair most first."""
    findings = list(findings)
    wrong = [f for f in findings if f.family in _LAWS and f.severity == "violation"]
    misfiled = [f for f in findings if f.rule in (_MISFILED, _UNIT)]
    if not wrong:
        return ()
    store, own = facts.store, facts.namespace
    amounts = {
        row["figure"]: (Decimal(row["amount"]), Decimal(row["precision"]))
        for row in _rows(store, _FIGURES.format(own=own))
    }
    comparisons = [c for c in _comparisons(store, wrong, own) if all(figure in amounts for figure in c.figures)]
    causes = [*_out_of_line(comparisons, amounts, wrong, misfiled, facts)]
    explained = {identifier for cause in causes for identifier in cause.findings}
    wrong = [finding for finding in wrong if finding.id not in explained]
    keys = {_finding_key(finding) for finding in wrong}
    comparisons = [c for c in comparisons if c.key in keys or _holds(c, amounts)]
    repairs = causes + _columns_together(list(_repairs(comparisons, amounts, wrong, facts)), wrong)
    return tuple(sorted(repairs, key=lambda repair: not repair.candidates))


def _out_of_line(
    comparisons: Sequence[_Comparison],
    amounts: _Amounts,
    wrong: Sequence[Finding],
    misfiled: Sequence[Finding],
    facts: GraphReader,
) -> Iterator[Repair]:
    """Return, for each form with shifted values or table with a wrong unit, what disappears without its figures."""
    for cause in misfiled:
        sheet = f"{facts.text(cause.value or '', DCT + 'isPartOf') if cause.rule == _MISFILED else cause.focus}/"
        without: dict[tuple[str, str], bool] = {}
        for comparison in comparisons:
            others = tuple(figure for figure in comparison.figures if not figure.startswith(sheet))
            if len(others) == len(comparison.figures) or not others:
                continue
            alone = comparison.law in ("bound", "balance") or len(others) < 2
            without[comparison.law, comparison.key] = alone or _holds(replace(comparison, figures=others), amounts)
        follow = [f.id for f in wrong if without.get((f.family, _finding_key(f)))]
        if follow:
            yield Repair((), (cause.id, *follow))


def _columns_together(repairs: Sequence[Repair], wrong: Sequence[Finding]) -> list[Repair]:
    """Return the repairs, with repairs of one bound each between the same two columns merged into one."""
    by_id = {finding.id: finding for finding in wrong}
    alike: dict[tuple[str, ...], list[Repair]] = defaultdict(list)
    for repair in repairs:
        found = by_id[repair.findings[0]]
        columns = (found.left and found.left.column, found.right and found.right.column)
        single = len(repair.findings) == 1 and found.family == "bound" and all(columns)
        alike[(found.focus, str(columns)) if single else (repair.findings[0],)].append(repair)
    return [
        group[0] if len(group) == 1 else Repair((), tuple(identifier for r in group for identifier in r.findings))
        for group in alike.values()
    ]


def _repairs(
    comparisons: Sequence[_Comparison], amounts: _Amounts, wrong: Sequence[Finding], facts: GraphReader
) -> Iterator[Repair]:
    touching: dict[str, list[_Comparison]] = defaultdict(list)
    for comparison in comparisons:
        for figure in comparison.figures:
            touching[figure].append(comparison)
    failing = [c for c in comparisons if not _holds(c, amounts)]
    by_key = {_finding_key(finding): finding.id for finding in wrong}
    while failing:
        scored: dict[tuple[str, Decimal], tuple[int, frozenset[_Comparison]]] = {}
        for comparison in failing:
            for figure, amount in _changes(comparison, amounts):
                if (figure, amount) not in scored:
                    scored[figure, amount] = _score(figure, amount, touching[figure], failing, amounts)
        if not scored:
            break
        best = max(score for score, _ in scored.values())
        chosen = sorted(
            (change for change, (score, _) in scored.items() if score == best), key=lambda c: natural_order(c[0])
        )
        mended = scored[chosen[0]][1]
        if not mended:
            break
        alike = [change for change in chosen if scored[change][1] == mended]
        failing = [c for c in failing if c not in mended]
        ids = tuple(dict.fromkeys(by_key[c.key] for c in comparisons if c in mended and c.key in by_key))
        if not ids:
            continue
        cells = [(cell.operand, amount) for figure, amount in alike if (cell := facts.cell(figure)) is not None]
        yield Repair(tuple(cells) if len(cells) <= MOST_CANDIDATES else (), ids)


def _score(
    figure: str, amount: Decimal, touching: Sequence[_Comparison], failing: Sequence[_Comparison], amounts: _Amounts
) -> tuple[int, frozenset[_Comparison]]:
    """Return the number of comparisons repaired minus those broken, and the comparisons repaired."""
    precision = max(amounts[other][1] for c in touching for other in c.figures)
    changed = {**{o: amounts[o] for c in touching for o in c.figures}, figure: (amount, precision)}
    open_ones = set(failing)
    mended = frozenset(c for c in touching if c in open_ones and _holds(c, changed))
    broken = sum(1 for c in touching if c not in open_ones and _holds(c, amounts) and not _holds(c, changed))
    return len(mended) - broken, mended


def _changes(comparison: _Comparison, amounts: _Amounts) -> Iterator[tuple[str, Decimal]]:
    """Return the single changes that make a comparison exact; none makes an amount negative unless one is already."""
    lowest = min(amounts[figure][0] for figure in comparison.figures)
    yield from (change for change in _exact_changes(comparison, amounts) if change[1] >= min(lowest, Decimal(0)))


def _exact_changes(comparison: _Comparison, amounts: _Amounts) -> Iterator[tuple[str, Decimal]]:
    first, *rest = comparison.figures
    if comparison.law == "sum":
        gap = amounts[first][0] - sum((amounts[part][0] for part in rest), Decimal(0))
        yield first, amounts[first][0] - gap
        yield from ((part, amounts[part][0] + gap) for part in rest)
        return
    for figure in comparison.figures:
        for other in comparison.figures:
            if amounts[other][0] != amounts[figure][0]:
                yield figure, amounts[other][0]


def _holds(comparison: _Comparison, amounts: _Amounts) -> bool:
    """Return whether a comparison is exact, tolerated or within rounding."""
    first, *rest = (amounts[figure] for figure in comparison.figures)
    coarsest = max(precision for _, precision in (first, *rest))
    if comparison.law == "same":
        lows, highs = zip(*((a - p, a + p) for a, p in (first, *rest)), strict=True)
        return bool(max(lows) - min(highs) <= coarsest)
    tolerated = max(first[1] + sum((p for _, p in rest), Decimal(0)), 2 * coarsest)
    difference = first[0] - sum((a for a, _ in rest), Decimal(0))
    return (difference if comparison.law == "bound" else abs(difference)) <= tolerated


def _comparisons(store: ox.Store, wrong: Sequence[Finding], own: str) -> Iterator[_Comparison]:
    sums: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _rows(store, _SUMS.format(own=own)):
        sums[row["node"], row["total"]].append(row["part"])
    for (node, total), parts in sums.items():
        yield _Comparison("sum", (total, *parts), node)
    points: dict[str, list[str]] = defaultdict(list)
    for row in _rows(store, _POINTS.format(own=own)):
        points[row["point"]].append(row["claim"])
    for point, claims in points.items():
        if len(claims) > 1:
            yield _Comparison("same", tuple(claims), point)
    for row in _rows(store, _BOUNDS.format(own=own)):
        yield _Comparison("bound", (row["part"], row["whole"]), f"{row['part']} {row['whole']}")
    for finding in wrong:
        if finding.family == "balance" and finding.left and finding.right:
            key = _finding_key(finding)
            yield _Comparison("balance", tuple(key.split()), key)


def _finding_key(finding: Finding) -> str:
    if finding.family in ("same", "sum"):
        return finding.value or ""
    sides = (side.observation or "" for side in (finding.left, finding.right) if side is not None)
    return " ".join(sides)


def _rows(store: ox.Store, select: str) -> Iterator[dict[str, str]]:
    solutions = store.query(select)
    if isinstance(solutions, ox.QuerySolutions):
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: row[name].value for name in names}
