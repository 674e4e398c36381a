"""The queries behind a comparison, and the facts that they select, disclosure by disclosure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from ontology.namespaces import XSD
from ontology.tabular.fact_sums import OF_WHICH, choose_parts
from ontology.tabular.published_columns import DIMENSIONS
from server.charts.pivot import Gap, PivotEntry
from server.facts.partition_files import get_partition_files
from server.facts.selection import FactFilter, SelectedFact, select_facts
from server.pages.compare.request_parameters import OFFICE_AXES, CompareQuestion
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


@dataclass(frozen=True, slots=True)
class Slice:
    """The facts of one of these queries: their dimensions, and the limits of those of the spread.

    A limit is a concept and the steps from there down to the codes of the facts; 0 is the concept itself, None is any.
    """

    dimensions: tuple[str, ...]
    limits: Mapping[str, tuple[str, int] | None]


def comparison_to_slices(comparison: CompareQuestion) -> list[Slice]:
    """Return the slice of the parts and, where the money is spread, that of the wholes."""
    settled, spread = settled_codes(comparison), comparison.spread
    fixed = [axis for axis in settled if axis not in spread]
    parts = Slice((*spread, *fixed), {axis: _limit(comparison, axis, settled) for axis in spread})
    if not spread:
        return [parts]
    return [parts, Slice((*settled,), {axis: (settled[axis], 0) for axis in spread if axis in settled})]


def comparison_to_queries(comparison: CompareQuestion, base: str) -> Slices:
    """Return the queries that a comparison asks, with IRIs under `base`."""
    queries = [_slice_to_query(comparison, base, each) for each in comparison_to_slices(comparison)]
    return Slices(queries[0], queries[1] if len(queries) > 1 else None)


def slice_to_filter(
    comparison: CompareQuestion, each: Slice, codes: Mapping[tuple[str, str, int], Sequence[str]]
) -> FactFilter:
    """Return a slice as a filter of Parquet files.

    `codes` are the keys of the concepts that stand some steps below a concept, by dimension, concept and steps.
    """
    chosen = comparison.chosen
    return FactFilter(
        flow=comparison.flow,
        of_units=comparison.level == "unit",
        with_zeros=_has_zeros(comparison, each),
        breakdowns=tuple(breakdowns(each.dimensions, comparison)),
        codes={axis: code for axis, code in settled_codes(comparison).items() if axis not in comparison.spread},
        spread={axis: None if limit is None else codes[axis, *limit] for axis, limit in each.limits.items()},
        organisations=chosen["organisation"],
        years=chosen["year"],
        phases=chosen["phase"],
        divisions=chosen["division"],
        without=comparison.without,
    )


def _limit(comparison: CompareQuestion, axis: str, settled: Mapping[str, str]) -> tuple[str, int] | None:
    if axis in settled:
        return settled[axis], 1
    if axis in OF_WHICH:
        return None
    return TOPS.get(axis, "total"), comparison.depth if axis in ("function", "economic") else 1


def _has_zeros(comparison: CompareQuestion, each: Slice) -> bool:
    return not set(each.dimensions) & set(comparison.spread)


def settled_codes(comparison: CompareQuestion) -> dict[str, str]:
    """Return the codes chosen; economic classes stand within basic expenditure unless another kind is chosen."""
    settled = dict(comparison.settled)
    if "economic" in (*comparison.spread, *settled):
        settled.setdefault("kind", _ECONOMIC_KIND)
    return settled


def _slice_to_query(comparison: CompareQuestion, base: str, each: Slice) -> str:
    patterns = [*_spread_patterns(each, base)]
    for axis, code in settled_codes(comparison).items():
        if axis not in comparison.spread:
            patterns.append(f"?fact :{'fundOnly' if axis == 'fund' else axis} {_code(base, axis, code)} .")
    patterns += _office_patterns(comparison, base)
    query = fill_query(
        "which_facts_add_up",
        breakdowns=tuple(map(Literal, breakdowns(each.dimensions, comparison))),
        zeros=Literal(_has_zeros(comparison, each)),
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


def _spread_patterns(each: Slice, base: str) -> Iterable[str]:
    for axis, limit in each.limits.items():
        if limit is None:
            yield f"?fact :{axis} ?{axis} ."
        elif limit[1] == 0:
            yield f"?fact :{axis} {_code(base, axis, limit[0])} ."
        else:
            path = "/".join(["skos:broader"] * limit[1])
            yield f"?fact :{axis} ?{axis} . ?{axis} {path} {_code(base, axis, limit[0])} ."


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
    parts, wholes = await read_parts_and_wholes(context, comparison, queries)
    return await context.compute(facts_to_entries, parts, wholes, comparison, context.base)


async def read_parts_and_wholes(
    context: PageContext, comparison: CompareQuestion, queries: Slices
) -> tuple[list[SelectedFact], list[SelectedFact]]:
    """Return the facts of a comparison and, where the money is spread, the wholes that they divide.

    They are read from the Parquet files of the generation, or with the queries while there are no such files.
    """
    partitions = get_partition_files(context.request).of_current()
    if partitions is None:
        asked = [await context.select_text(query) for query in (queries.parts, queries.wholes) if query]
        found = [await context.compute(rows_to_facts, rows) for rows in asked]
    else:
        slices = comparison_to_slices(comparison)
        codes = await _codes_of_limits(context, slices)
        filters = [slice_to_filter(comparison, each, codes) for each in slices]
        found = [await context.compute(select_facts, partitions, each) for each in filters]
    return found[0], found[1] if len(found) > 1 else []


async def _codes_of_limits(
    context: PageContext, slices: Sequence[Slice]
) -> Mapping[tuple[str, str, int], Sequence[str]]:
    found: dict[tuple[str, str, int], Sequence[str]] = {}
    for each in slices:
        for axis, limit in each.limits.items():
            if limit is None or (axis, *limit) in found:
                continue
            start = f"{context.base}code/{axis}/"
            concepts = [start + limit[0]]
            for _ in range(limit[1]):
                rows = await context.select("what_stands_directly_below_these", things=nodes(concepts))
                concepts = [row["concept"] for row in rows]
            found[axis, *limit] = [concept.removeprefix(start) for concept in concepts]
    return found


def facts_to_entries(
    parts: Sequence[SelectedFact], wholes: Sequence[SelectedFact], comparison: CompareQuestion, base: str
) -> tuple[list[PivotEntry], list[Gap]]:
    """Return entries and gaps, as `read_entries` does, from the facts selected."""
    preferred = breakdowns(comparison_to_slices(comparison)[0].dimensions, comparison)
    spread = comparison.spread
    entries: list[PivotEntry] = []
    gaps: list[Gap] = []
    for group in (by_set := _by_set(parts, wholes)):
        own_parts, own_wholes = by_set[group]
        own_parts = _first_printed(own_parts, spread, preferred)
        chosen, reason = choose_parts(own_parts, own_wholes, spread)
        if spread == ("fund",):
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


def rows_to_facts(rows: Sequence[QueryRow]) -> list[SelectedFact]:
    """Return the rows of a query as facts with typed values."""
    return [
        {
            **row,
            "amount": Decimal(row["amount"]),
            "precision": Decimal(row["precision"]),
            "adds": row.get("adds") == "true",
        }
        for row in rows
    ]


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
