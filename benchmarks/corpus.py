"""Generate a corpus from the example: its graph for other departments and years, with other amounts.

Each generated disclosure has the structure of a real one, with its own IRIs and figures. Sums still hold, since all
amounts of a disclosure are multiplied by the same factor.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox

import shapes
from converters import conversion_to_snapshot
from converters.model.iris import DIGEST_LENGTH
from server.store.generation_store import VersionGraphs
from yusuan.api import check_disclosure

EXAMPLE = Path(__file__).parent.parent / "examples" / "qingshan-npc-office-2024-budget.txt"
DEPARTMENTS = 100
FIRST_YEAR = 2017
FIRST_DEPARTMENT = 200


@dataclass(frozen=True)
class Original:
    """What the corpus is made from: N-Triples of one version, and the keys that are its own."""

    division: str
    year: int
    organisation: str
    disclosure: str
    version: str
    triples: str
    catalogue: str
    findings: str
    document_json: bytes


@dataclass(frozen=True)
class Made:
    """Whose disclosure a made one is."""

    year: int
    organisation: str
    factor: Decimal


def read_original(path: Path = EXAMPLE) -> Original:
    """Convert and check the disclosure of a file."""
    checked = check_disclosure(path)
    conversion = checked.conversion
    _, _, division, year, _, organisation = conversion.iris.disclosure.split("/")
    findings = shapes.report_to_triples(checked.report, conversion.version_iri, conversion.iris.base)
    return Original(
        division=division,
        year=int(year),
        organisation=organisation,
        disclosure=conversion.disclosure_iri,
        version=conversion.version_iri,
        triples=to_lines(conversion.triples),
        catalogue=to_lines(conversion.catalogue()),
        findings=to_lines(findings),
        document_json=conversion_to_snapshot(conversion),
    )


def make_corpus(n: int, original: Original) -> Iterator[VersionGraphs]:
    """`n` disclosures: a hundred departments a year, from FIRST_YEAR on."""
    for number in range(n):
        made = Made(
            year=FIRST_YEAR + number // DEPARTMENTS,
            organisation=str(FIRST_DEPARTMENT + number % DEPARTMENTS),
            factor=Decimal(50 + number * 37 % 101) / 100,
        )
        rewrite = rewriter(original, made)
        yield VersionGraphs(
            disclosure=rewrite(original.disclosure),
            version=rewrite(original.version),
            year=made.year,
            triples=list(from_lines(rewrite(original.triples))),
            catalogue=list(from_lines(rewrite(original.catalogue))),
            findings=list(from_lines(rewrite(original.findings))),
            document_json=original.document_json,
        )


def rewriter(original: Original, made: Made) -> Callable[[str], str]:
    """A function that turns N-Triples (or an IRI) of the original into those of a made disclosure."""
    division, year, organisation = original.division, original.year, original.organisation
    shift = made.year - year
    whose = f"{made.organisation} {made.year}"
    new_version = renew(original.version, whose)
    replacements: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (
            rf"(id/disclosure/{division})/{year}(/\w+)/{organisation}(/v/\w+)?",
            lambda m: f"{m[1]}/{made.year}{m[2]}/{made.organisation}" + (f"/v/{new_version}" if m[3] else ""),
        ),
        (rf"(id/org/{division}/){organisation}", lambda m: m[1] + made.organisation),
        (
            rf"(id/project/{division}){year % 100:02d}{organisation}",
            lambda m: f"{m[1]}{made.year % 100:02d}{made.organisation}",
        ),
        (rf'(id/org/{division}/\w+> <[^>]*#prefLabel> "[^"]*)', lambda m: f"{m[1]} {made.organisation}"),
        (r"(id/(?:coordinates|point)/)(\w+)", lambda m: m[1] + renew(m[2], whose)),
        (r"(id/series/)(\w+)", lambda m: m[1] + renew(m[2], made.organisation)),
        (r'"(\d{4})"(?=\^\^<[^>]*#gYear>)', lambda m: f'"{int(m[1]) + shift}"'),
        (r'(?<=#amount> ")(-?[\d.]+)(?=")', lambda m: str(Decimal(m[1]) * made.factor)),
    ]
    single = [(re.compile(pattern), put) for pattern, put in replacements]

    def rewrite(text: str) -> str:
        for pattern, put in single:
            text = pattern.sub(put, text)
        return text

    return rewrite


def renew(digest: str, whose: str) -> str:
    """Another digest for another disclosure."""
    return hashlib.sha256(f"{digest} {whose}".encode()).hexdigest()[:DIGEST_LENGTH]


def to_lines(triples: Iterable[ox.Triple]) -> str:
    """N-Triples."""
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()


def from_lines(lines: str) -> Iterator[ox.Triple]:
    """The triples of N-Triples."""
    return (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
