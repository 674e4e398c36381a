"""Concepts of code lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ontology.statements import Statements
from ontology.text import clean_label

_LABELS = ("prefLabel", "altLabel", "hiddenLabel")


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning of one code.

    `parent` is None at the top. `labels` are the Chinese labels, the preferred one first; `names` holds the preferred
    label in each language. `valid_from` and `valid_until` are the first and last budget year, None if unknown or open.
    `replaced_by` are the keys of the successors. `grouping` marks a division that is not a place.
    `unites` are the keys of concepts from elsewhere in the scheme whose sum the concept is.
    """

    key: str
    scheme: str
    notation: str
    parent: str | None
    labels: tuple[str, ...]
    names: Mapping[str, str]
    inside_scope: str | None
    inside_kind: str | None
    parts_incomplete: bool
    valid_from: int | None = None
    valid_until: int | None = None
    replaced_by: tuple[str, ...] = ()
    grouping: bool = False
    unites: tuple[str, ...] = ()

    @property
    def preferred(self) -> str:
        """The preferred Chinese label, cleaned for comparison (see `clean_label`)."""
        return clean_label(self.names.get("zh", ""))

    def label(self, language: str) -> str:
        """Return the preferred label in a language, else in Chinese, else the notation."""
        return self.names.get(language) or self.names.get("zh") or self.notation

    def may_hold_in(self, year: int) -> bool:
        """Return whether the meaning was valid in `year`, as far as is known."""
        return (self.valid_from or year) <= year <= (self.valid_until or year)


def read_concepts(statements: Statements) -> dict[str, Concept]:
    """Return every concept of a scheme by key."""
    concepts = {}
    for key, said in statements.of.items():
        scheme = statements.one(key, "inScheme")
        if scheme is None:
            continue
        concepts[key] = Concept(
            key=key,
            scheme=scheme,
            notation=statements.one(key, "notation") or key.rsplit("/", 1)[-1],
            parent=statements.one(key, "broader"),
            labels=tuple(label for name in _LABELS for label in said.get(name, ())),
            names=statements.names.get(key, {}),
            inside_scope=statements.one(key, "insideScope"),
            inside_kind=statements.one(key, "insideKind"),
            parts_incomplete=statements.one(key, "partsIncomplete") == "true",
            valid_from=statements.year(key, "validFrom"),
            valid_until=statements.year(key, "validUntil"),
            replaced_by=tuple(statements.all(key, "dct:isReplacedBy")),
            grouping=statements.one(key, "grouping") == "true",
            unites=tuple(statements.all(key, "unites")),
        )
    return concepts
