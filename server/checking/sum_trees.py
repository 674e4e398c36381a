"""A total that does not add up, as a tree of its printed parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from converters import Conversion
from converters.cube.sums import Sum
from converters.model.observation import Observation
from server.checking.result import SumNode
from shapes import Finding, decimal_to_text

DEEPEST = 4
MOST_PARTS = 60


def trees_of_findings(
    conversion: Conversion, findings: Iterable[Finding], repaired: Mapping[str, Decimal]
) -> dict[str, SumNode]:
    """Return the tree of the total of each finding that is about a sum, by the identifier of the finding.

    `repaired` gives the correct amounts of likely mistakes by the IRI of their figure.
    """
    growing = _Growing(conversion, repaired)
    return {
        finding.id: growing.tree(growing.sums[finding.value], DEEPEST)
        for finding in findings
        if finding.value in growing.sums
    }


class _Growing:
    """The sums of a conversion, by their IRI and by their total."""

    def __init__(self, conversion: Conversion, repaired: Mapping[str, Decimal]) -> None:
        self.conversion, self.repaired = conversion, repaired
        self.sums = {self.iri(each.total) + each.suffix: each for each in conversion.content.sums}
        self.factors = {unit: Decimal(factor) for unit, factor in conversion.vocabulary.units.values()}
        self.by_total: dict[Observation, list[Sum]] = {}
        for each in conversion.content.sums:
            self.by_total.setdefault(each.total, []).append(each)

    def iri(self, figure: Observation) -> str:
        iris = self.conversion.iris
        return iris.full(iris.observation(figure.table, figure.row, figure.column, figure.ordinal))

    def tree(self, node: Sum, depth: int) -> SumNode:
        return self.leaf(
            node.total, node.holds, tuple(self.part(part, node, depth) for part in node.parts[:MOST_PARTS])
        )

    def part(self, figure: Observation, above: Sum, depth: int) -> SumNode:
        """Return a part with its own parts: of several sums one that fails, else one in the same direction."""
        own = [each for each in self.by_total.get(figure, ()) if len(each.parts) > 1]
        if not own or depth <= 1:
            return self.leaf(figure, all(each.holds for each in own) if own else None, ())
        chosen = min(own, key=lambda each: (each.holds, each.along != above.along))
        return self.tree(chosen, depth - 1)

    def leaf(self, figure: Observation, holds: bool | None, parts: tuple[SumNode, ...]) -> SumNode:
        iri = self.iri(figure)
        amount = self.repaired.get(iri)
        table = next((t.number for t in self.conversion.content.tables if t.name == figure.table), "")
        return SumNode(
            figure=iri,
            table=table,
            row=" ".join(word for word in (figure.row_code, figure.row_label) if word),
            column=figure.column_label,
            printed=figure.printed,
            unit=self.conversion.iris.full(figure.unit),
            holds=holds,
            should_be=None if amount is None else decimal_to_text(amount / self.factors.get(figure.unit, Decimal(1))),
            parts=parts,
        )
