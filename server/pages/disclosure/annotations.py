"""The annotations of a printed document: findings and likely mistakes by the figure, cell or table they concern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.pages.disclosure.findings import SEVERITY_ORDER, FindingView, Mistake

_ZERO = re.compile(r"0(\.0+)?")


@dataclass(frozen=True, slots=True)
class PageAnchor:
    """A link target on the page of a version: HTML id, table number, and printed text (empty for a whole table)."""

    anchor: str
    number: str
    text: str


@dataclass(frozen=True)
class Annotations:
    """Findings and likely mistakes of a version by the IRI they concern, and the points of its figures."""

    version: str
    base: str
    findings: Mapping[str, tuple[FindingView, ...]]
    mistakes: Mapping[str, Mistake]
    points: Mapping[str, str]

    def findings_about(self, iri: str) -> tuple[FindingView, ...]:
        """Return the findings about a figure, cell, row or table."""
        return self.findings.get(iri, ())


def annotate(
    findings: Sequence[FindingView], mistakes: Sequence[Mistake], version: str, base: str, points: Mapping[str, str]
) -> Annotations:
    """Index findings by the figures and cells they compare, else by focus node and value; mistakes by candidate."""
    by_thing: dict[str, tuple[FindingView, ...]] = {}
    for finding in findings:
        for iri in dict.fromkeys(finding.figures or finding.others):
            by_thing[iri] = (*by_thing.get(iri, ()), finding)
    suspects = {iri: mistake for mistake in reversed(mistakes) for iri, _ in mistake.candidates}
    return Annotations(version, base, by_thing, suspects, points)


def worst_severity(findings: Iterable[FindingView]) -> str | None:
    """Return the highest severity among findings, None if there are none."""
    return min((f.severity for f in findings), key=SEVERITY_ORDER.index, default=None)


def is_zero(text: str) -> bool:
    """Whether a printed figure is zero."""
    return _ZERO.fullmatch(text) is not None
