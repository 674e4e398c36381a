"""The smallest repairs: the changes of figures that satisfy the failing comparisons.

Each change that repairs one failing comparison is applied to all others: its score is the number of comparisons
repaired minus the number broken. The change with the best score is the likeliest mistake; the findings it repairs are
consequences of that mistake. Figures of one table or text that miss other places by one and the same amount, or that
are those of other rows, are one mistake in several figures.

Four kinds of mistake are not the change of a figure. A form whose values are shifted describes the wrong project, and
its figures contradict other tables. A table with a wrong unit contradicts them in every figure. A row under another
code is missing in one sum and too much in another. And if no change repairs more than one comparison, but the same two
columns of a table fail in several rows, the columns were misread or exchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from shapes.graph_reader import GraphReader
from shapes.repairs.causes import find_causes
from shapes.repairs.comparisons import (
    LAWS,
    Amounts,
    FigureComparison,
    by_figure,
    finding_key,
    finding_law,
    holds,
    load_amounts,
    load_comparisons,
)
from shapes.repairs.printed_amounts import PrintedAmounts
from shapes.repairs.shared_gaps import find_shared_mistakes
from shapes.repairs.single_figures import FigureMistake, find_single_mistakes
from shapes.report import Finding, Repair

MOST_CANDIDATES = 5
MOST_TOGETHER = 12
"""How many figures a message can list: alternatives, and those that are to be corrected together."""


def find_repairs(facts: GraphReader, findings: Iterable[Finding]) -> tuple[Repair, ...]:
    """Return the likely mistakes behind violations of the laws, those that repair most first."""
    findings = list(findings)
    wrong = [f for f in findings if finding_law(f) in LAWS and f.severity == "violation"]
    if not wrong:
        return ()
    amounts = load_amounts(facts)
    comparisons = load_comparisons(facts, wrong, amounts)
    causes = [*find_causes(findings, wrong, comparisons, amounts, facts)]
    explained = {identifier for cause in causes for identifier in cause.findings}
    wrong = [finding for finding in wrong if finding.id not in explained]
    keys = {(finding_law(finding), finding_key(finding)) for finding in wrong}
    holding = [comparison for comparison in comparisons if holds(comparison, amounts)]
    known = set(holding)
    failing = [c for c in comparisons if (c.law, c.key) in keys and c not in known]
    mistakes = _mistakes(failing, by_figure([*holding, *failing]), amounts, facts)
    repairs = _same_place_together([*_repairs(mistakes, wrong, facts)], wrong)
    repairs = causes + _columns_together(repairs, wrong)
    return tuple(sorted(repairs, key=lambda repair: not repair.candidates))


def _mistakes(
    failing: Sequence[FigureComparison],
    touching: Mapping[str, Sequence[FigureComparison]],
    amounts: Amounts,
    facts: GraphReader,
) -> Iterator[FigureMistake]:
    """Yield the mistakes that several contradictions share, then those in one figure."""
    for mistake in find_shared_mistakes(failing, touching, amounts, facts.source):
        failing = [comparison for comparison in failing if comparison not in mistake.repaired]
        yield mistake
    yield from find_single_mistakes(failing, touching, amounts)


def _repairs(mistakes: Iterable[FigureMistake], wrong: Sequence[Finding], facts: GraphReader) -> Iterator[Repair]:
    """Yield the repairs of mistakes behind findings, with amounts as they would be printed."""
    printed = PrintedAmounts(facts)
    for mistake in mistakes:
        repaired = {(comparison.law, comparison.key) for comparison in mistake.repaired}
        ids = tuple(f.id for f in wrong if (finding_law(f), finding_key(f)) in repaired)
        if not ids:
            continue
        candidates = printed.candidates(mistake.changes)
        together = mistake.together and len(candidates) > 1
        most = MOST_TOGETHER if together else MOST_CANDIDATES
        yield Repair(candidates if len(candidates) <= most else (), ids, together)


def _same_place_together(repairs: Sequence[Repair], wrong: Sequence[Finding]) -> list[Repair]:
    """Return the repairs, with those merged that change one printed figure to the same amount.

    A figure that is printed once may be claimed of two things ("收入支出总计").
    """
    position = {finding.id: place for place, finding in enumerate(wrong)}
    merged: list[Repair] = []
    for repair in repairs:
        alike = next((known for known in merged if _same_place(known, repair)), None)
        if alike is None:
            merged.append(repair)
        else:
            ids = sorted({*alike.findings, *repair.findings}, key=position.__getitem__)
            merged[merged.index(alike)] = replace(alike, findings=tuple(ids))
    return merged


def _same_place(one: Repair, other: Repair) -> bool:
    first, second = (
        {(replace(figure, observation=None), amount) for figure, amount in repair.candidates} for repair in (one, other)
    )
    return bool(first) and first == second and one.together == other.together


def _columns_together(repairs: Sequence[Repair], wrong: Sequence[Finding]) -> list[Repair]:
    """Return the repairs, with bounds between the same two columns that nothing else explains merged into one."""
    by_id = {finding.id: finding for finding in wrong}
    explained = {identifier for repair in repairs for identifier in repair.findings}
    unexplained = [Repair((), (f.id,)) for f in wrong if f.id not in explained and f.family == "bound"]
    alike: dict[tuple[str, ...], list[Repair]] = defaultdict(list)
    for repair in (*repairs, *unexplained):
        found = by_id[repair.findings[0]]
        columns = (found.left and found.left.column, found.right and found.right.column)
        single = len(repair.findings) == 1 and found.family == "bound" and all(columns)
        alike[(found.focus, str(columns)) if single else (repair.findings[0],)].append(repair)
    return [
        group[0] if len(group) == 1 else Repair((), tuple(identifier for r in group for identifier in r.findings))
        for group in alike.values()
        if len(group) > 1 or group[0] not in unexplained
    ]
