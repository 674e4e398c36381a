"""A comparison as three lines of Python."""

from __future__ import annotations

from server.pages.compare.request_parameters import CompareQuestion
from server.pages.compare.slices import breakdowns, settled_codes


def comparison_to_python(comparison: CompareQuestion, address: str) -> str:
    """Return the lines that compute a comparison with this package from the service at an address."""
    settled, spread = settled_codes(comparison), comparison.spread
    fixed = [axis for axis in settled if axis not in spread]
    names = sorted({*breakdowns([*spread, *fixed], comparison), *breakdowns(list(settled), comparison)})
    facts = [f"breakdown={names!r}"]
    if comparison.chosen["year"]:
        facts.append(f"year={[int(year) for year in comparison.chosen['year']]!r}")
    if comparison.chosen["organisation"]:
        facts.append(f"organisation={list(comparison.chosen['organisation'])!r}")
    conditions = [f'(facts.flow == "{comparison.flow}")', f'(facts.level == "{comparison.level}")']
    for axis in ("phase", "division"):
        if comparison.chosen[axis]:
            conditions.append(f"facts.{axis}.isin({list(comparison.chosen[axis])!r})")
    if comparison.without:
        conditions.append(f"~facts.organisation.isin({list(comparison.without)!r})")
    for axis, code in settled.items():
        if axis not in spread:
            conditions.append(f'(facts.{"fund_only" if axis == "fund" else axis} == "{code}")')
    depth = f", depth={comparison.depth}" if {"function", "economic"} & set(spread) else ""
    return (
        f'facts = yusuan.open("{address}").facts({", ".join(facts)})\n'
        f"facts = facts[{' & '.join(conditions)}]\n"
        f"yusuan.totals(facts, by={list(comparison.axes)!r}{depth})"
    )


def has_snippet(comparison: CompareQuestion) -> bool:
    """Return whether `yusuan.totals` gives the same: not for parts of a code, money of one fund, or items of which."""
    others = "scope" in comparison.spread or {"fund", "scope"} & set(comparison.settled)
    return not others and not set(comparison.settled) & set(comparison.spread)
