"""The facts of an office's disclosures, by disclosure and by how the money is spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal

from ontology.tabular.fact_sums import choose_parts
from server.facts.partition_files import get_partition_files
from server.facts.selection import OwnFact, own_facts_of
from server.pages.page_context import PageContext, QueryRow
from server.sparql.query_templates import nodes

SPREAD = ("fund", "function", "economic", "kind", "project", "scope")
EXPENDITURE, REVENUE = "expenditure", "revenue"
BREAKDOWNS = (
    "total",
    "function",
    "fund",
    "kind",
    "scope",
    "economic-kind",
    "fund-function",
    "fund-scope",
    "function-kind",
    "kind-project",
)
"""The breakdowns of the facts that pages show."""
_DEPTH_FROM = ("this-year", "total")
"""The last parts of the addresses of concepts from which depth counts."""


@dataclass(frozen=True, slots=True)
class OfficeFact:
    """A fact: its disclosure's set, time, flow and breakdown, its codes (IRIs by dimension), its amount in yuan."""

    iri: str
    set: str
    year: str
    phase: str
    flow: str
    breakdown: str
    codes: Mapping[str, str]
    fund_only: str | None
    amount: Decimal
    precision: Decimal
    adds: bool

    @property
    def fund(self) -> str:
        """The narrowest fund that is known to pay for all of it."""
        return self.fund_only or self.codes["fund"]


@dataclass(frozen=True)
class OfficeMoney:
    """The facts of an office and what stands directly above each of their concepts."""

    facts: tuple[OfficeFact, ...]
    above: Mapping[str, str]

    def times(self) -> list[tuple[str, str, str]]:
        """Return year, phase and set of each disclosure, oldest first; those of units only if there are no others."""
        sets = {(f.year, f.phase, f.set) for f in self.facts}
        whole = {time for time in sets if "/unit/v/" not in time[2]}
        return sorted(whole or sets)

    def depth(self, concept: str) -> int:
        """Return how many steps a concept lies below the total, or a kind below this year's expenditure."""
        steps = 0
        while concept.rpartition("/")[2] not in _DEPTH_FROM and concept in self.above:
            concept, steps = self.above[concept], steps + 1
        return steps

    def within(self, concept: str, depth: int) -> str:
        """Return the concept at a depth that a concept belongs to; the concept itself if it is not deeper."""
        while self.depth(concept) > depth:
            concept = self.above[concept]
        return concept

    def whole(self, set_: str, flow: str) -> OfficeFact | None:
        """Return the total of a disclosure."""
        return next((f for f in self._of(set_, flow) if f.breakdown == "total"), None)

    def parts(
        self, set_: str, flow: str, depths: Mapping[str, int], within: Mapping[str, str] | None = None
    ) -> list[OfficeFact]:
        """Return the facts that divide a disclosure's total over dimensions at given depths; none unless they add up.

        `within` limits it to one concept of a further dimension, whose fact is then the whole.
        """
        within = within or {}
        spread = tuple(d for d in SPREAD if d in depths)
        chosen = [f for f in self._of(set_, flow) if all(f.codes[d] == code for d, code in within.items())]
        parts = [
            fact
            for fact in chosen
            if fact.breakdown == _name({*depths, *within})
            and all(self.depth(fact.codes[d]) == depths[d] for d in spread)
        ]
        wholes = [fact for fact in chosen if fact.breakdown == _name(within)]
        kept, _ = choose_parts([_row(f) for f in parts], [_row(f) for f in wholes], spread)
        addresses = {row["fact"] for row in kept}
        return [fact for fact in parts if fact.iri in addresses]

    def one(self, set_: str, flow: str, **codes: str) -> OfficeFact | None:
        """Return the fact with these concepts, and the total in all other dimensions; None if it is not printed."""
        name = _name(codes)
        return next((f for f in self._of(set_, flow) if f.breakdown == name and f.codes.items() >= codes.items()), None)

    def expense(self, set_: str, scope: str) -> OfficeFact | None:
        """Return the fact of a selected expense, such as receptions; final accounts print it for one fund, not for all.

        None if it is not printed, or for several funds without a total.
        """
        of_funds = [
            f
            for f in self._of(set_, EXPENDITURE)
            if f.breakdown == _name(("fund", "scope")) and f.codes["scope"] == scope
        ]
        return self.one(set_, EXPENDITURE, scope=scope) or (of_funds[0] if len(of_funds) == 1 else None)

    def _of(self, set_: str, flow: str) -> list[OfficeFact]:
        return [fact for fact in self.facts if fact.set == set_ and fact.flow == flow]


async def read_money(context: PageContext, versions: Sequence[str]) -> OfficeMoney:
    """Return the facts of versions of disclosures, as far as pages show them, in the order of their codes."""
    if not versions:
        return OfficeMoney((), {})
    found = await _from_parquet(context, versions)
    if found is None:
        sets = nodes(f"{version}/facts" for version in versions)
        rows = await context.select("which_sums_does_an_office_have", sets=sets, breakdowns=[*map(Literal, BREAKDOWNS)])
        found = [*map(row_to_fact, rows)]
    facts = tuple(sorted(found, key=lambda fact: (fact.set, *fact.codes.values(), fact.iri)))
    concepts = {code for fact in facts for code in (*fact.codes.values(), fact.fund_only) if code is not None}
    return OfficeMoney(facts, await concepts_above(context, concepts))


async def _from_parquet(context: PageContext, versions: Sequence[str]) -> list[OfficeFact] | None:
    """The facts of versions from the Parquet files of the generation; None if there are none or they are of others."""
    partitions = get_partition_files(context.request).of_current()
    if partitions is None:
        return None
    start = f"{context.base}id/disclosure/"
    disclosures = {version.removeprefix(start).partition("/v/")[0]: version for version in versions}
    known = partitions.record.versions
    if any(known.get(name, ("", ""))[0] != version for name, version in disclosures.items()):
        return None
    rows = await context.compute(own_facts_of, partitions, [*disclosures], BREAKDOWNS)
    return [own_to_fact(row, context.base) for row in rows if row["function_depth"] <= 1]


async def concepts_above(context: PageContext, concepts: Iterable[str]) -> dict[str, str]:
    """Return what stands directly above each of some concepts, and above that, up to the top."""
    generation = context.evaluator.generation()
    above: dict[str, str] = {}
    wanted = {*concepts}
    while wanted:
        known = context.known_above.get(generation, wanted)
        if missing := nodes(wanted - known.keys()):
            rows = await context.select("what_stands_directly_above_these", things=missing)
            found = {
                **dict.fromkeys((node.value for node in missing), ""),
                **{row["thing"]: row["above"] for row in rows},
            }
            context.known_above.put(generation, found)
            known |= found
        above |= {concept: broader for concept, broader in known.items() if broader}
        wanted = {broader for broader in known.values() if broader and broader not in above}
    return above


async def claims_of(context: PageContext, facts: Iterable[OfficeFact]) -> dict[str, str]:
    """Return the printed figure that each fact rests on, by the IRI of the fact."""
    wanted = nodes(fact.iri for fact in facts)
    rows = await context.select("which_claim_does_each_fact_prefer", facts=wanted) if wanted else []
    return {row["fact"]: row["claim"] for row in rows}


def row_to_fact(row: QueryRow) -> OfficeFact:
    """Return the fact in a row of the query `which_sums_does_an_office_have`."""
    return OfficeFact(
        iri=row["fact"],
        set=row["set"],
        year=row["year"],
        phase=row["phase"],
        flow=row["flow"].rpartition("/")[2],
        breakdown=row["breakdown"],
        codes={d: row[d] for d in SPREAD},
        fund_only=row.get("fundOnly"),
        amount=Decimal(row["amount"]),
        precision=Decimal(row["precision"]),
        adds=row.get("adds") == "true",
    )


def own_to_fact(row: OwnFact, base: str) -> OfficeFact:
    """Return the fact in a row of the Parquet files."""
    codes = {d: f"{base}code/{d}/{row[d]}" for d in SPREAD}
    if row["project"] != "total":
        kind = "project-category" if "/" in row["project"] else "project"
        codes["project"] = f"{base}id/{kind}/{row['project']}"
    return OfficeFact(
        iri=row["fact"],
        set=row["set"],
        year=str(row["year"]),
        phase=f"{base}code/phase/{row['phase']}",
        flow=row["flow"],
        breakdown=row["breakdown"],
        codes=codes,
        fund_only=None if row["fund_only"] is None else f"{base}code/fund/{row['fund_only']}",
        amount=row["amount"],
        precision=row["precision"],
        adds=row["adds"],
    )


def _row(fact: OfficeFact) -> dict[str, object]:
    return {**fact.codes, "fact": fact.iri, "amount": fact.amount, "precision": fact.precision, "adds": fact.adds}


def _name(dimensions: Iterable[str]) -> str:
    """The name of the breakdown in dimensions."""
    wanted = {*dimensions}
    return "-".join(d for d in SPREAD if d in wanted) or "total"
