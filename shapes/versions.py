"""Versions of the rules: a number, and a digest of their files that no two versions share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import DCT, DEFAULT_BASE, OWL, RDFS, VERSION_IRI

DIGEST_LENGTH = 16
VERSIONS = "rules/v/"
"""The key, under the base, under which the versions of the rules stand."""
_FOLDER = Path(__file__).parent
_RULES = "rules"


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """A version of the rules: the number that a release gives it, and the SHA-256 of its files."""

    number: str
    sha256: str

    @property
    def key(self) -> str:
        """The address of this version under the base: `rules/v/<first 16 digits>`."""
        return VERSIONS + self.sha256[:DIGEST_LENGTH]


def turtle_files() -> list[Path]:
    """Return the Turtle files of this folder, sorted by name."""
    return sorted(_FOLDER.glob("*.ttl"))


@cache
def rules_version() -> RulesVersion:
    """Return the version of the shipped rules."""
    numbered = ox.NamedNode(DEFAULT_BASE + _RULES), ox.NamedNode(OWL + "versionInfo")
    [number] = [
        quad.object.value
        for quad in ox.parse(path=_FOLDER / f"{_RULES}.ttl", format=ox.RdfFormat.TURTLE)
        if (quad.subject, quad.predicate) == numbered and isinstance(quad.object, ox.Literal)
    ]
    return RulesVersion(number, digest_files(turtle_files()))


def version_triples(base: str = DEFAULT_BASE) -> tuple[ox.Triple, ...]:
    """Return the statement that the shipped rules are of their version, and the labels of the version."""
    rules, version = ox.NamedNode(base + _RULES), ox.NamedNode(base + rules_version().key)
    labels = (ox.Literal(f"{words} {rules_version().number}", language=tag) for tag, words in _titles().items())
    return (
        ox.Triple(rules, ox.NamedNode(VERSION_IRI), version),
        *(ox.Triple(version, ox.NamedNode(RDFS + "label"), label) for label in labels),
    )


@cache
def _titles() -> dict[str, str]:
    """Return the title of the rules by language."""
    titled = ox.NamedNode(DEFAULT_BASE + _RULES), ox.NamedNode(DCT + "title")
    return {
        quad.object.language: quad.object.value
        for quad in ox.parse(path=_FOLDER / f"{_RULES}.ttl", format=ox.RdfFormat.TURTLE)
        if (quad.subject, quad.predicate) == titled and isinstance(quad.object, ox.Literal) and quad.object.language
    }


def digest_files(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of the names and contents of files, in their order."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
