"""The queries behind a comparison, and the facts that they select, disclosure by disclosure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import XSD
from ontology.tabular.data_tables import DIMENSIONS
from ontology.tabular.fact_sums import OF_WHICH, choose_parts
from server.charts.pivot import Gap, PivotEntry
from server.pages.compare.question import OFFICE_AXES, CompareQuestion
from server.pages.page_context import PageContext, QueryRow
from server.sparql.query_templates import fill_query, nodes

TOPS = {"kind": "this-year"}
"""The concept from which depth counts, where it is not `total`."""
_PLACE = "  # dimensions\n"
_YEAR = NamedNode(XSD + "gYear")
_ECONOMIC_KIND = "basic"
"""The kind of expenditure that tables divide by economic class."""


@dataclass(frozen=True, slots=True)
class Slices:
    """Queries for the parts and, where the money is spread, for the wholes that they divide."""

    parts: str
    wholes: str | None


def comparison_to_queries(comparison: CompareQuestion, base: str) -> Slices:
    """Return the queries that a comparison asks, with IRIs under `base`."""
    settled, spread = settled_codes(comparison), comparison.spread
    fixed = [axis for axis in settled if axis not in spread]
    parts = _filled(comparison, base, [*spread, *fixed], [*_spread_patterns(comparison, base)])
    if not spread:
        return Slices(parts, None)
    above = [f"?fact :{axis} {_code(base, axis, settled[axis])} ." for axis in spread if axis in settled]
    return Slices(parts, _filled(comparison, base, [*settled], above))


def settled_codes(comparison: CompareQuestion) -> dict[str, str]:
    """Return the codes chosen; economic classes stand within basic expenditure unless another kind is chosen."""
    settled = dict(comparison.settled)
    if "economic" in (*comparison.spread, *settled):
        settled.setdefault("kind", _ECONOMIC_KIND)
    return settled


def _filled(comparison: CompareQuestion, base: str, dimensions: Sequence[str], patterns: Iterable[str]) -> str:
    settled = settled_codes(comparison)
    patterns = [*patterns]
    for axis, code in settled.items():
        if axis not in comparison.spread:
            patterns.append(f"?fact :{'fundOnly' if axis == 'fund' else axis} {_code(base, axis, code)} .")
    patterns += _office_patterns(comparison, base)
    query = fill_query(
        "which_facts_add_up",
        breakdowns=tuple(map(Literal, breakdowns(dimensions, comparison))),
        zeros=Literal(not set(dimensions) & set(comparison.spread)),
        flow=f"{base}code/flow/{comparison.flow}",
        units=Literal(comparison.level == "unit"),
    )
    lines = "".join(f"  {pattern}\n" for pattern in patterns)
    return query.replace(_PLACE, lines).replace("<def#>", f"<{base}def#>")


def breakdowns(dimensions: Iterable[str], comparison: CompareQuestion) -> list[str]:
    """Return the breakdowns of the facts that a comparison adds up, such as `function-kind`, the preferred one first.

    The first has the given dimensions. A second one with the fund is returned where one fund is asked for, which may be
    printed as a part of the total or as all money of an office, and for the three public expenses, which are often
    printed for one fund only.
    """
    wanted = {*dimensions}
    one_fund = "fund" in wanted and "fund" not in comparison.spread
    variants = [wanted - {"fund"} if one_fund else wanted]
    if one_fund or wanted & OF_WHICH:
        variants.append(wanted | {"fund"})
    return list(dict.fromkeys("-".join(d for d in DIMENSIONS if d in variant) or "total" for variant in variants))


def _spread_patterns(comparison: CompareQuestion, base: str) -> Iterable[str]:
    settled = settled_codes(comparison)
    for axis in comparison.spread:
        if axis in settled:
            path = f"?{axis} skos:broader {_code(base, axis, settled[axis])} ."
        elif axis in OF_WHICH:
            path = ""
        else:
            steps = comparison.depth if axis in ("function", "economic") else 1
            path = f"?{axis} {'/'.join(['skos:broader'] * steps)} {_code(base, axis, TOPS.get(axis, 'total'))} ."
        yield f"?fact :{axis} ?{axis} . {path}".rstrip()


def _office_patterns(comparison: CompareQuestion, base: str) -> Iterable[str]:
    chosen = comparison.chosen
    values: dict[str, Sequence[NamedNode | Literal]] = {
        "organisation": nodes(f"{base}id/org/{key}" for key in chosen["organisation"]),
        "year": [Literal(year, datatype=_YEAR) for year in chosen["year"]],
        "phase": nodes(f"{base}code/phase/{key}" for key in chosen["phase"]),
    }
    for name, terms in values.items():
        if terms:
            yield f"VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
    starts = [Literal(f"{base}id/org/{division}/") for division in chosen["division"]]
    if starts:
        yield f"FILTER({' || '.join(f'STRSTARTS(STR(?organisation), {start})' for start in starts)})"
    if comparison.without:
        left_out = nodes(f"{base}id/org/{key}" for key in comparison.without)
        yield f"FILTER(?organisation NOT IN ({', '.join(map(str, left_out))}))"


def _code(base: str, axis: str, code: str) -> str:
    return str(NamedNode(f"{base}code/{axis}/{code}"))


async def read_entries(
    context: PageContext, comparison: CompareQuestion, queries: Slices
) -> tuple[list[PivotEntry], list[Gap]]:
    """Return the facts that may be added, by the axes of a comparison, and a gap for each disclosure that has none."""
    parts = await context.select_text(queries.parts)
    wholes = await context.select_text(queries.wholes) if queries.wholes else []
    return await context.compute(rows_to_entries, parts, wholes, comparison, context.base)


def rows_to_entries(
    parts: Sequence[QueryRow], wholes: Sequence[QueryRow], comparison: CompareQuestion, base: str
) -> tuple[list[PivotEntry], list[Gap]]:
    """Return entries and gaps, as `read_entries` does, from the rows that the queries select."""
    preferred = breakdowns(
        [*comparison.spread, *(a for a in settled_codes(comparison) if a not in comparison.spread)], comparison
    )
    entries: list[PivotEntry] = []
    gaps: list[Gap] = []
    for group in (by_set := _by_set([*map(_typed, parts)], [*map(_typed, wholes)])):
        own_parts, own_wholes = by_set[group]
        own_parts = _first_printed(own_parts, comparison.spread, preferred)
        chosen, reason = choose_parts(own_parts, own_wholes, comparison.spread)
        if comparison.spread == ("fund",):
            if reason is not None and len(own_wholes) == 1 and _has_one_fund(own_wholes[0]):
                chosen, reason = [*own_wholes], None
            chosen = [{**fact, "fund": fact.get("fundOnly", fact.get("fund"))} for fact in chosen]
        if reason is None:
            entries += [_entry(fact, comparison, base) for fact in chosen]
        else:
            known = [*own_wholes, *own_parts][0]
            row, column = (_office_key(known, axis, base) for axis in comparison.axes)
            gaps.append(Gap(row, column, group, reason))
    return entries, gaps


SelectedFact = Mapping[str, Any]
"""A fact by the variables of the query that selected it; amount and precision are decimals, `adds` a truth value."""


def _typed(row: QueryRow) -> SelectedFact:
    return {
        **row,
        "amount": Decimal(row["amount"]),
        "precision": Decimal(row["precision"]),
        "adds": row.get("adds") == "true",
    }


def _by_set(
    parts: Sequence[SelectedFact], wholes: Sequence[SelectedFact]
) -> dict[str, tuple[list[SelectedFact], list[SelectedFact]]]:
    found: dict[str, tuple[list[SelectedFact], list[SelectedFact]]] = defaultdict(lambda: ([], []))
    for position, facts in enumerate((parts, wholes)):
        for fact in facts:
            found[fact["set"]][position].append(fact)
    return dict(sorted(found.items()))


def _first_printed(
    facts: Sequence[SelectedFact], spread: Sequence[str], preferred: Sequence[str]
) -> list[SelectedFact]:
    """The facts without those of a second breakdown that repeat the codes of one of the first."""
    first = [fact for fact in facts if fact["breakdown"] == preferred[0]]
    alone = {tuple(fact[axis] for axis in spread) for fact in first}
    others = [f for f in facts if f["breakdown"] != preferred[0] and tuple(f[axis] for axis in spread) not in alone]
    return first + others


def _has_one_fund(whole: SelectedFact) -> bool:
    """Whether all of a total is the money of one fund."""
    return not str(whole.get("fundOnly", "total")).endswith("total")


def _entry(fact: SelectedFact, comparison: CompareQuestion, base: str) -> PivotEntry:
    row, column = (_key(fact, axis, base) for axis in comparison.axes)
    return PivotEntry(row, column, fact["fact"], fact["amount"], fact["organisation"])


def _key(fact: SelectedFact, axis: str, base: str) -> str:
    key = _office_key(fact, axis, base)
    return str(fact[axis]) if key is None else key


def _office_key(fact: SelectedFact, axis: str, base: str) -> str | None:
    """The IRI, or the year, of a fact on an axis that tells disclosures apart; None on the other axes."""
    if axis == "division":
        division = fact["organisation"].removeprefix(f"{base}id/org/").split("/")[0]
        return f"{base}code/division/{division}"
    return str(fact[axis]) if axis in OFFICE_AXES else None
