"""Versions of the rules: a number, and a digest of their files that no two versions share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE, OWL

DIGEST_LENGTH = 16
VERSIONS = "rules/v/"
"""The key, under the base, under which the versions of the rules stand."""
VERSION_IRI = OWL + "versionIRI"
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


def version_triple(base: str = DEFAULT_BASE) -> ox.Triple:
    """Return the statement that the shipped rules are of their version."""
    return ox.Triple(ox.NamedNode(base + _RULES), ox.NamedNode(VERSION_IRI), ox.NamedNode(base + rules_version().key))


def digest_files(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of the names and contents of files, in their order."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
