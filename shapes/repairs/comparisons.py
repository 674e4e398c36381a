"""The comparisons of figures in a graph: which hold, and which changes of one figure would make one hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shapes.graph_reader import GraphReader
from shapes.report import Finding

RATE = "change-rate"
"""The rule, and the law, that a percentage follows from a figure and its change."""
SHARE = "change-share"
"""The rule, and the law, that a percentage follows from a part and its whole."""
BASE = "change-base"
"""The rule, and the law, that a change is the difference of two figures."""
BASE_RATE = "change-base-rate"
"""The rule, and the law, that a percentage follows from two figures."""
AGAIN = "change-again"
"""The rule, and the law, that a further change of a figure is the difference of two figures."""
AGAIN_RATE = "change-again-rate"
"""The rule, and the law, that a percentage follows from a figure and a further change of it."""
DERIVED = (RATE, SHARE, BASE, BASE_RATE, AGAIN, AGAIN_RATE)
"""The laws of figures that are reckoned from others: they propose no repair and follow from that of another law."""
LAWS = ("same", "sum", "bound", "balance", *DERIVED)
_FIGURES = """
SELECT ?figure ?amount ?precision WHERE {{
  ?figure <{own}measure> ?measure ; ?measure ?amount ; <{own}precision> ?precision FILTER(isNumeric(?amount))
}}"""
_SUMS = "SELECT ?node ?total ?part WHERE {{ ?node <{own}total> ?total ; <{own}part> ?part }}"
_POINTS = "SELECT ?point ?claim WHERE {{ ?claim <{own}point> ?point }}"
_BOUNDS = "SELECT ?part ?whole WHERE {{ ?part <{own}boundedBy> ?whole }}"
_DERIVED_FIGURES = {
    RATE: """
SELECT (?now AS ?first) (?change AS ?second) (?rate AS ?derived) WHERE {{
  ?rate <{own}measure> <{own}changeRate> ; <{own}changeOf> ?now .
  ?change <{own}measure> <{own}change> ; <{own}changeOf> ?now
}}""",
    SHARE: """
SELECT (?part AS ?first) (?whole AS ?second) (?share AS ?derived) WHERE {{
  ?share <{own}shareOf> ?part ; <{own}shareIn> ?whole
}}""",
    BASE: """
SELECT (?now AS ?first) (?base AS ?second) (?change AS ?derived) WHERE {{
  ?change <{own}measure> <{own}change> ; <{own}changeOf> ?now ; <{own}changeFrom> ?base
}}""",
    BASE_RATE: """
SELECT (?now AS ?first) (?base AS ?second) (?rate AS ?derived) WHERE {{
  ?rate <{own}measure> <{own}changeRate> ; <{own}changeOf> ?now ; <{own}changeFrom> ?base .
  OPTIONAL {{ ?change <{own}changeOf> ?now ; <{own}measure> <{own}change> }} FILTER(!BOUND(?change))
}}""",
    AGAIN: """
SELECT (?now AS ?first) (?base AS ?second) (?change AS ?derived) WHERE {{
  ?change <{own}alsoChangeOf> ?now ; <{own}changeFrom> ?base
}}""",
    AGAIN_RATE: """
SELECT (?now AS ?first) (?change AS ?second) (?rate AS ?derived) WHERE {{
  ?rate <{own}rateOf> ?change . ?change <{own}alsoChangeOf> ?now
}}""",
}
"""The figures that each of DERIVED rests on, and the derived figure."""

Amount = tuple[Decimal, Decimal]
"""An amount and its precision."""
Amounts = Mapping[str, Amount]
"""Figure -> (amount, precision)."""


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """A comparison of figures by one of LAWS, with the key of the finding that it would have.

    The total of a sum and the part of a bound come first; those of a rate are the figure, its change, the percentage;
    those of a share the part, the whole, the percentage; those of a base the figure, the base, and the change or the
    percentage.
    """

    law: str
    figures: tuple[str, ...]
    key: str


def load_amounts(facts: GraphReader) -> Amounts:
    """Return the amounts and precisions of all figures."""
    rows = facts.rows(_FIGURES.format(own=facts.namespace))
    return {row["figure"]: (Decimal(row["amount"]), Decimal(row["precision"])) for row in rows}


def load_comparisons(facts: GraphReader, wrong: Sequence[Finding], amounts: Amounts) -> list[FigureComparison]:
    """Return all comparisons of figures that have an amount; balances are those that `wrong` says to fail."""
    every = _comparisons(facts, wrong)
    return [comparison for comparison in every if all(figure in amounts for figure in comparison.figures)]


def finding_law(finding: Finding) -> str:
    """Return the law of a finding, one of LAWS if it has one: its rule if that is one of DERIVED, else its family."""
    return finding.rule if finding.rule in DERIVED else finding.family


def finding_key(finding: Finding) -> str:
    """Return the key of the comparison that a finding tells of."""
    if finding.rule in DERIVED or finding.family in ("same", "sum"):
        return finding.value or ""
    sides = (side.observation or "" for side in (finding.left, finding.right) if side is not None)
    return " ".join(sides)


def holds(comparison: FigureComparison, amounts: Amounts) -> bool:
    """Return whether a comparison is exact, tolerated or within rounding."""
    if comparison.law in DERIVED:
        return _HOLDS[comparison.law](*(amounts[figure] for figure in comparison.figures))
    first, *rest = (amounts[figure] for figure in comparison.figures)
    coarsest = max(precision for _, precision in (first, *rest))
    if comparison.law == "same":
        lows, highs = zip(*((a - p, a + p) for a, p in (first, *rest)), strict=True)
        return bool(max(lows) - min(highs) <= coarsest)
    tolerated = max(first[1] + sum((p for _, p in rest), Decimal(0)), 2 * coarsest)
    difference = first[0] - sum((a for a, _ in rest), Decimal(0))
    return (difference if comparison.law == "bound" else abs(difference)) <= tolerated


def changes(comparison: FigureComparison, amounts: Amounts) -> Iterator[tuple[str, Decimal]]:
    """Return the single changes that make a comparison exact; none makes an amount negative unless one is already.

    The laws of DERIVED propose none: a figure that is reckoned from a rounded percentage is not exact.
    """
    if comparison.law in DERIVED:
        return
    lowest = min(amounts[figure][0] for figure in comparison.figures)
    yield from (change for change in _exact_changes(comparison, amounts) if change[1] >= min(lowest, Decimal(0)))


def by_figure(comparisons: Iterable[FigureComparison]) -> Mapping[str, Sequence[FigureComparison]]:
    """Return the comparisons that each figure takes part in."""
    touching: dict[str, list[FigureComparison]] = defaultdict(list)
    for comparison in comparisons:
        for figure in comparison.figures:
            touching[figure].append(comparison)
    return touching


def score_changes(
    changed: Mapping[str, Decimal],
    touching: Mapping[str, Sequence[FigureComparison]],
    failing: Iterable[FigureComparison],
    amounts: Amounts,
) -> tuple[int, frozenset[FigureComparison]]:
    """Return the comparisons repaired minus those broken when figures get other amounts, and those repaired.

    A derived figure that would no longer fit is no witness for the figure that it was reckoned from.
    """
    touched = dict.fromkeys(comparison for figure in changed for comparison in touching[figure])
    after = {figure: amounts[figure] for comparison in touched for figure in comparison.figures}
    for figure, amount in changed.items():
        precision = max(amounts[other][1] for c in touching[figure] for other in c.figures)
        after[figure] = (amount, precision)
    still_open = set(failing)
    mended = frozenset(c for c in touched if c in still_open and holds(c, after))
    broken = sum(
        1 for c in touched if c.law not in DERIVED and c not in still_open and holds(c, amounts) and not holds(c, after)
    )
    return len(mended) - broken, mended


def _rate_holds(now: Amount, change: Amount, rate: Amount) -> bool:
    """Return whether a percentage follows from a figure and its change, as the rule asks; True if it does not ask."""
    (a, p), (c, q), (r, e) = now, change, rate
    if a - p - c - q <= 0 or c * r < 0:
        return True
    margin = 3 * (e if r else Decimal("0.5"))
    low, high = c - q, c + q
    too_high = 100 * low > (r + margin) * (a + (p if low >= 0 else -p) - low)
    too_low = 100 * high < (r - margin) * (a + (-p if high >= 0 else p) - high)
    return not (too_high or too_low)


def _share_holds(part: Amount, whole: Amount, share: Amount) -> bool:
    """Return whether a percentage follows from a part and its whole, as the rule asks; True if it does not ask."""
    (x, p), (w, q), (s, e) = part, whole, share
    if x + p < 0 or w - q <= 0:
        return True
    margin = 3 * (e if s else Decimal("0.5"))
    return 100 * (x - p) <= (s + margin) * (w + q) and 100 * (x + p) >= (s - margin) * (w - q)


def _base_holds(now: Amount, base: Amount, change: Amount) -> bool:
    """Return whether a change is the difference of two figures."""
    return abs(now[0] - base[0] - change[0]) <= now[1] + base[1] + change[1]


def _base_rate_holds(now: Amount, base: Amount, rate: Amount) -> bool:
    """Return whether a percentage follows from two figures, as the rule asks; True if it does not ask."""
    (a, p), (b, d), (r, e) = now, base, rate
    if b - d <= 0:
        return True
    margin = 2 * (e if r else Decimal("0.5"))
    return 100 * (a - p) <= (100 + r + margin) * (b + d) and 100 * (a + p) >= (100 + r - margin) * (b - d)


_HOLDS = {
    RATE: _rate_holds,
    SHARE: _share_holds,
    BASE: _base_holds,
    BASE_RATE: _base_rate_holds,
    AGAIN: _base_holds,
    AGAIN_RATE: _rate_holds,
}


def _exact_changes(comparison: FigureComparison, amounts: Amounts) -> Iterator[tuple[str, Decimal]]:
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


def _comparisons(facts: GraphReader, wrong: Sequence[Finding]) -> Iterator[FigureComparison]:
    own = facts.namespace
    sums: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in facts.rows(_SUMS.format(own=own)):
        sums[row["node"], row["total"]].append(row["part"])
    for (node, total), parts in sums.items():
        yield FigureComparison("sum", (total, *parts), node)
    points: dict[str, list[str]] = defaultdict(list)
    for row in facts.rows(_POINTS.format(own=own)):
        points[row["point"]].append(row["claim"])
    for point, claims in points.items():
        if len(claims) > 1:
            yield FigureComparison("same", tuple(claims), point)
    for row in facts.rows(_BOUNDS.format(own=own)):
        yield FigureComparison("bound", (row["part"], row["whole"]), f"{row['part']} {row['whole']}")
    yield from _derived_comparisons(facts)
    for finding in wrong:
        if finding.family == "balance" and finding.left and finding.right:
            key = finding_key(finding)
            yield FigureComparison("balance", tuple(key.split()), key)


def _derived_comparisons(facts: GraphReader) -> Iterator[FigureComparison]:
    for law, query in _DERIVED_FIGURES.items():
        for row in facts.rows(query.format(own=facts.namespace)):
            yield FigureComparison(law, (row["first"], row["second"], row["derived"]), row["derived"])
