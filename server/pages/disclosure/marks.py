"""What is marked on a version's page: findings and likely mistakes, by the figures, cells and tables they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.pages.disclosure.findings import SEVERITY_ORDER, FindingView, Mistake

_ZERO = re.compile(r"0(\.0+)?")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the page: where to jump, in which table it is, what is printed there (nothing for a whole table)."""

    anchor: str
    number: str
    text: str


@dataclass(frozen=True)
class Marks:
    """What is to be marked in a version: findings and mistakes by the IRI they are about, and the points of figures."""

    version: str
    base: str
    findings: Mapping[str, tuple[FindingView, ...]]
    mistakes: Mapping[str, Mistake]
    points: Mapping[str, str]

    def of(self, iri: str) -> tuple[FindingView, ...]:
        """The findings about a thing."""
        return self.findings.get(iri, ())


def mark(
    findings: Sequence[FindingView], mistakes: Sequence[Mistake], version: str, base: str, points: Mapping[str, str]
) -> Marks:
    """The findings by the figures and cells that they compare, else by what they are about; the likely mistakes by the
    figures in which they may be.
    """
    by_thing: dict[str, tuple[FindingView, ...]] = {}
    for finding in findings:
        for iri in dict.fromkeys(finding.figures or finding.others):
            by_thing[iri] = (*by_thing.get(iri, ()), finding)
    suspects = {iri: mistake for mistake in reversed(mistakes) for iri, _ in mistake.candidates}
    return Marks(version, base, by_thing, suspects, points)


def gravest(findings: Iterable[FindingView]) -> str | None:
    """The gravest severity among findings."""
    return min((f.severity for f in findings), key=SEVERITY_ORDER.index, default=None)


def is_zero(text: str) -> bool:
    """Whether a figure prints nothing but zeros."""
    return _ZERO.fullmatch(text) is not None
