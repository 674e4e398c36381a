"""The facts of an office's disclosures, by disclosure and by how the money is spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ontology.tabular.fact_sums import choose_parts
from server.pages.page_context import PageContext, QueryRow
from server.sparql.query_templates import nodes

SPREAD = ("fund", "function", "economic", "kind", "project", "scope")
EXPENDITURE, REVENUE = "expenditure", "revenue"
_DEPTH_FROM = ("this-year", "total")
"""The last parts of the addresses of concepts from which depth counts."""


@dataclass(frozen=True, slots=True)
class OfficeFact:
    """A fact: its disclosure's set, time, flow and breakdown, its codes (IRIs by dimension), its amount in yuan.

    `claim` is the printed figure that it rests on.
    """

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
    claim: str

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

    def _of(self, set_: str, flow: str) -> list[OfficeFact]:
        return [fact for fact in self.facts if fact.set == set_ and fact.flow == flow]


async def read_money(context: PageContext, versions: Sequence[str]) -> OfficeMoney:
    """Return the facts of versions of disclosures, as far as pages show them, in the order of their codes."""
    if not versions:
        return OfficeMoney((), {})
    rows = await context.select(
        "which_sums_does_an_office_have", sets=nodes(f"{version}/facts" for version in versions)
    )
    facts = tuple(sorted(map(_row_to_fact, rows), key=lambda fact: (fact.set, *fact.codes.values(), fact.iri)))
    concepts = {code for fact in facts for code in (*fact.codes.values(), fact.fund_only) if code is not None}
    found = await context.select("what_stands_directly_above_these", things=nodes(concepts)) if concepts else []
    return OfficeMoney(facts, {row["thing"]: row["above"] for row in found})


def _row_to_fact(row: QueryRow) -> OfficeFact:
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
        claim=row.get("claim", ""),
    )


def _row(fact: OfficeFact) -> dict[str, object]:
    return {**fact.codes, "fact": fact.iri, "amount": fact.amount, "precision": fact.precision, "adds": fact.adds}


def _name(dimensions: Iterable[str]) -> str:
    """The name of the breakdown in dimensions."""
    wanted = {*dimensions}
    return "-".join(d for d in SPREAD if d in wanted) or "total"
